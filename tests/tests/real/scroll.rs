//! es-scroll on every server: all documents, each once, as the bytes that the server has; nothing left open.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]
#![allow(clippy::print_stderr, reason = "shown only where a test fails")]

mod documents;
mod names;
mod refresh;
mod snapshot;

use es_tests::client::{Client, RawHit};
use es_tests::command::Run;
use es_tests::node::{self, Product, Version};

/// A server with what a test needs of it.
struct Site {
    version: &'static Version,
    client: Client,
    url: String,
}

/// Runs a test on every server. Their indices have other names in every test, for the servers are shared.
fn on_all(test: impl Fn(&Site)) {
    for version in node::all() {
        let node = node::shared(version);
        eprintln!("{version}");
        test(&Site { version, client: node.client(), url: node.url() });
    }
}

impl Site {
    /// An index of so many shards whose mapping knows only these fields.
    fn index(&self, name: &str, shards: usize, properties: &str) {
        let settings = format!("{{\"number_of_shards\":{shards},\"number_of_replicas\":0}}");
        let mappings = format!("{{\"dynamic\":false,\"properties\":{properties}}}");
        self.client.create_index(name, &format!("{{\"settings\":{settings},\"mappings\":{mappings}}}"));
    }

    /// The ways this server can be read.
    fn apis(&self) -> &'static [&'static str] {
        if self.version.name() == "os-1.3.20" {
            &["auto", "scroll"]
        } else {
            &["auto", "seq", "pit", "scroll"]
        }
    }

    fn has_data_streams(&self) -> bool {
        // The Elasticsearch nodes are minimal ones.
        self.version.product == Product::OpenSearch
    }

    fn scroll(&self, target: &str, options: &[&str]) -> Run {
        Run::new("es-scroll").arg(format!("{}/{target}", self.url)).args(options)
    }

    /// What the target holds, as hit lines, sorted.
    fn lines(&self, target: &str) -> Vec<Vec<u8>> {
        let mut lines: Vec<_> = self.client.read_all(target).into_iter().map(line).collect();
        lines.sort();
        lines
    }

    /// Reads the target in every way that the server has.
    fn assert_read(&self, target: &str, options: &[&str]) {
        let wanted = self.lines(target);
        for api in self.apis() {
            let run = self.scroll(target, options).args(["--api", api]).take_stdout();
            let count = grouped(wanted.len());
            let outcome = run.stderr(format!("es-scroll: {count} read[..]\n")).run();
            self.assert_same(&outcome.stdout, &wanted, &format!("{target} {options:?} --api {api}"));
            self.assert_closed(target);
        }
    }

    fn assert_same(&self, found: &[u8], wanted: &[Vec<u8>], what: &str) {
        let mut found: Vec<_> = found.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        found.sort();
        let short = |line: &[u8]| String::from_utf8_lossy(&line[..line.len().min(300)]).into_owned();
        let differs = found.iter().zip(wanted).find(|(found, wanted)| found != wanted);
        let differs = differs.map(|(found, wanted)| format!("{}\n{}", short(found), short(wanted)));
        let (got, all) = (found.len(), wanted.len());
        assert!(
            found == wanted,
            "{}: {what}: {got} lines of {all}; {}",
            self.version,
            differs.unwrap_or_default()
        );
    }

    /// No search context is open.
    fn assert_closed(&self, target: &str) {
        let open = self.client.wait_for_contexts(target, 0);
        assert_eq!(open, 0, "{}: {target} has contexts open", self.version);
    }
}

/// The hit line of what the server has. A raw line break can stand only between tokens, and becomes a space.
fn line(hit: RawHit) -> Vec<u8> {
    let kind = hit.type_name.filter(|name| name != "\"_doc\"");
    let parts =
        [("_index", Some(hit.index)), ("_type", kind), ("_id", Some(hit.id)), ("_routing", hit.routing)];
    let parts = parts.into_iter().chain([("_source", hit.source)]);
    let parts: Vec<_> = parts.filter_map(|(name, value)| Some(format!("\"{name}\":{}", value?))).collect();
    format!("{{{}}}\n", parts.join(",").replace(['\r', '\n'], " ")).into_bytes()
}

/// `1,000`
fn grouped(n: usize) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}

/// Bulk lines that create documents with these ids and bytes.
fn bulk(documents: impl IntoIterator<Item = (String, String)>) -> String {
    let lines = documents.into_iter().map(|(id, source)| {
        format!("{{\"create\":{{\"_id\":{}}}}}\n{source}\n", serde_json::Value::from(id))
    });
    lines.collect()
}
