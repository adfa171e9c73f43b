//! What the full language makes of a record: its input, and one output as far as it differs from that.

use es_core::record::scan::unescape;
use jaq_json::Val;

use crate::fault::Fault;
use crate::language::filter::{self, Filter, Pair};
use crate::language::value;
use crate::line::Line;
use crate::program::Root;
use crate::program::terms::DOCINFO;

/// An index and an id, as far as there are any.
pub(crate) type Name = [Option<Vec<u8>>; 2];

/// One output of the full language, as far as it differs from the input.
pub(crate) struct Output {
    /// `None`: the program left the document as it was, so its bytes stay.
    document: Option<Vec<u8>>,
    /// Docinfo that is to be set, or removed; `None`: the program does not name docinfo.
    docinfo: Option<[Option<Vec<u8>>; 3]>,
    /// The index and the id, in a program whose `.` is the line.
    name: Name,
}

/// What a program sees of a line.
pub(crate) fn input(filter: &Filter, line: &Line<'_>) -> Result<Pair, Fault> {
    let document = match line.text(line.document) {
        Some(text) => value::parse(text)?,
        // A line of docinfo alone has null as its document.
        None => Val::Null,
    };
    let mut parts = Vec::new();
    if filter.paired {
        for (name, node) in DOCINFO.into_iter().zip(line.keys.docinfo()) {
            if let Some(text) = line.key(*node).and_then(|slot| line.text(slot)) {
                parts.push((name, value::parse(text)?));
            }
        }
    }
    Ok(Pair { document, docinfo: filter::docinfo(parts.into_iter()) })
}

impl Output {
    /// `before` is the document that went in.
    pub(crate) fn of(filter: &Filter, root: Root, before: &Val, output: &Pair) -> Result<Output, Fault> {
        let field = |name: &str| -> Result<Option<Vec<u8>>, Fault> {
            let value = match root {
                Root::Document => &output.docinfo,
                Root::Line => &output.document,
            };
            value::field(value, name).map(value::text).transpose()
        };
        let document = match &output.document {
            same if value::is_same(same, before) => None,
            changed @ Val::Obj(_) => Some(value::text(changed)?),
            other => {
                return Err(Fault::Program(format!("the output is {}, not an object", value::kind(other))));
            }
        };
        let docinfo = match filter.paired {
            true => Some([field(DOCINFO[0])?, field(DOCINFO[1])?, field(DOCINFO[2])?]),
            false => None,
        };
        let name = match root {
            Root::Line => [field("_index")?, field("_id")?],
            Root::Document => [None, None],
        };
        Ok(Output { document, docinfo, name })
    }

    /// Changes the line into this output; what its index and id are then.
    pub(crate) fn put_into(self, line: &mut Line<'_>, root: Root) -> Result<Name, Fault> {
        if let Some(text) = self.document {
            line.replace(line.document, &text)?;
        }
        if root == Root::Line {
            return Ok(self.name);
        }
        let keys = line.keys;
        for (node, text) in keys.docinfo().iter().zip(self.docinfo.into_iter().flatten()) {
            let slot = line.key(*node);
            let before = slot.and_then(|slot| line.text(slot));
            match (slot, text) {
                (Some(slot), None) => line.record.remove(slot),
                // The same text, however it was escaped, keeps its bytes.
                (_, Some(text)) if before.is_some_and(|before| means(before, &text)) => {}
                (Some(slot), Some(text)) => line.replace(slot, &text)?,
                (None, Some(text)) => line.add(*node, &text)?,
                (None, None) => {}
            }
        }
        let name = |place: usize| {
            let slot = line.key(*keys.docinfo().get(place)?)?;
            Some(unescape(line.text(slot)?).into_owned())
        };
        Ok([name(0), name(1)])
    }
}

fn means(before: &[u8], after: &[u8]) -> bool {
    before == after || unescape(before) == unescape(after)
}
