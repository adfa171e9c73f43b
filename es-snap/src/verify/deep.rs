//! `--deep`: the server's own reading of every file, `_verify_integrity`. It answers 200 before it begins, so that only
//! the result at the end of what it streams says anything.

use std::time::Duration;

use es_core::http::{Body, Call, Method, Repeat, target::encode_segment};
use es_core::server::{self, Held, ask};
use serde::Deserialize;
use serde_json::Value;

use super::verdict::{Found, Verdict};
use crate::cluster::Cluster;
use crate::error::Error;

/// Between two lines of its log a large file may be read.
const SILENCE: Duration = Duration::from_secs(3600);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    log: Vec<Entry>,
    results: Option<Results>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    anomaly: Option<String>,
    exception: Option<Value>,
    index: Option<Index>,
    #[serde(alias = "shard")]
    shard_id: Option<u64>,
    blob_name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Index {
    name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Results {
    result: Option<String>,
    total_anomalies: Option<u64>,
}

pub(crate) fn deep(cluster: &Cluster, repository: &str, verdict: &mut Verdict) -> Result<(), Error> {
    let flavor = cluster.flavor()?;
    if !flavor.verifies_integrity() {
        return Err(Error::Failed {
            what: format!(
                "{} cannot read through a repository: --deep needs Elasticsearch 8.16",
                flavor.name()
            ),
            hint: Some("--drill restores what is in the snapshot, on every version".into()),
        });
    }
    let path =
        format!("/_snapshot/{}/_verify_integrity?verify_blob_contents=true", encode_segment(repository));
    let call = Call {
        method: Method::Post,
        path: &path,
        body: Body::None,
        repeat: Repeat::Safe,
        timeout: Some(SILENCE),
    };
    let what = format!("reading all files of {repository}");
    let answer: Answer = ask(&cluster.client, &call, Held::List, &what)?;
    judge(&answer, verdict).ok_or_else(|| {
        server::Error::Unreadable {
            what: format!("reading all files of {repository}"),
            host: cluster.client.host(),
            why: "it came to no result".into(),
        }
        .into()
    })
}

/// None: it came to no result.
fn judge(answer: &Answer, verdict: &mut Verdict) -> Option<()> {
    let results = answer.results.as_ref()?;
    let result = results.result.as_deref()?;
    for entry in &answer.log {
        let why = match (&entry.anomaly, &entry.exception) {
            (Some(anomaly), _) => anomaly.clone(),
            (None, Some(exception)) => server::Refusal::of_error(0, exception).reason,
            (None, None) => continue,
        };
        let blob = entry.blob_name.as_ref().map_or(String::new(), |blob| format!(" ({blob})"));
        match entry.index.as_ref().and_then(|index| index.name.as_deref()) {
            Some(index) => verdict.about("deep", Found::Fail, index, entry.shard_id, format!("{why}{blob}")),
            None => verdict.add("deep", Found::Fail, format!("{why}{blob}")),
        }
    }
    let anomalies = results.total_anomalies.unwrap_or(0);
    match (result, anomalies) {
        ("pass", 0) => verdict.add("deep", Found::Pass, "every file was read"),
        _ => verdict.add(
            "deep",
            Found::Fail,
            format!("the server's check of all files says {result}, {anomalies} anomalies"),
        ),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use es_core::cli::Exit;
    use serde_json::json;

    #[test]
    fn only_a_result_that_says_pass_is_one() {
        let ok = json!({"timestamp": "x", "snapshot": {"snapshot": "s"}, "index": {"name": "a"}, "restorability": "full"});
        let bad = json!({"anomaly": "missing blob", "index": {"name": "a", "id": "x"}, "shard_id": 2, "blob_name": "__b"});
        let error = json!({"exception": {"type": "t", "reason": "cannot list"}});
        for (answer, exit) in [
            (json!({"log": [ok], "results": {"result": "pass", "total_anomalies": 0}}), Some(Exit::Done)),
            (
                json!({"log": [ok, bad], "results": {"result": "fail", "total_anomalies": 1}}),
                Some(Exit::Check),
            ),
            (json!({"log": [], "results": {"result": "fail", "total_anomalies": 0}}), Some(Exit::Check)),
            (json!({"log": [], "results": {"result": "pass", "total_anomalies": 3}}), Some(Exit::Check)),
            (json!({"log": [error], "results": {"result": "pass"}}), Some(Exit::Check)),
            (json!({"log": [ok], "results": {}}), None),
            (json!({"log": [ok]}), None),
            (json!({}), None),
        ] {
            let mut verdict = Verdict::default();
            let judged = judge(&serde_json::from_value(answer.clone()).unwrap(), &mut verdict);
            assert_eq!(judged.map(|()| verdict.exit()), exit, "{answer}");
        }
        let mut verdict = Verdict::default();
        let answer = json!({"log": [bad], "results": {"result": "fail", "total_anomalies": 1}});
        judge(&serde_json::from_value(answer).unwrap(), &mut verdict).unwrap();
        assert!(verdict.line("r/s").contains("a shard 2: missing blob (__b)"), "{}", verdict.line("r/s"));
    }
}
