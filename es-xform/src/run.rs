//! Does what was planned: lines in, workers, lines out; counts, rejects and the end.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use es_core::cli::Refusals;
use es_core::cli::exit::{Exit, Tally};
use es_core::cli::figures::grouped;
use es_core::cli::summary::Rule;
use es_core::cli::{Report, Summary};
use es_core::record::Stop;
use es_core::record::buffer::Spares;
use es_core::record::lines::Lines;
use es_core::record::ordered::{Workers, ordered};
use es_core::record::reject::create_file;
use es_core::record::sink::{self, Sink};

use crate::blocks::{Done, Worker};
use crate::error::Error;
use crate::form::From;
use crate::form::leaving::Writer;
use crate::form::sheet::Turns;
use crate::plan::Plan;
use crate::program::{self, Root};
use crate::source::Source;
use crate::transform::Transform;

/// The most memory of an output that is kept for the next.
const SPARE: usize = 1 << 20;
/// Deep documents need deep stacks where the full language walks them.
pub(crate) const STACK: usize = 16 << 20;

/// Runs the plan; the summary tells how far it came, whatever the outcome.
pub(crate) fn run(plan: &Plan, report: &Report, stop: &Stop) -> (Result<Exit, Error>, Summary) {
    let started = Instant::now();
    let rule = |words: &String| Rule { words: words.clone(), ..Rule::default() };
    let rules = plan.program.rules.iter().map(rule).collect();
    let mut summary = Summary { rules, ..Summary::default() };
    let outcome = stream(plan, report, stop, &mut summary);
    summary.took = started.elapsed();
    if matches!(outcome, Err(Error::Output(sink::Error::Closed))) {
        summary.notes.push("incomplete: output closed".to_owned());
    }
    (outcome.map(|()| Exit::Done), summary)
}

fn stream(plan: &Plan, report: &Report, stop: &Stop, summary: &mut Summary) -> Result<(), Error> {
    let mut out = Sink::stdout(stop)?;
    let mut rejects = plan.rejects.as_deref().map(Rejects::create).transpose()?;
    let mut refusals = Refusals::default();
    let mut records = 0;
    let progress = report.progress(0);
    let lines = Lines::new(plan.files.clone(), plan.max_line, false, stop);
    let mut source = Source::new(plan.from, lines, plan.max_line);
    let turns = Arc::<Turns>::default();
    let spares = Spares::default();
    let worker = || {
        let mut worker = Transform::new(&plan.program, plan.on_clash).map(|mut transform| {
            transform.certain = plan.from.is_some_and(From::is_certain);
            transform.wraps = plan.to.is_some();
            transform.nameless = plan.to.is_some();
            let writer = Writer::new(plan.to, plan.program.root == Root::Line, &turns);
            Worker::new(transform, writer, plan.max_line)
        });
        let spares = &spares;
        move |work| match &mut worker {
            Ok(worker) => Ok(worker.work(work, spares.take())),
            Err(error) => Err(error.clone()),
        }
    };
    let put = |done: Result<Done, program::Error>| -> Result<(), Error> {
        let done = done?;
        out.write(&done.bytes)?;
        // A giant is let go.
        if done.bytes.capacity() <= SPARE {
            spares.give(done.bytes);
        }
        summary.bytes += done.read;
        records += done.records;
        progress.add(done.tally.read, done.read);
        for (rule, count) in summary.rules.iter_mut().zip(&done.rules) {
            rule.done += count.done;
            rule.seen += count.seen;
        }
        summary.tally += Tally { rejected: 0, ..done.tally };
        for reject in done.rejects {
            summary.tally.rejected += 1;
            progress.rejected(1);
            refusals.add(report, reject.fault.kind(), || {
                let file = match reject.file.as_os_str() == "-" {
                    true => String::new(),
                    false => format!("{}: ", reject.file.display()),
                };
                format!("{file}line {} (byte {}): {}", reject.line, reject.offset, reject.fault)
            });
            if let Some(rejects) = &mut rejects {
                rejects.write(&reject.text)?;
            }
        }
        match plan.max_rejects {
            Some(most) if refusals.total() > most => Err(Error::TooManyRejects(most)),
            _ => Ok(()),
        }
    };
    let workers = Workers { count: plan.jobs, stack: STACK };
    let outcome = ordered(workers, stop, || source.next_work(), worker, put);
    progress.finish();
    if records != summary.tally.written {
        summary.notes.push(format!("{} records out", grouped(records)));
    }
    refusals.finish(report);
    if let Some(rejects) = rejects {
        rejects.finish()?;
    }
    outcome
}

/// The file of refused records: there only if there are any, and readable by its owner alone.
struct Rejects {
    file: File,
    path: PathBuf,
    any: bool,
}

impl Rejects {
    fn create(path: &Path) -> Result<Rejects, Error> {
        match create_file(path) {
            Ok(file) => Ok(Rejects { file, path: path.to_owned(), any: false }),
            Err(why) => Err(Error::Rejects { file: path.to_owned(), why }),
        }
    }

    fn write(&mut self, line: &[u8]) -> Result<(), Error> {
        self.any = true;
        self.file.write_all(line).map_err(|why| Error::Rejects { file: self.path.clone(), why })
    }

    fn finish(self) -> Result<(), Error> {
        let is_file = self.file.metadata().is_ok_and(|there| there.is_file());
        if is_file && !self.any {
            // An empty file left behind does no harm.
            let _ = std::fs::remove_file(&self.path);
        }
        Ok(())
    }
}
