//! `es-snap`: repositories, snapshots, restores. What a server calls done is looked at again before it is called done
//! here: a snapshot has its failed shards counted, a restore every primary shard.
#![forbid(unsafe_code)]

mod args;
mod busy;
mod catalog;
mod cluster;
mod columns;
mod counts;
mod create;
mod date_math;
mod deadline;
mod error;
mod event_key;
mod follow;
mod indices;
mod job;
mod keep;
mod list;
mod listed;
mod pending;
mod progress;
mod prune;
mod removal;
mod repo;
mod repository;
mod repository_index;
mod resolve;
mod restore;
mod run;
mod s3;
mod show;
mod status;
mod verify;

use std::process::ExitCode;

use clap::CommandFactory;

use args::Args;

const NAME: &str = "es-snap";

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
