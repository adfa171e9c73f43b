//! `repo`: registering, looking, cleaning and forgetting on every server version. What goes wrong is in `trouble`.

mod trouble;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use es_tests::command::Run;
use es_tests::node::{self, Node, Settings};
use reqwest::Method;
use serde_json::{Value, json};

use super::on_every_version;
use super::{index, registered, rows, snapshot};

/// `es-snap repo COMMAND URL/REPOSITORY …`
fn repo(command: &str, url: &str) -> Run {
    Run::new("es-snap").args(["repo", command, url]).take_stdout()
}

fn lines(run: Run) -> Vec<String> {
    String::from_utf8(run.run().stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Type and settings as a second client reads them.
fn read(node: &Node, name: &str) -> Option<Value> {
    let (status, body) = node.client().get(&format!("/_snapshot/{name}"));
    let answer: Value = serde_json::from_slice(&body).unwrap();
    (status == 200).then(|| answer[name].clone())
}

/// How many repositories are registered there, under whatever name.
fn registered_at(node: &Node, place: &Path) -> usize {
    let all = node.client().json(Method::GET, "/_snapshot", "");
    let all = all.as_object().unwrap().values();
    all.filter(|one| one["settings"]["location"] == place.to_str().unwrap()).count()
}

#[test]
fn repositories_are_added_changed_and_removed_on_every_version() {
    on_every_version(|node| {
        let url = format!("{}/repo-fs", node.url());
        let place = node.snapshots().join("repo-fs");
        let place = place.to_str().unwrap();
        let location = format!("location={place}");
        let added = repo("add", &url)
            .args(["fs", "--set", &location])
            .stderr("es-snap: repo-fs: registered; 1 node verified it\n");
        assert_eq!(
            lines(added),
            ["setting,change,before,after", "type,add,,fs", &format!("location,add,,{place}")]
        );
        assert_eq!(read(node, "repo-fs").unwrap()["settings"], json!({"location": place}));

        let again = "es-snap: repo-fs: registered so already; 1 node verified it\n";
        repo("add", &url).args(["fs", "--set", &location]).stderr(again).run();

        // What is not named stays; what would be changed is shown, and waits to be confirmed.
        repo("add", &url)
            .args(["--set", "compress=false"])
            .stderr("es-snap: repo-fs: changed; 1 node verified it\n")
            .run();
        let change = || repo("add", &url).args(["--set", "compress=true", "--json"]);
        let refused = change()
            .status(1)
            .stderr(
                "es-snap: error: repo-fs is registered otherwise; nothing was changed\nes-snap: hint: --yes changes it\n",
            )
            .run();
        assert_eq!(
            rows(&refused)[1],
            json!({"setting": "compress", "change": "change", "before": "false", "after": "true"})
        );
        assert_eq!(read(node, "repo-fs").unwrap()["settings"]["compress"], "false");
        change().arg("--yes").take_stderr().run();
        repo("add", &url).args(["--unset", "compress", "--yes"]).take_stderr().run();
        assert_eq!(read(node, "repo-fs").unwrap()["settings"], json!({"location": place}));

        assert_eq!(lines(repo("show", &url)), ["setting,value", "type,fs", &format!("location,{place}")]);
        let listed = rows(&repo("list", &format!("{}/repo-f*", node.url())).arg("--json").run());
        let row = json!({"repository": "repo-fs", "type": "fs", "readonly": false, "place": place});
        assert_eq!(listed, [row]);
        assert!(rows(&repo("list", &node.url()).arg("--json").run()).len() > listed.len() - 1);
        let verified = rows(&repo("verify", &url).arg("--json").run());
        assert_eq!((verified.len(), &verified[0]["node"]), (1, &json!("node")));

        let would =
            "es-snap: repo-fs would be unregistered, and its files stay; nothing was done: --yes does it\n";
        repo("remove", &url).stderr(would).run();
        assert!(read(node, "repo-fs").is_some());
        let done = format!("es-snap: repo-fs: unregistered; its files stay in {place}\n");
        repo("remove", &url).arg("--yes").stderr(done).run();
        assert_eq!(read(node, "repo-fs"), None);
        assert!(fs::exists(place).unwrap());
        repo("remove", &url)
            .arg("--yes")
            .stdout("")
            .stderr("es-snap: error: [..] 404 repository_missing_exception: [..]\nes-snap: hint: [..]repo list[..]\n")
            .status(1)
            .run();
    });
}

#[test]
fn what_the_server_cannot_use_is_not_left_registered() {
    on_every_version(|node| {
        let url = format!("{}/repo-bad", node.url());
        let outside =
            "es-snap: error: registering the repository [..]path.repo\nes-snap: hint: path.repo in [..]\n";
        repo("add", &url)
            .args(["fs", "--set", "location=/elsewhere/backups"])
            .stderr(outside)
            .status(1)
            .run();
        let unknown = "es-snap: error: registering the repository [..] does not exist[..]\nes-snap: hint: every node needs the plugin for it: repository-cos[..]\n";
        repo("add", &url).args(["cos", "--set", "bucket=b"]).stderr(unknown).status(1).run();

        // A folder that the server may read and not write.
        let place = node.snapshots().join("repo-bad");
        fs::create_dir(&place).unwrap();
        std::os::unix::fs::chown(&place, Some(0), Some(0)).unwrap();
        fs::set_permissions(&place, Permissions::from_mode(0o755)).unwrap();
        let denied = "es-snap: error: verifying the repository repo-bad: [..] access denied: [..]\nes-snap: hint: the elected master cannot write there[..]\n";
        repo("add", &url)
            .args(["fs", "--set", &format!("location={}", place.display())])
            .stderr(denied)
            .status(1)
            .run();
        assert_eq!(read(node, "repo-bad"), None);
        assert_eq!(registered_at(node, &place), 0);

        // Registered already, it stays as it was; the check says no.
        let body = json!({"type": "fs", "settings": {"location": place}});
        node.client().json(Method::PUT, "/_snapshot/repo-bad?verify=false", body.to_string());
        repo("verify", &url).stdout("").stderr(denied).status(4).run();
        repo("add", &url).args(["--set", "compress=false"]).stderr(denied).status(1).run();
        assert_eq!(read(node, "repo-bad").unwrap()["settings"], json!({"location": place}));
        node.client().delete("/_snapshot/repo-bad", "");
    });
}

#[test]
fn a_place_with_snapshots_wants_to_know_who_writes() {
    on_every_version(|node| {
        index(node, "repo-docs", 1, 3);
        let place = node.snapshots().join("repo-two");
        let location = format!("location={}", place.display());
        let (one, two) = (format!("{}/repo-one", node.url()), format!("{}/repo-two", node.url()));
        repo("add", &one).args(["fs", "--set", &location]).take_stderr().run();
        let body = json!({"indices": "repo-docs"}).to_string();
        let made = "/_snapshot/repo-one/a?wait_for_completion=true";
        node.client().json(Method::PUT, made, body);

        let add = || repo("add", &two).args(["fs", "--set", &location]);
        let refused = "es-snap: error: [..]: there are 1 snapshots already; repo-two was not registered\nes-snap: hint: one cluster alone may write[..]\n";
        add().stderr(refused).status(1).run();
        assert_eq!(read(node, "repo-two"), None);
        assert_eq!(registered_at(node, &place), 1);

        add().arg("--readonly").stderr("es-snap: repo-two: registered; 1 node verified it\n").run();
        assert_eq!(read(node, "repo-two").unwrap()["settings"]["readonly"], "true");
        // To write is a change.
        add().arg("--writable").take_stderr().status(1).run();
        add().args(["--writable", "--yes"]).take_stderr().run();
        assert_eq!(read(node, "repo-two").unwrap()["settings"]["readonly"], Value::Null);
        node.client().delete("/_snapshot/repo-two", "");
        let warned = "es-snap: warning: there are 1 snapshots in [..] already: one cluster alone may write[..]\nes-snap: repo-two: registered[..]\n";
        add().arg("--writable").stderr(warned).run();

        for name in ["repo-one", "repo-two"] {
            node.client().delete(&format!("/_snapshot/{name}"), "");
        }
    });
}

/// On nodes of their own: no snapshot can begin anywhere in a cluster while one of its repositories is cleaned up.
#[test]
fn files_that_no_snapshot_needs_are_deleted_on_every_version() {
    for version in node::all() {
        let node = Node::start(version, &Settings::new().heap("400m")).unwrap();
        let (url, place) = (registered(&node, "clean"), node.snapshots().join("clean"));
        index(&node, "docs", 1, 3);
        node.client().json(
            Method::PUT,
            "/_snapshot/clean/a?wait_for_completion=true",
            r#"{"indices":"docs"}"#,
        );
        let stale = place.join("indices/AAAAAAAAAAAAAAAAAAAAAA");
        fs::create_dir_all(&stale).unwrap();
        fs::write(stale.join("meta-x.dat"), "stale").unwrap();
        for path in [&stale, &stale.join("meta-x.dat")] {
            fs::set_permissions(path, Permissions::from_mode(0o777)).unwrap();
        }
        let cleaned = rows(&repo("cleanup", &url).arg("--json").run());
        assert!(cleaned[0]["deleted_blobs"].as_u64() >= Some(1), "{cleaned:?}");
        assert!(cleaned[0]["deleted_bytes"].as_u64() >= Some(5), "{cleaned:?}");
        assert!(!stale.join("meta-x.dat").exists());
        repo("cleanup", &url).run();
        assert_eq!(snapshot(&node, "clean", "a")["state"], "SUCCESS");

        let location = format!("location={}", place.display());
        let args = ["fs", "--set", &location, "--readonly"];
        let reads = format!("{}/reads", node.url());
        repo("add", &reads).args(args).take_stderr().run();
        let refused =
            "es-snap: error: cleaning up [..]readonly[..]\nes-snap: hint: it is registered for reading[..]\n";
        repo("cleanup", &reads).stdout("").stderr(refused).status(1).run();
    }
}
