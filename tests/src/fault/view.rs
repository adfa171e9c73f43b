//! Views: what a PIT or a scroll holds still.

use std::sync::Arc;

use serde_json::{Value, json};

use super::cluster::State;
use super::index::Doc;
use super::query;
use super::reply::Reply;

/// Documents as they were when it was opened, shard by shard.
#[derive(Clone)]
pub(crate) struct View {
    pub(crate) found: Arc<Vec<Found>>,
    pub(crate) shards: usize,
    /// The body a scroll was opened with, and how many hits it has given.
    pub(crate) scroll: Option<(Value, usize)>,
}

#[derive(Clone)]
pub(crate) struct Found {
    pub(crate) index: String,
    pub(crate) doc: Arc<Doc>,
    /// The value of `_shard_doc`: the place in the shard, where updates leave holes.
    pub(crate) position: u64,
}

impl State {
    pub(crate) fn view(&self, expression: &str, preference: Option<&str>) -> Result<View, Box<Reply>> {
        let only: Option<usize> =
            preference.and_then(|p| p.strip_prefix("_shards:")).and_then(|shard| shard.parse().ok());
        let (mut shards, mut found) = (0, Vec::new());
        for target in self.resolve(expression)? {
            let index = &self.indices[&target.name];
            if index.closed {
                let reason = format!("closed index [{}]", target.name);
                return Err(Box::new(Reply::error(400, "index_closed_exception", &reason)));
            }
            for shard in (0..index.shards).filter(|shard| only.is_none_or(|only| only == *shard)) {
                let base = (shards as u64) << 32;
                shards += 1;
                let mut next = base;
                for doc in index.of_shard(shard) {
                    let position = next.max(base + doc.seq);
                    next = position + 1;
                    if query::matches(&target.filter, &doc) == Ok(true) {
                        found.push(Found { index: target.name.clone(), doc, position });
                    }
                }
            }
        }
        Ok(View { found: Arc::new(found), shards, scroll: None })
    }

    pub(crate) fn keep(&mut self, kind: &str, view: View) -> String {
        // Real ids are long and end in `==`.
        let id = format!("{kind}-{:04}-{}==", self.next(), "x".repeat(60));
        self.views.insert(id.clone(), view);
        id
    }
}

pub(crate) fn missing_context(id: &str) -> Reply {
    let reason = format!("No search context found for id [{id}]");
    shard_error(404, "search_context_missing_exception", &reason)
}

/// What every shard said alike.
pub(crate) fn shard_error(status: u16, kind: &str, reason: &str) -> Reply {
    let cause = json!({"type": kind, "reason": reason});
    let error = json!({
        "root_cause": [cause], "type": "search_phase_execution_exception", "reason": "all shards failed",
        "phase": "query", "grouped": true,
        "failed_shards": [{"shard": 0, "index": "logs", "node": "fake-node", "reason": cause}],
    });
    Reply::value(status, &json!({"error": error, "status": status}))
}
