//! What a server goes on with when the run that asked for it ends: that is said, with the command that follows it.

use es_core::cli::Fault;
use es_core::server;

use crate::cluster::Shell;
use crate::deadline::Deadline;
use crate::error::Error;

pub(crate) struct Pending<'a> {
    pub(crate) shell: Shell<'a>,
    pub(crate) what: String,
    /// What to type.
    pub(crate) follow: String,
}

impl Pending<'_> {
    /// Where it is indices that are made.
    pub(crate) fn or_undone(mut self, indices: &str) -> Self {
        self.follow += &format!("; to undo it, delete the indices {indices}");
        self
    }

    /// Asking about it ended with this error.
    pub(crate) fn goes_on(&self, error: Error, deadline: &Deadline) -> Error {
        match deadline.ended(&error) {
            true => Error::TimedOut { what: error.to_string(), follow: Some(self.follow.clone()) },
            false => self.told("goes on", error),
        }
    }

    /// It was asked for, and no answer came.
    pub(crate) fn may_have_begun(&self, error: Error) -> Error {
        self.told("may have begun", error)
    }

    fn told(&self, how: &str, error: Error) -> Error {
        let text = format!("{} {how}; to follow it: {}", self.what, self.follow);
        if error.is_stop() || self.shell.stop.requested() {
            // The error of a run that was stopped is not told.
            self.shell.report.warn(&text);
            return error;
        }
        // Who answers something else is not the server that goes on.
        if matches!(error, Error::Server(server::Error::Unreadable { .. })) {
            return error;
        }
        error.with_hint(text)
    }
}
