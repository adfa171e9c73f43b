//! The demo's documents: log lines of about 1 KB, with what copies tend to spoil: integers beyond 2^53, `1.0`, `-0.0`,
//! `1E5`, escapes. A number makes a document, so that any can be made again to be compared.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::chance::Chance;

const SERVICES: [&str; 6] = ["checkout", "cart", "search", "billing", "inventory", "gateway"];

const WORDS: [&str; 32] = [
    "request",
    "timeout",
    "connection",
    "user",
    "order",
    "payment",
    "index",
    "shard",
    "replica",
    "failed",
    "retry",
    "cluster",
    "node",
    "latency",
    "queue",
    "worker",
    "session",
    "token",
    "cache",
    "caf\\u00e9",
    "query",
    "result",
    "page",
    "customer",
    "invoice",
    "Zürich",
    "address",
    "\\\"quoted\\\"",
    "a\\/b",
    "report",
    "東京",
    "naïve",
];

/// What creates the index of the documents. `took` is a keyword in it, as fields are that nobody mapped in time. What
/// nobody searches is only kept: the demo is about moving documents, not about indexing them.
pub const SCHEMA: &str = r#"{
  "settings": {"number_of_shards": 2, "number_of_replicas": 0, "refresh_interval": "30s"},
  "mappings": {"dynamic": false, "properties": {
    "@timestamp": {"type": "date"},
    "host": {"type": "keyword"},
    "service": {"type": "keyword"},
    "status": {"type": "integer"},
    "took": {"type": "keyword"},
    "tmp": {"type": "object", "enabled": false},
    "message": {"type": "text", "index": false}
  }}
}
"#;

/// The id of a document.
pub fn id(number: u64) -> String {
    format!("log-{number}")
}

/// The document's number, from its id.
pub fn number(id: &str) -> Option<u64> {
    id.strip_prefix("log-")?.parse().ok()
}

/// One document in twenty has a server's error; of these, one in twenty does not say how long it took.
pub fn is_error(number: u64) -> bool {
    number.is_multiple_of(20)
}

pub fn has_no_time(number: u64) -> bool {
    number.is_multiple_of(400)
}

/// The document of this number, byte for byte.
pub fn document(number: u64) -> String {
    let mut chance = Chance::new(number);
    let mut text = String::with_capacity(1200);
    let (day, second) = (1 + chance.below(28), chance.below(86_400));
    let status = if is_error(number) { 500 + chance.below(4) } else { [200, 301, 404][chance.index(3)] };
    let took = match has_no_time(number) {
        true => "\"n/a\"".to_owned(),
        false => format!("{}.{:02}", chance.below(900), chance.below(100)),
    };
    let _ = write!(
        text,
        r#"{{"@timestamp":"2016-04-{day:02}T{:02}:{:02}:{:02}Z","host":"web-{:03}","service":"{}","status":{status},"#,
        second / 3600,
        second / 60 % 60,
        second % 60,
        chance.below(200),
        chance.one_of(&SERVICES),
    );
    let _ = write!(
        text,
        r#""took":{took},"trace":{},"ratio":{}.0,"drift":-0.0,"load":{}E5,"#,
        (1 << 53) + 1 + chance.below(1 << 62),
        chance.below(10),
        1 + chance.below(9),
    );
    let _ = write!(
        text,
        r#""agent":{{"name":"beat-{}","version":"8.11.{}","id":"{:016x}"}},"tmp":{{"offset":{},"buffer":"{:016x}"}},"#,
        chance.below(40),
        chance.below(5),
        chance.next(),
        chance.below(1 << 40),
        chance.next(),
    );
    text.push_str(r#""message":""#);
    // Enough words to reach 1 KB.
    for at in 0..92 {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(chance.one_of(&WORDS));
    }
    text.push_str("\"}");
    text
}

/// The documents as hit lines. Gives back how many bytes they are.
pub fn write(path: &Path, documents: u64) -> io::Result<u64> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut bytes = 0;
    for number in 0..documents {
        let document = document(number);
        bytes += document.len() as u64;
        writeln!(file, r#"{{"_index":"logs","_id":"{}","_source":{document}}}"#, id(number))?;
    }
    file.flush()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_document_is_json_of_about_a_kilobyte() {
        let bytes: usize = (0..1000).map(|number| document(number).len()).sum();
        assert!((950_000..1_100_000).contains(&bytes), "{bytes}");
        for number in 0..1000 {
            let value: Value = serde_json::from_str(&document(number)).unwrap();
            assert_eq!(value["status"].as_u64().unwrap() >= 500, is_error(number));
            assert_eq!(value["took"] == "n/a", has_no_time(number));
            assert!(value["trace"].as_u64().unwrap() > 1 << 53);
        }
    }

    #[test]
    fn a_number_makes_one_document() {
        assert_eq!(document(7), document(7));
        assert_ne!(document(7), document(8));
        assert_eq!(number(&id(12)), Some(12));
    }

    #[test]
    fn the_schema_is_json() {
        serde_json::from_str::<Value>(SCHEMA).unwrap();
    }
}
