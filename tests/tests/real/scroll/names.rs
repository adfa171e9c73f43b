//! What a target may be besides an index: aliases with filters and routing, lists, patterns, data streams; and which of
//! its documents.

use std::io::Read;

use es_tests::node::Product;
use flate2::read::MultiGzDecoder;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{bulk, on_all};

const PROPERTIES: &str = r#"{"n":{"type":"long"},"@timestamp":{"type":"date"}}"#;

fn numbered(from: usize, to: usize) -> String {
    bulk((from..to).map(|n| {
        (n.to_string(), format!("{{\"n\":{n},\"@timestamp\":\"2016-04-{:02}T12:00:00Z\"}}", n % 30 + 1))
    }))
}

#[test]
fn aliases_keep_their_meaning() {
    on_all(|site| {
        for (name, from, to) in [("named-1", 0, 300), ("named-2", 300, 500)] {
            site.index(name, 4, PROPERTIES);
            site.client.bulk(name, numbered(from, to));
        }
        let filter = json!({"range": {"n": {"gte": 250, "lt": 400}}});
        let other = json!({"bool": {"must_not": {"term": {"n": 7}}}});
        let actions = json!({"actions": [
            {"add": {"index": "named-*", "alias": "filtered", "filter": filter}},
            {"add": {"index": "named-1", "alias": "routed", "routing": "r1"}},
            {"add": {"index": "named-2", "alias": "plain"}},
            {"add": {"index": "named-1", "alias": "mixed", "filter": other}},
            {"add": {"index": "named-2", "alias": "mixed"}},
        ]});
        site.client.json(Method::POST, "/_aliases", actions.to_string());
        site.client.bulk("routed", "{\"create\":{\"_id\":\"r\"}}\n{\"n\":1}\n");
        for target in [
            "filtered",
            "routed",
            "plain",
            "mixed",
            "filtered,named-2",
            "named-*",
            "named-2,named-1",
            "fil*,plain",
        ] {
            site.assert_read(target, &[]);
        }
        assert_eq!(site.lines("filtered").len(), 150);
        assert!(site.lines("routed").len() < 300);
        site.assert_read("named-*", &["-j", "1"]);
        let mut shares = Vec::new();
        for share in ["1/3", "2/3", "3/3"] {
            shares
                .extend(site.scroll("named-*", &["--share", share]).take_stdout().take_stderr().run().stdout);
        }
        site.assert_same(&shares, &site.lines("named-*"), "shares");
        site.assert_closed("named-*");
    });
}

#[test]
fn queries_choose_as_the_server_does() {
    on_all(|site| {
        site.index("asked", 3, PROPERTIES);
        site.client.bulk("asked", numbered(0, 600));
        let all = site.lines("asked");
        let number = |line: &[u8]| {
            let source = &serde_json::from_slice::<Value>(line).unwrap()["_source"];
            let day = source["@timestamp"].as_str().unwrap()[8..10].parse::<u64>().unwrap();
            (source["n"].as_u64().unwrap(), day)
        };
        let chosen = |test: &dyn Fn((u64, u64)) -> bool| -> Vec<_> {
            all.iter().filter(|line| test(number(line))).cloned().collect()
        };
        for api in site.apis() {
            for (options, wanted) in [
                (&["-Q", "n:>=590 OR n:5"][..], chosen(&|(n, _)| n >= 590 || n == 5)),
                (&["-d", r#"{"query":{"terms":{"n":[1,99,1000]}}}"#], chosen(&|(n, _)| n == 1 || n == 99)),
                (
                    &["--since", "2016-04-10", "--until", "2016-04-12"],
                    chosen(&|(_, day)| day == 10 || day == 11),
                ),
                (&["-Q", "n:[0 TO 99]", "--until", "2016-04-02"], chosen(&|(n, day)| n < 100 && day == 1)),
                (&["-Q", "n:>100000"], vec![]),
            ] {
                let run = site.scroll("asked", options).args(["--api", api]).take_stdout().take_stderr();
                site.assert_same(&run.run().stdout, &wanted, &format!("{options:?} --api {api}"));
            }
            let run =
                site.scroll("asked", &["--max-docs", "50", "--api", api]).take_stdout().take_stderr().run();
            assert_eq!(run.lines().len(), 50);
            site.assert_closed("asked");
        }
        let bad = site.scroll("asked", &["-Q", "n:(("]).take_stderr().status(1).run();
        assert!(bad.stderr.contains("error: reading [asked]"), "{}", bad.stderr);
        site.assert_closed("asked");
    });
}

#[test]
fn data_streams_are_read() {
    on_all(|site| {
        if !site.has_data_streams() {
            return;
        }
        let template = json!({
            "index_patterns": ["stream-*"], "data_stream": {},
            "template": {"settings": {"number_of_shards": 2, "number_of_replicas": 0}},
        });
        site.client.json(Method::PUT, "/_index_template/streams", template.to_string());
        site.client.json(Method::PUT, "/_data_stream/stream-a", "");
        site.client.bulk("stream-a", numbered(0, 100));
        site.client.json(Method::POST, "/stream-a/_rollover", "");
        site.client.bulk("stream-a", numbered(100, 150));
        assert_eq!(site.lines("stream-a").len(), 150);
        site.assert_read("stream-a", &[]);
        site.assert_read("stream-*", &["-j", "1"]);
    });
}

#[test]
fn many_shards_are_read() {
    on_all(|site| {
        site.index("split", 20, PROPERTIES);
        site.client.bulk("split", numbered(0, 999));
        site.assert_read("split", &[]);
        site.assert_read("split", &["-j", "20"]);
        site.index("empty", 3, "{}");
        site.assert_read("empty", &[]);
        // Nor has it a mapping.
        site.client.create_index("bare", "{}");
        site.assert_read("bare", &[]);
    });
}

#[test]
fn what_is_refused_is_refused_by_all() {
    on_all(|site| {
        for (target, error) in [("nothing", "index_not_found_exception"), ("nothing*", "matches nothing*")] {
            let outcome = site.scroll(target, &[]).take_stderr().status(1).run();
            assert!(outcome.stderr.contains(error), "{}: {}", site.version, outcome.stderr);
        }
        site.index("there", 1, "{}");
        let outcome = site.scroll("there,nothing", &[]).take_stderr().status(1).run();
        assert!(outcome.stderr.contains("no such index [nothing]"), "{}: {}", site.version, outcome.stderr);
        site.index("shut", 1, "{}");
        site.client.json(Method::POST, "/shut/_close", "");
        site.client.json(Method::GET, "/_cluster/health/shut?wait_for_status=green&timeout=30s", "");
        let outcome = site.scroll("shut", &[]).take_stderr().status(1).run();
        assert!(outcome.stderr.contains("index_closed_exception"), "{}: {}", site.version, outcome.stderr);
    });
}

#[test]
fn a_dump_and_its_manifest_are_enough_to_make_the_index_again() {
    on_all(|site| {
        site.index("dumped", 2, PROPERTIES);
        site.client.bulk("dumped", numbered(0, 500));
        site.client.json(Method::PUT, "/dumped/_alias/of-dumped", "");
        let wanted = site.lines("dumped");
        for (name, jobs) in [("a.gz", "1"), ("a.zst", "4")] {
            let run = site.scroll("dumped", &["-o", name, "-j", jobs]);
            let folder = run.stderr("es-scroll: 500 read: 500 written; [..]\n").run().folder;
            let file = folder.read(name);
            let mut plain = Vec::new();
            match name {
                "a.gz" => MultiGzDecoder::new(&file[..]).read_to_end(&mut plain).unwrap(),
                _ => zstd::Decoder::new(&file[..]).unwrap().read_to_end(&mut plain).unwrap(),
            };
            site.assert_same(&plain, &wanted, name);
            let manifest: Value = serde_json::from_slice(&folder.read(&format!("{name}.manifest"))).unwrap();
            let sum: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!((&manifest["sha256"], &manifest["count"]), (&json!(sum), &json!(500)));
            let product =
                if site.version.product == Product::OpenSearch { "OpenSearch" } else { "Elasticsearch" };
            assert_eq!(manifest["server"], format!("{product} {}", site.version.number));

            // The description is taken by the server as it is.
            let mut body = manifest["indices"]["dumped"].clone();
            assert_eq!(body["aliases"], json!({"of-dumped": {}}));
            body["aliases"] = json!({});
            site.client.create_index("dumped-again", &body.to_string());
            let of =
                |index: &str| site.client.json(Method::GET, &format!("/{index}/_mapping"), "")[index].clone();
            assert_eq!(of("dumped-again"), of("dumped"));
        }
        let schema = site.scroll("dumped", &["--schema-only"]).take_stdout().run();
        let schema: Value = serde_json::from_slice(&schema.stdout).unwrap();
        assert_eq!(schema["indices"]["dumped"]["settings"]["index"]["number_of_shards"], "2");
        site.assert_closed("dumped");
    });
}
