//! What can end a run of es-scroll, and its exit status.

use es_core::cli::{self, Exit, Fault};
use es_core::record::sink;
use es_core::{http, server};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Cli(#[from] cli::Error),

    #[error(transparent)]
    Server(#[from] server::Error),

    #[error(transparent)]
    Output(#[from] sink::Error),

    #[error("no index of {host} matches {expression}")]
    NoIndex { host: String, expression: String },

    /// There is nothing to be had where it should be, as of documents without `_source`.
    #[error("{0}")]
    Missing(String),

    /// Some shards have no copy that could be read.
    #[error("{0}")]
    Unassigned(String),

    /// Shards that have no copy have no names either: what is left would be dealt out otherwise.
    #[error(
        "--share {share}: {missing} of the shards have no copy that can be read, so they cannot be dealt out"
    )]
    Undealt { share: String, missing: usize },

    #[error("cannot {what}: {why}")]
    System { what: &'static str, why: std::io::Error },
}

impl Error {
    pub(crate) fn usage(text: impl Into<String>) -> Error {
        Error::Cli(cli::Error::Usage(text.into()))
    }

    /// Whether it concerns only the shard that was read, and the others may be read all the same.
    pub(crate) fn is_of_a_shard(&self) -> bool {
        match self {
            Error::Server(e) => match e {
                server::Error::Busy { .. }
                | server::Error::Partial { .. }
                | server::Error::CursorLost { .. }
                | server::Error::Count { .. } => true,
                server::Error::Http(e) => {
                    matches!(e, http::Error::Lost { .. } | http::Error::TimedOut { .. })
                }
                server::Error::Refused { .. }
                | server::Error::Unreadable { .. }
                | server::Error::NotASearchServer { .. } => false,
            },
            Error::Unassigned(_) => true,
            Error::Cli(_)
            | Error::Output(_)
            | Error::Undealt { .. }
            | Error::NoIndex { .. }
            | Error::Missing(_)
            | Error::System { .. } => false,
        }
    }
}

/// For work on threads that may not start.
impl From<std::io::Error> for Error {
    fn from(why: std::io::Error) -> Error {
        Error::System { what: "start a thread", why }
    }
}

impl Fault for Error {
    fn below(&self) -> Option<&dyn Fault> {
        match self {
            Error::Cli(e) => Some(e),
            Error::Server(e) => Some(e),
            Error::Output(e) => Some(e),
            Error::NoIndex { .. }
            | Error::Missing(_)
            | Error::Unassigned(_)
            | Error::Undealt { .. }
            | Error::System { .. } => None,
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Error::Cli(e) => e.exit(),
            Error::Server(e) => e.exit(),
            Error::Unassigned(_) | Error::Undealt { .. } => Exit::Unfinished,
            Error::Output(e) => e.exit(),
            Error::NoIndex { .. } | Error::Missing(_) | Error::System { .. } => Exit::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Error::Cli(e) => e.hint(),
            Error::Server(server::Error::Partial { .. }) => {
                Some("running it again may help; --allow-partial writes what there is".into())
            }
            Error::Server(e) => e.hint(),
            Error::Output(e) => e.hint(),
            Error::Unassigned(_) => Some("--allow-partial reads what there is".into()),
            Error::Undealt { .. } => Some("without --share, --allow-partial reads what there is".into()),
            Error::NoIndex { host, .. } => Some(format!("{host}/_cat/indices lists what there is")),
            Error::Missing(_) | Error::System { .. } => None,
        }
    }
}
