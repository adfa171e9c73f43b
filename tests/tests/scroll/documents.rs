//! Documents leave as they came, each on one line, also those that no real server would hand out; what searches do not
//! see yet is told.

use es_tests::command::Run;
use es_tests::fault::{Call, Cluster, Reply, Server};
use serde_json::json;

use super::{assert_whole, cluster, dump};

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

#[test]
fn changes_that_wait_for_a_refresh_are_warned_of_and_made_visible_when_asked() {
    let es = cluster();
    let copies = |max: i64| json!([{"docs": {"count": 200}, "seq_no": {"max_seq_no": max}, "segments": {"index_writer_memory_in_bytes": 5}}]);
    let stats = json!({"indices": {"logs": {"shards": {"0": copies(300), "1": copies(199)}}}});
    es.route("GET", "/logs/_stats/docs,segments", Reply::value(200, &stats));
    let seen =
        json!({"_shards": {"failed": 0}, "hits": {"total": {"value": 200}, "hits": [{"sort": [199]}]}});
    es.route("POST", "/_msearch", Reply::value(200, &json!({"responses": [seen, seen]})));
    let warning =
        "es-scroll: warning: [logs][0]: changes that wait for a refresh are not in what is read; [..]\n";
    let summary = "es-scroll: 400 read: 400 written; [..]\n";
    assert_whole(&es, &dump(&es).stderr(format!("{warning}{summary}")).run().stdout);
    assert!(es.calls(Call::Refresh).is_empty());
    dump(&es).arg("--refresh").stderr(summary).run();
    assert_eq!(es.calls(Call::Refresh)[0].head.path, "/logs/_refresh");

    // Who may not look is not kept from reading; who asks for a refresh and may not have it is.
    let es = cluster();
    es.route("GET", "/logs/_stats/docs,segments", Reply::forbidden());
    dump(&es).take_stdout().stderr(summary).run();
    es.on(Call::Refresh).reply(Reply::forbidden());
    let outcome = dump(&es).arg("--refresh").stdout("").take_stderr().status(1).run();
    assert!(outcome.stderr.contains("refreshing logs: "), "{}", outcome.stderr);

    // A shard that did not refresh.
    let reason = json!({"type": "refresh_failed_engine_exception", "reason": "Refresh failed"});
    let failures =
        json!([{"shard": 1, "index": "logs", "status": "INTERNAL_SERVER_ERROR", "reason": reason}]);
    let shards = json!({"total": 4, "successful": 1, "failed": 1, "failures": failures});
    let es = cluster();
    es.on(Call::Refresh).always().reply(Reply::value(200, &json!({"_shards": shards})));
    let text = "1 of 4 shards failed: [logs][1] refresh_failed_engine_exception: Refresh failed";
    let outcome = dump(&es).arg("--refresh").stdout("").take_stderr().status(5).run();
    assert!(outcome.stderr.contains(text), "{}", outcome.stderr);
    let outcome = dump(&es).args(["--refresh", "--allow-partial"]).take_stderr().status(3).run();
    assert!(outcome.stderr.contains(text), "{}", outcome.stderr);
    assert_whole(&es, &outcome.stdout);
}
