//! A count of documents (`_count`), which is one only where every shard was counted: a lost shard is told as one that
//! failed, or as one success less.

use std::sync::Arc;

use serde::Deserialize;

use super::ask::{Held, first, read};
use super::error::Error;
use super::refusal::Refusal;
use crate::http::retry::says_later;
use crate::http::{Call, Client};

#[derive(Deserialize)]
struct Counted {
    count: u64,
    #[serde(rename = "_shards")]
    shards: Shards,
}

#[derive(Deserialize)]
struct Shards {
    total: u64,
    successful: u64,
    failed: u64,
}

/// What a refusal may take.
const REFUSAL: usize = 1 << 20;

/// What a count of an index without a single shard ends with.
const MISSING: [&str; 2] = ["search_phase_execution_exception", "no_shard_available_action_exception"];

/// How many documents `call` counts; `what` is what we were doing, for the messages.
///
/// # Errors
/// `Partial` where shards were not counted, else as [`ask`](super::ask()).
pub fn count(client: &Client, call: &Call, what: &str) -> Result<u64, Error> {
    let partial = |host: Arc<str>, trouble| Error::Partial { what: what.to_owned(), host, trouble };
    let mut answer = first(client, call)?;
    if answer.status == 503 {
        let host = Arc::clone(&answer.host);
        let refusal = Refusal::parse(503, &answer.bytes(REFUSAL)?);
        // Every shard is missing; that does not pass by waiting a little.
        if MISSING.contains(&&*refusal.kind) {
            return Err(partial(host, format!("none of its shards: {refusal}")));
        }
        answer = client.call(call)?;
    } else if says_later(answer.status) {
        answer = client.call(call)?;
    }
    let host = Arc::clone(&answer.host);
    let Counted { count, shards: Shards { total, successful, failed } } = read(answer, Held::One, what)?;
    if failed > 0 || successful < total {
        return Err(partial(host, format!("{successful} of {total} shards")));
    }
    Ok(count)
}
