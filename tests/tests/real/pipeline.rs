//! The main job, end to end: es-scroll | es-xform | es-bulk between real servers of every version.

use std::thread;

use es_tests::command::Run;
use es_tests::node::{Version, all, shared};

use crate::nasty;

/// Each version with the next of the table as its target, the last with the first.
fn pairs() -> impl Iterator<Item = (&'static Version, &'static Version)> {
    all().iter().zip(all().iter().cycle().skip(1))
}

fn urls(from: &'static Version, to: &'static Version) -> (String, String) {
    // Both at once: starting takes seconds.
    thread::scope(|threads| {
        let from = threads.spawn(|| shared(from).url());
        let to = threads.spawn(|| shared(to).url());
        (from.join().expect("it starts"), to.join().expect("it starts"))
    })
}

#[test]
fn every_byte_and_id_and_routing_arrives_between_all_versions() {
    for (from, to) in pairs() {
        let (old, new) = urls(from, to);
        let (source, target) = (shared(from).client(), shared(to).client());
        nasty::fill(&source, "nasty");
        target.create_index("nasty-copy", nasty::INDEX);
        let script = "es-scroll $OLD/nasty | es-xform . | es-bulk $NEW/nasty-copy";
        let pipe = || Run::shell(script).env("OLD", &old).env("NEW", &new).take_stderr();
        pipe().run();
        let wanted = nasty::essence(source.read_all("nasty"));
        let found = nasty::essence(target.read_all("nasty-copy"));
        for (wanted, found) in wanted.iter().zip(&found) {
            assert!(wanted == found, "{from} -> {to}: {wanted:.300?}\n became {found:.300?}");
        }
        assert_eq!(wanted.len(), found.len(), "{from} -> {to}");

        let again = pipe().run();
        let skipped = format!("{} skipped (already there)", wanted.len());
        assert!(again.stderr.contains(&skipped), "{from} -> {to}: {}", again.stderr);
        assert_eq!(found, nasty::essence(target.read_all("nasty-copy")));
        assert_eq!(source.wait_for_contexts("nasty", 0), 0, "{from}");
    }
}

#[test]
fn a_file_carries_an_index_with_its_mapping_between_all_versions() {
    for (from, to) in pairs() {
        let (old, new) = urls(from, to);
        let (source, target) = (shared(from).client(), shared(to).client());
        nasty::fill(&source, "carried");
        target.delete("/carried-copy", "");
        let script = "es-scroll $OLD/carried -o d.ndjson.gz && gzip -t d.ndjson.gz &&
            es-bulk $NEW/carried-copy d.ndjson.gz --create-index=d.ndjson.gz.manifest";
        Run::shell(script).env("OLD", &old).env("NEW", &new).take_stderr().run();
        let wanted = nasty::essence(source.read_all("carried"));
        assert!(wanted == nasty::essence(target.read_all("carried-copy")), "{from} -> {to}");
        let mapping = target.json(reqwest::Method::GET, "/carried-copy/_mapping", "");
        assert_eq!(mapping["carried-copy"]["mappings"]["dynamic"], "false", "{from} -> {to}");
    }
}

#[test]
fn edits_touch_what_they_name_and_nothing_else() {
    let (from, to) = (&all()[0], &all()[5]);
    let (old, new) = urls(from, to);
    let (source, target) = (shared(from).client(), shared(to).client());
    source.create_index("edits", nasty::INDEX);
    target.create_index("edited", nasty::INDEX);
    let line = |n: u32, host: &str, tmp: &str| {
        format!(
            r#"{{"n":{n}.0, "{host}":"h\u0041{n}",{tmp} "big":1{n}8446744073709551615,"msg":"a \"b\" é"}}"#
        )
    };
    let bulk: String = (0..20_000)
        .map(|n| format!("{{\"index\":{{\"_id\":\"{n}\"}}}}\n{}\n", line(n, "host", "\"tmp\":{},")))
        .collect();
    source.bulk("edits", bulk);
    source.refresh("edits");
    let script =
        "es-scroll $OLD/edits | es-xform 'rename(.host; .hostname) | del(.tmp)' | es-bulk $NEW/edited";
    let outcome = Run::shell(script).env("OLD", old).env("NEW", new).take_stderr().run();
    assert!(outcome.stderr.contains("es-bulk: 20,000 read: 20,000 created;"), "{}", outcome.stderr);
    let found = target.read_all("edited");
    assert_eq!(found.len(), 20_000);
    for hit in found {
        let n = hit.id.trim_matches('"').parse().unwrap();
        assert_eq!(hit.source.unwrap(), line(n, "hostname", ""));
    }
}
