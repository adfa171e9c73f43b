//! Refused records: how one is written down so that nothing of it is lost, and how it is read again.
//!
//! A record that can be read is a hit line with one more key, `_reject`. Anything else lies within it as base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use es_core::record::kind::{Kind, kind_of};
use es_core::record::lines::Place;
use es_core::record::reject::Reject;
use es_core::record::scan::{self, Broken, Fields, MAX_DEPTH};

use crate::NAME;
use crate::fault::Fault;

/// The line for a refused record, its line break included. `line` is the record as it was read.
pub(crate) fn line_for(line: &[u8], place: &Place, fault: &Fault) -> Vec<u8> {
    let mut op = None;
    let record = match kind_of(line) {
        _ if std::str::from_utf8(line).is_err() => None,
        Ok(Some(Kind::Hit)) => without_reject(line, &mut op).ok(),
        Ok(Some(Kind::Bare)) => Some([b"\"_source\":", line.trim_ascii()].concat()),
        Ok(Some(Kind::Action) | None) | Err(_) => None,
    };
    let file = place.file.to_string_lossy();
    let reason = fault.to_string();
    let about = Reject { op: op.as_deref(), ..about(place, fault, &file, &reason) };
    match record {
        Some(record) => with_reject(&record, &json(&about)),
        None => with_reject(b"", &json(&about.unread(line))),
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

/// The fields of a hit line but for its `_reject`, whose `op` outlives it: es-bulk goes by it.
fn without_reject(line: &[u8], op: &mut Option<String>) -> Result<Vec<u8>, Broken> {
    let mut out = Vec::with_capacity(line.len());
    let mut fields = Fields::open(line, scan::space_end(line, 0), MAX_DEPTH + 1)?;
    while let Some(field) = fields.next_field()? {
        let value = &line[field.value.clone()];
        if &line[field.name.clone()] == b"_reject" {
            let reject = serde_json::from_slice::<serde_json::Value>(value).unwrap_or_default();
            *op = reject["op"].as_str().map(str::to_owned);
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
    if let Some(about) = refusal.as_object_mut() {
        about.remove("base64");
    }
    let (record, refusal) = match kind_of(&decoded)? {
        Some(Kind::Hit) => (without_reject(&decoded, &mut None)?, refusal),
        Some(Kind::Bare) => ([b"\"_source\":", decoded.trim_ascii()].concat(), refusal),
        Some(Kind::Action) | None => {
            return Err(Fault::OtherKind { found: "bulk action line", expected: "hit lines" });
        }
    };
    let mut line = with_reject(&record, &refusal.to_string());
    line.pop();
    Ok(line)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn reject(line: &[u8]) -> String {
        let place = Place { file: Path::new("-").into(), line: 7, offset: 99 };
        let line = line_for(line, &place, &Fault::NotText);
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
