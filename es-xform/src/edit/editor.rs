//! A record under the rules of a program, and what is kept while they are applied.

use super::OnClash;
use super::language::Languages;
use super::record::{Record, Slot};

/// What a rule did with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Did {
    Nothing,
    /// A test let it pass.
    Passed,
    Changed,
    Dropped,
}

/// A record under the rules of a program.
pub(crate) struct Editor<'e, 'r> {
    pub(crate) record: &'e mut Record<'r>,
    /// The outermost object, whose keys are the docinfo.
    pub(crate) line: Slot,
    pub(crate) languages: &'e Languages<'e>,
    pub(crate) on_clash: OnClash,
    /// The rules that were applied, and whether each counts.
    pub(crate) journal: &'e mut Vec<(usize, bool)>,
    pub(crate) trail: &'e mut Trail,
}

/// The way that is followed, kept from record to record for its room.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    pub(super) way: Vec<Slot>,
    /// Where the present way starts; those before it belong to the rules around.
    pub(super) start: usize,
    /// Ways to what is to go; the flag is at the end of each.
    pub(super) gone: Vec<(Slot, bool)>,
}

impl Trail {
    /// Forgets what a record that failed has left behind.
    pub(crate) fn clear(&mut self) {
        self.way.clear();
        self.start = 0;
        self.gone.clear();
    }
}
