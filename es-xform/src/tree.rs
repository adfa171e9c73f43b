//! A record as a tree in which only the fields that the program names exist; the rest stays bytes of the line.
//! Edits change the tree, one after the other, exactly as jq would change the value; writing it out copies every
//! stretch of the line that no edit touched. The vectors are reused, so that a line costs no allocation.
//!
//! Of a field that an object has twice, the last counts, as for jq. Both stay as they are until an edit touches the
//! field; then the earlier ones go.

use es_core::record::scan::{self, Broken, Fields, MAX_DEPTH};

use crate::names::{Names, Node};

/// Where bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    Line,
    Constants,
    /// Text made while the record was edited.
    Scratch,
}

/// A JSON text somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) home: Home,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Text(Text),
    Object(ObjectId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ObjectId(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemberId(u32);

/// The end of a list of members.
const NONE: MemberId = MemberId(u32::MAX);

#[derive(Clone, Copy, Debug)]
struct Object {
    /// The text it was read from; none for an object that edits made.
    text: Option<Text>,
    /// Whose children its members are.
    node: Node,
    first: MemberId,
    last: MemberId,
    /// How many fields its text has.
    fields: u32,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    node: Node,
    value: Value,
    state: State,
    origin: Option<Origin>,
    next: MemberId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Here,
    Gone,
    /// The same name comes again further on.
    Shadowed,
}

/// Where a member stood in the text of its object.
#[derive(Clone, Copy, Debug)]
struct Origin {
    node: Node,
    /// The opening quote and the index after the closing one.
    name: (usize, usize),
    value: (usize, usize),
    /// Where the field before it ended.
    after: usize,
    ordinal: u32,
}

/// The tree of one record. `names` says what is read; `line` is the record.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    objects: Vec<Object>,
    members: Vec<Member>,
    scratch: Vec<u8>,
    spare_text: Vec<u8>,
    spare_values: Vec<Value>,
}

/// A tree together with the bytes its texts lie in.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub(crate) names: &'a Names,
    pub(crate) line: &'a [u8],
    pub(crate) root: Value,
    tree: &'a mut Tree,
}

/// What is told about each field of the outermost object while it is read.
pub(crate) trait Watch {
    fn field(&mut self, name: &[u8], value: &[u8]);
}

/// For objects within the record.
struct Nobody;

impl Watch for Nobody {
    #[inline]
    fn field(&mut self, _: &[u8], _: &[u8]) {}
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
    ) -> Result<Record<'a>, Broken> {
        tree.objects.clear();
        tree.members.clear();
        tree.scratch.clear();
        let (root, end) = tree.open(names, line, Home::Line, scan::space_end(line, 0), node, depth, watch)?;
        let rest = scan::space_end(line, end);
        if rest < line.len() {
            return Err(Broken::Malformed { at: rest, why: "more after the record" });
        }
        Ok(Record { names, line, root: Value::Object(root), tree })
    }

    /// The record within the line, without the space around it.
    pub(crate) fn text_of(&self, value: Value) -> Option<Text> {
        match value {
            Value::Null => None,
            Value::Text(text) => Some(text),
            Value::Object(id) => self.tree.objects[id.0 as usize].text,
        }
    }

    /// The text of a value that is no opened object.
    pub(crate) fn bytes(&self, text: Text) -> &[u8] {
        let home = match text.home {
            Home::Line => self.line,
            Home::Constants => self.names.constants(),
            Home::Scratch => &self.tree.scratch,
        };
        &home[text.start..text.end]
    }

    /// Keeps a text that an edit made.
    pub(crate) fn keep(&mut self, text: &[u8]) -> Value {
        let start = self.tree.scratch.len();
        self.tree.scratch.extend_from_slice(text);
        Value::Text(Text { home: Home::Scratch, start, end: self.tree.scratch.len() })
    }

    /// A value that can stand in a second place: an opened object becomes a text of its own.
    pub(crate) fn copied(&mut self, value: Value) -> Value {
        match value {
            Value::Null | Value::Text(_) => value,
            Value::Object(_) => {
                let mut text = std::mem::take(&mut self.tree.spare_text);
                text.clear();
                self.write(value, &mut text);
                let kept = self.keep(&text);
                self.tree.spare_text = text;
                kept
            }
        }
    }

    /// An object without fields whose members are the children of `node`.
    pub(crate) fn make(&mut self, node: Node) -> ObjectId {
        self.tree.objects.push(Object { text: None, node, first: NONE, last: NONE, fields: 0 });
        ObjectId(self.tree.objects.len() as u32 - 1)
    }

    /// The value as an opened object whose members are the children of `node`; `None` if it is no object.
    pub(crate) fn entered(&mut self, value: Value, node: Node) -> Result<Option<ObjectId>, Broken> {
        let text = match value {
            Value::Null => return Ok(None),
            Value::Text(text) => text,
            Value::Object(id) if self.tree.objects[id.0 as usize].node == node => return Ok(Some(id)),
            // It came from a place where other names matter.
            Value::Object(_) => match self.copied(value) {
                Value::Text(text) => text,
                Value::Null | Value::Object(_) => return Ok(None),
            },
        };
        if self.bytes(text)[0] != b'{' {
            return Ok(None);
        }
        let scratch = std::mem::take(&mut self.tree.scratch);
        let bytes = match text.home {
            Home::Line => self.line,
            Home::Constants => self.names.constants(),
            Home::Scratch => &scratch,
        };
        let opened = self.tree.open(self.names, bytes, text.home, text.start, node, MAX_DEPTH, &mut Nobody);
        self.tree.scratch = scratch;
        Ok(Some(opened?.0))
    }

    /// The member of an object that a step of a path means.
    #[inline]
    pub(crate) fn find(&self, object: ObjectId, node: Node) -> Option<MemberId> {
        self.members(object).find(|id| {
            let member = &self.tree.members[id.0 as usize];
            member.node == node && member.state == State::Here
        })
    }

    pub(crate) fn value(&self, member: MemberId) -> Value {
        self.tree.members[member.0 as usize].value
    }

    /// An empty vector that keeps its room from record to record; to be given back with [`take_back`](Self::take_back).
    pub(crate) fn spare_values(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.tree.spare_values)
    }

    pub(crate) fn take_back(&mut self, mut values: Vec<Value>) {
        values.clear();
        self.tree.spare_values = values;
    }

    /// Says that an edit goes into a member: those of the same name before it go.
    pub(crate) fn touch(&mut self, object: ObjectId, member: MemberId) {
        self.drop_shadowed(object, member);
    }

    /// Gives a member another value; those of the same name before it go.
    pub(crate) fn replace(&mut self, object: ObjectId, member: MemberId, value: Value) {
        self.drop_shadowed(object, member);
        self.tree.members[member.0 as usize].value = value;
    }

    /// Notes the opened form of a member's value, which is the same value.
    pub(crate) fn note_opened(&mut self, member: MemberId, value: ObjectId) {
        self.tree.members[member.0 as usize].value = Value::Object(value);
    }

    /// Gives a member another name within its object.
    pub(crate) fn rename(&mut self, object: ObjectId, member: MemberId, node: Node) {
        self.drop_shadowed(object, member);
        self.tree.members[member.0 as usize].node = node;
    }

    pub(crate) fn remove(&mut self, object: ObjectId, member: MemberId) {
        self.drop_shadowed(object, member);
        self.tree.members[member.0 as usize].state = State::Gone;
    }

    pub(crate) fn append(&mut self, object: ObjectId, node: Node, value: Value) -> MemberId {
        self.tree.append(object, Member { node, value, state: State::Here, origin: None, next: NONE })
    }

    fn drop_shadowed(&mut self, object: ObjectId, member: MemberId) {
        let Some(origin) = self.tree.members[member.0 as usize].origin else { return };
        let mut at = self.tree.objects[object.0 as usize].first;
        while at != member && at != NONE {
            let earlier = &mut self.tree.members[at.0 as usize];
            if earlier.state == State::Shadowed && earlier.node == origin.node {
                earlier.state = State::Gone;
            }
            at = earlier.next;
        }
    }

    fn members(&self, object: ObjectId) -> impl Iterator<Item = MemberId> + '_ {
        let next = |id: MemberId| (id != NONE).then_some(id);
        std::iter::successors(next(self.tree.objects[object.0 as usize].first), move |id| {
            next(self.tree.members[id.0 as usize].next)
        })
    }

    /// Appends a value as JSON text.
    pub(crate) fn write(&self, value: Value, out: &mut Vec<u8>) {
        match value {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Text(text) => out.extend_from_slice(self.bytes(text)),
            Value::Object(id) => match self.tree.objects[id.0 as usize].text {
                Some(text) => {
                    let copied = self.write_edited(id, text, text.start, out);
                    out.extend_from_slice(&self.bytes(text)[copied - text.start..]);
                }
                None => {
                    out.push(b'{');
                    self.write_appended(id, false, out);
                    out.push(b'}');
                }
            },
        }
    }

    /// Appends what `text` became from `copied` on, as far as an edit touched it; the index up to which the text is
    /// now written.
    fn write_edited(&self, id: ObjectId, text: Text, mut copied: usize, out: &mut Vec<u8>) -> usize {
        let b = match text.home {
            Home::Line => self.line,
            Home::Constants => self.names.constants(),
            Home::Scratch => &self.tree.scratch,
        };
        let object = &self.tree.objects[id.0 as usize];
        let (mut seen, mut any) = (0, false);
        for member in self.members(id).map(|id| &self.tree.members[id.0 as usize]) {
            let Some(origin) = member.origin else { break };
            any |= origin.ordinal > seen;
            seen = origin.ordinal + 1;
            match member.state {
                State::Shadowed => any = true,
                // One comma goes with the field: the one before it, or the one after it if it comes first.
                State::Gone if any => {
                    out.extend_from_slice(&b[copied..scan::space_end(b, origin.after)]);
                    copied = origin.value.1;
                }
                State::Gone => {
                    out.extend_from_slice(&b[copied..origin.name.0]);
                    let comma = scan::space_end(b, origin.value.1);
                    copied = if b[comma] == b',' { scan::space_end(b, comma + 1) } else { origin.value.1 };
                }
                State::Here => {
                    any = true;
                    if member.node != origin.node {
                        out.extend_from_slice(&b[copied..origin.name.0]);
                        out.extend_from_slice(self.names.text(member.node));
                        copied = origin.name.1;
                    }
                    let before = Text { home: text.home, start: origin.value.0, end: origin.value.1 };
                    match member.value {
                        Value::Text(now) if now == before => {}
                        Value::Object(now) if self.tree.objects[now.0 as usize].text == Some(before) => {
                            copied = self.write_edited(now, before, copied, out);
                        }
                        now => {
                            out.extend_from_slice(&b[copied..origin.value.0]);
                            self.write(now, out);
                            copied = origin.value.1;
                        }
                    }
                }
            }
        }
        any |= object.fields > seen;
        if object.last != NONE && self.tree.members[object.last.0 as usize].origin.is_none() {
            out.extend_from_slice(&b[copied..text.end - 1]);
            copied = text.end - 1;
            self.write_appended(id, any, out);
        }
        copied
    }

    /// Appends the members that edits added.
    fn write_appended(&self, id: ObjectId, mut any: bool, out: &mut Vec<u8>) {
        let members = self.members(id).map(|id| &self.tree.members[id.0 as usize]);
        for member in members.filter(|member| member.origin.is_none() && member.state == State::Here) {
            if any {
                out.push(b',');
            }
            any = true;
            out.extend_from_slice(self.names.text(member.node));
            out.push(b':');
            self.write(member.value, out);
        }
    }
}

impl Tree {
    /// Opens the object at `at`; where it ended too.
    #[allow(clippy::too_many_arguments, reason = "the recursion carries its surroundings")]
    fn open(
        &mut self,
        names: &Names,
        b: &[u8],
        home: Home,
        at: usize,
        node: Node,
        depth: u32,
        watch: &mut impl Watch,
    ) -> Result<(ObjectId, usize), Broken> {
        let id = ObjectId(self.objects.len() as u32);
        self.objects.push(Object { text: None, node, first: NONE, last: NONE, fields: 0 });
        let mut fields = Fields::open(b, at, depth)?;
        let (mut after, mut ordinal) = (at + 1, 0);
        while let Some((name, start)) = fields.next_name()? {
            let kid = names.kid(node, &b[name.clone()]);
            let end = match kid {
                Some(kid) if b.get(start) == Some(&b'{') && names.is_entered(kid) => {
                    let (object, end) = self.open(names, b, home, start, kid, fields.depth(), &mut Nobody)?;
                    self.add(id, kid, Value::Object(object), &name, (start, end), after, ordinal);
                    end
                }
                Some(kid) => {
                    let end = scan::value_end(b, start, fields.depth())?;
                    let text = Text { home, start, end };
                    self.add(id, kid, Value::Text(text), &name, (start, end), after, ordinal);
                    end
                }
                None => scan::value_end(b, start, fields.depth())?,
            };
            watch.field(&b[name], &b[start..end]);
            fields.resume(end);
            after = end;
            ordinal += 1;
        }
        let end = fields.position();
        let object = &mut self.objects[id.0 as usize];
        object.text = Some(Text { home, start: at, end });
        object.fields = ordinal;
        Ok((id, end))
    }

    #[allow(clippy::too_many_arguments, reason = "one field of an object, as it was found")]
    fn add(
        &mut self,
        object: ObjectId,
        node: Node,
        value: Value,
        name: &std::ops::Range<usize>,
        span: (usize, usize),
        after: usize,
        ordinal: u32,
    ) {
        let mut at = self.objects[object.0 as usize].first;
        while at != NONE {
            let earlier = &mut self.members[at.0 as usize];
            if earlier.node == node {
                earlier.state = State::Shadowed;
            }
            at = earlier.next;
        }
        let origin = Origin { node, name: (name.start - 1, name.end + 1), value: span, after, ordinal };
        let member = Member { node, value, state: State::Here, origin: Some(origin), next: NONE };
        self.append(object, member);
    }

    fn append(&mut self, object: ObjectId, member: Member) -> MemberId {
        let new = MemberId(self.members.len() as u32);
        self.members.push(member);
        let object = &mut self.objects[object.0 as usize];
        let last = std::mem::replace(&mut object.last, new);
        if last == NONE {
            object.first = new;
        } else {
            self.members[last.0 as usize].next = new;
        }
        new
    }
}
