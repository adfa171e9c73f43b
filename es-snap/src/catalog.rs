//! Which snapshots there are, and which is meant: names, patterns, `latest`.

use es_core::server::snapshot::{Snapshot, State, list, list_briefly};

use crate::cluster::Cluster;
use crate::error::Error;

/// The newest snapshot that succeeded.
pub(crate) const LATEST: &str = "latest";

/// Those that `names` says, or all, oldest first. Several names are given once each.
pub(crate) fn select(cluster: &Cluster, repository: &str, names: &[String]) -> Result<Vec<Snapshot>, Error> {
    let (latest, named): (Vec<_>, Vec<_>) = names.iter().partition(|name| *name == LATEST);
    let mut found = match (named.is_empty(), latest.is_empty()) {
        (true, false) => Vec::new(),
        (true, true) => all(cluster, repository)?,
        (false, _) => {
            let names: Vec<_> = named.iter().map(|name| name.as_str()).collect();
            list(&cluster.client, repository, &names.join(",")).map_err(lost)?
        }
    };
    if !latest.is_empty() {
        let newest = newest(&all(cluster, repository)?).cloned();
        found.push(newest.ok_or_else(|| Error::NoneSucceeded { repository: repository.to_owned() })?);
    }
    found.sort_by(|a, b| (a.start, &a.name).cmp(&(b.start, &b.name)));
    found.dedup_by(|a, b| a.name == b.name);
    Ok(found)
}

/// All that the repository has.
pub(crate) fn all(cluster: &Cluster, repository: &str) -> Result<Vec<Snapshot>, Error> {
    list(&cluster.client, repository, "_all").map_err(lost)
}

/// All, with nothing but their names, uuids, states and indices where the server can: it then reads one file and not one
/// for each.
pub(crate) fn brief(cluster: &Cluster, repository: &str) -> Result<Vec<Snapshot>, Error> {
    match cluster.flavor()?.lists_snapshots_briefly() {
        true => list_briefly(&cluster.client, repository).map_err(lost),
        false => all(cluster, repository),
    }
}

fn lost(error: es_core::server::Error) -> Error {
    Error::from(error).of_reading()
}

/// The one that `name` says.
pub(crate) fn find(cluster: &Cluster, repository: &str, name: &str) -> Result<Snapshot, Error> {
    if name.contains(['*', ',']) {
        return Err(Error::usage(format!("`{name}` is a pattern or a list; one snapshot is meant here")));
    }
    let mut found = select(cluster, repository, &[name.to_owned()])?;
    match found.len() {
        1 => Ok(found.remove(0)),
        count => Err(Error::failed(format!("{repository} has {count} snapshots called {name}"))),
    }
}

/// The one of this name, whatever its state; None: the repository has none.
pub(crate) fn there(cluster: &Cluster, repository: &str, name: &str) -> Result<Option<Snapshot>, Error> {
    match list(&cluster.client, repository, name).map_err(Error::from) {
        Ok(mut found) => Ok(found.pop()),
        Err(error) if error.refusal().is_some_and(|r| r.kind == "snapshot_missing_exception") => Ok(None),
        Err(error) => Err(error),
    }
}

/// The newest good one. A backup that lacks shards is none, however new.
pub(crate) fn newest(snapshots: &[Snapshot]) -> Option<&Snapshot> {
    let good = snapshots.iter().filter(|snapshot| snapshot.state == State::Success);
    good.max_by_key(|snapshot| (snapshot.start, &snapshot.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_the_one_that_began_last_and_succeeded() {
        let snapshot = |name: &str, start, state| Snapshot {
            name: name.into(),
            start: Some(start),
            state,
            ..Snapshot::default()
        };
        let mut all = vec![
            snapshot("b", 2, State::Success),
            snapshot("a", 1, State::Success),
            snapshot("c", 3, State::Partial),
            snapshot("d", 4, State::InProgress),
        ];
        assert_eq!(newest(&all).unwrap().name, "b");
        all.clear();
        assert!(newest(&all).is_none());
    }
}
