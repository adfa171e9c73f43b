//! What can end a run of es-snap, and its exit status. One variant a meaning.

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

    /// What was asked for cannot be had, or did not work: the words for it, and for the cure.
    #[error("{what}")]
    Failed { what: String, hint: Option<String> },

    /// `latest` of a repository that was read, and holds nothing good.
    #[error("{repository} has no snapshot that succeeded")]
    NoneSucceeded { repository: String },

    /// It could not be found out: a repository that does not answer says nothing about its snapshots.
    #[error("{what}")]
    Unfinished { what: String, hint: Option<String> },

    /// A check that was asked for says no.
    #[error("{what}")]
    Check { what: String, hint: Option<String> },

    /// Something that is no search server says no; `code` is its name for it.
    #[error("{what}")]
    Refusal { what: String, status: u16, code: String },

    /// A secret was typed where others can read it.
    #[error("{what}")]
    Secret { what: String, recipe: String },

    /// `--timeout`. Where the server goes on, `follow` is what to ask for.
    #[error("{what}")]
    TimedOut { what: String, follow: Option<String> },

    /// The run is to end while nothing was being asked.
    #[error("stopped")]
    Stopped,

    #[error("cannot {what}: {why}")]
    System { what: String, why: std::io::Error },
}

impl Error {
    pub(crate) fn usage(text: impl Into<String>) -> Error {
        Error::Cli(cli::Error::Usage(text.into()))
    }

    pub(crate) fn failed(what: impl Into<String>) -> Error {
        Error::Failed { what: what.into(), hint: None }
    }

    /// Of a request that only reads a repository: one whose files cannot be read is another thing than one that is not
    /// there. A snapshot that is listed and cannot be found is such a file.
    pub(crate) fn of_reading(self) -> Error {
        let lost = self.refusal().is_some_and(|refusal| match refusal.kind.as_str() {
            "snapshot_missing_exception" => is_remembered(&refusal.reason),
            // Elasticsearch 7 answers 500.
            "repository_missing_exception" => false,
            _ => refusal.status >= 500,
        });
        if lost { Error::lost(&self) } else { self }
    }

    /// What the repository should have is not to be had.
    pub(crate) fn lost(error: &Error) -> Error {
        let hint = "its files cannot be read; es-snap repo verify REPO has every node try";
        Error::Unfinished { what: error.to_string(), hint: Some(hint.into()) }
    }

    /// The same, with this to be done about it.
    pub(crate) fn with_hint(self, hint: String) -> Error {
        let (what, hint) = (self.to_string(), Some(hint));
        match self.exit() == Exit::Unfinished {
            true => Error::Unfinished { what, hint },
            false => Error::Failed { what, hint },
        }
    }

    /// Whether a request may have been done although no answer came.
    pub(crate) fn is_lost(&self) -> bool {
        use es_core::http::Error::{Lost, TimedOut};
        matches!(self, Error::Server(server::Error::Http(Lost { .. } | TimedOut { .. })))
    }

    /// What the server said, where it said no.
    pub(crate) fn refusal(&self) -> Option<&server::Refusal> {
        let Error::Server(error) = self else { return None };
        error.refusal()
    }
}

/// Of a snapshot that was never there servers tell `[REPO:NAME] is missing`; of one that they remember, and whose file
/// they do not find, `[REPO:NAME/UUID] is missing`, and the file.
fn is_remembered(reason: &str) -> bool {
    let names_a_file = reason
        .split_once("] is missing: ")
        .is_some_and(|(name, file)| name.contains('/') && file.contains('/'));
    reason.contains("no such file") || names_a_file
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
            Error::Failed { .. }
            | Error::NoneSucceeded { .. }
            | Error::Unfinished { .. }
            | Error::Check { .. }
            | Error::Secret { .. }
            | Error::Refusal { .. }
            | Error::TimedOut { .. }
            | Error::Stopped
            | Error::System { .. } => None,
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Error::Cli(e) => e.exit(),
            Error::Server(e) => e.exit(),
            Error::Output(e) => e.exit(),
            Error::TimedOut { .. } => Exit::TimedOut,
            Error::Check { .. } => Exit::Check,
            Error::Refusal { status, .. } if *status >= 500 => Exit::Unfinished,
            Error::Refusal { .. } => Exit::Failed,
            Error::Secret { .. } => Exit::Usage,
            Error::Stopped | Error::Unfinished { .. } => Exit::Unfinished,
            Error::Failed { .. } | Error::NoneSucceeded { .. } | Error::System { .. } => Exit::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Error::Cli(e) => e.hint(),
            Error::Server(e) => self.refusal().and_then(cure).map(str::to_owned).or_else(|| e.hint()),
            Error::Failed { hint, .. } | Error::Unfinished { hint, .. } | Error::Check { hint, .. } => {
                hint.clone()
            }
            Error::Secret { recipe, .. } => Some(recipe.clone()),
            Error::Refusal { code, .. } => match code.as_str() {
                "NoSuchBucket" => Some("--files s3://BUCKET/BASE names the bucket, --endpoint and --region where it is".into()),
                "AccessDenied" | "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "ExpiredToken" => Some(
                    "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN say who asks; it takes s3:ListBucket and s3:GetObject".into(),
                ),
                "PermanentRedirect" | "AuthorizationHeaderMalformed" => Some("the bucket is in another region: --region".into()),
                _ => None,
            },
            Error::NoneSucceeded { repository } => {
                Some(format!("es-snap list {repository} shows what it has"))
            }
            Error::TimedOut { follow, .. } => {
                follow.as_ref().map(|follow| format!("the server goes on; to follow it: {follow}"))
            }
            Error::Output(e) => e.hint(),
            Error::Stopped | Error::System { .. } => None,
        }
    }

    fn is_stop(&self) -> bool {
        matches!(self, Error::Stopped) || self.below().is_some_and(Fault::is_stop)
    }
}

/// What can be done about a refusal, where its type says what is wrong.
fn cure(refusal: &server::Refusal) -> Option<&'static str> {
    match &*refusal.kind {
        "repository_missing_exception" => Some("es-snap repo list shows those that there are"),
        "snapshot_missing_exception" => Some("es-snap list REPO shows those that there are"),
        "snapshot_exception" if refusal.reason.contains("primary shards") => {
            Some("with --partial what can be had is kept")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_that_is_remembered_and_not_found_is_not_one_that_never_was() {
        assert!(is_remembered("[r:s/iCHxunXYRWupZgCHDFO1KQ] is missing: /r/snap-iCHxunXYRWupZgCHDFO1KQ.dat"));
        assert!(is_remembered("[r:s/u] is missing: no such file"));
        assert!(!is_remembered("[r:s] is missing") && !is_remembered("[r:s/u] is missing"));
    }
}
