//! Edits documents of a stream: `es-scroll … | es-xform 'rename(.a; .b)' | es-bulk …`.
#![forbid(unsafe_code)]

use std::io;
use std::process::ExitCode;

use clap::CommandFactory;
use es_core::cli::error::finish;
use es_core::cli::exit::Exit;
use es_core::cli::report::Report;
use es_core::cli::signals::Signals;
use es_core::cli::typed;
use es_core::record::Stop;
use es_core::record::sink::{self, Sink};

use args::Args;
use plan::{Asked, Plan};

#[cfg(test)]
mod agreement;
mod args;
mod blocks;
mod edit;
mod error;
mod fault;
mod form;
mod in_memory;
mod language;
mod line;
mod output;
mod piece;
mod plan;
mod preview;
mod program;
mod rejected;
mod run;
mod shape;
mod source;
mod table;
mod transform;

pub use language::jq_cases;

#[doc(hidden)]
pub use in_memory::in_memory;

const NAME: &str = "es-xform";

/// The command line, for man pages and completions.
pub fn command() -> clap::Command {
    Args::command()
}

pub fn main() -> ExitCode {
    let args: Args = match typed(NAME) {
        Ok(args) => args,
        Err(status) => return status,
    };
    let report = Report::start(NAME, &args.talk);
    let plan = match Plan::from_args(args) {
        Ok(Asked::Run(plan)) => plan,
        Ok(Asked::Explain(lines)) => return explain(&report, &lines),
        Err(error) => {
            report.error(&error.to_string(), error.hint(), Exit::Usage);
            return Exit::Usage.leave();
        }
    };
    let started = Stop::new().and_then(|stop| {
        let (signals, report) = (Signals::listen(&stop)?, report.clone());
        // A program may be at work on one record for ever.
        signals.ends(move || report.warn("cut off at work on a record; what was read last is not written"));
        Ok((signals, stop))
    });
    match started {
        Ok((_signals, stop)) if plan.preview.is_some() => {
            let most = plan.preview.unwrap_or_default();
            finish(&report, &stop, preview::run(&plan, most, preview::wants_colour(), &stop), None)
        }
        Ok((_signals, stop)) => {
            let (outcome, summary) = run::run(&plan, &report, &stop);
            finish(&report, &stop, outcome, Some(summary))
        }
        Err(why) => failed(&report, &why),
    }
}

fn explain(report: &Report, lines: &[String]) -> ExitCode {
    let written = Stop::new().map(|stop| {
        let mut text = lines.join("\n");
        text.push('\n');
        Sink::stdout(&stop).and_then(|mut out| out.write(text.as_bytes()))
    });
    match written {
        Ok(Ok(()) | Err(sink::Error::Closed)) => ExitCode::SUCCESS,
        Ok(Err(why)) => {
            report.error(&why.to_string(), None, Exit::Failed);
            Exit::Failed.leave()
        }
        Err(why) => failed(report, &why),
    }
}

fn failed(report: &Report, why: &io::Error) -> ExitCode {
    report.error(&format!("cannot start: {why}"), None, Exit::Failed);
    Exit::Failed.leave()
}
