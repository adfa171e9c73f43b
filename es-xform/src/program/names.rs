//! The names that a program mentions, as a tree: the paths of its edits share their beginnings. A record is read
//! along this tree, so that only objects on a named path are entered and everything else is stepped over.

use es_core::record::scan::unescape;

use super::terms;
use crate::edit::tree::{Home, Text};

/// A place in the tree of names.
pub(crate) type Node = u32;

/// The tree of names, and the constants that edits write.
#[derive(Debug)]
pub(crate) struct Names {
    nodes: Vec<Name>,
    constants: Vec<u8>,
}

#[derive(Debug, Default)]
struct Name {
    /// The name itself, escapes decoded.
    bytes: Vec<u8>,
    /// The name as JSON text, quotes included.
    text: Vec<u8>,
    kids: Vec<Node>,
    /// What stands for each item of an array and each value of an object.
    each: Option<Node>,
    /// Whether every field is wanted, not only those with a name here.
    all: bool,
    /// A bit for each length that a child's name has, modulo 64: most names of a document are told apart by it.
    lengths: u64,
}

impl Names {
    pub(crate) const ROOT: Node = 0;

    pub(crate) fn new() -> Names {
        Names { nodes: vec![Name::default()], constants: b"nulltruefalse".to_vec() }
    }

    /// The items of what lies at `node`.
    pub(crate) fn add_each(&mut self, node: Node) -> Node {
        if let Some(each) = self.nodes[node as usize].each {
            return each;
        }
        let new = self.nodes.len() as Node;
        self.nodes.push(Name::default());
        let parent = &mut self.nodes[node as usize];
        parent.each = Some(new);
        parent.all = true;
        new
    }

    /// Says that all fields of what lies at `node` are wanted.
    pub(crate) fn want_all(&mut self, node: Node) {
        self.nodes[node as usize].all = true;
    }

    /// Whether some value is met both by the names of its fields and as a row of items: what is below it would have
    /// to be read in two ways.
    pub(crate) fn are_mixed(&self) -> bool {
        self.nodes.iter().any(|name| name.each.is_some() && !name.kids.is_empty())
    }

    /// The child of `node` with this name, made where it is new.
    pub(crate) fn add(&mut self, node: Node, name: &str) -> Node {
        if let Some(found) = self.kid(node, name.as_bytes()) {
            return found;
        }
        let new = self.nodes.len() as Node;
        let text = terms::quoted(name).into_bytes();
        self.nodes.push(Name { bytes: name.as_bytes().to_vec(), text, ..Name::default() });
        let parent = &mut self.nodes[node as usize];
        parent.kids.push(new);
        parent.lengths |= 1 << (name.len() & 63);
        new
    }

    /// Keeps a text that edits write.
    pub(crate) fn add_constant(&mut self, text: &[u8]) -> Text {
        let start = self.constants.len();
        self.constants.extend_from_slice(text);
        constant(start, self.constants.len())
    }

    pub(crate) fn null(&self) -> Text {
        constant(0, 4)
    }

    pub(crate) fn boolean(&self, is: bool) -> Text {
        match is {
            true => constant(4, 8),
            false => constant(8, 13),
        }
    }

    pub(crate) fn constants(&self) -> &[u8] {
        &self.constants
    }

    /// Whether objects at `node` are read field by field.
    #[inline]
    pub(crate) fn is_entered(&self, node: Node) -> bool {
        let name = &self.nodes[node as usize];
        name.all || !name.kids.is_empty()
    }

    #[inline]
    pub(crate) fn wants_all(&self, node: Node) -> bool {
        self.nodes[node as usize].all
    }

    #[inline]
    pub(crate) fn each(&self, node: Node) -> Option<Node> {
        self.nodes[node as usize].each
    }

    /// The name of a step as JSON text.
    pub(crate) fn text(&self, node: Node) -> &[u8] {
        &self.nodes[node as usize].text
    }

    /// The names of a path as one would type it.
    pub(crate) fn typed(&self, path: &[Node]) -> String {
        terms::typed(path.iter().map(|node| self.name(*node)))
    }

    pub(crate) fn name(&self, node: Node) -> &str {
        std::str::from_utf8(&self.nodes[node as usize].bytes).unwrap_or_default()
    }

    /// The child of `node` that a field name between its quotes means.
    #[inline]
    pub(crate) fn kid(&self, node: Node, raw: &[u8]) -> Option<Node> {
        let name = &self.nodes[node as usize];
        if name.lengths >> (raw.len() & 63) & 1 != 0
            && let Some(found) = self.find(name, raw)
        {
            return Some(found);
        }
        match name.lengths == 0 || !raw.contains(&b'\\') {
            true => None,
            false => self.find(name, &unescape(raw)),
        }
    }

    fn find(&self, parent: &Name, wanted: &[u8]) -> Option<Node> {
        parent.kids.iter().copied().find(|kid| {
            let known = &self.nodes[*kid as usize].bytes;
            // Most names differ at once; the call of a comparison costs more than this look.
            known.first() == wanted.first() && known == wanted
        })
    }
}

/// Programs are far shorter than 4 GB.
fn constant(start: usize, end: usize) -> Text {
    Text { home: Home::Constants, start: start as u32, end: end as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_escaped() {
        let mut names = Names::new();
        let a = names.add(Names::ROOT, "a\"é");
        assert_eq!(names.add(Names::ROOT, "a\"é"), a);
        assert_eq!(names.text(a), "\"a\\\"é\"".as_bytes());
        assert_eq!(names.kid(Names::ROOT, br#"\u0061\"\u00e9"#), Some(a));
        assert_eq!(names.kid(Names::ROOT, b"a"), None);
        assert!(names.is_entered(Names::ROOT) && !names.is_entered(a));
    }
}
