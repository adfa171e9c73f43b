//! What can go wrong between asking a server and having its whole answer. One variant a meaning: the exit status
//! follows from it.

use std::sync::Arc;

use super::refusal::Refusal;
use crate::http;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Http(#[from] http::Error),

    /// The server said no, and would say no again.
    #[error("{what}: {host} answered {refusal}")]
    Refused { what: String, host: Arc<str>, refusal: Refusal },

    /// The server said "not now" until the patience ended.
    #[error("{what}: {host} still answers {refusal}")]
    Busy { what: String, host: Arc<str>, refusal: Refusal },

    /// Part of the data could not be searched: shards failed, the search timed out, or shards are gone.
    #[error("{what}: {host} answered with {trouble}")]
    Partial { what: String, host: Arc<str>, trouble: String },

    /// The scroll or point in time is gone, or an answer was lost that cannot be asked for again.
    #[error("{what}: {why}")]
    CursorLost { what: String, why: String },

    /// The server ended before as many hits came as it had announced, or went on after them.
    #[error("{what}: {got} hits came, {announced} were announced")]
    Count { what: String, got: u64, announced: u64 },

    /// The answer is not what the API gives.
    #[error("{what}: the answer of {host} cannot be read: {why}")]
    Unreadable { what: String, host: Arc<str>, why: String },

    #[error("{host} is neither Elasticsearch nor OpenSearch: it does not tell a version")]
    NotASearchServer { host: Arc<str> },
}

impl Error {
    /// The error for an answer of 400 and above: whether asking later may help is in its status.
    pub fn refused(what: impl Into<String>, host: Arc<str>, refusal: Refusal) -> Error {
        let what = what.into();
        match http::retry::says_later(refusal.status) {
            true => Error::Busy { what, host, refusal },
            false => Error::Refused { what, host, refusal },
        }
    }

    /// The limit that an index sets for the size of a page, from the server's reason: "Result window is too large,
    /// from + size must be less than or equal to: `[100]` but was `[1000]`".
    pub(super) fn result_window(&self) -> Option<u32> {
        let Error::Refused { refusal, .. } = self else { return None };
        let limit = refusal.reason.split_once("less than or equal to: [")?.1;
        limit.split_once(']')?.0.parse().ok()
    }

    /// What the server said, where it said no.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Error::Refused { refusal, .. } | Error::Busy { refusal, .. } => Some(refusal),
            Error::Http(_)
            | Error::Partial { .. }
            | Error::CursorLost { .. }
            | Error::Count { .. }
            | Error::Unreadable { .. }
            | Error::NotASearchServer { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_an_index_is_found_in_the_reason() {
        let error = |reason: &str| {
            let refusal = Refusal { status: 400, kind: String::new(), reason: reason.to_owned() };
            Error::refused("", "".into(), refusal)
        };
        let text =
            "Result window is too large, from + size must be less than or equal to: [100] but was [1000].";
        assert_eq!(error(text).result_window(), Some(100));
        assert_eq!(error("no such index").result_window(), None);
    }
}
