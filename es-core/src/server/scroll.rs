//! Reads by scroll, where the server has nothing better. The server moves its cursor even if the page never
//! arrives, and shards that fail later are simply missing: any trouble after the first page ends the reading.

use std::ops::ControlFlow;
use std::time::Instant;

use serde_json::json;

use super::broke::Broke;
use super::error::Error;
use super::head::Head;
use super::pace::Pace;
use super::page::PageBuffer;
use super::pit::close;
use super::refusal::Refusal;
use super::search::{Ask, Body};
use super::session::{Session, Taker, Turn};
use crate::http::retry::{Patience, says_later};
use crate::http::target::encode_index;
use crate::http::{self, Call, Repeat};

/// How many documents the probe looks at.
const PROBE: u32 = 10;

/// A reading by scroll.
pub struct Scroll<'a> {
    session: &'a Session<'a>,
    ask: &'a Ask,
    pace: Pace,
    buffer: PageBuffer,
    id: Option<String>,
    total: Option<u64>,
    given: u64,
    shards: Option<u64>,
}

impl<'a> Scroll<'a> {
    /// Only takes a look: the scroll itself is opened by the first page.
    pub(super) fn open(session: &'a Session<'a>, ask: &'a Ask) -> Result<Scroll<'a>, Error> {
        let (pace, buffer) = (Pace::new(session.page_size), PageBuffer::default());
        let mut scroll =
            Scroll { session, ask, pace, buffer, id: None, total: None, given: 0, shards: ask.shards() };
        scroll.probe()?;
        Ok(scroll)
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    pub(super) fn page(&mut self, taker: &mut dyn Taker) -> Result<Turn, Error> {
        let keep_alive = &self.session.scroll_keep_alive;
        let head = match &self.id {
            None => self.first(taker)?,
            Some(id) => {
                let body = json!({ "scroll": keep_alive, "scroll_id": id }).to_string();
                let call = Call::post("/_search/scroll", http::Body::Json(body.as_bytes()), Repeat::Unsafe);
                let mut head = Head::default();
                match self.request(&call, &mut head, taker) {
                    Ok(()) => Some(head),
                    Err(Ended::Halted) => None,
                    Err(Ended::Error(error)) => return Err(self.lost(error)),
                }
            }
        };
        let Some(head) = head else { return Ok(Turn::Halted) };
        match (head.hits, self.total) {
            // Asked again without one, the server would begin anew.
            (1.., _) if self.id.is_none() => Err(self.unreadable("it names no scroll")),
            (1.., _) => Ok(Turn::More),
            (0, Some(total)) if total == self.given => Ok(Turn::End),
            (0, total) => {
                Err(Error::Count { what: self.what(), got: self.given, announced: total.unwrap_or_default() })
            }
        }
    }

    /// The first page opens the scroll, and may be asked for again as long as nothing of it was given.
    fn first(&mut self, taker: &mut dyn Taker) -> Result<Option<Head>, Error> {
        let mut patience = Patience::new(self.session.client.retry_max(), Instant::now());
        loop {
            let path = self.path(&format!("scroll={}", self.session.scroll_keep_alive));
            let body = self.body(self.pace.size())?;
            // `Safe`: what a lost answer had opened ends with its keep-alive.
            let call = Call::post(&path, http::Body::Json(&body), Repeat::Safe);
            let mut head = Head::default();
            let error = match self.request(&call, &mut head, taker) {
                Ok(()) => {
                    self.total = Some(head.total.ok_or_else(|| self.unreadable("it has no total"))?);
                    self.shards = head.shards.as_ref().map(|shards| shards.total).or(self.shards);
                    return Ok(Some(head));
                }
                Err(Ended::Halted) => return Ok(None),
                Err(Ended::Error(error)) => error,
            };
            match error.result_window() {
                Some(limit) if limit < self.pace.size() => self.pace.cap(limit),
                Some(_) | None if head.hits > 0 => return Err(self.lost(error)),
                Some(_) | None if may_come(&error) => self.session.wait(&mut patience, error, None)?,
                Some(_) | None => return Err(error),
            }
            self.close();
        }
    }

    /// A look at a few documents: whether they may be read at all, and how large they are, because the pages of a
    /// scroll keep the size of the first.
    fn probe(&mut self) -> Result<(), Error> {
        let path = self.path("");
        let body = self.body(self.session.page_size.map_or(PROBE, |size| size.min(PROBE)))?;
        let answer = self.session.client.call(&Call::post(&path, http::Body::Json(&body), Repeat::Safe))?;
        let mut head = Head::default();
        if answer.status == 403 {
            let (host, body) = (answer.host.clone(), answer.bytes(1 << 20)?);
            return Err(Error::refused(self.what(), host, Refusal::parse(403, &body)));
        }
        if answer.status == 200 {
            // If it does not come whole, the first page will tell why.
            let _ = self.buffer.read(answer, None, &mut head, &mut |_| ControlFlow::Continue(()));
        }
        self.pace.sample(head.hits, head.bytes);
        Ok(())
    }

    fn request(&mut self, call: &Call<'_>, head: &mut Head, taker: &mut dyn Taker) -> Result<(), Ended> {
        let what = self.what();
        if self.session.stop.requested() {
            return Err(Ended::Error(http::Error::Stopped.into()));
        }
        let answer = match call.repeat {
            Repeat::Unsafe => self.session.client.call(call),
            Repeat::Safe => self.session.client.once(call),
        }
        .map_err(|e| Ended::Error(e.into()))?;
        let (host, status) = (answer.host.clone(), answer.status);
        if status != 200 {
            let body = answer.bytes(1 << 20).map_err(|e| Ended::Error(e.into()))?;
            let refusal = Refusal::parse(status, &body);
            return Err(Ended::Error(match says_later(status) || status >= 500 {
                true => Error::Busy { what, host, refusal },
                false => Error::Refused { what, host, refusal },
            }));
        }
        let given = &mut self.given;
        let read = self.buffer.read(answer, self.shards, head, &mut |hit| {
            *given += 1;
            taker.hit(hit)
        });
        // Also a page that broke off names the scroll that is to be closed.
        self.id = head.cursor.take().or(self.id.take());
        read.map_err(|broke| match broke {
            Broke::Halted => Ended::Halted,
            Broke::Read(error) => Ended::Error(http::Error::of_read(&host, error).into()),
            Broke::Short => Ended::Error(Error::Partial { what, host, trouble: "half a page".into() }),
            Broke::Malformed(why) => Ended::Error(Error::Unreadable { what, host, why }),
            Broke::Trouble(trouble) | Broke::LateTrouble(trouble) => {
                Ended::Error(Error::Partial { what, host, trouble })
            }
        })
    }

    fn path(&self, parameters: &str) -> String {
        let mut path = format!("/{}/_search?{parameters}", encode_index(&self.ask.index));
        if let Some(shard) = self.ask.shard {
            path.push_str(&format!("&preference=_shards%3A{shard}"));
        }
        if self.session.flavor.refuses_partial_results() {
            path.push_str("&allow_partial_search_results=false");
        }
        path
    }

    fn body(&self, size: u32) -> Result<Vec<u8>, Error> {
        let body = Body {
            ask: self.ask,
            size,
            sort: ("_doc", "asc"),
            tie: None,
            window: None,
            after: None,
            pit: None,
            count: false,
        };
        body.to_json().map_err(|e| self.unreadable(&e.to_string()))
    }

    /// What ended a scroll that had begun: nothing can be asked again. Whether another run may help is up to the
    /// error.
    fn lost(&self, error: Error) -> Error {
        match error {
            Error::Http(http::Error::Stopped) | Error::Partial { .. } | Error::Unreadable { .. } => error,
            Error::Http(_)
            | Error::Refused { .. }
            | Error::Busy { .. }
            | Error::CursorLost { .. }
            | Error::Count { .. }
            | Error::NotASearchServer { .. } => Error::CursorLost {
                what: self.what(),
                why: format!("{error}; a scroll cannot be asked again"),
            },
        }
    }

    fn close(&mut self) {
        if let Some(id) = self.id.take() {
            close(self.session, "/_search/scroll", &json!({ "scroll_id": [id] }));
        }
    }

    fn what(&self) -> String {
        format!("reading {} by scroll", self.ask.name())
    }

    fn unreadable(&self, why: &str) -> Error {
        Error::Unreadable { what: self.what(), host: self.session.client.host(), why: why.to_owned() }
    }
}

impl Drop for Scroll<'_> {
    fn drop(&mut self) {
        self.close();
    }
}

/// Whether a first page may come the next time.
fn may_come(error: &Error) -> bool {
    match error {
        Error::Http(error) => error.may_pass(),
        Error::Busy { .. } | Error::Partial { .. } => true,
        Error::Refused { .. }
        | Error::CursorLost { .. }
        | Error::Count { .. }
        | Error::Unreadable { .. }
        | Error::NotASearchServer { .. } => false,
    }
}

/// Why a page was not read to its end.
enum Ended {
    Halted,
    Error(Error),
}
