//! What can end a run of es-xform, and its exit status.

use std::io;
use std::path::PathBuf;

use es_core::cli::error::Fault as Ending;
use es_core::cli::exit::Exit;
use es_core::record::{lines, sink};

use crate::form::wrong::Wrong;
use crate::program;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot read the input: {0}")]
    Input(#[from] lines::Error),
    #[error("the input holds bulk action lines")]
    Actions,
    #[error("{}, line {line}: {why}", file.display())]
    Header { file: PathBuf, line: u64, why: Wrong },
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
    fn below(&self) -> Option<&dyn Ending> {
        match self {
            Error::Input(e) => Some(e),
            Error::Output(e) => Some(e),
            Error::Actions
            | Error::Header { .. }
            | Error::Rejects { .. }
            | Error::TooManyRejects(_)
            | Error::Program(_)
            | Error::Thread(_) => None,
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Error::Input(e) => e.exit(),
            Error::Output(e) => e.exit(),
            Error::Actions
            | Error::Header { .. }
            | Error::Rejects { .. }
            | Error::TooManyRejects(_)
            | Error::Thread(_) => Exit::Failed,
            Error::Program(_) => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Error::Actions => {
                Some("--from bulk edits them; es-bulk --op keep loads them as they are".to_owned())
            }
            Error::Program(e) => e.hint().map(str::to_owned),
            Error::Input(e) => e.hint(),
            Error::Output(e) => e.hint(),
            Error::Header { .. } | Error::Rejects { .. } | Error::TooManyRejects(_) | Error::Thread(_) => {
                None
            }
        }
    }
}
