//! Every report against real servers of every version: what is printed is what a second client finds.

mod reports;
mod values;

use std::path::Path;
use std::sync::OnceLock;

use es_tests::client::Client;
use es_tests::node::{self, Node, Settings, Version};
use reqwest::Method;
use serde_json::json;

/// The name of the node, as nodes are called.
const NAME: &str = "node one, rack b";

/// A node with something of everything, one for each version.
fn server(version: &'static Version) -> &'static Node {
    static NODES: [OnceLock<Node>; 6] = [const { OnceLock::new() }; 6];
    let row = node::all().iter().position(|v| std::ptr::eq(v, version)).unwrap();
    NODES[row].get_or_init(|| {
        let node = Node::start(version, &settings()).unwrap();
        fill(&node.client(), &node.snapshots().join("backup"));
        node
    })
}

fn settings() -> Settings {
    Settings::new().heap("512m").name(NAME).set("node.attr.rack", "\"r1, east\"")
}

fn fill(client: &Client, backup: &Path) {
    let put = |path: &str, body: serde_json::Value| {
        client.json(Method::PUT, path, body.to_string());
    };
    let shards = |primaries: u32, replicas: u32| {
        // Sizes are as they are now, not as they were ten seconds ago.
        let fresh = json!({"stats_refresh_interval": "0s"});
        json!({"index": {"number_of_shards": primaries, "number_of_replicas": replicas, "store": fresh}})
    };
    put(
        "/logs-1",
        json!({
            "settings": shards(2, 0),
            "mappings": {"properties": {"parts": {"type": "nested"}, "status": {"type": "integer"}}},
            "aliases": {"part": {"filter": {"term": {"status": 500}}, "routing": "r"}, "w": {"is_write_index": true}},
        }),
    );
    // With a replica that no node is there for.
    put("/logs-2", json!({"settings": shards(1, 1)}));
    put("/closed", json!({"settings": shards(1, 0)}));
    put(
        "/hidden",
        json!({"settings": {"index": {"number_of_shards": 1, "number_of_replicas": 0, "hidden": true}}}),
    );
    let docs = (0..60).map(|n| {
        let parts = r#"[{"a":1},{"a":2}]"#;
        format!("{{\"index\":{{\"_id\":\"{n}\"}}}}\n{{\"status\":{},\"parts\":{parts}}}\n", [200, 500][n % 2])
    });
    client.bulk("logs-1", docs.collect::<String>());
    client.bulk("logs-2", "{\"index\":{\"_id\":\"1\"}}\n{\"a\":\"x\"}\n");
    client.bulk("hidden", "{\"index\":{\"_id\":\"1\"}}\n{\"a\":\"x\"}\n");
    for index in ["logs-1", "logs-2", "hidden"] {
        client.refresh(index);
        client.json(Method::POST, &format!("/{index}/_flush"), "");
    }
    client.bulk("logs-1", "{\"delete\":{\"_id\":\"7\"}}\n{\"delete\":{\"_id\":\"8\"}}\n");
    client.refresh("logs-1");
    client.json(Method::POST, "/closed/_close", "");
    put("/_index_template/newer", json!({"index_patterns": ["zz-*", "zy-*"], "priority": 5, "version": 3}));
    put("/_template/older", json!({"index_patterns": ["yy-*"], "order": 2}));
    put("/_snapshot/backup", json!({"type": "fs", "settings": {"location": backup}}));
    for name in ["first", "second"] {
        let path = format!("/_snapshot/backup/{name}?wait_for_completion=true");
        client.json(Method::PUT, &path, r#"{"indices":"logs-*"}"#);
    }
    settle(client);
}

/// Waits until nothing is merged or synced any more: then two clients that look one after the other see the same.
fn settle(client: &Client) {
    let look = || {
        client.json(Method::GET, "/_stats/store,docs,segments,merge,flush?expand_wildcards=open,hidden", "")
    };
    let mut last = look();
    for _ in 0..30 {
        std::thread::sleep(std::time::Duration::from_secs(1));
        let now = look();
        if now == last {
            return;
        }
        last = now;
    }
}
