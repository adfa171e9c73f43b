//! How far the language of es-xform is jq's: jq's own cases, counted, and those that come out otherwise.

use std::fmt::Write as _;

use es_xform::jq_cases::{Case, Difference, groups};

/// How wide a line may be within an example.
const WIDTH: usize = 66;

/// The part of es-xform's page, from the table that its tests keep true.
pub(crate) fn cases() -> String {
    let groups = groups();
    let all: usize = groups.iter().map(|group| group.cases.len()).sum();
    let mut rows = String::new();
    let mut others: Vec<(&Difference, &Case)> = Vec::new();
    for group in &groups {
        let differing = group.cases.iter().filter_map(|case| Some((case.differs.as_ref()?, case)));
        let before = others.len();
        others.extend(differing);
        let (cases, name) = (group.cases.len(), group.name);
        let as_jq = cases - (others.len() - before);
        writeln!(rows, "{name:<40}{as_jq:>3} of {cases:>2}").expect("strings take all");
    }
    let as_jq = all - others.len();
    let mut text = format!(
        "Of {all} public test cases of jq 1.7.1 about the core of its language, {as_jq} come out as in jq:\n\
         .PP\n.RS 4\n.EX\n{rows}.EE\n.RE\n"
    );
    while let Some((Difference { why, .. }, _)) = others.first().copied() {
        let (same, rest): (Vec<_>, Vec<_>) = others.into_iter().partition(|(other, _)| other.why == *why);
        others = rest;
        write!(text, ".PP\nIn {} of the others, {why}:\n.PP\n.RS 4\n.EX\n", same.len())
            .expect("strings take all");
        for (i, (difference, case)) in same.into_iter().enumerate() {
            let jq = case.jq.as_deref().unwrap_or(&["refused"]);
            text += if i > 0 { "\n" } else { "" };
            lines(&mut text, "", &[case.program]);
            lines(&mut text, "  of", &[case.input]);
            lines(&mut text, "  jq", jq);
            lines(&mut text, "  here", &difference.ours);
        }
        text += ".EE\n.RE\n";
    }
    text
}

/// Texts under what they are, broken where they are wider than a page.
fn lines(text: &mut String, what: &str, texts: &[&str]) {
    let mut what = what;
    let indent = if what.is_empty() { 0 } else { 8 };
    for line in texts {
        let letters: Vec<char> = line.chars().collect();
        for part in letters.chunks(WIDTH - indent) {
            let part: String = part.iter().collect();
            writeln!(text, "{what:<indent$}{part}").expect("strings take all");
            what = "";
        }
    }
}
