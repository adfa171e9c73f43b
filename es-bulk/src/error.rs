//! What ends a load before its time, each with its status and cure.

use std::io;
use std::path::PathBuf;

use es_core::cli::{self, Exit, Fault};
use es_core::http;
use es_core::record::lines;
use es_core::server::{self, Refusal};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Usage(String),

    #[error(transparent)]
    Cli(#[from] cli::Error),

    #[error(transparent)]
    Http(#[from] http::Error),

    #[error(transparent)]
    Server(#[from] server::Error),

    #[error(transparent)]
    Input(#[from] lines::Error),

    /// A file is not what its manifest says.
    #[error("{} is not whole: {why}", file.display())]
    NotWhole { file: PathBuf, why: String },

    #[error("cannot read {}: {why}", file.display())]
    Schema { file: PathBuf, why: String },

    #[error("{host} has no index {name}")]
    NoIndex { host: String, name: String },

    /// Somebody deleted the index while it was being loaded; the server may have made a new one of the same name.
    #[error("index {name} was deleted during the load: {}", if *.remade { "the server made another of this name" } else { "it is no longer there" })]
    Deleted { name: String, remade: bool },

    /// No document would get in.
    #[error("loading into {target}: {host} answered {refusal}")]
    Refused { target: String, host: String, refusal: Refusal },

    /// Nothing got in for the whole patience.
    #[error("loading into {target}: nothing got through for {after}: {why}")]
    Exhausted { target: String, after: String, why: String },

    /// Documents were sent whose fate is not known, and cannot be sent again.
    #[error("updates that were sent and not answered: {0}; an update cannot be sent twice")]
    Unanswered(u64),

    #[error("{count} records were refused, which is more than --max-rejects allows")]
    TooManyRejects { count: u64 },

    #[error("nothing but refusals: the first {count} records were all refused for {kind}")]
    AllRefused { count: u64, kind: String },

    #[error("cannot write {}: {why}", path.display())]
    Rejects { path: PathBuf, why: io::Error },

    #[error("{found} records are in their place, and {expected} were expected")]
    Expected { found: u64, expected: cli::Expect },

    #[error("{0}")]
    System(#[from] io::Error),
}

impl Fault for Error {
    fn below(&self) -> Option<&dyn Fault> {
        match self {
            Error::Cli(e) => Some(e),
            Error::Http(e) => Some(e),
            Error::Server(e) => Some(e),
            Error::Input(e) => Some(e),
            Error::Usage(_)
            | Error::NotWhole { .. }
            | Error::Schema { .. }
            | Error::NoIndex { .. }
            | Error::Deleted { .. }
            | Error::Refused { .. }
            | Error::Exhausted { .. }
            | Error::Unanswered(_)
            | Error::TooManyRejects { .. }
            | Error::AllRefused { .. }
            | Error::Rejects { .. }
            | Error::Expected { .. }
            | Error::System(_) => None,
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Error::Usage(_) => Exit::Usage,
            Error::Cli(e) => e.exit(),
            Error::Http(e) => e.exit(),
            Error::Server(e) => e.exit(),
            Error::Input(e) => e.exit(),
            Error::Exhausted { .. } | Error::Unanswered(_) => Exit::Unfinished,
            Error::Expected { .. } => Exit::Check,
            Error::NotWhole { .. }
            | Error::Schema { .. }
            | Error::NoIndex { .. }
            | Error::Deleted { .. }
            | Error::Refused { .. }
            | Error::TooManyRejects { .. }
            | Error::AllRefused { .. }
            | Error::Rejects { .. }
            | Error::System(_) => Exit::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::Cli(cli::Error::FileAsTarget(file)) => format!(
                "write TARGET before it, as in es-bulk http://localhost:9200/logs {file}; it may be left out only \
                 where records come from standard input"
            ),
            Error::Cli(e) => return e.hint(),
            Error::Http(e) => return e.hint(),
            Error::Server(e) => return e.hint(),
            Error::Input(e) => return e.hint(),
            Error::NoIndex { .. } => {
                "--create-index makes it; --create-index=FILE with the mapping of a manifest".into()
            }
            Error::Refused { refusal, .. } => return refused_hint(refusal),
            Error::Exhausted { .. } => {
                "run it again when the server is well: what is there is skipped".into()
            }
            Error::Unanswered(_) => "compare these documents before sending them again".into(),
            Error::TooManyRejects { .. } => "--rejects FILE takes them all, with their reasons".into(),
            Error::AllRefused { .. } => {
                "does the mapping fit the documents? --rejects FILE goes on all the same".into()
            }
            Error::Usage(_)
            | Error::NotWhole { .. }
            | Error::Schema { .. }
            | Error::Deleted { .. }
            | Error::Rejects { .. }
            | Error::Expected { .. }
            | Error::System(_) => return None,
        };
        Some(hint)
    }
}

fn refused_hint(refusal: &Refusal) -> Option<String> {
    let hint = match (refusal.status, &*refusal.kind) {
        (_, "index_closed_exception") => "open the index, then run the same load again",
        (_, "cluster_block_exception") => "lift the block, then run the same load again",
        (_, "index_not_found_exception") => "somebody deleted the index while it was being loaded",
        (status, _) => cli::error::credentials_hint(status)?,
    };
    Some(hint.into())
}
