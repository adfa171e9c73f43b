//! `verify` where a server misbehaves: what could not be asked is neither good nor bad. And what only Elasticsearch with
//! a licence has: `_verify_integrity`.

use es_tests::command::Run;
use es_tests::fault::{Reply, Request, Script, Server};
use serde_json::{Value, json};

use super::{line, snap};

fn snapshots() -> Reply {
    let shards = json!({"total": 1, "failed": 0, "successful": 1});
    let snapshot =
        json!({"snapshot": "s", "state": "SUCCESS", "indices": ["a"], "shards": shards, "version": "9.2.0"});
    Reply::value(200, &json!({"snapshots": [snapshot]}))
}

fn verified() -> Script {
    Script::new().on("GET", "/_snapshot/r/s", snapshots()).on(
        "POST",
        "/_snapshot/r/_verify",
        Reply::value(200, &json!({"nodes": {"x": {"name": "n"}}})),
    )
}

fn version(number: &str, distribution: &str) -> Reply {
    Reply::value(200, &json!({"version": {"number": number, "distribution": distribution}}))
}

#[test]
fn what_cannot_be_asked_is_unknown_and_has_its_status() {
    let missing = |kind: &str| Reply::error(404, kind, "[r] missing");
    for (what, reply, status, word) in [
        ("credentials", Reply::unauthorized(), 1, "UNKNOWN"),
        ("no such repository", missing("repository_missing_exception"), 1, "UNKNOWN"),
        ("no such snapshot", missing("snapshot_missing_exception"), 4, "CRITICAL"),
        (
            "storage",
            Reply::error(500, "repository_exception", "[r] could not read repository data"),
            5,
            "UNKNOWN",
        ),
        ("busy", Reply::unavailable(), 5, "UNKNOWN"),
        ("no JSON", Reply::new(200, "text/html", "<html>"), 1, "UNKNOWN"),
        ("half", snapshots().cut_half(), 5, "UNKNOWN"),
        ("nothing", Reply::value(200, &json!({"snapshots": []})), 1, "UNKNOWN"),
    ] {
        let server = Script::new().on("GET", "/_snapshot/r/s", reply).start();
        let run = snap("verify", &server.target("r")).args(["s", "--retry-max-time", "0"]);
        let told = line(run.take_stderr().status(status));
        assert!(told.starts_with(&format!("{word} - r/s: ")) && told.lines().count() == 1, "{what}: {told}");
        server.finish();
    }
    for (what, reply, status) in [
        (
            "nodes",
            Reply::error(500, "repository_verification_exception", "[r] store location is not accessible"),
            5,
        ),
        ("nobody", Reply::value(200, &json!({"nodes": {}})), 5),
        ("rights", Reply::forbidden(), 1),
    ] {
        let server = Script::new()
            .on("GET", "/_snapshot/r/s", snapshots())
            .on("POST", "/_snapshot/r/_verify", reply)
            .start();
        let told = line(snap("verify", &server.target("r")).arg("s").take_stderr().status(status));
        assert!(told.starts_with("UNKNOWN - r/s: "), "{what}: {told}");
        server.finish();
    }
    let server =
        Script::new().on("GET", "/_snapshot/r/_all", Reply::value(200, &json!({"snapshots": []}))).start();
    let told = line(snap("verify", &server.target("r")).arg("latest").status(4));
    assert_eq!(told, "CRITICAL - r/latest: r has no snapshot that succeeded\n");
    server.finish();
}

/// The name that the drill has made up for its copy of `a`.
fn copy(sent: &[Request]) -> String {
    let restore = sent.iter().find(|request| request.path.ends_with("/_restore")).unwrap();
    let body: Value = serde_json::from_slice(&restore.body).unwrap();
    body["rename_replacement"].as_str().unwrap().replace("$1", "a")
}

/// Up to the moment when the copy, of two shards, is there.
fn restored() -> Script {
    let shards = |sent: &[Request]| {
        let started = json!([{"state": "STARTED", "primary": true}]);
        let index = json!({"settings": {"index": {"number_of_shards": "2"}}});
        let routing = json!({"shards": {"0": started, "1": started}});
        Reply::value(
            200,
            &json!({
                "metadata": {"indices": {copy(sent): index}},
                "routing_table": {"indices": {copy(sent): routing}},
            }),
        )
    };
    let listed = |sent: &[Request]| {
        let done = |id: u64| json!({"id": id, "type": "SNAPSHOT", "stage": "DONE", "primary": true});
        Reply::value(200, &json!({copy(sent): {"shards": [done(0), done(1)]}}))
    };
    let room = json!({"nodes": {"n": {"fs": {"total": {"available_in_bytes": 1_000_000_000_000_u64}}}}});
    verified()
        .on("GET", "/", version("9.2.0", ""))
        .on("GET", "/_snapshot/r/s/_status", Reply::value(200, &json!({"snapshots": []})))
        .on("GET", "/_nodes/stats/fs", Reply::value(200, &room))
        .on("POST", "/_snapshot/r/s/_restore", Reply::value(200, &json!({"accepted": true})))
        .told("GET", "/_cluster/state/metadata,routing_table/es-drill-[..]-a", shards)
        .told("GET", "/es-drill-[..]-a/_recovery", listed)
        .on("POST", "/es-drill-[..]-a/_refresh", Reply::json(200, "{}"))
}

/// The copies of drills that are there.
fn marked(sent: &[Request]) -> Reply {
    let exclude =
        json!({"settings": {"index": {"routing": {"allocation": {"exclude": {"es_snap_drill": "17"}}}}}});
    Reply::value(200, &json!({"metadata": {"indices": {copy(sent): exclude}}}))
}

fn counted(count: u64, successful: u64) -> Reply {
    let shards = json!({"total": 2, "successful": successful, "skipped": 0, "failed": 0});
    Reply::value(200, &json!({"count": count, "_shards": shards}))
}

fn drill(server: &Server<Script>) -> Run {
    snap("verify", &server.target("r")).args(["s", "--drill", "--compare", "live"])
}

#[test]
fn half_a_count_is_neither_good_nor_bad() {
    for half_of_the_copy in [true, false] {
        let script = restored();
        let script = match half_of_the_copy {
            true => script.on("GET", "/es-drill-[..]-a/_count", counted(50, 1)),
            false => script.on("GET", "/es-drill-[..]-a/_count", counted(100, 2)).on(
                "GET",
                "/a/_count",
                counted(50, 1),
            ),
        };
        let server = script
            .told("GET", "/_cluster/state/metadata", marked)
            .on("DELETE", "/es-drill-[..]-a", Reply::json(200, "{}"))
            .on("GET", "/_cluster/state/metadata", Reply::json(200, "{}"))
            .start();
        let told = line(drill(&server).take_stderr().status(5));
        assert!(told.starts_with("UNKNOWN - r/s: ") && told.contains(" 1 of 2 shards"), "{told}");
        server.finish();
    }
}

#[test]
fn what_a_drill_cannot_delete_is_told_with_the_way_to_delete_it() {
    let left = "es-drill-[..]-* is left: es-snap verify http://[..]/r --sweep --older 0 --yes deletes it";
    // Looking at it fails, and so does deleting it: both are said.
    let server = restored()
        .on("GET", "/es-drill-[..]-a/_count", Reply::forbidden())
        .told("GET", "/_cluster/state/metadata", marked)
        .on("DELETE", "/es-drill-[..]-a", Reply::forbidden())
        .start();
    drill(&server)
        .stderr(format!(
            "es-snap: warning: deleting es-drill-[..]-a: [..] 403 [..]; {left}\n\
             es-snap: error: counting the documents of es-drill-[..]-a: [..] 403 [..]\nes-snap: hint: [..]\n"
        ))
        .status(1)
        .run();
    server.finish();

    let server = restored()
        .on("GET", "/es-drill-[..]-a/_count", counted(100, 2))
        .on("GET", "/a/_count", counted(100, 2))
        .told("GET", "/_cluster/state/metadata", marked)
        .on("DELETE", "/es-drill-[..]-a", Reply::forbidden())
        .start();
    drill(&server)
        .stderr(format!("es-snap: error: deleting es-drill-[..]-a: [..] 403 [..]\nes-snap: hint: {left}\n"))
        .status(1)
        .run();
    server.finish();
}

#[test]
fn a_server_that_is_not_there_is_unknown() {
    let told = line(snap("verify", "http://127.0.0.1:1/r").args(["s", "--json"]).take_stderr().status(5));
    let record: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&record["result"], &record["exit"]), (&json!("UNKNOWN"), &json!(5)), "{told}");
}

#[test]
fn a_deep_check_passes_only_when_the_server_comes_to_that_result() {
    let path = "/_snapshot/r/_verify_integrity?verify_blob_contents=true";
    let log =
        |entries: Value, results: Value| Reply::value(200, &json!({"log": entries, "results": results}));
    let fine = json!({"timestamp_in_millis": 1, "snapshot": {"snapshot": "s"}, "index": {"name": "a"}});
    let bad = json!({"anomaly": "mismatched blob contents", "index": {"name": "a"}, "shard_id": 0, "blob_name": "__x"});
    for (reply, status, told) in [
        (
            log(json!([fine]), json!({"result": "pass", "total_anomalies": 0})),
            0,
            "OK - r/s: SUCCESS, 1 indices, 1 shards; read by 1 nodes; every file was read\n",
        ),
        (
            log(json!([fine, bad]), json!({"result": "fail", "total_anomalies": 1})),
            4,
            "CRITICAL - r/s: a shard 0: mismatched blob contents (__x); the server's check of all files says fail, 1 anomalies\n",
        ),
    ] {
        let server = verified().on("GET", "/", version("9.2.0", "")).on("POST", path, reply).start();
        assert_eq!(line(snap("verify", &server.target("r")).args(["s", "--deep"]).status(status)), told);
        server.finish();
    }
    for (reply, status) in [
        (Reply::value(200, &json!({"log": [fine]})), 1),
        (log(json!([fine]), json!({"result": "pass"})).cut_half(), 5),
        (Reply::error(500, "repository_exception", "no"), 1),
    ] {
        let server = verified().on("GET", "/", version("8.19.0", "")).on("POST", path, reply).start();
        let run = snap("verify", &server.target("r")).args(["s", "--deep", "--retry-max-time", "0"]);
        let told = line(run.take_stderr().status(status));
        assert!(told.starts_with("UNKNOWN - r/s: "), "{told}");
        server.finish();
    }
    for (number, distribution) in [("8.15.0", ""), ("3.8.0", "opensearch")] {
        let server = verified().on("GET", "/", version(number, distribution)).start();
        let run = snap("verify", &server.target("r")).args(["s", "--deep"]);
        let told = line(
            run.stderr("es-snap: error: [..] --deep needs Elasticsearch 8.16\nes-snap: hint: [..]\n")
                .status(1),
        );
        assert!(told.starts_with("UNKNOWN - r/s: "), "{told}");
        server.finish();
    }
}
