//! How many snapshots there are in a place that is not registered yet: looked up through a registration of its own,
//! which only reads and is gone afterwards. So nothing is ever writable before it is known what it would write to.

use std::time::{SystemTime, UNIX_EPOCH};

use es_core::http::Call;
use es_core::server::{self, Refusal};
use serde_json::Value;

use super::undo::Undo;
use crate::cluster::Cluster;
use crate::error::Error;
use crate::repository::{Repository, path};

/// Such an answer lists a few hundred thousand snapshots.
const HELD: usize = 256 << 20;

pub(super) fn snapshots(cluster: &Cluster, wanted: &Repository) -> Result<usize, Error> {
    let mut looking = wanted.clone();
    looking.settings.insert("readonly".into(), "true".into());
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let name = format!("es-snap-looks-{}-{}", std::process::id(), since.as_micros());
    let _undo = Undo::new(cluster, &name, None)?;
    looking.register(cluster, &name)?;
    count(cluster, &name)
}

fn count(cluster: &Cluster, name: &str) -> Result<usize, Error> {
    let query = if cluster.flavor()?.lists_snapshots_briefly() { "?verbose=false" } else { "" };
    let answer = cluster.client.call(&Call::get(&format!("{}/_all{query}", path(name))))?;
    let (status, host) = (answer.status, answer.host.clone());
    let body = answer.bytes(HELD)?;
    let told: Option<Value> = serde_json::from_slice(&body).ok();
    if status >= 400 {
        if told.is_some_and(|told| is_fresh(&told)) {
            return Ok(0);
        }
        let refusal = Refusal::parse(status, &body);
        return Err(
            server::Error::refused("looking for snapshots that are there already", host, refusal).into()
        );
    }
    let listed = told.as_ref().and_then(|told| told.get("snapshots")?.as_array());
    match listed {
        Some(listed) => Ok(listed.len()),
        None => Err(server::Error::Unreadable {
            what: "looking for snapshots that are there already".into(),
            host,
            why: "it lists no snapshots".into(),
        }
        .into()),
    }
}

/// The place is not there yet: OpenSearch fails to list a folder that nobody has made.
fn is_fresh(told: &Value) -> bool {
    let mut cause = told.get("error");
    while let Some(error) = cause {
        if error.get("type").and_then(Value::as_str) == Some("no_such_file_exception") {
            return true;
        }
        cause = error.get("caused_by");
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_place_that_is_not_there_is_fresh() {
        let told = |kind: &str| json!({"error": {"type": "repository_exception", "reason": "r", "caused_by": {"type": "io", "caused_by": {"type": kind}}}});
        assert!(is_fresh(&told("no_such_file_exception")));
        assert!(!is_fresh(&told("access_denied_exception")));
        assert!(!is_fresh(&json!({"error": "text"})));
    }
}
