//! Streams of records with broken ones among them, and what must become of each.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::json;

/// In a document that the server is to refuse.
pub(crate) const REFUSE: &str = "\"REFUSE\"";

#[derive(Clone, Debug, Default)]
pub(crate) struct Input {
    pub(crate) bytes: Vec<u8>,
    /// The documents that are to be stored, with their ids where they have one.
    pub(crate) stored: Vec<(Option<String>, Vec<u8>)>,
    pub(crate) rejected: Vec<Rejected>,
    /// Actions and documents, which es-xform does not edit.
    pub(crate) pairs: bool,
    line: u64,
}

/// A record that is to be refused, and its place in the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rejected {
    pub(crate) line: u64,
    pub(crate) offset: u64,
    pub(crate) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// Lines that make no record, without their ends.
    Unread(Vec<u8>),
    /// A document that the server does not take.
    Refused(Vec<u8>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Hit,
    Action,
    Bare,
}

#[derive(Clone, Debug)]
enum Part {
    Good(String),
    Large,
    Refused(String),
    Garbage(Vec<u8>),
    /// A record whose end is missing.
    Cut(String, Index),
    OtherKind,
    InvalidUtf8,
    Deep,
    Blank,
    Mark,
}

pub(crate) fn input() -> impl Strategy<Value = Input> {
    let shape = select(vec![Shape::Hit, Shape::Action, Shape::Bare]);
    // The last action lacks its document; the last line lacks its end.
    let ends = (weighted(0.2, Just(())), weighted(0.3, Just(())));
    (shape, document(), vec((part(), any::<bool>()), 0..40), ends).prop_map(|(shape, first, parts, ends)| {
        let mut input = Input { pairs: shape == Shape::Action, ..Input::default() };
        input.add(shape, 0, &Part::Good(first), false);
        for (number, (part, crlf)) in (1..).zip(&parts) {
            input.add(shape, number, part, *crlf);
        }
        if ends.0.is_some() && shape == Shape::Action {
            let action = b"{\"index\":{}}";
            input.refuse(&[action], false);
        }
        if ends.1.is_some() {
            let end = input.bytes.trim_ascii_end().len();
            input.bytes.truncate(end);
        }
        input
    })
}

fn document() -> impl Strategy<Value = String> {
    json::object("[ \t]{0,2}")
}

fn part() -> impl Strategy<Value = Part> {
    let garbage = vec(any::<u8>().prop_filter("one line", |b| *b != b'\n'), 0..40);
    prop_oneof![
        12 => document().prop_map(Part::Good),
        1 => Just(Part::Large),
        3 => document().prop_map(Part::Refused),
        // No JSON starts with the one; the other keeps a line break's `\r` from being the last byte.
        2 => garbage.prop_map(|bytes| Part::Garbage([b"!", &bytes[..], b"~"].concat())),
        2 => (document(), any::<Index>()).prop_map(|(document, at)| Part::Cut(document, at)),
        1 => Just(Part::OtherKind),
        1 => Just(Part::InvalidUtf8),
        1 => Just(Part::Deep),
        1 => Just(Part::Blank),
        1 => Just(Part::Mark),
    ]
}

impl Input {
    fn add(&mut self, shape: Shape, number: usize, part: &Part, crlf: bool) {
        // A bare document of any keys might be another kind of record, and one of a pair a mark, which may stand between
        // the two lines.
        let document = |text: &str| match shape {
            Shape::Action if text.contains("\"_mark\"") => format!("{{\"v\":{text}}}"),
            Shape::Hit | Shape::Action => text.to_owned(),
            Shape::Bare => format!("{{\"v\":{text}}}"),
        };
        let id = format!("d{number}");
        let action = format!("{{\"create\":{{\"_id\":\"{id}\"}}}}");
        let lines = |document: &[u8]| match shape {
            Shape::Hit => {
                let head = format!("{{\"_index\":\"old\",\"_id\":\"{id}\",\"_source\":");
                vec![[head.as_bytes(), document, b"}"].concat()]
            }
            Shape::Action => vec![action.clone().into_bytes(), document.to_vec()],
            Shape::Bare => vec![document.to_vec()],
        };
        let store = |input: &mut Input, document: String| {
            input.write(&lines(document.as_bytes()), crlf);
            let id = (shape != Shape::Bare).then(|| id.clone());
            input.stored.push((id, document.into_bytes()));
        };
        match part {
            Part::Good(text) => store(self, document(text)),
            Part::Large => store(self, format!("{{\"v\":\"{}\"}}", "x".repeat(300_000))),
            Part::Refused(text) => {
                let document = format!("{{\"v\":[{REFUSE},{text}]}}").into_bytes();
                let (line, offset) = self.write(&lines(&document), crlf);
                self.rejected.push(Rejected { line, offset, what: What::Refused(document) });
            }
            Part::Garbage(bytes) => self.refuse(&[bytes], crlf),
            Part::Cut(text, at) => {
                let mut lines = lines(document(text).as_bytes());
                let last = lines.last_mut().expect("a record has a line");
                last.truncate(1 + at.index(last.len() - 1));
                // Blanks at the end of a document are no part of it.
                last.truncate(last.trim_ascii_end().len());
                self.refuse(&lines, crlf);
            }
            Part::OtherKind => match shape {
                Shape::Hit => self.refuse(&["{\"index\":{}}"], crlf),
                Shape::Action => self.refuse(&["{\"v\":1}"], crlf),
                Shape::Bare => self.refuse(&["{\"_id\":\"1\",\"_source\":{}}"], crlf),
            },
            Part::InvalidUtf8 => self.refuse(&lines(b"{\"v\":\"\xff\"}"), crlf),
            Part::Deep => {
                let deep = format!("{{\"v\":{}{}}}", "[".repeat(1000), "]".repeat(1000));
                self.refuse(&lines(deep.as_bytes()), crlf);
            }
            Part::Blank => _ = self.write(&[" \t"], crlf),
            Part::Mark => _ = self.write(&["{\"_mark\":{\"at\":1}}"], crlf),
        }
    }

    fn refuse(&mut self, lines: &[impl AsRef<[u8]>], crlf: bool) {
        let (line, offset) = self.write(lines, crlf);
        let lines: Vec<&[u8]> = lines.iter().map(AsRef::as_ref).collect();
        self.rejected.push(Rejected { line, offset, what: What::Unread(lines.join(&b'\n')) });
    }

    /// Gives the place of the first line.
    fn write(&mut self, lines: &[impl AsRef<[u8]>], crlf: bool) -> (u64, u64) {
        let place = (self.line + 1, self.bytes.len() as u64);
        for line in lines {
            self.line += 1;
            self.bytes.extend_from_slice(line.as_ref());
            self.bytes.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
        }
        place
    }
}
