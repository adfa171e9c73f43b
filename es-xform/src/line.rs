//! A line as a record: where its docinfo and its document are, what must be true of them in the end, and how it is
//! written again.

use es_core::record::kind::Kind;
use es_core::record::scan::MAX_DEPTH;

use crate::edit::order::Type;
use crate::edit::reading::Watch;
use crate::edit::record::{Record, Slot};
use crate::edit::text::{Home, Text};
use crate::edit::tree::{HolderId, Tree, Value};
use crate::fault::Fault;
use crate::program::Root;
use crate::program::names::{Names, Node};
use crate::program::terms::DOCINFO;

/// Where the line's own keys are among the names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keys {
    /// None where the program cannot change the docinfo.
    docinfo: Option<[Node; 3]>,
    source: Node,
}

impl Keys {
    pub(crate) fn of(names: &Names) -> Keys {
        let key = |name: &str| names.named(Names::ROOT, name.as_bytes());
        let docinfo = match DOCINFO.map(key) {
            [Some(index), Some(id), Some(routing)] => Some([index, id, routing]),
            _ => None,
        };
        Keys { docinfo, source: key("_source").unwrap_or(Names::ROOT) }
    }

    pub(crate) fn docinfo(&self) -> &[Node] {
        self.docinfo.as_ref().map_or(&[], |docinfo| &docinfo[..])
    }
}

pub(crate) struct Line<'a> {
    pub(crate) record: Record<'a>,
    pub(crate) keys: Keys,
    /// The outermost object.
    pub(crate) root: Slot,
    /// What the program calls `.`.
    pub(crate) document: Slot,
    asked: Root,
    kind: Kind,
    /// It came without `_source`.
    bare_docinfo: bool,
}

impl<'a> Line<'a> {
    /// Reads a hit line of the usual form, of which nothing needs to be judged. `None` says nothing about the line.
    #[inline]
    pub(crate) fn usual(
        names: &'a Names,
        tree: &'a mut Tree,
        keys: Keys,
        asked: Root,
        text: &'a [u8],
        kind: Kind,
    ) -> Option<Line<'a>> {
        if (asked, kind) != (Root::Document, Kind::Hit)
            || keys.docinfo.is_some()
            || u32::try_from(text.len()).is_err()
        {
            return None;
        }
        let (record, root, document) = Record::read_hit_line(names, tree, text, keys.source)?;
        Some(Line { record, keys, root, document, asked, kind, bare_docinfo: false })
    }

    /// Reads a line. A document without docinfo becomes the `_source` of a line that has nothing else.
    pub(crate) fn read(
        names: &'a Names,
        tree: &'a mut Tree,
        keys: Keys,
        asked: Root,
        text: &'a [u8],
        kind: Kind,
        watch: &mut impl Watch,
    ) -> Result<Line<'a>, Fault> {
        if u32::try_from(text.len()).is_err() {
            return Err(Fault::Grown);
        }
        let (mut record, root, document);
        let mut bare_docinfo = false;
        match (asked, kind) {
            (Root::Document, Kind::Bare) => {
                let (read, source) = Record::read(names, tree, text, keys.source, MAX_DEPTH, watch)?;
                record = read;
                let line = record.make(Names::ROOT);
                document = record.append(line, keys.source, record.value(source));
                root = record.floating(Value::Opened(line), Names::ROOT);
            }
            // The line's own braces are one level on top of those that the document may have.
            (Root::Document | Root::Line, _) => {
                (record, root) = Record::read(names, tree, text, Names::ROOT, MAX_DEPTH + 1, watch)?;
                document = match (asked, record.value(root)) {
                    (Root::Document, Value::Opened(line)) => {
                        record.find(line, keys.source).unwrap_or_else(|| {
                            bare_docinfo = true;
                            record.append(line, keys.source, Value::Null)
                        })
                    }
                    (Root::Document | Root::Line, _) => root,
                };
            }
        }
        Ok(Line { record, keys, root, document, asked, kind, bare_docinfo })
    }

    /// The outermost object, in a program whose `.` is the document.
    fn object(&self) -> Option<HolderId> {
        match self.record.value(self.root) {
            Value::Opened(object) => Some(object),
            Value::Null | Value::Text(_) => None,
        }
    }

    pub(crate) fn key(&self, key: Node) -> Option<Slot> {
        self.record.find(self.object()?, key)
    }

    /// The text of what lies in a place, as it was read or put there.
    pub(crate) fn text(&self, slot: Slot) -> Option<&[u8]> {
        self.record.text_of(self.record.value(slot)).map(|text| self.record.bytes(text))
    }

    pub(crate) fn replace(&mut self, slot: Slot, text: &[u8]) -> Result<(), Fault> {
        let text = self.record.keep(text)?;
        self.record.replace(slot, Value::Text(text));
        Ok(())
    }

    pub(crate) fn add(&mut self, key: Node, text: &[u8]) -> Result<(), Fault> {
        let text = self.record.keep(text)?;
        if let Some(object) = self.object() {
            self.record.append(object, key, Value::Text(text));
        }
        Ok(())
    }

    /// What comes out must be a record. Docinfo must be strings; a number becomes the string of its text, as the
    /// servers read it. A line that had docinfo must keep enough of it to be told from a bare document, unless it
    /// `may_be_nameless`.
    pub(crate) fn check(&mut self, may_be_nameless: bool) -> Result<(), Fault> {
        let document = self.record.value(self.document);
        match self.record.type_of(document) {
            Type::Object => {}
            Type::Null if self.bare_docinfo => self.record.remove(self.document),
            other => return Err(Fault::Program(format!("the output is {}, not an object", other.a_name()))),
        }
        let (Root::Document, Some(docinfo)) = (self.asked, self.keys.docinfo) else { return Ok(()) };
        for (name, node) in DOCINFO.into_iter().zip(docinfo) {
            let Some(slot) = self.key(node) else { continue };
            let value = self.record.value(slot);
            match self.record.type_of(value) {
                Type::String => {}
                Type::Number => {
                    let mut text = b"\"".to_vec();
                    self.record.write_out(value, &mut text);
                    if text.ends_with(b"null") {
                        return Err(Fault::WrongType { name, kind: Type::Null.a_name(), wanted: "a string" });
                    }
                    text.push(b'"');
                    self.replace(slot, &text)?;
                }
                other @ (Type::Null | Type::False | Type::True | Type::Array | Type::Object) => {
                    return Err(Fault::WrongType { name, kind: other.a_name(), wanted: "a string" });
                }
            }
        }
        let left = docinfo[..2].iter().any(|node| self.key(*node).is_some());
        // A bare document that got only a routing would lose it: such a line is no hit line.
        let needs = !may_be_nameless && (self.kind == Kind::Hit || self.key(docinfo[2]).is_some());
        match left || !needs {
            true => Ok(()),
            false => Err(Fault::NoDocinfo),
        }
    }

    /// Appends the line, its line break included. With `wraps`, a document becomes a hit line even without docinfo.
    pub(crate) fn write(&self, wraps: bool, out: &mut Vec<u8>) {
        let named = || self.keys.docinfo().iter().any(|node| self.key(*node).is_some());
        let value = match (self.asked, self.kind) {
            (Root::Document, Kind::Bare) if wraps || named() => {
                self.write_named(out);
                out.push(b'\n');
                return;
            }
            // A document that came without docinfo leaves without.
            (Root::Document, Kind::Bare) => self.record.value(self.document),
            (Root::Document | Root::Line, _) => self.record.value(self.root),
        };
        // The space around a record stays, too.
        let (before, after) = match self.record.text_of(value) {
            Some(Text { home: Home::Line, start, end }) => {
                let around = (&self.record.line[..start as usize], &self.record.line[end as usize..]);
                // What is more than space is the rest of a record of which a part became the whole.
                match [around.0, around.1].iter().all(|text| text.trim_ascii().is_empty()) {
                    true => around,
                    false => (&b""[..], &b""[..]),
                }
            }
            _ => (&b""[..], &b""[..]),
        };
        out.extend_from_slice(before);
        self.record.write_out(value, out);
        out.extend_from_slice(after);
        out.push(b'\n');
    }

    /// A document that the program gave docinfo.
    fn write_named(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        for node in self.keys.docinfo() {
            if let Some(slot) = self.key(*node) {
                out.extend_from_slice(self.record.names.text(*node));
                out.push(b':');
                self.record.write_out(self.record.value(slot), out);
                out.push(b',');
            }
        }
        out.extend_from_slice(b"\"_source\":");
        self.record.write_out(self.record.value(self.document), out);
        out.push(b'}');
    }
}
