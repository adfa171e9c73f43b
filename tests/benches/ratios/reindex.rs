//! The whole pipeline against the servers' own `_reindex`, which sends no document over a connection and edits none.

use std::thread::sleep;
use std::time::Duration;

use es_tests::client::Client;
use es_tests::command::Folder;
use es_tests::demo::data::{SCHEMA, document, id};
use es_tests::node::{Node, Settings, shared, version};
use reqwest::Method;
use serde_json::{Value, json};

use crate::bulk::IN_FLIGHT;
use crate::contest::{Command, Cost, Scale, Side};
use crate::table::Measure;
use crate::table::Target::{self, AtMost};
use crate::{Bench, MEMORY, Stand};

const PROGRAM: &str = r#"rename(.host; .hostname) | del(.tmp) | .stage = "prod""#;

/// The others have no `_reindex` here.
pub(crate) fn benches() -> Vec<Bench> {
    let bench = |name| Bench::new(format!("reindex/{name}"), &[], move |stand| on_node(name, stand, compare));
    ["es-7.17.28", "os-3.8.0"].map(bench).into()
}

fn compare(stand: &mut Stand<'_>, node: &Node) {
    let count = stand.scale.pick(200_000, 500);
    let (client, url, folder) = (node.client(), node.url(), Folder::shared());
    client.create_index("source", SCHEMA);
    load(&client, count);
    settle(&client, "source");

    let script = format!("es-scroll {url}/source | es-xform '{PROGRAM}' | es-bulk {url}/target");
    let pipeline = Command { script, folder: &folder };
    let sides = || {
        vec![
            into_target(&client, count, || pipeline.cost()),
            into_target(&client, count, || reindex(&client, "1")),
            into_target(&client, count, || reindex(&client, "auto")),
        ]
    };
    if stand.scale == Scale::Full {
        // Until the server has compiled what it needs, its first runs are slower.
        stand.scale.contest(1, sides());
    }
    let costs = stand.scale.contest(5, sides());
    stand.against(Measure::Wall, &costs, 1, "_reindex", AtMost(1.0));
    stand.against(Measure::Wall, &costs, 2, "_reindex slices=auto", Target::None);
    stand.alone(Measure::CpuTime, &costs, Target::None);
    stand.alone(Measure::Peak, &costs, AtMost(MEMORY + IN_FLIGHT));
}

/// A side that fills the target, which is made anew, with so many documents.
fn into_target<'a>(client: &'a Client, count: u64, fill: impl Fn() -> Cost + 'a) -> Side<'a> {
    Side::new(1.0, move || {
        client.create_index("target", SCHEMA);
        let cost = fill();
        assert_eq!(client.count("target"), count, "documents were lost");
        cost
    })
}

/// Runs a benchmark on a node of its own; tiny ones share theirs, for starting one takes longer than they do.
pub(crate) fn on_node(name: &str, stand: &mut Stand<'_>, run: fn(&mut Stand<'_>, &Node)) {
    let version = version(name);
    match stand.scale {
        Scale::Tiny => run(stand, shared(version)),
        Scale::Full => {
            let node = Node::start(version, &Settings::new().optimised().heap("2g"));
            run(stand, &node.unwrap_or_else(|e| panic!("{e}")));
        }
    }
}

fn load(client: &Client, count: u64) {
    let mut body = String::new();
    for number in 0..count {
        body += &format!("{{\"create\":{{\"_id\":\"{}\"}}}}\n{}\n", id(number), document(number));
        if body.len() > 5 << 20 || number + 1 == count {
            client.bulk("source", std::mem::take(&mut body));
        }
    }
}

/// Waits until the server has no more to do for an index.
pub(crate) fn settle(client: &Client, index: &str) {
    client.refresh(index);
    let merges = || {
        let stats = client.json(Method::GET, &format!("/{index}/_stats/merge"), "");
        stats["_all"]["total"]["merges"]["current"].as_u64()
    };
    while merges() != Some(0) {
        sleep(Duration::from_millis(200));
    }
}

/// The time is what the server itself says that it took.
fn reindex(client: &Client, slices: &str) -> Cost {
    let body = json!({ "source": { "index": "source" }, "dest": { "index": "target" } }).to_string();
    let path = format!("/_reindex?wait_for_completion=false&slices={slices}");
    let started = client.json(Method::POST, &path, body);
    let task = started["task"].as_str().unwrap_or_else(|| panic!("no task: {started}")).to_owned();
    loop {
        let told: Value = client.json(Method::GET, &format!("/_tasks/{task}"), "");
        if told["completed"] == true {
            let took = told["response"]["took"].as_f64().unwrap_or_else(|| panic!("no time: {told}"));
            return Cost { wall: took / 1e3, ..Cost::default() };
        }
        sleep(Duration::from_millis(50));
    }
}
