//! The names that a program mentions, as a tree: the paths of its edits share their beginnings. A record is read
//! along this tree, so that only objects on a named path are entered and everything else is stepped over.

use es_core::record::scan::unescape;

use super::terms;
use crate::edit::text::{Home, Text};

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
    kids: Vec<Kid>,
    /// A bit for each length and first byte that a child's name has: most names of a document are told by it to be none.
    marks: u64,
    /// What stands for each item of an array and each value of an object.
    each: Option<Node>,
    /// Whether every field is wanted, not only those with a name here.
    all: bool,
}

/// A child as it is looked for.
#[derive(Debug)]
struct Kid {
    start: Start,
    node: Node,
}

/// The length of a name and its first bytes, which tell nearly all names apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Start {
    length: usize,
    bytes: u64,
}

impl Start {
    #[inline(always)]
    fn of(name: &[u8]) -> Start {
        let bytes = match (name.first_chunk(), name.first_chunk(), name.last_chunk()) {
            (Some(first), _, _) => u64::from_le_bytes(*first),
            (None, Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
            }
            (None, _, _) => name.iter().fold(0, |bytes, byte| bytes << 8 | u64::from(*byte)),
        };
        Start { length: name.len(), bytes }
    }

    /// A bit of [`Name::marks`].
    #[inline(always)]
    fn mark(name: &[u8]) -> u64 {
        let first = name.first().map_or(0, |first| usize::from(*first));
        1 << (((name.len() * 8) ^ first) & 63)
    }

    /// Whether two names of this start can differ.
    #[inline(always)]
    fn goes_on(self) -> bool {
        self.length > 8
    }
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
        if let Some(found) = self.named(node, name.as_bytes()) {
            return found;
        }
        let new = self.nodes.len() as Node;
        let text = terms::quoted(name).into_bytes();
        self.nodes.push(Name { bytes: name.as_bytes().to_vec(), text, ..Name::default() });
        let parent = &mut self.nodes[node as usize];
        parent.kids.push(Kid { start: Start::of(name.as_bytes()), node: new });
        parent.marks |= Start::mark(name.as_bytes());
        new
    }

    /// Keeps a text that edits write.
    pub(crate) fn add_constant(&mut self, text: &[u8]) -> Text {
        let start = self.constants.len();
        self.constants.extend_from_slice(text);
        among_constants(start, self.constants.len())
    }

    pub(crate) fn null(&self) -> Text {
        among_constants(0, 4)
    }

    pub(crate) fn boolean(&self, is: bool) -> Text {
        match is {
            true => among_constants(4, 8),
            false => among_constants(8, 13),
        }
    }

    pub(crate) fn constants(&self) -> &[u8] {
        &self.constants
    }

    /// A text that edits write.
    #[inline]
    pub(crate) fn constant(&self, text: Text) -> &[u8] {
        &self.constants[text.start as usize..text.end as usize]
    }

    /// Nodes are numbered from 0.
    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
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

    /// The child of `node` with this name.
    #[inline(always)]
    pub(crate) fn named(&self, node: Node, name: &[u8]) -> Option<Node> {
        let parent = &self.nodes[node as usize];
        if parent.marks & Start::mark(name) == 0 {
            return None;
        }
        let start = Start::of(name);
        let is = |kid: &&Kid| {
            kid.start == start && (!start.goes_on() || self.nodes[kid.node as usize].bytes == name)
        };
        parent.kids.iter().find(is).map(|kid| kid.node)
    }

    /// The child of `node` that a field name between its quotes means, escapes decoded.
    pub(crate) fn meant(&self, node: Node, raw: &[u8]) -> Option<Node> {
        self.named(node, &unescape(raw))
    }
}

/// Programs are far shorter than 4 GB.
fn among_constants(start: usize, end: usize) -> Text {
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
        assert_eq!(names.meant(Names::ROOT, br#"\u0061\"\u00e9"#), Some(a));
        assert_eq!(names.meant(Names::ROOT, b"a"), None);
        assert!(names.is_entered(Names::ROOT) && !names.is_entered(a));
    }

    #[test]
    fn names_are_told_apart_by_every_byte() {
        for length in 0..20 {
            let name = "abcdefghijklmnopqrst"[..length].to_owned();
            let mut names = Names::new();
            let node = names.add(Names::ROOT, &name);
            assert_eq!(names.named(Names::ROOT, name.as_bytes()), Some(node));
            for at in 0..length {
                let mut other = name.clone().into_bytes();
                other[at] ^= 1;
                assert_eq!(names.named(Names::ROOT, &other), None, "{name} {at}");
                assert_eq!(names.named(Names::ROOT, &name.as_bytes()[..at]), None);
            }
        }
    }
}
