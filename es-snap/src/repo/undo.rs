//! A registration that is taken back on every way out but one: when it was good.

use crate::cluster::Cluster;
use crate::error::Error;
use crate::repository::{Repository, unregister};

pub(crate) struct Undo<'a> {
    /// No signal reaches it.
    closer: Cluster<'a>,
    name: String,
    before: Option<Repository>,
    good: bool,
}

impl<'a> Undo<'a> {
    /// Before anything is registered under the name, where now is `before`.
    pub(crate) fn new(
        cluster: &Cluster<'a>,
        name: &str,
        before: Option<Repository>,
    ) -> Result<Undo<'a>, Error> {
        Ok(Undo { closer: cluster.closer()?, name: name.to_owned(), before, good: false })
    }

    pub(crate) fn keep(mut self) {
        self.good = true;
    }
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        if self.good {
            return;
        }
        let name = &self.name;
        let undone = match &self.before {
            Some(before) => before.register(&self.closer, name),
            None => match unregister(&self.closer, name) {
                Err(error) if crate::repository::is_missing(&error) => Ok(()),
                other => other,
            },
        };
        if let Err(error) = undone {
            let report = self.closer.shell.report;
            report.warn(&format!("the repository {name} could not be put back as it was: {error}"));
        }
    }
}
