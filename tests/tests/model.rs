//! The model of the fault server answers as real servers do: the same requests go to both, and what our tools
//! read from the answers is compared.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

use std::thread;

use es_tests::client::Client;
use es_tests::fault::{Cluster, Server};
use es_tests::node::{self, Product, Version};
use reqwest::Method;
use serde_json::{Value, json};

/// One of the two, told the same things.
struct Side {
    client: Client,
    opensearch: bool,
    pit: Value,
    scroll: Value,
    seen: Vec<String>,
}

impl Side {
    fn new(client: Client, version: &Version) -> Self {
        let opensearch = version.product == Product::OpenSearch;
        Self { client, opensearch, pit: Value::Null, scroll: Value::Null, seen: Vec::new() }
    }

    /// Sends a request and notes its status and what is at these places of the answer.
    fn ask(&mut self, method: Method, path: &str, body: impl Into<Vec<u8>>, places: &[&str]) -> Value {
        let line = format!("{method} {path}");
        let (status, bytes) = self.client.send(method, path, body);
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let noted: Vec<_> = places.iter().map(|place| answer.pointer(place)).collect();
        self.seen.push(format!("{line}: {status} {}", json!(noted)));
        answer
    }

    fn bulk(&mut self, body: &str) {
        let line = format!("bulk {body:?}");
        let (status, bytes) = self.client.post("/logs/_bulk?refresh=true", body);
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        let about = |item: &Value| {
            let (op, about) = item.as_object().unwrap().iter().next().unwrap();
            let error = &about["error"]["type"];
            format!(
                "{op} {} {} {} {} {error}",
                about["_id"], about["status"], about["result"], about["_seq_no"]
            )
        };
        let items: Vec<_> = items.iter().map(about).collect();
        self.seen
            .push(format!("{line}: {status} {} {items:?} {}", answer["errors"], answer["error"]["type"]));
    }

    fn open_pit(&mut self, index: &str) {
        let form = if self.opensearch { "_search/point_in_time" } else { "_pit" };
        let path = format!("/{index}/{form}?keep_alive=1m&preference=_shards%3A0");
        let answer = self.ask(Method::POST, &path, "", &["/error/type"]);
        self.pit = answer.get("id").or(answer.get("pit_id")).cloned().unwrap_or_default();
    }

    fn close_pit(&mut self) {
        let (path, body, place) = if self.opensearch {
            ("/_search/point_in_time", json!({"pit_id": [self.pit]}), "/pits/0/successful")
        } else {
            ("/_pit", json!({"id": self.pit}), "/num_freed")
        };
        self.ask(Method::DELETE, path, body.to_string(), &[place]);
    }

    fn page(&mut self, mut body: Value) {
        body["pit"] = json!({"id": self.pit, "keep_alive": "1m"});
        self.seen.push(format!("page {}", body["sort"]));
        self.search("/_search", &body);
    }

    fn search(&mut self, path: &str, body: &Value) -> Value {
        let places =
            ["/error/type", "/error/root_cause/0/type", "/timed_out", "/_shards", "/hits/total/value"];
        let answer = self.ask(Method::POST, path, body.to_string(), &places);
        let hits = answer["hits"]["hits"].as_array().cloned().unwrap_or_default();
        let about = |hit: &Value| {
            let keys: Vec<_> = hit.as_object().unwrap().keys().map(String::as_str).collect();
            format!("{} {} {keys:?}", hit["_id"], hit["sort"])
        };
        self.seen.push(format!("{:?}", hits.iter().map(about).collect::<Vec<_>>()));
        answer
    }
}

fn pits(side: &mut Side, version: &Version) {
    side.open_pit("none");
    side.open_pit("logs");
    let window = json!({"bool": {"filter": [{"range": {"_seq_no": {"gt": 0, "lte": 5}}}]}});
    side.page(json!({"size": 1, "sort": [{"_seq_no": "desc"}], "track_total_hits": true}));
    side.page(json!({"size": 0, "track_total_hits": true}));
    let asc = json!([{"_seq_no": "asc"}]);
    side.page(json!({"size": 2, "sort": asc, "query": window, "track_total_hits": false}));
    side.page(json!({"size": 2, "sort": asc, "search_after": [2], "track_total_hits": false}));
    side.page(
        json!({"size": 1, "sort": asc, "version": true, "seq_no_primary_term": true, "_source": false}),
    );
    let place = if version.name() == "os-2.19.6" { "_doc" } else { "_shard_doc" };
    let both = json!([{"_seq_no": {"order": "asc", "unmapped_type": "long"}}, {place: "asc"}]);
    side.page(json!({"size": 2, "sort": both, "query": window, "track_total_hits": false}));
    side.page(json!({"size": 1, "sort": both, "query": window, "search_after": [2, 2]}));
    side.page(json!({"size": 1, "sort": both, "query": window, "search_after": [2, 1]}));
    side.page(json!({"size": 2, "sort": [{"_shard_doc": "asc"}], "track_total_hits": false}));
    side.page(json!({"size": 2, "sort": [{"_shard_doc": "asc"}], "search_after": [2]}));
    side.close_pit();
    side.close_pit();
    side.page(json!({"size": 1, "sort": asc}));
}

fn scrolls(side: &mut Side) {
    let first = side.search("/logs/_search?scroll=1m", &json!({"size": 2, "sort": ["_doc"]}));
    side.scroll = first["_scroll_id"].clone();
    let next = json!({"scroll_id": side.scroll, "scroll": "1m"});
    for _ in 0..3 {
        side.search("/_search/scroll", &next);
    }
    for _ in 0..2 {
        let close = json!({"scroll_id": [side.scroll]}).to_string();
        side.ask(Method::DELETE, "/_search/scroll", close, &["/num_freed"]);
    }
    side.search("/_search/scroll", &next);
}

fn indices(side: &mut Side) {
    side.ask(
        Method::GET,
        "/logs/_search_shards",
        "",
        &["/shards/0/0/shard", "/shards/0/0/index", "/indices"],
    );
    side.ask(Method::GET, "/recent/_search_shards", "", &["/indices/logs/aliases"]);
    side.ask(Method::GET, "/recent/_count", "", &["/count"]);
    side.ask(Method::GET, "/logs/_mapping", "", &["/logs/mappings"]);
    side.ask(Method::GET, "/logs/_settings", "", &["/logs/settings/index/number_of_shards"]);
    side.ask(Method::GET, "/none/_mapping", "", &["/error/type", "/error/root_cause/0/type"]);
    side.ask(Method::GET, "/none*/_search_shards", "", &["/error/type", "/shards"]);
    side.ask(Method::HEAD, "/none", "", &[]);
    side.ask(Method::HEAD, "/logs", "", &[]);
    let wanted = r#"{"docs":[{"_id":"0"},{"_id":"9"}]}"#;
    side.ask(Method::POST, "/logs/_mget", wanted, &["/docs/0/found", "/docs/0/_source", "/docs/1/found"]);
    side.search("/logs/_search", &json!({"size": 10_001}));
}

/// What both are asked. `change` does to each what only its own way can do.
fn talk(side: &mut Side, version: &Version, change: &dyn Fn(&str)) {
    let body = r#"{"settings":{"index":{"number_of_shards":1,"number_of_replicas":0}},
                   "mappings":{"properties":{"n":{"type":"long"}}}}"#;
    side.ask(Method::PUT, "/logs", body, &["/acknowledged", "/index"]);
    side.ask(Method::PUT, "/logs", body, &["/error/type"]);
    let docs = (0..5).map(|n| format!("{{\"create\":{{\"_id\":\"{n}\"}}}}\n{{\"n\":{n}}}\n"));
    side.bulk(&docs.collect::<String>());
    side.bulk(
        "{\"create\":{\"_id\":\"0\"}}\n{}\n{\"delete\":{\"_id\":\"1\"}}\n{\"delete\":{\"_id\":\"9\"}}\n",
    );
    side.bulk("{\"index\":{\"_id\":\"0\",\"version\":1,\"version_type\":\"external\"}}\n{}\n");
    side.bulk("{\"index\":{\"_id\":\"0\"}}\n{\"n\":0}\n{\"update\":{\"_id\":\"8\"}}\n{\"doc\":{}}\n");
    side.bulk("{\"create\":{\"_id\":\"0\"}}\n{}");
    side.bulk("{\"create\":[]}\n{}\n");
    side.bulk("{\"create\":{\"_other\":1}}\n{}\n");
    change("alias");
    indices(side);
    if version.name() != "os-1.3.20" {
        pits(side, version);
    }
    scrolls(side);
    change("block");
    side.bulk("{\"create\":{\"_id\":\"x\"}}\n{}\n");
    change("close");
    side.bulk("{\"create\":{\"_id\":\"x\"}}\n{}\n");
    side.search("/logs/_search", &json!({}));
    side.ask(Method::GET, "/logs/_count", "", &["/error/type"]);
}

fn compare(version: &'static Version) {
    let es = match version.product {
        Product::Elasticsearch => Cluster::elasticsearch(version.number),
        Product::OpenSearch => Cluster::opensearch(version.number),
    };
    let es: Server<Cluster> = es.start();
    let mut model = Side::new(Client::new(&es.url()), version);
    talk(&mut model, version, &|what| match what {
        "alias" => {
            es.describe("logs", json!({"properties": {"n": {"type": "long"}}}), json!({}));
            es.alias("logs", "recent", json!({"range": {"n": {"gte": 3}}}));
        }
        "block" => es.block_writes("logs", true),
        _ => es.close_index("logs"),
    });
    let client = node::shared(version).client();
    let mut real = Side::new(node::shared(version).client(), version);
    talk(&mut real, version, &|what| {
        let (method, path, body) = match what {
            "alias" => {
                let filter = json!({"range": {"n": {"gte": 3}}});
                (Method::PUT, "/logs/_alias/recent", json!({"filter": filter}).to_string())
            }
            "block" => (Method::PUT, "/logs/_settings", r#"{"index.blocks.write":true}"#.into()),
            _ => (Method::POST, "/logs/_close", String::new()),
        };
        assert_eq!(client.send(method, path, body).0, 200);
    });
    let pairs = model.seen.iter().zip(&real.seen);
    let differ: Vec<_> =
        pairs.filter(|(model, real)| model != real).map(|(m, r)| format!("{m}\n{r}\n")).collect();
    assert!(
        differ.is_empty() && model.seen.len() == real.seen.len(),
        "{version}: model, then real:\n{}",
        differ.join("\n")
    );
}

#[test]
fn the_model_answers_as_real_servers_do() {
    thread::scope(|scope| {
        for version in node::all() {
            scope.spawn(move || compare(version));
        }
    });
}
