//! `create` and `wait`: on every server version, and where a server is busy, loses its answer or fails.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use es_tests::command::{Run, Signal, bin, terminal};
use es_tests::fault::{Reply, Script};
use es_tests::node;
use reqwest::Method;
use serde_json::{Value, json};

use super::{index, on_every_version, registered, rows, snap, snapshot};

/// The name that it printed.
fn made(run: Run) -> String {
    String::from_utf8(run.run().stdout).unwrap().trim_end().to_owned()
}

#[test]
fn snapshots_are_made_on_every_version_and_twice_is_harmless() {
    on_every_version(|node| {
        let (repository, client) = (registered(node, "create"), node.client());
        index(node, "create-a", 2, 50);
        index(node, "create-b", 1, 7);
        let run = snap("create", &repository)
            .args(["<daily-{now/d}>", "--indices", "create-*", "--metadata", "ticket=OPS 17"])
            .args(["--manifest", "counts.ndjson"])
            .stderr("es-snap: create/daily-[..]: 2 indices, 3 primary shards, [..]\nes-snap: create/daily-[..]: 2 indices, 3 shards in [..] s\n");
        let outcome = run.run();
        let name = String::from_utf8(outcome.stdout.clone()).unwrap().trim_end().to_owned();
        assert_eq!(name.len(), "daily-2016.04.01".len(), "{name}");
        let there = snapshot(node, "create", &name);
        assert_eq!(
            (&there["state"], &there["shards"]["successful"]),
            (&json!("SUCCESS"), &json!(3)),
            "{there}"
        );
        assert_eq!(there["include_global_state"], true);
        assert_eq!(there["metadata"]["ticket"], "OPS 17");
        let manifest = fs::read_to_string(outcome.folder.path().join("counts.ndjson")).unwrap();
        let mut lines: Vec<_> = manifest.lines().collect();
        lines.sort_unstable();
        assert_eq!(
            lines,
            [r#"{"index":"create-a","min":50,"max":50}"#, r#"{"index":"create-b","min":7,"max":7}"#]
        );

        // The same name again changes nothing.
        snap("create", &repository)
            .args([&name, "--indices", "create-*"])
            .stdout("")
            .stderr(
                "es-snap: error: create/daily-[..] is there already (SUCCESS); nothing was changed\nes-snap: hint: [..]\n",
            )
            .status(1)
            .run();
        assert_eq!(snapshot(node, "create", &name)["uuid"], there["uuid"]);

        let shown = rows(&snap("show", &repository).args(["latest", "--json", "-s", "index"]).run());
        assert_eq!((&shown[0]["index"], &shown[0]["shards"]), (&json!("create-a"), &json!(2)));
        assert!(shown[0]["size"].as_u64().unwrap() > 0, "{shown:?}");
        let waited =
            snap("wait", &repository).arg(&name).stderr("es-snap: create/[..]: 2 indices, 3 shards[..]\n");
        assert_eq!(made(waited), name);
        let status = rows(&snap("status", &repository).args([&name, "--json"]).run());
        let status = &status[0];
        assert_eq!(
            (&status["state"], &status["done"], &status["percent"]),
            (&json!("SUCCESS"), &json!(3), &json!(100.0)),
            "{status}"
        );
        let listed = rows(&snap("list", &repository).args(["--json", "-c", "+names"]).run());
        assert_eq!(listed[0]["snapshot"], name.as_str());
        let mut names: Vec<_> = listed[0]["names"].as_array().unwrap().iter().map(Value::to_string).collect();
        names.sort_unstable();
        assert_eq!(names, ["\"create-a\"", "\"create-b\""]);
        client.json(Method::DELETE, "/create-a,create-b", "");
        client.json(Method::DELETE, "/_snapshot/create", "");
    });
}

#[test]
fn a_shard_that_cannot_be_had_makes_it_partial_or_failed() {
    on_every_version(|node| {
        let (repository, client) = (registered(node, "partial"), node.client());
        index(node, "partial-whole", 1, 3);
        let nowhere = json!({"settings": {"number_of_shards": 1, "number_of_replicas": 0, "index.routing.allocation.require.x": "y"}});
        // The primary has no node, so nobody waits for it.
        client.json(Method::PUT, "/partial-lost?wait_for_active_shards=0&timeout=0s", nowhere.to_string());
        let run = snap("create", &repository)
            .args(["one", "--indices", "partial-*", "--partial", "--no-global-state", "--json"])
            .stderr(
                "es-snap: partial/one: 2 indices[..]\nes-snap: warning: [partial-lost][0]: [..]\nes-snap: warning: partial/one is partial: it lacks 1 of 2 shards\n",
            )
            .status(3)
            .run();
        let row = &rows(&run)[0];
        assert_eq!((&row["state"], &row["failed"]), (&json!("PARTIAL"), &json!(1)), "{row}");
        assert_eq!(snapshot(node, "partial", "one")["include_global_state"], false);
        let failures = rows(&snap("show", &repository).args(["one", "--failures", "--json"]).run());
        assert_eq!((&failures[0]["index"], failures.len()), (&json!("partial-lost"), 1));
        // `_status` calls it a success.
        let status = rows(&snap("status", &repository).args(["one", "--json"]).run());
        assert_eq!(status[0]["state"], "PARTIAL");
        snap("list", &repository)
            .arg("latest")
            .stdout("")
            .stderr("es-snap: error: partial has no snapshot that succeeded\nes-snap: hint: [..]\n")
            .status(1)
            .run();

        snap("create", &repository)
            .args(["two", "--indices", "partial-*"])
            .stdout("")
            .stderr("es-snap: partial/two: 2 indices[..]\nes-snap: error: making partial/two: [..]primary shards[..]\nes-snap: hint: with --partial what can be had is kept\n")
            .status(1)
            .run();
        client.json(Method::DELETE, "/partial-whole,partial-lost", "");
        client.json(Method::DELETE, "/_snapshot/partial", "");
    });
}

#[test]
fn what_is_missing_is_named_before_anything_is_made() {
    on_every_version(|node| {
        let repository = registered(node, "missing");
        for (args, text) in [
            (
                vec!["a", "--indices", "missing-none"],
                "es-snap: error: looking up missing-none: [..]no such index[..]\n",
            ),
            (
                vec!["a", "--indices", "missing-none-*"],
                "es-snap: missing/a: 0 indices[..]\nes-snap: error: there is no index that missing-none-* names\n",
            ),
        ] {
            snap("create", &repository).args(args).stdout("").stderr(text).status(1).run();
        }
        snap("create", &format!("{}/nowhere", node.url()))
            .stdout("")
            .stderr("es-snap: error: [..] repository_missing_exception: [..]\nes-snap: hint: es-snap repo list shows those that there are\n")
            .status(1)
            .run();
        node.client().json(Method::DELETE, "/_snapshot/missing", "");
    });
}

#[test]
fn closed_indices_are_in_it_as_the_preview_says() {
    on_every_version(|node| {
        let (repository, client) = (registered(node, "shut"), node.client());
        index(node, "shut-a", 1, 3);
        index(node, "shut-b", 1, 4);
        client.json(Method::POST, "/shut-b/_close", "");
        snap("create", &repository)
            .args(["s", "--indices", "shut-*"])
            .stderr("es-snap: shut/s: 2 indices, 2 primary shards[..]\nes-snap: shut/s: 2 indices, 2 shards in [..] s\n")
            .stdout("s\n")
            .run();
        client.json(Method::DELETE, "/shut-a,shut-b", "");
        client.json(Method::DELETE, "/_snapshot/shut", "");
    });
}

/// A manifest that was short would make drills of a sound backup fail.
#[test]
fn where_the_list_of_indices_is_capped_all_are_told_and_noted() {
    for name in ["os-2.19.6", "os-3.8.0"] {
        let node = node::shared(node::version(name));
        let (repository, client) = (registered(node, "capped"), node.client());
        let names: Vec<_> = (0..5).map(|n| format!("capped-{n}")).collect();
        for (documents, name) in names.iter().enumerate() {
            index(node, name, 2, documents + 1);
        }
        let closed = client.json(Method::POST, "/capped-4/_close", "");
        assert_eq!(closed["acknowledged"], true, "{closed}");
        // More than the other tests of this suite have at a time.
        let cap = |most: Value| {
            let settings = json!({"transient": {"cat.indices.response.limit.number_of_indices": most}});
            client.json(Method::PUT, "/_cluster/settings", settings.to_string());
        };
        cap(json!(4));
        let refused = client.get("/_cat/indices/capped-*").0;
        let run = snap("create", &repository)
            .args(["s", "--indices", "capped-*", "--manifest", "counts.ndjson"])
            .stderr("es-snap: capped/s: 5 indices, 10 primary shards\nes-snap: capped/s: 5 indices, 10 shards in [..] s\n")
            .stdout("s\n")
            .run();
        cap(Value::Null);
        assert_eq!(refused, 429, "{name} does not cap");
        let manifest = fs::read_to_string(run.folder.path().join("counts.ndjson")).unwrap();
        let mut noted: Vec<_> = manifest.lines().collect();
        noted.sort_unstable();
        let wanted: Vec<_> =
            (0..4).map(|n| format!(r#"{{"index":"capped-{n}","min":{0},"max":{0}}}"#, n + 1)).collect();
        assert_eq!(noted, wanted, "{name}");
        client.json(Method::DELETE, "/capped-*", "");
        client.json(Method::DELETE, "/_snapshot/capped", "");
    }
}

/// What comes before the request that makes it.
fn until_made() -> Script {
    let indices = json!([{"index": "a", "status": "open", "pri": "1", "pri.store.size": "7"}]);
    let free = json!({"error": {"type": "snapshot_missing_exception", "reason": "missing"}, "status": 404});
    Script::new().on("GET", "/_cat/indices/*", Reply::value(200, &indices)).on(
        "GET",
        "/_snapshot/r/s",
        Reply::value(404, &free),
    )
}

fn state(state: &str) -> Reply {
    Reply::value(
        200,
        &json!({"snapshots": [{"snapshot": "s", "state": state, "shards": {"total": 1, "failed": 0}}]}),
    )
}

fn status() -> Reply {
    Reply::value(
        200,
        &json!({"snapshots": [{"snapshot": "s", "state": "STARTED", "shards_stats": {"total": 1}, "indices": {}}]}),
    )
}

/// An answer to a count: of so many shards so many were counted, and none is said to have failed.
fn counted(count: u64, successful: u64) -> Reply {
    let shards = json!({"total": 2, "successful": successful, "skipped": 0, "failed": 0});
    Reply::value(200, &json!({"count": count, "_shards": shards}))
}

/// The snapshot is what was asked for first: it is made, and named, whatever becomes of the counts.
#[test]
fn an_index_that_cannot_be_counted_is_left_out_of_the_manifest_and_not_out_of_the_snapshot() {
    let names = ["whole", "half", "red", "old"];
    let indices = names.map(|name| json!({"index": name, "status": "open", "pri": "2"}));
    let free = Reply::error(404, "snapshot_missing_exception", "missing");
    let refreshed = || Reply::value(200, &json!({"_shards": {"total": 2, "successful": 1, "failed": 0}}));
    let made = json!({"snapshots": [{"snapshot": "s", "state": "SUCCESS", "indices": names, "shards": {"total": 8, "failed": 0}}]});
    let server = Script::new()
        .on("GET", "/_cat/indices/*", Reply::value(200, &json!(indices)))
        .on("GET", "/_snapshot/r/s", free)
        .on("POST", "/whole/_refresh", refreshed())
        .on("GET", "/whole/_count", counted(10, 2))
        .on("POST", "/half/_refresh", refreshed())
        .on("GET", "/half/_count", counted(5, 1))
        .on("POST", "/red/_refresh", refreshed())
        .on("GET", "/red/_count", Reply::error(503, "search_phase_execution_exception", "all shards failed"))
        .on("POST", "/old/_refresh", refreshed())
        .on("GET", "/old/_count", counted(3, 2))
        .on("PUT", "/_snapshot/r/s", Reply::value(200, &json!({"accepted": true})))
        .on("GET", "/_snapshot/r/s", Reply::value(200, &made))
        .on("POST", "/old/_refresh", Reply::error(404, "index_not_found_exception", "no such index [old]"))
        .on("POST", "/whole/_refresh", refreshed())
        .on("GET", "/whole/_count", counted(12, 2))
        .start();
    let run = snap("create", &server.target("r")).args(["s", "--manifest", "counts.ndjson"]).stdout("s\n");
    let run = run
        .stderr(
            "es-snap: r/s: 4 indices, 8 primary shards\n\
             es-snap: warning: counting the documents of half: [..] 1 of 2 shards; half is left out of the manifest\n\
             es-snap: warning: counting the documents of red: [..] none of its shards: [..]; red is left out of the manifest\n\
             es-snap: r/s: 4 indices, 8 shards\n\
             es-snap: warning: refreshing old: [..] 404 [..]; old is left out of the manifest\n",
        )
        .run();
    let manifest = fs::read_to_string(run.folder.path().join("counts.ndjson")).unwrap();
    assert_eq!(manifest, "{\"index\":\"whole\",\"min\":10,\"max\":12}\n");
    server.finish();
}

const PREVIEW: &str = "es-snap: r/s: 1 indices, 1 primary shards, 7 B\n";

#[test]
fn a_busy_repository_is_waited_for() {
    let busy = json!({"error": {"type": "concurrent_snapshot_execution_exception", "reason": "a snapshot is running"}, "status": 503});
    let server = until_made()
        .on("PUT", "/_snapshot/r/s", Reply::value(503, &busy))
        .on("PUT", "/_snapshot/r/s", Reply::value(503, &busy))
        .on("PUT", "/_snapshot/r/s", Reply::value(200, &json!({"accepted": true})))
        .on("GET", "/_snapshot/r/s", state("IN_PROGRESS"))
        .on("GET", "/_snapshot/r/s/_status", status())
        .on("GET", "/_snapshot/r/s", state("SUCCESS"))
        .start();
    let text = format!(
        "{PREVIEW}es-snap: making r/s: [..]concurrent_snapshot_execution_exception[..]; waiting until it can begin\nes-snap: r/s: 0 indices, 1 shards\n"
    );
    snap("create", &server.target("r")).arg("s").stdout("s\n").stderr(text).run();
    server.finish();
}

#[test]
fn a_person_sees_how_far_it_is_also_while_shards_start() {
    let shard = |stage: &str, files: u64| json!({"stage": stage, "stats": {"incremental": {"file_count": files, "size_in_bytes": files * 100}}});
    let status = json!({"snapshots": [{
        "snapshot": "s",
        "shards_stats": {"initializing": 1, "done": 1, "total": 2},
        "indices": {"a": {"shards": {"0": shard("DONE", 7), "1": shard("INIT", 0)}}},
    }]});
    let server = until_made()
        .on("PUT", "/_snapshot/r/s", Reply::value(200, &json!({"accepted": true})))
        .on("GET", "/_snapshot/r/s", state("IN_PROGRESS"))
        .on("GET", "/_snapshot/r/s/_status", Reply::value(200, &status))
        .on("GET", "/_snapshot/r/s", state("SUCCESS").held(Duration::from_secs(3)))
        .start();
    let (mut ours, theirs) = terminal(120);
    let mut command = Command::new(bin("es-snap"));
    command
        .args(["create", &server.target("r"), "s", "--progress", "always"])
        .env_clear()
        .env("TERM", "xterm");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(theirs).spawn().unwrap();
    drop(command);
    let mut bytes = Vec::new();
    let _ = ours.read_to_end(&mut bytes);
    assert!(child.wait().unwrap().success());
    let shown = String::from_utf8_lossy(&bytes);
    // What is to be copied grows while shards start, so no end of it is shown.
    assert!(shown.contains("1 of 2 shards, 7 files, 700 B, "), "{shown}");
    assert!(shown.ends_with("es-snap: r/s: 0 indices, 1 shards\r\n"), "{shown}");
}

#[test]
fn a_lost_answer_is_no_second_snapshot() {
    let server = until_made()
        .on("PUT", "/_snapshot/r/s", Reply::closed())
        .on("GET", "/_snapshot/r/s", state("IN_PROGRESS"))
        .on("GET", "/_snapshot/r/s", state("SUCCESS"))
        .start();
    let text = format!("{PREVIEW}es-snap: r/s: 0 indices, 1 shards\n");
    snap("create", &server.target("r")).arg("s").stdout("s\n").stderr(text).run();
    server.finish();
}

#[test]
fn what_no_success_is_never_ends_well() {
    let failed = json!({"snapshots": [{"snapshot": "s", "state": "FAILED", "reason": "disk\nfull", "shards": {"total": 1, "failed": 1}}]});
    let short =
        json!({"snapshots": [{"snapshot": "s", "state": "SUCCESS", "shards": {"total": 9, "failed": 1}}]});
    let new = json!({"snapshots": [{"snapshot": "s", "state": "LATER"}]});
    let gone = json!({"error": {"type": "snapshot_missing_exception", "reason": "missing"}, "status": 404});
    for (reply, status, stdout, text) in [
        (Reply::value(200, &failed), 1, "", "es-snap: error: r/s failed: disk\\nfull\nes-snap: hint: [..]\n"),
        (Reply::value(200, &short), 3, "s\n", "es-snap: warning: r/s is partial: it lacks 1 of 9 shards\n"),
        (Reply::value(200, &new), 1, "", "es-snap: error: r/s is LATER, which is no backup\n"),
        (
            Reply::value(404, &gone),
            1,
            "",
            "es-snap: error: r/s is gone: it was deleted while it was being made\n",
        ),
        (
            Reply::json(200, "<html>"),
            1,
            "",
            "es-snap: error: listing the snapshots of r: the answer of [..] cannot be read: [..]\n",
        ),
        (
            Reply::json(200, "{\"snapshots\":[{").cut_half(),
            5,
            "",
            "es-snap: error: [..]\nes-snap: hint: [..]\n",
        ),
    ] {
        let server = until_made()
            .on("PUT", "/_snapshot/r/s", Reply::value(200, &json!({"accepted": true})))
            .on("GET", "/_snapshot/r/s", reply)
            .start();
        let run = snap("create", &server.target("r")).args(["s", "--retry-max-time", "0s"]);
        run.stdout(stdout).stderr(format!("{PREVIEW}{text}")).status(status).run();
        server.finish();
    }
}

#[test]
fn a_wait_that_ends_early_says_how_to_go_on() {
    let server = until_made()
        .on("PUT", "/_snapshot/r/s", Reply::value(200, &json!({"accepted": true})))
        .on("GET", "/_snapshot/r/s", state("IN_PROGRESS"))
        .on("GET", "/_snapshot/r/s/_status", status())
        .start();
    let text = format!(
        "{PREVIEW}es-snap: error: waiting for r/s: after [..] s it is still being made\nes-snap: hint: the server goes on; to follow it: es-snap wait http://[..]/r s\n"
    );
    snap("create", &server.target("r"))
        .args(["s", "--timeout", "0s"])
        .stdout("")
        .stderr(text)
        .status(6)
        .run();
    server.finish();

    let server = until_made()
        .on("PUT", "/_snapshot/r/s", Reply::value(200, &json!({"accepted": true})))
        .on("GET", "/_snapshot/r/s", state("IN_PROGRESS"))
        .on("GET", "/_snapshot/r/s/_status", status().held(Duration::from_secs(60)))
        .start();
    let text =
        format!("{PREVIEW}es-snap: warning: r/s goes on; to follow it: es-snap wait http://[..]/r s\n");
    let mut run =
        snap("create", &server.target("r")).arg("s").stdout("").stderr(text).signal(Signal::INT).start();
    run.wait_until("it follows", |_| {
        server.requests().iter().any(|request| request.head.path.ends_with("/_status"))
    });
    run.signal(Signal::INT);
    run.wait();
}

#[test]
fn whatever_ends_a_run_first_a_snapshot_that_goes_on_is_told() {
    let accepted = || Reply::value(200, &json!({"accepted": true}));
    // A server that answers with an error while it is followed.
    let server = until_made()
        .on("PUT", "/_snapshot/r/s", accepted())
        .on("GET", "/_snapshot/r/s", state("IN_PROGRESS"))
        .on("GET", "/_snapshot/r/s/_status", status())
        .on("GET", "/_snapshot/r/s", Reply::error(500, "repository_exception", "cannot read"))
        .start();
    let text = format!(
        "{PREVIEW}es-snap: error: listing the snapshots of r: [..] 500 repository_exception: cannot read\n\
         es-snap: hint: r/s goes on; to follow it: es-snap wait http://[..]/r s\n"
    );
    snap("create", &server.target("r")).arg("s").stdout("").stderr(text).status(1).run();
    server.finish();

    // A signal while it is asked for, and while it is followed.
    for (script, asked, told) in [
        (
            until_made().on("PUT", "/_snapshot/r/s", accepted().held(Duration::from_secs(60))),
            3,
            "may have begun",
        ),
        (
            until_made().on("PUT", "/_snapshot/r/s", accepted()).on(
                "GET",
                "/_snapshot/r/s",
                state("IN_PROGRESS").held(Duration::from_secs(60)),
            ),
            4,
            "goes on",
        ),
    ] {
        let server = script.start();
        let text =
            format!("{PREVIEW}es-snap: warning: r/s {told}; to follow it: es-snap wait http://[..]/r s\n");
        let run = snap("create", &server.target("r")).arg("s").stdout("").stderr(text);
        let mut run = run.signal(Signal::INT).start();
        run.wait_until("it is asked", |_| server.requests().len() == asked);
        run.signal(Signal::INT);
        run.wait();
    }
}

/// Servers without a master answer 503 for as long as it takes; one that is gone does not answer at all.
#[test]
fn a_wait_keeps_its_time_where_the_server_does_not_answer() {
    let server = Script::new()
        .on("GET", "/_snapshot/r/_current", state("IN_PROGRESS"))
        .on("GET", "/_snapshot/r/s", state("IN_PROGRESS"))
        .on("GET", "/_snapshot/r/s/_status", status().held(Duration::from_secs(60)))
        .start();
    snap("wait", &server.target("r"))
        .args(["--timeout", "0s"])
        .stdout("")
        .stderr("es-snap: error: waiting for r/s: after [..] it is still being made\nes-snap: hint: [..]\n")
        .status(6)
        .run();

    let server = Script::new()
        .on("GET", "/_snapshot/r/_current", state("IN_PROGRESS"))
        .then_always(Reply::unavailable())
        .start();
    let began = Instant::now();
    let run = snap("wait", &server.target("r")).args(["--timeout", "2s"]).stdout("").status(6);
    let run = run.take_stderr().run();
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert!(
        run.stderr.contains("error: listing the snapshots of r: ")
            && run.stderr.contains("hint: the server goes on; to follow it: es-snap wait "),
        "{}",
        run.stderr
    );
    server.finish();
}

#[test]
fn what_cannot_be_meant_is_a_usage_error() {
    for (args, why) in [
        (vec!["r", "<a-{now–1d}>"], "NAME <a-{now–1d}>: `–1d` is not a step in time, such as -1d or /d"),
        (vec!["r", "Nightly"], "NAME Nightly: it must be in lower case"),
        (vec!["r", "latest"], "NAME latest: it means the newest snapshot that succeeded"),
        (vec!["r", "<a-{now/q}>"], "NAME <a-{now/q}>: `/q` is not a step in time, such as -1d or /d"),
    ] {
        let run = Run::new("es-snap").arg("create").args(args);
        run.stderr(format!("es-snap: error: {why}\n")).status(2).run();
    }
    Run::new("es-snap")
        .args(["create", "r", "a", "--metadata", "x"])
        .stderr("es-snap: error: invalid value 'x' for '--metadata <KEY=VALUE>': write KEY=VALUE\nes-snap: hint: es-snap create -h lists the options\n")
        .status(2)
        .run();
}
