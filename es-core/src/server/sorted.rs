//! Reads from a point in time in an order whose position can be told, so that every page may be asked for again and
//! a page that broke in the middle goes on after its last hit.
//!
//! In the order of `_seq_no` a request looks at a window of numbers (`gt` the last hit, `lte` so much further): a
//! shard gives each of its documents one number, so the position is that number, a page that is not full means that
//! its window is used up, and the server never sorts more than a window.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use serde_json::value::RawValue;

use super::cursor::{Ask, Body, Session, Taker, Turn};
use super::error::Error;
use super::flavor::Flavor;
use super::pace::{Pace, Window};
use super::page::{Broke, Head, PageBuffer};
use super::pit::Pit;
use super::refusal::Refusal;
use crate::http::retry::Patience;
use crate::http::{self, Call, Repeat};
use crate::record::hit::Hit;

/// Partial results are refused by the server itself; what it says of a page is checked all the same.
const PATH: &str = "/_search?allow_partial_search_results=false";

/// The order of documents, and where in it reading stands.
pub(super) enum Order {
    Seq {
        /// The number of the last hit that was given, or the end of a window that is used up.
        last: i64,
        /// The highest number there is.
        max: i64,
        window: Window,
    },
    Storage {
        key: &'static str,
        /// The sort values of the last hit that was given.
        after: Option<Box<RawValue>>,
        done: bool,
    },
}

impl Order {
    pub(super) fn seq() -> Order {
        Order::Seq { last: -1, max: -1, window: Window::new(1) }
    }

    /// Without `_shard_doc`, `_doc` alone is unique only within a shard; asks are of one shard there.
    pub(super) fn storage(flavor: &Flavor) -> Order {
        let key = if flavor.shard_doc() { "_shard_doc" } else { "_doc" };
        Order::Storage { key, after: None, done: false }
    }

    fn key(&self) -> &'static str {
        match self {
            Order::Seq { .. } => "_seq_no",
            Order::Storage { key, .. } => key,
        }
    }

    fn window(&self) -> Option<(i64, i64)> {
        match self {
            Order::Seq { last, window, .. } => Some((*last, last.saturating_add(window.width()))),
            Order::Storage { .. } => None,
        }
    }

    /// Takes note of a hit that is about to be given.
    fn advance(&mut self, hit: &Hit<'_>) -> Result<(), &'static str> {
        let sort = hit.sort.ok_or("a hit has no sort value")?;
        match self {
            Order::Seq { last, .. } => {
                let number = seq_no(sort).ok_or("a sort value is no sequence number")?;
                if number <= *last {
                    return Err("hits are out of order");
                }
                *last = number;
            }
            Order::Storage { after, .. } => {
                let sort = String::from_utf8(sort.to_vec()).map_err(|_| "a sort value is not UTF-8")?;
                *after = Some(RawValue::from_string(sort).map_err(|_| "a sort value is no JSON")?);
            }
        }
        Ok(())
    }

    /// A page of at most `size` documents came whole; `asked` is the window it was asked for.
    fn page(&mut self, asked: Option<(i64, i64)>, size: u32, hits: u64) {
        let full = hits >= u64::from(size);
        match (self, asked) {
            (Order::Seq { last, window, .. }, Some((after, to))) => {
                if !full {
                    *last = to;
                }
                window.page(size, hits, last.saturating_sub(after));
            }
            (Order::Storage { done, .. }, _) => *done = !full,
            (Order::Seq { .. }, None) => {}
        }
    }

    fn is_at_end(&self) -> bool {
        match self {
            Order::Seq { last, max, .. } => last >= max,
            Order::Storage { done, .. } => *done,
        }
    }
}

/// The first sort value: Elasticsearch adds its own tie-breaker to every sort of a point in time.
fn seq_no(sort: &[u8]) -> Option<i64> {
    let first = sort.strip_prefix(b"[")?.trim_ascii_start();
    let digits = first.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = first.split_at(digits);
    if number.is_empty() || !matches!(rest.trim_ascii_start().first(), Some(b',' | b']')) {
        return None;
    }
    let digit = |number: i64, byte: &u8| number.checked_mul(10)?.checked_add(i64::from(byte - b'0'));
    number.iter().try_fold(0, digit)
}

/// A reading from a point in time.
pub struct Sorted<'a> {
    session: &'a Session<'a>,
    ask: &'a Ask,
    pit: Pit<'a>,
    order: Order,
    pace: Pace,
    buffer: PageBuffer,
    total: u64,
    given: u64,
    /// How many shards the first page was from.
    shards: Option<u64>,
}

/// How a request for a page ended.
enum Outcome {
    Whole(Head),
    Halted,
    /// It may be asked again, for what has not been given yet, after the time the server names.
    Again(Error, Option<Duration>),
    Failed(Error),
}

impl<'a> Sorted<'a> {
    pub(super) fn open(session: &'a Session<'a>, ask: &'a Ask, order: Order) -> Result<Sorted<'a>, Error> {
        let mut sorted = Sorted {
            session,
            ask,
            pit: Pit::open(session, &ask.index, ask.shard)?,
            order,
            pace: Pace::new(session.page_size),
            buffer: PageBuffer::default(),
            total: 0,
            given: 0,
            shards: None,
        };
        match sorted.count() {
            // It ended while the server was too busy to answer. Nothing was given yet, so that another one does.
            Err(Error::CursorLost { .. }) => {
                sorted.pit = Pit::open(session, &ask.index, ask.shard)?;
                sorted.count()?;
            }
            counted => counted?,
        }
        Ok(sorted)
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Asks for one document, in the order of numbers the last: how many there are, what the highest number is, and
    /// how large they are.
    fn count(&mut self) -> Result<(), Error> {
        let direction = if let Order::Seq { .. } = self.order { "desc" } else { "asc" };
        let mut patience = self.patience();
        let mut highest = None;
        let head = loop {
            let body = self.body(1, |body| Body {
                sort: (body.sort.0, direction),
                window: None,
                count: true,
                ..body
            })?;
            let outcome = self.request(&body, |_, hit| {
                highest = hit.sort.and_then(seq_no);
                ControlFlow::Continue(())
            });
            match outcome {
                Outcome::Whole(head) => break head,
                Outcome::Again(error, after) => self.session.wait(&mut patience, error, after)?,
                Outcome::Failed(error) => return Err(error),
                Outcome::Halted => return Err(http::Error::Stopped.into()),
            }
        };
        self.total = head.total.ok_or_else(|| self.unreadable("it has no total"))?;
        self.pace.page(head.hits, head.bytes, Duration::ZERO);
        self.shards = head.shards.map(|shards| shards.total);
        if let Order::Seq { max, window, .. } = &mut self.order {
            *window = Window::new(self.pace.size());
            match highest {
                Some(number) => *max = number,
                None if self.total == 0 => {}
                None => return Err(self.unreadable("its documents have no sequence numbers")),
            }
        }
        Ok(())
    }

    pub(super) fn page(&mut self, taker: &mut dyn Taker) -> Result<Turn, Error> {
        let mut patience = self.patience();
        while self.total > 0 && !self.order.is_at_end() {
            let (size, asked, start) = (self.pace.size(), self.order.window(), Instant::now());
            let (mut taken, mut disorder) = (0, None);
            let body = self.body(size, |body| body)?;
            taker.waited();
            let outcome = self.request(&body, |order, hit| {
                if let Err(why) = order.advance(hit) {
                    disorder = Some(why);
                    return ControlFlow::Break(());
                }
                taken += 1;
                taker.hit(hit)
            });
            self.given += taken;
            match outcome {
                Outcome::Whole(head) => {
                    let time = start.elapsed().saturating_sub(taker.waited());
                    self.pace.page(head.hits, head.bytes, time);
                    self.order.page(asked, size, head.hits);
                    return Ok(Turn::More);
                }
                Outcome::Halted => {
                    return disorder.map_or(Ok(Turn::Halted), |why| Err(self.unreadable(why)));
                }
                Outcome::Again(error, after) => {
                    if taken > 0 {
                        patience.progress(Instant::now());
                    }
                    self.session.wait(&mut patience, error, after)?;
                }
                Outcome::Failed(error) => match result_window(&error) {
                    Some(limit) if limit < size => self.pace.cap(limit),
                    Some(_) | None => return Err(error),
                },
            }
        }
        match self.given == self.total {
            true => Ok(Turn::End),
            false => Err(Error::Count { what: self.what(), got: self.given, announced: self.total }),
        }
    }

    /// One request, its hits given to `take`.
    fn request(
        &mut self,
        body: &[u8],
        mut take: impl FnMut(&mut Order, &Hit<'_>) -> ControlFlow<()>,
    ) -> Outcome {
        let what = self.what();
        if self.session.stop.requested() {
            return Outcome::Failed(http::Error::Stopped.into());
        }
        let answer = match self.session.client.once(&Call::post(PATH, http::Body::Json(body), Repeat::Safe)) {
            Ok(answer) => answer,
            Err(error) if may_pass(&error) => return Outcome::Again(error.into(), None),
            Err(error) => return Outcome::Failed(error.into()),
        };
        let (host, status, after) = (answer.host.clone(), answer.status, answer.retry_after);
        if status != 200 {
            let refusal = match answer.bytes(1 << 20) {
                Ok(body) => Refusal::parse(status, &body),
                Err(error) => return Outcome::Again(error.into(), after),
            };
            return match status {
                404 => Outcome::Failed(Error::CursorLost { what, why: format!("{host} answered {refusal}") }),
                429 | 500.. => Outcome::Again(Error::Busy { what, host, refusal }, after),
                _ => Outcome::Failed(Error::Refused { what, host, refusal }),
            };
        }
        let mut head = Head::default();
        let order = &mut self.order;
        let read = self.buffer.read(answer, self.shards, &mut head, &mut |hit| take(order, hit));
        // Also a page that broke off may have named the point in time anew.
        self.pit.used(head.cursor.take());
        // Hits whose page was not judged good beforehand may have left out others before them.
        let sound = head.hits == 0 || head.is_judged();
        match read {
            Ok(()) => Outcome::Whole(head),
            Err(Broke::Halted) => Outcome::Halted,
            Err(Broke::Trouble(trouble)) => Outcome::Again(Error::Partial { what, host, trouble }, None),
            Err(Broke::LateTrouble(trouble)) => Outcome::Failed(Error::Partial { what, host, trouble }),
            Err(Broke::Read(error)) => match http::Error::of_read(&host, error) {
                error if sound && may_pass(&error) => Outcome::Again(error.into(), None),
                error => Outcome::Failed(error.into()),
            },
            Err(Broke::Short) => {
                let error = Error::Partial { what, host, trouble: "half a page".into() };
                if sound { Outcome::Again(error, None) } else { Outcome::Failed(error) }
            }
            Err(Broke::Malformed(why)) => Outcome::Failed(Error::Unreadable { what, host, why }),
        }
    }

    /// The body for the next `size` documents, as `change` makes it.
    fn body(&self, size: u32, change: impl FnOnce(Body<'_>) -> Body<'_>) -> Result<Vec<u8>, Error> {
        let id = self.pit.id();
        let after = match &self.order {
            Order::Seq { .. } => None,
            Order::Storage { after, .. } => after.as_deref(),
        };
        let body = Body {
            ask: self.ask,
            size,
            sort: (self.order.key(), "asc"),
            window: self.order.window(),
            after,
            pit: Some((&id, &self.session.pit_keep_alive)),
            count: false,
        };
        change(body).to_json().map_err(|e| self.unreadable(&e.to_string()))
    }

    fn patience(&self) -> Patience {
        Patience::new(self.session.client.retry_max(), Instant::now())
    }

    fn what(&self) -> String {
        format!("reading {}", self.ask.name())
    }

    fn unreadable(&self, why: &str) -> Error {
        Error::Unreadable { what: self.what(), host: self.session.client.host(), why: why.to_owned() }
    }
}

/// Whether what kept a page from coming may be over the next time.
pub(super) fn may_pass(error: &http::Error) -> bool {
    match error {
        http::Error::Unreachable { .. } | http::Error::Lost { .. } | http::Error::TimedOut { .. } => true,
        http::Error::Tls { .. }
        | http::Error::Redirect { .. }
        | http::Error::Answer { .. }
        | http::Error::Stopped
        | http::Error::Shown(_)
        | http::Error::Config(_) => false,
    }
}

/// The limit that the index sets for the size of a page, from the server's reason: "Result window is too large, from
/// + size must be less than or equal to: `[100]` but was `[1000]`".
pub(super) fn result_window(error: &Error) -> Option<u32> {
    let Error::Refused { refusal, .. } = error else { return None };
    let limit = refusal.reason.split_once("less than or equal to: [")?.1;
    limit.split_once(']')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_an_index_is_found_in_the_reason() {
        let error = |reason: &str| {
            let refusal = Refusal { status: 400, kind: String::new(), reason: reason.to_owned() };
            Error::refused("", "".into(), refusal)
        };
        let text =
            "Result window is too large, from + size must be less than or equal to: [100] but was [1000].";
        assert_eq!(result_window(&error(text)), Some(100));
        assert_eq!(result_window(&error("no such index")), None);
    }

    #[test]
    fn numbers_must_grow() {
        let mut order = Order::seq();
        let hit = |sort: &'static str| Hit { sort: Some(sort.as_bytes()), ..Hit::default() };
        assert_eq!(order.advance(&hit("[0, 4294967296]")), Ok(()));
        assert_eq!(order.advance(&hit("[9223372036854775806]")), Ok(()));
        assert!(order.advance(&hit("[7]")).is_err());
        assert!(order.advance(&hit("[1.5]")).is_err());
        assert!(order.advance(&Hit::default()).is_err());
    }

    #[test]
    fn a_page_that_is_not_full_uses_up_its_window_and_a_full_one_its_hits() {
        let mut order = Order::Seq { last: -1, max: 50, window: Window::new(10) };
        let asked = order.window();
        assert_eq!(asked, Some((-1, 9)));
        order.advance(&Hit { sort: Some(b"[4]"), ..Hit::default() }).unwrap();
        order.page(asked, 10, 3);
        let Order::Seq { last, .. } = order else { panic!() };
        assert_eq!(last, 9);
        let asked = order.window();
        order.advance(&Hit { sort: Some(b"[12,4294967304]"), ..Hit::default() }).unwrap();
        order.page(asked, 3, 3);
        let Order::Seq { last, .. } = order else { panic!() };
        assert_eq!(last, 12);
        assert!(!order.is_at_end());
    }
}
