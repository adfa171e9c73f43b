//! The columns of what is listed, and how a snapshot becomes a row of them.

use es_core::cli::rows::{Column, Fields, Kind, Row, more, put, shown};
use es_core::server::snapshot::Snapshot;

/// Of `list`.
pub(crate) fn snapshots() -> Vec<Column> {
    vec![
        shown("snapshot", Kind::Text, "the name"),
        shown("state", Kind::Text, "only SUCCESS is a whole backup"),
        shown("start_time", Kind::Time, "when it began"),
        shown("end_time", Kind::Time, "when it ended"),
        shown("duration", Kind::Ms, "how long it took"),
        shown("indices", Kind::Int, "how many indices it has"),
        shown("shards", Kind::Int, "how many shards it should have"),
        shown("failed", Kind::Int, "how many of them it lacks"),
        more("uuid", Kind::Text, "names its files in the repository"),
        more("version", Kind::Text, "of the server that made it"),
        more("global_state", Kind::Flag, "whether the state of the cluster is in it"),
        more("policy", Kind::Text, "the server's own policy that made it"),
        more("names", Kind::List, "the indices"),
        more("reason", Kind::Text, "why it failed"),
    ]
}

/// A row of those of them that are needed.
pub(crate) fn row(snapshot: &Snapshot, fields: &Fields) -> Row {
    let number = |n: Option<u64>| n.map(|n| n.to_string());
    let signed = |n: Option<i64>| n.map(|n| n.to_string());
    let policy = snapshot.policy().map(str::to_owned);
    put(
        fields,
        [
            ("snapshot", Some(snapshot.name.clone())),
            ("state", Some(snapshot.state.name().to_owned())),
            ("start_time", signed(snapshot.start)),
            ("end_time", signed(snapshot.ended())),
            ("duration", signed(snapshot.ended().and(snapshot.duration))),
            ("indices", Some(snapshot.indices.len().to_string())),
            ("shards", number(snapshot.shards.total)),
            ("failed", number(snapshot.shards.failed)),
            ("uuid", snapshot.uuid.clone()),
            ("version", snapshot.version.clone()),
            ("global_state", snapshot.include_global_state.map(|yes| yes.to_string())),
            ("policy", policy),
            ("names", Some(snapshot.indices.join(", "))),
            ("reason", snapshot.reason.clone()),
        ],
    )
}
