//! `restore` on every server version: names, what is damaged or cannot be placed, what is there already.

mod trouble;

use es_tests::node::{self, Node};
use reqwest::Method;
use serde_json::{Value, json};

use super::{damage, index, make, on_every_version, registered, rows, snap};

/// What a cluster has under a pattern, sorted.
fn there(node: &Node, pattern: &str) -> Vec<String> {
    let path = format!("/_cat/indices/{pattern}?format=json&h=index&expand_wildcards=all");
    let listed = node.client().json(Method::GET, &path, "");
    let names = listed.as_array().unwrap().iter().map(|row| row["index"].as_str().unwrap().to_owned());
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names
}

fn settings(node: &Node, index: &str) -> Value {
    let settings = node.client().json(Method::GET, &format!("/{index}/_settings"), "");
    settings[index]["settings"]["index"].clone()
}

#[test]
fn indices_come_back_under_new_names_and_twice_is_harmless() {
    on_every_version(|node| {
        let (repository, client) = (registered(node, "restore"), node.client());
        index(node, "restore-a", 2, 50);
        index(node, "restore-b", 1, 7);
        client.json(Method::PUT, "/restore-a/_alias/restore-alias", "");
        make(node, "restore", "one", "restore-a,restore-b");

        let rename = ["--indices", "restore-*", "--rename", "restore-(.+)", "rback-$1"];
        let preview = snap("restore", &repository).args(["one", "--dry-run"]).args(rename).run();
        let preview = String::from_utf8(preview.stdout).unwrap();
        assert_eq!(preview.lines().next(), Some("index,target,exists"));
        assert!(
            preview.contains("\nrestore-a,rback-a,\n") && preview.contains("\nrestore-b,rback-b,\n"),
            "{preview}"
        );
        assert!(there(node, "rback-*").is_empty());

        let done = snap("restore", &repository)
            .args(["latest", "--expect", "57", "--replicas", "0", "--set", "refresh_interval=7s"])
            .args(rename)
            .stderr("es-snap: 2 indices, 3 shards in [..]\n")
            .run();
        let mut names: Vec<_> = done.lines().iter().map(|line| line.to_vec()).collect();
        names.sort_unstable();
        assert_eq!(names.concat(), b"rback-a\nrback-b\n");
        assert_eq!((client.count("rback-a"), client.count("rback-b")), (50, 7));
        assert_eq!(settings(node, "rback-a")["refresh_interval"], "7s");
        assert_eq!(client.get("/rback-a/_alias/restore-alias").0, 404, "aliases are not asked for");

        let uuid = settings(node, "rback-a")["uuid"].clone();
        let taken = "es-snap: error: nothing was restored: [..] would become rback-[..], which is there (open index)[..]\n\
                     es-snap: hint: --as or --rename [..]\n";
        snap("restore", &repository).arg("one").args(rename).stderr(taken).status(1).run();
        assert_eq!(settings(node, "rback-a")["uuid"], uuid, "nothing has changed");

        let as_one = ["one", "--indices", "restore-b", "--as", "again", "--json", "-q"];
        let row = &rows(&snap("restore", &repository).args(as_one).run())[0];
        assert_eq!(
            (&row["index"], &row["target"], &row["shards"], &row["docs"]),
            (&json!("restore-b"), &json!("again"), &json!(1), &json!(7)),
            "{row}"
        );
        assert!(row["seconds"].is_number(), "{row}");

        snap("restore", &repository)
            .args(["one", "--indices", "restore-a", "--as", "rback-c", "--expect", "51.."])
            .stdout("rback-c\n")
            .stderr("es-snap: warning: expected 51.. documents, and there are 50\n[...]\n")
            .status(4)
            .run();
        client.delete("/rback-a,rback-b,rback-c,again", "");
    });
}

#[test]
fn names_are_told_as_the_server_makes_them() {
    on_every_version(|node| {
        let repository = registered(node, "renames");
        index(node, "ren-2016.04", 1, 1);
        make(node, "renames", "one", "ren-2016.04");
        for (pattern, replacement, name) in [
            ("(.*)", "all-$1", "all-ren-2016.04all-"),
            ("(?<year>[0-9]{4})\\.([0-9]+)", "$2.${year}", "ren-04.2016"),
            ("[0-9]", "n", "ren-nnnn.nn"),
            ("(?i)REN|(x)", "r$1-", "r--2016.04"),
            ("x*", "y", "yryeyny-y2y0y1y6y.y0y4y"),
            ("\\.", "$10", ""),
            ("(-)", "$10\\$", "ren-0$2016.04"),
        ] {
            let run =
                snap("restore", &repository).args(["one", "--all", "-q", "--rename", pattern, replacement]);
            match name {
                "" => run.status(2).stderr("es-snap: error: --rename: [..]no group[..]\n").run(),
                name => run.stdout(format!("{name}\n")).run(),
            };
            if !name.is_empty() {
                assert_eq!(node.client().count(name), 1, "{pattern}");
                node.client().delete(&format!("/{name}"), "");
            }
        }
    });
}

#[test]
fn a_data_file_that_is_damaged_or_gone_fails_the_restore_with_index_and_shard() {
    on_every_version(|node| {
        let repository = registered(node, "damaged");
        let files = node.snapshots().join("damaged");
        for name in ["dam-flipped", "dam-removed", "dam-whole"] {
            index(node, name, 1, 100);
        }
        make(node, "damaged", "one", "dam-*");
        damage::flip(&files, "dam-flipped", 0);
        damage::remove(&files, "dam-removed", 0);
        for (name, why) in [("dam-flipped", "CorruptIndexException"), ("dam-removed", "NoSuchFile")] {
            let stderr = format!(
                "es-snap: error: the restore failed: back-{name} shard 0: it could not be restored: [..]{why}[..]\n\
                 es-snap: hint: [..] delete what is left of back-{name}; [..]\n"
            );
            let args = ["one", "--indices", name, "--rename", "(.+)", "back-$1"];
            snap("restore", &repository).args(args).stdout("").stderr(stderr).status(1).run();
        }
        let args = ["one", "--indices", "dam-whole", "--as", "back-dam-whole", "-q", "--expect", "100"];
        snap("restore", &repository).args(args).stdout("back-dam-whole\n").run();
        node.client().delete("/back-dam-flipped,back-dam-removed,back-dam-whole", "");
    });
}

#[test]
fn a_shard_that_no_node_may_have_fails_the_restore_with_the_rule() {
    on_every_version(|node| {
        let (repository, client) = (registered(node, "placed"), node.client());
        index(node, "placed", 1, 5);
        let rule = json!({"index.routing.allocation.require.rack": "r9"});
        client.json(Method::PUT, "/placed/_settings", rule.to_string());
        make(node, "placed", "one", "placed");
        let args = ["one", "--indices", "placed", "--as", "back-placed"];
        snap("restore", &repository)
            .args(args)
            .stdout("")
            .stderr(
                "es-snap: error: the restore failed: back-placed shard 0: no node may have it: node does not match index \
                 setting [index.routing.allocation.require] filters [rack:\"r9\"]\nes-snap: hint: [..]\n",
            )
            .status(1)
            .run();
        client.delete("/back-placed", "");
        let ignored = ["--ignore-setting", "routing.allocation.require.*", "-q", "--expect", "5"];
        snap("restore", &repository).args(args).args(ignored).stdout("back-placed\n").run();
        client.delete("/back-placed", "");
    });
}

#[test]
fn what_is_there_is_overwritten_only_when_that_is_asked_for_twice() {
    on_every_version(|node| {
        let (repository, client) = (registered(node, "over"), node.client());
        index(node, "over", 1, 5);
        make(node, "over", "one", "over");
        index(node, "over", 1, 9);
        let over = ["one", "--indices", "over", "--close-existing"];
        snap("restore", &repository)
            .args(over)
            .stdout("index,target,exists\nover,over,open index\n")
            .stderr("es-snap: error: --yes closes and overwrites over\n")
            .status(2)
            .run();
        assert_eq!(client.count("over"), 9);
        snap("restore", &repository).args(over).args(["--yes", "-q"]).stdout("over\n").run();
        assert_eq!(client.count("over"), 5);

        // With another number of shards the server refuses, and the index is open again.
        index(node, "over", 2, 9);
        snap("restore", &repository)
            .args(over)
            .arg("--yes")
            .stdout("")
            .stderr("es-snap: warning: over is open again\nes-snap: error: restoring over/one: [..] snapshot_restore_exception[..]\n")
            .status(1)
            .run();
        assert_eq!(client.count("over"), 9);
    });
}

#[test]
fn a_snapshot_that_lacks_shards_is_restored_only_when_that_is_asked_for() {
    on_every_version(|node| {
        let (repository, client) = (registered(node, "lacks"), node.client());
        index(node, "lacks", 2, 40);
        let nowhere = json!({"settings": {
            "index.number_of_shards": 1,
            "index.number_of_replicas": 0,
            "index.routing.allocation.require.rack": "r9",
        }});
        client.json(Method::PUT, "/lacks-none?wait_for_active_shards=0", nowhere.to_string());
        let body = json!({"indices": "lacks,lacks-none", "include_global_state": false, "partial": true});
        let made =
            client.json(Method::PUT, "/_snapshot/lacks/one?wait_for_completion=true", body.to_string());
        assert_eq!(made["snapshot"]["state"], "PARTIAL", "{made}");
        let args =
            ["one", "--all", "--rename", "(.+)", "back-$1", "--ignore-setting", "routing.allocation.*"];
        snap("restore", &repository)
            .args(args)
            .stdout("")
            .stderr(
                "es-snap: error: nothing was restored: lacks-none is not whole in the snapshot: it lacks shard 0\n\
                 es-snap: hint: --partial [..]\n",
            )
            .status(1)
            .run();
        snap("restore", &repository)
            .args(args)
            .arg("--partial")
            .stderr("es-snap: warning: 1 shards are not in the snapshot: they were made without documents\nes-snap: 2 indices, 3 shards in [..]\n")
            .status(3)
            .run();
        assert_eq!((client.count("back-lacks"), client.count("back-lacks-none")), (40, 0));
        client.delete("/back-lacks,back-lacks-none,lacks-none", "");
    });
}

#[test]
fn data_streams_come_back_with_their_indices() {
    for version in ["os-1.3.20", "os-2.19.6", "os-3.8.0"] {
        let node = node::shared(node::version(version));
        let (repository, client) = (registered(node, "streams"), node.client());
        let template = json!({"index_patterns": ["stream-*"], "data_stream": {}, "priority": 900});
        client.json(Method::PUT, "/_index_template/streams", template.to_string());
        client.json(Method::PUT, "/_data_stream/stream-a", "");
        let line = "{\"create\":{}}\n{\"@timestamp\":\"2026-01-01T00:00:00Z\"}\n";
        client.bulk("stream-a", line.repeat(3));
        client.json(Method::POST, "/stream-a/_rollover", "");
        client.bulk("stream-a", line.repeat(4));
        make(node, "streams", "one", "stream-a");
        snap("restore", &repository)
            .args([
                "one",
                "--indices",
                "stream-a",
                "--rename",
                "stream-(.*)",
                "stream-back-$1",
                "--expect",
                "7",
                "-q",
            ])
            .stdout(".ds-stream-back-a-000001\n.ds-stream-back-a-000002\n")
            .run();
        assert_eq!(client.count("stream-back-a"), 7, "{version}");
        client.delete("/_data_stream/stream-back-a", "");
        client.delete("/_data_stream/stream-a", "");
    }
}

/// A snapshot that one version has made, as another sees it: read-only, in the folder that both have.
fn carried(from: &str, to: &str) -> (String, &'static Node) {
    let (from, to) = (node::shared(node::version(from)), node::shared(node::version(to)));
    let name = format!("carried-{}-{}", from.version().name(), to.version().name());
    let body = |readonly: bool| {
        let settings = json!({"location": node::exchange().join(&name), "readonly": readonly});
        json!({"type": "fs", "settings": settings}).to_string()
    };
    from.client().json(Method::PUT, &format!("/_snapshot/{name}"), body(false));
    index(from, "carried", 2, 30);
    make(from, &name, "one", "carried");
    to.client().json(Method::PUT, &format!("/_snapshot/{name}"), body(true));
    (format!("{}/{name}", to.url()), to)
}

#[test]
fn a_snapshot_goes_to_the_next_major_version_and_no_other() {
    for (from, to) in [("es-7.17.28", "es-8.19.0"), ("es-8.19.0", "es-9.2.0"), ("os-2.19.6", "os-3.8.0")] {
        let (repository, node) = carried(from, to);
        let name = format!("from-{from}");
        let args = ["one", "--indices", "carried", "--as", &name, "--expect", "30", "-q"];
        snap("restore", &repository).args(args).stdout(format!("{name}\n")).run();
        assert_eq!(node.client().count(&name), 30);
    }
    for (from, to, why) in [
        ("os-1.3.20", "os-3.8.0", "made by version 1.3.20, which is too old for OpenSearch 3.8.0"),
        ("os-3.8.0", "os-2.19.6", "made by version 3.8.0, which is too new for OpenSearch 2.19.6"),
        ("es-9.2.0", "es-8.19.0", "the versions do not fit: 500 snapshot_restore_exception: "),
        ("es-7.17.28", "es-9.2.0", "the versions do not fit: 500 snapshot_restore_exception: "),
    ] {
        let (repository, node) = carried(from, to);
        let name = format!("never-{from}");
        snap("restore", &repository)
            .args(["one", "--all", "--as", &name])
            .stdout("")
            .stderr(format!("es-snap: error: [..]{why}[..]\nes-snap: hint: [..]\n"))
            .status(1)
            .run();
        assert!(there(node, "never-*").is_empty());
    }
}
