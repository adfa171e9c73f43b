//! The sending side: a worker takes a batch and does not leave it before each of its items has ended. What the
//! tables say of whole requests is done here: wait and send again, split, stop.

use std::io::Read;
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use es_core::http::retry::Patience;
use es_core::http::{self, Body, Call, Repeat};
use es_core::record::size::show_time;
use es_core::record::stop::Wake;
use es_core::server::Refusal;
use es_core::server::verdict::{Attempt, Next, judge_lost, judge_request};

use crate::batch::Batch;
use crate::error::Error;
use crate::load::Load;
use crate::outcomes::{Outcomes, Wait};

/// An answer to a bulk longer than this is none.
const ANSWER: u64 = 512 << 20;
/// The least wait while the disk of the server is full: nothing but a person or a deletion lifts that block.
const FLOOD: Duration = Duration::from_secs(2);

pub(crate) struct Worker<'l> {
    load: &'l Load<'l>,
    outcomes: Outcomes<'l>,
    answer: Vec<u8>,
}

/// What came back for one request.
enum Posted {
    Answer {
        status: u16,
        retry_after: Option<Duration>,
        host: String,
    },
    /// Nothing of it was sent.
    Unsent(String),
    /// It was sent, and may have been done.
    Lost {
        why: String,
        sending: bool,
    },
}

impl<'l> Worker<'l> {
    pub(crate) fn new(load: &'l Load<'l>) -> Worker<'l> {
        Worker { load, outcomes: Outcomes::new(load), answer: Vec::new() }
    }

    /// Sends batches until there are no more. After a stop they are only counted.
    pub(crate) fn run(&mut self, batches: &Receiver<Batch>) {
        for mut batch in batches {
            if !batch.is_empty()
                && !self.load.stop.requested()
                && let Err(e) = self.deliver(&mut batch)
            {
                self.load.fail(e);
            }
            self.load.end_batch(batch);
        }
    }

    fn deliver(&mut self, batch: &mut Batch) -> Result<(), Error> {
        let load = self.load;
        let mut patience = Patience::new(load.plan.retry_max(), Instant::now());
        let mut limit = usize::MAX;
        let mut number = 1;
        let mut passes = load.passes.load(Ordering::Relaxed);
        loop {
            let before = batch.items.len();
            // Looked at before anything of this batch is sent again, which would count as well.
            let others_pass = load.passes.load(Ordering::Relaxed) != passes;
            let wait = self.round(batch, number, others_pass, limit)?;
            batch.keep_open();
            let Some(wait) = wait.filter(|_| !batch.is_empty()) else { return Ok(()) };
            if load.stop.requested() {
                return Ok(());
            }

            let now = Instant::now();
            limit = wait.limit.unwrap_or(limit);
            if batch.items.len() < before {
                number = 1;
                patience.progress(now);
            } else {
                number += 1;
                if load.passes.load(Ordering::Relaxed) != passes {
                    patience.others_pass(now);
                }
            }
            passes = load.passes.load(Ordering::Relaxed);
            let Some(mut pause) = patience.wait(now, wait.retry_after, fastrand::f64()) else {
                let after = show_time(load.plan.retry_max());
                return Err(Error::Exhausted { target: load.plan.target(), after, why: wait.why });
            };
            if wait.flood {
                pause = pause.max(FLOOD);
            }
            load.tally().retried += batch.items.len() as u64;
            load.progress.retried(batch.items.len() as u64);
            let seconds = pause.as_secs_f64();
            log::warn!(target: http::RETRY, "{}; attempt {number}, waiting {seconds:.1} s", wait.why);
            if load.stop.sleep(pause) == Wake::Stopped {
                return Ok(());
            }
        }
    }

    /// Sends what is open, in as few requests as sizes allow. Some means that items are left to be sent again.
    fn round(
        &mut self,
        batch: &mut Batch,
        number: u32,
        others_pass: bool,
        limit: usize,
    ) -> Result<Option<Wait>, Error> {
        let load = self.load;
        let mut ranges: Vec<Range<usize>> = Vec::new();
        ranges.push(0..batch.items.len());
        while let Some(range) = ranges.pop() {
            if load.stop.requested() {
                return Ok(None);
            }
            let most = limit.min(load.most.load(Ordering::Relaxed));
            let mut piece = batch.piece(range.start, most);
            piece.end = piece.end.min(range.end);
            if piece.end < range.end {
                ranges.push(piece.end..range.end);
            }
            let bytes = batch.lines(piece.clone()).len();
            let alone = batch.alone(piece.clone());
            let attempt = Attempt { number, items: piece.len(), bytes, alone, others_pass };
            let wait = |why, retry_after, flood, limit| Ok(Some(Wait { why, retry_after, flood, limit }));
            match self.post(batch, piece.clone())? {
                Posted::Unsent(why) => return wait(why, None, false, None),
                Posted::Lost { why, sending } => {
                    self.outcomes.mark_lost(batch, piece.clone());
                    batch.not_now(piece.clone());
                    match judge_lost(sending, attempt) {
                        Next::Split => {
                            load.most.fetch_min((bytes / 2).max(1), Ordering::Relaxed);
                            let refusal =
                                Refusal { status: 0, kind: "connection_closed".into(), reason: why };
                            self.split(batch, piece, &mut ranges, &refusal)?;
                        }
                        Next::Items | Next::Retry | Next::Shrink | Next::Flood | Next::Stop => {
                            return wait(why, None, false, None);
                        }
                    }
                }
                Posted::Answer { status, retry_after, host } => {
                    let refusal = match status {
                        200..=299 => Refusal { status, kind: String::new(), reason: String::new() },
                        _ => Refusal::parse(status, &self.answer),
                    };
                    let kind = Some(&*refusal.kind).filter(|kind| !kind.is_empty());
                    let (mut next, mut perhaps) = judge_request(status, kind, attempt);
                    if status == 429 && next != Next::Flood {
                        batch.not_now(piece.clone());
                    }
                    // A parameter that this version does not know is no document's fault.
                    if refusal.reason.contains("unrecognized parameter") {
                        (next, perhaps) = (Next::Stop, false);
                    }
                    if perhaps && next != Next::Items {
                        self.outcomes.mark_lost(batch, piece.clone());
                    }
                    let why = || format!("{host} answered {refusal}");
                    match next {
                        Next::Items => {
                            if let Some(again) =
                                self.outcomes.of_answer(batch, piece, (&self.answer, &host))?
                            {
                                return Ok(Some(again));
                            }
                        }
                        Next::Retry => return wait(why(), retry_after, false, None),
                        Next::Flood => return wait(why(), retry_after, true, None),
                        Next::Shrink => return wait(why(), retry_after, false, Some((bytes / 2).max(1))),
                        Next::Split => {
                            if status == 413 {
                                load.most.fetch_min((bytes / 2).max(1), Ordering::Relaxed);
                            }
                            self.split(batch, piece, &mut ranges, &refusal)?;
                        }
                        Next::Stop => {
                            return Err(Error::Refused { target: load.plan.target(), host, refusal });
                        }
                    }
                }
            }
        }
        Ok(None)
    }

    fn post(&mut self, batch: &Batch, piece: Range<usize>) -> Result<Posted, Error> {
        let body = Body::Ndjson(batch.lines(piece));
        let call = Call::post(self.load.path(batch), body, Repeat::Unsafe);
        let error = match self.load.client.once(&call) {
            Ok(mut answer) => {
                self.answer.clear();
                self.answer.shrink_to(1 << 20);
                match (&mut answer).take(ANSWER).read_to_end(&mut self.answer) {
                    Ok(_) => {
                        let host = answer.host.to_string();
                        return Ok(Posted::Answer {
                            status: answer.status,
                            retry_after: answer.retry_after,
                            host,
                        });
                    }
                    Err(e) => http::Error::of_read(&answer.host, e),
                }
            }
            Err(e) => e,
        };
        let why = error.to_string();
        match error {
            http::Error::Unreachable { .. } | http::Error::Stopped => Ok(Posted::Unsent(why)),
            http::Error::Lost { sending, .. } => Ok(Posted::Lost { why, sending }),
            http::Error::TimedOut { .. } => Ok(Posted::Lost { why, sending: false }),
            http::Error::Answer { .. } => Ok(Posted::Lost { why, sending: false }),
            http::Error::Tls { .. }
            | http::Error::Redirect { .. }
            | http::Error::Shown(_)
            | http::Error::Config(_) => Err(error.into()),
        }
    }

    /// Halves go on separately, without what has ended; a single record is the one that the server does not take.
    fn split(
        &self,
        batch: &mut Batch,
        piece: Range<usize>,
        ranges: &mut Vec<Range<usize>>,
        refusal: &Refusal,
    ) -> Result<(), Error> {
        if piece.len() == 1 {
            return self.outcomes.of_refusal(batch, piece.start, refusal);
        }
        let middle = piece.start + piece.len() / 2;
        for half in [middle..piece.end, piece.start..middle] {
            ranges.extend(batch.open(half).into_iter().rev());
        }
        Ok(())
    }
}
