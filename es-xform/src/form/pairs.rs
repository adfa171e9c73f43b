//! Action lines and their documents, two lines a record: where a block of them can be cut, and what each pair is as
//! a hit line. Conditions, versions and parameters of an action are kept beside it, for they belong to no document.

use es_core::record::action::{Action, Op, others};
use es_core::record::block::{Block, Line};
use es_core::record::hit::{Hit, Meta};
use es_core::record::kind::{Kind, kind_of};
use es_core::record::scan::{self, Broken, MAX_DEPTH};

use crate::fault::Fault;

/// Where in a block an action line stands whose document is still to come, if one does.
pub(crate) fn open_end(block: &Block) -> Option<usize> {
    let mut open = None;
    for line in block.lines() {
        let at = (line.offset - block.place.offset) as usize;
        open = match open {
            Some(action) if is_mark(line.bytes) => Some(action),
            Some(_) => None,
            None => Action::parse(line.bytes).is_ok_and(|action| action.op.has_source()).then_some(at),
        };
    }
    open
}

/// Whether the line is a control line; looked at only where its first key is that of one.
pub(crate) fn is_mark(line: &[u8]) -> bool {
    let inner = line.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    inner.is_some_and(|inner| inner.starts_with(b"\"_mark\"")) && matches!(kind_of(line), Ok(None))
}

/// The action that a line is to be.
pub(crate) fn action(line: &[u8]) -> Result<Action<'_>, Fault> {
    Action::parse(line).map_err(|broken| match kind_of(line) {
        Ok(Some(Kind::Action)) => broken.into(),
        Ok(Some(Kind::Hit)) => Fault::OtherKind { found: "hit line", expected: "bulk action lines" },
        Ok(Some(Kind::Bare) | None) => {
            Fault::OtherKind { found: "document without an action", expected: "bulk action lines" }
        }
        Err(broken) => broken.into(),
    })
}

/// Appends the record that an action and its document are: a hit line, or the document where the action says nothing
/// that a hit line could.
pub(crate) fn write_record(
    action: &Action<'_>,
    document: Option<Line<'_>>,
    out: &mut Vec<u8>,
) -> Result<Kind, Fault> {
    match action.op {
        Op::Create | Op::Index => {}
        Op::Update | Op::Delete => return Err(Fault::NotWhole(action.op.name())),
    }
    let document = document.ok_or(Fault::NoDocument)?.bytes.trim_ascii();
    // By itself, so that it cannot close the line it is put into.
    let end = match document.first() {
        Some(b'{') => scan::value_end(document, 0, MAX_DEPTH)?,
        _ => return Err(Broken::Malformed { at: 0, why: "no object" }.into()),
    };
    if end < document.len() {
        return Err(Broken::Malformed { at: end, why: "more after the record" }.into());
    }
    let hit = hit(action, document);
    if !hit.has_docinfo() {
        out.extend_from_slice(document);
        return Ok(Kind::Bare);
    }
    hit.write_line(Meta { version: true, seq_no: false }, out);
    out.pop();
    Ok(Kind::Hit)
}

/// What the action says of its document, as docinfo.
pub(crate) fn hit<'a>(action: &Action<'a>, document: &'a [u8]) -> Hit<'a> {
    Hit {
        index: action.index,
        kind: action.kind,
        id: action.id,
        routing: action.routing,
        parent: action.parent,
        version: action.version,
        source: Some(document),
        ..Hit::default()
    }
}

/// The first thing an action says that no hit line can.
pub(crate) fn without_place<'a>(action: &Action<'a>) -> Option<&'a [u8]> {
    others(action.meta).map(|(name, _)| name).next().or(action.version_type.map(|_| &b"version_type"[..]))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use es_core::record::block::Place;

    use super::*;

    #[test]
    fn a_block_is_cut_between_pairs() {
        let cut = |text: &str| {
            let place = Place { file: Path::new("-").into(), line: 4, offset: 100 };
            open_end(&Block::new(text.as_bytes().to_vec(), place))
        };
        let mark = "{\"_mark\":{}}\n";
        assert_eq!(cut("{\"index\":{}}\n{}\n"), None);
        assert_eq!(cut("{\"index\":{}}\n{}\n\n{\"create\":{}}\n"), Some(17));
        assert_eq!(cut(&format!("{{\"index\":{{}}}}\n{mark}")), Some(0));
        assert_eq!(cut(&format!("{{\"index\":{{}}}}\n{mark}{{\"delete\":{{}}}}\n")), None);
        assert_eq!(cut("{\"delete\":{}}\n{\"update\":{}}\n"), Some(14));
        assert_eq!(cut("nonsense\n{}\n"), None);
    }

    #[test]
    fn a_document_cannot_close_the_line_it_is_put_into() {
        let action = Action::parse(br#"{"index":{"_id":"1","routing":"r","pipeline":"p"}}"#).unwrap();
        assert_eq!(without_place(&action), Some(&b"pipeline"[..]));
        let write = |document: &'static str| {
            let mut out = Vec::new();
            let line = Line { number: 1, offset: 0, bytes: document.as_bytes() };
            write_record(&action, Some(line), &mut out).map(|kind| (kind, String::from_utf8(out).unwrap()))
        };
        let hit = r#"{"_id":"1","_routing":"r","_source":{"a":1.0}}"#.to_owned();
        assert_eq!(write(r#" {"a":1.0} "#), Ok((Kind::Hit, hit)));
        for document in [r#"{},"_id":"2""#, "{", "[]", "{}}", ""] {
            assert!(matches!(write(document), Err(Fault::Malformed(_))), "{document}");
        }
    }
}
