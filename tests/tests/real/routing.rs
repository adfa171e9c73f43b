//! The routing job of the manual, es-tools(7), as it stands there: one document into several indexes on two clusters,
//! read through aliases that change in one step.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

use std::fs;
use std::path::Path;

use es_tests::client::Client;
use es_tests::command::{Folder, Run};
use es_tests::node::{shared, version};
use reqwest::Method;

const INDEXES: [&str; 3] = ["sales-v1", "sales-v2", "stock-v1"];

/// What is typed in the section of the manual.
fn examples() -> Vec<String> {
    let frame = Path::new(env!("CARGO_MANIFEST_DIR")).join("../man/frame/es-tools.roff");
    let text = fs::read_to_string(frame).unwrap();
    let section = text.split(".SH ROUTING\n").nth(1).unwrap().split("\n.SH ").next().unwrap();
    section.split("\n.EX\n").skip(1).map(|rest| rest.split("\n.EE").next().unwrap().to_owned()).collect()
}

/// The orders that an index or an alias holds, each with the index it lies in.
fn orders(server: &Client, name: &str) -> Vec<(u64, String)> {
    let answer = server.json(Method::GET, &format!("/{name}/_search"), "");
    let hits = answer["hits"]["hits"].as_array().unwrap();
    let order = |hit: &serde_json::Value| {
        (hit["_source"]["order"].as_u64().unwrap(), hit["_index"].as_str().unwrap().to_owned())
    };
    let mut orders: Vec<_> = hits.iter().map(order).collect();
    orders.sort();
    orders
}

#[test]
fn documents_go_to_every_version_and_are_read_from_the_active_one() {
    let (old, new) = (shared(version("es-9.2.0")), shared(version("os-2.19.6")));
    let (on_old, on_new) = (old.client(), new.client());
    for server in [&on_old, &on_new] {
        INDEXES.iter().for_each(|index| _ = server.delete(&format!("/{index}"), ""));
    }
    let folder = Folder::shared();
    let run = |example: &str| {
        let script = example.replace("http://old:9200", &old.url()).replace("http://new:9200", &new.url());
        Run::shell(&format!("set -e\n{script}\n")).in_folder(&folder).take_stderr().run();
    };
    let in_index = |order: u64, index: &str| (order, index.to_owned());
    let [route, switch] = &examples()[..] else { panic!("the section has two examples") };

    run(route);
    for index in ["sales-v1", "sales-v2"] {
        assert_eq!(orders(&on_old, index), [in_index(1, index), in_index(3, index)]);
    }
    assert_eq!(orders(&on_new, "stock-v1"), [in_index(2, "stock-v1")]);
    let mapping = on_old.json(Method::GET, "/sales-v2/_mapping", "");
    assert_eq!(mapping["sales-v2"]["mappings"]["properties"]["day"]["type"], "keyword");
    let unknown = String::from_utf8(folder.read("unknown.ndjson")).unwrap();
    assert_eq!(unknown.lines().count(), 1);
    assert!(unknown.contains("\"order\":4") && unknown.contains("bolt/stock"), "{unknown}");
    assert_eq!(orders(&on_old, "acme-sales"), [in_index(1, "sales-v1")]);
    assert_eq!(orders(&on_old, "bolt-sales"), [in_index(3, "sales-v1")]);
    assert_eq!(orders(&on_new, "acme-stock"), [in_index(2, "stock-v1")]);

    run(switch);
    assert_eq!(orders(&on_old, "acme-sales"), [in_index(1, "sales-v2")]);
    assert_eq!(orders(&on_old, "bolt-sales"), [in_index(3, "sales-v2")]);
    assert_eq!(orders(&on_new, "acme-stock"), [in_index(2, "stock-v1")]);
    let ids = |name: &str| String::from_utf8(folder.read(name)).unwrap().matches("\"_id\":\"1\"").count();
    assert_eq!((ids("before.ndjson"), ids("after.ndjson")), (1, 1));
}
