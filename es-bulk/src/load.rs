//! What the reader and the workers of one load share: where to, the counts, the first fatal error.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use es_core::cli::{Report, Tally, progress::Progress};
use es_core::http::Client;
use es_core::http::target::{encode_index, encode_segment};
use es_core::record::Stop;
use es_core::record::buffer::Spares;
use es_core::record::stop::Why;
use es_core::server::{Flavor, bulk};

use crate::args::Conflicts;
use crate::batch::{Batch, Form};
use crate::error::Error;
use crate::plan::Plan;
use crate::rejects::Rejects;
use crate::targets::Targets;

pub(crate) struct Load<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) client: Client,
    pub(crate) stop: &'p Stop,
    pub(crate) form: Form,
    pub(crate) targets: Targets,
    pub(crate) rejects: Rejects,
    pub(crate) progress: Progress,
    /// Of the bulk requests, and of those that are nothing but creates.
    paths: [String; 2],
    /// The largest body that is sent: smaller once the server refused one for its size.
    pub(crate) most: AtomicUsize,
    /// Requests that got something through.
    pub(crate) passes: AtomicU64,
    /// Some document was taken, or is there.
    pub(crate) accepted: AtomicBool,
    /// Records of several indices go to one.
    pub(crate) mixed: AtomicBool,
    tally: Mutex<Tally>,
    fatal: Mutex<Option<Error>>,
    /// Batches to be filled again.
    spares: Spares<Batch>,
}

impl<'p> Load<'p> {
    pub(crate) fn new(
        plan: &'p Plan,
        flavor: &Flavor,
        stop: &'p Stop,
        report: &Report,
    ) -> Result<Load<'p>, Error> {
        let client = plan.client.clone();
        let kind = plan.kind.clone();
        let total: u64 = plan.manifests.iter().filter_map(|manifest| manifest.count()).sum();
        Ok(Load {
            plan,
            stop,
            form: Form::new(flavor, plan.index.is_some(), kind.as_deref(), plan.upsert),
            targets: Targets::new(&client, flavor, plan.schema.clone(), kind),
            rejects: Rejects::open(plan.rejects.as_deref(), plan.limits, report)?,
            progress: if plan.files == [PathBuf::from("-")] {
                Progress::silent(0)
            } else {
                report.progress(total)
            },
            paths: [path(plan, bulk::FILTER), path(plan, filter_of_creates(plan))],
            client,
            most: AtomicUsize::new(usize::MAX),
            passes: AtomicU64::new(0),
            accepted: AtomicBool::new(false),
            mixed: AtomicBool::new(false),
            tally: Mutex::default(),
            fatal: Mutex::default(),
            spares: Spares::default(),
        })
    }

    pub(crate) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the load; the first reason is told.
    pub(crate) fn fail(&self, error: Error) {
        self.fatal.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        self.stop.request(Why::Failure);
    }

    pub(crate) fn take_fatal(&self) -> Option<Error> {
        self.fatal.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// What a conflict with a document that is there means now.
    pub(crate) fn conflicts(&self) -> Conflicts {
        self.plan.conflicts.unwrap_or(if self.mixed.load(Ordering::Relaxed) {
            Conflicts::Compare
        } else {
            Conflicts::Skip
        })
    }

    /// Where a batch is sent.
    pub(crate) fn path(&self, batch: &Batch) -> &str {
        &self.paths[usize::from(batch.only_creates())]
    }

    pub(crate) fn fresh_batch(&self) -> Batch {
        self.spares.take()
    }

    /// Takes back a batch; records in it that have not ended do so here, for the load has.
    pub(crate) fn end_batch(&self, mut batch: Batch) {
        let open = batch.items.iter().filter(|item| !item.settled);
        let (unknown, unsent): (Vec<_>, Vec<_>) = open.partition(|item| item.repeated);
        if !batch.is_empty() {
            let mut tally = self.tally();
            tally.unknown += unknown.len() as u64;
            tally.unsent += unsent.len() as u64;
        }
        batch.clear(self.plan.bulk_size);
        self.spares.give(batch);
    }
}

/// A create can succeed in one way only, unless a pipeline has its say.
fn filter_of_creates(plan: &Plan) -> &'static str {
    if plan.pipeline.is_none() { bulk::FILTER_CREATE } else { bulk::FILTER }
}

fn path(plan: &Plan, filter: &str) -> String {
    let mut path = plan.index.as_deref().map(|index| format!("/{}", encode_index(index))).unwrap_or_default();
    path += "/_bulk?filter_path=";
    path += filter;
    if let Some(pipeline) = &plan.pipeline {
        path += &format!("&pipeline={}", encode_segment(pipeline));
    }
    if plan.require_alias {
        path += "&require_alias=true";
    }
    path
}
