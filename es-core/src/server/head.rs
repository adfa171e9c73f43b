//! What a search answer says besides its hits, and whether that makes it less than it should be.

use serde::Deserialize;

use super::refusal::Refusal;

/// What a page says besides its hits.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub timed_out: Option<bool>,
    pub shards: Option<Shards>,
    /// The scroll or point in time to go on with.
    pub cursor: Option<String>,
    /// How many documents the search has in all, where it was counted.
    pub total: Option<u64>,
    pub hits: u64,
    pub bytes: u64,
}

/// The `_shards` of an answer.
#[derive(Debug, Deserialize)]
pub(super) struct Shards {
    pub total: u64,
    pub successful: u64,
    pub failed: u64,
    #[serde(default)]
    failures: Vec<Failure>,
}

#[derive(Debug, Deserialize)]
struct Failure {
    index: Option<String>,
    shard: Option<i64>,
    #[serde(default)]
    reason: serde_json::Value,
}

impl Head {
    /// Whether what a search has to say of itself before its hits was said.
    pub(super) fn is_judged(&self) -> bool {
        self.timed_out.is_some() && self.shards.is_some()
    }

    /// What makes this page less than it should be. `shards`: how many it must be from, or the first page was.
    ///
    /// A lost shard is told in one of two ways: it failed, or there are fewer of them than before. A page of a red
    /// index has no failure, just fewer successes.
    pub(super) fn trouble(&self, shards: Option<u64>) -> Option<String> {
        if self.timed_out == Some(true) {
            return Some("a search that timed out".into());
        }
        let now = self.shards.as_ref()?;
        if let Some(failed) = now.failed() {
            return Some(failed);
        }
        let told = now.told();
        // Those that a search skips are among the successful.
        if now.successful < now.total {
            return Some(format!("{} of {} shards missing{told}", now.total - now.successful, now.total));
        }
        match shards {
            Some(first) if now.total < first => Some(format!("{} of {first} shards gone", first - now.total)),
            Some(_) | None => None,
        }
    }
}

impl Shards {
    /// What failed, and the first reason.
    pub(super) fn failed(&self) -> Option<String> {
        let text = || format!("{} of {} shards failed{}", self.failed, self.total, self.told());
        (self.failed > 0).then(text)
    }

    fn told(&self) -> String {
        self.failures.first().map(Failure::text).unwrap_or_default()
    }
}

impl Failure {
    fn text(&self) -> String {
        let refusal = Refusal::of_error(0, &self.reason);
        let place = match (&self.index, self.shard) {
            (Some(index), Some(shard)) => format!("[{index}][{shard}]"),
            (_, Some(shard)) => format!("[{shard}]"),
            (_, None) => "one".to_owned(),
        };
        format!(": {place} {}: {}", refusal.kind, refusal.reason)
    }
}

/// A number up to 6.x, an object since.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Total {
    Number(u64),
    Object { value: u64 },
}
