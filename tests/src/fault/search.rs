//! Searches: a page is what is read from a view, in an order, after a position.

use serde_json::{Value, json};

use super::cluster::Cluster;
use super::page::{Page, Shards};
use super::query;
use super::reply::Reply;
use super::schema::Answer;
use super::view::{Found, View, missing_context, shard_error};
use super::wire::Request;

#[derive(Clone, Copy)]
struct Order {
    by_seq: bool,
    descending: bool,
    /// A second key was asked for, the place.
    tied: bool,
}

impl Order {
    fn key(self, found: &Found) -> (u64, u64) {
        (if self.by_seq { found.doc.seq } else { found.position }, found.position)
    }
}

impl Cluster {
    pub(crate) fn open_pit(&self, request: &Request) -> Answer {
        let form = request.parts.last().map_or("", String::as_str);
        if !self.product.has_pit() || (form == "point_in_time") != self.product.opensearch {
            let reason = format!("Incorrect HTTP method for uri [{}] and method [POST]", request.path);
            return Err(Box::new(Reply::value(405, &json!({"error": reason, "status": 405}))));
        }
        let mut state = self.state();
        let view = state.view(&request.parts[0], request.param("preference"))?;
        let shards = Shards { total: view.shards, failed: 0 }.value();
        let id = state.keep("pit", view);
        let key = if self.product.opensearch { "pit_id" } else { "id" };
        Ok(Reply::value(200, &json!({key: id, "_shards": shards})))
    }

    pub(crate) fn close_pit(&self, request: &Request) -> Reply {
        let body = request.json();
        let mut state = self.state();
        if self.product.opensearch {
            let close = |id: Value| {
                state.views.remove(id.as_str().unwrap_or_default());
                // A second time is successful too.
                json!({"successful": true, "pit_id": id})
            };
            let pits: Vec<Value> = ids(&body["pit_id"]).into_iter().map(close).collect();
            return Reply::value(200, &json!({"pits": pits}));
        }
        let freed = usize::from(state.views.remove(body["id"].as_str().unwrap_or_default()).is_some());
        Reply::value(if freed > 0 { 200 } else { 404 }, &json!({"succeeded": true, "num_freed": freed}))
    }

    /// A page of a PIT, or of the documents as they are now.
    pub(crate) fn page(&self, request: &Request, spoil: &dyn Fn(&mut Page)) -> Answer {
        let body = request.json();
        let mut state = self.state();
        let Some(id) = body["pit"]["id"].as_str() else {
            let expression = if request.parts.len() > 1 { &request.parts[0] } else { "_all" };
            let view = state.view(expression, request.param("preference"))?;
            let page = self.read(&view, &body, false)?;
            return Ok(spoiled(page, spoil));
        };
        let view = state.views.get(id).cloned().ok_or_else(|| missing_context(id))?;
        let mut page = self.read(&view, &body, true)?;
        page.pit_id = Some(id.to_owned());
        if state.rotates_ids {
            state.views.remove(id);
            page.pit_id = Some(state.keep("pit", view));
        }
        Ok(spoiled(page, spoil))
    }

    pub(crate) fn open_scroll(&self, request: &Request, spoil: &dyn Fn(&mut Page)) -> Answer {
        let body = request.json();
        let mut state = self.state();
        let mut view = state.view(&request.parts[0], request.param("preference"))?;
        let page = self.read(&view, &body, false)?;
        view.scroll = Some((body, page.hits.len()));
        let id = state.keep("scroll", view);
        Ok(spoiled(Page { scroll_id: Some(id), ..page }, spoil))
    }

    /// The cursor moves even if nobody sees the page.
    pub(crate) fn next_scroll(&self, request: &Request, spoil: &dyn Fn(&mut Page)) -> Answer {
        let body = request.json();
        let id = body["scroll_id"].as_str().unwrap_or_default();
        let mut state = self.state();
        let view = state.views.get_mut(id).ok_or_else(|| missing_context(id))?;
        let Some((search, given)) = view.scroll.clone() else { return Err(Box::new(missing_context(id))) };
        // Pages of a scroll are cut from the whole answer, which the first page was the head of.
        let mut whole = search.clone();
        whole["size"] = Value::Null;
        let mut page = self.read_up_to(view, &whole, false, usize::MAX)?;
        let size = size(&search)?;
        page.hits.drain(..given.min(page.hits.len()));
        page.hits.truncate(size);
        page.scroll_id = Some(id.to_owned());
        view.scroll = Some((search, given + page.hits.len()));
        Ok(spoiled(page, spoil))
    }

    pub(crate) fn close_scroll(&self, request: &Request) -> Reply {
        let mut state = self.state();
        let named = request.parts.get(2).map(|id| vec![Value::from(id.as_str())]);
        let closed = named.unwrap_or_else(|| ids(&request.json()["scroll_id"]));
        let freed = closed.iter().filter(|id| state.views.remove(id.as_str().unwrap_or_default()).is_some());
        let freed = freed.count();
        Reply::value(if freed > 0 { 200 } else { 404 }, &json!({"succeeded": true, "num_freed": freed}))
    }

    pub(crate) fn count(&self, request: &Request) -> Answer {
        let state = self.state();
        let expression = if request.parts.len() > 1 { &request.parts[0] } else { "_all" };
        let view = state.view(expression, None)?;
        let count = self.matching(&view, &request.json())?.len();
        Ok(Reply::value(
            200,
            &json!({"count": count, "_shards": Shards { total: view.shards, failed: 0 }.value()}),
        ))
    }

    /// Documents by id, their sources as they are.
    pub(crate) fn mget(&self, request: &Request) -> Answer {
        let state = self.state();
        let default = request.parts.first().filter(|part| !part.starts_with('_'));
        let body = request.json();
        let wanted = body["docs"].as_array().cloned().unwrap_or_default();
        let by_id = ids(&body["ids"]).into_iter().map(|id| json!({"_id": id}));
        let mut docs = Vec::new();
        for want in wanted.into_iter().chain(by_id) {
            let name = want["_index"].as_str().or(default.map(String::as_str)).unwrap_or_default();
            let id = want["_id"].as_str().unwrap_or_default();
            let routing = want["routing"].as_str().or(want["_routing"].as_str());
            let behind = state.of_alias(name);
            if behind.len() > 1 {
                let reason = format!("alias [{name}] has more than one index associated with it {behind:?}");
                let error = json!({"type": "illegal_argument_exception", "reason": reason});
                docs.push(json!({"_index": name, "_id": id, "error": error}).to_string().into_bytes());
                continue;
            }
            let name = behind.first().map_or(name, String::as_str);
            let found = state.indices.get(name).and_then(|index| index.get(id, routing));
            let mut out =
                format!("{{\"_index\":{},\"_id\":{},\"found\":{}", json!(name), json!(id), found.is_some())
                    .into_bytes();
            if let Some(doc) = found {
                out.extend(format!(",\"_version\":{},\"_source\":", doc.version).bytes());
                out.extend(&doc.source);
            }
            out.push(b'}');
            docs.push(out);
        }
        Ok(Reply::json(200, [b"{\"docs\":[", &docs.join(&b',')[..], b"]}"].concat()))
    }

    fn read(&self, view: &View, body: &Value, pit: bool) -> Result<Page, Box<Reply>> {
        self.read_up_to(view, body, pit, size(body)?)
    }

    fn read_up_to(&self, view: &View, body: &Value, pit: bool, size: usize) -> Result<Page, Box<Reply>> {
        let order = self.order(&body["sort"])?;
        let mut found = self.matching(view, body)?;
        let total = (body["track_total_hits"] != Value::Bool(false)).then_some(found.len() as u64);
        found.sort_by_key(|f| order.key(f));
        if order.descending {
            found.reverse();
        }
        if let Some(after) = body["search_after"].as_array() {
            let value = |i: usize| after.get(i).and_then(Value::as_u64);
            let after =
                (value(0).unwrap_or(0), value(1).unwrap_or(if order.descending { 0 } else { u64::MAX }));
            found.retain(|f| if order.descending { order.key(f) < after } else { order.key(f) > after });
        }
        found.truncate(size);
        // Elasticsearch adds the tie-breaker to every sort of a PIT, unless the position given lacks it.
        let with_tie = body["search_after"].as_array().is_none_or(|after| after.len() > 1);
        let added =
            pit && with_tie && order.by_seq && !self.product.opensearch && self.product.has_shard_doc();
        let hits = found.iter().map(|f| self.hit(f, body, order, order.tied || added)).collect();
        Ok(Page {
            pit_id: None,
            scroll_id: None,
            timed_out: false,
            shards: Some(Shards { total: view.shards, failed: 0 }),
            shards_late: false,
            total,
            hits,
            counts_in_objects: self.product.counts_in_objects(),
        })
    }

    fn matching<'v>(&self, view: &'v View, body: &Value) -> Result<Vec<&'v Found>, Box<Reply>> {
        let slice = &body["slice"];
        let of_slice = |f: &&Found| match (slice["id"].as_u64(), slice["max"].as_u64()) {
            (Some(id), Some(max)) => f.doc.seq % max == id,
            (_, _) => true,
        };
        let mut matching = Vec::new();
        for found in view.found.iter().filter(of_slice) {
            match query::matches(&body["query"], &found.doc) {
                Ok(true) => matching.push(found),
                Ok(false) => {}
                Err(unknown) => {
                    let problem = format!("the model does not know {unknown}");
                    self.problem(problem.clone());
                    return Err(Box::new(Reply::error(400, "parsing_exception", &problem)));
                }
            }
        }
        Ok(matching)
    }

    fn order(&self, sort: &Value) -> Result<Order, Box<Reply>> {
        if let Some(second) = sort.get(1) {
            return Ok(Order { tied: !self.order(second)?.by_seq, ..self.order(&sort[0])? });
        }
        let first = sort.get(0).unwrap_or(sort);
        let (field, about) = match first.as_object().and_then(|object| object.iter().next()) {
            Some((field, about)) => (field.as_str(), about.clone()),
            None => (first.as_str().unwrap_or("_doc"), Value::Null),
        };
        let descending = about == "desc" || about["order"] == "desc";
        let order = |by_seq| Ok(Order { by_seq, descending, tied: false });
        match field {
            "_seq_no" => order(true),
            "_doc" => order(false),
            "_shard_doc" if self.product.has_shard_doc() => order(false),
            field => {
                let reason = format!("No mapping found for [{field}] in order to sort on");
                Err(Box::new(shard_error(400, "query_shard_exception", &reason)))
            }
        }
    }

    fn hit(&self, found: &Found, body: &Value, order: Order, tied: bool) -> Vec<u8> {
        let Found { index, doc, position } = found;
        let mut out = format!("{{\"_index\":{}", json!(index));
        if self.product.shows_types() {
            out += ",\"_type\":\"_doc\"";
        }
        out += &format!(",\"_id\":{}", json!(doc.id));
        if body["version"] == true {
            out += &format!(",\"_version\":{}", doc.version);
        }
        if body["seq_no_primary_term"] == true {
            out += &format!(",\"_seq_no\":{},\"_primary_term\":1", doc.seq);
        }
        out += ",\"_score\":null";
        if let Some(routing) = &doc.routing {
            out += &format!(",\"_routing\":{}", json!(routing));
        }
        let mut out = out.into_bytes();
        if body["_source"] != false {
            out.extend(b",\"_source\":");
            out.extend(&doc.source);
        }
        let tie = if tied { format!(",{position}") } else { String::new() };
        out.extend(format!(",\"sort\":[{}{tie}]}}", order.key(found).0).bytes());
        out
    }
}

fn spoiled(mut page: Page, spoil: &dyn Fn(&mut Page)) -> Reply {
    spoil(&mut page);
    page.reply()
}

fn size(body: &Value) -> Result<usize, Box<Reply>> {
    let size = body["size"].as_u64().unwrap_or(10);
    if size > 10_000 {
        let reason = "Result window is too large, from + size must be less than or equal to: [10000]";
        return Err(Box::new(shard_error(400, "illegal_argument_exception", reason)));
    }
    Ok(size as usize)
}

fn ids(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(ids) => ids.clone(),
        id => vec![id.clone()],
    }
}
