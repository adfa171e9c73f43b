//! Reads what the program names into a tree; everything else is stepped over.

use std::ops::Range;

use es_core::record::scan::{self, Broken, Fields, Items, Named};

use super::text::{Home, Text};
use super::tree::{HolderId, Member, MemberId, NONE, Name, Origin, State, Tree, Value};
use crate::program::names::{Names, Node};

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
        let end = fields.position();
        self.close(id, text(home, at..end), ordinal);
        Ok((id, end))
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
        let end = items.position();
        self.close(id, text(page.home, at..end), ordinal);
        Ok((id, end))
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
}

#[inline]
pub(super) fn text(home: Home, range: Range<usize>) -> Text {
    Text { home, start: range.start as u32, end: range.end as u32 }
}
