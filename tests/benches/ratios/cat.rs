//! es-cat against `curl | jq`, which make CSV of the same 20,000 rows.

use std::fmt::Write;

use es_tests::command::Folder;
use es_tests::fault::{Reply, Script};

use crate::contest::Side;
use crate::table::Measure;
use crate::table::Target::AtMost;
use crate::{Bench, MEMORY, Stand};

const ROUNDS: usize = 7;

/// The columns of `indices` that are shown unless others are asked for.
const COLUMNS: [&str; 11] = [
    "health",
    "status",
    "index",
    "uuid",
    "pri",
    "rep",
    "docs.count",
    "docs.deleted",
    "creation.date",
    "store.size",
    "pri.store.size",
];

pub(crate) fn benches() -> Vec<Bench> {
    [("rows", ""), ("sorted", " -s store.size:desc")]
        .map(|(name, more)| {
            Bench::new(format!("cat/{name}"), &["curl", "jq"], move |stand| compare(stand, more))
        })
        .into()
}

fn compare(stand: &mut Stand<'_>, more: &str) {
    let (count, requests) = stand.scale.pick((20_000, 2 * ROUNDS), (20, 1));
    let body = rows(count);
    let script = (0..requests)
        .fold(Script::new(), |script, _| script.on("GET", "/_cat/indices", Reply::json(200, body.clone())));
    let server = script.start();
    let (url, folder) = (server.url(), Folder::shared());
    let ours = format!("exec es-cat indices {url}{more} > /dev/null");
    let fields = COLUMNS.map(|name| format!(".\"{name}\"")).join(",");
    let jq = format!("curl -sS '{url}/_cat/indices' | jq -r '.[] | [{fields}] | @csv' > /dev/null");
    let costs =
        stand.scale.contest(ROUNDS, vec![Side::command(&folder, 1.0, ours), Side::command(&folder, 1.0, jq)]);
    stand.against(Measure::CpuTime, &costs, 1, "curl | jq", AtMost(0.5));
    stand.alone(Measure::Peak, &costs, AtMost(MEMORY));
}

/// Daily indices of many applications.
fn rows(count: usize) -> String {
    let mut body = String::from("[");
    for n in 0..count {
        let comma = if n == 0 { "" } else { "," };
        let size = n * 104_729 % 999_983 * 1_000;
        write!(
            body,
            "{comma}{{\"health\":\"green\",\"status\":\"open\",\"index\":\"logs-application-{:03}-2016.{:05}\",\
             \"uuid\":\"{n:022}\",\"pri\":\"5\",\"rep\":\"1\",\"docs.count\":\"{}\",\"docs.deleted\":\"{}\",\
             \"creation.date\":\"{}\",\"store.size\":\"{}\",\"pri.store.size\":\"{size}\"}}",
            n % 300,
            n / 300,
            n * 7919,
            n % 1000,
            1_460_000_000_000_u64 + n as u64 * 86_400,
            size * 2,
        )
        .expect("a text takes all");
    }
    body + "]"
}
