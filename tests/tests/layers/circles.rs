//! No two files of a crate need each other, not even around several corners: each can be read after those it names.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::{files, words};

/// A module by its names from the root of its crate.
type Module = Vec<String>;

/// The module that a file below `src` is.
fn module(file: &str) -> Module {
    let path = file.strip_suffix(".rs").unwrap_or(file);
    let mut names: Module = path.split('/').map(str::to_owned).collect();
    if names.last().is_some_and(|name| matches!(name.as_str(), "mod" | "lib" | "main")) {
        names.pop();
    }
    names
}

/// The modules of the crate that the code of one of them names.
fn named(own: &Module, code: &str, all: &BTreeSet<Module>) -> BTreeSet<Module> {
    let words = words(code);
    // Tests may look into everything.
    let tests = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let end = words.windows(tests.len()).position(|found| found == tests).unwrap_or(words.len());
    let words = &words[..end];
    let mut found = BTreeSet::new();
    for at in 0..words.len() {
        let before = at.checked_sub(1).map_or("", |before| words[before]);
        // A later step of a path, or the word that says for whom something is public.
        if matches!(before, ":" | "in") {
            continue;
        }
        for path in paths(&words[at..]) {
            let mut steps = path.iter().copied().peekable();
            let mut base = match steps.next_if(|step| matches!(*step, "crate" | "self")) {
                Some("crate") => Module::new(),
                _ => own.clone(),
            };
            while steps.next_if_eq(&"super").is_some() {
                base.pop();
            }
            let mut target = base;
            for step in steps {
                target.push(step.to_owned());
                if !all.contains(&target) {
                    target.pop();
                    break;
                }
            }
            found.insert(target);
        }
    }
    found.retain(|module| module != own && !module.is_empty());
    found
}

/// The paths that begin with the first word, groups taken apart; none where it begins no path.
fn paths<'c>(words: &[&'c str]) -> Vec<Vec<&'c str>> {
    let mut start = Vec::new();
    let mut rest = words;
    while let [name, ":", ":", after @ ..] = rest
        && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
    {
        start.push(*name);
        rest = after;
    }
    let ends: Vec<Vec<&str>> = match rest {
        _ if start.is_empty() => return Vec::new(),
        ["{", inner @ ..] => group(inner).into_iter().flat_map(with_end).collect(),
        [last, ..] => vec![vec![*last]],
        [] => vec![Vec::new()],
    };
    ends.into_iter().map(|end| start.iter().copied().chain(end).collect()).collect()
}

/// What one entry of a group leads to.
fn with_end<'c>(entry: &[&'c str]) -> Vec<Vec<&'c str>> {
    match paths(entry) {
        none if none.is_empty() => vec![entry.iter().take(1).copied().collect()],
        found => found,
    }
}

/// The entries between braces, of which the opening one is before `words`.
fn group<'w, 'c>(words: &'w [&'c str]) -> Vec<&'w [&'c str]> {
    let (mut depth, mut from, mut entries) = (0, 0, Vec::new());
    for (at, word) in words.iter().enumerate() {
        match *word {
            "{" => depth += 1,
            "}" if depth == 0 => {
                entries.push(&words[from..at]);
                break;
            }
            "}" => depth -= 1,
            "," if depth == 0 => {
                entries.push(&words[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    entries
}

/// Modules each of which needs the next, and the last the first.
fn circle(crate_files: &[(String, String)]) -> Option<Vec<Module>> {
    let all: BTreeSet<Module> = crate_files.iter().map(|(file, _)| module(file)).collect();
    let needs: BTreeMap<Module, BTreeSet<Module>> =
        crate_files.iter().map(|(file, code)| (module(file), named(&module(file), code, &all))).collect();
    let mut done = BTreeSet::new();
    needs.keys().find_map(|start| follow(start, &needs, &mut Vec::new(), &mut done))
}

fn follow(
    at: &Module,
    needs: &BTreeMap<Module, BTreeSet<Module>>,
    way: &mut Vec<Module>,
    done: &mut BTreeSet<Module>,
) -> Option<Vec<Module>> {
    if let Some(start) = way.iter().position(|before| before == at) {
        return Some(way[start..].to_vec());
    }
    if !done.insert(at.clone()) {
        return None;
    }
    way.push(at.clone());
    let found = needs.get(at).into_iter().flatten().find_map(|next| follow(next, needs, way, done));
    way.pop();
    found
}

#[test]
fn no_two_files_need_each_other() {
    let mut crates: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (file, code) in files("rs") {
        if let Some((name, file)) = file.split_once("/src/")
            && !file.ends_with("tests.rs")
            && !file.contains("/tests/")
        {
            crates.entry(name.to_owned()).or_default().push((file.to_owned(), code));
        }
    }
    // The model of a server that the tests talk to is one thing in several files.
    assert!(crates.remove("tests").is_some() && crates.len() >= 7, "{:?}", crates.keys());
    for (name, files) in crates {
        assert_eq!(circle(&files), None, "{name}");
    }
}

#[test]
fn a_circle_is_seen_however_it_is_spelled() {
    let of = |files: &[(&str, &str)]| {
        let files: Vec<_> =
            files.iter().map(|(file, code)| ((*file).to_owned(), (*code).to_owned())).collect();
        circle(&files).map(|circle| circle.len())
    };
    for bad in [
        [("a.rs", "use crate::b::C;"), ("b.rs", "fn f() { crate::a::g() }"), ("c.rs", "")],
        [("a.rs", "use super::b::C;"), ("b.rs", "use super::{c, a::{self, D}};"), ("c.rs", "")],
        [("a/mod.rs", "mod b; pub use b::C;"), ("a/b.rs", "use super::D;"), ("c.rs", "")],
        [("a.rs", "mod b; fn f() { b::g() }"), ("a/b.rs", "use crate::a::D;"), ("a/c.rs", "")],
    ] {
        assert_eq!(of(&bad), Some(2), "{bad:?}");
    }
    let three = [("a.rs", "use crate::b::X;"), ("b.rs", "use crate::c::Y;"), ("c.rs", "use crate::a::Z;")];
    assert_eq!(of(&three), Some(3));
    for good in [
        [("a.rs", "use crate::b::C;"), ("b.rs", "use crate::c::{a, D};"), ("c.rs", "// crate::a::X")],
        [("a.rs", "use crate::b::C;"), ("b.rs", "#[cfg(test)] mod tests { use crate::a::X; }"), ("c.rs", "")],
        [("a.rs", "use crate::b::C;"), ("b.rs", "pub(in crate::a) fn f() {}"), ("c.rs", "let a = \"a::b\";")],
    ] {
        assert_eq!(of(&good), None, "{good:?}");
    }
}
