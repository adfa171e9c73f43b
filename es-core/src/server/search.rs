//! A search as it is asked for, and its body.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::record::hit::Meta;

/// Which documents, and what of them.
#[derive(Clone, Debug)]
pub struct Ask {
    /// An index expression, as typed.
    pub index: String,
    pub shard: Option<u32>,
    /// Queries that all must match; none means every document.
    pub filters: Vec<Box<RawValue>>,
    /// Further members of the search body: `_source`, `runtime_mappings`.
    pub members: Vec<(String, Box<RawValue>)>,
    pub meta: Meta,
}

impl Ask {
    /// `[logs][3]`, as the servers write it.
    pub fn name(&self) -> String {
        match self.shard {
            Some(shard) => format!("[{}][{shard}]", self.index),
            None => format!("[{}]", self.index),
        }
    }

    /// How many shards an answer must be from, where that is known beforehand: one from none has no hits and no
    /// failures.
    pub(super) fn shards(&self) -> Option<u64> {
        self.shard.map(|_| 1)
    }
}

/// The body of a search.
pub(super) struct Body<'a> {
    pub(super) ask: &'a Ask,
    pub(super) size: u32,
    /// The key, and `asc` or `desc`.
    pub(super) sort: (&'a str, &'a str),
    /// The key that decides where the first does not.
    pub(super) tie: Option<&'a str>,
    /// A window of sequence numbers: from one to another.
    pub(super) window: Option<(i64, i64)>,
    pub(super) after: Option<Value>,
    /// Identifier and keep-alive.
    pub(super) pit: Option<(&'a str, &'a str)>,
    pub(super) count: bool,
}

impl Body<'_> {
    pub(super) fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("size", &self.size)?;
        let window =
            self.window.map(|(from, to)| json!({ "range": { "_seq_no": { "gte": from, "lte": to } } }));
        if window.is_some() || !self.ask.filters.is_empty() {
            map.serialize_entry("query", &Filtered { window, filters: &self.ask.filters })?;
        }
        let sort = match self.sort {
            // An index that was made without a mapping, and never had a document, knows not even this field.
            ("_seq_no", order) => json!({ "_seq_no": { "order": order, "unmapped_type": "long" } }),
            (key, order) => json!({ key: order }),
        };
        let sort: Vec<_> = [sort].into_iter().chain(self.tie.map(|key| json!({ key: "asc" }))).collect();
        map.serialize_entry("sort", &sort)?;
        if let Some(after) = &self.after {
            map.serialize_entry("search_after", after)?;
        }
        if let Some((id, keep_alive)) = self.pit {
            map.serialize_entry("pit", &json!({ "id": id, "keep_alive": keep_alive }))?;
        }
        if self.pit.is_some() {
            map.serialize_entry("track_total_hits", &self.count)?;
        }
        if self.ask.meta.version {
            map.serialize_entry("version", &true)?;
        }
        if self.ask.meta.seq_no {
            map.serialize_entry("seq_no_primary_term", &true)?;
        }
        for (name, value) in &self.ask.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// `{"bool":{"filter":[…]}}`.
struct Filtered<'a> {
    window: Option<Value>,
    filters: &'a [Box<RawValue>],
}

impl Serialize for Filtered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Part<'a> {
            Given(&'a RawValue),
            Window(&'a Value),
        }
        #[derive(Serialize)]
        struct Bool<'a> {
            filter: Vec<Part<'a>>,
        }
        let given = self.filters.iter().map(|filter| Part::Given(filter));
        let filter = given.chain(self.window.iter().map(Part::Window)).collect();
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("bool", &Bool { filter })?;
        map.end()
    }
}
