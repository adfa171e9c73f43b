//! The harness itself: every server of the table starts, answers, keeps bytes, and is gone afterwards.

use std::thread;

use es_tests::node::{self, Product};
use reqwest::Method;

#[test]
fn every_version_starts_and_gives_back_what_was_stored() {
    thread::scope(|scope| {
        for version in node::all() {
            scope.spawn(move || {
                let client = node::shared(version).client();
                let root = client.json(Method::GET, "/", "");
                assert_eq!(root["version"]["number"], version.number);
                assert_eq!(
                    root["version"]["distribution"] == "opensearch",
                    version.product == Product::OpenSearch
                );

                let body = r#"{"settings":{"number_of_shards":2},"mappings":{"dynamic":false}}"#;
                client.create_index("kept", body);
                let first = r#"{"b":1.0,"a":123456789012345678901234567890,"\u00e9":-0.0}"#;
                let second = r#"{"a" : "\/\ud800"}"#;
                let ids = [r#"{"index":{"_id":"1"}}"#, r#"{"index":{"_id":"a\"b","routing":"r"}}"#];
                client.bulk("kept", format!("{}\n{first}\n{}\n{second}\n", ids[0], ids[1]));
                assert_eq!(client.count("kept"), 2);

                let hits = client.read_all("kept");
                let hits: Vec<_> = hits
                    .iter()
                    .map(|hit| (&*hit.id, hit.routing.as_deref(), hit.source.as_deref()))
                    .collect();
                let wanted = [(r#""1""#, None, Some(first)), (r#""a\"b""#, Some(r#""r""#), Some(second))];
                assert_eq!(hits, wanted, "{version}");
                assert_eq!(client.open_contexts(), 0, "{version}");
            });
        }
    });
}
