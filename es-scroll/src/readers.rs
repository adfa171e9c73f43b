//! The threads that read: each takes a unit from the queue, opens a cursor on it and turns its hits into lines.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use es_core::cli::progress::Progress;
use es_core::cli::signals::GRACE;
use es_core::record::hit::{Hit, Meta};
use es_core::record::stop::Why;
use es_core::server::cursor::{Api, Cursor};
use es_core::server::search::Ask;
use es_core::server::session::{Session, Taker, Turn};

use crate::blocks::{BLOCK, Block, Feed};
use crate::error::Error;
use crate::ways::Opened;

const TICK: Duration = Duration::from_millis(10);

/// What the readers share.
pub(crate) struct Readers<'a> {
    pub(crate) session: &'a Session<'a>,
    pub(crate) api: Api,
    /// Lines may lack the document.
    pub(crate) ids: bool,
    /// How many documents may still be written; for `--max-docs`.
    pub(crate) left: Option<AtomicU64>,
    pub(crate) allow_partial: bool,
    /// How many units are being read.
    pub(crate) reading: AtomicUsize,
    pub(crate) progress: &'a Progress,
    pub(crate) state: Mutex<State<'a>>,
    /// Documents announced by the units opened so far.
    pub(crate) announced: AtomicU64,
}

/// A unit that is to be read.
pub(crate) struct Work<'a> {
    pub(crate) ask: &'a Ask,
    /// What came of opening it, where that was tried beforehand.
    pub(crate) opened: Opened<'a>,
}

pub(crate) struct State<'a> {
    pub(crate) queue: VecDeque<Work<'a>>,
    /// What could not be read, where that is allowed.
    pub(crate) unread: Vec<String>,
    /// What ended the run.
    pub(crate) error: Option<Error>,
}

impl<'a> Readers<'a> {
    /// The work of one thread, until the queue is empty or the run is to end.
    pub(crate) fn run(&self, feed: &Feed<'_>) {
        while let Some(work) = self.take() {
            self.reading.fetch_add(1, Ordering::SeqCst);
            let outcome = self.read(work, feed);
            self.reading.fetch_sub(1, Ordering::SeqCst);
            match outcome {
                Ok(()) => {}
                Err(error) if self.allow_partial && error.is_of_a_shard() => {
                    log::warn!("{error}");
                    self.state().unread.push(error.to_string());
                }
                Err(error) => {
                    self.state().error.get_or_insert(error);
                    self.end();
                }
            }
        }
    }

    /// Ends the run after a failure. Requests in flight get some time, as after a signal: what an answer that is cut
    /// off has opened on the server could not be closed.
    pub(crate) fn end(&self) {
        self.session.stop.request(Why::Failure);
        let until = Instant::now() + GRACE;
        while self.reading.load(Ordering::SeqCst) > 0 && Instant::now() < until {
            thread::sleep(TICK);
        }
        self.session.client.cut();
    }

    fn take(&self) -> Option<Work<'a>> {
        let none_left = self.left.as_ref().is_some_and(|left| left.load(Ordering::Relaxed) == 0);
        match self.session.stop.requested() || none_left {
            true => None,
            false => self.state().queue.pop_front(),
        }
    }

    fn read(&self, work: Work<'_>, feed: &Feed<'_>) -> Result<(), Error> {
        let mut lines = Lines {
            readers: self,
            feed,
            meta: work.ask.meta,
            block: Block::default(),
            waited: Duration::ZERO,
            error: None,
        };
        let opened = work.opened.unwrap_or_else(|| Cursor::open(self.session, work.ask, self.api));
        let mut cursor = opened?;
        let mut announced = 0;
        loop {
            if let Some(total) = cursor.total().filter(|total| *total > announced) {
                let all = self.announced.fetch_add(total - announced, Ordering::Relaxed) + total - announced;
                self.progress.set_total(all);
                announced = total;
            }
            let turn = cursor.page(&mut lines);
            let flushed = lines.flush();
            if let Some(error) = lines.error {
                return Err(error);
            }
            match turn? {
                Turn::More if flushed.is_continue() => {}
                Turn::More | Turn::End | Turn::Halted => return Ok(()),
            }
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Turns hits into lines.
struct Lines<'a, 's> {
    readers: &'a Readers<'s>,
    feed: &'a Feed<'a>,
    meta: Meta,
    block: Block,
    waited: Duration,
    error: Option<Error>,
}

impl Lines<'_, '_> {
    fn flush(&mut self) -> ControlFlow<()> {
        if self.block.bytes.is_empty() {
            return ControlFlow::Continue(());
        }
        let start = Instant::now();
        let put = self.feed.put(&mut self.block);
        self.waited += start.elapsed();
        put.unwrap_or_else(|error| {
            self.error.get_or_insert(error.into());
            ControlFlow::Break(())
        })
    }

    /// Whether one more document may be written.
    fn may_write(&self) -> bool {
        let Some(left) = &self.readers.left else { return true };
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

impl Taker for Lines<'_, '_> {
    #[inline]
    fn hit(&mut self, hit: &Hit<'_>) -> ControlFlow<()> {
        if self.readers.session.stop.requested() || !self.may_write() {
            return ControlFlow::Break(());
        }
        if hit.source.is_none() && !self.readers.ids {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or_default()).into_owned();
            let (index, id) = (text(hit.index), text(hit.id));
            self.error = Some(Error::Missing(format!("the document {id} of {index} has no _source")));
            return ControlFlow::Break(());
        }
        match hit.kind {
            // What servers without types call the type of every document.
            Some(b"\"_doc\"") => Hit { kind: None, ..*hit }.write_line(self.meta, &mut self.block.bytes),
            Some(_) | None => hit.write_line(self.meta, &mut self.block.bytes),
        }
        self.block.count += 1;
        if self.block.bytes.len() >= BLOCK { self.flush() } else { ControlFlow::Continue(()) }
    }

    fn waited(&mut self) -> Duration {
        std::mem::take(&mut self.waited)
    }
}
