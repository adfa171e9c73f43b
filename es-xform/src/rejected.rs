//! Refused records: how one is written down so that nothing of it is lost, and how it is read again.
//!
//! A record that can be read is a hit line with one more key, `_reject`. Anything else lies within it as base64.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use es_core::record::action::{Action, Op, others};
use es_core::record::block::{Line, Place};
use es_core::record::hit::Meta;
use es_core::record::kind::{Kind, kind_of};
use es_core::record::reject::Reject;
use es_core::record::scan::{self, Broken, Fields, MAX_DEPTH, unescape};

use crate::NAME;
use crate::fault::Fault;
use crate::form::pairs;
use crate::shape::{many, one};

/// How much of a record over the limit is kept.
pub(crate) const HEAD: usize = 1 << 10;

/// A record as it was read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refused<'a> {
    /// A line that is what it looks like.
    Line(&'a [u8]),
    /// A document, whatever it looks like.
    Document(&'a [u8]),
    /// An action line and its document.
    Pair(&'a [u8], Option<&'a [u8]>),
    /// A row that is no record.
    Row(&'a [u8]),
}

/// The line for a refused record, its line break included.
pub(crate) fn line_for(refused: Refused<'_>, place: &Place, fault: &Fault) -> Vec<u8> {
    let file = place.file.to_string_lossy();
    let reason = fault.to_string();
    let about = about(place, fault, &file, &reason);
    let unread =
        |from, bytes: &[u8]| with_reject(b"", &json(&Reject { from, ..about.clone() }.unread(bytes)));
    match refused {
        Refused::Line(line) => {
            let mut before = Before::default();
            let record = match kind_of(line) {
                _ if std::str::from_utf8(line).is_err() => None,
                Ok(Some(Kind::Hit)) => without_reject(line, &mut before).ok(),
                Ok(Some(Kind::Bare)) => Some(document(line)),
                Ok(Some(Kind::Action) | None) | Err(_) => None,
            };
            match record {
                // What was refused before and cannot be read any better stays as it is.
                Some(record) if record.is_empty() => [line, b"\n"].concat(),
                Some(record) => with_reject(&record, &before.in_reject(&about)),
                None => unread(None, line),
            }
        }
        Refused::Document(line) => match kind_of(line).is_ok() && std::str::from_utf8(line).is_ok() {
            true => with_reject(&document(line), &json(&about)),
            false => unread(Some("source"), line),
        },
        Refused::Pair(action, source) => {
            let pair = [action, &b"\n"[..], source.unwrap_or_default()].concat();
            let pair = if source.is_some() { &pair } else { action };
            match of_pair(pair) {
                Ok((record, action)) if std::str::from_utf8(pair).is_ok() => {
                    with_reject(&record, &Before::of(&action).in_reject(&about))
                }
                Ok(_) | Err(_) => unread(Some("bulk"), pair),
            }
        }
        Refused::Row(row) => unread(None, row),
    }
}

fn document(line: &[u8]) -> Vec<u8> {
    [b"\"_source\":", line.trim_ascii()].concat()
}

/// A pair that is a record, as the fields of a hit line, and its action, whose parameters stay with it.
fn of_pair(pair: &[u8]) -> Result<(Vec<u8>, Action<'_>), Fault> {
    let mut lines = pair.split(|b| *b == b'\n');
    let action = pairs::action(lines.next().unwrap_or_default())?;
    let source = lines.next().map(|bytes| Line { number: 0, offset: 0, bytes });
    let mut record = Vec::new();
    pairs::write_record(&action, source, &mut record)?;
    // Without index and id, too, what else the action names stays with the record.
    let source = source.map(|line| line.bytes.trim_ascii()).unwrap_or_default();
    record.clear();
    pairs::hit(&action, source).write_line(Meta { version: true, seq_no: false }, &mut record);
    Ok((record[1..record.len() - 2].to_vec(), action))
}

/// What of an earlier refusal outlives the next: es-bulk goes by it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Before<'a> {
    op: Option<Cow<'a, str>>,
    whole_update: bool,
    pub(crate) version_type: Option<&'a [u8]>,
    /// An object with further parameters of the action.
    pub(crate) action: Option<&'a [u8]>,
}

impl<'a> Before<'a> {
    fn of(action: &Action<'a>) -> Before<'a> {
        let Action { op, version_type, meta, .. } = *action;
        Before { op: Some(op.name().into()), version_type, action: Some(meta), whole_update: false }
    }

    /// What stands in a `_reject`; what cannot be read of it is left out.
    pub(crate) fn read(reject: &'a [u8]) -> Before<'a> {
        let mut before = Before::default();
        let Ok(mut fields) = Fields::open(reject, 0, MAX_DEPTH) else { return before };
        while let Ok(Some(field)) = fields.next_field() {
            let value = &reject[field.value];
            match &reject[field.name] {
                b"op" => {
                    let text = value.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\""));
                    before.op = text.map(|text| match unescape(text) {
                        Cow::Borrowed(text) => String::from_utf8_lossy(text),
                        Cow::Owned(text) => String::from_utf8_lossy(&text).into_owned().into(),
                    });
                }
                b"whole_update" => before.whole_update = value == b"true",
                b"version_type" => before.version_type = Some(value),
                b"action" if value[0] == b'{' => before.action = Some(value),
                _ => {}
            }
        }
        before
    }

    pub(crate) fn op(&self) -> Option<Op> {
        Op::named(self.op.as_ref()?.as_bytes())
    }

    /// A new refusal that keeps it.
    fn in_reject(&self, about: &Reject<'_>) -> String {
        self.added(json(&Reject { op: self.op.as_deref(), whole_update: self.whole_update, ..about.clone() }))
    }

    /// A refusal with what is not among its own keys.
    fn added(&self, mut reject: String) -> String {
        let mut add = |name: &[u8], value: &[u8]| {
            reject.pop();
            for part in [b",\"", name, b"\":", value, b"}"] {
                reject.push_str(&String::from_utf8_lossy(part));
            }
        };
        if let Some(version_type) = self.version_type {
            add(b"version_type", version_type);
        }
        let mut parameters = Vec::new();
        for (name, value) in others(self.action.unwrap_or(b"{}")) {
            let lead: &[u8] = if parameters.is_empty() { b"{\"" } else { b",\"" };
            parameters.extend_from_slice(&[lead, name, b"\":", value].concat());
        }
        if !parameters.is_empty() {
            parameters.push(b'}');
            add(b"action", &parameters);
        }
        reject
    }
}

/// The line for a line too long to be held: its length, and its beginning as text.
pub(crate) fn line_for_long(place: &Place, length: u64, head: &[u8], fault: &Fault) -> Vec<u8> {
    let file = place.file.to_string_lossy();
    let reason = fault.to_string();
    with_reject(b"", &json(&about(place, fault, &file, &reason).too_long(length, head)))
}

fn about<'a>(place: &Place, fault: &Fault, file: &'a str, reason: &'a str) -> Reject<'a> {
    Reject::new(NAME, fault.kind(), reason, file, (place.line, place.offset))
}

fn json(reject: &Reject<'_>) -> String {
    // Texts and numbers can always be written.
    serde_json::to_string(reject).unwrap_or_default()
}

/// A line of these fields and the reject.
fn with_reject(fields: &[u8], reject: &str) -> Vec<u8> {
    let comma: &[u8] = if fields.is_empty() { b"" } else { b"," };
    [b"{", fields, comma, b"\"_reject\":", reject.as_bytes(), b"}\n"].concat()
}

/// The fields of a hit line but for its `_reject`, of which `before` keeps what outlives it.
fn without_reject<'a>(line: &'a [u8], before: &mut Before<'a>) -> Result<Vec<u8>, Broken> {
    let mut out = Vec::with_capacity(line.len());
    let mut fields = Fields::open(line, scan::space_end(line, 0), MAX_DEPTH + 1)?;
    while let Some(field) = fields.next_field()? {
        let value = &line[field.value.clone()];
        if &line[field.name.clone()] == b"_reject" {
            *before = Before::read(value);
            continue;
        }
        if !out.is_empty() {
            out.push(b',');
        }
        out.extend_from_slice(&line[field.name.start - 1..field.value.end]);
    }
    Ok(out)
}

/// The record inside a line that is nothing but a refusal, as a hit line that keeps the op.
pub(crate) fn inside(line: &[u8]) -> Result<Vec<u8>, Fault> {
    let refusal: serde_json::Value =
        serde_json::from_slice(line).map_err(|_| Fault::NothingLeft("the refusal cannot be read"))?;
    let mut refusal = refusal["_reject"].clone();
    let text = refusal["base64"].as_str().ok_or(Fault::NothingLeft("it has no `base64`"))?;
    let decoded = STANDARD.decode(text).map_err(|_| Fault::NothingLeft("its `base64` is damaged"))?;
    let from = refusal["from"].as_str().map(str::to_owned);
    if let Some(about) = refusal.as_object_mut() {
        about.remove("base64");
        about.remove("from");
    }
    let mut before = Before::default();
    let record = match from.as_deref() {
        Some("bulk") => {
            let (record, action) = of_pair(&decoded)?;
            refusal["op"] = action.op.name().into();
            before = Before::of(&action);
            record
        }
        // What stood among records of another kind is none of theirs now.
        from => match (kind_of(&decoded)?, from) {
            (Some(Kind::Hit), Some("hit") | None) => without_reject(&decoded, &mut Before::default())?,
            (Some(Kind::Bare), Some("source") | None) => document(&decoded),
            (found, from) => {
                let expected = if from == Some("source") { Kind::Bare } else { Kind::Hit };
                return Err(Fault::OtherKind {
                    found: found.map_or("control line", one),
                    expected: many(expected),
                });
            }
        },
    };
    let mut line = with_reject(&record, &before.added(refusal.to_string()));
    line.pop();
    Ok(line)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn reject(line: &[u8]) -> String {
        let place = Place { file: Path::new("-").into(), line: 7, offset: 99 };
        let line = line_for(Refused::Line(line), &place, &Fault::NotText);
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn a_record_that_can_be_read_is_kept_as_a_hit_line() {
        let about = r#""_reject":{"tool":"es-xform","type":"invalid_utf8","reason":"invalid UTF-8","file":"-","line":7,"offset":99}}"#;
        assert_eq!(
            reject(br#"{"_id":"1", "_source":{ }}"#),
            format!("{{\"_id\":\"1\",\"_source\":{{ }},{about}\n")
        );
        assert_eq!(reject(br#"{"a":1.0}"#), format!("{{\"_source\":{{\"a\":1.0}},{about}\n"));
        let again = reject(br#"{"_id":"1","_reject":{"op":"index","reason":"x"},"_source":{}}"#);
        assert!(again.starts_with(r#"{"_id":"1","_source":{},"_reject":{"#), "{again}");
        assert!(again.contains(r#""op":"index""#), "{again}");
    }

    #[test]
    fn anything_else_comes_back_byte_for_byte() {
        for line in
            [&b"nonsense"[..], b"{\"_id\":\"1\",\"_source\":{\"a\":\"\xff\"}}", b"{\"index\":{}}", b"{"]
        {
            let line = reject(line);
            let value: serde_json::Value = serde_json::from_str(&line).unwrap();
            let back = STANDARD.decode(value["_reject"]["base64"].as_str().unwrap()).unwrap();
            assert_eq!(reject(&back), line);
        }
        let hit = reject(b"{\"_id\":\"1\",\"_source\":{\"a\":\"\xff\"}}");
        assert!(
            inside(hit.as_bytes())
                .unwrap()
                .starts_with(b"{\"_id\":\"1\",\"_source\":{\"a\":\"\xff\"},\"_reject\":{")
        );
    }
}
