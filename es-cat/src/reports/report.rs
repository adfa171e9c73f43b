//! What a report is.

use std::borrow::Cow;

use es_core::cli::rows::column::Column;

/// What can be asked for.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// What PATTERN chooses from.
    pub(crate) of: Option<&'static str>,
    pub(crate) from: From,
    pub(crate) example: &'static str,
    pub(super) own: &'static [Column],
    pub(super) shared: &'static [&'static [Column]],
    /// Each of the shared columns once more, of the primaries alone.
    pub(super) primaries: bool,
}

/// Where the rows come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// `_cat/NAME` with these parameters besides what all take.
    Cat(&'static str),
    /// `_count` of each index.
    Count,
    /// `_snapshot/REPOSITORY/_all` of each repository.
    Snapshots,
}

/// A report without shared columns.
pub(super) const PLAIN: Report = Report {
    name: "",
    about: "",
    of: None,
    from: From::Cat(""),
    example: "",
    own: &[],
    shared: &[],
    primaries: false,
};

impl Report {
    /// All columns, in order.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let shared = || self.shared.iter().copied().flatten().cloned();
        let mut columns: Vec<_> = self.own.iter().cloned().chain(shared()).collect();
        if self.primaries {
            columns.extend(shared().map(|column| Column {
                name: Cow::Owned(format!("pri.{}", column.name)),
                about: Cow::Owned(format!("{}, of primaries", column.about)),
                ..column
            }));
        }
        columns
    }
}
