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
    fn exit(&self) -> Exit {
        match self {
            Error::Output(sink::Error::Closed) => Exit::Done,
            Error::Input(_)
            | Error::Actions
            | Error::Header { .. }
            | Error::Output(_)
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
            Error::Input(_)
            | Error::Header { .. }
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
