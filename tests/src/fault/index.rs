//! Documents in memory: an index with its shards, and what the four operations do to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::bulk::Refusal;

/// A document as it is stored. `source` may be anything, also what no real server would take.
#[derive(Clone, Debug)]
pub struct Doc {
    pub id: String,
    pub routing: Option<String>,
    pub source: Vec<u8>,
    pub shard: usize,
    pub seq: u64,
    pub version: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Create,
    Index,
    Update,
    Delete,
}

impl Op {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "create" => Op::Create,
            "index" => Op::Index,
            "update" => Op::Update,
            "delete" => Op::Delete,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Op::Create => "create",
            Op::Index => "index",
            Op::Update => "update",
            Op::Delete => "delete",
        }
    }
}

pub(crate) struct Index {
    pub(crate) uuid: String,
    pub(crate) shards: usize,
    pub(crate) mappings: Value,
    pub(crate) settings: Value,
    /// Alias name -> its filter, null for none.
    pub(crate) aliases: BTreeMap<String, Value>,
    pub(crate) closed: bool,
    pub(crate) blocked: bool,
    docs: BTreeMap<(usize, String), Arc<Doc>>,
    /// The next `_seq_no` of each shard.
    seq: Vec<u64>,
}

impl Index {
    pub(crate) fn new(uuid: String, shards: usize) -> Self {
        Self {
            uuid,
            shards,
            mappings: json!({}),
            settings: json!({}),
            aliases: BTreeMap::new(),
            closed: false,
            blocked: false,
            docs: BTreeMap::new(),
            seq: vec![0; shards],
        }
    }

    /// The documents of a shard in `_seq_no` order.
    pub(crate) fn of_shard(&self, shard: usize) -> Vec<Arc<Doc>> {
        let mut docs: Vec<_> = self.docs.values().filter(|doc| doc.shard == shard).cloned().collect();
        docs.sort_by_key(|doc| doc.seq);
        docs
    }

    pub(crate) fn docs(&self) -> impl Iterator<Item = &Arc<Doc>> {
        self.docs.values()
    }

    pub(crate) fn get(&self, id: &str, routing: Option<&str>) -> Option<&Arc<Doc>> {
        self.docs.get(&(self.shard_of(id, routing), id.to_owned()))
    }

    /// Does one operation: its result and the document as it is then, or a refusal.
    pub(crate) fn apply(
        &mut self,
        op: Op,
        id: &str,
        routing: Option<&str>,
        source: &[u8],
        external: Option<u64>,
    ) -> Result<(&'static str, Doc), Refusal> {
        if self.closed {
            return Err(Refusal::index_closed());
        }
        if self.blocked {
            return Err(Refusal::write_block());
        }
        let shard = self.shard_of(id, routing);
        let key = (shard, id.to_owned());
        let before = self.docs.get(&key).cloned();
        let source = match (op, &before) {
            (Op::Create, Some(doc)) => return Err(Refusal::version_conflict(id, doc.version)),
            (Op::Index | Op::Delete, Some(doc)) if external.is_some_and(|new| new <= doc.version) => {
                return Err(Refusal::version_conflict(id, doc.version));
            }
            (Op::Create | Op::Index | Op::Delete, _) => source.to_vec(),
            (Op::Update, before) => updated(before.as_deref(), source).ok_or_else(|| Refusal::missing(id))?,
        };
        let version = external.unwrap_or(before.as_ref().map_or(0, |doc| doc.version) + 1);
        let routing = routing.map(str::to_owned);
        let doc = Doc { id: id.to_owned(), routing, source, shard, seq: self.seq[shard], version };
        self.seq[shard] += 1;
        let result = match (op, before) {
            (Op::Delete, None) => "not_found",
            (Op::Delete, Some(_)) => "deleted",
            (Op::Create | Op::Index | Op::Update, None) => "created",
            (Op::Create | Op::Index | Op::Update, Some(_)) => "updated",
        };
        if op == Op::Delete {
            self.docs.remove(&key);
        } else {
            self.docs.insert(key, Arc::new(doc.clone()));
        }
        Ok((result, doc))
    }

    /// The index that `_shrink` makes of it: one shard, in which every document keeps its number.
    pub(crate) fn shrunk(&self, uuid: String) -> Self {
        let docs = self.docs().map(|doc| Doc { shard: 0, ..(**doc).clone() });
        let docs = docs.map(|doc| ((0, doc.id.clone()), Arc::new(doc))).collect();
        let seq = self.seq.iter().max().copied().unwrap_or_default();
        Self { docs, seq: vec![seq], ..Self::new(uuid, 1) }
    }

    /// Documents with one routing share a shard, as on a real server.
    fn shard_of(&self, id: &str, routing: Option<&str>) -> usize {
        let hash = routing.unwrap_or(id).bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        (hash >> 32) as usize % self.shards
    }
}

/// The source after an update body: its top-level fields set, or the upsert. `None` when there is nothing to
/// update.
fn updated(before: Option<&Doc>, body: &[u8]) -> Option<Vec<u8>> {
    let body: Value = serde_json::from_slice(body).ok()?;
    match before {
        Some(doc) => {
            let mut source: Value = serde_json::from_slice(&doc.source).ok()?;
            for (key, value) in body["doc"].as_object()? {
                source[key] = value.clone();
            }
            Some(source.to_string().into_bytes())
        }
        None if body["doc_as_upsert"] == true => Some(body["doc"].to_string().into_bytes()),
        None => body.get("upsert").map(|upsert| upsert.to_string().into_bytes()),
    }
}
