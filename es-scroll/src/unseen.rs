//! Changes that wait for a refresh: searches do not see them, so a dump would be short without a fault. Servers tell
//! the number of a shard's last change, and a search the last that it sees. What lies between is deletes, or waits.

use std::collections::BTreeMap;
use std::time::Duration;

use es_core::http::target::encode_index;
use es_core::http::{Body, Call, Client, Repeat};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::units::{Unit, Units};

/// A look is worth so much time and no more: without it the dump is as good.
const PATIENCE: Duration = Duration::from_secs(10);
/// Searches in one request.
const SEARCHES: usize = 100;
const ANSWER: usize = 64 << 20;

/// `GET /INDEX/_stats?level=shards`, as far as it is looked at.
#[derive(Deserialize)]
struct Stats {
    indices: BTreeMap<String, Shards>,
}

#[derive(Deserialize)]
struct Shards {
    shards: BTreeMap<String, Vec<Copy>>,
}

/// A copy of a shard, as its writer has it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Copy {
    docs: Docs,
    segments: Segments,
    seq_no: SeqNo,
}

#[derive(Default, Deserialize)]
struct Docs {
    count: u64,
}

#[derive(Default, Deserialize)]
struct Segments {
    index_writer_memory_in_bytes: u64,
}

#[derive(Deserialize)]
struct SeqNo {
    max_seq_no: i64,
}

impl Default for SeqNo {
    fn default() -> SeqNo {
        SeqNo { max_seq_no: -1 }
    }
}

/// What a search sees of a shard.
struct Sight {
    total: u64,
    /// The number of the last change that left a document.
    last: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    AllSeen,
    /// The last changes were deletes, or replaced documents and wait.
    Unclear,
    Unseen,
}

fn judge(copies: &[Copy], sight: &Sight) -> Verdict {
    if copies.iter().all(|copy| copy.seq_no.max_seq_no <= sight.last) {
        return Verdict::AllSeen;
    }
    // A refresh empties the writer's memory. So does a flush, but then the writer counts what a search does not.
    let waits =
        |copy: &Copy| copy.segments.index_writer_memory_in_bytes > 0 || copy.docs.count != sight.total;
    if copies.iter().any(waits) { Verdict::Unseen } else { Verdict::Unclear }
}

/// Warns if shards hold what a dump of now would not have. Where that cannot be told, it goes without saying.
pub(crate) fn warn(client: &Client, expression: &str, units: &Units) {
    match look(client, expression, units) {
        Ok((unseen, unclear)) => {
            if let Some(first) = unseen.first() {
                let more = unseen.len() - 1;
                let more = if more > 0 { format!(" and {more} more shards") } else { String::new() };
                log::warn!(
                    "{first}{more}: changes that wait for a refresh are not in what is read; --refresh makes them \
                     visible first"
                );
            }
            for shard in unclear {
                log::info!("{shard}: the last changes are not seen: deletes, or they wait for a refresh");
            }
        }
        Err(why) => log::info!("whether changes wait for a refresh cannot be told: {why}"),
    }
}

/// The shards with unseen changes, and those of which it is unclear.
fn look(client: &Client, expression: &str, units: &Units) -> Result<(Vec<String>, Vec<String>), String> {
    let path = format!("/{}/_stats/docs,segments?level=shards", encode_index(expression));
    let stats: Stats = ask(client, &Call::get(&path))?;
    let copies = |unit: &Unit| {
        let shards = &stats.indices.get(&unit.index)?.shards;
        shards.get(&unit.shard?.to_string()).filter(|copies| !copies.is_empty())
    };
    let known: Vec<_> = units.units.iter().filter_map(|unit| Some((unit, copies(unit)?))).collect();
    let (mut unseen, mut unclear) = (Vec::new(), Vec::new());
    for part in known.chunks(SEARCHES) {
        let units: Vec<_> = part.iter().map(|(unit, _)| *unit).collect();
        for ((unit, copies), sight) in part.iter().zip(sights(client, &units)?) {
            let name = || format!("[{}][{}]", unit.index, unit.shard.unwrap_or_default());
            match sight.map(|sight| judge(copies, &sight)) {
                None | Some(Verdict::AllSeen) => {}
                Some(Verdict::Unclear) => unclear.push(name()),
                Some(Verdict::Unseen) => unseen.push(name()),
            }
        }
    }
    Ok((unseen, unclear))
}

/// What searches see of some shards, in their order; None for one that could not be searched.
fn sights(client: &Client, units: &[&Unit]) -> Result<Vec<Option<Sight>>, String> {
    #[derive(Deserialize)]
    struct Answers {
        responses: Vec<Value>,
    }
    let sort = json!([{ "_seq_no": { "order": "desc", "unmapped_type": "long" } }]);
    let search = json!({ "size": 1, "sort": sort, "_source": false, "track_total_hits": true });
    let mut body = String::new();
    for unit in units {
        let shard = format!("_shards:{}", unit.shard.unwrap_or_default());
        body += &format!("{}\n{search}\n", json!({ "index": unit.index, "preference": shard }));
    }
    let call = Call::post("/_msearch", Body::Ndjson(body.as_bytes()), Repeat::Safe);
    let Answers { responses } = ask(client, &call)?;
    let mut sights: Vec<_> = responses.iter().map(sight).collect();
    sights.resize_with(units.len(), || None);
    Ok(sights)
}

fn sight(response: &Value) -> Option<Sight> {
    let total = response.pointer("/hits/total/value").or(response.pointer("/hits/total"))?.as_u64()?;
    let last = match response.pointer("/hits/hits/0/sort/0") {
        Some(number) => number.as_i64()?,
        None => -1,
    };
    (response.pointer("/_shards/failed")? == 0).then_some(Sight { total, last })
}

fn ask<T: for<'a> Deserialize<'a>>(client: &Client, call: &Call<'_>) -> Result<T, String> {
    let answer = client.once(&Call { timeout: Some(PATIENCE), ..call.clone() }).map_err(|e| e.to_string())?;
    let status = answer.status;
    let body = answer.bytes(ANSWER).map_err(|e| e.to_string())?;
    match status {
        200 => serde_json::from_slice(&body).map_err(|e| e.to_string()),
        _ => Err(format!("{} answered {status}", call.path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_search_does_not_see_is_told_from_deletes() {
        let copy = |count, memory, max_seq_no| Copy {
            docs: Docs { count },
            segments: Segments { index_writer_memory_in_bytes: memory },
            seq_no: SeqNo { max_seq_no },
        };
        // As the servers had it after each of these.
        for (what, copies, total, last, verdict) in [
            ("nothing was ever in", [copy(0, 0, -1), copy(0, 0, -1)], 0, -1, Verdict::AllSeen),
            ("indexed", [copy(0, 160_496, 999), copy(0, 160_496, 999)], 0, -1, Verdict::Unseen),
            ("refreshed", [copy(1000, 0, 999), copy(1000, 0, 999)], 1000, 999, Verdict::AllSeen),
            ("more came since", [copy(1000, 9, 1200), copy(1000, 9, 1200)], 1000, 1200, Verdict::AllSeen),
            ("flushed", [copy(1500, 0, 1499), copy(1500, 0, 1499)], 1000, 999, Verdict::Unseen),
            ("a replica is behind", [copy(1000, 0, 999), copy(900, 7, 999)], 900, 899, Verdict::Unseen),
            ("a delete, refreshed", [copy(999, 0, 1000), copy(999, 0, 1000)], 999, 999, Verdict::Unclear),
        ] {
            assert_eq!(judge(&copies, &Sight { total, last }), verdict, "{what}");
        }
    }

    #[test]
    fn answers_of_all_versions_are_read() {
        let total = [json!(3), json!({ "value": 3, "relation": "eq" })];
        for total in total {
            let hits = json!({ "total": total, "hits": [{ "sort": [7] }] });
            let seen = sight(&json!({ "_shards": { "failed": 0 }, "hits": hits })).unwrap();
            assert_eq!((seen.total, seen.last), (3, 7));
            assert!(sight(&json!({ "_shards": { "failed": 1 }, "hits": hits })).is_none());
        }
        assert!(sight(&json!({ "error": {} })).is_none());
    }
}
