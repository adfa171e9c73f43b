//! The harness itself: every server of the table starts, answers and keeps bytes, and is gone with its owner.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use es_tests::client::Client;
use es_tests::node::{self, Error, Node, Product, Settings};
use reqwest::Method;

#[test]
fn every_version_starts_and_gives_back_what_was_stored() {
    thread::scope(|scope| {
        for version in node::all() {
            scope.spawn(move || {
                let client = node::shared(version).client();
                let root = client.json(Method::GET, "/", "");
                assert_eq!(root["version"]["number"], version.number);
                assert_eq!(
                    root["version"]["distribution"] == "opensearch",
                    version.product == Product::OpenSearch
                );

                let body = r#"{"settings":{"number_of_shards":2},"mappings":{"dynamic":false}}"#;
                client.create_index("kept", body);
                let first = r#"{"b":1.0,"a":123456789012345678901234567890,"\u00e9":-0.0}"#;
                let second = r#"{"a" : "\/\ud800"}"#;
                let ids = [r#"{"index":{"_id":"1"}}"#, r#"{"index":{"_id":"a\"b","routing":"r"}}"#];
                client.bulk("kept", format!("{}\n{first}\n{}\n{second}\n", ids[0], ids[1]));
                assert_eq!(client.count("kept"), 2);

                let hits = client.read_all("kept");
                let hits: Vec<_> = hits
                    .iter()
                    .map(|hit| (&*hit.id, hit.routing.as_deref(), hit.source.as_deref()))
                    .collect();
                let wanted = [(r#""1""#, None, Some(first)), (r#""a\"b""#, Some(r#""r""#), Some(second))];
                assert_eq!(hits, wanted, "{version}");

                let scroll = client.json(Method::POST, "/kept/_search?scroll=1m", r#"{"size":1}"#);
                assert_eq!(client.wait_for_contexts("kept", 2), 2, "{version}: one a shard");
                let opensearch = version.product == Product::OpenSearch;
                let (open, key) =
                    if opensearch { ("_search/point_in_time", "pit_id") } else { ("_pit", "id") };
                if version.name() != "os-1.3.20" {
                    let path = format!("/kept/{open}?keep_alive=1m&preference=_shards:0");
                    let pit = client.json(Method::POST, &path, "");
                    assert_eq!(
                        client.wait_for_contexts("kept", 3),
                        3,
                        "{version}: and one of the point in time"
                    );
                    let close = serde_json::json!({ key: pit[key] }).to_string();
                    client.json(Method::DELETE, &format!("/{open}"), close);
                }
                let close = serde_json::json!({ "scroll_id": [scroll["_scroll_id"]] });
                client.json(Method::DELETE, "/_search/scroll", close.to_string());
                assert_eq!(client.wait_for_contexts("kept", 0), 0, "{version}");
            });
        }
    });
}

/// es-scroll goes by it: a shard that is missing is one that is not among the successful.
#[test]
fn shards_that_a_search_skips_are_among_the_successful() {
    thread::scope(|scope| {
        for version in node::all() {
            scope.spawn(move || {
                let client = node::shared(version).client();
                let body =
                    r#"{"settings":{"number_of_shards":3},"mappings":{"properties":{"n":{"type":"date"}}}}"#;
                client.create_index("skips", body);
                let pair = |n| format!("{{\"index\":{{\"_id\":\"{n}\"}}}}\n{{\"n\":{n}}}\n");
                client.bulk("skips", (0..30).map(pair).collect::<String>());
                client.refresh("skips");
                let none = r#"{"query":{"range":{"n":{"gt":"2100-01-01"}}}}"#;
                let answer = client.json(Method::POST, "/skips/_search?pre_filter_shard_size=1", none);
                let shards = &answer["_shards"];
                assert!(shards["skipped"].as_u64() > Some(0), "{version}: {shards}");
                assert_eq!(
                    (&shards["total"], &shards["successful"]),
                    (&3.into(), &3.into()),
                    "{version}: {shards}"
                );
            });
        }
    });
}

#[test]
fn what_one_version_wrote_to_the_shared_folder_a_newer_one_reads() {
    thread::scope(|scope| {
        for (old, new) in [("es-7.17.28", "es-8.19.0"), ("es-8.19.0", "es-9.2.0"), ("os-2.19.6", "os-3.8.0")]
        {
            scope.spawn(move || {
                let old = node::shared(node::version(old));
                let new = node::shared(node::version(new));
                let name = format!("from-{}", old.version().name());
                let location = node::exchange().join(&name);
                let register = |client: &Client, readonly: bool| {
                    let settings = serde_json::json!({ "location": location, "readonly": readonly });
                    let body = serde_json::json!({ "type": "fs", "settings": settings });
                    client.json(Method::PUT, &format!("/_snapshot/{name}"), body.to_string());
                };
                let (writer, reader) = (old.client(), new.client());
                register(&writer, false);
                writer.create_index(&name, r#"{"settings":{"number_of_shards":1,"number_of_replicas":0}}"#);
                writer.bulk(&name, "{\"index\":{}}\n{\"a\":1}\n");
                let snapshot = format!("/_snapshot/{name}/one");
                let body = serde_json::json!({ "indices": name, "include_global_state": false }).to_string();
                let done =
                    writer.json(Method::PUT, &format!("{snapshot}?wait_for_completion=true"), body.clone());
                assert_eq!(done["snapshot"]["state"], "SUCCESS", "{done}");

                register(&reader, true);
                let listed = reader.json(Method::GET, &format!("/_snapshot/{name}/_all"), "");
                assert_eq!(listed["snapshots"][0]["snapshot"], "one", "{listed}");
                let restore = format!("{snapshot}/_restore?wait_for_completion=true");
                reader.json(Method::POST, &restore, body.clone());
                assert_eq!(reader.count(&name), 1);

                // The files are the servers', and still a test's to damage.
                let damaged = data_files(&location);
                assert!(!damaged.is_empty());
                for file in damaged {
                    fs::remove_file(file).unwrap();
                }
                reader.json(Method::DELETE, &format!("/{name}"), "");
                let restored = reader.json(Method::POST, &restore, body);
                assert_eq!(restored["snapshot"]["shards"]["failed"], 1, "{restored}");
                reader.json(Method::DELETE, &format!("/{name}"), "");
            });
        }
    });
}

/// The files of a repository that hold documents, whose names start so in every version.
fn data_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            found.extend(data_files(&entry.path()));
        } else if entry.file_name().to_string_lossy().starts_with("__") {
            found.push(entry.path());
        }
    }
    found
}

#[test]
fn a_node_with_security_wants_its_password() {
    let node = Node::start(node::version("es-9.2.0"), &Settings::new().security()).unwrap();
    let stranger = Client::new(&node.url());
    assert_eq!(stranger.get("/").0, 401);
    let root = node.client().json(Method::GET, "/", "");
    assert_eq!(root["version"]["number"], "9.2.0");
    let key = node.client().json(Method::POST, "/_security/api_key", r#"{"name":"k"}"#);
    assert!(key["encoded"].is_string(), "{key}");
}

#[test]
fn a_node_with_tls_speaks_nothing_else() {
    let signed = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let settings = Settings::new().tls(&signed.cert.pem(), &signed.signing_key.serialize_pem());
    let node = Node::start(node::version("es-7.17.28"), &settings).unwrap();
    assert!(node.url().starts_with("https://127.0.0.1:"));
    let plain = Client::new(&node.url().replace("https", "http"));
    assert!(!plain.is_healthy());
}

#[test]
fn a_killed_node_comes_back_at_its_address_with_its_data_and_may_be_left_running() {
    let mut node =
        Node::start(node::version("os-2.19.6"), &Settings::new().set("http.max_content_length", "1mb"))
            .unwrap();
    let (client, url) = (node.client(), node.url());
    client.bulk("kept", "{\"index\":{}}\n{\"a\":1}\n");
    node.kill();
    assert!(!client.is_healthy());
    node.restart().unwrap();
    assert_eq!(node.url(), url);
    assert_eq!(client.count("kept"), 1);
    assert_eq!(client.post("/kept/_bulk", vec![b' '; 2 << 20]).0, 413);

    let folder = node.folder().to_owned();
    let group = node.leave().unwrap();
    assert!(client.is_healthy(), "it runs on when left alone");
    assert!(Command::new("kill").args(["-9", "--", &format!("-{group}")]).status().unwrap().success());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_node_that_cannot_start_says_why() {
    let error =
        Node::start(node::version("os-1.3.20"), &Settings::new().set("no.such.setting", 1)).unwrap_err();
    assert!(error.to_string().contains("no.such.setting"), "{error}");
    assert!(matches!(error, Error::NotReady { .. }));
}

/// Runs itself once more as the owner of a node, and kills that process as nothing can be caught.
#[test]
fn a_node_ends_with_the_process_that_started_it() {
    // A launcher and a server: both must go.
    let version = node::version("es-8.19.0");
    if std::env::var_os("ES_TEST_OWNER").is_some() {
        let node = node::shared(version);
        let port = node.url().rsplit(':').next().unwrap().to_owned();
        writeln!(io::stdout(), "\nNODE {port} {}", node.folder().display()).unwrap();
        thread::sleep(Duration::from_secs(600));
    }
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "a_node_ends_with_the_process_that_started_it"])
        .env("ES_TEST_OWNER", "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(owner.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find(|line| line.starts_with("NODE ")).expect("the owner names its node");
    let [_, port, folder] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
    let port: u16 = port.parse().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    assert_eq!(processes_in(folder), 3, "launcher, server and guard");

    owner.kill().unwrap();
    owner.wait().unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while processes_in(folder) > 0 || Path::new(folder).exists() {
        assert!(Instant::now() < deadline, "still there after two minutes");
        thread::sleep(Duration::from_millis(50));
    }
}

/// How many processes have this folder in their command line.
fn processes_in(folder: &str) -> usize {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.path());
    let lines = processes.filter_map(|process| fs::read(process.join("cmdline")).ok());
    lines.filter(|line| String::from_utf8_lossy(line).contains(folder)).count()
}
