//! What the model says about itself and its indices.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::cluster::{Cluster, State};
use super::index::Index;
use super::page::Shards;
use super::reply::Reply;
use super::wire::Request;

/// An answer, or the refusal that takes its place.
pub(crate) type Answer = Result<Reply, Box<Reply>>;

impl Cluster {
    pub(crate) fn root(&self) -> Reply {
        let number = &self.product.number;
        let version = if self.product.opensearch {
            json!({"distribution": "opensearch", "number": number, "build_type": "tar"})
        } else {
            json!({"number": number, "build_flavor": "default", "build_type": "tar"})
        };
        let tagline = if self.product.opensearch {
            "The OpenSearch Project: https://opensearch.org/"
        } else {
            "You Know, for Search"
        };
        let root = json!({
            "name": "fake", "cluster_name": "fake", "cluster_uuid": "fake-cluster-uuid",
            "version": version, "tagline": tagline,
        });
        let reply = Reply::value(200, &root);
        if self.product.opensearch { reply } else { reply.header("X-elastic-product", "Elasticsearch") }
    }

    pub(crate) fn search_shards(&self, request: &Request) -> Answer {
        let state = self.state();
        let (mut indices, mut shards) = (Map::new(), Vec::new());
        for target in state.resolve(&request.parts[0])? {
            let index = &state.indices[&target.name];
            let mut about = Map::new();
            if !target.aliases.is_empty() {
                about.insert("aliases".into(), json!(target.aliases));
            }
            if !target.filter.is_null() {
                about.insert("filter".into(), target.filter.clone());
            }
            for shard in 0..index.shards {
                shards.push(json!([{
                    "state": "STARTED", "primary": true, "node": "fake-node", "relocating_node": null,
                    "shard": shard, "index": target.name, "allocation_id": {"id": format!("a{shard}")},
                }]));
            }
            indices.insert(target.name, about.into());
        }
        let nodes = json!({"fake-node": {"name": "fake", "transport_address": "127.0.0.1:9300"}});
        Ok(Reply::value(200, &json!({"nodes": nodes, "indices": indices, "shards": shards})))
    }

    pub(crate) fn describe_indices(&self, call: Call, request: &Request) -> Answer {
        let state = self.state();
        let mut described = Map::new();
        for target in state.resolve(&request.parts[0])? {
            let whole = state.indices[&target.name].described(&target.name);
            let part = match call {
                Call::Mapping => Some("mappings"),
                Call::Settings => Some("settings"),
                Call::Alias => Some("aliases"),
                _ => None,
            };
            let about = part.map_or_else(|| whole.clone(), |part| json!({part: whole[part]}));
            described.insert(target.name, about);
        }
        Ok(Reply::value(200, &described.into()))
    }

    pub(crate) fn create_index(&self, request: &Request) -> Answer {
        let (name, body) = (&request.parts[0], request.json());
        let mut state = self.state();
        if state.indices.contains_key(name) {
            let reason = format!("index [{name}] already exists");
            return Err(Box::new(Reply::error(400, "resource_already_exists_exception", &reason)));
        }
        let settings = &body["settings"];
        let shards = ["/index/number_of_shards", "/number_of_shards", "/index.number_of_shards"]
            .iter()
            .find_map(|path| settings.pointer(path))
            .map_or(1, |n| n.to_string().trim_matches('"').parse().unwrap_or(1));
        let index = state.add_index(name, shards);
        index.mappings = body.get("mappings").cloned().unwrap_or(json!({}));
        index.settings = settings.get("index").unwrap_or(settings).clone();
        for (alias, about) in body["aliases"].as_object().into_iter().flatten() {
            index.aliases.insert(alias.clone(), about["filter"].clone());
        }
        Ok(Reply::value(200, &json!({"acknowledged": true, "shards_acknowledged": true, "index": name})))
    }

    pub(crate) fn refresh(&self, request: &Request) -> Answer {
        let state = self.state();
        if request.parts.len() > 1 {
            state.resolve(&request.parts[0])?;
        }
        Ok(Reply::value(200, &json!({"_shards": Shards { total: 1, failed: 0 }.value()})))
    }

    /// What a server without templates and data streams answers. The rest must be prepared by the test.
    pub(crate) fn other(&self, request: &Request) -> Reply {
        let parts: Vec<&str> = request.parts.iter().map(String::as_str).collect();
        match (request.method.as_str(), &parts[..]) {
            ("GET", ["_index_template"]) => Reply::value(200, &json!({"index_templates": []})),
            ("GET", ["_template", ..]) => Reply::value(200, &json!({})),
            // All that was written is seen.
            ("GET", [_, "_stats", ..]) => Reply::value(200, &json!({"indices": {}})),
            ("GET", ["_data_stream"]) => Reply::value(200, &json!({"data_streams": []})),
            ("GET", ["_data_stream", name]) => {
                Reply::error(404, "index_not_found_exception", &format!("no such index [{name}]"))
            }
            ("POST", ["_index_template", "_simulate_index", _]) => Reply::value(200, &json!({})),
            ("GET", ["_cluster", "settings"]) => {
                Reply::value(200, &json!({"persistent": {}, "transient": {}}))
            }
            _ => {
                let problem = format!("the model does not know {} {}", request.method, request.path);
                self.problem(problem.clone());
                Reply::error(400, "illegal_argument_exception", &problem)
            }
        }
    }
}

/// An index that an expression names, with the aliases it was named by.
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) filter: Value,
}

impl State {
    /// The indices of an expression. A name that is not there is an error, a wildcard may match nothing.
    pub(crate) fn resolve(&self, expression: &str) -> Result<Vec<Target>, Box<Reply>> {
        let mut found = BTreeMap::new();
        for word in expression.split(',') {
            let mut known = word.contains('*') || word == "_all";
            for (name, index) in &self.indices {
                let plain = word == "_all" || wildcard(word, name);
                let alias = index.aliases.iter().find(|(alias, _)| wildcard(word, alias));
                if plain || alias.is_some() {
                    known = true;
                    let (alias, filter) = match alias {
                        Some((alias, filter)) if !plain => (Some(alias.clone()), filter.clone()),
                        Some(_) | None => (None, Value::Null),
                    };
                    let aliases = alias.into_iter().collect();
                    found.entry(name.clone()).or_insert(Target { name: name.clone(), aliases, filter });
                }
            }
            if !known {
                let reason = format!("no such index [{word}]");
                return Err(Box::new(Reply::error(404, "index_not_found_exception", &reason)));
            }
        }
        Ok(found.into_values().collect())
    }
}

impl Index {
    fn described(&self, name: &str) -> Value {
        let mut settings = json!({
            "number_of_shards": self.shards.to_string(), "number_of_replicas": "0", "uuid": self.uuid,
            "provided_name": name, "creation_date": "1700000000000", "version": {"created": "1"},
        });
        for (key, value) in self.settings.as_object().into_iter().flatten() {
            settings[key] = value.clone();
        }
        let aliases: Map<_, _> = self
            .aliases
            .iter()
            .map(|(name, filter)| {
                let about = if filter.is_null() { json!({}) } else { json!({"filter": filter}) };
                (name.clone(), about)
            })
            .collect();
        json!({"aliases": aliases, "mappings": self.mappings, "settings": {"index": settings}})
    }
}

fn wildcard(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, rest)) => name.strip_prefix(head).is_some_and(|name| {
            (0..=name.len()).any(|i| name.is_char_boundary(i) && wildcard(rest, &name[i..]))
        }),
    }
}
