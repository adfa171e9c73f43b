//! Does what was planned: lines in, workers, lines out; counts, rejects and the end.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use es_core::cli::Refusals;
use es_core::cli::error::Fault as Ending;
use es_core::cli::exit::{Exit, Tally};
use es_core::cli::figures::grouped;
use es_core::cli::{Report, Summary};
use es_core::record::Stop;
use es_core::record::lines::{self, Lines};
use es_core::record::ordered::{Workers, ordered};
use es_core::record::sink::{self, Sink};

use crate::blocks::{self, Done, Source};
use crate::plan::Plan;
use crate::program;
use crate::transform::Transform;

/// Deep documents need deep stacks where the full language walks them.
const STACK: usize = 16 << 20;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot read the input: {0}")]
    Input(#[from] lines::Error),
    #[error("the input holds bulk action lines, which are not edited")]
    Actions,
    #[error("cannot write the output: {0}")]
    Output(#[from] sink::Error),
    #[error("cannot write the rejects to {}: {why}", file.display())]
    Rejects { file: PathBuf, why: io::Error },
    #[error("more than {0} records could not be handled (--max-rejects)")]
    TooManyRejects(u64),
    #[error(transparent)]
    Program(#[from] program::Error),
    #[error("cannot start a thread: {0}")]
    Thread(#[from] io::Error),
}

impl Ending for Error {
    fn exit(&self) -> Exit {
        match self {
            Error::Output(sink::Error::Closed) => Exit::Done,
            Error::Input(_)
            | Error::Actions
            | Error::Output(_)
            | Error::Rejects { .. }
            | Error::TooManyRejects(_)
            | Error::Thread(_) => Exit::Failed,
            Error::Program(_) => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Error::Actions => Some("es-bulk --op keep loads them as they are".to_owned()),
            Error::Program(e) => e.hint().map(str::to_owned),
            Error::Input(_)
            | Error::Output(_)
            | Error::Rejects { .. }
            | Error::TooManyRejects(_)
            | Error::Thread(_) => None,
        }
    }

    fn is_stop(&self) -> bool {
        matches!(self, Error::Input(lines::Error::Stopped) | Error::Output(sink::Error::Stopped))
    }
}

/// Runs the plan; the summary tells how far it came, whatever the outcome.
pub(crate) fn run(plan: &Plan, report: &Report, stop: &Stop) -> (Result<Exit, Error>, Summary) {
    let started = Instant::now();
    let mut summary = Summary::default();
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
    let mut source = Source { lines: Lines::new(plan.files.clone(), plan.max_line, false, stop), kind: None };
    let workers = Workers { count: plan.jobs, stack: STACK };
    let worker = || {
        let mut transform = Transform::new(&plan.program, plan.on_clash);
        let mut spare = Vec::new();
        move |work| match &mut transform {
            Ok(transform) => Ok(blocks::transform(transform, work, &mut spare)),
            Err(error) => Err(error.clone()),
        }
    };
    let put = |done: Result<Done, program::Error>| -> Result<(), Error> {
        let done = done?;
        out.write(&done.bytes)?;
        summary.bytes += done.read;
        records += done.records;
        progress.add(done.tally.read, done.read);
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
        let mut options = OpenOptions::new();
        match options.write(true).create(true).mode(0o600).open(path) {
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
