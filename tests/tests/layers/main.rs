//! The structure holds: layers import downwards only, no two files need each other, tools do not know each other, one
//! folder names the HTTP library, one file knows versions, names say what things are. Each check is tried on bad
//! samples too.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

mod circles;
mod code;

use std::fs;

use toml::{Table, Value};

use code::{files, root, words};

/// The folders of es-core: each imports only from those before it.
const LAYERS: [&str; 4] = ["record", "http", "server", "cli"];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] =
    ["util", "utils", "common", "helper", "helpers", "manager", "managers", "misc"];

/// The layers that a file of es-core imports from, however it spells the path.
fn imports<'c>(file: &str, code: &'c str) -> Vec<&'c str> {
    // A file of a layer is at depth 2, its `mod.rs` at depth 1.
    let depth = file.matches('/').count() + 1 - usize::from(file.ends_with("mod.rs"));
    let words = words(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let supers = words[at..].chunks(3).take_while(|step| *step == ["super", ":", ":"]).count();
        if words[at..].starts_with(&["crate", ":", ":"]) {
            found.extend(names(&words[at + 3..]));
        } else if supers >= depth {
            found.extend(names(&words[at + 3 * supers..]));
        }
        at += (3 * supers).max(1);
    }
    found
}

/// The first names after a path's root: one, or those of a group.
fn names<'c>(words: &[&'c str]) -> Vec<&'c str> {
    if words.first() != Some(&"{") {
        return words.first().copied().into_iter().collect();
    }
    let (mut depth, mut found) = (0, Vec::new());
    for pair in words.windows(2) {
        match pair[0] {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(pair[0], "{" | ",") {
            found.push(pair[1]);
        }
    }
    found
}

/// Imports against the order of the layers.
fn upward<'c>(file: &str, code: &'c str) -> Vec<&'c str> {
    let place = |name: &str| LAYERS.iter().position(|layer| *layer == name);
    let Some(own) = file.split('/').next().and_then(place) else { return Vec::new() };
    let mut found = imports(file, code);
    found.retain(|name| place(name).is_some_and(|other| other > own));
    found
}

/// Does the code compare a version with a number?
fn compares_versions(code: &str) -> bool {
    let words = words(code);
    let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    words.iter().enumerate().any(|(at, word)| {
        let mut after = words[at + 1..].iter().skip_while(|word| matches!(**word, "(" | ")")).peekable();
        let mut signs = 0;
        while after.next_if(|word| matches!(**word, "<" | ">" | "=" | "!")).is_some() {
            signs += 1;
        }
        // One `=` alone gives a value.
        let compared = signs > 1 || (signs == 1 && words[at + 1] != "=");
        let operand = after.find(|word| !matches!(**word, "(" | "&"));
        matches!(*word, "major" | "minor" | "version") && compared && operand.is_some_and(is_number)
    })
}

/// Other tools that a tool's manifest depends on, in any table.
fn tools_depended_on(manifest: &str, tools: &[String]) -> Vec<String> {
    fn tables(table: &Table, found: &mut Vec<String>) {
        for (key, value) in table {
            match value {
                Value::Table(inner) if key.ends_with("dependencies") => found.extend(inner.keys().cloned()),
                Value::Table(inner) => tables(inner, found),
                _ => {}
            }
        }
    }
    let manifest: Table = manifest.parse().unwrap();
    let own = manifest["package"]["name"].as_str().unwrap();
    let mut found = Vec::new();
    tables(&manifest, &mut found);
    found.retain(|name| name != own && tools.contains(name));
    found
}

/// Paths of somebody's machine: two parts at least, neither a device nor a server's API.
fn absolute_paths(text: &str) -> Vec<&str> {
    let apart = |c: char| c.is_whitespace() || "\"'`()[]<>,;=@".contains(c);
    let is_path = |word: &&str| {
        let mut parts = word.split('/').skip(1).filter(|part| !part.is_empty());
        let devices = word.starts_with("/dev/") || word.starts_with("//");
        word.starts_with('/')
            && !devices
            && parts.clone().count() > 1
            && !parts.any(|part| part.starts_with('_'))
    };
    text.split(apart).filter(is_path).collect()
}

fn tools() -> Vec<String> {
    let workspace: Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let members = workspace["workspace"]["members"].as_array().unwrap();
    let names = members.iter().map(|member| member.as_str().unwrap().to_owned());
    names.filter(|name| name.starts_with("es-") && name != "es-core").collect()
}

#[test]
fn the_layers_of_the_library_import_downwards() {
    let mut layered = 0;
    for (file, code) in files("rs") {
        if let Some(file) = file.strip_prefix("es-core/src/") {
            layered += usize::from(file.contains('/'));
            assert_eq!(upward(file, &code), [""; 0], "{file} imports from a layer above it");
        }
    }
    assert!(layered > 10, "the layers were not found");
}

#[test]
fn the_layers_of_the_library_are_four_folders() {
    let mut folders: Vec<_> = fs::read_dir(root().join("es-core/src")).unwrap().map(|e| e.unwrap()).collect();
    folders.retain(|entry| entry.path().is_dir());
    assert_eq!(folders.len(), LAYERS.len(), "{folders:?}");
}

#[test]
fn an_upward_import_is_seen_however_it_is_spelled() {
    for (file, code, expected) in [
        ("record/scan.rs", "use crate::http::Client;", vec!["http"]),
        ("record/scan.rs", "use crate::record::Stop;", vec![]),
        ("record/scan.rs", "fn f() { crate::cli::exit::x() }", vec!["cli"]),
        ("http/auth.rs", "use crate::{record::{cli, Stop}, server::Flavor};", vec!["server"]),
        ("http/auth.rs", "use super::super::cli::Exit;", vec!["cli"]),
        ("http/auth.rs", "use super::server::Flavor;", vec![]),
        ("http/mod.rs", "pub use super::server::Flavor;", vec!["server"]),
        ("http/mod.rs", "// crate::cli\nlet a = \"crate::cli\"; let b = r#\"crate::cli\"#;", vec![]),
        ("http/mod.rs", "fn f<'a>(c: char) { c == '\"'; crate::cli::x(); '\\''; }", vec!["cli"]),
        ("cli/conn.rs", "use crate::{http, record, server};", vec![]),
    ] {
        assert_eq!(upward(file, code), expected, "{file}: {code}");
    }
}

#[test]
fn files_are_named_by_what_they_hold() {
    let empty = |file: &str| file.split(['/', '_', '.']).any(|part| EMPTY_NAMES.contains(&part));
    assert!(empty("es-core/src/util.rs") && empty("a/helpers/mod.rs") && empty("a/task_manager.rs"));
    let bad: Vec<_> = files("rs").into_iter().map(|(file, _)| file).filter(|file| empty(file)).collect();
    assert_eq!(bad, [""; 0]);
}

#[test]
fn a_tool_depends_on_no_other_tool() {
    let tools = tools();
    assert!(tools.len() >= 3, "{tools:?}");
    for tool in tools.iter().map(String::as_str).chain(["es-core"]) {
        let manifest = fs::read_to_string(root().join(tool).join("Cargo.toml")).unwrap();
        assert_eq!(tools_depended_on(&manifest, &tools), [""; 0], "{tool}");
    }
    let bad =
        "[package]\nname = \"es-bulk\"\n[target.'cfg(unix)'.dev-dependencies]\nes-xform.workspace = true\n";
    assert_eq!(tools_depended_on(bad, &tools), ["es-xform"]);
}

#[test]
fn one_folder_names_the_http_library() {
    let names_it = |code: &str| words(code).contains(&"ureq");
    assert!(names_it("use ureq::Agent;") && !names_it("// ureq\nlet a = \"ureq\";"));
    let mut found = files("rs");
    found.retain(|(_, code)| names_it(code));
    let found: Vec<_> = found.iter().map(|(file, _)| file.as_str()).collect();
    let inside = |file: &&str| file.starts_with("es-core/src/http/wire/");
    assert!(!found.is_empty() && found.iter().all(inside), "{found:?}");
}

#[test]
fn one_file_knows_versions() {
    for bad in ["self.major >= 7", "version < (7, 10)", "flavor.version() == (2, 4)", "if minor != 3 {"] {
        assert!(compares_versions(bad), "{bad}");
    }
    for good in ["version = 3;", "let version: u64 = 1", "version >= other", "// version > 3", "f(version)"] {
        assert!(!compares_versions(good), "{good}");
    }
    let mut found = files("rs");
    found.retain(|(file, code)| file.starts_with("es-") && compares_versions(code));
    let found: Vec<_> = found.iter().map(|(file, _)| file.as_str()).collect();
    assert_eq!(found, ["es-core/src/server/flavor.rs"]);
}

#[test]
fn documents_hold_no_paths_of_a_machine() {
    for bad in ["see `/home/somebody/es-tools`", "cd /opt/es", "(/var/log/x.gz)"] {
        assert_eq!(absolute_paths(bad).len(), 1, "{bad}");
    }
    for good in
        ["GET /logs/_search", "/dev/full", "http://old:9200/logs/x", "and/or/not", "a / b", "src/a.rs"]
    {
        assert_eq!(absolute_paths(good), [""; 0], "{good}");
    }
    for (file, text) in files("md") {
        assert_eq!(absolute_paths(&text), [""; 0], "{file}");
    }
}
