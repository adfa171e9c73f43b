//! `snapshots`, from `_snapshot` itself: `_cat` gives times of day without the day, and wants to be asked repository by
//! repository.

use std::collections::BTreeMap;

use es_core::http::Call;
use es_core::http::target::{encode_index, encode_segment};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::answer::Take;
use crate::error::Error;
use crate::fields::Fields;
use crate::row::Row;
use crate::source::Source;

#[derive(Deserialize)]
struct List {
    snapshots: Vec<Snapshot>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Snapshot {
    snapshot: String,
    uuid: Option<String>,
    version: Option<String>,
    indices: Vec<String>,
    include_global_state: Option<bool>,
    state: Option<String>,
    start_time_in_millis: Option<i64>,
    end_time_in_millis: Option<i64>,
    duration_in_millis: Option<i64>,
    reason: Option<String>,
    shards: Shards,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Shards {
    total: Option<u64>,
    successful: Option<u64>,
    failed: Option<u64>,
}

impl Source<'_> {
    pub(crate) fn snapshots(&self, fields: &Fields, take: &mut dyn Take) -> Result<(), Error> {
        take.head(&vec![true; fields.all().len()])?;
        let pattern = if self.pattern.is_empty() { "_all" } else { self.pattern };
        let path = format!("/_snapshot/{}", encode_index(pattern));
        let repositories: BTreeMap<String, IgnoredAny> = self.json(self.client.call(&Call::get(&path))?)?;
        for repository in repositories.keys() {
            let path = format!("/_snapshot/{}/_all", encode_segment(repository));
            let list: List = self.json(self.client.call(&Call::get(&path))?)?;
            for snapshot in &list.snapshots {
                take.row(snapshot.row(repository, fields))?;
            }
        }
        Ok(())
    }
}

impl Snapshot {
    fn row(&self, repository: &str, fields: &Fields) -> Row {
        let number = |n: Option<u64>| n.map(|n| n.to_string());
        let signed = |n: Option<i64>| n.map(|n| n.to_string());
        // One that is running has not ended, and took no time yet.
        let ended = self.end_time_in_millis.filter(|end| *end > 0);
        let values = [
            ("repository", Some(repository.to_owned())),
            ("id", Some(self.snapshot.clone())),
            ("status", self.state.clone()),
            ("start_time", signed(self.start_time_in_millis)),
            ("end_time", signed(ended)),
            ("duration", signed(ended.and(self.duration_in_millis))),
            ("indices", Some(self.indices.len().to_string())),
            ("successful_shards", number(self.shards.successful)),
            ("failed_shards", number(self.shards.failed)),
            ("total_shards", number(self.shards.total)),
            ("reason", self.reason.clone()),
            ("uuid", self.uuid.clone()),
            ("version", self.version.clone()),
            ("include_global_state", self.include_global_state.map(|yes| yes.to_string())),
            ("index_names", Some(self.indices.join(", "))),
        ];
        let mut row = Row::new(fields.all().len());
        for (name, value) in values {
            let Some(value) = value else { continue };
            for place in fields.places(name) {
                row.take(*place, &fields.all()[*place], &value);
            }
        }
        row
    }
}
