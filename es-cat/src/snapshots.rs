//! `snapshots`, from `_snapshot` itself: `_cat` gives times of day without the day, and wants to be asked repository by
//! repository.

use std::collections::BTreeMap;

use es_core::cli::rows::fields::Fields;
use es_core::cli::rows::{Row, put};
use es_core::http::Call;
use es_core::http::target::encode_index;
use es_core::server::snapshot::{self, Snapshot};
use serde::de::IgnoredAny;

use crate::answer::Take;
use crate::error::Error;
use crate::source::Source;

impl Source<'_> {
    pub(crate) fn snapshots(&self, fields: &Fields, take: &mut dyn Take) -> Result<(), Error> {
        take.head(&vec![true; fields.all().len()])?;
        let pattern = if self.pattern.is_empty() { "_all" } else { self.pattern };
        let path = format!("/_snapshot/{}", encode_index(pattern));
        let repositories: BTreeMap<String, IgnoredAny> = self.json(self.client.call(&Call::get(&path))?)?;
        for repository in repositories.keys() {
            for snapshot in snapshot::list(self.client, repository, "_all")? {
                take.row(row(&snapshot, repository, fields))?;
            }
        }
        Ok(())
    }
}

fn row(snapshot: &Snapshot, repository: &str, fields: &Fields) -> Row {
    let number = |n: Option<u64>| n.map(|n| n.to_string());
    let signed = |n: Option<i64>| n.map(|n| n.to_string());
    let ended = snapshot.ended();
    let values = [
        ("repository", Some(repository.to_owned())),
        ("id", Some(snapshot.name.clone())),
        ("status", Some(snapshot.state.name().to_owned())),
        ("start_time", signed(snapshot.start)),
        ("end_time", signed(ended)),
        ("duration", signed(ended.and(snapshot.duration))),
        ("indices", Some(snapshot.indices.len().to_string())),
        ("successful_shards", number(snapshot.shards.successful)),
        ("failed_shards", number(snapshot.shards.failed)),
        ("total_shards", number(snapshot.shards.total)),
        ("reason", snapshot.reason.clone()),
        ("uuid", snapshot.uuid.clone()),
        ("version", snapshot.version.clone()),
        ("include_global_state", snapshot.include_global_state.map(|yes| yes.to_string())),
        ("index_names", Some(snapshot.indices.join(", "))),
    ];
    put(fields, values)
}
