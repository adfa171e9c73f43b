//! Loads records into Elasticsearch and OpenSearch: every record read ends as exactly one of created, updated,
//! deleted, skipped, dropped, rejected, and after a stop also unsent or unknown.
#![forbid(unsafe_code)]

mod again;
mod args;
mod batch;
mod compare;
mod error;
mod field;
mod ident;
mod intake;
mod lanes;
mod load;
mod manifest;
mod outcomes;
mod plan;
mod record;
mod rejects;
mod run;
mod schema;
mod source;
mod targets;
mod templates;
mod workers;

use std::process::ExitCode;

use clap::CommandFactory;
use es_core::cli::{Exit, Report, Signals, Summary, error::finish, signals::stop_flag, typed};
use es_core::record::Stop;

use crate::args::Args;
use crate::error::Error;
use crate::plan::Plan;

const NAME: &str = "es-bulk";

/// The command line, for the manual and for tests.
pub fn command() -> clap::Command {
    Args::command()
}

pub fn main() -> ExitCode {
    let args: Args = match typed(NAME) {
        Ok(args) => args,
        Err(status) => return status,
    };
    let report = Report::start(NAME, &args.talk);
    let stop = match stop_flag(&report) {
        Ok(stop) => stop,
        Err(status) => return status,
    };
    let (outcome, summary) = load(args, &stop, &report);
    finish(&report, &stop, outcome, summary)
}

fn load(args: Args, stop: &Stop, report: &Report) -> (Result<Exit, Error>, Option<Summary>) {
    let plan = match Plan::new(args, stop) {
        Ok(plan) => plan,
        Err(e) => return (Err(e), None),
    };
    match Signals::listen(stop) {
        Ok(signals) => {
            signals.cuts(&plan.client);
            run::run(&plan, stop, report)
        }
        Err(e) => (Err(e.into()), None),
    }
}
