//! Laws that hold for any input: generated documents and generated damage, against a model of a server.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

mod identity;
mod json;
mod records;
mod streams;
mod tally;

use proptest::test_runner::Config;

/// So many cases, each with processes of its own. What fails is made small, within reason.
fn cases(cases: u32) -> Config {
    Config { cases, max_shrink_iters: 200, failure_persistence: None, ..Config::default() }
}
