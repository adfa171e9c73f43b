//! `repo`: from its command to its file.

mod add;
mod asked;
mod change;
mod cleanup;
mod fault;
mod keystore;
mod looking;
mod probe;
pub(crate) mod undo;

use es_core::cli::Exit;

use crate::args::RepoCommand;
use crate::cluster::Shell;
use crate::error::Error;

pub(crate) fn repo(command: &RepoCommand, shell: Shell<'_>) -> Result<Exit, Error> {
    match command {
        RepoCommand::Add(args) => add::add(args, shell),
        RepoCommand::Show(args) => looking::show(args, shell),
        RepoCommand::List(args) => looking::list(args, shell),
        RepoCommand::Verify(args) => looking::verify(args, shell),
        RepoCommand::Cleanup(args) => cleanup::cleanup(args, shell),
        RepoCommand::Remove(args) => cleanup::remove(args, shell),
    }
}
