//! Many programs on many documents: the edits and the full language give the same values or both refuse, and what no
//! path of the program names keeps its bytes. `ES_XFORM_PAIRS` says how many pairs, `ES_XFORM_SEED` from which seed.

use std::collections::BTreeMap;
use std::path::Path;

use es_core::record::kind::Kind;
use es_core::record::scan::{Fields, Items, MAX_DEPTH, unescape, value_end};

use super::generated::{Chance, Steps};
use super::{canonical_text, document_of, hit_line};
use crate::edit::{Edit, OnClash, Rule};
use crate::form::cells::Dialect;
use crate::program::{Program, Root, Variables};
use crate::table::Table;
use crate::transform::{Became, Count, Transform};

const DOCUMENTS: usize = 25;

const TABLE: &[u8] = b"key\tname\nx\tAn \"x\"\n7\tseven\nlog:7\t\nA/\\n\tslash\n503\tfull\n";

#[test]
#[allow(clippy::print_stdout, reason = "the benchmarks show what was found")]
fn generated_pairs_agree() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let pairs = number("ES_XFORM_PAIRS").unwrap_or(20_000) as usize;
    let seed = number("ES_XFORM_SEED").unwrap_or(1);
    let mut chance = Chance::new(seed);
    let (mut changed, mut kinds) = (0, BTreeMap::new());
    let mut variables = Variables::default();
    variables.add_table("t", Table::parse(TABLE, Dialect::Tsv, Path::new("t")).unwrap()).unwrap();
    let mut programs = pairs / DOCUMENTS;
    while programs > 0 {
        let generated = chance.program();
        let on_clash = [OnClash::Error, OnClash::Replace, OnClash::Replace, OnClash::Skip][chance.below(4)];
        let text = &generated.text;
        let program = || Program::read(text, Root::Document, variables.clone()).expect(text);
        let edits = program();
        if edits.edits.is_none() {
            assert!(edits.explanation[0].contains("by name are not edited together"), "{text}");
            continue;
        }
        programs -= 1;
        let full = program().into_full();
        let mut by_edits = Transform::new(&edits, on_clash).unwrap();
        let mut by_language = Transform::new(&full, on_clash).unwrap();
        for _ in 0..DOCUMENTS {
            let source = chance.document();
            let (line, kind) = match chance.below(4) {
                3 => (source.clone(), Kind::Bare),
                form => (hit_line(&source, form), Kind::Hit),
            };
            let edited = outcome(&mut by_edits, &line, kind);
            let computed = outcome(&mut by_language, &line, kind);
            match (&edited, &computed) {
                (Ok(Some(a)), Ok(Some(b))) => {
                    assert_eq!(
                        canonical_text(a),
                        canonical_text(b),
                        "{text}\n on {line}\n gave {a}\n not {b}"
                    );
                    unnamed_fields_are_kept(&source, document_of(a, kind), &generated.named, text);
                    changed += usize::from(a.trim_end() != line);
                }
                (Ok(None), Ok(None)) => changed += 1,
                (Err(_), Err(_)) => {}
                _ => panic!("{text}\n on {line}\n edits {edited:?}\n full {computed:?}"),
            }
            count(edits.edits.as_deref().unwrap_or_default(), &by_edits.take_counts(), &mut kinds);
        }
    }
    println!("pairs {pairs} changed {changed} differences 0 seed {seed}; {kinds:?}");
    assert!(changed * 2 >= pairs, "only {changed} of {pairs} pairs changed the document");
    assert_eq!(kinds.len(), 13, "{kinds:?}");
    for (kind, times) in kinds {
        assert!(times * 100 >= pairs, "{kind} was at work only {times} times");
    }
}

fn outcome(transform: &mut Transform<'_>, line: &str, kind: Kind) -> Result<Option<String>, String> {
    let mut out = Vec::new();
    match transform.line(line.as_bytes(), kind, &mut out) {
        Ok(Became::Records(_)) => Ok(Some(String::from_utf8(out).unwrap())),
        Ok(Became::Nothing | Became::Mark) => Ok(None),
        Err(fault) => Err(fault.to_string()),
    }
}

/// Adds one to each kind of edit that did something; whether any did.
fn count(rules: &[Rule], counts: &[Count], kinds: &mut BTreeMap<&'static str, usize>) -> bool {
    let mut any = false;
    for rule in rules {
        let worked = |counts: &[Count]| counts[rule.number].done > 0;
        let (kind, did) = match &rule.edit {
            Edit::Rename { .. } => ("rename", worked(counts)),
            Edit::Delete(_) => ("delete", worked(counts)),
            Edit::Pick(_) => ("pick", worked(counts)),
            Edit::Set { .. } => ("set", worked(counts)),
            Edit::Reckon { .. } => ("reckon", worked(counts)),
            Edit::Update { rules, .. } => ("update", count(rules, counts, kinds)),
            Edit::Merge(_) => ("merge", worked(counts)),
            Edit::Become(_) => ("become", worked(counts)),
            Edit::Select(_) => ("select", counts[rule.number].seen > 0),
            Edit::Drop => ("drop", counts[rule.number].seen > 0),
            Edit::Choose { branches, otherwise } => {
                let mut did = count(otherwise, counts, kinds);
                for (_, rules) in branches {
                    did |= count(rules, counts, kinds);
                }
                ("choose", did)
            }
            Edit::DeleteKeys(_) => ("delete keys", worked(counts)),
            Edit::RenameKeys(_) => ("rename keys", worked(counts)),
        };
        *kinds.entry(kind).or_default() += usize::from(did);
        any |= did;
    }
    any
}

fn unnamed_fields_are_kept(before: &str, after: &str, named: &[Steps], program: &str) {
    let (mut kept, mut found) = (Vec::new(), Vec::new());
    unnamed(before.trim().as_bytes(), named, &mut kept);
    unnamed(after.as_bytes(), named, &mut found);
    assert_eq!(kept, found, "{program}\n on {before}\n gives {after}");
}

/// The bytes of every value that no path leads to or through, with its name.
fn unnamed(text: &[u8], named: &[Steps], out: &mut Vec<String>) {
    if named.iter().any(Vec::is_empty) {
        return;
    }
    let below = |step: Option<&str>| -> Vec<Steps> {
        named.iter().filter(|path| path[0] == step).map(|path| path[1..].to_vec()).collect()
    };
    let value = |name: &[u8], text: &[u8], deeper: &[Steps], out: &mut Vec<String>| match deeper {
        [] => out.push(format!("{}:{}", String::from_utf8_lossy(name), String::from_utf8_lossy(text))),
        deeper => unnamed(text, deeper, out),
    };
    match text[0] {
        b'{' => {
            let mut fields = Fields::open(text, 0, MAX_DEPTH).unwrap();
            while let Some(field) = fields.next_field().unwrap() {
                let raw = &text[field.name.clone()];
                let name = String::from_utf8(unescape(raw).into_owned()).unwrap();
                value(raw, &text[field.value], &below(Some(&name)), out);
            }
        }
        b'[' => {
            let mut items = Items::open(text, 0, MAX_DEPTH).unwrap();
            while let Some(start) = items.next_start().unwrap() {
                let end = value_end(text, start, items.depth()).unwrap();
                value(b"", &text[start..end], &below(None), out);
                items.resume(end);
            }
        }
        _ => {}
    }
}

#[test]
fn the_paths_of_generated_programs_are_understood() {
    let mut out = Vec::new();
    let named = vec![vec![Some("l"), None, Some("x")], vec![Some("s")]];
    unnamed(br#"{"l":[{"x":1,"y": 2}],"\u0073":1,"n":[3]}"#, &named, &mut out);
    assert_eq!(out, ["y:2", "n:[3]"]);
}
