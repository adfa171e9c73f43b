//! How many documents indices have, and the manifest of them that a drill compares with: NDJSON of
//! `{"index":…,"min":…,"max":…}`, as counted before and after the snapshot was made.

use std::collections::BTreeMap;
use std::path::Path;

use es_core::http::target::encode_segment;
use es_core::http::{Method, Repeat};
use es_core::record::Stop;
use es_core::record::sink::Sink;
use es_core::server::refresh;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::error::Error;

/// By index. Nested documents are not counted, as nobody else does.
#[derive(Debug, Default)]
pub(crate) struct Counts(pub(crate) BTreeMap<String, u64>);

/// A line of a manifest.
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Line {
    pub(crate) index: String,
    pub(crate) min: u64,
    pub(crate) max: u64,
}

#[derive(Deserialize)]
struct Answer {
    count: u64,
    #[serde(rename = "_shards")]
    shards: Shards,
}

#[derive(Deserialize)]
struct Shards {
    failed: u64,
}

impl Counts {
    /// Of what can be searched now: what was written before is made so first.
    pub(crate) fn take(cluster: &Cluster, indices: &[String]) -> Result<Counts, Error> {
        let mut counts = BTreeMap::new();
        for index in indices {
            refresh(&cluster.client, index)?;
            counts.insert(index.clone(), count(cluster, index)?);
        }
        Ok(Counts(counts))
    }
}

/// The documents of one index.
pub(crate) fn count(cluster: &Cluster, index: &str) -> Result<u64, Error> {
    count_of(cluster, index, None)
}

/// Those of them that a query finds.
pub(crate) fn count_of(cluster: &Cluster, index: &str, query: Option<&Value>) -> Result<u64, Error> {
    let what = format!("counting the documents of {index}");
    let path = format!("/{}/_count", encode_segment(index));
    let method = if query.is_some() { Method::Post } else { Method::Get };
    let answer: Answer = cluster.send(method, &path, query, Repeat::Safe, &what)?;
    match answer.shards.failed {
        0 => Ok(answer.count),
        failed => Err(Error::Unfinished { what: format!("{what}: {failed} shards failed"), hint: None }),
    }
}

/// Writes the manifest of the indices that are in the snapshot.
pub(crate) fn write(
    path: &Path,
    before: &Counts,
    after: &Counts,
    indices: &[String],
    stop: &Stop,
) -> Result<(), Error> {
    let mut file = Sink::create(path, true, stop)?;
    for index in indices {
        let (Some(before), Some(after)) = (before.0.get(index), after.0.get(index)) else { continue };
        let line = Line { index: index.clone(), min: *before.min(after), max: *before.max(after) };
        let mut text = serde_json::to_vec(&line).unwrap_or_default();
        text.push(b'\n');
        file.write(&text)?;
    }
    file.seal()?;
    Ok(file.publish()?)
}
