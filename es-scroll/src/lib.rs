//! `es-scroll`: dumps the documents of an index with their docinfo, as hit lines. It reads; what becomes of the lines
//! is the business of whoever takes them.
#![forbid(unsafe_code)]

mod args;
mod blocks;
mod error;
mod manifest;
mod output;
mod plan;
mod query;
mod readers;
mod run;
mod schema;
mod schemas;
mod units;
mod unseen;
mod ways;

use std::process::ExitCode;

use clap::CommandFactory;

use args::Args;

const NAME: &str = "es-scroll";

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
