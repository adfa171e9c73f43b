//! `status`: how far the snapshots are that run, or one that is named.

use es_core::cli::Exit;
use es_core::cli::rows::{Column, Fields, Kind, Row, choice, put, shown, sort};
use es_core::server::snapshot::list;

use crate::args;
use crate::catalog;
use crate::cluster::{Cluster, Shell};
use crate::error::Error;
use crate::progress::{self, Files, Status};

pub(crate) fn status(args: &args::Status, shell: Shell<'_>) -> Result<Exit, Error> {
    let there = if args.shards { shard_columns() } else { columns() };
    let mut fields = Fields::new(there.clone());
    let keys = choice::keys(&args.sort, &there, &mut fields)?;
    let (cluster, repository) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    // The state is that of the snapshot itself: `_status` calls a partial one a success.
    let snapshots = match &args.name {
        Some(name) => vec![catalog::find(&cluster, &repository, name)?],
        None => list(&cluster.client, &repository, "_current")?,
    };
    let mut rows = Vec::new();
    for snapshot in snapshots {
        // One that ended meanwhile may be gone.
        let Some(status) = progress::of(&cluster, &repository, &snapshot.name)? else { continue };
        if args.shards {
            rows.extend(shard_rows(&status, &fields));
        } else {
            rows.push(row(snapshot.state.name(), &status, &fields));
        }
    }
    sort::sort(&mut rows, &keys, &fields);
    args.look.print(fields.shown(), &rows, shell.stop)?;
    Ok(Exit::Done)
}

fn columns() -> Vec<Column> {
    vec![
        shown("snapshot", Kind::Text, "the name"),
        shown("state", Kind::Text, "IN_PROGRESS while it is being made"),
        shown("shards", Kind::Int, "how many it should have"),
        shown("starting", Kind::Int, "shards that have not begun"),
        shown("done", Kind::Int, "shards that are copied"),
        shown("failed", Kind::Int, "shards that it lacks"),
        shown("files", Kind::Int, "what is to be copied, once no shard is starting"),
        shown("files_done", Kind::Int, "what is copied"),
        shown("size", Kind::Bytes, "what is to be copied, once no shard is starting"),
        shown("size_done", Kind::Bytes, "what is copied"),
        shown("percent", Kind::Percent, "of the bytes, once no shard is starting"),
        shown("start_time", Kind::Time, "when it began"),
        shown("elapsed", Kind::Ms, "since then"),
    ]
}

fn shard_columns() -> Vec<Column> {
    vec![
        shown("snapshot", Kind::Text, "the name"),
        shown("index", Kind::Text, "the name"),
        shown("shard", Kind::Int, "its number"),
        shown("stage", Kind::Text, "INIT, STARTED, FINALIZE, DONE or FAILURE"),
        shown("files", Kind::Int, "what is to be copied"),
        shown("files_done", Kind::Int, "what is copied"),
        shown("size", Kind::Bytes, "what is to be copied"),
        shown("size_done", Kind::Bytes, "what is copied"),
        shown("node", Kind::Text, "that copies it"),
        shown("reason", Kind::Text, "why it failed"),
    ]
}

fn row(state: &str, status: &Status, fields: &Fields) -> Row {
    let progress = status.progress();
    let (shards, copied) = (progress.shards, progress.copied);
    let wanted = progress.settled.then_some(progress.wanted);
    put(
        fields,
        [
            ("snapshot", Some(status.snapshot.clone())),
            ("state", Some(state.to_owned())),
            ("shards", Some(shards.total.to_string())),
            ("starting", Some(shards.initializing.to_string())),
            ("done", Some(shards.done.to_string())),
            ("failed", Some(shards.failed.to_string())),
            ("files", wanted.map(|files| files.file_count.to_string())),
            ("files_done", Some(copied.file_count.to_string())),
            ("size", wanted.map(|files| files.size_in_bytes.to_string())),
            ("size_done", Some(copied.size_in_bytes.to_string())),
            ("percent", wanted.map(|wanted| percent(copied, wanted))),
            ("start_time", Some(status.stats.start_time_in_millis.to_string())),
            ("elapsed", Some(status.stats.time_in_millis.to_string())),
        ],
    )
}

fn shard_rows(status: &Status, fields: &Fields) -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, index) in &status.indices {
        for (number, shard) in &index.shards {
            let (wanted, copied) = (shard.stats.wanted(), shard.stats.copied(shard.is_done()));
            rows.push(put(
                fields,
                [
                    ("snapshot", Some(status.snapshot.clone())),
                    ("index", Some(name.clone())),
                    ("shard", Some(number.clone())),
                    ("stage", Some(shard.stage.clone())),
                    ("files", Some(wanted.file_count.to_string())),
                    ("files_done", Some(copied.file_count.to_string())),
                    ("size", Some(wanted.size_in_bytes.to_string())),
                    ("size_done", Some(copied.size_in_bytes.to_string())),
                    ("node", shard.node.clone()),
                    ("reason", shard.reason.clone()),
                ],
            ));
        }
    }
    rows
}

/// Nothing to copy is all of it.
fn percent(copied: Files, wanted: Files) -> String {
    match wanted.size_in_bytes {
        0 => "100".into(),
        all => format!("{:.1}", copied.size_in_bytes as f64 * 100.0 / all as f64),
    }
}
