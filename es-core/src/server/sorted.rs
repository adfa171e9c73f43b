//! Reads from a point in time in an order whose position can be told, so that every page may be asked for again and
//! a page that broke in the middle goes on after its last hit.
//!
//! In the order of `_seq_no` a request looks at a window of numbers, from that of the last hit to so much further: a
//! page that is not full means that its window is used up, and the server never sorts more than a window. A shard gives
//! each of its documents one number, but one that was made of several (`_shrink`) has theirs: documents of one number
//! come in the order of storage, and the position is both.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::broke::Broke;
use super::error::Error;
use super::head::Head;
use super::order::{Order, seq_no};
use super::pace::Pace;
use super::page::PageBuffer;
use super::pit::Pit;
use super::refusal::Refusal;
use super::search::{Ask, Body};
use super::session::{Session, Taker, Turn};
use crate::http::retry::Patience;
use crate::http::{self, Call, Repeat};
use crate::record::hit::Hit;

/// Partial results are refused by the server itself; what it says of a page is checked all the same.
const PATH: &str = "/_search?allow_partial_search_results=false";

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
    /// How many shards a page is from.
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
            shards: ask.shards(),
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
        let numbered = self.order.is_numbered();
        let direction = if numbered { "desc" } else { "asc" };
        let mut patience = self.patience();
        let mut highest = None;
        let head = loop {
            let body = self.body(1, |body| Body {
                sort: (body.sort.0, direction),
                tie: None,
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
        self.shards = head.shards.map(|shards| shards.total).or(self.shards);
        if numbered && highest.is_none() && self.total > 0 {
            return Err(self.unreadable("its documents have no sequence numbers"));
        }
        self.order.begin(highest, self.pace.size());
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
                Outcome::Failed(error) => match error.result_window() {
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
            Err(error) if error.may_pass() => return Outcome::Again(error.into(), None),
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
                error if sound && error.may_pass() => Outcome::Again(error.into(), None),
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
        let body = Body {
            ask: self.ask,
            size,
            sort: (self.order.key(), "asc"),
            tie: self.order.tie(),
            window: self.order.window(),
            after: self.order.after(),
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
