//! A record as a tree in which only what the program names exists; the rest stays bytes of the line. Here it is
//! read; `record` changes it and `written` writes it. The vectors are reused, so that a line costs no allocation.
//!
//! Of a field that an object has twice, the last counts, as for jq. Both stay as they are until an edit touches the
//! field; then the earlier ones go.

use std::ops::Range;

use es_core::record::scan::{self, Broken, Fields, Items, Named};

use super::text::{Home, Text};
use crate::program::names::{Names, Node};

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
pub(crate) struct MemberId(u32);

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
    /// Some object has a field of the program twice.
    pub(crate) repeats: bool,
    /// The member that was last read of each node; what is left from earlier records means nothing.
    latest: Vec<MemberId>,
    pub(crate) spare_text: Vec<u8>,
    pub(crate) spare_values: Vec<Value>,
}

/// What is told about each field of the outermost object while it is read.
pub(crate) trait Watch {
    fn field(&mut self, name: &[u8], value: &[u8]);
}

/// For objects within the record.
pub(crate) struct Nobody;

impl Watch for Nobody {
    #[inline]
    fn field(&mut self, _: &[u8], _: &[u8]) {}
}

/// What a tree is read from.
#[derive(Clone, Copy)]
pub(crate) struct Page<'p> {
    pub(crate) names: &'p Names,
    pub(crate) bytes: &'p [u8],
    pub(crate) home: Home,
}

impl Tree {
    /// Forgets what was read before.
    pub(super) fn clear(&mut self) {
        self.holders.clear();
        self.members.clear();
        self.scratch.clear();
        self.repeats = false;
    }

    /// Reads the object at `at`, which may nest `depth` levels; where it ended too.
    pub(crate) fn object(
        &mut self,
        page: Page<'_>,
        at: usize,
        node: Node,
        depth: u32,
        watch: &mut impl Watch,
    ) -> Result<(HolderId, usize), Broken> {
        let Page { names, bytes: b, home } = page;
        let id = self.hold(None, node, false);
        let mut fields = Fields::open(b, at, depth)?;
        let all = names.wants_all(node);
        let own = MemberId(self.members.len() as u32);
        let (mut after, mut ordinal) = (at + 1, 0);
        while let Some(Named { name, plain, value: start }) = fields.next_name()? {
            let kid = match plain {
                true => names.named(node, &b[name.clone()]),
                false => names.meant(node, &b[name.clone()]),
            };
            let (called, below) = match kid {
                Some(kid) => (Some(Name::Known(kid)), Some(kid)),
                None if all => {
                    (Some(Name::Other(text(home, name.start - 1..name.end + 1))), names.each(node))
                }
                None => (None, None),
            };
            let (value, end) = self.value(page, start, below, fields.depth())?;
            if let Some(called) = called {
                let shadows = kid.is_some_and(|kid| self.shadow(kid, own));
                let origin = Origin {
                    name: called,
                    start: name.start as u32 - 1,
                    name_end: name.end as u32 + 1,
                    value: (start as u32, end as u32),
                    after: after as u32,
                    ordinal,
                    shadows,
                };
                let member = self.append(id, Member::read(value, origin));
                if let Some(kid) = kid {
                    self.latest[kid as usize] = member;
                }
            }
            watch.field(&b[name], &b[start..end]);
            fields.resume(end);
            after = end;
            ordinal += 1;
        }
        Ok((id, self.close(id, home, at..fields.position(), ordinal)))
    }

    /// Reads the array at `at` item by item.
    pub(crate) fn array(
        &mut self,
        page: Page<'_>,
        at: usize,
        node: Node,
        depth: u32,
    ) -> Result<(HolderId, usize), Broken> {
        let id = self.hold(None, node, true);
        let mut items = Items::open(page.bytes, at, depth)?;
        let each = page.names.each(node);
        let (mut after, mut ordinal) = (at + 1, 0);
        while let Some(start) = items.next_start()? {
            let (value, end) = self.value(page, start, each, items.depth())?;
            let name = Name::Known(each.unwrap_or(node));
            let origin = Origin {
                name,
                start: start as u32,
                name_end: start as u32,
                value: (start as u32, end as u32),
                after: after as u32,
                ordinal,
                shadows: false,
            };
            self.append(id, Member::read(value, origin));
            items.resume(end);
            after = end;
            ordinal += 1;
        }
        Ok((id, self.close(id, page.home, at..items.position(), ordinal)))
    }

    /// The value at `at`, opened where the program looks into what lies at `node`. The common case is to stay within
    /// the caller: its result through memory costs more than the search for the end.
    #[inline(always)]
    pub(super) fn value(
        &mut self,
        page: Page<'_>,
        at: usize,
        node: Option<Node>,
        depth: u32,
    ) -> Result<(Value, usize), Broken> {
        let (opened, end) = match (node, page.bytes.get(at)) {
            (Some(node), Some(b'{')) if page.names.is_entered(node) => {
                self.object(page, at, node, depth, &mut Nobody)?
            }
            (Some(node), Some(b'[')) if page.names.each(node).is_some() => {
                self.array(page, at, node, depth)?
            }
            _ => {
                let end = scan::value_end(page.bytes, at, depth)?;
                return Ok((Value::Text(text(page.home, at..end)), end));
            }
        };
        Ok((Value::Opened(opened), end))
    }

    /// Whether the object whose members begin at `own` has a field of this name already; it no longer counts then.
    #[inline]
    fn shadow(&mut self, name: Node, own: MemberId) -> bool {
        if self.latest.len() <= name as usize {
            self.latest.resize(name as usize + 1, NONE);
        }
        let earlier = self.latest[name as usize];
        match self.members.get_mut(earlier.0 as usize) {
            Some(member) if earlier.0 >= own.0 && member.name == Name::Known(name) => {
                member.state = State::Shadowed;
                self.repeats = true;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Something without members yet.
    pub(crate) fn hold(&mut self, text: Option<Text>, node: Node, is_array: bool) -> HolderId {
        self.holders.push(Holder { text, node, is_array, first: NONE, last: NONE, count: 0 });
        HolderId(self.holders.len() as u32 - 1)
    }

    pub(super) fn close(&mut self, id: HolderId, home: Home, range: Range<usize>, count: u32) -> usize {
        let holder = &mut self.holders[id.0 as usize];
        holder.text = Some(text(home, range.clone()));
        holder.count = count;
        range.end
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

#[inline]
fn text(home: Home, range: Range<usize>) -> Text {
    Text { home, start: range.start as u32, end: range.end as u32 }
}
