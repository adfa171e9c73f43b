//! The second client: it prepares servers and reads them back, so that a bug of the tools cannot hide in both writing
//! and checking. It shares no code with them.

use std::thread;
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::blocking::RequestBuilder;
use serde_json::Value;
use serde_json::value::RawValue;

/// How long a server may take to let go of what is closed.
const LETTING_GO: Duration = Duration::from_secs(60);

/// Panics where a server does not answer at all: no test can go on then.
#[derive(Clone, Debug)]
pub struct Client {
    url: String,
    user: Option<(String, String)>,
    http: reqwest::blocking::Client,
}

/// The texts of one hit, byte for byte as the server sent them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RawHit {
    pub index: String,
    pub id: String,
    pub routing: Option<String>,
    pub type_name: Option<String>,
    pub source: Option<String>,
}

#[derive(serde::Deserialize)]
struct Page<'a> {
    #[serde(rename = "_scroll_id")]
    scroll_id: String,
    timed_out: bool,
    #[serde(rename = "_shards")]
    shards: Shards,
    #[serde(borrow)]
    hits: Hits<'a>,
}

#[derive(serde::Deserialize)]
struct Shards {
    failed: u64,
}

#[derive(serde::Deserialize)]
struct Hits<'a> {
    total: Value,
    #[serde(borrow)]
    hits: Vec<Hit<'a>>,
}

#[derive(serde::Deserialize)]
struct Hit<'a> {
    #[serde(borrow, rename = "_index")]
    index: &'a RawValue,
    #[serde(borrow, rename = "_id")]
    id: &'a RawValue,
    #[serde(borrow, rename = "_routing")]
    routing: Option<&'a RawValue>,
    #[serde(borrow, rename = "_type")]
    type_name: Option<&'a RawValue>,
    #[serde(borrow, rename = "_source")]
    source: Option<&'a RawValue>,
}

impl Client {
    pub fn new(url: &str) -> Client {
        let http = reqwest::blocking::Client::builder().no_proxy().timeout(Duration::from_secs(300));
        Client {
            url: url.to_owned(),
            user: None,
            http: http.build().expect("a client needs nothing but memory"),
        }
    }

    /// With these credentials.
    pub fn user(mut self, name: &str, password: &str) -> Client {
        self.user = Some((name.to_owned(), password.to_owned()));
        self
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> (u16, Vec<u8>) {
        self.send(Method::GET, path, "")
    }

    #[track_caller]
    pub fn put(&self, path: &str, body: impl Into<Vec<u8>>) -> (u16, Vec<u8>) {
        self.send(Method::PUT, path, body)
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> (u16, Vec<u8>) {
        self.send(Method::POST, path, body)
    }

    #[track_caller]
    pub fn delete(&self, path: &str, body: impl Into<Vec<u8>>) -> (u16, Vec<u8>) {
        self.send(Method::DELETE, path, body)
    }

    /// The answer's status and body, whatever the status.
    #[track_caller]
    pub fn send(&self, method: Method, path: &str, body: impl Into<Vec<u8>>) -> (u16, Vec<u8>) {
        let body = body.into();
        let request = self.request(method.clone(), path);
        let request = if body.is_empty() { request } else { request.body(body) };
        let answer = request.send().and_then(|r| Ok((r.status().as_u16(), r.bytes()?.to_vec())));
        answer.unwrap_or_else(|e| panic!("{method} {}{path}: {e:?}", self.url))
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        // The one type that every endpoint takes, bulk too.
        let request = request.header("Content-Type", "application/json");
        match &self.user {
            Some((name, password)) => request.basic_auth(name, Some(password)),
            None => request,
        }
    }

    /// The answer of a request that must succeed.
    #[track_caller]
    pub fn json(&self, method: Method, path: &str, body: impl Into<Vec<u8>>) -> Value {
        let (status, answer) = self.send(method.clone(), path, body);
        let text = String::from_utf8_lossy(&answer);
        assert!((200..300).contains(&status), "{method} {}{path}: {status} {text}", self.url);
        serde_json::from_slice(&answer).unwrap_or_else(|e| panic!("{method} {}{path}: {e}: {text}", self.url))
    }

    /// Whether it is up and every primary shard is there.
    pub fn is_healthy(&self) -> bool {
        let request = self.request(Method::GET, "/_cluster/health?wait_for_status=yellow&timeout=30s");
        request.send().is_ok_and(|answer| answer.status().is_success())
    }

    /// `body` holds settings and mappings, or is empty. What there was under this name is deleted.
    #[track_caller]
    pub fn create_index(&self, index: &str, body: &str) {
        let _ = self.delete(&format!("/{index}"), "");
        self.json(Method::PUT, &format!("/{index}"), body);
    }

    /// Every item must succeed.
    #[track_caller]
    pub fn bulk(&self, index: &str, body: impl Into<Vec<u8>>) {
        let answer = self.json(Method::POST, &format!("/{index}/_bulk"), body);
        let failed = answer["items"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|item| item.to_string().contains("\"error\""));
        assert_eq!(answer["errors"], false, "{failed:?}");
    }

    #[track_caller]
    pub fn refresh(&self, index: &str) {
        self.json(Method::POST, &format!("/{index}/_refresh"), "");
    }

    /// After a refresh.
    #[track_caller]
    pub fn count(&self, index: &str) -> u64 {
        self.refresh(index);
        let answer = self.json(Method::GET, &format!("/{index}/_count"), "");
        answer["count"].as_u64().unwrap_or_else(|| panic!("no count: {answer}"))
    }

    /// Every hit of an index expression, after a refresh, sorted.
    #[track_caller]
    pub fn read_all(&self, index: &str) -> Vec<RawHit> {
        let mut all = Vec::new();
        self.for_each(index, |hit| all.push(hit));
        all.sort();
        all
    }

    /// Every hit of an index expression, after a refresh, in whatever order.
    #[track_caller]
    pub fn for_each(&self, index: &str, mut take: impl FnMut(RawHit)) {
        self.refresh(index);
        let body = r#"{"size":5000,"sort":["_doc"],"track_total_hits":true}"#;
        let (mut status, mut answer) = self.post(&format!("/{index}/_search?scroll=5m"), body);
        let mut taken: u64 = 0;
        let (last, total) = loop {
            let text = || String::from_utf8_lossy(&answer[..answer.len().min(2000)]).into_owned();
            assert_eq!(status, 200, "{}/{index}: {}", self.url, text());
            let page: Page = serde_json::from_slice(&answer).unwrap_or_else(|e| panic!("{e}: {}", text()));
            assert!(page.shards.failed == 0 && !page.timed_out, "{}", text());
            if page.hits.hits.is_empty() {
                break (page.scroll_id, page.hits.total["value"].as_u64());
            }
            taken += page.hits.hits.len() as u64;
            page.hits.hits.iter().map(RawHit::from).for_each(&mut take);
            let next = serde_json::json!({"scroll": "5m", "scroll_id": page.scroll_id});
            (status, answer) = self.post("/_search/scroll", next.to_string());
        };
        self.json(Method::DELETE, "/_search/scroll", serde_json::json!({"scroll_id": [last]}).to_string());
        assert_eq!(Some(taken), total, "{}/{index}: fewer hits than announced", self.url);
    }

    /// Scrolls and points in time that are open on the shards of an index expression: by index, because other tests
    /// have theirs open at the same time.
    #[track_caller]
    pub fn open_contexts(&self, index: &str) -> u64 {
        let stats = self.json(Method::GET, &format!("/{index}/_stats/search?expand_wildcards=all"), "");
        let open = &stats["_all"]["total"]["search"]["open_contexts"];
        open.as_u64().unwrap_or_else(|| panic!("no open_contexts: {stats}"))
    }

    /// Waits until so many are open, for the server lets go of one only after its answer. Those that are open then.
    #[track_caller]
    pub fn wait_for_contexts(&self, index: &str, count: u64) -> u64 {
        let until = Instant::now() + LETTING_GO;
        loop {
            let open = self.open_contexts(index);
            if open == count || Instant::now() > until {
                return open;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl From<&Hit<'_>> for RawHit {
    fn from(hit: &Hit<'_>) -> RawHit {
        let text = |value: &RawValue| value.get().to_owned();
        RawHit {
            index: text(hit.index),
            id: text(hit.id),
            routing: hit.routing.map(text),
            type_name: hit.type_name.map(text),
            source: hit.source.map(text),
        }
    }
}
