//! Why the demo ends early: no servers, or something that is not as promised.

use std::io;

use crate::node;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Node(#[from] node::Error),
    #[error("there is no server {name}; there are {known}")]
    NoServer { name: String, known: String },
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("bash does not run: {0}")]
    NoShell(io::Error),
    #[error("the last command ended with {found}, not with status {expected}")]
    Status { found: String, expected: i32 },
    #[error("the last command did not say `{expected}`")]
    Said { expected: String },
    #[error("{index}: {why}")]
    Differs { index: String, why: String },
}
