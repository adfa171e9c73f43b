//! `prune` and `delete`: real repositories with snapshots of every kind on every server version, and servers that are
//! busy, lose answers or fail.

use std::collections::BTreeSet;

use es_tests::command::Run;
use es_tests::fault::{Reply, Script};
use es_tests::node::Node;
use reqwest::Method;
use serde_json::{Value, json};

use super::on_every_version;
use super::{index, registered, rows, snap};

/// The names that a second client finds.
fn names(node: &Node, repository: &str) -> BTreeSet<String> {
    let answer = node.client().json(Method::GET, &format!("/_snapshot/{repository}/_all"), "");
    let all = answer["snapshots"].as_array().unwrap();
    all.iter().map(|one| one["snapshot"].as_str().unwrap().to_owned()).collect()
}

fn make(node: &Node, repository: &str, name: &str, body: &Value) -> Value {
    let path = format!("/_snapshot/{repository}/{name}?wait_for_completion=true");
    node.client().json(Method::PUT, &path, body.to_string())["snapshot"].clone()
}

/// An index whose second shard no node may have, so that a snapshot of it is partial.
fn half(node: &Node, name: &str) {
    let client = node.client();
    let body = json!({
        "settings": {"number_of_shards": 1, "number_of_replicas": 0, "routing.allocation.require._name": "nobody"},
    });
    let _ = client.delete(&format!("/{name}"), "");
    client.json(Method::PUT, &format!("/{name}?wait_for_active_shards=0&timeout=1ms"), body.to_string());
}

#[test]
fn fifty_snapshots_in_mixed_states_are_pruned_as_the_rules_say_on_every_version() {
    on_every_version(|node| {
        let url = registered(node, "prune");
        index(node, "prune-docs", 1, 2);
        half(node, "prune-half");
        let whole = json!({"indices": "prune-docs", "include_global_state": false});
        let half =
            json!({"indices": "prune-docs,prune-half", "partial": true, "include_global_state": false});
        let mut policy = whole.clone();
        policy["metadata"] = json!({"policy": "daily"});
        let mut partial = 0;
        for n in 0..50 {
            let (name, body) = match n % 10 {
                3 => (format!("n-{n:02}-policy"), &policy),
                5 | 7 => (format!("n-{n:02}-half"), &half),
                8 => (format!("other-{n:02}"), &whole),
                _ => (format!("n-{n:02}"), &whole),
            };
            let made = make(node, "prune", &name, body);
            partial += usize::from(made["state"] != "SUCCESS");
        }
        assert_eq!(partial, 10);
        let before = names(node, "prune");
        assert_eq!(before.len(), 50);

        let prune = || snap("prune", &url).args(["--match", "n-*", "--keep-last", "4"]);
        let dry = prune()
            .args(["--failed-within", "0s", "--json"])
            .stderr("es-snap: prune: 36 would be deleted, 9 kept; nothing was done: --yes does it\n")
            .run();
        assert_eq!(names(node, "prune"), before);
        let listed = rows(&dry);
        assert_eq!(listed.len(), 45);
        let reason = |name: &str| {
            let row = listed.iter().find(|row| row["snapshot"] == name).unwrap();
            (row["action"].as_str().unwrap(), row["reason"].as_str().unwrap())
        };
        assert_eq!(reason("n-49"), ("keep", "last"));
        assert_eq!(reason("n-44"), ("keep", "last"));
        assert_eq!(reason("n-41"), ("delete", "no rule keeps it"));
        assert_eq!(reason("n-03-policy"), ("keep", "left to the server's policy daily"));
        assert_eq!(reason("n-47-half"), ("delete", "not whole, and a newer one is"));

        // What is not whole stays for a week.
        let kept = prune().args(["--json"]).take_stderr().run();
        let kept = rows(&kept);
        let row = kept.iter().find(|row| row["snapshot"] == "n-05-half").unwrap();
        assert_eq!((&row["state"], &row["reason"]), (&json!("PARTIAL"), &json!("not whole, and new")));

        prune().args(["--failed-within", "0s", "--yes"]).stderr("es-snap: prune: 36 deleted, 9 kept\n").run();
        let last = ["n-42", "n-44", "n-46", "n-49"];
        let stays =
            |name: &str| name.starts_with("other-") || name.ends_with("-policy") || last.contains(&name);
        let expected: BTreeSet<_> = before.iter().filter(|name| stays(name)).cloned().collect();
        assert_eq!(names(node, "prune"), expected);
        // Again does nothing more.
        prune().args(["--failed-within", "0s", "--yes"]).stderr("es-snap: prune: 0 deleted, 9 kept\n").run();
        assert_eq!(names(node, "prune"), expected);

        // By name: shown, done, and gone is gone.
        let delete = || snap("delete", &url).args(["n-42", "other-0*", "--json"]);
        let would = delete()
            .stderr("es-snap: prune: 2 would be deleted, 12 kept; nothing was done: --yes does it\n")
            .run();
        let named: Vec<_> = rows(&would).iter().map(|row| row["snapshot"].clone()).collect();
        assert_eq!(named, ["other-08", "n-42"]);
        delete().arg("--yes").stderr("es-snap: prune: 2 deleted, 12 kept\n").run();
        let again = "es-snap: prune/n-42 is not there\nes-snap: prune: 0 deleted, 12 kept\n";
        delete().arg("--yes").stdout("").stderr(again).run();
        let missing = "es-snap: error: prune has no snapshot n-42\n";
        delete().stdout("").stderr(missing).status(1).run();
        assert_eq!(names(node, "prune").len(), 12);

        // Files that are lost are no sign that nothing was there.
        let place = node.snapshots().join("prune");
        for entry in std::fs::read_dir(&place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::remove_file(path).unwrap();
            }
        }
        let lost = prune().stdout("").take_stderr().status(5).run();
        assert!(lost.stderr.contains("repo verify"), "{}", lost.stderr);
        for index in ["prune-docs", "prune-half"] {
            node.client().delete(&format!("/{index}"), "");
        }
        node.client().delete("/_snapshot/prune", "");
    });
}

fn root(number: &str) -> Reply {
    Reply::value(200, &json!({"version": {"number": number}}))
}

fn listed(names: &[&str]) -> Reply {
    let one = |(n, name): (usize, &&str)| json!({"snapshot": name, "state": "SUCCESS", "start_time_in_millis": n + 1});
    let all: Vec<_> = names.iter().enumerate().map(one).collect();
    Reply::value(200, &json!({"snapshots": all}))
}

fn done() -> Reply {
    Reply::json(200, r#"{"acknowledged":true}"#)
}

fn busy() -> Reply {
    Reply::error(
        503,
        "concurrent_snapshot_execution_exception",
        "[r:a] another snapshot is currently running",
    )
}

fn prune(url: &str) -> Run {
    snap("prune", url).args(["--all", "--keep-last", "1", "--yes"])
}

const MISSING: &str = "snapshot_missing_exception";
const BRIEF: &str = "/_snapshot/r/_all?verbose=false";

#[test]
fn old_servers_delete_one_by_one_and_busy_ones_are_waited_for() {
    let server = Script::new()
        .on("GET", "/_snapshot/r/_all", listed(&["a", "b", "c"]))
        .on("GET", "/", root("7.7.1"))
        .on("DELETE", "/_snapshot/r/a", busy())
        .on("DELETE", "/_snapshot/r/a", busy())
        .on("DELETE", "/_snapshot/r/a", done())
        .on("DELETE", "/_snapshot/r/b", done())
        .start();
    let said = "es-snap: deleting r/a: [..] 503 concurrent_snapshot_execution_exception: [..]; waiting until it can begin\nes-snap: r: 2 deleted, 1 kept\n";
    prune(&server.target("r")).stderr(said).run();
    server.finish();

    let server = Script::new()
        .on("GET", "/_snapshot/r/_all", listed(&["a", "b", "c"]))
        .on("GET", "/", root("7.8.0"))
        .on("DELETE", "/_snapshot/r/a,b", busy())
        .start();
    let said = "es-snap: deleting 2 snapshots of r: [..]\nes-snap: error: r: 2 snapshots could not be deleted in time: [..]\nes-snap: hint: [..]es-snap list r\n";
    prune(&server.target("r")).args(["--timeout", "0s"]).stderr(said).status(6).run();
    server.finish();
}

#[test]
fn what_is_gone_is_gone_and_a_lost_answer_is_looked_into() {
    let missing = || Reply::error(404, MISSING, "[r:a] is missing");
    let begin = || {
        Script::new().on("GET", "/_snapshot/r/_all", listed(&["a", "b", "c"])).on("GET", "/", root("9.2.0"))
    };
    let server = begin()
        .on("DELETE", "/_snapshot/r/a,b", missing())
        .on("GET", BRIEF, listed(&["b", "c"]))
        .on("DELETE", "/_snapshot/r/b", done())
        .start();
    prune(&server.target("r")).stderr("es-snap: r: 1 deleted, 1 kept, 1 were gone already\n").run();
    server.finish();

    let server =
        begin().on("DELETE", "/_snapshot/r/a,b", Reply::closed()).on("GET", BRIEF, listed(&["c"])).start();
    let said = "es-snap: warning: [..]; looking at what is still there\nes-snap: r: 2 deleted, 1 kept\n";
    prune(&server.target("r")).stderr(said).run();
    server.finish();

    // Listed and not found: its files are lost, and no asking brings them back.
    let server = begin()
        .on("DELETE", "/_snapshot/r/a,b", missing())
        .on("GET", BRIEF, listed(&["a", "b", "c"]))
        .start();
    prune(&server.target("r"))
        .stderr(
            "es-snap: error: [..] 404 snapshot_missing_exception: [..]\nes-snap: hint: [..]repo verify[..]\n",
        )
        .status(5)
        .run();
    server.finish();
}

#[test]
fn every_failure_has_its_status() {
    for (reply, status) in [
        (Reply::unauthorized(), 1),
        (Reply::forbidden(), 1),
        (Reply::error(404, "repository_missing_exception", "[r] missing"), 1),
        (Reply::error(500, "repository_exception", "[r] Could not read repository data"), 5),
        (Reply::error(404, MISSING, "[r:a/u] is missing"), 1),
        (Reply::new(200, "text/html", "<html>hello</html>"), 1),
        (listed(&["a", "b"]).cut_half(), 5),
    ] {
        let server = Script::new().on("GET", "/_snapshot/r/_all", reply).start();
        prune(&server.target("r")).stdout("").take_stderr().status(status).run();
        server.finish();
    }
    let reasons = [
        (
            Reply::error(
                500,
                "repository_exception",
                "[r] cannot delete snapshot from a readonly repository",
            ),
            1,
        ),
        (Reply::forbidden(), 1),
        (Reply::json(200, "{}").cut_after(1), 5),
    ];
    for (reply, status) in reasons {
        let lost = status == 5;
        let server = Script::new()
            .on("GET", "/_snapshot/r/_all", listed(&["a", "b"]))
            .on("GET", "/", root("9.2.0"))
            .on("DELETE", "/_snapshot/r/a", reply);
        let server = match lost {
            true => server.on("GET", BRIEF, Reply::error(500, "repository_exception", "lost")),
            false => server,
        };
        let server = server.start();
        prune(&server.target("r")).take_stderr().status(status).run();
        server.finish();
    }
    for args in [
        vec!["prune", "r", "--keep-last", "1"],
        vec!["prune", "r", "--all"],
        vec!["prune", "r", "--match", "*"],
        vec!["prune", "r", "--all", "--match", "*", "--keep-last", "1"],
        vec!["prune", "r", "--all", "--keep-last", "0"],
        vec!["delete", "http://localhost:1/r", "*", "--yes"],
        vec!["delete", "http://localhost:1/r", "latest", "--yes"],
        vec!["delete", "http://localhost:1/r"],
    ] {
        Run::new("es-snap").args(args).take_stderr().status(2).run();
    }
}
