//! Why there is no server. Every message says what is missing, because a test run may not go on without it.

use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{server} needs {wanted} and its compiler, {found}: install one, or point JAVA_HOME to it")]
    NoJdk { server: String, wanted: String, found: String },
    #[error("fetching {server} needs {program}, which does not run: {source}")]
    NoProgram { program: String, server: String, source: io::Error },
    #[error("cannot fetch {server}: {program} says: {says}")]
    Fetch { program: String, server: String, says: String },
    #[error("{server} cannot do this here: {what}")]
    Unsupported { server: String, what: &'static str },
    #[error("{server} does not start: {why}; its last words:\n{log}")]
    NotReady { server: String, why: String, log: String },
    #[error("cannot {what} {path}: {source}")]
    Io { what: &'static str, path: PathBuf, source: io::Error },
}

impl Error {
    /// For `map_err` on what is done to a file.
    pub(super) fn io(what: &'static str, path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Error {
        let path = path.as_ref().to_path_buf();
        move |source| Error::Io { what, path, source }
    }
}
