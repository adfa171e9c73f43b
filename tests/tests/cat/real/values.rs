//! Values against other interfaces of the same server than `_cat`: statistics, state, counts, snapshots.

use std::thread;

use es_tests::node::{self, Version};
use reqwest::Method;
use serde_json::{Value, json};

use super::{NAME, server};
use crate::{cat, rows, text};

fn row<'r>(rows: &'r [Value], name: &str, value: &str) -> &'r Value {
    rows.iter().find(|row| row[name] == value).unwrap_or_else(|| panic!("no {value}: {rows:?}"))
}

fn check(version: &'static Version) {
    let node = server(version);
    let client = node.client();
    let get = |path: &str| client.json(Method::GET, path, "");
    let ask = |report: &str, args: &[&str]| rows(&cat(report, &node.url()).arg("--json").args(args).run());

    let (indices, stats) = (ask("indices", &["--hidden"]), get("/_stats?expand_wildcards=open,hidden"));
    for name in ["logs-1", "logs-2", "hidden"] {
        let (ours, theirs) = (row(&indices, "index", name), &stats["indices"][name]);
        assert_eq!(ours["docs.count"], theirs["primaries"]["docs"]["count"], "{version} {name}");
        assert_eq!(ours["docs.deleted"], theirs["primaries"]["docs"]["deleted"], "{version} {name}");
        assert_eq!(ours["store.size"], theirs["total"]["store"]["size_in_bytes"], "{version} {name}");
        assert_eq!(ours["uuid"], theirs["uuid"], "{version} {name}");
    }
    let closed = row(&indices, "index", "closed");
    assert_eq!(
        (&closed["status"], &closed["pri"], &closed["docs.count"]),
        (&json!("close"), &json!(1), &Value::Null)
    );
    assert!(ask("indices", &[]).iter().all(|row| row["index"] != "hidden"), "{version}");

    // Nested documents are documents of Lucene, and no documents.
    let counts = ask("count", &[]);
    let count = |query: &str| get(&format!("/logs-1/_count{query}"))["count"].clone();
    assert_eq!(row(&counts, "index", "logs-1")["count"], count(""), "{version}");
    assert_ne!(row(&counts, "index", "logs-1")["count"], row(&indices, "index", "logs-1")["docs.count"]);
    let part = ask("count", &["-Q", "status:500"]);
    assert_eq!(row(&part, "index", "logs-1")["count"], count("?q=status:500"), "{version}");
    let alias = rows(&cat("count", &format!("{}/part", node.url())).arg("--json").run());
    assert_eq!(alias, [json!({"index": "logs-1", "count": get("/part/_count")["count"]})], "{version}");

    let health = &ask("health", &[])[0];
    let theirs = get("/_cluster/health");
    for (ours, name) in [("status", "status"), ("shards", "active_shards"), ("unassign", "unassigned_shards")]
    {
        assert_eq!(health[ours], theirs[name], "{version} {ours}");
    }

    let nodes = ask("nodes", &["-c", "name,id,master,disk.total,heap.max,version"]);
    let stats = get("/_nodes/stats/fs,jvm");
    let (id, theirs) = stats["nodes"].as_object().unwrap().iter().next().unwrap();
    let ours = row(&nodes, "name", NAME);
    assert_eq!((&ours["id"], &ours["master"]), (&json!(id), &json!(true)), "{version}");
    assert_eq!(ours["disk.total"], theirs["fs"]["total"]["total_in_bytes"], "{version}");
    assert_eq!(ours["heap.max"], theirs["jvm"]["mem"]["heap_max_in_bytes"], "{version}");
    assert_eq!(ours["version"], version.number);

    let snapshots = ask("snapshots", &["-c", "+index_names,+uuid"]);
    let theirs = get("/_snapshot/backup/_all");
    let theirs = theirs["snapshots"].as_array().unwrap();
    assert_eq!(snapshots.len(), theirs.len(), "{version}");
    for theirs in theirs {
        let ours = row(&snapshots, "id", theirs["snapshot"].as_str().unwrap());
        assert_eq!((&ours["repository"], &ours["status"]), (&json!("backup"), &theirs["state"]));
        assert_eq!((&ours["uuid"], &ours["duration"]), (&theirs["uuid"], &theirs["duration_in_millis"]));
        assert_eq!(ours["start_time"], theirs["start_time"], "{version}");
        assert_eq!(ours["index_names"], theirs["indices"], "{version}");
        assert_eq!((&ours["failed_shards"], &ours["total_shards"]), (&json!(0), &json!(3)), "{version}");
    }

    let shards = ask(
        "shards",
        &["--where", "state == 'UNASSIGNED'", "-c", "index,shard,prirep,node,unassigned.reason"],
    );
    let missing = json!({"index": "logs-2", "shard": 0, "prirep": "r", "node": null, "unassigned.reason": "INDEX_CREATED"});
    assert_eq!(shards, [missing], "{version}");

    let tasks = ask("tasks", &["-c", "action,running_time,start_time,description"]);
    let own = tasks.iter().find(|task| task["action"] == "cluster:monitor/tasks/lists");
    assert!(own.is_some_and(|task| task["running_time"].is_u64()), "{version} {tasks:?}");
}

#[test]
fn values_are_those_of_other_interfaces() {
    thread::scope(|scope| {
        for version in node::all() {
            scope.spawn(move || check(version));
        }
    });
}

#[test]
fn patterns_choose_and_what_is_not_there_fails() {
    thread::scope(|scope| {
        for version in node::all() {
            scope.spawn(move || {
                let url = server(version).url();
                let names = |report: &str, pattern: &str, args: &[&str]| {
                    let run = cat(report, &format!("{url}/{pattern}")).args(args).args(["-n", "-s", args[1]]);
                    text(&run.run())
                };
                assert_eq!(names("indices", "logs-*", &["-c", "index"]), "logs-1\nlogs-2\n", "{version}");
                assert_eq!(names("indices", "*,-logs-*", &["-c", "index"]), "closed\n", "{version}");
                assert_eq!(
                    names("indices", "hidden,closed", &["-c", "index"]),
                    "closed\nhidden\n",
                    "{version}"
                );
                assert_eq!(names("indices", "none-*", &["-c", "index"]), "", "{version}");
                assert_eq!(names("aliases", "w", &["-c", "alias"]), "w\n", "{version}");
                assert_eq!(names("thread_pool", "write,get", &["-c", "name"]), "get\nwrite\n", "{version}");
                assert_eq!(names("snapshots", "backup", &["-c", "id"]), "first\nsecond\n", "{version}");
                for (report, pattern) in
                    [("indices", "none"), ("count", "none"), ("snapshots", "none"), ("shards", "none")]
                {
                    let run = cat(report, &format!("{url}/{pattern}")).status(1).take_stderr().run();
                    assert!(
                        run.stderr.starts_with(&format!(
                            "es-cat: error: asking for {report} of none: {url} answered 404 "
                        )),
                        "{version} {}",
                        run.stderr
                    );
                }
            });
        }
    });
}
