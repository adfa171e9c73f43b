//! `verify` on every server version: what is there, what is damaged or away, and drills that leave nothing behind.

mod trouble;

use std::fs;
use std::time::Duration;

use es_tests::command::{Run, Running, Signal};
use es_tests::node::{self, Node};
use reqwest::Method;
use serde_json::{Value, json};

use super::{damage, index, make, on_every_version, registered, rows, snap};

/// The indices of drills that are on the server.
fn drills(node: &Node, index: &str) -> Vec<String> {
    let path = format!("/_cat/indices/es-drill-*-{index}?format=json&h=index&expand_wildcards=all");
    let listed = node.client().json(Method::GET, &path, "");
    listed.as_array().unwrap().iter().map(|row| row["index"].as_str().unwrap().to_owned()).collect()
}

/// The one line that it printed.
fn line(run: Run) -> String {
    String::from_utf8(run.run().stdout).unwrap()
}

/// A repository that gives a few bytes a second, and its address.
fn slow(node: &Node, name: &str) -> String {
    let settings = json!({"location": node.snapshots().join(name), "max_restore_bytes_per_sec": "300b"});
    let body = json!({"type": "fs", "settings": settings});
    node.client().json(Method::PUT, &format!("/_snapshot/{name}"), body.to_string());
    format!("{}/{name}", node.url())
}

/// A drill whose index is on the server, and not whole yet.
fn running(node: &Node, repository: &str, index: &str, run: fn(Run) -> Run) -> Running {
    let drill = snap("verify", repository).args(["one", "--drill"]).stdout("");
    let mut running = run(drill).start();
    running.wait_until("its index is there", |_| !drills(node, index).is_empty());
    running
}

#[test]
fn a_snapshot_is_there_whole_and_young_or_a_check_says_no() {
    on_every_version(|node| {
        let repository = registered(node, "verify");
        index(node, "verify-a", 2, 10);
        index(node, "verify-b", 1, 10);
        make(node, "verify", "one", "verify-*");
        let verify = |args: &[&str]| snap("verify", &repository).args(args);
        let ok = line(verify(&["latest", "--indices", "verify-a,verify-b*", "--max-age", "26h"]));
        assert!(
            ok.starts_with("OK - verify/one: SUCCESS, 2 indices, 3 shards; read by 1 nodes; it is "),
            "{ok}"
        );
        let no = line(verify(&["one", "--indices", "verify-a,other,x*"]).status(4));
        assert_eq!(
            no,
            "CRITICAL - verify/one: other: it is not in the snapshot; x*: it is not in the snapshot\n"
        );
        let old = line(verify(&["one", "--max-age", "0"]).status(4));
        assert!(old.starts_with("CRITICAL - verify/one: it is "), "{old}");
        let gone = line(verify(&["two"]).status(4));
        assert_eq!(gone, "CRITICAL - verify/two: it is not in the repository\n");
        let unknown = snap("verify", &format!("{}/nobodys", node.url())).arg("one");
        let unknown = line(unknown.take_stderr().status(1));
        assert!(unknown.starts_with("UNKNOWN - nobodys/one: "), "{unknown}");
        let records = rows(&verify(&["one", "--json"]).run());
        let told: Vec<_> =
            records.iter().map(|r| (r["check"].as_str().unwrap(), r["result"].as_str().unwrap())).collect();
        assert_eq!(told, [("state", "pass"), ("repository", "pass"), ("verdict", "OK")]);
        assert_eq!(records[2]["exit"], 0);
    });
}

#[test]
fn a_partial_snapshot_is_a_warning_that_names_the_shards() {
    on_every_version(|node| {
        let (repository, client) = (registered(node, "parts"), node.client());
        index(node, "parts-a", 1, 3);
        let nowhere = json!({"settings": {
            "index.number_of_shards": 1,
            "index.number_of_replicas": 0,
            "index.routing.allocation.require.rack": "r9",
        }});
        client.json(Method::PUT, "/parts-b?wait_for_active_shards=0", nowhere.to_string());
        let body = json!({"indices": "parts-*", "include_global_state": false, "partial": true});
        client.json(Method::PUT, "/_snapshot/parts/one?wait_for_completion=true", body.to_string());
        let warning = line(snap("verify", &repository).arg("one").status(3));
        assert!(warning.starts_with("WARNING - parts/one: parts-b shard 0: "), "{warning}");
        assert!(warning.ends_with("; PARTIAL, 2 indices, 2 shards, 1 of them failed\n"), "{warning}");
        // The rest of it can be restored.
        let drill = line(snap("verify", &repository).args(["one", "--drill", "--expect", "3"]).status(3));
        assert!(drill.contains("parts-b: it is not whole in the snapshot, and was not restored"), "{drill}");
        client.delete("/parts-b", "");
    });
}

#[test]
fn a_repository_that_is_away_is_not_a_snapshot_that_is_bad() {
    on_every_version(|node| {
        let repository = registered(node, "away");
        index(node, "away", 1, 3);
        make(node, "away", "one", "away");
        let (there, aside) = (node.snapshots().join("away"), node.snapshots().join("aside"));
        fs::rename(&there, &aside).unwrap();
        let outcome = snap("verify", &repository).arg("one").take_stderr().status(5).run();
        let told = String::from_utf8(outcome.stdout).unwrap();
        assert!(told.starts_with("UNKNOWN - away/one: "), "{told}");
        assert!(outcome.stderr.starts_with("es-snap: error: "), "{}", outcome.stderr);
        // The server may have made the folder again.
        let _ = fs::remove_dir_all(&there);
        fs::rename(&aside, &there).unwrap();
    });
}

#[test]
fn a_drill_restores_counts_and_leaves_nothing_behind() {
    on_every_version(|node| {
        let (repository, client) = (registered(node, "drill"), node.client());
        index(node, "drilled-1", 2, 40);
        index(node, "drilled-2", 1, 7);
        // What would keep the copies from coming, or act on them.
        let rules =
            json!({"index.blocks.write": true, "index.routing.allocation.include._name": "node,other"});
        client.json(Method::PUT, "/drilled-2/_settings", rules.to_string());
        make(node, "drill", "one", "drilled-*");
        let before = client.json(Method::GET, "/drilled-*/_settings", "");

        let drill = |args: &[&str]| snap("verify", &repository).args(["one", "--drill"]).args(args);
        let ok = line(drill(&["--compare", "live", "--field", "n", "--expect", "47"]));
        assert!(
            ok.contains("; 2 indices restored in ") && ok.ends_with("; 47 documents; n is there\n"),
            "{ok}"
        );
        let no = line(drill(&["--field", "no.such", "--expect", "48..", "--expect-each", "8.."]).status(4));
        assert_eq!(
            no,
            "CRITICAL - drill/one: drilled-2: 7 documents, and 8.. were expected; 47 documents, and 48.. were expected; \
             no document has no.such\n"
        );
        let manifest = "{\"index\":\"drilled-1\",\"min\":39,\"max\":41}\n{\"index\":\"drilled-2\",\"min\":8,\"max\":9}\n";
        let compared = Run::shell(&format!(
            "printf '%s' '{manifest}' > counts && es-snap verify {repository} one --drill --compare counts"
        ));
        let compared = line(compared.take_stdout().status(4));
        assert_eq!(compared, "CRITICAL - drill/one: drilled-2: 7 documents of 8 to 9\n");

        // The parts together are the whole.
        let parts: Vec<_> =
            ["1/2", "2/2"].map(|share| rows(&drill(&["--share", share, "--json"]).run())).into();
        let counted = |part: &Vec<Value>| {
            part.iter().filter(|r| r["check"] == "count" && r["index"].is_string()).count()
        };
        assert_eq!(parts.iter().map(counted).sum::<usize>(), 2, "{parts:?}");

        assert!(drills(node, "drilled-*").is_empty());
        assert_eq!(
            client.json(Method::GET, "/drilled-*/_settings", ""),
            before,
            "what was there is untouched"
        );
        client.json(Method::PUT, "/drilled-2/_settings", r#"{"index.blocks.write":null}"#);
    });
}

#[test]
fn a_drill_looks_at_the_newest_date() {
    let node = node::shared(node::version("es-9.2.0"));
    let (repository, client) = (registered(node, "dates"), node.client());
    index(node, "dates", 1, 1);
    client.bulk("dates", "{\"create\":{}}\n{\"at\":\"2001-01-01T00:00:00Z\"}\n{\"create\":{}}\n{\"at\":\"2002-01-01T00:00:00Z\"}\n");
    make(node, "dates", "one", "dates");
    let drill =
        |max: &str| snap("verify", &repository).args(["one", "--drill", "--newest", "at", "--max-age", max]);
    let ok = line(drill("99999d"));
    assert!(ok.contains("; the newest at is "), "{ok}");
    let no = line(drill("1d").status(4));
    assert!(no.starts_with("CRITICAL - dates/one: the newest at is "), "{no}");
}

#[test]
fn what_a_server_calls_a_success_is_found_to_be_damaged_by_a_drill() {
    on_every_version(|node| {
        let repository = registered(node, "lies");
        let files = node.snapshots().join("lies");
        for name in ["lies-flipped", "lies-removed", "lies-whole"] {
            index(node, name, 1, 100);
        }
        make(node, "lies", "zero", "lies-*");
        damage::flip(&files, "lies-flipped", 0);
        damage::remove(&files, "lies-removed", 0);
        // Files that are there already are not copied again, nor looked at.
        snap("create", &repository).args(["one", "--indices", "lies-*", "-q"]).stdout("one\n").run();
        let plain = line(snap("verify", &repository).arg("one"));
        assert!(plain.starts_with("OK - "), "{plain}");
        let told = line(snap("verify", &repository).args(["one", "--drill"]).status(4));
        assert!(told.starts_with("CRITICAL - lies/one: lies-"), "{told}");
        for name in [
            "lies-flipped shard 0: it could not be restored: ",
            "lies-removed shard 0: it could not be restored: ",
        ] {
            assert!(told.contains(name), "{told}");
        }
        assert!(!told.contains("lies-whole"), "{told}");
        assert!(drills(node, "lies-*").is_empty());
    });
}

#[test]
fn a_signal_in_a_drill_leaves_nothing_behind() {
    on_every_version(|node| {
        let repository = slow(node, "interrupted");
        index(node, "interrupted", 1, 200);
        make(node, "interrupted", "one", "interrupted");
        for signal in [Signal::INT, Signal::TERM] {
            let run: fn(Run) -> Run = match signal {
                Signal::INT => |run| run.signal(Signal::INT),
                _ => |run| run.signal(Signal::TERM),
            };
            let running = running(node, &repository, "interrupted", run);
            running.signal(signal);
            running.wait_within(Duration::from_secs(90));
            assert!(drills(node, "interrupted").is_empty());
        }
    });
}

#[test]
fn what_a_killed_drill_leaves_is_swept_and_nothing_else() {
    on_every_version(|node| {
        let repository = slow(node, "killed");
        index(node, "killed", 1, 200);
        make(node, "killed", "one", "killed");
        let running = running(node, &repository, "killed", |run| run.signal(Signal::KILL));
        // One that a person has called so.
        index(node, "es-drill-mine-killed", 1, 1);
        running.signal(Signal::KILL);
        running.wait();

        let sweep = |args: &[&str]| line(snap("verify", &repository).arg("--sweep").args(args));
        assert_eq!(sweep(&[]), "", "drills that may run are left alone");
        let left = line(
            snap("verify", &repository)
                .args(["--sweep", "--older", "0"])
                .stderr("es-snap: nothing was deleted; --yes deletes them\n"),
        );
        assert!(
            left.starts_with("es-drill-") && left.ends_with("-killed\n") && left.lines().count() == 1,
            "{left}"
        );
        assert_eq!(sweep(&["--older", "0", "--yes"]), left);
        assert_eq!(drills(node, "killed"), ["es-drill-mine-killed"]);
        assert_eq!(sweep(&["--older", "0", "--yes"]), "");
        node.client().delete("/es-drill-mine-killed", "");
    });
}
