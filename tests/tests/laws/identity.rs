//! A dump that is loaded is the same documents, byte for byte, and so is its dump.

use std::collections::BTreeMap;

use es_tests::command::{Folder, Run};
use es_tests::fault::{Cluster, Server};
use proptest::collection::btree_map;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{cases, json};

/// By id: the routing and the document, which may be spread over lines.
fn documents() -> impl Strategy<Value = BTreeMap<String, (Option<String>, String)>> {
    btree_map(
        json::name(),
        (proptest::option::weighted(0.2, json::name()), json::object("[ \t\r\n]{0,2}")),
        0..40,
    )
}

/// Where the records go between the two: a pipe, or a file of this name.
fn between() -> impl Strategy<Value = &'static str> {
    select(vec!["", "dump.ndjson", "dump.ndjson.gz", "dump.ndjson.zst"])
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn what_is_dumped_and_loaded_is_the_same(
        documents in documents(),
        shards in (1_usize..4, 1_usize..4),
        between in between(),
        old in select(vec!["7.17.28", "9.2.0"]),
    ) {
        let from = Cluster::elasticsearch(old).start();
        from.index("logs", shards.0);
        for (id, (routing, source)) in &documents {
            from.put_routed("logs", id, routing.as_deref(), source);
        }
        let to = Cluster::opensearch("3.8.0").start();
        to.index("logs", shards.1);
        let (source, target) = (from.target("logs"), to.target("logs"));
        let script = match between {
            "" => format!("es-scroll -q '{source}' | es-bulk -q '{target}'"),
            file => format!("es-scroll -q '{source}' -o {file} && es-bulk -q '{target}' {file}"),
        };
        let folder = Folder::shared();
        Run::shell(&script).in_folder(&folder).run();

        let wanted: Vec<_> = documents
            .into_iter()
            .map(|(id, (routing, source))| (id, routing, source.replace(['\n', '\r'], " ").into_bytes()))
            .collect();
        prop_assert_eq!(stored(&to), wanted);
        to.assert_each_once("logs", stored(&to).len());
        prop_assert_eq!(dumped(&to), dumped(&from));
    }
}

fn stored(es: &Server<Cluster>) -> Vec<(String, Option<String>, Vec<u8>)> {
    let mut docs: Vec<_> = es.docs("logs").into_iter().map(|doc| (doc.id, doc.routing, doc.source)).collect();
    docs.sort();
    docs
}

/// The lines of a dump, in an order of their own.
fn dumped(es: &Server<Cluster>) -> Vec<Vec<u8>> {
    let outcome = Run::new("es-scroll").args([es.target("logs"), "-q".into()]).take_stdout().run();
    let mut lines: Vec<_> = outcome.lines().into_iter().map(<[u8]>::to_vec).collect();
    lines.sort();
    lines
}
