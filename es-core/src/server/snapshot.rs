//! Snapshots as `GET _snapshot/REPOSITORY/NAMES` tells of them: the one answer that does not call a partial snapshot a
//! success (`_status` does).
//!
//! `{"snapshots":[{snapshot, uuid, state, indices, shards{total,successful,failed}, failures[…], start_time_in_millis,
//! end_time_in_millis, …}]}`; fields came over time, and all but the name may be missing.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::ask::{Held, ask};
use super::error::Error;
use super::refusal::Refusal;
use crate::http::target::{encode_index, encode_segment};
use crate::http::{Call, Client};

#[derive(Debug, Deserialize)]
struct List {
    #[serde(default)]
    snapshots: Vec<Snapshot>,
    /// Of several repositories, those that could not be read, in an answer of 200.
    #[serde(default)]
    failures: Map<String, Value>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    #[serde(rename = "snapshot")]
    pub name: String,
    pub uuid: Option<String>,
    pub version: Option<String>,
    pub indices: Vec<String>,
    pub data_streams: Vec<String>,
    pub include_global_state: Option<bool>,
    /// What was noted with it.
    pub metadata: Option<Map<String, Value>>,
    pub state: State,
    #[serde(rename = "start_time_in_millis")]
    pub start: Option<i64>,
    #[serde(rename = "end_time_in_millis")]
    pub end: Option<i64>,
    #[serde(rename = "duration_in_millis")]
    pub duration: Option<i64>,
    pub reason: Option<String>,
    pub shards: Shards,
    pub failures: Vec<Failure>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    InProgress,
    Success,
    Partial,
    Failed,
    Incompatible,
    /// One that later versions may have, or none at all. It is no success.
    #[serde(untagged)]
    Other(String),
}

impl Default for State {
    fn default() -> State {
        State::Other(String::new())
    }
}

impl State {
    /// As servers write it.
    pub fn name(&self) -> &str {
        match self {
            State::InProgress => "IN_PROGRESS",
            State::Success => "SUCCESS",
            State::Partial => "PARTIAL",
            State::Failed => "FAILED",
            State::Incompatible => "INCOMPATIBLE",
            State::Other(name) => name,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Shards {
    pub total: Option<u64>,
    pub successful: Option<u64>,
    pub failed: Option<u64>,
}

/// A shard that is not in the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Failure {
    pub index: String,
    #[serde(alias = "shard")]
    pub shard_id: u64,
    pub reason: String,
    pub node_id: Option<String>,
}

impl Snapshot {
    /// The server's own policy that made it: Elasticsearch's, or OpenSearch's snapshot management.
    pub fn policy(&self) -> Option<&str> {
        let metadata = self.metadata.as_ref()?;
        ["policy", "sm_policy"].iter().find_map(|name| metadata.get(*name)?.as_str())
    }

    /// Whether it ended, and when: one that is running has an end of zero.
    pub fn ended(&self) -> Option<i64> {
        self.end.filter(|end| *end > 0)
    }
}

/// The snapshots of one repository that `names` says: `_all`, names or patterns with commas between.
///
/// # Errors
/// When the repository or a plain name is missing, or the answer cannot be had or read.
pub fn list(client: &Client, repository: &str, names: &str) -> Result<Vec<Snapshot>, Error> {
    get(client, repository, &encode_index(names))
}

/// All of the repository, only with what its index tells: names, uuids, states and indices. `Flavor` tells who can.
///
/// # Errors
/// As `list`.
pub fn list_briefly(client: &Client, repository: &str) -> Result<Vec<Snapshot>, Error> {
    get(client, repository, "_all?verbose=false")
}

fn get(client: &Client, repository: &str, which: &str) -> Result<Vec<Snapshot>, Error> {
    let path = format!("/_snapshot/{}/{which}", encode_segment(repository));
    let what = format!("listing the snapshots of {repository}");
    let list: List = ask(client, &Call::get(&path), Held::List, &what)?;
    match list.failures.values().next() {
        Some(error) => Err(Error::refused(what, client.host(), Refusal::of_error(500, error))),
        None => Ok(list.snapshots),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_every_age_are_read() {
        for (text, state, failed, policy) in [
            (r#"{"snapshot":"a"}"#, "", None, None),
            (
                r#"{"snapshot":"a","state":"SUCCESS","shards":{"total":2,"failed":0,"successful":2}}"#,
                "SUCCESS",
                Some(0),
                None,
            ),
            (
                r#"{"snapshot":"a","state":"PARTIAL","shards":{"failed":1},"failures":[{"index":"x","index_uuid":"x","shard_id":3,"reason":"r","node_id":null,"status":"INTERNAL_SERVER_ERROR"}],"metadata":{"policy":"p"},"end_time_in_millis":0}"#,
                "PARTIAL",
                Some(1),
                Some("p"),
            ),
            (r#"{"snapshot":"a","state":"LATER","metadata":null}"#, "LATER", None, None),
            (r#"{"snapshot":"a","metadata":{"sm_policy":"daily"}}"#, "", None, Some("daily")),
        ] {
            let snapshot: Snapshot = serde_json::from_str(text).unwrap();
            assert_eq!(
                (snapshot.state.name(), snapshot.shards.failed, snapshot.policy()),
                (state, failed, policy),
                "{text}"
            );
            assert_eq!(snapshot.ended(), None);
        }
    }
}
