//! Whether the cluster has room for what a drill restores, asked before it begins.

use std::collections::{BTreeMap, BTreeSet};

use es_core::cli::figures::size;
use serde::Deserialize;

use crate::cluster::{Cluster, snapshot_path};
use crate::error::Error;

#[derive(Deserialize)]
struct Status {
    snapshots: Vec<OfSnapshot>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OfSnapshot {
    indices: BTreeMap<String, OfIndex>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OfIndex {
    stats: Stats,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stats {
    /// Since 6.4: all files that the snapshot needs.
    total: Option<Total>,
    /// Before: those that it added.
    total_size_in_bytes: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Total {
    size_in_bytes: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Nodes {
    nodes: BTreeMap<String, Node>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Node {
    roles: Option<Vec<String>>,
    fs: Fs,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Fs {
    total: Space,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Space {
    available_in_bytes: u64,
}

/// Refuses a drill that would fill the disks. Sizes that the server does not tell are no reason against it.
pub(crate) fn check(
    cluster: &Cluster,
    repository: &str,
    snapshot: &str,
    indices: &BTreeSet<String>,
) -> Result<(), Error> {
    let path = format!("{}/_status", snapshot_path(repository, snapshot));
    let needed = match cluster.get::<Status>(&path, "asking for the size of the snapshot") {
        Ok(status) => needed(&status, indices),
        Err(e) if e.refusal().is_some() => {
            cluster.shell.report.warn(&format!("{e}; whether there is room for it is not known"));
            return Ok(());
        }
        Err(e) => return Err(e),
    };
    let nodes: Nodes = cluster.get("/_nodes/stats/fs", "asking for free disk space")?;
    let free = free(&nodes);
    // While it is restored, and until it is merged, it takes a little more.
    if needed + needed / 10 > free {
        return Err(Error::Unfinished {
            what: format!("no room for a drill: it needs {}, and {} are free", size(needed), size(free)),
            hint: Some("--indices or --share restores less at a time".into()),
        });
    }
    Ok(())
}

fn needed(status: &Status, indices: &BTreeSet<String>) -> u64 {
    let all = status.snapshots.iter().flat_map(|snapshot| &snapshot.indices);
    let chosen = all.filter(|(name, _)| indices.contains(*name));
    chosen
        .map(|(_, index)| {
            index.stats.total.as_ref().map_or(index.stats.total_size_in_bytes, |t| t.size_in_bytes)
        })
        .sum()
}

/// What is left on the nodes that hold data.
fn free(nodes: &Nodes) -> u64 {
    let holds_data = |node: &&Node| {
        node.roles
            .as_ref()
            .is_none_or(|roles| roles.iter().any(|role| role == "data" || role.starts_with("data_")))
    };
    nodes.nodes.values().filter(holds_data).map(|node| node.fs.total.available_in_bytes).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn room_is_what_data_nodes_have() {
        let space = |free: u64| json!({"total": {"total_in_bytes": 1000, "available_in_bytes": free}});
        let nodes = json!({"nodes": {
            "a": {"roles": ["data_hot"], "fs": space(500)},
            "b": {"roles": ["master"], "fs": space(900)},
            "c": {"fs": space(100)},
        }});
        assert_eq!(free(&serde_json::from_value(nodes).unwrap()), 600);
        let status = json!({"snapshots": [{"indices": {
            "a": {"stats": {"total": {"size_in_bytes": 7}}}, "b": {"stats": {"total_size_in_bytes": 5}}, "c": {},
            "d": {"stats": {"total": {"size_in_bytes": 100}}},
        }}]});
        let chosen = ["a", "b", "c"].map(str::to_owned).into();
        assert_eq!(needed(&serde_json::from_value(status).unwrap(), &chosen), 12);
    }
}
