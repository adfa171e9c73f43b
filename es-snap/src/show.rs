//! `show`: the indices of a snapshot, or the shards that it lacks.

use std::collections::BTreeMap;

use es_core::cli::Exit;
use es_core::cli::rows::{Column, Fields, Kind, Row, choice, put, shown, sort};
use es_core::server::snapshot::Snapshot;

use crate::args::Show;
use crate::catalog;
use crate::cluster::{Cluster, Shell};
use crate::error::Error;
use crate::progress::{self, Status};

pub(crate) fn show(args: &Show, shell: Shell<'_>) -> Result<Exit, Error> {
    let there = if args.failures { failure_columns() } else { index_columns() };
    let mut fields = Fields::new(there.clone());
    let keys = choice::keys(&args.sort, &there, &mut fields)?;
    let (cluster, repository) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let snapshot = catalog::find(&cluster, &repository, &args.name)?;
    let mut rows = if args.failures {
        failures(&snapshot, &fields)
    } else {
        let status = progress::of(&cluster, &repository, &snapshot.name)?.unwrap_or_default();
        indices(&snapshot, &status, &fields)
    };
    sort::sort(&mut rows, &keys, &fields);
    args.look.print(fields.shown(), &rows, shell.stop)?;
    Ok(Exit::Done)
}

fn index_columns() -> Vec<Column> {
    vec![
        shown("index", Kind::Text, "the name"),
        shown("shards", Kind::Int, "how many shards it should have"),
        shown("failed", Kind::Int, "how many of them it lacks"),
        shown("files", Kind::Int, "how many a restore copies (6.4)"),
        shown("size", Kind::Bytes, "how much a restore copies (6.4)"),
        shown("new_files", Kind::Int, "how many no earlier snapshot had"),
        shown("new_size", Kind::Bytes, "how much no earlier snapshot had"),
    ]
}

fn failure_columns() -> Vec<Column> {
    vec![
        shown("index", Kind::Text, "the name"),
        shown("shard", Kind::Int, "its number"),
        shown("node", Kind::Text, "where it was"),
        shown("reason", Kind::Text, "why it is missing"),
    ]
}

/// The failures are those that the snapshot names: `_status` knows nothing of a shard that never was.
fn indices(snapshot: &Snapshot, status: &Status, fields: &Fields) -> Vec<Row> {
    let mut failed: BTreeMap<&str, u64> = BTreeMap::new();
    for failure in &snapshot.failures {
        *failed.entry(&failure.index).or_default() += 1;
    }
    let row = |name: &String| {
        let index = status.indices.get(name);
        let whole = index.and_then(|index| index.stats.whole());
        let new = index.map(|index| index.stats.wanted());
        let number = |n: Option<u64>| n.map(|n| n.to_string());
        put(
            fields,
            [
                ("index", Some(name.clone())),
                ("shards", number(index.map(|index| index.shards_stats.total))),
                ("failed", Some(failed.get(name.as_str()).copied().unwrap_or(0).to_string())),
                ("files", number(whole.map(|files| files.file_count))),
                ("size", number(whole.map(|files| files.size_in_bytes))),
                ("new_files", number(new.map(|files| files.file_count))),
                ("new_size", number(new.map(|files| files.size_in_bytes))),
            ],
        )
    };
    snapshot.indices.iter().map(row).collect()
}

fn failures(snapshot: &Snapshot, fields: &Fields) -> Vec<Row> {
    let failures = snapshot.failures.iter().map(|failure| {
        put(
            fields,
            [
                ("index", Some(failure.index.clone())),
                ("shard", Some(failure.shard_id.to_string())),
                ("node", failure.node_id.clone()),
                ("reason", Some(failure.reason.clone())),
            ],
        )
    });
    failures.collect()
}
