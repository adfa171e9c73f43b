//! What the manual, the helps and the README tell a user to type is typed: every example, in the order in which it
//! stands on its page, in one folder, against two real servers.
//!
//! In the README a fence ```` ```sh ```` is run, ```` ```console ```` and ```` ```text ```` show something. In a frame
//! of the manual what stands between `.EX` and `.EE` and calls a tool is run.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::panic::catch_unwind;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use es_tests::client::Client;
use es_tests::command::{Folder, Run};
use es_tests::node;
use reqwest::Method;

const OLD: &str = "http://old:9200";
const NEW: &str = "http://new:9200";

/// Fences of the README that are not run, by the first words of every line: they install, or run the tests.
const NOT_RUN: [&str; 3] = ["cargo ", "git ", "cd "];

/// Examples that are written down in one place, in order.
struct Page {
    name: String,
    examples: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The fences of a Markdown file that are for a shell.
fn fences(text: &str) -> Vec<String> {
    let blocks = text.split("\n```sh\n").skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned());
    let installs = |block: &String| {
        let mut lines = block.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        lines.all(|line| NOT_RUN.iter().any(|start| line.starts_with(start)))
    };
    blocks.filter(|block| !installs(block)).collect()
}

/// The examples of a frame.
fn typed(frame: &str) -> Vec<String> {
    let shown = frame.split("\n.EX\n").skip(1).map(|rest| rest.split("\n.EE").next().unwrap());
    let calls = |text: &&str| {
        ["es-scroll ", "es-xform ", "es-bulk ", "es-snap "].iter().any(|tool| text.contains(tool))
    };
    // A bucket needs servers of its own: the suite `snap` types this one.
    let here = |text: &&str| !text.contains(" s3 ");
    // A recipe shows its output, too: the suite `xform` compares it.
    let recipe = |text: &&str| text.starts_with("$ ");
    shown.filter(calls).filter(here).filter(|text| !recipe(text)).map(str::to_owned).collect()
}

/// The commands at the end of a help: the lines that begin with a tool, with those that continue them.
fn commands(help: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    for line in help.lines() {
        match commands.last_mut().filter(|last| last.ends_with('\\')) {
            Some(last) => last.extend(["\n", line]),
            None if line.trim_start().starts_with("es-") => commands.push(line.trim_start().to_owned()),
            None => {}
        }
    }
    commands
}

fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    for tool in [es_scroll::command(), es_xform::command(), es_bulk::command()] {
        let help = tool.get_after_long_help().or(tool.get_after_help()).map(ToString::to_string);
        let mut examples = commands(&help.unwrap_or_default());
        // A help names files that are there.
        examples.insert(0, format!("es-scroll {OLD}/logs -o dump.ndjson.gz"));
        pages.push(Page { name: format!("{} --help", tool.get_name()), examples });
    }
    for page in ["es-scroll", "es-xform", "es-bulk", "es-snap", "es-tools"] {
        let frame = fs::read_to_string(root().join(format!("man/frame/{page}.roff"))).unwrap();
        pages.push(Page { name: format!("the manual, {page}"), examples: typed(&frame) });
    }
    let readme = fs::read_to_string(root().join("README.md")).unwrap_or_default();
    pages.push(Page { name: "README.md".into(), examples: fences(&readme) });
    pages
}

/// What each index of the old server holds, and how it is made; ids are counted from 0.
type Index = (&'static str, usize, &'static str, fn(usize) -> String);

#[rustfmt::skip]
const OLD_HAS: [Index; 3] = [
    ("logs", 300, r#"{"settings":{"number_of_shards":3}}"#, |n| format!(
        r#"{{"@timestamp":"{}","host":"web-{}","service":"{}","status":{},"took":"{}","ratio":{}.0,"tmp":1.0}}"#,
        if n % 2 == 0 { yesterday() } else { "2016-04-15T12:00:00Z".to_owned() },
        n % 5, ["cart", "search"][n / 3 % 2], [200, 404, 500][n % 3],
        if n % 10 == 2 { "n/a".to_owned() } else { n.to_string() }, n % 10,
    )),
    ("orders", 20, r#"{"settings":{"number_of_shards":2}}"#, |n| format!(
        r#"{{"customer":"c{n}","total":{n}.50,"items":[{{"sku":"a{n}","n":1}},{{"sku":"b{n}","n":2}}]}}"#,
    )),
    ("mixed", 10, r#"{"mappings":{"properties":{"size":{"type":"keyword"}}}}"#, |n| match n {
        3 => r#"{"size":"unknown"}"#.to_owned(),
        n => format!(r#"{{"size":{n}}}"#),
    }),
];

/// What the new server has before anything is loaded.
const NEW_HAS: [(&str, &str); 1] = [("strict", r#"{"mappings":{"properties":{"size":{"type":"long"}}}}"#)];

/// The start of the day before: recent for `--since 7d`, whatever the hour.
fn yesterday() -> String {
    static DAY: OnceLock<String> = OnceLock::new();
    let ask = || {
        let output = Command::new("date").args(["-u", "-d", "-1 day", "+%FT00:00:00Z"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    DAY.get_or_init(ask).clone()
}

/// Both servers as every page finds them.
fn prepare(old: &Client, new: &Client) {
    for server in [old, new] {
        server.json(Method::DELETE, "/*", "");
        server.delete("/_snapshot/*", "");
    }
    for (name, count, body, doc) in OLD_HAS {
        old.create_index(name, body);
        let lines = (0..count).map(|n| format!("{{\"index\":{{\"_id\":\"{n}\"}}}}\n{}\n", doc(n)));
        old.bulk(name, lines.collect::<String>());
        old.refresh(name);
    }
    for (name, body) in NEW_HAS {
        new.create_index(name, body);
    }
}

/// A folder with the configuration of a user who has these two servers.
fn folder(old: &str, new: &str) -> Arc<Folder> {
    let folder = Folder::shared();
    let config = folder.home().join(".config/es-tools");
    fs::create_dir_all(&config).unwrap();
    let text = format!("[profile.old]\nurl = \"{old}\"\n[profile.new]\nurl = \"{new}\"\n");
    fs::write(config.join("config.toml"), text).unwrap();
    fs::set_permissions(config.join("config.toml"), fs::Permissions::from_mode(0o600)).unwrap();
    folder
}

#[test]
fn every_example_does_what_it_says() {
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| node::shared(node::version("es-7.17.28")));
        let new = scope.spawn(|| node::shared(node::version("os-2.19.6")));
        (old.join().unwrap(), new.join().unwrap())
    });
    let mut failed = Vec::new();
    for page in pages() {
        prepare(&old.client(), &new.client());
        // A repository that no page has written to.
        let backups = old.snapshots().join(page.name.replace(|c: char| !c.is_alphanumeric(), "-"));
        let outcome = catch_unwind(|| run(&page, &old.url(), &new.url(), &backups));
        if outcome.is_err() {
            failed.push(page.name);
            continue;
        }
        for (index, _, _, _) in OLD_HAS {
            let open = old.client().wait_for_contexts(index, 0);
            assert_eq!(open, 0, "{} left a cursor open on {index}", page.name);
        }
    }
    assert!(failed.is_empty(), "examples that do not run: {failed:?}");
}

/// The examples of a page, in order, in one folder; the first that fails is the end of it.
fn run(page: &Page, old: &str, new: &str, backups: &Path) {
    let folder = folder(old, new);
    for example in &page.examples {
        let script = example.replace(OLD, old).replace(NEW, new);
        let command = Run::shell(&format!("set -e\n{script}\n")).in_folder(&folder);
        let command = command.env("ES_URL", old).env("BACKUPS", backups);
        let outcome = command.take_stdout().take_stderr().run();
        for unexpected in ["error:", "warning:"] {
            assert!(!outcome.stderr.contains(unexpected), "{}\n{example}\n{}", page.name, outcome.stderr);
        }
    }
}

#[test]
fn examples_are_found_where_they_stand() {
    assert_eq!(fences("a\n```sh\nx\ny\n```\n```text\nz\n```\n```sh\ncargo x\n# c\ngit y\n```\n"), ["x\ny"]);
    assert_eq!(typed("\n.EX\nes-bulk x\n.EE\n.EX\n{\"tool\":\"es-bulk\"}\n.EE\n"), ["es-bulk x"]);
    assert_eq!(
        commands("Examples:\n  Do:\n    es-a x \\\n      | es-b\n  es-c"),
        ["es-a x \\\n      | es-b", "es-c"]
    );
    for page in pages().iter().filter(|page| page.name != "README.md") {
        assert!(!page.examples.is_empty(), "{} has no examples", page.name);
    }
}
