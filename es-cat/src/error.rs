//! What can end a run of es-cat, and its exit status.

use es_core::cli::{self, Exit, Fault};
use es_core::record::sink;
use es_core::server;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Cli(#[from] cli::Error),

    #[error(transparent)]
    Server(#[from] server::Error),

    #[error(transparent)]
    Output(#[from] sink::Error),

    /// `--strict`: a column that the server has not.
    #[error("{0}")]
    Lacking(String),

    /// `--wait-for`: the time is over.
    #[error("{0}")]
    TimedOut(String),

    /// The run is to end while nothing was being asked.
    #[error("stopped")]
    Stopped,

    #[error("cannot {what}: {why}")]
    System { what: &'static str, why: std::io::Error },
}

impl Error {
    pub(crate) fn usage(text: impl Into<String>) -> Error {
        Error::Cli(cli::Error::Usage(text.into()))
    }
}

impl From<es_core::http::Error> for Error {
    fn from(e: es_core::http::Error) -> Error {
        Error::Server(e.into())
    }
}

impl Fault for Error {
    fn below(&self) -> Option<&dyn Fault> {
        match self {
            Error::Cli(e) => Some(e),
            Error::Server(e) => Some(e),
            Error::Output(e) => Some(e),
            Error::Lacking(_) | Error::TimedOut(_) | Error::Stopped | Error::System { .. } => None,
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Error::Cli(e) => e.exit(),
            Error::Server(e) => e.exit(),
            Error::Output(e) => e.exit(),
            Error::TimedOut(_) => Exit::TimedOut,
            Error::Stopped => Exit::Unfinished,
            Error::Lacking(_) | Error::System { .. } => Exit::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Error::Cli(e) => e.hint(),
            Error::Server(e) => e.hint(),
            Error::Lacking(_) => Some("without --strict it is empty".into()),
            Error::Output(e) => e.hint(),
            Error::TimedOut(_) | Error::Stopped | Error::System { .. } => None,
        }
    }

    fn is_stop(&self) -> bool {
        matches!(self, Error::Stopped) || self.below().is_some_and(Fault::is_stop)
    }
}
