//! A record as a tree in which only what the program names exists; the rest stays bytes of the line. `reading` makes
//! it, `record` changes it and `written` writes it. The vectors are reused, so that a line costs no allocation.
//!
//! Of a field that an object has twice, the last counts, as for jq. Both stay as they are until an edit touches the
//! field; then the earlier ones go.

use super::text::Text;
use crate::program::names::Node;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Text(Text),
    /// An object or array whose members are in the tree.
    Opened(HolderId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HolderId(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemberId(pub(super) u32);

/// What no holder has floats.
pub(crate) const NOWHERE: HolderId = HolderId(u32::MAX);

/// The end of a list of members.
pub(crate) const NONE: MemberId = MemberId(u32::MAX);

/// What holds members: an object or an array.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holder {
    /// The text it was read from; none for an object that edits made.
    pub(crate) text: Option<Text>,
    /// What it is among the names: its members are the children of this.
    pub(crate) node: Node,
    pub(crate) is_array: bool,
    pub(crate) first: MemberId,
    pub(crate) last: MemberId,
    /// How many fields or items its text has.
    pub(crate) count: u32,
}

/// What a member is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// A name of the program, or its word for each item.
    Known(Node),
    /// Any other, with its quotes.
    Other(Text),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) name: Name,
    pub(crate) value: Value,
    pub(crate) state: State,
    pub(crate) origin: Option<Origin>,
    pub(crate) next: MemberId,
}

impl Member {
    pub(super) fn read(value: Value, origin: Origin) -> Member {
        Member { name: origin.name, value, state: State::Here, origin: Some(origin), next: NONE }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Here,
    Gone,
    /// The same name comes again further on.
    Shadowed,
}

/// Where a member stood in the text of its holder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) name: Name,
    /// The opening quote of the name; where the value starts, for an item.
    pub(crate) start: u32,
    /// The index after the closing quote of the name.
    pub(crate) name_end: u32,
    pub(crate) value: (u32, u32),
    /// Where the member before it ended.
    pub(crate) after: u32,
    pub(crate) ordinal: u32,
    /// Whether the same name stood before it.
    pub(crate) shadows: bool,
}

/// The tree of one record.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) holders: Vec<Holder>,
    pub(crate) members: Vec<Member>,
    pub(crate) scratch: Vec<u8>,
    /// Some text there may say that something is no number.
    pub(crate) unfinished: bool,
    /// Some object has a field of the program twice.
    pub(crate) repeats: bool,
    /// The member that was last read of each node; what is left from earlier records means nothing.
    pub(super) latest: Vec<MemberId>,
    pub(crate) spare_text: Vec<u8>,
    pub(crate) spare_values: Vec<Value>,
}

impl Tree {
    /// Forgets what was read before.
    pub(super) fn clear(&mut self) {
        self.holders.clear();
        self.members.clear();
        self.scratch.clear();
        self.repeats = false;
        self.unfinished = false;
    }

    /// Something without members yet.
    pub(crate) fn hold(&mut self, text: Option<Text>, node: Node, is_array: bool) -> HolderId {
        self.holders.push(Holder { text, node, is_array, first: NONE, last: NONE, count: 0 });
        HolderId(self.holders.len() as u32 - 1)
    }

    /// It was read from this text, and has so many fields or items there.
    pub(super) fn close(&mut self, id: HolderId, text: Text, count: u32) {
        let holder = &mut self.holders[id.0 as usize];
        holder.text = Some(text);
        holder.count = count;
    }

    pub(crate) fn append(&mut self, holder: HolderId, member: Member) -> MemberId {
        let new = self.float(member);
        let holder = &mut self.holders[holder.0 as usize];
        let last = std::mem::replace(&mut holder.last, new);
        if last == NONE {
            holder.first = new;
        } else {
            self.member_mut(last).next = new;
        }
        new
    }

    /// A member that no holder has.
    pub(crate) fn float(&mut self, member: Member) -> MemberId {
        self.members.push(member);
        MemberId(self.members.len() as u32 - 1)
    }

    #[inline]
    pub(crate) fn holder(&self, id: HolderId) -> &Holder {
        &self.holders[id.0 as usize]
    }

    #[inline]
    pub(crate) fn member(&self, id: MemberId) -> &Member {
        &self.members[id.0 as usize]
    }

    #[inline]
    pub(crate) fn member_mut(&mut self, id: MemberId) -> &mut Member {
        &mut self.members[id.0 as usize]
    }
}
