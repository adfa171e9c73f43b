//! es-snap: on real servers, on an S3 server, and where a server misbehaves.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

mod bucket;
mod create;
mod damage;
mod helps;
mod jobs;
mod list;
mod prune;
mod repo;
mod resolve;
mod restore;
mod verify;

use es_tests::command::{Outcome, Run};
use es_tests::node::{self, Node};
use reqwest::Method;
use serde_json::{Value, json};

/// `es-snap COMMAND URL/REPOSITORY …`
fn snap(command: &str, url: &str) -> Run {
    Run::new("es-snap").args([command, url]).take_stdout()
}

/// The rows of `--json`.
fn rows(outcome: &Outcome) -> Vec<Value> {
    let parse = |line: &&[u8]| serde_json::from_slice(line).unwrap();
    outcome.lines().iter().map(parse).collect()
}

fn on_every_version(test: fn(&Node)) {
    for version in node::all() {
        test(node::shared(version));
    }
}

/// A snapshot of these indices that the second client makes, whole.
fn make(node: &Node, repository: &str, name: &str, indices: &str) {
    let path = format!("/_snapshot/{repository}/{name}");
    node.client().delete(&path, "");
    let body = json!({"indices": indices, "include_global_state": false});
    let made = node.client().json(Method::PUT, &format!("{path}?wait_for_completion=true"), body.to_string());
    assert_eq!(made["snapshot"]["state"], "SUCCESS", "{made}");
}

/// A repository of files that the second client registers; its address.
fn registered(node: &Node, name: &str) -> String {
    let body = json!({"type": "fs", "settings": {"location": node.snapshots().join(name)}});
    node.client().json(Method::PUT, &format!("/_snapshot/{name}"), body.to_string());
    format!("{}/{name}", node.url())
}

/// An index of so many documents, one of which has `nested` ones inside.
fn index(node: &Node, name: &str, shards: u32, documents: usize) {
    let client = node.client();
    client.create_index(
        name,
        &json!({
            "settings": {"number_of_shards": shards, "number_of_replicas": 0},
            "mappings": {"properties": {"parts": {"type": "nested"}, "at": {"type": "date"}}},
        })
        .to_string(),
    );
    let lines = (0..documents).map(|n| {
        format!("{{\"create\":{{\"_id\":\"{n}\"}}}}\n{{\"n\":{n},\"parts\":[{{\"a\":1}},{{\"a\":2}}]}}\n")
    });
    client.bulk(name, lines.collect::<String>());
    client.refresh(name);
}

/// What the server says of a snapshot.
fn snapshot(node: &Node, repository: &str, name: &str) -> Value {
    let answer = node.client().json(Method::GET, &format!("/_snapshot/{repository}/{name}"), "");
    answer["snapshots"][0].clone()
}
