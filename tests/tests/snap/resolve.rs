//! `resolve`: real uuids of every server version, from the server, from its files and from a bucket; an index that comes
//! late; and what is no repository at all.

use std::fs;

use es_tests::command::{Folder, Run};
use es_tests::fault::{Reply, Script};
use es_tests::s3::S3;
use reqwest::Method;
use serde_json::{Value, json};

use super::on_every_version;
use super::{index, registered, rows};

fn resolve<A: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = A>) -> Run {
    Run::new("es-snap").arg("resolve").args(args)
}

#[test]
fn real_files_are_resolved_from_the_server_and_from_the_files_on_every_version() {
    on_every_version(|node| {
        let url = registered(node, "resolve");
        index(node, "resolve-docs", 1, 2);
        let place = node.snapshots().join("resolve");
        // Enough for several uuids with - and _ in them.
        for n in 0..12 {
            let body = json!({"indices": "resolve-docs", "include_global_state": false}).to_string();
            let path = format!("/_snapshot/resolve/snap-{n}.dat?wait_for_completion=true");
            let made = node.client().json(Method::PUT, &path, body);
            let uuid = made["snapshot"]["uuid"].as_str().unwrap().to_owned();
            let file = format!("snap-{uuid}.dat");
            assert!(place.join(&file).exists());
            let name = format!("snap-{n}.dat\n");
            let key = format!("a+base/path%2F{n}/{file}");
            resolve([&url, &key]).stdout(name.as_str()).run();
            let files = place.to_str().unwrap();
            resolve([&key, "--files", files, "--base-path", &format!("a base/path/{n}")]).stdout(name).run();
            let found = resolve([&file, "--files", files, "--json"]).take_stdout().run();
            let found = rows(&found);
            assert_eq!(
                found,
                [json!({"snapshot": format!("snap-{n}.dat"), "uuid": uuid, "state": "SUCCESS"})]
            );
        }
        // The file of a shard is found there, and refused.
        let shards = fs::read_dir(place.join("indices")).unwrap().next().unwrap().unwrap().path().join("0");
        let file = fs::read_dir(&shards).unwrap().map(|entry| entry.unwrap().path());
        let file = file.into_iter().find(|path| path.to_str().unwrap().ends_with(".dat")).unwrap();
        let refused = "es-snap: error: `[..]` is the file of one shard; [..]\n";
        resolve([&url, file.to_str().unwrap()]).stderr(refused).status(2).run();

        // index.latest is not needed, and may be wrong.
        fs::write(place.join("index.latest"), [0; 8]).unwrap();
        let unknown = "es-snap: error: [..]resolve has no snapshot with the uuid none\nes-snap: hint: [..]\n";
        let files = ["snap-none.dat", "--files", place.to_str().unwrap()];
        for run in [resolve([url.as_str(), "snap-none.dat"]), resolve(files)] {
            run.args(["--timeout", "0s"]).stderr(unknown).status(1).run();
        }
        for n in 0..12 {
            node.client().delete(&format!("/_snapshot/resolve/snap-{n}.dat"), "");
        }
        node.client().delete("/_snapshot/resolve", "");
    });
}

#[test]
fn an_index_that_comes_after_the_file_is_waited_for() {
    let listed = |names: &[(&str, &str)]| {
        let one = |(name, uuid): &(&str, &str)| json!({"snapshot": name, "uuid": uuid, "state": "SUCCESS"});
        Reply::value(200, &json!({"snapshots": names.iter().map(one).collect::<Vec<_>>()}))
    };
    let root = Reply::value(200, &json!({"version": {"number": "9.2.0"}}));
    let brief = "/_snapshot/r/_all?verbose=false";
    let server = Script::new()
        .on("GET", "/", root)
        .on("GET", brief, listed(&[]))
        .on("GET", brief, listed(&[("other", "x")]))
        .on("GET", brief, listed(&[("other", "x"), ("late", "-_-")]))
        .start();
    resolve([server.target("r").as_str(), "snap--_-.dat"])
        .stdout("late\n")
        .stderr("es-snap: r does not name a snapshot -_- yet; asking again\n")
        .run();
    server.finish();

    let folder = Folder::shared();
    let place = folder.path().join("repository");
    fs::create_dir(&place).unwrap();
    let mut running = resolve(["snap-a.dat", "--files", "repository"])
        .in_folder(&folder)
        .stdout("first\n")
        .stderr("es-snap: repository does not name a snapshot a yet; asking again\n")
        .start();
    running.wait_until("it asks again", |running| running.stderr_so_far().contains("asking again"));
    let text = r#"{"snapshots":[{"name":"first","uuid":"a","state":1}],"indices":{}}"#;
    fs::write(place.join("tmp"), text).unwrap();
    fs::rename(place.join("tmp"), place.join("index-0")).unwrap();
    running.wait();
}

#[test]
fn a_bucket_is_read_with_the_keys_of_the_environment() {
    let s3 = S3::start();
    s3.bucket("backups");
    let text = r#"{"snapshots":[{"name":"nightly","uuid":"-a_b-","state":3}],"indices":{}}"#;
    for (key, text) in [("a b/ü/index-9", r#"{"snapshots":[]}"#), ("a b/ü/index-10", text)] {
        let file = s3.file("backups", key);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let endpoint = s3.endpoint();
    let ask = |files: &str, secret: &str| {
        resolve(["a+b/%C3%BC/snap--a_b-.dat", "--files", files, "--endpoint", &endpoint, "--timeout", "0s"])
            .env("AWS_ACCESS_KEY_ID", s3.access_key())
            .env("AWS_SECRET_ACCESS_KEY", secret)
    };
    let place = "s3://backups/a b/ü";
    ask(place, s3.secret_key()).stdout("nightly\n").run();
    let loud = ask(place, s3.secret_key()).arg("-vv").stdout("nightly\n").take_stderr().run();
    assert!(!loud.stderr.contains("Signature=") && !loud.stderr.contains(s3.access_key()), "{}", loud.stderr);

    let wrong = "es-snap: error: listing s3://backups/a b/ü/: [..] answered 403 SignatureDoesNotMatch[..]\nes-snap: hint: AWS_ACCESS_KEY_ID[..]\n";
    ask(place, "wrong").stderr(wrong).status(1).run();
    let missing = "es-snap: error: [..] answered 404 NoSuchBucket[..]\nes-snap: hint: [..]\n";
    ask("s3://nobodys/a", s3.secret_key()).stderr(missing).status(1).run();
    let elsewhere = "es-snap: error: s3://backups/ has no snapshot with the uuid [..]\nes-snap: hint: [..]\n";
    ask("s3://backups", s3.secret_key()).stderr(elsewhere).status(1).run();
    drop(s3);
}

#[test]
fn every_failure_has_its_status() {
    for (reply, status) in [
        (Reply::new(200, "text/html", "<html>hello</html>"), 1),
        (
            Reply::new(
                403,
                "application/xml",
                "<Error><Code>AccessDenied</Code><Message>no</Message></Error>",
            ),
            1,
        ),
        (Reply::new(301, "application/xml", "<Error><Code>PermanentRedirect</Code></Error>"), 1),
        (Reply::new(500, "application/xml", "<Error><Code>InternalError</Code></Error>"), 5),
        (Reply::new(200, "application/xml", "<ListBucketResult></ListBucketResult>").cut_half(), 5),
    ] {
        let server = Script::new().on("GET", "/b/", reply).start();
        resolve(["snap-a.dat", "--files", "s3://b/x", "--endpoint", &server.url()])
            .take_stderr()
            .status(status)
            .run();
        server.finish();
    }
    // A list that comes in parts, an index that is gone between the list and the reading.
    let part = |key: &str, next: &str| {
        let more = if next.is_empty() { "" } else { "<IsTruncated>true</IsTruncated>" };
        let token = format!("<NextContinuationToken>{next}</NextContinuationToken>");
        Reply::new(
            200,
            "application/xml",
            format!(
                "<ListBucketResult>{more}{token}<Contents><Key>x/{key}</Key></Contents></ListBucketResult>"
            ),
        )
    };
    let gone = || Reply::new(404, "application/xml", "<Error><Code>NoSuchKey</Code></Error>");
    let server = Script::new()
        .on("GET", "/b/?delimiter=/&list-type=2&prefix=x/index", part("index-3", "t+="))
        .on("GET", "/b/?continuation-token=t+=&delimiter=/&list-type=2&prefix=x/index", part("index-2", ""))
        .on("GET", "/b/x/index-3", gone())
        .on("GET", "/b/", part("index-4", ""))
        .on("GET", "/b/x/index-4", Reply::json(200, r#"{"snapshots":[{"name":"n","uuid":"a"}]}"#))
        .start();
    resolve(["snap-a.dat", "--files", "s3://b/x", "--endpoint", &server.url(), "-q"]).stdout("n\n").run();
    server.finish();

    for (args, status) in [
        (vec!["snap-a.dat"], 2),
        (vec!["r", "snap-a.dat", "--files", "."], 2),
        (vec!["r", "index-1"], 2),
        (vec!["snap-a.dat", "--files", "s3://"], 2),
        (vec!["snap-a.dat", "--files", "/no/such/folder"], 1),
        (vec!["http://127.0.0.1:1/r", "snap-a.dat"], 5),
    ] {
        resolve(args).take_stderr().status(status).run();
    }
    let lost: Value = json!({"error": {"type": "repository_exception", "reason": "[r] lost"}, "status": 500});
    let server = Script::new()
        .on("GET", "/", Reply::value(200, &json!({"version": {"number": "9.2.0"}})))
        .on("GET", "/_snapshot/r/_all?verbose=false", Reply::value(500, &lost))
        .start();
    resolve([server.target("r").as_str(), "snap-a.dat"]).take_stderr().status(5).run();
    server.finish();
}
