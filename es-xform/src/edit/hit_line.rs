//! The quick way into a hit line as es-scroll writes it, for programs that do not name the docinfo: of the line's own
//! fields, only the document is read.

use es_core::record::hit::Hit;
use es_core::record::scan::MAX_DEPTH;

use super::reading::{Page, text};
use super::record::{Record, Slot};
use super::text::Home;
use super::tree::{Member, Name, Origin, Tree, Value};
use crate::program::names::{Names, Node};

impl<'a> Record<'a> {
    /// The record, the line and its document, which is what `source` means. `None` says nothing about the line.
    #[inline]
    pub(crate) fn read_hit_line(
        names: &'a Names,
        tree: &'a mut Tree,
        line: &'a [u8],
        source: Node,
    ) -> Option<(Record<'a>, Slot, Slot)> {
        let (hit, at) = Hit::usual_start(line)?;
        tree.clear();
        let root = tree.hold(None, Names::ROOT, false);
        let page = Page { names, bytes: line, home: Home::Line };
        let (document, end) = tree.value(page, at, Some(source), MAX_DEPTH).ok()?;
        if &line[end..] != b"}" {
            return None;
        }
        // Index, id and perhaps a routing come before it.
        let ordinal = 2 + u32::from(hit.routing.is_some());
        let start = at - b"\"_source\":".len();
        let origin = Origin {
            name: Name::Known(source),
            start: start as u32,
            name_end: at as u32 - 1,
            value: (at as u32, end as u32),
            after: start as u32 - 1,
            ordinal,
            shadows: false,
        };
        let document = tree.append(root, Member::read(document, origin));
        tree.close(root, text(Home::Line, 0..line.len()), ordinal + 1);
        let mut record = Record { names, line, tree };
        let document = Slot::new(root, document, source);
        let root = record.floating(Value::Opened(root), Names::ROOT);
        Some((record, root, document))
    }
}
