//! Rules that do not meet, done in one pass, give the bytes and the counts of the general way.

use std::collections::BTreeMap;

use es_core::record::kind::Kind;

use super::generated::Chance;
use super::hit_line;
use crate::edit::one_pass::OnePass;
use crate::edit::{Edit, OnClash};
use crate::program::{Program, Root, Variables};
use crate::transform::{Became, Transform};

const PROGRAMS: usize = 2_000;
const DOCUMENTS: usize = 20;

#[test]
fn one_pass_is_the_general_way() {
    let mut chance = Chance::new(1);
    let (mut handled, mut kinds) = (0, BTreeMap::<&str, usize>::new());
    for _ in 0..PROGRAMS {
        let text = chance.simple_program();
        let on_clash = [OnClash::Error, OnClash::Replace, OnClash::Skip][chance.below(3)];
        let program = Program::read(&text, Root::Document, Variables::default()).expect(&text);
        let rules = program.edits.as_deref().expect(&text);
        let Some(one_pass) = OnePass::new(&program) else { continue };
        let mut general = Transform::new(&program, on_clash).unwrap();
        for _ in 0..DOCUMENTS {
            let line = hit_line(&chance.document(), chance.below(3));
            let (mut quick, mut slow) = (Vec::new(), Vec::new());
            let Some(done) = one_pass.edit(line.as_bytes(), &mut quick) else { continue };
            handled += 1;
            let became = general.generally(line.as_bytes(), Kind::Hit, &mut slow);
            assert_eq!(became.ok(), Some(Became::Records(1)), "{text} on {line}");
            let [quick, slow] = [quick, slow].map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(quick, slow, "{text} on {line}");
            for (n, (rule, count)) in rules.iter().zip(general.take_counts()).enumerate() {
                assert_eq!((count.seen, count.done), (1, done >> n & 1), "rule {n} of {text} on {line}");
                let kind = match &rule.edit {
                    Edit::Rename { .. } => "rename",
                    Edit::Delete(_) => "delete",
                    _ => "set",
                };
                *kinds.entry(kind).or_default() += count.done as usize;
            }
        }
    }
    assert!(handled * 4 >= PROGRAMS * DOCUMENTS, "only {handled} records went through one pass");
    for kind in ["rename", "delete", "set"] {
        assert!(kinds[kind] >= 1_000, "{kinds:?}");
    }
}

#[test]
fn rules_that_meet_go_the_general_way() {
    let one_pass = |text: &str| {
        let program = Program::read(text, Root::Document, Variables::default()).unwrap();
        assert!(program.edits.is_some(), "{text}");
        OnePass::new(&program).is_some()
    };
    for text in [
        "rename(.a; .b)",
        "rename(.a.b; .a.c) | del(.d, .a.e) | .f.g = 1 | ._index = \"v2\"",
        "del(.a?.b)",
        ".a = {\"b\": 1} | .c = null",
    ] {
        assert!(one_pass(text), "{text}");
    }
    for text in [
        "rename(.a; .a)",
        "rename(.a; .b) | rename(.b; .c)",
        "rename(.a; .b) | del(.b)",
        "del(.a) | .a = 1",
        "del(.a) | .a.b = 1",
        "del(.a.b) | .a = 1",
        "rename(.a; .b.c)",
        "del(.a[].b)",
        "del(.a | select(.b))",
        ".a = .b",
        "._index = 7",
        "._index = \"a\" | ._index = \"b\"",
        "del(._routing)",
        "rename(.a; ._id)",
        "select(.a) | del(.b)",
        "if .a then del(.b) else . end",
        ".",
    ] {
        assert!(!one_pass(text), "{text}");
    }
    // What is named beside the document is another thing where `.` is the line.
    let program =
        Program::read("._index = \"i\" | del(._source.a)", Root::Line, Variables::default()).unwrap();
    assert!(program.edits.is_some() && OnePass::new(&program).is_none());
}
