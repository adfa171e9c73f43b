//! Lines to records: hit lines, action pairs and bare documents, each checked for what would break a request or be
//! taken for something else. What a record becomes on the server is decided later.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use es_core::record::action::Action;
use es_core::record::block::Line;
use es_core::record::hit::Hit;
use es_core::record::kind::{Kind, kind_of};
use es_core::record::scan::{self, Broken, MAX_DEPTH};

use crate::again::Again;
use crate::error::Error;
use crate::record::{Record, Refused, Wanted, Why};

/// Who takes what comes out.
pub(crate) trait Take {
    fn record(&mut self, record: &Record<'_>) -> Result<(), Error>;
    fn refused(&mut self, refused: Refused<'_>) -> Result<(), Error>;
}

/// Reads one stream.
#[derive(Debug)]
pub(crate) struct Source {
    wanted: Wanted,
    kind: Option<Kind>,
    /// An action line whose document is to come.
    action: Option<Pending>,
    /// The lines that follow may not be UTF-8.
    pub(crate) unchecked: bool,
}

#[derive(Debug)]
struct Pending {
    bytes: Vec<u8>,
    line: u64,
    offset: u64,
}

impl Source {
    pub(crate) fn new(wanted: Wanted, kind: Option<Kind>) -> Source {
        Source { wanted, kind, action: None, unchecked: true }
    }

    pub(crate) fn line(&mut self, line: Line<'_>, to: &mut impl Take) -> Result<(), Error> {
        if let Some(action) = self.action.take() {
            // A mark may stand between any two lines.
            if may_be_mark(line.bytes) && matches!(kind_of(line.bytes), Ok(None)) {
                self.action = Some(action);
                return Ok(());
            }
            return self.pair(&action, line, to);
        }
        let outcome = match self.kind {
            None => match kind_of(line.bytes) {
                Ok(None) => return Ok(()),
                Ok(Some(Kind::Bare)) if !self.wanted.index_given => {
                    let text = "documents without `_index` need an index in TARGET";
                    return Err(Error::Usage(text.into()));
                }
                Ok(kind) => {
                    self.kind = kind;
                    return self.line(line, to);
                }
                Err(e) => Err(malformed(e)),
            },
            Some(Kind::Hit) => return self.hit(line, to),
            Some(Kind::Action) => return self.action(line, to),
            Some(Kind::Bare) => self.bare(line),
        };
        match outcome {
            Ok(Some(record)) => to.record(&record),
            Ok(None) => Ok(()),
            Err(why) => self.refuse(line, why, to),
        }
    }

    /// The end of a file: no pair goes over it.
    pub(crate) fn end_of_file(&mut self, to: &mut impl Take) -> Result<(), Error> {
        match self.action.take() {
            None => Ok(()),
            Some(Pending { bytes, line, offset }) => {
                let line = Line { number: line, offset, bytes: &bytes };
                self.refuse(line, ("no_document", "the document of this action is missing".into()), to)
            }
        }
    }

    /// A line that was too long to be held took the place of an action's document.
    pub(crate) fn forget_action(&mut self) -> Option<(u64, u64)> {
        self.action.take().map(|action| (action.line, action.offset))
    }

    fn utf8(&self, bytes: &[u8]) -> Result<(), Why> {
        if !self.unchecked {
            return Ok(());
        }
        match scan::not_utf8(bytes) {
            None => Ok(()),
            Some(at) => Err(("invalid_utf8", format!("invalid UTF-8 at byte {at} of the line"))),
        }
    }

    fn refuse(&self, line: Line<'_>, (kind, reason): Why, to: &mut impl Take) -> Result<(), Error> {
        to.refused(Refused {
            bytes: Cow::Borrowed(line.bytes),
            from: self.kind,
            kind,
            reason,
            line: line.number,
            offset: line.offset,
        })
    }

    fn hit(&mut self, line: Line<'_>, to: &mut impl Take) -> Result<(), Error> {
        if let Err(why) = self.utf8(line.bytes) {
            return self.refuse(line, why, to);
        }
        let hit = match Hit::parse(line.bytes) {
            Ok(hit) => hit,
            Err(broken) => return self.refuse(line, malformed(broken), to),
        };
        if let Some(reject) = hit.reject {
            match Again::read(reject) {
                Err(why) => return self.refuse(line, ("malformed", why), to),
                Ok(Again { base64: Some(text), from, .. }) => return self.again(line, &text, from, to),
                Ok(again) => {
                    return match Record::of_hit(line, &hit, Some(&again), &self.wanted) {
                        Ok(record) => to.record(&record),
                        Err(why) => self.refuse(line, why, to),
                    };
                }
            }
        }
        if hit.unknown.is_some() && matches!(kind_of(line.bytes), Ok(None)) {
            return Ok(());
        }
        match Record::of_hit(line, &hit, None, &self.wanted) {
            Ok(record) => to.record(&record),
            Err(why) => self.refuse(line, why, to),
        }
    }

    /// What could not be read when it was refused is read again, as a line of the kind it was among.
    fn again(
        &self,
        line: Line<'_>,
        base64: &str,
        from: Option<Kind>,
        to: &mut impl Take,
    ) -> Result<(), Error> {
        let Ok(bytes) = BASE64_STANDARD.decode(base64) else {
            return self.refuse(line, ("malformed", "`base64` is not base64".into()), to);
        };
        let mut inner = Source::new(self.wanted, from);
        for part in bytes.split(|b| *b == b'\n').filter(|part| !part.trim_ascii().is_empty()) {
            inner.line(Line { bytes: part, ..line }, to)?;
        }
        inner.end_of_file(to)
    }

    fn bare<'a>(&self, line: Line<'a>) -> Result<Option<Record<'a>>, Why> {
        self.utf8(line.bytes)?;
        match kind_of(line.bytes).map_err(malformed)? {
            None => return Ok(None),
            Some(Kind::Bare) => {}
            Some(Kind::Hit) => return Err(another("a hit line", "bare documents")),
            Some(Kind::Action) => return Err(another("an action line", "bare documents")),
        }
        let document = line.bytes.trim_ascii();
        // What nests too deep is told here: the check of the kind allows the one level more of a hit line.
        scan::value_end(document, 0, MAX_DEPTH).map_err(malformed)?;
        Record::of_document(line, document, &self.wanted).map(Some)
    }

    fn action(&mut self, line: Line<'_>, to: &mut impl Take) -> Result<(), Error> {
        let parsed = self.utf8(line.bytes).and_then(|()| match Action::parse(line.bytes) {
            Ok(action) => Ok(Some(action)),
            Err(broken) => match kind_of(line.bytes).map_err(malformed)? {
                None => Ok(None),
                Some(Kind::Action) => Err(malformed(broken)),
                Some(Kind::Hit) => Err(another("a hit line", "action pairs")),
                Some(Kind::Bare) => Err(another("a document without an action", "action pairs")),
            },
        });
        match parsed {
            Ok(None) => Ok(()),
            Ok(Some(action)) if action.op.has_source() => {
                let Line { bytes, number, offset } = line;
                self.action = Some(Pending { bytes: bytes.to_vec(), line: number, offset });
                Ok(())
            }
            Ok(Some(action)) => {
                match Record::of_action(&action, None, (line.number, line.offset), &self.wanted) {
                    Ok(record) => to.record(&record),
                    Err(why) => self.refuse(line, why, to),
                }
            }
            Err(why) => self.refuse(line, why, to),
        }
    }

    fn pair(&mut self, pending: &Pending, line: Line<'_>, to: &mut impl Take) -> Result<(), Error> {
        let document = line.bytes.trim_ascii();
        let parsed = self.utf8(document).and_then(|()| {
            let end = match document.first() {
                Some(b'{') => scan::value_end(document, 0, MAX_DEPTH).map_err(malformed)?,
                _ => return Err(("malformed", "the document is not an object".into())),
            };
            if end < document.len() {
                return Err(("malformed", format!("more after the document at byte {end}")));
            }
            let action = Action::parse(&pending.bytes).map_err(malformed)?;
            let place = (pending.line, pending.offset);
            Record::of_action(&action, Some(document), place, &self.wanted)
        });
        match parsed {
            Ok(record) => to.record(&record),
            Err((kind, reason)) => to.refused(Refused {
                bytes: [&pending.bytes, &b"\n"[..], line.bytes].concat().into(),
                from: self.kind,
                kind,
                reason,
                line: pending.line,
                offset: pending.offset,
            }),
        }
    }
}

/// Whether the first key is that of a mark: looked at before the whole of a document is.
fn may_be_mark(line: &[u8]) -> bool {
    let inner = line.trim_ascii_start().strip_prefix(b"{");
    inner.is_some_and(|inner| inner.trim_ascii_start().starts_with(b"\"_mark\""))
}

fn malformed(broken: Broken) -> Why {
    match broken {
        Broken::TooDeep { .. } => ("too_deep", broken.to_string()),
        Broken::More | Broken::Malformed { .. } => ("malformed", broken.to_string()),
    }
}

fn another(this: &str, among: &str) -> Why {
    ("another_kind", format!("{this} among {among}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::OpChoice;

    #[derive(Default)]
    struct Seen(Vec<String>);

    impl Take for Seen {
        fn record(&mut self, r: &Record<'_>) -> Result<(), Error> {
            let text =
                |part: Option<&[u8]>| part.map_or("-".into(), |p| String::from_utf8_lossy(p).into_owned());
            let parts = [r.index, r.id, r.routing, r.version, r.source].map(text).join(" ");
            self.0.push(format!("{} {} {parts}", r.line, r.op.name()));
            Ok(())
        }

        fn refused(&mut self, r: Refused<'_>) -> Result<(), Error> {
            self.0.push(format!("{} {}", r.line, r.kind));
            Ok(())
        }
    }

    fn read(op: OpChoice, lines: &[&str]) -> Vec<String> {
        let mut source = Source::new(Wanted { op, version_type: None, index_given: true }, None);
        let mut seen = Seen::default();
        for (n, line) in lines.iter().enumerate() {
            source.line(Line { number: n as u64 + 1, offset: 0, bytes: line.as_bytes() }, &mut seen).unwrap();
        }
        source.end_of_file(&mut seen).unwrap();
        seen.0
    }

    #[test]
    fn hit_lines() {
        let deep = format!(r#"{{"_id":"1","_source":{{"a":{}{}}}}}"#, "[".repeat(1000), "]".repeat(1000));
        let seen = read(
            OpChoice::Create,
            &[
                r#"{"_mark":{"x":1}}"#,
                r#"{"_index":"a","_id":"1","_routing":"r","_version":3,"_source":{"x":1.0}}"#,
                r#"{"_mark":{"x":1}}"#,
                r#"{"_id":"1","_source":{},"extra":1}"#,
                r#"{"index":{}}"#,
                r#"{"x":1}"#,
                r#"{"_source":{}}"#,
                r#"{"_id":"1"}"#,
                r#"{"_id":"1","_source":{"a":"}"#,
                &deep,
                r#"{"_id":"2","_source":{},"_reject":{"op":"index"}}"#,
                r#"{"_id":"3","_reject":{"op":"delete"}}"#,
            ],
        );
        assert_eq!(
            seen,
            [
                r#"2 create "a" "1" "r" - {"x":1.0}"#,
                "4 another_kind",
                "5 another_kind",
                "6 another_kind",
                "7 another_kind",
                "8 no_document",
                "9 malformed",
                "10 too_deep",
                r#"11 index - "2" - - {}"#,
                r#"12 delete - "3" - - -"#,
            ]
        );
        assert_eq!(read(OpChoice::Delete, &[r#"{"_id":"1"}"#]), [r#"1 delete - "1" - - -"#]);
        assert_eq!(read(OpChoice::Keep, &[r#"{"_id":"1","_source":{}}"#]), ["1 no_action"]);
    }

    #[test]
    fn what_could_not_be_read_is_read_again_as_what_it_was() {
        let base64 = |line: &str, from: &str| {
            format!(
                r#"{{"_reject":{{"op":"create","from":"{from}","base64":"{}"}}}}"#,
                BASE64_STANDARD.encode(line)
            )
        };
        let lines = [
            base64(r#"{"_id":"1","_source":{}}"#, "hit"),
            base64(r#"{"x":1}"#, "hit"),
            base64(r#"{"x":1}"#, "source"),
            base64("{\"index\":{\"_id\":\"1\"}}\n{\"y\":1}", "bulk"),
            base64("{\"index\":{\"_id\":\"1\"}}", "bulk"),
            r#"{"_reject":{"base64":"???"}}"#.to_owned(),
        ];
        assert_eq!(
            read(OpChoice::Create, &lines.each_ref().map(|l| &l[..])),
            [
                r#"1 create - "1" - - {}"#,
                "2 another_kind",
                r#"3 create - - - - {"x":1}"#,
                r#"4 create - "1" - - {"y":1}"#,
                "5 no_document",
                "6 malformed",
            ]
        );
    }

    #[test]
    fn a_refused_document_needs_no_docinfo_where_the_target_has_an_index() {
        let line = r#"{"_source":{"a":1},"_reject":{"tool":"es-xform"}}"#;
        assert_eq!(read(OpChoice::Create, &[line]), [r#"1 create - - - - {"a":1}"#]);
        assert_eq!(read(OpChoice::Create, &[r#"{"_reject":{"tool":"es-xform"}}"#]), ["1 no_document"]);
    }

    #[test]
    fn action_pairs() {
        let lines = [
            r#"{"index":{"_index":"a","_id":"1","version":3,"version_type":"external"}}"#,
            r#"{ "_mark": {"at":1}}"#,
            r#" {"x":1} "#,
            r#"{"delete":{"_id":"2"}}"#,
            r#"{"update":{"_id":"3"}}"#,
            r#"{"doc":{}}"#,
            r#"{"x":1}"#,
            r#"{"create":{"_id":"4"}}"#,
            r#"{"x":1}}"#,
            r#"{"create":{"_id":"5"}}"#,
        ];
        assert_eq!(
            read(OpChoice::Keep, &lines),
            [
                r#"1 index "a" "1" - 3 {"x":1}"#,
                r#"4 delete - "2" - - -"#,
                r#"5 update - "3" - - {"doc":{}}"#,
                "7 another_kind",
                "8 malformed",
                "10 no_document",
            ]
        );
        assert_eq!(
            read(OpChoice::Create, &lines[..6]),
            [r#"1 create "a" "1" - - {"x":1}"#, "4 another_op", "5 another_op"]
        );
        // A document that has such a field among others is one.
        let lines = [r#"{"index":{"_id":"1"}}"#, r#"{"_mark":{},"x":1}"#];
        assert_eq!(read(OpChoice::Keep, &lines), [r#"1 index - "1" - - {"_mark":{},"x":1}"#]);
    }

    #[test]
    fn bare_documents() {
        let deep = |n: usize| format!("{{\"a\":{}{}}}", "[".repeat(n), "]".repeat(n));
        let lines =
            [r#" {"x":1}"#, r#"{"_id":"1","_source":{}}"#, r#"{"index":{}}"#, "[1]", &deep(999), &deep(1000)];
        let seen = read(OpChoice::Create, &lines);
        assert_eq!(
            seen[..4],
            [r#"1 create - - - - {"x":1}"#, "2 another_kind", "3 another_kind", "4 malformed"]
        );
        assert!(seen[4].starts_with("5 create"), "{}", seen[4]);
        assert_eq!(seen[5], "6 too_deep");
    }
}
