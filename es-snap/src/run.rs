//! From the command to its file, and back with the exit status.

use std::process::ExitCode;

use es_core::cli::signals::{or_signal, stop_flag};
use es_core::cli::{Exit, Report, Signals, finish};

use crate::NAME;
use crate::args::{Args, Command};
use crate::cluster::Shell;
use crate::error::Error;
use crate::{create, job, list, prune, repo, resolve, restore, show, status, verify};

pub(crate) fn main(args: Args) -> ExitCode {
    let report = Report::start(NAME, args.command.talk());
    let stop = match stop_flag(&report) {
        Ok(stop) => stop,
        Err(status) => return status,
    };
    let outcome = match Signals::listen(&stop) {
        Ok(signals) => run(&args.command, Shell { report: &report, stop: &stop, signals: &signals }),
        Err(why) => Err(Error::System { what: "listen for signals".into(), why }),
    };
    let outcome = or_signal(&stop, outcome);
    finish(&report, &stop, outcome, None)
}

fn run(command: &Command, shell: Shell<'_>) -> Result<Exit, Error> {
    match command {
        Command::Repo(args) => repo::repo(&args.command, shell),
        Command::Create(args) => create::create(args, shell),
        Command::Wait(args) => create::wait(args, shell),
        Command::List(args) => list::list(args, shell),
        Command::Show(args) => show::show(args, shell),
        Command::Status(args) => status::status(args, shell),
        Command::Restore(args) => restore::restore(args, shell),
        Command::Verify(args) => verify::verify(args, shell),
        Command::Delete(args) => prune::delete(args, shell),
        Command::Prune(args) => prune::prune(args, shell),
        Command::Resolve(args) => resolve::resolve(args, shell),
        Command::Backup(args) => job::backup(args, shell),
        Command::Recover(args) => job::recover(args, shell),
    }
}
