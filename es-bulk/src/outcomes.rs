//! What became of the records of a request: each is counted, refused, or left to be sent again.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::time::Duration;

use es_core::server::Refusal;
use es_core::server::bulk::{Item, Unreadable, all_created, read_items};
use es_core::server::verdict::{Verdict, judge_item, may_repeat};

use crate::args::Conflicts;
use crate::batch::Batch;
use crate::compare::{Compared, There, compare};
use crate::error::Error;
use crate::load::Load;

/// Acts on what the server said.
pub(crate) struct Outcomes<'l> {
    load: &'l Load<'l>,
}

/// Why some items of a batch are sent again later.
pub(crate) struct Wait {
    pub(crate) why: String,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) flood: bool,
    /// The next requests are to be at most so large.
    pub(crate) limit: Option<usize>,
}

/// A refused item.
struct Refused {
    item: usize,
    status: u16,
    kind: String,
    reason: String,
}

impl<'l> Outcomes<'l> {
    pub(crate) fn new(load: &'l Load<'l>) -> Outcomes<'l> {
        Outcomes { load }
    }

    /// These items were sent and nobody said what became of them. Those that must not be sent twice end here.
    pub(crate) fn mark_lost(&self, batch: &mut Batch, piece: Range<usize>) {
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

    /// The server does not take this record at all.
    pub(crate) fn of_refusal(&self, batch: &mut Batch, item: usize, refusal: &Refusal) -> Result<(), Error> {
        if batch.items[item].settled {
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
        self.reject(batch, vec![Refused { item, status: refusal.status, kind, reason }])
    }

    /// Acts on the items of an answer. Some: items are to be sent again.
    pub(crate) fn of_answer(
        &self,
        batch: &mut Batch,
        piece: Range<usize>,
        (answer, host): (&[u8], &str),
    ) -> Result<Option<Wait>, Error> {
        let load = self.load;
        if batch.only_creates() && all_created(answer, piece.len()) {
            load.tally().created += piece.len() as u64;
            self.passed(piece.len(), batch.lines(piece.clone()).len());
            batch.settle(piece);
            return Ok(None);
        }

        let mut verdicts = Vec::with_capacity(piece.len());
        let mut refused = Vec::new();
        let mut there = Vec::new();
        let conflicts = load.conflicts();
        let (mut again, mut stop) = (None, None);
        let read = read_items(answer, piece.len(), |n, said| {
            let item = piece.start + n;
            let verdict = judge_item(batch.items[item].asked(), said.said());
            let refusal = |said: &Item<'_>| {
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
                    refused.push(Refused { item, status, kind, reason });
                }
                Verdict::Retry | Verdict::Flood if again.is_none() => again = Some((verdict, refusal(&said))),
                Verdict::Stop if stop.is_none() => stop = Some(refusal(&said)),
                Verdict::Retry | Verdict::Flood | Verdict::Stop => {}
                Verdict::Exists => {
                    let index = said.cause.filter(|_| conflicts == Conflicts::Compare).and_then(|c| c.index);
                    there.push(There { item, index: index.map(Cow::into_owned) });
                }
                Verdict::Created
                | Verdict::Updated
                | Verdict::Deleted
                | Verdict::Skipped
                | Verdict::Dropped => {}
            }
            verdicts.push(verdict);
        });
        if let Err(e) = read {
            return Ok(Some(self.unreadable(batch, piece, host, &e)));
        }

        self.settle(batch, &piece, &verdicts);
        refused.extend(self.conflicts(batch, conflicts, &there)?);
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

    /// Counts what has ended.
    fn settle(&self, batch: &mut Batch, piece: &Range<usize>, verdicts: &[Verdict]) {
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
                Verdict::Exists | Verdict::Retry | Verdict::Flood | Verdict::Stop | Verdict::Rejected => {
                    continue;
                }
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
    }

    /// Something got through.
    fn passed(&self, records: usize, bytes: usize) {
        self.load.passes.fetch_add(1, Ordering::Relaxed);
        self.load.accepted.store(true, Ordering::Relaxed);
        self.load.progress.add(records as u64, bytes as u64);
    }

    /// What is done about documents that are there already: those refused for it are given back.
    fn conflicts(
        &self,
        batch: &mut Batch,
        conflicts: Conflicts,
        there: &[There],
    ) -> Result<Vec<Refused>, Error> {
        if there.is_empty() {
            return Ok(Vec::new());
        }
        let refuse = |item: usize, kind: &str, reason: &str| Refused {
            item,
            status: 409,
            kind: kind.into(),
            reason: reason.into(),
        };
        let mut refused = Vec::new();
        let mut skipped = Vec::new();
        match conflicts {
            Conflicts::Skip => skipped.extend(there.iter().map(|there| there.item)),
            Conflicts::Reject => {
                for &There { item, .. } in there {
                    // After a lost answer it is most likely our own.
                    if batch.items[item].repeated {
                        skipped.push(item);
                    } else {
                        let why = "a document of this id is there already";
                        refused.push(refuse(item, "version_conflict_engine_exception", why));
                    }
                }
            }
            Conflicts::Compare => {
                for (&There { item, .. }, compared) in there.iter().zip(compare(self.load, batch, there)?) {
                    match compared {
                        Compared::Same => skipped.push(item),
                        Compared::Gone => {}
                        Compared::Different => {
                            let why = "another document of this id is there already";
                            refused.push(refuse(item, "different_document", why));
                        }
                        Compared::Unsaid => {
                            let why =
                                "a document of this id is there, and the server does not show its source";
                            refused.push(refuse(item, "unseen_document", why));
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

    fn reject(&self, batch: &mut Batch, refused: Vec<Refused>) -> Result<(), Error> {
        if refused.is_empty() {
            return Ok(());
        }
        self.load.passes.fetch_add(1, Ordering::Relaxed);
        self.load.tally().rejected += refused.len() as u64;
        self.load.progress.rejected(refused.len() as u64);
        let mut outcome = Ok(());
        for Refused { item, status, kind, reason } in refused {
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
