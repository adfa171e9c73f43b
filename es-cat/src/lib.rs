//! `es-cat`: reports of a cluster as data. The servers' `_cat` gives text for the eye; this gives the same columns on
//! every version, plain numbers, and types to sort and choose by.
#![forbid(unsafe_code)]

mod answer;
mod args;
mod count;
mod error;
mod expression;
mod plan;
mod reports;
mod rounds;
mod run;
mod snapshots;
mod source;
mod text;
mod tokens;

use std::process::ExitCode;

use clap::CommandFactory;

use args::Args;

const NAME: &str = "es-cat";

/// The command line, for man pages and completions.
pub fn command() -> clap::Command {
    Args::command()
}

/// The tool.
pub fn main() -> ExitCode {
    match es_core::cli::typed(NAME) {
        Ok(args) => run::main(args),
        Err(status) => status,
    }
}
