//! From each layer's own errors to an exit status and a cure. Exhaustive: a new variant must choose both.

use std::process::ExitCode;

use super::exit::Exit;
use super::report::Report;
use crate::http;

/// An error that ends a run.
pub trait Fault: std::error::Error {
    fn exit(&self) -> Exit;

    /// What the person can do about it, when that is known.
    fn hint(&self) -> Option<String> {
        None
    }
}

/// What this layer itself finds wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line, the environment or the configuration cannot be used. Nothing was sent.
    #[error("{0}")]
    Usage(String),

    #[error(transparent)]
    Http(#[from] http::Error),
}

impl Fault for Error {
    fn exit(&self) -> Exit {
        match self {
            Error::Usage(_) => Exit::Usage,
            Error::Http(e) => e.exit(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Error::Usage(_) => None,
            Error::Http(e) => e.hint(),
        }
    }
}

impl Fault for http::Error {
    fn exit(&self) -> Exit {
        match self {
            http::Error::Unreachable { .. }
            | http::Error::Lost { .. }
            | http::Error::TimedOut { .. }
            | http::Error::Stopped => Exit::Unfinished,
            http::Error::Tls { .. } | http::Error::Redirect { .. } | http::Error::Answer { .. } => {
                Exit::Failed
            }
            http::Error::Shown(_) => Exit::Done,
            http::Error::Config(_) => Exit::Usage,
        }
    }
}

/// The last words of a run and its status.
pub fn finish<E: Fault>(report: &Report, outcome: Result<Exit, E>) -> ExitCode {
    match outcome {
        Ok(exit) => exit.leave(),
        Err(e) => {
            report.error(&e.to_string());
            if let Some(hint) = e.hint() {
                report.hint(&hint);
            }
            e.exit().leave()
        }
    }
}
