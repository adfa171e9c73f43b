//! es-scroll against a server that fails on purpose. The model checks at the end of every test that all faults happened
//! and that no cursor is open.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]
#![allow(clippy::print_stderr, reason = "shown only where a test fails")]

mod documents;
mod options;
mod output;
mod pages;
mod refused;
mod signals;
mod views;

use es_tests::command::{Outcome, Run};
use es_tests::fault::{Cluster, Doc, Server};
use serde_json::json;

/// How many documents an index of `cluster` has: several pages of 50 in each of its two shards.
const COUNT: usize = 400;

/// A server with an index `logs`.
fn cluster() -> Server<Cluster> {
    filled(Cluster::elasticsearch("9.2.0"))
}

fn filled(cluster: Cluster) -> Server<Cluster> {
    let es = cluster.start();
    es.index("logs", 2);
    es.fill("logs", COUNT, |n| format!("{{\"n\" : {n}.0,\"text\":\"\\u00e9\\/{}\"}}", "x".repeat(n % 90)));
    es
}

/// Reads the index in pages of 50, its stdout left to `assert_whole`.
fn dump(es: &Server<Cluster>) -> Run {
    Run::new("es-scroll").arg(es.target("logs")).args(["--page-size", "50"]).take_stdout()
}

/// Gives up early.
fn impatient(es: &Server<Cluster>) -> Run {
    dump(es).args(["--retry-max-time", "300ms"])
}

/// The hit lines of an index, sorted.
fn hit_lines(es: &Cluster, index: &str) -> Vec<Vec<u8>> {
    let line = |doc: Doc| {
        let mut line = format!("{{\"_index\":{},\"_id\":{}", json!(index), json!(doc.id)).into_bytes();
        if let Some(routing) = doc.routing {
            line.extend(format!(",\"_routing\":{}", json!(routing)).bytes());
        }
        line.extend(b",\"_source\":");
        let fold = |byte: u8| if byte == b'\n' || byte == b'\r' { b' ' } else { byte };
        line.extend(doc.source.into_iter().map(fold));
        line.extend(b"}\n");
        line
    };
    let mut lines: Vec<_> = es.docs(index).into_iter().map(line).collect();
    lines.sort();
    lines
}

fn sorted(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<_> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    lines.sort();
    lines
}

/// Every document of `logs`, each once, every byte of it.
#[track_caller]
fn assert_whole(es: &Cluster, bytes: &[u8]) {
    let (found, wanted) = (sorted(bytes), hit_lines(es, "logs"));
    let differs = found.iter().zip(&wanted).find(|(found, wanted)| found != wanted);
    let differs = differs.map(|(f, w)| (String::from_utf8_lossy(f), String::from_utf8_lossy(w)));
    assert!(found == wanted, "{} lines, {} wanted; {differs:?}", found.len(), wanted.len());
}

/// What came is sound: whole lines, each of one document, none twice.
#[track_caller]
fn assert_part(es: &Cluster, outcome: &Outcome) {
    let (found, wanted) = (sorted(&outcome.stdout), hit_lines(es, "logs"));
    assert!(found.len() < wanted.len(), "it is whole");
    assert!(found.windows(2).all(|pair| pair[0] != pair[1]), "a line is there twice");
    for line in &found {
        assert!(wanted.binary_search(line).is_ok(), "no document: {}", String::from_utf8_lossy(line));
    }
    let count = grouped(found.len());
    let summary = outcome.stderr.lines().last().unwrap();
    assert!(summary.starts_with(&format!("es-scroll: {count} read")), "{count} lines, but {summary}");
}

/// `1,000`
fn grouped(n: usize) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}
