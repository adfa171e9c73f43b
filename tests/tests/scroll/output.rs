//! Where the lines go: files that exist only once they are whole, pipes, devices, disks that are full, readers that
//! leave.

use std::fs;
use std::io::Read;
use std::time::{Duration, Instant};

use es_tests::command::{Folder, Outcome, Run};
use es_tests::fault::{Call, Cluster, Server};
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{assert_whole, cluster, dump};

fn unpack(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match name.rsplit('.').next() {
        Some("gz") => MultiGzDecoder::new(bytes).read_to_end(&mut plain).unwrap(),
        Some("zst") => zstd::Decoder::new(bytes).unwrap().read_to_end(&mut plain).unwrap(),
        _ => bytes.take(u64::MAX).read_to_end(&mut plain).unwrap(),
    };
    plain
}

/// Documents that a pipe does not hold.
fn large() -> Server<Cluster> {
    let es = Cluster::elasticsearch("9.2.0").start();
    es.index("logs", 2);
    es.fill("logs", 4000, |n| format!("{{\"n\":{n},\"text\":\"{}\"}}", "x".repeat(2000)));
    es
}

#[test]
fn a_file_comes_with_its_manifest() {
    for name in ["a.ndjson", "a.ndjson.gz", "a.zst"] {
        let es = cluster();
        let mapping = json!({"properties": {"n": {"type": "double"}}});
        es.describe("logs", mapping.clone(), json!({"number_of_shards": "2", "uuid": "u"}));
        let run = dump(&es).args(["-o", name, "--meta", "version"]).stdout("");
        let folder = run.stderr("es-scroll: 400 read: 400 written; [..]\n").run().folder;
        assert_eq!(folder.names(), [name, &format!("{name}.manifest")]);
        let file = folder.read(name);
        let plain = String::from_utf8(unpack(name, &file)).unwrap();
        assert_whole(&es, plain.replace(",\"_version\":1", "").as_bytes());

        let manifest: Value = serde_json::from_slice(&folder.read(&format!("{name}.manifest"))).unwrap();
        let sum: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(manifest["sha256"], sum);
        assert_eq!((&manifest["count"], &manifest["bytes"]), (&json!(400), &json!(file.len())));
        assert_eq!(
            (&manifest["target"], &manifest["server"]),
            (&json!("logs"), &json!("Elasticsearch 9.2.0"))
        );
        assert_eq!(manifest["indices"]["logs"]["mappings"], mapping);
        assert_eq!(manifest["indices"]["logs"]["settings"]["index"]["number_of_shards"], "2");
        assert_eq!(manifest["indices"]["logs"]["settings"]["index"]["uuid"], Value::Null);
    }
}

#[test]
fn standard_output_is_compressed_when_asked() {
    for format in ["gz", "zst"] {
        let es = cluster();
        let outcome = dump(&es).args(["--compress", format, "--level", "1", "-o", "-"]).take_stderr().run();
        assert_whole(&es, &unpack(format, &outcome.stdout));
        assert!(outcome.folder.names().is_empty());
    }
}

#[test]
fn an_empty_index_is_an_empty_file_of_its_kind() {
    for (api, name) in [("seq", "a"), ("pit", "a.gz"), ("scroll", "a.zst"), ("seq", "a.gz")] {
        let es = Cluster::elasticsearch("9.2.0").start();
        es.index("logs", 2);
        let run = dump(&es).args(["-o", name, "--api", api]).stdout("");
        let folder = run.stderr("es-scroll: 0 read; [..]\n").run().folder;
        assert_eq!(unpack(name, &folder.read(name)), b"");
        assert_eq!(folder.read(name).is_empty(), name == "a", "{name}");
        dump(&es).args(["--api", api]).stdout("").stderr("es-scroll: 0 read; [..]\n").run();
    }
}

#[test]
fn an_existing_file_stays_unless_forced() {
    let es = cluster();
    let folder = Folder::shared();
    folder.write("a", "old");
    let run = || dump(&es).args(["-o", "a"]).in_folder(&folder).stdout("");
    run().stderr("es-scroll: error: a exists\nes-scroll: hint: --force replaces it\n").status(2).run();
    assert!(es.requests().is_empty(), "nothing was sent");
    assert_eq!((folder.names(), folder.read("a")), (vec!["a".to_owned()], b"old".to_vec()));

    es.on(Call::NextScroll).nth(2).lose();
    run().args(["--force", "--api", "scroll"]).take_stderr().status(5).run();
    assert_eq!(folder.read("a"), b"old", "it is replaced only by a whole one");
    assert_eq!(folder.names(), ["a"]);
    run().arg("--force").take_stderr().run();
    assert_whole(&es, &folder.read("a"));
}

#[test]
fn a_file_that_came_meanwhile_stays_unless_forced() {
    let es = cluster();
    for (options, name) in [("", "a"), ("--manifest m", "m")] {
        es.on(Call::Page).hold(Duration::from_secs(2));
        let script = format!(
            "es-scroll {} -o a {options} & scroll=$!
             until test -e a.part && test -e *m*.part; do sleep 0.1; done; echo new > {name}; wait $scroll",
            es.target("logs")
        );
        let outcome = Run::shell(&script).take_stderr().status(2).run();
        assert!(outcome.stderr.contains(&format!("error: {name} exists")), "{}", outcome.stderr);
        assert_eq!(
            (outcome.folder.names(), outcome.folder.read(name)),
            (vec![name.into()], b"new\n".to_vec())
        );
    }
}

#[test]
fn a_manifest_of_another_name_is_seen_to_before_anything_is_read() {
    let es = cluster();
    let folder = Folder::shared();
    folder.write("m", "old");
    let run = |options: &[&str]| dump(&es).args(options).in_folder(&folder).stdout("");
    let stderr = "es-scroll: error: m exists\nes-scroll: hint: --force replaces it\n";
    run(&["-o", "a", "--manifest", "m"]).stderr(stderr).status(2).run();
    for options in [
        &["-o", "a", "--manifest", "a"][..],
        &["-o", "-", "--manifest", "n"],
        &["-o", "/dev/null", "--manifest", "n"],
        &["-o", "a", "--schema-only"],
    ] {
        run(options).take_stderr().status(2).run();
    }
    assert!(es.requests().is_empty(), "nothing was sent");
    let outcome = run(&["-o", "a", "--manifest", "no/m"]).take_stderr().status(1).run();
    assert!(outcome.stderr.contains("no/m.part"), "{}", outcome.stderr);
    assert!(es.calls(Call::OpenPit).is_empty());
    assert_eq!(folder.names(), ["m"]);

    run(&["-o", "a", "--manifest", "m", "--force"]).take_stderr().run();
    assert_eq!(folder.names(), ["a", "m"]);
    assert_whole(&es, &folder.read("a"));
    assert_eq!(serde_json::from_slice::<Value>(&folder.read("m")).unwrap()["count"], 400);
}

#[test]
fn a_failure_leaves_no_file() {
    let es = cluster();
    es.on(Call::Page).nth(3).always().page(|page| page.timed_out = true);
    for name in ["a", "a.gz"] {
        let run = dump(&es).args(["-o", name, "--retry-max-time", "100ms"]).stdout("");
        run.take_stderr().status(5).run().folder.assert_no_file("a");
    }
    // The folder is not there.
    let outcome = dump(&es).args(["-o", "no/a"]).stdout("").take_stderr().status(1).run();
    assert!(outcome.stderr.contains("no/a.part"), "{}", outcome.stderr);
}

/// A dump to `a` that has begun when a folder of this name comes, which then cannot be the name of a file.
fn overtaken(folder: &std::sync::Arc<Folder>, name: &str) -> Outcome {
    let es = cluster();
    let (part, name) = (folder.path().join("a.part"), folder.path().join(name));
    es.on(Call::Page).before(move |_| {
        let start = Instant::now();
        while !part.exists() {
            assert!(start.elapsed() < Duration::from_secs(120), "the dump does not begin");
            std::thread::sleep(Duration::from_millis(10));
        }
        fs::create_dir(&name).unwrap();
    });
    dump(&es).args(["-o", "a"]).in_folder(folder).stdout("").take_stderr().status(1).run()
}

#[test]
fn a_manifest_stands_only_beside_its_dump() {
    let folder = Folder::shared();
    folder.write("a.manifest", "old");
    let outcome = overtaken(&folder, "a");
    assert!(outcome.stderr.contains("error: cannot write a: "), "{}", outcome.stderr);
    assert_eq!(folder.names(), ["a"]);

    let folder = Folder::shared();
    let outcome = overtaken(&folder, "a.manifest");
    assert!(outcome.stderr.contains("error: cannot write a.manifest: "), "{}", outcome.stderr);
    assert_eq!(folder.names(), ["a.manifest"]);
}

#[test]
fn a_full_disk_is_a_failure_however_it_is_met() {
    let es = large();
    let error = "[...]\nes-scroll: error: cannot write [..]: No space left on device (os error 28)\n[...]\n";
    for way in ["-o /dev/full", "> /dev/full", "--compress gz > /dev/full"] {
        Run::shell(&format!("es-scroll {} --page-size 100 {way}", es.target("logs")))
            .stderr(error)
            .status(1)
            .run();
    }
    // A file that may not grow further.
    let script = format!("ulimit -f 100; es-scroll {} --page-size 100 -o a", es.target("logs"));
    let outcome = Run::shell(&script).take_stderr().status(1).run();
    assert!(outcome.stderr.contains("error: cannot write a: File too large"), "{}", outcome.stderr);
    outcome.folder.assert_no_file("a");
}

#[test]
fn the_reason_is_told_when_the_output_fails_while_a_server_is_silent() {
    for options in ["", "--compress gz", "--compress zst"] {
        let es = large();
        es.on(Call::Page).nth(2).hold(Duration::from_secs(600));
        let script = format!("es-scroll {} --page-size 100 {options} -o /dev/full", es.target("logs"));
        let outcome = Run::shell(&script).take_stderr().status(1).within(Duration::from_secs(120)).run();
        assert!(outcome.stderr.contains("error: cannot write /dev/full"), "{}", outcome.stderr);
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for options in ["", "--api pit", "--api scroll", "--compress gz"] {
        let es = large();
        let script = format!("es-scroll {} --page-size 100 {options} | head -c 100", es.target("logs"));
        let outcome = Run::shell(&script).take_stdout().take_stderr().run();
        assert_eq!(outcome.stdout.len(), 100);
        let lines: Vec<_> = outcome.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "only the summary: {}", outcome.stderr);
        assert!(lines[0].ends_with("; incomplete: output closed"), "{}", lines[0]);
    }
    // Also when another shard is being waited for at that moment.
    for options in ["", "--compress gz"] {
        let es = large();
        es.on(Call::Page).nth(2).hold(Duration::from_secs(600));
        let script = format!("es-scroll {} --page-size 100 {options} | head -c 10", es.target("logs"));
        let outcome = Run::shell(&script).take_stdout().within(Duration::from_secs(120)).take_stderr().run();
        assert!(outcome.stderr.ends_with("; incomplete: output closed\n"), "{}", outcome.stderr);
    }
}

#[test]
fn a_named_pipe_is_written_as_it_is() {
    let es = cluster();
    let script = format!("mkfifo p; cat p > got & es-scroll {} -o p; wait; rm p", es.target("logs"));
    let outcome = Run::shell(&script).stderr("es-scroll: 400 read: 400 written; [..]\n").run();
    assert_eq!(outcome.folder.names(), ["got"], "no manifest of what is not there any more");
    assert_whole(&es, &outcome.folder.read("got"));
}

#[test]
fn a_slow_reader_gets_everything_and_the_view_is_kept_for_it() {
    let es = large();
    es.rotate_ids();
    let folder = Folder::shared();
    let script = format!(
        "es-scroll {} --page-size 100 --keep-alive 8s | (until [ -e go ]; do sleep 0.1; done; cat)",
        es.target("logs")
    );
    let run = Run::shell(&script).in_folder(&folder).take_stdout();
    let mut running = run.stderr("es-scroll: 4,000 read: 4,000 written; [..]\n").start();
    let renewals = || es.calls(Call::Page).iter().filter(|request| request.json()["size"] == 0).count();
    running.wait_until("each of two views is renewed twice or more", |_| renewals() >= 4);
    folder.write("go", "");
    assert_whole(&es, &running.wait().stdout);
}
