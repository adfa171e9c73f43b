//! A search answer before it is written, so that a rule can spoil it. Hits are bytes: they may be anything.

use serde_json::{Value, json};

use super::reply::Reply;

pub struct Page {
    pub pit_id: Option<String>,
    pub scroll_id: Option<String>,
    pub timed_out: bool,
    /// `None`: the answer has no `_shards`.
    pub shards: Option<Shards>,
    /// `_shards` comes after `hits`.
    pub shards_late: bool,
    pub total: Option<u64>,
    pub hits: Vec<Vec<u8>>,
    pub(crate) counts_in_objects: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Shards {
    pub total: usize,
    pub failed: usize,
}

impl Page {
    /// These many shards failed. The hits are left to the test.
    pub fn fail_shards(&mut self, failed: usize) {
        if let Some(shards) = &mut self.shards {
            shards.failed = failed;
        }
    }

    /// The answer tells of fewer shards than the first page did.
    pub fn lose_shard(&mut self) {
        if let Some(shards) = &mut self.shards {
            shards.total -= 1;
        }
    }

    /// The last hits are missing.
    pub fn shorten(&mut self, missing: usize) {
        self.hits.truncate(self.hits.len().saturating_sub(missing));
    }

    pub(crate) fn reply(&self) -> Reply {
        let mut out = Vec::from(b"{");
        for (key, id) in [("pit_id", &self.pit_id), ("_scroll_id", &self.scroll_id)] {
            if let Some(id) = id {
                out.extend(format!("\"{key}\":{},", json!(id)).bytes());
            }
        }
        out.extend(format!("\"took\":1,\"timed_out\":{},", self.timed_out).bytes());
        let shards = self.shards.map(|shards| format!("\"_shards\":{}", shards.value()));
        match &shards {
            Some(shards) if !self.shards_late => out.extend(format!("{shards},").bytes()),
            Some(_) | None => {}
        }
        out.extend(b"\"hits\":{");
        if let Some(total) = self.total {
            let object = json!({"value": total, "relation": "eq"});
            let total = if self.counts_in_objects { object } else { total.into() };
            out.extend(format!("\"total\":{total},").bytes());
        }
        out.extend(b"\"max_score\":null,\"hits\":[");
        out.extend(self.hits.join(&b','));
        out.extend(b"]}");
        match shards {
            Some(shards) if self.shards_late => out.extend(format!(",{shards}").bytes()),
            Some(_) | None => {}
        }
        out.push(b'}');
        Reply::json(200, out)
    }
}

impl Shards {
    pub(crate) fn value(self) -> Value {
        let Self { total, failed } = self;
        let mut value = json!({
            "total": total, "successful": total.saturating_sub(failed), "skipped": 0, "failed": failed,
        });
        let reason = json!({
            "type": "es_rejected_execution_exception",
            "reason": "rejected execution of org.elasticsearch.action.search",
        });
        if failed > 0 {
            let failure = |shard| json!({"shard": shard, "index": "logs", "node": "n", "reason": reason});
            value["failures"] = (0..failed).map(failure).collect();
        }
        value
    }
}
