//! How many documents indices have, and the manifest of them that a drill compares with: NDJSON of
//! `{"index":…,"min":…,"max":…}`, as counted before and after the snapshot was made.

use std::collections::BTreeMap;
use std::path::Path;

use es_core::http::target::encode_segment;
use es_core::http::{Body, Call, Repeat};
use es_core::record::Stop;
use es_core::record::sink::Sink;
use es_core::server::{self, Refusal, refresh};
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

impl Counts {
    /// Of what can be searched now: what was written before is made so first. An index that has no count is left out
    /// with a warning: the snapshot does not depend on it.
    pub(crate) fn take<'a>(
        cluster: &Cluster,
        indices: impl IntoIterator<Item = &'a String>,
    ) -> Result<Counts, Error> {
        let mut counts = BTreeMap::new();
        for index in indices {
            match refresh(&cluster.client, index).and_then(|()| count(cluster, index)) {
                Ok(count) => {
                    counts.insert(index.clone(), count);
                }
                Err(error) if has_none(&error) => {
                    cluster.shell.report.warn(&format!("{error}; {index} is left out of the manifest"));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Counts(counts))
    }
}

/// It is gone or closed by now, or its shards are not there.
fn has_none(error: &server::Error) -> bool {
    matches!(error, server::Error::Partial { .. }) || error.refusal().is_some_and(Refusal::is_gone)
}

/// The documents of one index.
pub(crate) fn count(cluster: &Cluster, index: &str) -> Result<u64, server::Error> {
    count_of(cluster, index, None)
}

/// Those of them that a query finds.
pub(crate) fn count_of(cluster: &Cluster, index: &str, query: Option<&Value>) -> Result<u64, server::Error> {
    let path = format!("/{}/_count", encode_segment(index));
    let body = query.map(Value::to_string);
    let call = match &body {
        Some(body) => Call::post(&path, Body::Json(body.as_bytes()), Repeat::Safe),
        None => Call::get(&path),
    };
    server::count(&cluster.client, &call, &format!("counting the documents of {index}"))
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
