//! es-cat: the same columns on every server version, values that a second client finds too, and what people pipe
//! `_cat` into today, done right.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

mod columns;
mod pipelines;
mod real;
mod recipes;
mod selecting;
mod terminal;
mod trouble;

use es_tests::command::{Outcome, Run};
use serde_json::Value;

/// The reports, in the order of the manual.
const REPORTS: [&str; 19] = [
    "indices",
    "shards",
    "nodes",
    "allocation",
    "thread_pool",
    "recovery",
    "segments",
    "health",
    "aliases",
    "templates",
    "count",
    "pending_tasks",
    "plugins",
    "nodeattrs",
    "repositories",
    "snapshots",
    "tasks",
    "fielddata",
    "master",
];

fn cat(report: &str, url: &str) -> Run {
    Run::new("es-cat").args([report, url]).take_stdout()
}

/// The rows of `--json`.
fn rows(outcome: &Outcome) -> Vec<Value> {
    let parse = |line: &&[u8]| serde_json::from_slice(line).unwrap();
    outcome.lines().iter().map(parse).collect()
}

fn text(outcome: &Outcome) -> String {
    String::from_utf8(outcome.stdout.clone()).unwrap()
}

/// The columns of a report as `--columns` lists them.
fn columns(report: &str) -> Vec<Value> {
    rows(&Run::new("es-cat").args([report, "--columns", "--json"]).take_stdout().run())
}
