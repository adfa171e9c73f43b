//! What was typed: a command, and below it the options of that command. Each group of commands has its file.

mod create;
mod job;
mod list;
mod prune;
mod repo;
mod resolve;
mod restore;
mod shared;
mod verify;

use clap::{Parser, Subcommand};
use es_core::cli::Talk;

pub(crate) use create::{Create, Wait};
pub(crate) use job::{Backup, Recover};
pub(crate) use list::{List, Show, Status};
pub(crate) use prune::{Delete, Prune};
pub(crate) use repo::{Add, Cleanup, ListRepos, Remove, Repo, RepoCommand, ShowRepo, VerifyRepo};
pub(crate) use resolve::Resolve;
pub(crate) use restore::{Restore, Which};
pub(crate) use shared::Shared;
pub(crate) use verify::Verify;

/// Make, restore, prune and prove snapshots
///
/// A snapshot is named by its repository and its own name; `latest` is the newest that succeeded. Whatever is asked
/// for is checked until it is true: every failed shard of a snapshot is named, and a restore is done when each primary
/// shard is there, not when the server stops talking of it.
#[derive(Debug, Parser)]
#[command(
    name = "es-snap",
    version,
    max_term_width = 98,
    subcommand_required = true,
    arg_required_else_help = true,
    after_long_help = "\
Examples:
  es-snap repo add backups fs --set location=/mnt/backups
  es-snap create backups '<nightly-{now/d}>' --manifest counts.ndjson
  es-snap verify backups latest --max-age 26h --drill --compare counts.ndjson
  es-snap restore backups latest --indices orders --as orders-back
  es-snap prune backups --match 'nightly-*' --keep-daily 7 --yes

Each command has a help of its own: es-snap COMMAND --help."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Repo(Repo),
    Create(Create),
    Wait(Wait),
    List(List),
    Show(Show),
    Status(Status),
    Restore(Restore),
    Verify(Verify),
    Delete(Delete),
    Prune(Prune),
    Resolve(Resolve),
    Backup(Backup),
    Recover(Recover),
}

impl Command {
    pub(crate) fn talk(&self) -> &Talk {
        match self {
            Command::Repo(args) => &args.command.shared().talk,
            Command::Create(args) => &args.shared.talk,
            Command::Wait(args) => &args.shared.talk,
            Command::List(args) => &args.shared.talk,
            Command::Show(args) => &args.shared.talk,
            Command::Status(args) => &args.shared.talk,
            Command::Restore(args) => &args.shared.talk,
            Command::Verify(args) => &args.shared.talk,
            Command::Delete(args) => &args.shared.talk,
            Command::Prune(args) => &args.shared.talk,
            Command::Resolve(args) => &args.shared.talk,
            Command::Backup(args) => &args.talk,
            Command::Recover(args) => &args.talk,
        }
    }
}
