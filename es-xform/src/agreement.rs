//! The laws of editing, on generated documents and programs: edits on bytes and the full language agree as values,
//! and no byte changes outside the fields that a program names.

use std::collections::BTreeMap;

use es_core::record::kind::Kind;
use es_core::record::scan::{Fields, MAX_DEPTH, unescape};
use jaq_json::Val;
use proptest::prelude::*;

use crate::edit::OnClash;
use crate::fault::Fault;
use crate::language::value;
use crate::program::{Program, Root, Variables};
use crate::transform::{Became, Transform};

mod generated;
mod one_pass;
mod pairs;

/// Names as programs and as documents write them.
const NAMES: [(&str, &[&str]); 6] = [
    ("a", &["a", "\\u0061"]),
    ("b", &["b"]),
    ("\"c.d\"", &["c.d"]),
    ("\"é\\\"\"", &["é\\\"", "\\u00e9\\u0022"]),
    ("_e", &["_e"]),
    ("\"\"", &[""]),
];

/// Without `-0`, which the full language reads as `0`: as numbers they are the same, as text of an id they are not.
const SCALARS: [&str; 20] = [
    "null",
    "true",
    "false",
    "0",
    "-0.0",
    "1.0",
    "1E5",
    "7",
    "503",
    "9007199254740993",
    "123456789012345678901234567890",
    "0.1000000000000000055511151231257827",
    "\"\"",
    "\"x\"",
    "\"\\u0041\\/\\n\"",
    "\"😀\\ud83d\\ude00\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800x\"",
    "\"}{][,\\\\\"",
    "\"\u{7f}\"",
];

fn space() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(""), 1 => Just(" "), 1 => Just("\t  ")]
}

fn document(depth: u32) -> BoxedStrategy<String> {
    let name = (0..NAMES.len(), 0..2usize).prop_map(|(n, form)| {
        let forms = NAMES[n].1;
        forms[form % forms.len()].to_owned()
    });
    let other = prop_oneof![Just("other".to_owned()), Just("x y".to_owned())];
    let value = if depth == 0 {
        scalar()
    } else {
        prop_oneof![2 => scalar(), 2 => document(depth - 1), 1 => array()].boxed()
    };
    let field = (prop_oneof![5 => name, 1 => other], space(), space(), value, space());
    (prop::collection::vec(field, 0..6), space())
        .prop_map(|(fields, inner)| {
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(name, before, after, value, end)| {
                    format!("{before}\"{name}\"{after}:{before}{value}{end}")
                })
                .collect();
            format!("{{{inner}{}}}", fields.join(","))
        })
        .boxed()
}

fn scalar() -> BoxedStrategy<String> {
    prop::sample::select(&SCALARS[..]).prop_map(str::to_owned).boxed()
}

fn array() -> BoxedStrategy<String> {
    prop::collection::vec(scalar(), 0..3).prop_map(|items| format!("[{}]", items.join(", "))).boxed()
}

/// A path as typed, and its steps.
fn path() -> impl Strategy<Value = (String, Vec<usize>)> {
    path_of(3)
}

fn path_of(most: usize) -> impl Strategy<Value = (String, Vec<usize>)> {
    prop::collection::vec(0..NAMES.len(), 1..=most).prop_map(|steps| {
        let text = steps.iter().map(|step| format!(".{}", NAMES[*step].0)).collect();
        (text, steps)
    })
}

/// A stage of a program, and the paths it names.
fn stage() -> impl Strategy<Value = (String, Vec<Vec<usize>>)> {
    let constant =
        || prop::sample::select(&["1.0", "\"log\"", "null", "{\"a\":{\"b\":[1]}}", "[]", "-3", "{}"][..]);
    let test = || {
        let op = prop::sample::select(&["==", "!=", "<", "<=", ">", ">="][..]);
        let right = prop_oneof![
            2 => prop::sample::select(&["1", "503", "\"x\"", "null", "true", "[1]", "{}", "9007199254740992.0"][..]).prop_map(str::to_owned),
            1 => path().prop_map(|p| p.0),
        ];
        prop_oneof![3 => (path(), op, right).prop_map(|(l, op, r)| format!("{} {op} {r}", l.0)), 1 => path().prop_map(|p| p.0)]
    };
    prop_oneof![
        4 => (path(), path()).prop_map(|(f, t)| (format!("rename({}; {})", f.0, t.0), vec![f.1, t.1])),
        2 => (path(), path()).prop_map(|(f, t)| (format!("del({}, {})", f.0, t.0), vec![f.1, t.1])),
        2 => path().prop_map(|p| (format!("del({})", p.0), vec![p.1])),
        1 => path_of(2).prop_map(|p| (format!("del({}?)", p.0), vec![p.1])),
        3 => (path(), constant()).prop_map(|(p, c)| (format!("{} = {c}", p.0), vec![p.1])),
        3 => (path(), path()).prop_map(|(p, f)| (format!("{} = {}", p.0, f.0), vec![p.1])),
        1 => path().prop_map(|f| (format!("._id = {}", f.0), vec![])),
        1 => (path(), 0..2u8).prop_map(|(f, n)| (format!("rename({}; {})", f.0, ["._routing", "._id"][n as usize]), vec![f.1])),
        1 => Just(("del(._routing)".to_owned(), vec![])),
        1 => path().prop_map(|t| (format!("{} = ._index", t.0), vec![t.1])),
        1 => (test(), test(), 0..4u8).prop_map(|(a, b, n)| {
            let text = match n {
                0 => format!("select({a})"),
                1 => format!("select({a} and {b})"),
                2 => format!("select({a} or {b})"),
                _ => format!("select(({a}) | not)"),
            };
            (text, vec![])
        }),
    ]
}

fn clash() -> impl Strategy<Value = OnClash> {
    prop::sample::select(&[OnClash::Error, OnClash::Replace, OnClash::Skip][..])
}

fn run(program: &Program, on_clash: OnClash, line: &str, kind: Kind) -> Result<Option<String>, Fault> {
    let mut transform = Transform::new(program, on_clash).unwrap();
    let mut out = Vec::new();
    match transform.line(line.as_bytes(), kind, &mut out)? {
        Became::Records(_) => Ok(Some(String::from_utf8(out).unwrap())),
        Became::Nothing | Became::Mark => {
            assert!(out.is_empty());
            Ok(None)
        }
    }
}

/// A hit line, in one of three forms: as es-scroll writes it, or with more than that.
fn hit_line(source: &str, form: usize) -> String {
    match form {
        0 => format!(r#"{{"_index":"i","_id":"\u0031","_source":{source}}}"#),
        1 => format!(r#"{{"_index":"i","_id":"\u0031","_routing":"r","_source":{source}}}"#),
        _ => format!(r#"{{"_index":"i","_id":"\u0031","_routing":"r","_source":{source},"_version":3}}"#),
    }
}

/// A value with its keys in order and its numbers as they are written.
fn canonical(value: &Val) -> String {
    match value {
        Val::Arr(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Val::Obj(fields) => {
            let fields: BTreeMap<String, String> =
                fields.iter().map(|(name, value)| (canonical(name), canonical(value))).collect();
            let fields: Vec<String> =
                fields.into_iter().map(|(name, value)| format!("{name}:{value}")).collect();
            format!("{{{}}}", fields.join(","))
        }
        // A text that was made of an object has its keys in the order that the way there gave them.
        Val::TStr(text) if text.contains(&b'{') => {
            let mut bytes = text.to_vec();
            bytes.sort_unstable();
            format!("{bytes:?}")
        }
        scalar => String::from_utf8(value::text(scalar).unwrap()).unwrap(),
    }
}

fn canonical_text(text: &str) -> String {
    canonical(&value::parse(text.as_bytes()).unwrap())
}

/// The names and values, as they are written, of every field that none of the paths leads to or through; of an
/// object on a path, the fields of the last of its name.
fn untouched(text: &[u8], named: &[Vec<Vec<u8>>], out: &mut Vec<String>) {
    let mut fields = Fields::open(text, 0, MAX_DEPTH).unwrap();
    let mut found = Vec::new();
    while let Some(field) = fields.next_field().unwrap() {
        found.push(field);
    }
    for (i, field) in found.iter().enumerate() {
        let name = unescape(&text[field.name.clone()]).into_owned();
        let deeper: Vec<Vec<Vec<u8>>> =
            named.iter().filter(|p| p[0] == name).map(|p| p[1..].to_vec()).collect();
        let value = &text[field.value.clone()];
        let ends_here = deeper.iter().any(Vec::is_empty);
        if deeper.is_empty() {
            out.push(String::from_utf8(text[field.name.start..field.value.end].to_vec()).unwrap());
        } else if !ends_here && value[0] == b'{' {
            let again = found[i + 1..].iter().any(|f| unescape(&text[f.name.clone()]).as_ref() == name);
            if !again {
                untouched(value, &deeper, out);
            }
        }
    }
}

/// The document within an output.
fn document_of(output: &str, kind: Kind) -> &str {
    let output = output.trim_end();
    let first = Fields::open(output.as_bytes(), 0, MAX_DEPTH).unwrap().next_field().unwrap();
    let line = match (kind, first) {
        (Kind::Hit | Kind::Action, _) => true,
        // A document that was given docinfo comes as a line.
        (Kind::Bare, Some(first)) => matches!(&output[first.name], "_index" | "_id" | "_routing"),
        (Kind::Bare, None) => false,
    };
    if !line {
        return output;
    }
    let mut fields = Fields::open(output.as_bytes(), 0, MAX_DEPTH + 1).unwrap();
    while let Some(field) = fields.next_field().unwrap() {
        if &output[field.name] == "_source" {
            return &output[field.value];
        }
    }
    "{}"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_and_the_full_language_agree(
        source in document(2),
        stages in prop::collection::vec(stage(), 1..5),
        on_clash in clash(),
        form in 0..4usize,
    ) {
        let text = stages.iter().map(|stage| stage.0.as_str()).collect::<Vec<_>>().join(" | ");
        let (line, kind) = match form {
            3 => (source, Kind::Bare),
            form => (hit_line(&source, form), Kind::Hit),
        };
        let program = Program::read(&text, Root::Document, Variables::default()).unwrap();
        prop_assert!(program.edits.is_some(), "{}", text);
        let edited = run(&program, on_clash, &line, kind);
        let program = program.into_full();
        let full = run(&program, on_clash, &line, kind);
        match (&edited, &full) {
            (Ok(Some(a)), Ok(Some(b))) => prop_assert_eq!(canonical_text(a), canonical_text(b), "{} on {}", text, line),
            (Ok(None), Ok(None)) | (Err(_), Err(_)) => {}
            _ => prop_assert!(false, "{}\n on {}\n edits {:?}\n full {:?}", text, line, edited, full),
        }
    }

    #[test]
    fn no_byte_outside_the_named_fields_changes(
        source in document(2),
        stages in prop::collection::vec(stage(), 1..5),
        on_clash in clash(),
    ) {
        let text = stages.iter().map(|stage| stage.0.as_str()).collect::<Vec<_>>().join(" | ");
        let program = Program::read(&text, Root::Document, Variables::default()).unwrap();
        if let Ok(Some(output)) = run(&program, on_clash, &source, Kind::Bare) {
            let output = output.trim_end();
            let document = document_of(output, Kind::Bare);
            let name = |step: &usize| unescape(NAMES[*step].1[0].as_bytes()).into_owned();
            let named: Vec<Vec<Vec<u8>>> =
                stages.iter().flat_map(|stage| &stage.1).map(|path| path.iter().map(name).collect()).collect();
            let (mut before, mut after) = (Vec::new(), Vec::new());
            untouched(source.trim().as_bytes(), &named, &mut before);
            untouched(document.as_bytes(), &named, &mut after);
            prop_assert_eq!(before, after, "{} on {} gives {}", text, source, output);
        }
    }

    #[test]
    fn identity_is_byte_for_byte(source in document(3)) {
        let program = Program::read(".", Root::Document, Variables::default()).unwrap();
        for (line, kind) in [(source.clone(), Kind::Bare), (format!("{{\"_id\":\"1\",\"_source\":{source}}}"), Kind::Hit)] {
            let output = run(&program, OnClash::Error, &line, kind).unwrap();
            prop_assert_eq!(output, Some(line + "\n"));
        }
    }
}
