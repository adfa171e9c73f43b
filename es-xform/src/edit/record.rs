//! A record that edits change: its tree, and the bytes that the texts of the tree lie in.

use es_core::record::scan::{self, Broken, MAX_DEPTH};

use super::order::Type;
use super::reading::{Nobody, Page, Watch};
use super::text::{Home, Text};
use super::tree::{HolderId, Member, MemberId, NONE, NOWHERE, Name, State, Tree, Value};
use crate::fault::Fault;
use crate::program::names::{Names, Node};

#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub(crate) names: &'a Names,
    pub(crate) line: &'a [u8],
    pub(super) tree: &'a mut Tree,
}

/// A place that holds a value: a member, and what it is among the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    holder: HolderId,
    member: MemberId,
    pub(crate) node: Node,
}

impl Slot {
    pub(super) fn new(holder: HolderId, member: MemberId, node: Node) -> Slot {
        Slot { holder, member, node }
    }
}

impl<'a> Record<'a> {
    /// Reads the object that is the whole of `line`; it may nest `depth` levels. `node` says what its fields mean.
    pub(crate) fn read(
        names: &'a Names,
        tree: &'a mut Tree,
        line: &'a [u8],
        node: Node,
        depth: u32,
        watch: &mut impl Watch,
    ) -> Result<(Record<'a>, Slot), Broken> {
        tree.clear();
        let page = Page { names, bytes: line, home: Home::Line };
        let (root, end) = tree.object(page, scan::space_end(line, 0), node, depth, watch)?;
        let rest = scan::space_end(line, end);
        if rest < line.len() {
            return Err(Broken::Malformed { at: rest, why: "more after the record" });
        }
        let mut record = Record { names, line, tree };
        let root = record.floating(Value::Opened(root), node);
        Ok((record, root))
    }

    /// The text of a value as it was read; none for what edits made.
    pub(crate) fn text_of(&self, value: Value) -> Option<Text> {
        match value {
            Value::Null => None,
            Value::Text(text) => Some(text),
            Value::Opened(id) => self.tree.holder(id).text,
        }
    }

    pub(crate) fn bytes(&self, text: Text) -> &[u8] {
        &self.home(text.home)[text.start as usize..text.end as usize]
    }

    /// The text of a value; an opened one is written out.
    pub(crate) fn told(&mut self, value: Value) -> Result<Text, Fault> {
        match self.copied(value)? {
            Value::Text(text) => Ok(text),
            Value::Null | Value::Opened(_) => Ok(self.names.null()),
        }
    }

    /// Keeps a text that an edit made.
    pub(crate) fn keep(&mut self, text: &[u8]) -> Result<Text, Fault> {
        let start = self.tree.scratch.len();
        let end = u32::try_from(start + text.len()).map_err(|_| Fault::Grown)?;
        self.tree.scratch.extend_from_slice(text);
        Ok(Text { home: Home::Scratch, start: start as u32, end })
    }

    /// A value that can stand in a second place: an opened one becomes a text of its own.
    pub(crate) fn copied(&mut self, value: Value) -> Result<Value, Fault> {
        match value {
            Value::Null | Value::Text(_) => Ok(value),
            Value::Opened(_) => {
                let mut text = std::mem::take(&mut self.tree.spare_text);
                text.clear();
                self.write(value, &mut text);
                let kept = self.keep(&text);
                self.tree.spare_text = text;
                kept.map(Value::Text)
            }
        }
    }

    /// An object without fields whose members are the children of `node`.
    pub(crate) fn make(&mut self, node: Node) -> HolderId {
        self.tree.hold(None, node, false)
    }

    /// A place outside the record, for a value that is to be edited before it is known where it goes.
    pub(crate) fn floating(&mut self, value: Value, node: Node) -> Slot {
        let member = Member { name: Name::Known(node), value, state: State::Here, origin: None, next: NONE };
        Slot { holder: NOWHERE, member: self.tree.float(member), node }
    }

    /// The opened form of the object or array that lies in a place; `None` for other values.
    #[inline(always)]
    pub(crate) fn enter(&mut self, slot: Slot) -> Result<Option<HolderId>, Fault> {
        match self.value(slot) {
            Value::Null => Ok(None),
            Value::Opened(id) if self.tree.holder(id).node == slot.node => Ok(Some(id)),
            Value::Text(text) => self.open(slot, text),
            // It came from a place where other names matter.
            opened @ Value::Opened(_) => {
                let text = self.told(opened)?;
                self.open(slot, text)
            }
        }
    }

    #[inline(never)]
    fn open(&mut self, slot: Slot, text: Text) -> Result<Option<HolderId>, Fault> {
        let is_array = match self.bytes(text)[0] {
            b'{' => false,
            b'[' if self.names.each(slot.node).is_some() => true,
            _ => return Ok(None),
        };
        let scratch = std::mem::take(&mut self.tree.scratch);
        let bytes = match text.home {
            Home::Line => self.line,
            Home::Constants => self.names.constants(),
            Home::Scratch => &scratch,
        };
        let page = Page { names: self.names, bytes, home: text.home };
        let (at, node) = (text.start as usize, slot.node);
        let opened = match is_array {
            true => self.tree.array(page, at, node, MAX_DEPTH),
            false => self.tree.object(page, at, node, MAX_DEPTH, &mut Nobody),
        };
        self.tree.scratch = scratch;
        let (opened, _) = opened?;
        self.put(slot, Value::Opened(opened));
        Ok(Some(opened))
    }

    /// The member of an object that a name of the program means.
    #[inline]
    pub(crate) fn find(&self, object: HolderId, node: Node) -> Option<Slot> {
        let mut at = self.first_member(object);
        while at != NONE {
            let member = self.tree.member(at);
            if member.name == Name::Known(node) && member.state == State::Here {
                return Some(Slot { holder: object, member: at, node });
            }
            at = member.next;
        }
        None
    }

    pub(crate) fn is_array(&self, holder: HolderId) -> bool {
        self.tree.holder(holder).is_array
    }

    /// The first member at or after `from` that is there, and the one to go on from.
    pub(crate) fn next_member(
        &self,
        holder: HolderId,
        mut from: MemberId,
        node: Node,
    ) -> Option<(Slot, MemberId)> {
        while from != NONE {
            let (id, member) = (from, self.tree.member(from));
            if member.state == State::Here {
                return Some((Slot { holder, member: id, node }, member.next));
            }
            from = member.next;
        }
        None
    }

    pub(crate) fn first_member(&self, holder: HolderId) -> MemberId {
        self.tree.holder(holder).first
    }

    pub(crate) fn value(&self, slot: Slot) -> Value {
        self.tree.member(slot.member).value
    }

    /// The name of a member between its quotes, as it is written, and the node it has if it is one of the program's.
    pub(crate) fn raw_name(&self, slot: Slot) -> &[u8] {
        let text = match self.tree.member(slot.member).name {
            Name::Known(node) => self.names.text(node),
            Name::Other(text) => self.bytes(text),
        };
        text.get(1..text.len() - 1).unwrap_or_default()
    }

    /// An empty vector that keeps its room from record to record; to be given back with [`take_back`](Self::take_back).
    pub(crate) fn spare_values(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.tree.spare_values)
    }

    pub(crate) fn take_back(&mut self, mut values: Vec<Value>) {
        values.clear();
        self.tree.spare_values = values;
    }

    /// Gives a place another form of the value that it has.
    pub(crate) fn put(&mut self, slot: Slot, value: Value) {
        self.tree.member_mut(slot.member).value = value;
    }

    pub(crate) fn replace(&mut self, slot: Slot, value: Value) {
        self.touch(slot);
        self.put(slot, value);
    }

    /// Gives a member another name within its object.
    pub(crate) fn rename(&mut self, slot: Slot, name: Name) {
        self.touch(slot);
        self.tree.member_mut(slot.member).name = name;
    }

    pub(crate) fn remove(&mut self, slot: Slot) {
        self.touch(slot);
        self.tree.member_mut(slot.member).state = State::Gone;
    }

    pub(crate) fn append(&mut self, object: HolderId, node: Node, value: Value) -> Slot {
        let member = Member { name: Name::Known(node), value, state: State::Here, origin: None, next: NONE };
        Slot { holder: object, member: self.tree.append(object, member), node }
    }

    /// Says that an edit goes into a place: members of the same name before it go.
    #[inline]
    pub(crate) fn touch(&mut self, slot: Slot) {
        if self.tree.repeats {
            self.forget_shadowed(slot);
        }
    }

    fn forget_shadowed(&mut self, slot: Slot) {
        let Some(origin) = self.tree.member(slot.member).origin.filter(|origin| origin.shadows) else {
            return;
        };
        let mut at = self.tree.holder(slot.holder).first;
        while at != slot.member && at != NONE {
            let earlier = self.tree.member_mut(at);
            if earlier.state == State::Shadowed && earlier.name == origin.name {
                earlier.state = State::Gone;
            }
            at = earlier.next;
        }
    }

    /// Whether some object has a field of the program twice.
    pub(crate) fn repeats(&self) -> bool {
        self.tree.repeats
    }

    pub(crate) fn type_of(&self, value: Value) -> Type {
        match value {
            Value::Null => Type::Null,
            Value::Text(text) => Type::of(self.bytes(text)),
            Value::Opened(id) if self.is_array(id) => Type::Array,
            Value::Opened(_) => Type::Object,
        }
    }

    pub(crate) fn is_null(&self, value: Value) -> bool {
        self.type_of(value) == Type::Null
    }
}
