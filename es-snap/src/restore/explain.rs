//! Why a shard is on no node, in the words of `_cluster/allocation/explain`.

use std::collections::BTreeMap;

use es_core::http::{Method, Repeat};
use serde::Deserialize;
use serde_json::json;

use crate::cluster::Cluster;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Explanation {
    allocate_explanation: String,
    node_allocation_decisions: Vec<OfNode>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OfNode {
    deciders: Vec<Decider>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Decider {
    decider: String,
    decision: String,
    explanation: String,
}

/// Those that say no because others have said no before: no reason of their own.
const AFTERWARDS: [&str; 2] = ["restore_in_progress", "max_retry"];

/// What keeps a primary shard from every node. Where it cannot be asked, that is said; it changes nothing about the
/// shard.
pub(crate) fn explain(cluster: &Cluster, index: &str, shard: u64) -> String {
    let body = json!({"index": index, "shard": shard, "primary": true});
    let path = "/_cluster/allocation/explain";
    match cluster.send(Method::Post, path, Some(&body), Repeat::Safe, "asking why a shard has no node") {
        Ok(explanation) => words(&explanation),
        Err(e) => format!("no node may have it; why is not known: {e}"),
    }
}

fn words(explanation: &Explanation) -> String {
    let nodes = explanation.node_allocation_decisions.len();
    let refusals = explanation.node_allocation_decisions.iter().flat_map(|node| &node.deciders);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for refusal in
        refusals.filter(|decider| decider.decision == "NO" && !AFTERWARDS.contains(&&*decider.decider))
    {
        *counts.entry(&refusal.explanation).or_default() += 1;
    }
    if counts.is_empty() {
        return format!("no node may have it: {}", explanation.allocate_explanation);
    }
    let told: Vec<_> = counts
        .iter()
        .map(|(why, count)| match count {
            _ if *count == nodes => (*why).to_owned(),
            count => format!("{why} ({count} of {nodes} nodes)"),
        })
        .collect();
    format!("no node may have it: {}", told.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_that_say_no_are_told_once_each() {
        let decider = |name: &str, why: &str| json!({"decider": name, "decision": "NO", "explanation": why});
        let of = |deciders: &[serde_json::Value]| json!({"deciders": deciders});
        let (after, filter) = (decider("restore_in_progress", "failed before"), decider("filter", "not x"));
        let answer = json!({
            "allocate_explanation": "none",
            "node_allocation_decisions": [
                of(&[after.clone(), filter.clone()]), of(&[filter, decider("disk_threshold", "full")]),
            ],
        });
        let told = words(&serde_json::from_value(answer).unwrap());
        assert_eq!(told, "no node may have it: full (1 of 2 nodes); not x");
        let answer = json!({"allocate_explanation": "none", "node_allocation_decisions": [of(&[after])]});
        assert_eq!(words(&serde_json::from_value(answer).unwrap()), "no node may have it: none");
    }
}
