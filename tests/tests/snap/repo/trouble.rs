//! `repo`: secrets, registrations that fail, and servers that misbehave.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use es_tests::command::{Folder, Run};
use es_tests::fault::{Reply, Script};
use serde_json::{Value, json};

use super::{lines, repo};

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

/// A repository that was only read has another writer, as far as anybody knows.
#[test]
fn a_repository_that_was_only_read_is_not_made_writable_unless_it_is_said() {
    let done = || Reply::json(200, r#"{"acknowledged":true}"#);
    let looked_at = || {
        Script::new()
            .on("GET", "/_snapshot/r", settings(json!({"bucket": "b", "readonly": "true"})))
            .on("PUT", "/_snapshot/es-snap-looks-[..]?verify=false", done())
            .on("GET", "/", root("", "9.2.0"))
            .on(
                "GET",
                "/_snapshot/es-snap-looks-[..]/_all",
                Reply::value(200, &json!({"snapshots": [{"snapshot": "s"}]})),
            )
            .on("DELETE", "/_snapshot/es-snap-looks-[..]", done())
    };
    for change in [["--unset", "readonly"], ["--set", "readonly=false"]] {
        let server = looked_at().start();
        repo("add", &server.target("r"))
            .args(change)
            .arg("--yes")
            .stderr(
                "es-snap: error: b: there are 1 snapshots already; r was not registered\n\
                 es-snap: hint: one cluster alone may write to a repository, [..] say --readonly [..]\n",
            )
            .status(1)
            .run();
        server.finish();
    }
    let server = looked_at()
        .on("PUT", "/_snapshot/r?verify=false", done())
        .on("POST", "/_snapshot/r/_verify", Reply::value(200, &json!({"nodes": {"i": {"name": "n"}}})))
        .start();
    repo("add", &server.target("r"))
        .args(["--writable", "--yes"])
        .stderr(
            "es-snap: warning: there are 1 snapshots in b already: [..]\n\
             es-snap: r: changed; 1 node verified it\n",
        )
        .run();
    server.finish();
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
