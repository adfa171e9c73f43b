//! Does what the plan says: one reader, some workers, a watch over the indices, and the end of it all.

use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use es_core::cli::{Exit, Report, Summary};
use es_core::record::Stop;
use es_core::record::lines::Lines;
use es_core::server::Flavor;

use crate::error::Error;
use crate::intake::Intake;
use crate::lanes::Lanes;
use crate::load::Load;
use crate::plan::Plan;
use crate::workers::Worker;

/// How often the indices are looked at.
const WATCH: Duration = Duration::from_secs(5);

/// # Errors
/// What ended the load, or kept it from beginning; with a summary if it began.
pub(crate) fn run(plan: &Plan, stop: &Stop, report: &Report) -> (Result<Exit, Error>, Option<Summary>) {
    let start = Instant::now();
    let load = match begin(plan, stop, report) {
        Ok(load) => load,
        Err(e) => return (Err(e), None),
    };
    let (outcome, bytes, random) = pump(&load);
    let mut outcome = outcome.and_then(|()| end(&load));
    // A fatal error comes before what it led to.
    if let Some(fatal) = load.take_fatal() {
        outcome = Err(fatal);
    }
    load.progress.finish();
    if let Err(e) = load.rejects.finish() {
        outcome = outcome.and(Err(e));
    }
    let tally = *load.tally();
    let mut notes = Vec::new();
    if random {
        notes.push(
            "documents without an id got random ones: --id-seed makes a second run harmless".to_owned(),
        );
    }
    let summary = Summary { tally, bytes, took: start.elapsed(), notes, ..Summary::default() };
    (outcome.map(|()| Exit::Done), Some(summary))
}

fn begin<'p>(plan: &'p Plan, stop: &'p Stop, report: &Report) -> Result<Load<'p>, Error> {
    let flavor = Flavor::ask(&plan.client)?;
    let load = Load::new(plan, &flavor, stop, report)?;
    if let Some(index) = &plan.index {
        load.targets.admit(index)?;
    }
    Ok(load)
}

/// Reads, sends and watches until the input ends or the load is stopped. Also gives the bytes of the documents and
/// whether ids were made by chance.
fn pump(load: &Load<'_>) -> (Result<(), Error>, u64, bool) {
    let plan = load.plan;
    let (to, from): (Vec<_>, Vec<_>) = (0..plan.jobs).map(|_| bounded(0)).unzip();
    let (over, watched) = bounded::<()>(0);
    thread::scope(|scope| {
        let work = |batches: Receiver<_>| scope.spawn(move || Worker::new(load).run(&batches));
        let workers: Vec<_> = from.into_iter().map(work).collect();
        scope.spawn(move || watch(load, &watched));

        let mut intake = Intake::new(load, Lanes::new(load, to));
        let mut lines = Lines::new(plan.files.clone(), plan.max_line, !plan.manifests.is_empty(), load.stop);
        let outcome = intake.run(&mut lines);
        let (bytes, random) = (intake.bytes, intake.random);
        // The lanes end with the intake, the workers with the lanes, and the watch with `over`.
        drop(intake);
        for worker in workers {
            // A panic of one goes on when the scope ends.
            let _ = worker.join();
        }
        drop(over);
        (outcome, bytes, random)
    })
}

/// Looks at the indices from time to time: what is created in place of a deleted one lacks what was loaded before.
fn watch(load: &Load<'_>, over: &Receiver<()>) {
    while over.recv_timeout(WATCH) == Err(RecvTimeoutError::Timeout) {
        if load.stop.requested() {
            return;
        }
        match load.targets.check() {
            Ok(()) => {}
            Err(e @ Error::Deleted { .. }) => return load.fail(e),
            Err(e) => log::info!("the indices could not be looked at: {e}"),
        }
    }
}

/// What is left to do when everything was sent and nothing went wrong.
fn end(load: &Load<'_>) -> Result<(), Error> {
    if load.stop.requested() {
        return Ok(());
    }
    load.targets.check()?;
    if load.plan.refresh {
        load.targets.refresh()?;
    }
    let tally = *load.tally();
    if tally.unknown > 0 {
        return Err(Error::Unanswered(tally.unknown));
    }
    let found = tally.created + tally.updated + tally.deleted + tally.skipped;
    match load.plan.expect {
        Some(expected) if !expected.holds(found) => Err(Error::Expected { found, expected }),
        Some(_) | None => Ok(()),
    }
}
