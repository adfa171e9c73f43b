//! An edited record as text: every stretch that no edit touched is copied from where it stands.

use es_core::record::scan;

use super::record::Record;
use super::text::{Home, Text};
use super::tree::{HolderId, NONE, Name, State, Value};
use crate::language::value;

impl Record<'_> {
    /// Appends a value as JSON text, as it is to leave.
    pub(crate) fn write_out(&self, value: Value, out: &mut Vec<u8>) {
        let start = out.len();
        self.write(value, out);
        if self.tree.unfinished {
            value::finish(out, start);
        }
    }

    /// Appends a value as JSON text that may be computed with.
    pub(crate) fn write(&self, value: Value, out: &mut Vec<u8>) {
        match value {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Text(text) => out.extend_from_slice(self.bytes(text)),
            Value::Opened(id) => match self.tree.holder(id).text {
                Some(text) => {
                    let copied = self.write_edited(id, text, text.start, out);
                    out.extend_from_slice(self.bytes(Text { start: copied, ..text }));
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
    fn write_edited(&self, id: HolderId, text: Text, mut copied: u32, out: &mut Vec<u8>) -> u32 {
        let b = self.home(text.home);
        let copy = |from: u32, to: usize, out: &mut Vec<u8>| out.extend_from_slice(&b[from as usize..to]);
        let holder = self.tree.holder(id);
        let (mut seen, mut any) = (0, false);
        let mut next = holder.first;
        while next != NONE {
            let member = self.tree.member(next);
            next = member.next;
            let Some(origin) = &member.origin else { break };
            any |= origin.ordinal > seen;
            seen = origin.ordinal + 1;
            match member.state {
                State::Shadowed => any = true,
                // One comma goes with the field: the one before it, or the one after it if it comes first.
                State::Gone if any => {
                    copy(copied, scan::space_end(b, origin.after as usize), out);
                    copied = origin.value.1;
                }
                State::Gone => {
                    copy(copied, origin.start as usize, out);
                    let comma = scan::space_end(b, origin.value.1 as usize);
                    copied = match b[comma] {
                        b',' => scan::space_end(b, comma + 1) as u32,
                        _ => origin.value.1,
                    };
                }
                State::Here => {
                    any = true;
                    if member.name != origin.name {
                        copy(copied, origin.start as usize, out);
                        out.extend_from_slice(self.name_text(member.name));
                        copied = origin.name_end;
                    }
                    let before = Text { home: text.home, start: origin.value.0, end: origin.value.1 };
                    match member.value {
                        Value::Text(now) if now == before => {}
                        Value::Opened(now) if self.tree.holder(now).text == Some(before) => {
                            copied = self.write_edited(now, before, copied, out);
                        }
                        now => {
                            copy(copied, origin.value.0 as usize, out);
                            self.write(now, out);
                            copied = origin.value.1;
                        }
                    }
                }
            }
        }
        any |= holder.count > seen;
        if holder.last != NONE && self.tree.member(holder.last).origin.is_none() {
            copy(copied, text.end as usize - 1, out);
            copied = text.end - 1;
            self.write_appended(id, any, out);
        }
        copied
    }

    /// Appends the members that edits added.
    fn write_appended(&self, id: HolderId, mut any: bool, out: &mut Vec<u8>) {
        let mut next = self.tree.holder(id).first;
        while next != NONE {
            let member = self.tree.member(next);
            next = member.next;
            if member.origin.is_some() || member.state != State::Here {
                continue;
            }
            if any {
                out.push(b',');
            }
            any = true;
            out.extend_from_slice(self.name_text(member.name));
            out.push(b':');
            self.write(member.value, out);
        }
    }

    fn name_text(&self, name: Name) -> &[u8] {
        match name {
            Name::Known(node) => self.names.text(node),
            Name::Other(text) => self.bytes(text),
        }
    }

    pub(crate) fn home(&self, home: Home) -> &[u8] {
        match home {
            Home::Line => self.line,
            Home::Constants => self.names.constants(),
            Home::Scratch => &self.tree.scratch,
        }
    }
}
