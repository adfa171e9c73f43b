//! What the tools print apart from data is part of their interface: helps, versions, usage errors and the shapes of
//! `--log-json` are held against files. `UPDATE_GOLDEN=1` writes these anew, and the diff is there to be read.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use es_tests::command::{End, Outcome, Run};
use es_tests::fault::{Call, Cluster, Reply, Server};
use serde_json::Value;

/// What it prints is for the golden file to judge.
fn run(mut command: Run, ends: i32) -> Outcome {
    command = command.take_stdout().take_stderr().status(ends);
    command.run()
}

#[track_caller]
fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    if golden == text {
        return;
    }
    let lines = || golden.lines().map(Some).chain([None]).zip(text.lines().map(Some).chain([None]));
    let differs = lines().position(|(golden, text)| golden != text).unwrap_or_default();
    let (was, is) = lines().nth(differs).unwrap();
    panic!("{name}, line {}:\nwas {was:?}\nis  {is:?}\nUPDATE_GOLDEN=1 writes it anew", differs + 1);
}

/// The commands of a tool with what they print and how they end, as in a terminal.
fn session(tool: &str, commands: &[(&[&str], i32)]) -> String {
    let mut text = String::new();
    for (args, ends) in commands {
        let outcome = run(Run::new(tool).args(*args).env("ES_CONFIG", "config.toml"), *ends);
        writeln!(text, "$ {tool} {}", args.join(" ")).unwrap();
        text += &String::from_utf8(outcome.stdout).unwrap();
        text += &outcome.stderr;
        if outcome.end != End::Exit(0) {
            writeln!(text, "[{:?}]", outcome.end).unwrap();
        }
        text.push('\n');
    }
    text
}

#[test]
fn es_scroll_says_what_it_said() {
    let commands: &[(&[&str], i32)] = &[
        (&["--version"], 0),
        (&["-h"], 0),
        (&["--help"], 0),
        (&[], 2),
        (&["http://localhost:1"], 2),
        (&["logs.ndjson"], 2),
        (&["logs", "--jobs", "0"], 2),
        (&["logs", "--share", "3/2"], 2),
        (&["logs", "-d", r#"{"size":1}"#], 2),
        (&["logs", "--since", "yesterday"], 2),
        (&["logs", "--expect", "some"], 2),
        (&["logs", "--level", "3"], 2),
        (&["logs", "--force"], 2),
        (&["logs", "-P", "nowhere"], 2),
        (&["logs", "--no-such-option"], 2),
    ];
    compare("es-scroll.txt", &session("es-scroll", commands));
}

#[test]
fn es_xform_says_what_it_said() {
    let commands: &[(&[&str], i32)] = &[
        (&["--version"], 0),
        (&["-h"], 0),
        (&["--help"], 0),
        (&[], 2),
        (&[".a |"], 2),
        (&["input"], 2),
        (&["._source.a = 1"], 2),
        (&[".", "no-such-file.ndjson"], 2),
        (&["no_such_function"], 2),
        (&["--argjson", "x", "{", "."], 2),
        (&["--explain", "rename(.host; .hostname) | del(.tmp)"], 0),
    ];
    compare("es-xform.txt", &session("es-xform", commands));
}

#[test]
fn es_bulk_says_what_it_said() {
    let commands: &[(&[&str], i32)] = &[
        (&["--version"], 0),
        (&["-h"], 0),
        (&["--help"], 0),
        (&[], 2),
        (&["logs.ndjson"], 2),
        (&["--url", "http://localhost:1", "logs.ndjson"], 2),
        (&["-"], 2),
        (&["http://localhost:1/a,b"], 2),
        (&["http://localhost:1/a*"], 2),
        (&["logs", "--upsert"], 2),
        (&["logs", "--version-type", "external"], 2),
        (&["logs", "--set", "a=b"], 2),
        (&["logs", "--create-index", "--set", "a"], 2),
        (&["logs", "--op", "replace"], 2),
        (&["logs", "dump.ndjson.gz.manifest"], 2),
        (&["logs", "--expect", ".."], 2),
    ];
    compare("es-bulk.txt", &session("es-bulk", commands));
}

#[test]
fn es_cat_says_what_it_said() {
    let commands: &[(&[&str], i32)] = &[
        (&["--version"], 0),
        (&["-h"], 0),
        (&["--help"], 0),
        (&[], 2),
        (&["indixes"], 2),
        (&["logs.ndjson"], 2),
        (&["indices", "-c", "store.sise"], 2),
        (&["indices", "-s", "index:down"], 2),
        (&["indices", "--where", "store.size > big"], 2),
        (&["indices", "--where", "index == logs"], 2),
        (&["indices", "--csv", "--json"], 2),
        (&["indices", "-Q", "a:b"], 2),
        (&["health", "--timeout", "1m"], 2),
        (&["master", "logs"], 2),
        (&["repositories", "--columns"], 0),
    ];
    compare("es-cat.txt", &session("es-cat", commands));
}

#[test]
fn es_snap_says_what_it_said() {
    let tool = es_snap::command();
    let names = |command: &clap::Command| command.get_name().to_owned();
    let mut commands: Vec<(Vec<String>, i32)> = vec![(vec!["--version".into()], 0), (vec!["-h".into()], 0)];
    for command in tool.get_subcommands() {
        let below: Vec<_> = command.get_subcommands().map(names).collect();
        let typed = |below: &[String]| [&[command.get_name().to_owned()], below, &["--help".into()]].concat();
        if below.is_empty() {
            commands.push((typed(&[]), 0));
        }
        commands.extend(below.into_iter().map(|name| (typed(&[name]), 0)));
    }
    let wrong: [&[&str]; 10] = [
        &[],
        &["snapshots"],
        &["list"],
        &["create", "backups", "Nightly"],
        &["restore", "backups", "latest"],
        &["prune", "backups", "--all"],
        &["prune", "backups", "--keep-last", "7"],
        &["list", "backups", "-c", "stat"],
        &["backup", "nightly"],
        &["repo", "add", "backups", "s3", "--set", "secret_key=x"],
    ];
    commands.extend(wrong.map(|args| (args.iter().map(ToString::to_string).collect(), 2)));
    let commands: Vec<(Vec<&str>, i32)> =
        commands.iter().map(|(args, ends)| (args.iter().map(String::as_str).collect(), *ends)).collect();
    let commands: Vec<(&[&str], i32)> = commands.iter().map(|(args, ends)| (&args[..], *ends)).collect();
    compare("es-snap.txt", &session("es-snap", &commands));
}

#[test]
fn a_password_that_was_typed_is_in_no_usage_error() {
    let url = "http://elastic:hunter2@h:1/a";
    for (tool, args) in [
        ("es-cat", &[url][..]),
        ("es-snap", &[url]),
        ("es-scroll", &[url, "http://elastic:hunter2@h:1/b"]),
        ("es-scroll", &["--url=elastic:hunter2@h", "logs"]),
        ("es-bulk", &["elastic:hunter2@es.example:9200/logs", "a"]),
        ("es-cat", &["indices", "http:/elastic:hunter2@h:1"]),
        ("es-cat", &["indices", "ftp://elastic:hunter2@h:1"]),
    ] {
        let outcome = Run::new(tool).args(args.iter().copied()).take_stderr().status(2).run();
        assert!(
            outcome.stderr.contains("elastic:***@") || outcome.stderr.contains("ftp"),
            "{}",
            outcome.stderr
        );
        assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    }
    let run = Run::new("es-cat").args(["indices", "x"]).env("ES_URL", "elastic:hunter2@h:1");
    run.stderr("es-cat: error: ES_URL: `elastic:***@h:1` is not a URL; [..]\n").status(2).run();
    Run::shell("es-scroll $'http://h/\\xff'").take_stderr().status(2).run();
}

/// An object as its names and the types of their values, which is what is promised of it.
fn shape(line: &str) -> String {
    let object: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    let object = object.as_object().unwrap();
    let mut names: Vec<_> = object.iter().filter(|(name, _)| *name != "type").collect();
    names.sort_by_key(|(name, _)| *name);
    let typed = names.into_iter().map(|(name, value)| {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "number",
            Value::String(_) => "text",
            Value::Array(_) => "list",
            Value::Object(_) => "object",
        };
        format!("  {name}: {kind}\n")
    });
    format!("{}\n{}", object["type"].as_str().unwrap(), typed.collect::<String>())
}

#[test]
fn messages_as_objects_keep_their_shapes() {
    let es: Server<Cluster> = Cluster::elasticsearch("9.2.0").start();
    es.index("logs", 1);
    es.fill("logs", 3, |n| format!(r#"{{"n":{n}}}"#));
    es.on(Call::Bulk).times(1).reply(Reply::too_busy());
    let hits = "{\"_index\":\"logs\",\"_id\":\"9\",\"_source\":{\"n\":9}}\nnonsense\n";
    let json = |tool: &str, args: &[&str]| Run::new(tool).arg("--log-json").args(args).stdin(hits);
    let mut text = String::new();
    for (command, ends) in [
        (json("es-scroll", &[&es.target("logs")]), 0),
        (json("es-scroll", &[&es.target("no-such-index")]), 1),
        (json("es-xform", &["."]), 3),
        (json("es-bulk", &[&es.target("logs")]), 3),
    ] {
        let outcome = run(command, ends);
        let last = outcome.stderr.lines().last().unwrap();
        assert!(last.contains("\"exit\":") && last.contains(&format!("\"exit\":{ends}")), "{last}");
        for shape in outcome.stderr.lines().map(shape) {
            if !text.contains(&shape) {
                text += &shape;
            }
        }
    }
    compare("log-json.txt", &text);
}
