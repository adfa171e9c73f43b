//! The sending side: a worker takes a batch and does not leave it before each of its items has ended. What the
//! tables say is done here: settle, wait and send again, split, stop.

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
use es_core::server::bulk::{Unreadable, all_created, read_items};
use es_core::server::verdict::{Attempt, Next, Verdict, judge_item, judge_lost, judge_request, may_repeat};

use crate::args::Conflicts;
use crate::batch::Batch;
use crate::compare::{Compared, compare};
use crate::error::Error;
use crate::load::Load;

/// An answer to a bulk longer than this is none.
const ANSWER: u64 = 512 << 20;
/// The least wait while the disk of the server is full: nothing but a person or a deletion lifts that block.
const FLOOD: Duration = Duration::from_secs(2);

pub(crate) struct Worker<'l> {
    load: &'l Load<'l>,
    answer: Vec<u8>,
}

/// Why some items of a batch are sent again later.
struct Wait {
    why: String,
    retry_after: Option<Duration>,
    flood: bool,
    /// The next requests are to be at most so large.
    limit: Option<usize>,
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

/// A refused item.
struct Refusals {
    item: usize,
    status: u16,
    kind: String,
    reason: String,
}

impl<'l> Worker<'l> {
    pub(crate) fn new(load: &'l Load<'l>) -> Worker<'l> {
        Worker { load, answer: Vec::new() }
    }

    /// Sends batches until there are no more. After a stop they are only counted.
    pub(crate) fn run(&mut self, batches: &Receiver<Batch>) {
        for mut batch in batches {
            if !self.load.stop.requested()
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
            let wait = self.round(batch, number, passes, limit)?;
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
        passes: u64,
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
            let attempt = Attempt {
                number,
                items: piece.len(),
                bytes,
                others_pass: load.passes.load(Ordering::Relaxed) != passes,
            };
            let wait = |why, retry_after, flood, limit| Ok(Some(Wait { why, retry_after, flood, limit }));
            match self.post(batch.lines(piece.clone()))? {
                Posted::Unsent(why) => return wait(why, None, false, None),
                Posted::Lost { why, sending } => {
                    self.mark_lost(batch, piece.clone());
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
                    let (mut next, perhaps) = judge_request(status, kind, attempt);
                    // A parameter that this version does not know is no document's fault.
                    if refusal.reason.contains("unrecognized parameter") {
                        next = Next::Stop;
                    }
                    if perhaps && next != Next::Items {
                        self.mark_lost(batch, piece.clone());
                    }
                    let why = || format!("{host} answered {refusal}");
                    match next {
                        Next::Items => {
                            if let Some(again) = self.items(batch, piece, &host)? {
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

    fn post(&mut self, body: &[u8]) -> Result<Posted, Error> {
        let call = Call::post(&self.load.path, Body::Ndjson(body), Repeat::Unsafe);
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

    /// These items were sent and nobody said what became of them. Those that must not be sent twice end here.
    fn mark_lost(&self, batch: &mut Batch, piece: Range<usize>) {
        let mut unknown = 0;
        for item in &mut batch.items[piece] {
            item.repeated = true;
            if !may_repeat(item.op) && !item.settled {
                item.settled = true;
                unknown += 1;
            }
        }
        self.load.tally().unknown += unknown;
    }

    /// Halves go on separately; a single record is the one that the server does not take.
    fn split(
        &self,
        batch: &mut Batch,
        piece: Range<usize>,
        ranges: &mut Vec<Range<usize>>,
        refusal: &Refusal,
    ) -> Result<(), Error> {
        if piece.len() > 1 {
            let middle = piece.start + piece.len() / 2;
            ranges.extend([middle..piece.end, piece.start..middle]);
            return Ok(());
        }
        if batch.items[piece.start].settled {
            return Ok(());
        }
        let kind = match (&*refusal.kind, refusal.status) {
            ("", 413) => "too_large",
            ("", _) => "refused",
            (kind, _) => kind,
        };
        let reason = match &*refusal.reason {
            "" => "the server does not take this record",
            reason => reason,
        };
        let (kind, reason) = (kind.to_owned(), reason.to_owned());
        let refused = Refusals { item: piece.start, status: refusal.status, kind, reason };
        self.reject(batch, vec![refused])
    }

    /// Acts on the items of an answer. Some: items are to be sent again.
    fn items(&mut self, batch: &mut Batch, piece: Range<usize>, host: &str) -> Result<Option<Wait>, Error> {
        let load = self.load;
        if batch.only_creates() && all_created(&self.answer, piece.len()) {
            load.tally().created += piece.len() as u64;
            self.passed(piece.len(), batch.lines(piece.clone()).len());
            batch.settle(piece);
            return Ok(None);
        }

        let mut verdicts = Vec::with_capacity(piece.len());
        let mut refused = Vec::new();
        let (mut again, mut stop) = (None, None);
        let read = read_items(&self.answer, piece.len(), |n, said| {
            let item = piece.start + n;
            let verdict = judge_item(batch.items[item].asked(), said.said());
            let refusal = |said: &es_core::server::bulk::Item<'_>| {
                let (kind, reason) = match &said.cause {
                    Some(cause) => (cause.kind.to_string(), cause.reason.to_string()),
                    None if said.failure_store => {
                        ("failure_store".into(), "the data stream put it into its failure store".into())
                    }
                    None => ("unknown".into(), "the server gave no reason".into()),
                };
                Refusal { status: said.status, kind, reason }
            };
            match verdict {
                Verdict::Rejected => {
                    let Refusal { status, kind, reason } = refusal(&said);
                    refused.push(Refusals { item, status, kind, reason });
                }
                Verdict::Retry | Verdict::Flood if again.is_none() => again = Some((verdict, refusal(&said))),
                Verdict::Stop if stop.is_none() => stop = Some(refusal(&said)),
                Verdict::Retry | Verdict::Flood | Verdict::Stop => {}
                Verdict::Created
                | Verdict::Updated
                | Verdict::Deleted
                | Verdict::Skipped
                | Verdict::Dropped
                | Verdict::Exists => {}
            }
            verdicts.push(verdict);
        });
        if let Err(e) = read {
            return Ok(Some(self.unreadable(batch, piece, host, &e)));
        }

        let there = self.settle(batch, &piece, &verdicts);
        refused.extend(self.conflicts(batch, &there)?);
        self.reject(batch, refused)?;
        if let Some(refusal) = stop {
            return Err(Error::Refused { target: load.plan.target(), host: host.to_owned(), refusal });
        }
        let open = batch.items[piece].iter().filter(|item| !item.settled).count();
        Ok((open > 0).then(|| {
            let flood = matches!(again, Some((Verdict::Flood, _)));
            let why = match again {
                Some((_, refusal)) => format!("{host} answered {refusal} for {open} records"),
                None => format!("{open} documents that were there are gone"),
            };
            Wait { why, retry_after: None, flood, limit: None }
        }))
    }

    fn unreadable(&self, batch: &mut Batch, piece: Range<usize>, host: &str, e: &Unreadable) -> Wait {
        self.mark_lost(batch, piece);
        Wait { why: format!("{host}: {e}"), retry_after: None, flood: false, limit: None }
    }

    /// Counts what has ended, and gives the items whose documents are there already.
    fn settle(&self, batch: &mut Batch, piece: &Range<usize>, verdicts: &[Verdict]) -> Vec<usize> {
        let mut there = Vec::new();
        let (mut passed, mut bytes) = (0, 0);
        let mut tally = self.load.tally();
        for (place, verdict) in piece.clone().zip(verdicts) {
            let item = &mut batch.items[place];
            let count = match verdict {
                Verdict::Created => &mut tally.created,
                Verdict::Updated => &mut tally.updated,
                Verdict::Deleted => &mut tally.deleted,
                Verdict::Skipped => &mut tally.skipped,
                Verdict::Dropped => &mut tally.dropped,
                Verdict::Exists => {
                    there.push(place);
                    continue;
                }
                Verdict::Retry | Verdict::Flood | Verdict::Stop | Verdict::Rejected => continue,
            };
            *count += 1;
            item.settled = true;
            passed += 1;
            bytes += item.lines.len();
        }
        drop(tally);
        if passed > 0 {
            self.passed(passed, bytes);
        }
        there
    }

    /// Something got through.
    fn passed(&self, records: usize, bytes: usize) {
        self.load.passes.fetch_add(1, Ordering::Relaxed);
        self.load.accepted.store(true, Ordering::Relaxed);
        self.load.progress.add(records as u64, bytes as u64);
    }

    /// What is done about documents that are there already: those refused for it are given back.
    fn conflicts(&self, batch: &mut Batch, there: &[usize]) -> Result<Vec<Refusals>, Error> {
        if there.is_empty() {
            return Ok(Vec::new());
        }
        let refuse = |item: usize, kind: &str, reason: &str| Refusals {
            item,
            status: 409,
            kind: kind.into(),
            reason: reason.into(),
        };
        let mut refused = Vec::new();
        let mut skipped = Vec::new();
        match self.load.conflicts() {
            Conflicts::Skip => skipped.extend(there),
            Conflicts::Reject => {
                for item in there {
                    // After a lost answer it is most likely our own.
                    if batch.items[*item].repeated {
                        skipped.push(*item);
                    } else {
                        let why = "a document of this id is there already";
                        refused.push(refuse(*item, "version_conflict_engine_exception", why));
                    }
                }
            }
            Conflicts::Compare => {
                for (item, compared) in there.iter().zip(compare(self.load, batch, there)?) {
                    match compared {
                        Compared::Same => skipped.push(*item),
                        Compared::Gone => {}
                        Compared::Different => {
                            let why = "another document of this id is there already";
                            refused.push(refuse(*item, "different_document", why));
                        }
                        Compared::Unsaid => {
                            let why =
                                "a document of this id is there, and the server does not show its source";
                            refused.push(refuse(*item, "unseen_document", why));
                        }
                    }
                }
            }
        }
        for item in &skipped {
            batch.items[*item].settled = true;
        }
        if !skipped.is_empty() {
            self.load.tally().skipped += skipped.len() as u64;
            self.passed(skipped.len(), 0);
        }
        Ok(refused)
    }

    fn reject(&self, batch: &mut Batch, refused: Vec<Refusals>) -> Result<(), Error> {
        if refused.is_empty() {
            return Ok(());
        }
        self.load.passes.fetch_add(1, Ordering::Relaxed);
        self.load.tally().rejected += refused.len() as u64;
        self.load.progress.rejected(refused.len() as u64);
        let mut outcome = Ok(());
        for Refusals { item, status, kind, reason } in refused {
            batch.items[item].settled = true;
            let noted = self.load.rejects.item(batch, &batch.items[item], status, &kind, &reason);
            outcome = outcome.and(noted);
        }
        match self.load.rejects.hopeless() {
            Some(error) if !self.load.accepted.load(Ordering::Relaxed) => outcome.and(Err(error)),
            Some(_) | None => outcome,
        }
    }
}
