//! es-bulk against real servers: what they answer is judged as its tables say.

use std::thread;

use es_tests::client::Client;
use es_tests::command::{Folder, Run};
use es_tests::node::{self, Node, Product, Settings, Version, all, shared};
use reqwest::Method;
use serde_json::{Value, json};

const MAPPING: &str = r#"{"settings":{"number_of_shards":2,"number_of_replicas":0},"mappings":{"properties":{"n":{"type":"long"}}}}"#;

/// Every version at once: starting takes seconds.
fn everywhere(test: impl Fn(&'static Version, &str, &Client) + Sync) {
    thread::scope(|scope| {
        for version in all() {
            let test = &test;
            scope.spawn(move || {
                let node = shared(version);
                test(version, &node.url(), &node.client());
            });
        }
    });
}

fn fresh(client: &Client, index: &str) {
    client.delete(&format!("/{index}"), "");
    client.create_index(index, MAPPING);
}

fn hits(numbers: impl Iterator<Item = usize>) -> String {
    numbers.map(|n| format!("{{\"_id\":\"{n}\",\"_source\":{{\"n\":{n}}}}}\n")).collect()
}

fn load(url: &str, index: &str, input: impl Into<Vec<u8>>) -> Run {
    Run::new("es-bulk").arg(format!("{url}/{index}")).stdin(input)
}

#[test]
fn a_load_and_the_same_again() {
    everywhere(|version, url, client| {
        fresh(client, "twice");
        let input = hits(0..25_000);
        load(url, "twice", &*input).stderr("es-bulk: 25,000 read: 25,000 created; [..]\n").run();
        client.refresh("twice");
        assert_eq!(client.count("twice"), 25_000, "{version}");
        load(url, "twice", &*input)
            .arg("--refresh")
            .stderr("es-bulk: 25,000 read: 25,000 skipped (already there); [..]\n")
            .run();
        load(url, "twice", hits(24_999..25_001) + "{\"_id\":\"7\",\"_source\":{\"n\":8}}\n")
            .args(["--conflicts", "compare"])
            .stderr(
                "es-bulk: rejected: line 3 of standard input, id \"7\": 409 different_document: [..]\n\
                 es-bulk: 3 read: 1 created, 1 skipped (already there), 1 rejected; [..]\n",
            )
            .status(3)
            .run();
    });
}

#[test]
fn refused_documents_are_mended_and_replayed() {
    everywhere(|version, url, client| {
        fresh(client, "mended");
        let bad = "{\"_id\":\"x\",\"_source\":{\"n\":\"seven\"}}\n{\"_id\":\"y\",\"_routing\":\"r\",\"_source\":{\"n\":{}}}\n";
        let twice = "{\"_id\":\"z\",\"_source\":{\"n\":1,\"n\":2}}\n";
        let folder = Folder::shared();
        let outcome = load(url, "mended", hits(0..500) + bad + twice)
            .in_folder(&folder)
            .args(["--rejects", "bad.ndjson"])
            .take_stderr()
            .status(3)
            .run();
        let text = String::from_utf8(folder.read("bad.ndjson")).unwrap();
        let rejects: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: Vec<_> = rejects.iter().map(|reject| reject["_id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["x", "y", "z"], "{version}: {}", outcome.stderr);
        for reject in &rejects {
            let why = &reject["_reject"];
            assert_eq!(why["status"], 400, "{version}: {why}");
            assert!(why["type"].as_str().unwrap().contains("pars"), "{version}: {why}");
        }
        let script = "es-xform '.n = 1' bad.ndjson | es-bulk $URL/mended --refresh";
        Run::shell(script).in_folder(&folder).env("URL", url).take_stderr().run();
        let routed = client.json(Method::GET, "/mended/_doc/y?routing=r", "");
        assert_eq!(routed["_source"], json!({"n": 1}), "{version}");
    });
}

#[test]
fn all_operations() {
    everywhere(|version, url, client| {
        fresh(client, "ops");
        load(url, "ops", hits(0..3)).stderr("es-bulk: 3 read: 3 created; [..]\n").run();
        load(url, "ops", hits(2..4))
            .args(["--op", "index"])
            .stderr("es-bulk: 2 read: 1 created, 1 updated; [..]\n")
            .run();
        load(url, "ops", "{\"_id\":\"1\",\"_source\":{\"m\":1}}\n{\"_id\":\"0\",\"_source\":{\"n\":0}}\n")
            .args(["--op", "update"])
            .stderr("es-bulk: 2 read: 1 updated, 1 skipped (already there); [..]\n")
            .run();
        load(url, "ops", "{\"_id\":\"9\",\"_source\":{\"m\":1}}\n")
            .args(["--op", "update"])
            .stderr("es-bulk: rejected: line 1 of standard input, id \"9\": 404 document_missing_exception: [..]\nes-bulk: 1 read: 1 rejected; [..]\n")
            .status(3)
            .run();
        load(url, "ops", "{\"_id\":\"9\",\"_source\":{\"m\":1}}\n")
            .args(["--op", "update", "--upsert"])
            .stderr("es-bulk: 1 read: 1 created; [..]\n")
            .run();
        load(url, "ops", "{\"_id\":\"2\"}\n{\"_id\":\"88\"}\n")
            .args(["--op", "delete", "--refresh"])
            .stderr("es-bulk: 2 read: 1 deleted, 1 skipped (already there); [..]\n")
            .run();
        let versions =
            "{\"_id\":\"0\",\"_version\":1,\"_source\":{}}\n{\"_id\":\"1\",\"_version\":50,\"_source\":{}}\n";
        load(url, "ops", versions)
            .args(["--op", "index", "--version-type", "external"])
            .stderr("es-bulk: 2 read: 1 updated, 1 skipped (already there); [..]\n")
            .run();
        let pairs =
            "{\"index\":{\"_id\":\"p\",\"routing\":\"r\"}}\n{\"n\":5}\n{\"delete\":{\"_id\":\"3\"}}\n";
        load(url, "ops", pairs)
            .args(["--op", "keep", "--refresh"])
            .stderr("es-bulk: 2 read: 1 created, 1 deleted; [..]\n")
            .run();
        assert_eq!(client.count("ops"), 4, "{version}");
    });
}

#[test]
fn records_of_several_indices_are_found_again_behind_a_data_stream_and_an_alias() {
    everywhere(|version, url, client| {
        let template = r#"{"index_patterns":["es-bulk-stream"],"data_stream":{},"priority":500}"#;
        // The Elasticsearch nodes are minimal ones.
        let has_streams = version.product == Product::OpenSearch;
        if has_streams {
            client.json(Method::PUT, "/_index_template/es-bulk-stream", template);
        }
        let alias =
            |write: bool| format!(r#"{{"aliases":{{"es-bulk-alias":{{"is_write_index":{write}}}}}}}"#);
        client.put("/es-bulk-alias-1", alias(false));
        client.put("/es-bulk-alias-2", alias(true));
        let line = |index: &str, id: u8| {
            let source = format!("{{\"@timestamp\":\"2026-01-01T00:00:0{id}Z\",\"n\":{id}}}");
            format!("{{\"_index\":\"{index}\",\"_id\":\"{id}\",\"_source\":{source}}}\n")
        };
        let input = line("a", 1) + &line("b", 2);
        for target in ["es-bulk-alias", "es-bulk-stream"].into_iter().take(1 + usize::from(has_streams)) {
            load(url, target, &*input).stderr("es-bulk: 2 read: 2 created; [..]\n").run();
            load(url, target, &*input).stderr("es-bulk: 2 read: 2 skipped (already there); [..]\n").run();
            load(url, target, input.replace("\"n\":2", "\"n\":3"))
                .stderr("es-bulk: rejected: line 2 of [..]different_document[..]\nes-bulk: 2 read: 1 skipped (already there), 1 rejected; [..]\n")
                .status(3)
                .run();
        }
        client.delete("/es-bulk-alias-1,es-bulk-alias-2", "");
        if has_streams {
            client.delete("/_data_stream/es-bulk-stream", "");
            client.delete("/_index_template/es-bulk-stream", "");
            assert_eq!(client.get("/es-bulk-stream").0, 404, "{version}");
        }
    });
}

#[test]
fn blocked_closed_and_deleted_indices_stop_the_load() {
    everywhere(|version, url, client| {
        fresh(client, "blocked");
        client.put("/blocked/_settings", r#"{"index.blocks.write":true}"#);
        load(url, "blocked", hits(0..10))
            .stderr("es-bulk: error: loading into blocked: [..] answered 403 cluster_block_exception: [..]\nes-bulk: hint: [..]\nes-bulk: 10 read: 10 unsent; [..]\n")
            .status(1)
            .run();
        client.put("/blocked/_settings", r#"{"index.blocks.write":false}"#);
        client.post("/blocked/_close", "");
        load(url, "blocked", hits(0..10))
            .stderr("es-bulk: error: loading into blocked: [..] index_closed_exception: [..]\nes-bulk: hint: [..]\nes-bulk: 10 read: 10 unsent; [..]\n")
            .status(1)
            .run();

        fresh(client, "deleted");
        let mut run = Run::new("es-bulk")
            .args([&format!("{url}/deleted"), "--bulk-docs", "10"])
            .stdin_open()
            .take_stderr()
            .status(1)
            .start();
        run.write(hits(0..11).as_bytes());
        // The eleventh goes out after a second of silence.
        run.wait_until("the first bulk is in", |_| client.count("deleted") >= 10);
        client.delete("/deleted", "");
        run.write(hits(11..30).as_bytes());
        run.close_stdin();
        let outcome = run.wait();
        assert!(outcome.stderr.contains("deleted"), "{version}: {}", outcome.stderr);
    });
}

#[test]
fn missing_indices_are_made_only_when_asked() {
    everywhere(|version, url, client| {
        for index in ["made", "made-by-template"] {
            client.delete(&format!("/{index}"), "");
        }
        load(url, "made", hits(0..3))
            .stderr(format!("es-bulk: error: {url} has no index made\nes-bulk: hint: [..]\n"))
            .status(1)
            .run();
        assert_eq!(client.get("/made").0, 404, "{version}");
        load(url, "made", hits(0..3))
            .args(["--create-index", "--set", "number_of_shards=2"])
            .stderr("es-bulk: 3 read: 3 created; [..]\n")
            .run();
        let settings = client.json(Method::GET, "/made/_settings", "");
        assert_eq!(settings["made"]["settings"]["index"]["number_of_shards"], "2", "{version}");

        client.put("/_template/es-bulk-test", r#"{"index_patterns":["made-by-*"]}"#);
        load(url, "made-by-template", hits(0..3)).stderr("es-bulk: 3 read: 3 created; [..]\n").run();
        client.delete("/_template/es-bulk-test", "");
    });
}

#[test]
fn bodies_over_the_servers_limit_are_split() {
    thread::scope(|scope| {
        for name in ["es-9.2.0", "os-3.8.0"] {
            scope.spawn(move || {
                let settings = Settings::new().set("http.max_content_length", "1mb");
                let node = Node::start(node::version(name), &settings).unwrap();
                let client = node.client();
                fresh(&client, "large");
                let line = |n: usize| format!("{{\"_id\":\"{n}\",\"_source\":{{\"x\":\"{}\"}}}}\n", "x".repeat(2000));
                let giant = format!("{{\"_id\":\"giant\",\"_source\":{{\"x\":\"{}\"}}}}\n", "x".repeat(1_200_000));
                let input: String = (0..2000).map(line).collect::<String>() + &giant;
                load(&node.url(), "large", input)
                    .arg("--refresh")
                    .stderr("[...]\nes-bulk: rejected: line 2001 of standard input, id \"giant\": [..]\nes-bulk: 2,001 read: 2,000 created, 1 rejected; [..]\n")
                    .status(3)
                    .run();
                assert_eq!(client.count("large"), 2000, "{name}");
            });
        }
    });
}

#[test]
fn items_refused_by_a_full_queue_are_sent_again() {
    thread::scope(|scope| {
        for name in ["es-8.19.0", "os-2.19.6"] {
            scope.spawn(move || {
                let settings =
                    Settings::new().set("thread_pool.write.size", 1).set("thread_pool.write.queue_size", 1);
                let node = Node::start(node::version(name), &settings).unwrap();
                let client = node.client();
                client.create_index("busy", r#"{"settings":{"number_of_shards":5,"number_of_replicas":0}}"#);
                let outcome = load(&node.url(), "busy", hits(0..20_000))
                    .args(["-j", "12", "--bulk-docs", "200", "--refresh"])
                    .take_stderr()
                    .run();
                assert!(outcome.stderr.contains("20,000 read: 20,000 "), "{name}: {}", outcome.stderr);
                assert!(outcome.stderr.contains(" retried; "), "{name}: {}", outcome.stderr);
                assert_eq!(client.count("busy"), 20_000, "{name}");
            });
        }
    });
}

#[test]
fn updates_are_done_once_where_the_server_does_large_requests_in_pieces() {
    // As if very much were in flight.
    let settings = Settings::new()
        .set("indexing_pressure.memory.split_bulk.watermark.low", "1kb")
        .set("indexing_pressure.memory.split_bulk.watermark.high", "1kb");
    let node = Node::start(node::version("es-9.2.0"), &settings).unwrap();
    let client = node.client();
    fresh(&client, "pieces");
    for (long, count) in [(0, 12_000), (2000, 3000)] {
        load(&node.url(), "pieces", hits(0..count)).args(["--op", "index"]).take_stderr().run();
        let text = "x".repeat(long);
        let pair = |n: usize| {
            let more = if n % 1000 == 999 { ",\"nonsense\":1" } else { "" };
            format!("{{\"update\":{{\"_id\":\"{n}\"}}}}\n{{\"doc\":{{\"x\":\"{n} {text}\"}}{more}}}\n")
        };
        let summary = format!(
            "[...]\nes-bulk: {} read: {} updated, {} rejected; [..]\n",
            grouped(count),
            grouped(count - count / 1000),
            count / 1000
        );
        load(&node.url(), "pieces", (0..count).map(pair).collect::<String>())
            .args(["--op", "keep", "--refresh"])
            .stderr(summary)
            .status(3)
            .run();
        let query = r#"{"version":true,"size":10000,"_source":false,"query":{"exists":{"field":"x"}}}"#;
        let found = client.json(Method::POST, "/pieces/_search", query);
        let versions = found["hits"]["hits"].as_array().unwrap().iter().map(|hit| hit["_version"].as_u64());
        assert_eq!(versions.max(), Some(Some(2)), "{long}");
        client.delete("/pieces", "");
        fresh(&client, "pieces");
    }
}

fn grouped(n: usize) -> String {
    format!("{},{:03}", n / 1000, n % 1000)
}
