//! es-bulk against a server that fails on purpose: every fault ends as the manual says, and the numbers add up.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

use es_tests::command::Run;
use es_tests::fault::{Cluster, Server};

fn cluster() -> Server<Cluster> {
    let es = Cluster::elasticsearch("9.2.0").start();
    es.index("logs", 1);
    es
}

fn hits(count: usize) -> String {
    (0..count)
        .map(|n| format!("{{\"_index\":\"logs\",\"_id\":\"{n}\",\"_source\":{{\"n\":{n}.0}}}}\n"))
        .collect()
}

/// es-bulk into the index, reading these lines.
fn load(es: &Server<Cluster>, input: impl Into<Vec<u8>>) -> Run {
    Run::new("es-bulk").arg(es.target("logs")).stdin(input)
}

#[test]
fn every_record_is_created_as_the_bytes_it_was() {
    let es = cluster();
    load(&es, hits(1000)).stderr("es-bulk: 1,000 read: 1,000 created; [..]\n").run();
    es.assert_each_once("logs", 1000);
    assert_eq!(es.sources("logs")["7"], b"{\"n\":7.0}");
}
