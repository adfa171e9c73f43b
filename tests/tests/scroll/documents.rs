//! Bytes that no real server would hand out all of: documents leave as they came, each on one line.

use es_tests::command::Run;
use es_tests::fault::{Cluster, Server};

use super::{assert_whole, dump};

fn holding(documents: &[(&str, &[u8])]) -> Server<Cluster> {
    let es = Cluster::elasticsearch("9.2.0").start();
    es.index("logs", 1);
    for (id, source) in documents {
        es.put("logs", id, source);
    }
    es
}

fn nested(depth: usize) -> Vec<u8> {
    format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1)).into_bytes()
}

#[test]
fn every_byte_is_kept() {
    let deep = nested(5000);
    let es = holding(&[
        ("twice", br#"{"a":1,"a":2,"_id":"x","_source":{"hits":[]}}"#),
        ("not UTF-8", b"{\"a\":\"\xff\xfe \xc3\x28 \xed\xa0\x80\",\"\x80\":1}"),
        ("pretty", b"{\r\n  \"a\" : [\r\n    1.0,\n\t-0.0\r\n  ],\r\n  \"b\\r\\n\" : \"\\r\\n\"\r\n}"),
        ("\"\\\n\u{2028}\u{1}é/", b"{}"),
        ("deep", &deep),
        ("spaces", b"{ \"a\"  : 1E5 ,\t\"b\":123456789012345678901234567890.10 }"),
        ("escapes", br#"{"\u0061\/\ud800":"\udc00\ud83d\ude00","__proto__":{},"":""}"#),
    ]);
    es.put_routed("logs", "routed", Some("a\"b"), b"{}");
    for options in [&["--api", "seq"][..], &["--api", "pit"], &["--api", "scroll"], &["--compressed"]] {
        let outcome = dump(&es).args(options).stderr("es-scroll: 8 read: 8 written; [..]\n").run();
        assert_whole(&es, &outcome.stdout);
    }
    let file = dump(&es).args(["-o", "a"]).stdout("").take_stderr().run().folder;
    assert_whole(&es, &file.read("a"));
}

#[test]
fn what_is_no_json_is_a_clear_failure() {
    for broken in [&b"{\"a\":1"[..], b"{\"a\":1}}", b"nothing", b""] {
        let es = holding(&[("0", b"{}"), ("broken", broken)]);
        let outcome = dump(&es).take_stderr().status(1).run();
        assert!(outcome.stderr.contains("cannot be read"), "{}", outcome.stderr);
    }
}

#[test]
fn a_large_document_passes_in_little_memory() {
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(30 << 20));
    let es = holding(&[("0", b"{}"), ("large", large.as_bytes()), ("2", b"{}")]);
    let outcome = dump(&es).stderr("es-scroll: 3 read: 3 written; [..]\n").run();
    assert_whole(&es, &outcome.stdout);
    let (peak, most) = (outcome.peak("es-scroll"), (64 << 20) + large.len() as u64);
    assert!(peak < most, "peak of {} MB", peak >> 20);
}

#[test]
fn memory_does_not_grow_with_the_page() {
    let es = Cluster::elasticsearch("9.2.0").start();
    es.index("logs", 4);
    es.fill("logs", 100_000, |n| format!("{{\"n\":{n},\"text\":\"{}\"}}", "x".repeat(2000)));
    for options in [&["--compress", "gz", "--level", "1"][..], &[]] {
        let run = Run::new("es-scroll").arg(es.target("logs")).args(["--page-size", "10000"]).args(options);
        let outcome = run.take_stdout().stderr("es-scroll: 100,000 read: 100,000 written; [..]\n").run();
        let peak = outcome.peak("es-scroll");
        assert!(peak < 64 << 20, "{options:?}: peak of {} MB", peak >> 20);
    }
}
