//! Why a request has no answer. The variants are meanings, not causes: above all, whether anything was sent, for
//! only what was never sent may be repeated blindly.

use std::io;
use std::sync::Arc;
use std::time::Duration;

/// The part of a request that ran out of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The server took no more of the request.
    Send,
    /// The request was sent; the head of the answer did not come.
    Answer,
    /// The answer had begun; the rest of it did not come.
    Read,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Phase::Send => "taking the request",
            Phase::Answer => "answering",
            Phase::Read => "sending the rest of the answer",
        })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing of the request was sent: refused, no such host, no route, no connection in time, or the proxy
    /// would not connect. Any request may be tried again.
    #[error("{host} cannot be reached: {why}")]
    Unreachable { host: Arc<str>, why: String },

    /// Something was sent and the whole answer did not come: the server may have done what was asked, or not.
    /// `sending`: the connection broke while the request was still going out, as when a server refuses a body
    /// that is too large for it.
    #[error("{host} {}: {why}", if *.sending { "broke the connection while the request was being sent" } else { "broke off before the end of the answer" })]
    Lost { host: Arc<str>, why: String, sending: bool },

    /// Nothing moved for `after`. Something was sent, so this is as uncertain as `Lost`.
    #[error("{host} stopped {phase} for {after:?}")]
    TimedOut { host: Arc<str>, phase: Phase, after: Duration },

    /// The server's certificate was not accepted, or it did not accept ours, or it does not speak TLS. Nothing of
    /// the request was sent.
    #[error("{host}: no TLS connection: {why}")]
    Tls { host: Arc<str>, why: String },

    /// The server answered that what was asked for is elsewhere. It is not asked there: a POST would become a GET
    /// and the credentials are for this server alone.
    #[error("{host} answered {status} and points to {location}, which is not followed")]
    Redirect { host: Arc<str>, status: u16, location: String },

    /// What came is not HTTP, or more of it than can be taken. Asking again would give the same.
    #[error("{host}: the answer cannot be read: {why}")]
    Answer { host: Arc<str>, why: String },

    /// The run is to end: nothing more is sent, and a wait before another try is cut short.
    #[error("stopped")]
    Stopped,

    /// `--curl`: the request that would have been sent.
    #[error("{0}")]
    Shown(String),

    /// Something given to the client cannot be used: a certificate file, a header, a proxy.
    #[error("{0}")]
    Config(String),
}

impl Error {
    /// Whether what kept an answer from coming may be over the next time.
    pub fn may_pass(&self) -> bool {
        match self {
            Error::Unreachable { .. } | Error::Lost { .. } | Error::TimedOut { .. } => true,
            Error::Tls { .. }
            | Error::Redirect { .. }
            | Error::Answer { .. }
            | Error::Stopped
            | Error::Shown(_)
            | Error::Config(_) => false,
        }
    }

    /// Whether nothing of the request went out, so that even what must not be done twice may be tried again.
    pub fn nothing_sent(&self) -> bool {
        match self {
            Error::Unreachable { .. }
            | Error::Tls { .. }
            | Error::Stopped
            | Error::Shown(_)
            | Error::Config(_) => true,
            Error::Lost { .. } | Error::TimedOut { .. } | Error::Redirect { .. } | Error::Answer { .. } => {
                false
            }
        }
    }

    /// Recovers the error that reading an `Answer` gave. The reader's own errors say what broke; others are kept
    /// as the text they have.
    pub fn of_read(host: &Arc<str>, error: io::Error) -> Error {
        match error.downcast::<Error>() {
            Ok(ours) => ours,
            Err(other) => Error::Lost { host: Arc::clone(host), why: other.to_string(), sending: false },
        }
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        io::Error::other(error)
    }
}
