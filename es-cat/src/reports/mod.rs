//! The reports: for each its columns, where they come from, and an example. The same columns in the same order for
//! every server; adding one is one line here.

mod cluster;
mod indices;
mod nodes;
mod stats;

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
    own: &'static [Column],
    shared: &'static [&'static [Column]],
    /// Each of the shared columns once more, of the primaries alone.
    primaries: bool,
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

/// In the order of the manual.
pub(crate) const ALL: [&Report; 19] = [
    &indices::INDICES,
    &indices::SHARDS,
    &nodes::NODES,
    &nodes::ALLOCATION,
    &nodes::THREAD_POOL,
    &indices::RECOVERY,
    &indices::SEGMENTS,
    &cluster::HEALTH,
    &indices::ALIASES,
    &indices::TEMPLATES,
    &indices::COUNT,
    &cluster::PENDING_TASKS,
    &nodes::PLUGINS,
    &nodes::NODEATTRS,
    &cluster::REPOSITORIES,
    &cluster::SNAPSHOTS,
    &nodes::TASKS,
    &nodes::FIELDDATA,
    &nodes::MASTER,
];

/// A report without shared columns.
const PLAIN: Report = Report {
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
    pub(crate) fn find(name: &str) -> Option<&'static Report> {
        ALL.into_iter().find(|report| report.name == name)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_names_of_their_own_and_a_word_about_them() {
        for report in ALL {
            let columns = report.columns();
            let mut names: Vec<_> = columns.iter().map(|column| column.name.clone()).collect();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), columns.len(), "{}", report.name);
            assert!(columns.iter().all(|column| column.about.len() > 2), "{}", report.name);
            assert!(columns.iter().any(|column| column.shown), "{}", report.name);
            // What is shown to all is what all servers have.
            let only = columns.iter().find(|column| column.shown && !column.only.to_string().is_empty());
            assert!(only.is_none(), "{}: {only:?}", report.name);
            assert!(report.example.starts_with(&format!("es-cat {}", report.name)), "{}", report.example);
        }
    }

    #[test]
    fn counters_have_a_row_to_be_compared_with() {
        for report in ALL {
            let columns = report.columns();
            let keyed = columns.iter().any(|column| column.key);
            assert!(keyed || !columns.iter().any(|column| column.counter), "{}", report.name);
        }
    }
}
