//! es-snap: on real servers, on an S3 server, and where a server misbehaves.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

mod list;

use es_tests::command::{Outcome, Run};
use serde_json::Value;

/// `es-snap COMMAND URL/REPOSITORY …`
fn snap(command: &str, url: &str) -> Run {
    Run::new("es-snap").args([command, url]).take_stdout()
}

/// The rows of `--json`.
fn rows(outcome: &Outcome) -> Vec<Value> {
    let parse = |line: &&[u8]| serde_json::from_slice(line).unwrap();
    outcome.lines().iter().map(parse).collect()
}
