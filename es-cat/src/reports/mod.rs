//! The reports: for each its columns, where they come from, and an example. The same columns in the same order for
//! every server; adding one is one line here.

mod cluster;
mod indices;
mod nodes;
mod report;
mod stats;

pub(crate) use report::{From, Report};

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

/// The report of this name.
pub(crate) fn find(name: &str) -> Option<&'static Report> {
    ALL.into_iter().find(|report| report.name == name)
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
