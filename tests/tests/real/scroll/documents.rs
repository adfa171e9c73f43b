//! The byte law on nasty documents, and documents that are there in odd ways: updated, deleted, nested, routed.

use reqwest::Method;
use serde_json::json;

use super::{bulk, on_all};
use crate::nasty;

fn nested(depth: usize) -> String {
    format!("{{\"a\":{}1{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1))
}

#[test]
fn every_byte_of_nasty_documents_is_kept() {
    on_all(|site| {
        nasty::fill(&site.client, "scroll-nasty");
        site.assert_read("scroll-nasty", &[]);
        site.assert_read("scroll-nasty", &["-j", "1", "--page-size", "3", "--compressed"]);
    });
}

#[test]
fn whatever_depth_a_server_takes_is_read() {
    on_all(|site| {
        site.index("deep", 1, "{}");
        // OpenSearch 2 limits also what no mapping knows, and 3 does not let the limit be raised so far.
        let _ = site.client.put("/deep/_settings", r#"{"index.mapping.depth.limit":2000}"#);
        for depth in [900, 1000, 1001, 1100] {
            let (status, _) = site.client.put(&format!("/deep/_doc/{depth}"), nested(depth));
            eprintln!("{}: depth {depth}: {status}", site.version);
        }
        site.assert_read("deep", &[]);
    });
}

#[test]
fn updated_deleted_nested_and_routed_documents_are_read_once() {
    on_all(|site| {
        let properties =
            r#"{"n":{"type":"long"},"parts":{"type":"nested","properties":{"p":{"type":"long"}}}}"#;
        site.index("worn", 3, properties);
        let source = |n: usize| format!("{{\"n\":{n},\"parts\":[{{\"p\":1}},{{\"p\":2}}]}}");
        site.client.bulk("worn", bulk((0..900).map(|n| (n.to_string(), source(n)))));
        site.client.refresh("worn");
        // Gaps in the sequence numbers, at the start, in the middle and at the end.
        let change = |n: usize| match n % 4 {
            0 => format!("{{\"index\":{{\"_id\":\"{n}\"}}}}\n{}\n", source(n + 1)),
            1 => format!("{{\"delete\":{{\"_id\":\"{n}\"}}}}\n"),
            2 => format!("{{\"update\":{{\"_id\":\"{n}\"}}}}\n{{\"doc\":{{\"m\":1.0}}}}\n"),
            _ => String::new(),
        };
        site.client.bulk("worn", (0..900).map(change).collect::<String>());
        site.client.bulk(
            "worn",
            (800..900)
                .filter(|n| n % 4 == 3)
                .map(|n| format!("{{\"delete\":{{\"_id\":\"{n}\"}}}}\n"))
                .collect::<String>(),
        );
        // Routed to different shards, two documents can have one id.
        let routed = (0..10)
            .map(|r| format!("{{\"index\":{{\"_id\":\"same\",\"routing\":\"r{r}\"}}}}\n{{\"n\":{r}}}\n"));
        site.client.bulk("worn", routed.collect::<String>());
        let lines = site.lines("worn");
        let same =
            lines.iter().filter(|line| line.windows(12).any(|part| part == b"\"_id\":\"same\"")).count();
        assert!((2..=3).contains(&same), "one in each shard: {same}");
        site.assert_read("worn", &[]);
        site.assert_read("worn", &["--page-size", "7", "-j", "4"]);
        site.assert_read("worn", &["--page-size", "100", "-j", "1"]);
        site.client.json(Method::POST, "/worn/_forcemerge?max_num_segments=1", "");
        site.assert_read("worn", &[]);
    });
}

#[test]
fn a_shrunk_index_whose_documents_share_numbers_is_read_whole() {
    on_all(|site| {
        site.index("wide", 4, "{}");
        site.client.bulk("wide", bulk((0..400).map(|n| (n.to_string(), format!("{{\"n\":{n}}}")))));
        site.client.bulk("wide", bulk((400..450).map(|n| (n.to_string(), format!("{{\"n\":{n}}}")))));
        site.client.put("/wide/_settings", r#"{"index.blocks.write":true}"#);
        let shrink = r#"{"settings":{"index.number_of_shards":1,"index.blocks.write":null}}"#;
        site.client.json(Method::POST, "/wide/_shrink/narrow?wait_for_active_shards=1", shrink);
        let check = || {
            for options in [&[][..], &["--page-size", "1"], &["--page-size", "2"], &["--page-size", "7"]] {
                site.assert_read("narrow", options);
            }
        };
        assert_eq!(site.lines("narrow").len(), 450);
        check();
        // What is written from then on has numbers of its own.
        site.client.bulk("narrow", bulk((450..460).map(|n| (n.to_string(), "{}".to_owned()))));
        site.client.bulk(
            "narrow",
            (0..460).step_by(3).map(|n| format!("{{\"delete\":{{\"_id\":\"{n}\"}}}}\n")).collect::<String>(),
        );
        site.client.refresh("narrow");
        check();
        site.client.json(Method::POST, "/narrow/_forcemerge?max_num_segments=1", "");
        check();
    });
}

#[test]
fn docinfo_is_what_the_server_says() {
    on_all(|site| {
        site.index("info", 1, "{}");
        site.client.bulk("info", bulk((0..3).map(|n| (n.to_string(), "{}".to_owned()))));
        let again = "{\"index\":{\"_id\":\"1\",\"routing\":\"r\"}}\n{}\n";
        site.client.bulk("info", again);
        site.client.refresh("info");
        let run = site.scroll("info", &["--meta", "version,seq_no"]).take_stdout().take_stderr().run();
        for line in run.lines() {
            let line: serde_json::Value = serde_json::from_slice(line).unwrap();
            let path = format!(
                "/info/_doc/{}?routing={}",
                line["_id"].as_str().unwrap(),
                line["_routing"].as_str().unwrap_or("x")
            );
            let doc = site.client.json(Method::GET, &path, "");
            for key in ["_id", "_version", "_seq_no", "_primary_term", "_routing", "_source"] {
                assert_eq!(line.get(key), doc.get(key), "{key}");
            }
        }
        let ids = site.scroll("info", &["--ids"]).take_stdout().take_stderr().run();
        let wanted: Vec<_> = (0..3).map(|n| json!({"_id": n.to_string()})).collect();
        assert!(wanted.iter().all(|id| ids.lines().iter().any(|line| {
            let line: serde_json::Value = serde_json::from_slice(line).unwrap();
            line["_id"] == id["_id"] && line["_index"] == "info" && line.get("_source").is_none()
        })));
        site.assert_closed("info");
    });
}
