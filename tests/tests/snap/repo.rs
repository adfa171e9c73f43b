//! `repo`: registering, looking and forgetting on every server version, and what servers that misbehave come to.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use es_tests::command::{Folder, Run};
use es_tests::fault::{Reply, Script};
use es_tests::node::{self, Node, Settings};
use reqwest::Method;
use serde_json::{Value, json};

use super::create::on_every_version;
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

fn root(distribution: &str, number: &str) -> Reply {
    Reply::value(200, &json!({"version": {"distribution": distribution, "number": number}}))
}

fn settings(settings: Value) -> Reply {
    Reply::value(200, &json!({"r": {"type": "s3", "settings": settings}}))
}

#[test]
fn secrets_are_refused_with_the_recipe_and_never_shown() {
    for (product, tool) in [("opensearch", "bin/opensearch-keystore"), ("", "bin/elasticsearch-keystore")] {
        let server = Script::new().on("GET", "/", root(product, "3.8.0")).start();
        let recipe = format!(
            "es-snap: error: access_key, secret_key: a secret does not belong [..]\n\
             es-snap: hint: on every node: {tool} add s3.client.cold.access_key s3.client.cold.secret_key [..]POST /_nodes/reload_secure_settings[..]\n"
        );
        repo("add", &server.target("r"))
            .args(["s3", "--set", "bucket=b", "--set", "client=cold"])
            .args(["--set", "access_key=AKID", "--set", "secret_key=s3cret"])
            .stdout("")
            .stderr(recipe)
            .status(2)
            .run();
        server.finish();
    }

    // Where there is no keystore they are sent, from a file, and shown nowhere: not in the diff, not in -vv.
    let folder = Folder::shared();
    fs::write(folder.path().join("key"), "s3cret\n").unwrap();
    fs::set_permissions(folder.path().join("key"), Permissions::from_mode(0o600)).unwrap();
    let server = Script::new()
        .on("GET", "/_snapshot/r", settings(json!({"bucket": "b", "secret_key": "0ld-s3cret"})))
        .on("PUT", "/_snapshot/r?verify=false", Reply::json(200, r#"{"acknowledged":true}"#))
        .on("POST", "/_snapshot/r/_verify", Reply::value(200, &json!({"nodes": {"i": {"name": "n"}}})))
        .start();
    let outcome = repo("add", &server.target("r"))
        .args([
            "s3",
            "--set",
            "bucket=b",
            "--set",
            "secret_key=@key",
            "--allow-secrets",
            "--readonly",
            "-vv",
            "--yes",
        ])
        .in_folder(&folder)
        .take_stderr()
        .run();
    let shown = String::from_utf8(outcome.stdout.clone()).unwrap() + &outcome.stderr;
    assert!(shown.contains("secret_key,change,***,***") && !shown.contains("s3cret"), "{shown}");
    let sent = server.requests();
    let sent: Value = serde_json::from_slice(&sent[1].body).unwrap();
    assert_eq!(sent["settings"], json!({"bucket": "b", "secret_key": "s3cret", "readonly": "true"}));
    server.finish();

    let server = Script::new()
        .on(
            "GET",
            "/_snapshot/r",
            settings(json!({"access_key": "s3cret", "bucket": "b", "url": "ftp://u:s3cret@h"})),
        )
        .start();
    let shown = lines(repo("show", &server.target("r")));
    assert_eq!(shown, ["setting,value", "type,s3", "access_key,***", "bucket,b", "url,ftp://***@h"]);
    server.finish();
}

#[test]
fn a_registration_that_no_node_verifies_is_put_back_whatever_happens() {
    let refused = "[r] [[i, 'RemoteTransportException[[n2]]; nested: RepositoryVerificationException[[r] a file written by master to the store [/x] cannot be accessed on the node [{n2}]']]";
    let verify = || Reply::error(500, "repository_verification_exception", refused);
    let done = || Reply::json(200, r#"{"acknowledged":true}"#);
    let missing = || Reply::error(404, "repository_missing_exception", "[r] missing");
    let add = |url: &str| repo("add", url).args(["s3", "--set", "bucket=b", "--readonly"]);

    let server = Script::new()
        .on("GET", "/_snapshot/r", missing())
        .on("PUT", "/_snapshot/r?verify=false", done())
        .on("POST", "/_snapshot/r/_verify", verify())
        .on("DELETE", "/_snapshot/r", done())
        .start();
    let said = "es-snap: error: verifying the repository r: [..] cannot be accessed on the node [{n2}]']]\nes-snap: hint: a node does not see what the master wrote[..]\n";
    add(&server.target("r")).stderr(said).status(1).run();
    server.finish();

    // What was there before is put back; an answer that breaks off is no yes.
    let before = || settings(json!({"bucket": "old"}));
    let server = Script::new()
        .on("GET", "/_snapshot/r", before())
        .on("PUT", "/_snapshot/r?verify=false", done())
        .on("POST", "/_snapshot/r/_verify", Reply::json(200, r#"{"nodes":{"i":{"name":"n"}}}"#).cut_half())
        .on("PUT", "/_snapshot/r?verify=false", done())
        .start();
    add(&server.target("r")).arg("--yes").take_stderr().status(5).run();
    let put_back: Value = serde_json::from_slice(&server.requests()[3].body).unwrap();
    assert_eq!(put_back, json!({"type": "s3", "settings": {"bucket": "old"}}));
    server.finish();

    repo("add", "http://localhost:1/r")
        .args(["s3", "--set", "bucket=b", "--curl"])
        .stdout("curl http://localhost:1/_snapshot/r\n")
        .run();
}

#[test]
fn every_failure_has_its_status() {
    let html = || Reply::new(200, "text/html", "<html>hello</html>");
    let error = |status, kind| Reply::error(status, kind, "[r] because");
    for (reply, status) in [
        (Reply::unauthorized(), 1),
        (Reply::forbidden(), 1),
        (error(404, "repository_missing_exception"), 1),
        (error(500, "repository_exception"), 5),
        (error(500, "repository_verification_exception"), 4),
        (html(), 1),
        (Reply::json(200, r#"{"nodes":{"#).cut_after(5), 5),
        (Reply::closed(), 5),
    ] {
        let server = Script::new().on("POST", "/_snapshot/r/_verify", reply.clone());
        // What is lost before anything was answered is asked for twice more.
        let again = if reply.body.is_empty() { 2 } else { 0 };
        let server =
            (0..again).fold(server, |server, _| server.on("POST", "/_snapshot/r/_verify", reply.clone()));
        let server = server.start();
        let outcome = repo("verify", &server.target("r")).stdout("").take_stderr().status(status).run();
        assert!(outcome.stderr.contains("es-snap: error: "), "{}", outcome.stderr);
        server.finish();
    }
    let running = "Cannot cleanup [r] - a snapshot is currently running in [SnapshotsInProgress[a]]";
    let server = Script::new()
        .on("GET", "/", root("", "7.17.28"))
        .on("POST", "/_snapshot/r/_cleanup", Reply::error(500, "illegal_state_exception", running))
        .on(
            "POST",
            "/_snapshot/r/_cleanup",
            Reply::value(200, &json!({"results": {"deleted_bytes": 1, "deleted_blobs": 2}})),
        )
        .start();
    repo("cleanup", &server.target("r"))
        .stdout("deleted_blobs,deleted_bytes\n2,1\n")
        .stderr("es-snap: cleaning up the repository r: [..]; waiting until it can begin\n")
        .run();
    server.finish();
    let server = Script::new().on("GET", "/", root("", "7.3.2")).start();
    repo("cleanup", &server.target("r"))
        .stdout("")
        .stderr("es-snap: error: Elasticsearch 7.3.2 cannot clean up a repository: it came with Elasticsearch 7.4\nes-snap: hint: [..]\n")
        .status(1)
        .run();
    server.finish();
    for args in [
        vec!["add", "http://localhost:1/r"],
        vec!["add", "http://localhost:1", "fs", "--set", "location=/a"],
        vec!["add", "http://localhost:1/r", "fs", "--set", "location"],
        vec!["add", "http://localhost:1/r", "fs", "--set", "a=1", "--set", "a=2"],
        vec!["add", "http://localhost:1/r", "fs", "--set", "a=1", "--unset", "a"],
        vec!["add", "http://localhost:1/r", "--body", "{"],
        vec!["remove", "http://localhost:1/*", "--yes"],
        vec!["remove", "http://localhost:1/_all", "--yes"],
    ] {
        // Nobody listens there: whatever is sent ends otherwise.
        let status = if args.len() == 2 { 5 } else { 2 };
        Run::new("es-snap").arg("repo").args(args).take_stderr().status(status).run();
    }
}
