//! Repositories in a bucket: two clusters of OpenSearch and our S3 server agree, and it refuses what a real one does.

use std::fs;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use es_tests::client::Client;
use es_tests::node::{self, Node, Settings};
use es_tests::s3::S3;
use reqwest::Method;
use serde_json::{Value, json};

const DOCUMENTS: u64 = 3000;

struct Stage {
    s3: S3,
    /// Another server, which a test may stop.
    other: S3,
    writer: Node,
    reader: Node,
}

/// One for all tests, which take turns. The clients of both clusters are `default`, and on the writer three more.
fn stage() -> MutexGuard<'static, Stage> {
    static STAGE: OnceLock<Mutex<Stage>> = OnceLock::new();
    let stage = STAGE.get_or_init(|| {
        let (s3, other) = (S3::start(), S3::start());
        let settings = Settings::new().s3("default", &s3);
        let writer = settings.clone();
        let writer = writer.s3("liar", &s3).keystore("s3.client.liar.secret_key", other.secret_key());
        let writer = writer.s3("stranger", &s3).keystore("s3.client.stranger.access_key", other.access_key());
        let writer = writer.s3("other", &other);
        let start = |settings: &Settings| Node::start(node::version("os-3.8.0"), settings).expect("a server");
        let (writer, reader) = thread::scope(|scope| {
            let writer = scope.spawn(|| start(&writer));
            let reader = start(&settings);
            (writer.join().expect("a server"), reader)
        });
        Mutex::new(Stage { s3, other, writer, reader })
    });
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

fn register(client: &Client, name: &str, settings: Value) -> (u16, String) {
    let body = json!({ "type": "s3", "settings": settings }).to_string();
    let (status, answer) = client.put(&format!("/_snapshot/{name}"), body);
    (status, String::from_utf8(answer).expect("answers are text"))
}

fn fill(client: &Client, index: &str) {
    let line = |n| format!("{{\"index\":{{}}}}\n{{\"n\":{n},\"text\":\"the quick brown fox {n}\"}}\n");
    client.create_index(index, r#"{"settings":{"number_of_shards":2,"number_of_replicas":0}}"#);
    client.bulk(index, (0..DOCUMENTS).map(line).collect::<String>());
}

#[test]
fn what_one_cluster_writes_comes_back_there_and_on_another_that_only_reads() {
    let stage = stage();
    stage.s3.bucket("journey");
    let (writer, reader) = (stage.writer.client(), stage.reader.client());
    let settings = json!({ "bucket": "journey", "base_path": "deep/er" });
    assert_eq!(register(&writer, "journey", settings).0, 200);
    let nodes = writer.json(Method::POST, "/_snapshot/journey/_verify", "");
    assert_eq!(nodes["nodes"].as_object().unwrap().len(), 1, "{nodes}");

    fill(&writer, "kept");
    let snapshot = "/_snapshot/journey/one?wait_for_completion=true";
    let snapshot = writer.json(Method::PUT, snapshot, r#"{"indices":"kept"}"#);
    assert_eq!(snapshot["snapshot"]["state"], "SUCCESS", "{snapshot}");
    let objects = stage.s3.objects("journey");
    assert!(objects.iter().any(|key| key == "deep/er/index.latest"), "{objects:?}");

    let settings = json!({ "bucket": "journey", "base_path": "deep/er", "readonly": true });
    assert_eq!(register(&reader, "journey", settings).0, 200);
    let listed = reader.json(Method::GET, "/_snapshot/journey/_all", "");
    assert_eq!(listed["snapshots"][0]["snapshot"], "one", "{listed}");
    assert_ne!(reader.put("/_snapshot/journey/two", "").0, 200, "it only reads");

    writer.json(Method::DELETE, "/kept", "");
    for client in [&writer, &reader] {
        let restore = "/_snapshot/journey/one/_restore?wait_for_completion=true";
        let restored = client.json(Method::POST, restore, r#"{"indices":"kept"}"#);
        assert_eq!(restored["snapshot"]["shards"]["successful"], 2, "{restored}");
        assert_eq!(client.count("kept"), DOCUMENTS);
    }
    writer.json(Method::DELETE, "/_snapshot/journey/one", "");
    let left = stage.s3.objects("journey");
    assert!(!left.iter().any(|key| key.starts_with("deep/er/indices/")), "{left:?}");
}

#[test]
fn wrong_keys_and_a_missing_bucket_are_refused_when_the_repository_is_registered() {
    let stage = stage();
    stage.s3.bucket("closed");
    let writer = stage.writer.client();
    for (client, bucket, says) in [
        ("liar", "closed", "The request signature we calculated does not match"),
        ("stranger", "closed", "The AWS Access Key Id you provided does not exist"),
        ("default", "nowhere", "The specified bucket does not exist"),
    ] {
        let (status, answer) = register(&writer, "refused", json!({ "bucket": bucket, "client": client }));
        assert_eq!(status, 500, "{answer}");
        assert!(answer.contains("repository_verification_exception"), "{answer}");
        assert!(answer.contains(says), "{answer}");
    }
    assert!(stage.s3.objects("closed").is_empty());
}

#[test]
fn a_stopped_server_refuses_connections_and_resumes_where_it_was() {
    let mut stage = stage();
    stage.other.bucket("held");
    let writer = stage.writer.client();
    let settings = json!({ "bucket": "held", "client": "other" });
    assert_eq!(register(&writer, "held", settings).0, 200);
    stage.other.stop();
    let (status, answer) = writer.post("/_snapshot/held/_verify", "");
    assert_eq!(status, 500, "{}", String::from_utf8_lossy(&answer));
    stage.other.resume();
    writer.json(Method::POST, "/_snapshot/held/_verify", "");
}

#[test]
fn the_secret_is_in_no_answer_and_on_no_command_line() {
    let stage = stage();
    stage.s3.bucket("secret");
    let (writer, secret) = (stage.writer.client(), stage.s3.secret_key());
    assert_eq!(register(&writer, "secret", json!({ "bucket": "secret" })).0, 200);
    for path in ["/_snapshot", "/_nodes/settings", "/_cluster/settings?include_defaults", "/_cluster/state"] {
        let (status, answer) = writer.get(path);
        let answer = String::from_utf8(answer).unwrap();
        assert_eq!(status, 200, "{path}: {answer}");
        assert!(!answer.contains(secret), "{path}: {answer}");
    }
    let config = stage.writer.folder().join("config");
    assert!(config.join("opensearch.keystore").is_file());
    assert!(!config.join("keystore.properties").exists(), "what the keystore was filled with is gone");

    let folder = stage.writer.folder().to_str().unwrap();
    let mut seen = false;
    for process in fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path()) {
        // Processes come and go, and those of other users may not be looked into.
        let read =
            |file| String::from_utf8_lossy(&fs::read(process.join(file)).unwrap_or_default()).into_owned();
        let said = read("cmdline") + &read("environ");
        seen |= said.contains(folder);
        assert!(!said.contains(secret), "{}", read("cmdline"));
    }
    assert!(seen, "the node is among them");
}
