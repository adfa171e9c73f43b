//! What a request asks for: the word by which rules choose it.

use serde_json::Value;

use super::wire::Head;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Root,
    Shards,
    OpenPit,
    ClosePit,
    /// A page of a PIT, or of a search without a cursor.
    Page,
    /// A search for the exact total: no hits, or the last one alone.
    Total,
    OpenScroll,
    NextScroll,
    CloseScroll,
    Mapping,
    Settings,
    Alias,
    GetIndex,
    IndexExists,
    CreateIndex,
    Count,
    Refresh,
    Mget,
    Bulk,
    /// Anything else: templates, cluster settings, what the model does not know.
    Other,
}

impl Call {
    pub(crate) fn of(head: &Head, body: &Value) -> Self {
        let parts: Vec<&str> = head.parts.iter().map(String::as_str).collect();
        match (head.method.as_str(), &parts[..]) {
            ("GET" | "HEAD", []) => Call::Root,
            ("GET" | "POST", [.., "_search_shards"]) => Call::Shards,
            ("POST", [_, "_pit"] | [_, "_search", "point_in_time"]) => Call::OpenPit,
            ("DELETE", ["_pit"] | ["_search", "point_in_time"]) => Call::ClosePit,
            ("GET" | "POST", ["_search", "scroll", ..]) => Call::NextScroll,
            ("DELETE", ["_search", "scroll", ..]) => Call::CloseScroll,
            ("GET" | "POST", [.., "_search"]) => match head.param("scroll") {
                Some(_) => Call::OpenScroll,
                None if asks_for_total(body) => Call::Total,
                None => Call::Page,
            },
            ("GET", [_, "_mapping"]) => Call::Mapping,
            ("GET", [_, "_settings"]) => Call::Settings,
            ("GET", [_, "_alias"]) => Call::Alias,
            ("GET" | "POST", [.., "_count"]) => Call::Count,
            ("GET" | "POST", [.., "_refresh"]) => Call::Refresh,
            ("GET" | "POST", [.., "_mget"]) => Call::Mget,
            ("POST" | "PUT", [.., "_bulk"]) => Call::Bulk,
            ("GET", [index]) if !index.starts_with('_') => Call::GetIndex,
            ("HEAD", [index]) if !index.starts_with('_') => Call::IndexExists,
            ("PUT", [index]) if !index.starts_with('_') => Call::CreateIndex,
            _ => Call::Other,
        }
    }

    /// Must the body be read to tell?
    pub(crate) fn needs_body(head: &Head) -> bool {
        head.parts.last().is_some_and(|part| part == "_search")
    }
}

fn asks_for_total(body: &Value) -> bool {
    let descending = body["sort"].to_string().contains("desc");
    body["track_total_hits"] == Value::Bool(true) && (body["size"] == 0 || descending)
}
