//! Documents that tools are known to change or to lose, all of which every server in the table takes when its
//! mapping is `"dynamic": false`.

use std::thread::sleep;
use std::time::{Duration, Instant};

use es_tests::client::{Client, RawHit};

pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) routing: Option<String>,
    pub(crate) source: String,
}

/// Three shards, so that routing matters; nothing is mapped, so that nothing is refused.
pub(crate) const INDEX: &str =
    r#"{"settings":{"number_of_shards":3,"number_of_replicas":0},"mappings":{"dynamic":false}}"#;

pub(crate) fn documents() -> Vec<Document> {
    let long_id = "x".repeat(512);
    let deep = format!("{{\"d\":{}1{}}}", "{\"d\":".repeat(898), "}".repeat(898));
    let large = format!("{{\"text\":\"{}\",\"after\":1.0}}", "lorem \\\"ipsum\\\" é ".repeat(1 << 20));
    let sources = [
        (
            "numbers",
            r#"{"i":9223372036854775807,"u":18446744073709551615,"n":123456789012345678901234567890,"neg":-9223372036854775808}"#,
        ),
        (
            "fractions",
            r#"{"f":1.0,"e":1E5,"z":-0.0,"m":-0,"l":0.1000000000000000055511151231257827,"c":1.50,"t":1e-320,"p":2.5E+3}"#,
        ),
        ("order", r#"{"z":1,"10":"ten","2":"two","a":0}"#),
        ("escapes", r#"{"a":"\u00e9\/\u0041","b":"\ud83d\ude00","c":"\b\f\n\r\t\"\\","d":"é😀"}"#),
        ("surrogate", r#"{"a":"\ud800","b":"x\udc00y"}"#),
        ("proto", r#"{"__proto__":{"a":1},"constructor":{"prototype":null}}"#),
        ("dots", r#"{"a.b":1,"c":{"d.e":2,"f":{"g":3}}}"#),
        ("empty", "{}"),
        ("hollow", r#"{"a":{},"b":[],"c":[{}],"d":"","e":null,"f":[null]}"#),
        ("spaces", r#"{ "a" :	1 , "b": [ 1 , 2 ] , "c" : { } }"#),
        ("pretty", "{\r\n  \"a\" : 1.0,\n\t\"b\" : [\n    1,\n    2\n  ]\n}"),
        ("kinds", r#"{"_mark":{"a":1},"index":{"_id":"1"},"create":{}}"#),
        ("deep", &deep),
        ("large", &large),
        ("quote\"back\\slash/", r#"{"id":"quotes and slashes"}"#),
        ("line\nbreak\r\ttab", r#"{"id":"control characters"}"#),
        ("é 😀 \u{7f}", r#"{"id":"not ASCII"}"#),
        ("a b+c%20&d=e?f#g", r#"{"id":"as in a URL"}"#),
        ("../..", r#"{"id":"as in a path"}"#),
        (&long_id, r#"{"id":"as long as may be"}"#),
    ];
    let plain = sources.map(|(id, source)| Document { id: id.into(), routing: None, source: source.into() });
    let twins = ["a", "b", "c", "d e\"f", "é"].map(|routing| Document {
        id: "twin".into(),
        routing: Some(routing.into()),
        source: format!(r#"{{"routing":{}}}"#, serde_json::json!(routing)),
    });
    plain.into_iter().chain(twins).collect()
}

/// Makes the index anew and puts the documents in, each with a request of its own: a bulk cannot hold line breaks.
#[track_caller]
pub(crate) fn fill(client: &Client, index: &str) {
    client.create_index(index, INDEX);
    for Document { id, routing, source } in documents() {
        let routing = routing.map(|routing| format!("?routing={}", encode(&routing))).unwrap_or_default();
        let path = format!("/{index}/_doc/{}{routing}", encode(&id));
        let put = || client.put(&path, source.as_str());
        let (mut status, mut answer) = put();
        // Two of the large ones at once, for other tests fill theirs, are more than the server's memory takes.
        let until = Instant::now() + Duration::from_secs(60);
        while status == 429 && Instant::now() < until {
            sleep(Duration::from_millis(100));
            (status, answer) = put();
        }
        let text = String::from_utf8_lossy(&answer);
        assert!(matches!(status, 200 | 201), "{id}: {status} {}", &text[..text.len().min(500)]);
    }
    // A dump holds what searches see.
    client.refresh(index);
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What the tools make of a hit: `_index` and `_type` go with the target, line breaks between tokens become spaces, and
/// how the text of an id is escaped is up to the server that shows it. All else stays.
pub(crate) fn essence(hits: Vec<RawHit>) -> Vec<(String, Option<String>, String)> {
    let fold = |source: String| source.replace(['\r', '\n'], " ");
    let text = |name: String| serde_json::from_str::<String>(&name).expect("names are JSON strings");
    let mut all: Vec<_> = hits
        .into_iter()
        .map(|hit| (text(hit.id), hit.routing.map(text), fold(hit.source.unwrap_or_default())))
        .collect();
    all.sort();
    all
}
