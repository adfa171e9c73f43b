//! Every column of every report, against the server's own `_cat` as a second client reads it.

use std::collections::BTreeMap;
use std::thread;

use es_tests::client::Client;
use es_tests::node::{self, Product, Version};
use reqwest::Method;
use serde_json::Value;

use super::{NAME, server};
use crate::{REPORTS, cat, columns, rows};

/// The columns that tell which row is which.
const KEYS: [(&str, &[&str]); 15] = [
    ("indices", &["index"]),
    ("shards", &["index", "shard", "prirep"]),
    ("nodes", &["name"]),
    ("allocation", &["node"]),
    ("thread_pool", &["name"]),
    ("recovery", &["index", "shard"]),
    ("segments", &["index", "shard", "segment"]),
    ("health", &["cluster"]),
    ("aliases", &["alias"]),
    ("templates", &["name"]),
    ("plugins", &["component"]),
    ("nodeattrs", &["attr"]),
    ("repositories", &["id"]),
    ("fielddata", &["field"]),
    ("master", &["id"]),
];

/// What is another value at every moment.
const MOVES: [&str; 19] = [
    "heap.",
    "ram.",
    "cpu",
    "load_",
    "disk.",
    "uptime",
    "file_desc.",
    "unassigned.for",
    "epoch",
    "completed",
    "get.",
    "refresh.",
    "search.concurrent_query_current",
    "search.fetch_current",
    "search.open_contexts",
    "search.point_in_time_current",
    "search.query_current",
    "search.scroll_current",
    "pending_tasks",
];

/// The cell of `_cat` as it should be printed.
fn expected(raw: &Value, kind: &str, name: &str) -> Value {
    let Some(raw) = raw.as_str().map(str::trim) else { return Value::Null };
    let flag = kind == "flag";
    if matches!(raw, "" | "n/a" | "[]") || (raw == "-" && !flag) {
        return Value::Null;
    }
    match kind {
        "flag" => (raw == "*" || raw == "true").into(),
        "list" => raw.trim_matches(['[', ']']).split(", ").collect(),
        // Written with its unit whatever is asked for.
        "ms" if raw.ends_with('m') => (raw.trim_end_matches('m').parse::<u64>().unwrap() * 60_000).into(),
        "ms" if raw.ends_with('s') => (raw.trim_end_matches('s').parse::<u64>().unwrap() * 1_000).into(),
        "int" | "number" | "bytes" | "ms" | "percent" => {
            let number = raw.trim_end_matches('%');
            serde_json::from_str(number).unwrap_or_else(|_| panic!("{name} is {raw}"))
        }
        _ => raw.into(),
    }
}

/// Milliseconds since 1970, of a text as people read it, by the system's own calendar.
fn millis(text: &str) -> i64 {
    let output = std::process::Command::new("date").args(["-u", "-d", text, "+%s%3N"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap_or_else(|_| panic!("no time: {text}"))
}

fn keyed(report: &str, rows: Vec<Value>) -> BTreeMap<String, Value> {
    let (_, keys) = KEYS.iter().find(|(name, _)| *name == report).unwrap();
    let key = |row: &Value| keys.iter().map(|key| text_of(&row[*key])).collect::<Vec<_>>().join("/");
    let count = rows.len();
    let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (key(&row), row)).collect();
    assert_eq!(rows.len(), count, "the keys of {report} are no keys");
    rows
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn ask(client: &Client, report: &str) -> Vec<Value> {
    let more = match report {
        "indices" => "&expand_wildcards=open,closed",
        "nodes" => "&full_id=true",
        _ => "",
    };
    let path = format!("/_cat/{report}?format=json&bytes=b&time=ms&h=*{more}");
    client.json(Method::GET, &path, "").as_array().unwrap().clone()
}

/// Whether the table says that this version has it.
fn has(only: &str, version: &Version) -> bool {
    let Some((product, major)) = only.split_once(' ') else { return true };
    let product = if product == "OpenSearch" { Product::OpenSearch } else { Product::Elasticsearch };
    version.product == product && version.major() >= major.trim_end_matches('+').parse().unwrap()
}

/// All columns, each row: theirs before, ours, theirs after.
fn compare(report: &str, version: &'static Version) {
    let (node, all) = (server(version), columns(report));
    let names: Vec<_> = all.iter().map(|column| text_of(&column["name"])).collect();
    let lacking: Vec<_> =
        all.iter().filter(|column| !has(&text_of(&column["only"]).replace("null", ""), version)).collect();
    let client = node.client();
    let before = keyed(report, ask(&client, report));
    let run = cat(report, &node.url()).args(["--json", "-c", &names.join(",")]).take_stderr().run();
    let after = keyed(report, ask(&client, report));
    let ours = keyed(report, rows(&run));
    assert_eq!(ours.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "{version} {report}");
    for (key, row) in &ours {
        let header: Vec<_> = row.as_object().unwrap().keys().cloned().collect();
        assert_eq!(header.len(), names.len(), "{version} {report}");
        for column in &all {
            let (name, kind) = (text_of(&column["name"]), text_of(&column["type"]));
            let at = format!("{version} {report} {key} {name}");
            if lacking.contains(&column) {
                assert_eq!(row[&name], Value::Null, "{at}");
                continue;
            }
            let source = text_of(&column["source"]);
            let cell = |row: &Value| {
                let raw = source.split(',').find_map(|source| row.get(source));
                raw.unwrap_or_else(|| panic!("{at}: the server has no such column")).clone()
            };
            if name == "relocating.node" {
                assert_eq!(row[&name], Value::Null, "{at}: nothing moves");
                continue;
            }
            let (then, now) = (cell(&before[key]), after.get(key).map_or(Value::Null, &cell));
            if kind == "time" {
                if !name.starts_with("epoch") {
                    let raw = then.as_str().filter(|raw| !matches!(*raw, "0" | "-"));
                    let raw = raw.map(|raw| raw.parse().unwrap_or_else(|_| millis(raw)));
                    assert_eq!(row[&name].as_str().map(millis), raw, "{at}");
                }
                continue;
            }
            let (then, now) = (expected(&then, &kind, &name), expected(&now, &kind, &name));
            if row[&name] == then || row[&name] == now {
                continue;
            }
            // What changed between the two times was ours in between.
            let between = then.as_f64().zip(now.as_f64()).zip(row[&name].as_f64());
            let between = between.is_some_and(|((then, now), ours)| {
                then != now && (then.min(now)..=then.max(now)).contains(&ours)
            });
            let moves = MOVES.iter().any(|start| name.trim_start_matches("pri.").starts_with(start))
                || report == "thread_pool";
            assert!(
                between || moves && row[&name].is_number(),
                "{at}: {} is not {then} or {now}",
                row[&name]
            );
        }
    }
    let warned =
        lacking.iter().map(|column| format!("{} ({})", text_of(&column["name"]), text_of(&column["only"])));
    let warned = warned.collect::<Vec<_>>().join(", ");
    let warning = format!("es-cat: warning: {} has no column {warned}: it is left empty\n", node.url());
    let empty = ours.is_empty() || warned.is_empty();
    assert_eq!(run.stderr, if empty { String::new() } else { warning }, "{version} {report}");
}

#[test]
fn every_column_of_every_report_is_what_the_server_says() {
    thread::scope(|scope| {
        for version in node::all() {
            scope.spawn(move || {
                for (report, _) in KEYS {
                    compare(report, version);
                }
            });
        }
    });
}

/// One header for all, whatever the server.
#[test]
fn headers_are_the_same_on_every_version() {
    thread::scope(|scope| {
        for version in node::all() {
            scope.spawn(move || {
                for report in REPORTS {
                    let shown = columns(report).into_iter().filter(|column| column["shown"] == true);
                    let names: Vec<_> = shown.map(|column| text_of(&column["name"])).collect();
                    let outcome = cat(report, &server(version).url()).run();
                    let header = outcome.stdout.split(|byte| *byte == b'\n').next().unwrap();
                    assert_eq!(String::from_utf8_lossy(header), names.join(","), "{version} {report}");
                }
            });
        }
    });
}

/// What `--all` adds is what only this server has.
#[test]
fn all_is_what_the_server_has() {
    thread::scope(|scope| {
        for version in node::all() {
            scope.spawn(move || {
                let node = server(version);
                for report in ["indices", "nodes", "thread_pool", "segments", "tasks"] {
                    let outcome = cat(report, &node.url()).args(["--all", "--json"]).run();
                    let ours = rows(&outcome).remove(0);
                    let theirs = ask(&node.client(), report).remove(0);
                    for name in theirs.as_object().unwrap().keys() {
                        // Some are known by another name here.
                        let renamed = ["cluster_manager"].contains(&name.as_str());
                        assert!(
                            renamed || ours.get(name).is_some(),
                            "{version} {report}: {name} is not there"
                        );
                    }
                }
            });
        }
    });
}

/// Names with spaces and commas are one value in every form.
#[test]
fn names_with_commas_stay_one_value() {
    let node = server(node::version("es-9.2.0"));
    let run = |format: &str| {
        let args = [format, "-c", "name,ip", "-n"];
        String::from_utf8(cat("nodes", &node.url()).args(args).run().stdout).unwrap()
    };
    assert_eq!(run("--csv"), format!("\"{NAME}\",127.0.0.1\n"));
    assert_eq!(run("--tsv"), format!("{NAME}\t127.0.0.1\n"));
    assert_eq!(run("--json"), format!("{{\"name\":\"{NAME}\",\"ip\":\"127.0.0.1\"}}\n"));
    assert_eq!(run("--table"), format!("{NAME}  127.0.0.1\n"));
}
