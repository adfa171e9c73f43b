//! Bulks: action and source pairs, parsed from the raw bytes and applied one by one.

use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::cluster::{Cluster, State};
use super::index::Op;
use super::reply::Reply;
use super::schema::Answer;
use super::wire::Request;

/// One operation of a bulk, as it was sent.
#[derive(Clone, Debug)]
pub struct Item {
    /// From 0.
    pub position: usize,
    pub op: Op,
    pub index: String,
    pub id: Option<String>,
    pub routing: Option<String>,
    /// The line's bytes without its end; empty for a delete.
    pub source: Vec<u8>,
    /// The version of an external version type.
    pub external: Option<u64>,
    pub require_alias: bool,
}

/// Why an item is not applied.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub status: u16,
    pub kind: String,
    pub reason: String,
}

impl Refusal {
    pub fn new(status: u16, kind: &str, reason: &str) -> Self {
        Self { status, kind: kind.to_owned(), reason: reason.to_owned() }
    }

    /// A document that does not fit the mapping, as servers before 8.8 say it.
    pub fn mapper_parsing() -> Self {
        Self::new(400, "mapper_parsing_exception", "failed to parse field [n] of type [long] in document")
    }

    /// The same in newer ones.
    pub fn document_parsing() -> Self {
        let reason = "[1:5] failed to parse field [n] of type [long] in document";
        Self::new(400, "document_parsing_exception", reason)
    }

    pub fn too_busy() -> Self {
        Self::new(429, "es_rejected_execution_exception", "rejected execution of primary operation")
    }

    /// The disk is full: stays until somebody lifts it.
    pub fn flood_block() -> Self {
        let reason = "index [logs] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage \
                      watermark, index has read-only-allow-delete block];";
        Self::new(429, "cluster_block_exception", reason)
    }

    pub fn write_block() -> Self {
        Self::new(403, "cluster_block_exception", "index [logs] blocked by: [FORBIDDEN/8/index write (api)];")
    }

    pub fn index_closed() -> Self {
        Self::new(400, "index_closed_exception", "closed")
    }

    pub fn index_not_found(name: &str) -> Self {
        Self::new(404, "index_not_found_exception", &format!("no such index [{name}]"))
    }

    pub fn version_conflict(id: &str, version: u64) -> Self {
        let reason =
            format!("[{id}]: version conflict, document already exists (current version [{version}])");
        Self::new(409, "version_conflict_engine_exception", &reason)
    }

    pub(crate) fn missing(id: &str) -> Self {
        Self::new(404, "document_missing_exception", &format!("[{id}]: document missing"))
    }

    fn malformed(reason: &str) -> Self {
        Self::new(400, "document_parsing_exception", &format!("[1:1] failed to parse: {reason}"))
    }
}

impl Cluster {
    pub(crate) fn bulk(&self, request: &Request, refuse: &dyn Fn(&Item) -> Option<Refusal>) -> Answer {
        let default = request.parts.first().filter(|part| !part.starts_with('_'));
        let require_alias = request.param("require_alias") == Some("true");
        let items = parse(&request.body, default, self.product.shows_types())
            .map_err(|reason| Box::new(Reply::error(400, "illegal_argument_exception", &reason)))?;
        // The test's own judgement may look at the cluster: it comes before the lock.
        let refused: Vec<_> = items.iter().map(refuse).collect();
        let mut state = self.state();
        let (mut answers, mut errors) = (Vec::new(), false);
        for (mut item, refusal) in items.into_iter().zip(refused) {
            item.require_alias |= require_alias;
            let id = item.id.clone().unwrap_or_else(|| format!("auto-{}", state.next()));
            let done = refusal.map_or_else(|| state.apply(&item, &id), Err);
            errors |= done.is_err();
            let index = state.of_alias(&item.index).into_iter().next().unwrap_or(item.index);
            let mut answer = json!({"_index": index, "_id": id});
            if self.product.shows_types() {
                answer["_type"] = "_doc".into();
            }
            let about = match done {
                Ok((result, version, seq)) => json!({
                    "_version": version, "result": result, "_seq_no": seq, "_primary_term": 1,
                    "_shards": {"total": 1, "successful": 1, "failed": 0},
                    "status": match result { "created" => 201, "not_found" => 404, _ => 200 },
                }),
                Err(Refusal { status, kind, reason }) => json!({
                    "status": status, "error": {"type": kind, "reason": reason, "index": index},
                }),
            };
            for (key, value) in about.as_object().into_iter().flatten() {
                answer[key] = value.clone();
            }
            answers.push(json!({item.op.name(): answer}));
        }
        Ok(Reply::value(200, &json!({"took": 1, "errors": errors, "items": answers})))
    }
}

impl State {
    /// The indices behind an alias; the first takes what is written.
    pub(crate) fn of_alias(&self, alias: &str) -> Vec<String> {
        let aliased = self.indices.iter().filter(|(_, index)| index.aliases.contains_key(alias));
        aliased.map(|(name, _)| name.clone()).collect()
    }

    fn apply(&mut self, item: &Item, id: &str) -> Result<(&'static str, u64, u64), Refusal> {
        if item.op != Op::Delete {
            // Servers parse the text before anything else.
            let text = std::str::from_utf8(&item.source).map_err(|e| Refusal::malformed(&e.to_string()))?;
            serde_json::from_str::<IgnoredAny>(text).map_err(|e| Refusal::malformed(&e.to_string()))?;
            if !text.trim_start().starts_with('{') {
                return Err(Refusal::malformed("not an object"));
            }
        }
        let name = match self.of_alias(&item.index).into_iter().next() {
            Some(name) => name,
            None if item.require_alias => return Err(Refusal::index_not_found(&item.index)),
            None => item.index.clone(),
        };
        let index = self.add_index(&name, 1);
        let routing = item.routing.as_deref();
        let (result, doc) = index.apply(item.op, id, routing, &item.source, item.external)?;
        Ok((result, doc.version, doc.seq))
    }
}

/// The items of a body, or what is wrong with the whole of it.
fn parse(body: &[u8], default: Option<&String>, types: bool) -> Result<Vec<Item>, String> {
    if body.is_empty() {
        return Err("request body is required".into());
    }
    let body = body.strip_suffix(b"\n").ok_or("The bulk request must be terminated by a newline [\\n]")?;
    let mut lines = body.split(|byte| *byte == b'\n').zip(1..);
    let mut items = Vec::new();
    while let Some((line, number)) = lines.next() {
        let malformed = || format!("Malformed action/metadata line [{number}], expected START_OBJECT");
        let action: Value = serde_json::from_slice(line).map_err(|_| malformed())?;
        let (name, about) = action.as_object().and_then(|a| a.iter().next()).ok_or_else(malformed)?;
        let op = Op::named(name).ok_or_else(malformed)?;
        let about = about.as_object().ok_or_else(malformed)?;
        let known = |key: &str| match key {
            "_index" | "_id" | "routing" | "version" | "version_type" | "require_alias" | "pipeline"
            | "retry_on_conflict" | "if_seq_no" | "if_primary_term" | "dynamic_templates" => true,
            "_type" => types,
            _ => false,
        };
        if let Some(key) = about.keys().find(|key| !known(key)) {
            return Err(format!("Action/metadata line [{number}] contains an unknown parameter [{key}]"));
        }
        let text = |key: &str| about.get(key).and_then(Value::as_str).map(str::to_owned);
        let source = match op {
            Op::Delete => Vec::new(),
            Op::Create | Op::Index | Op::Update => {
                lines.next().ok_or_else(|| format!("no source after line [{number}]"))?.0.to_vec()
            }
        };
        let external = text("version_type").is_some_and(|kind| kind.starts_with("external"));
        items.push(Item {
            position: items.len(),
            op,
            index: text("_index")
                .or_else(|| default.cloned())
                .ok_or("Validation Failed: 1: index is missing;")?,
            id: text("_id"),
            routing: text("routing"),
            source,
            external: about.get("version").and_then(Value::as_u64).filter(|_| external),
            require_alias: about.get("require_alias") == Some(&Value::Bool(true)),
        });
    }
    Ok(items)
}
