//! Edits of the names of an object's fields, whichever there are.

use es_core::record::scan::unescape;
use es_core::server::wildcard;

use super::editor::{Did, Editor};
use super::native::Native;
use super::order::Type;
use super::record::Slot;
use super::tree::{HolderId, Name, Value};
use crate::fault::Fault;
use crate::language::value;

impl Editor<'_, '_> {
    /// Deletes the fields whose names `pattern` matches; in what is null there are none.
    pub(super) fn delete_keys(&mut self, pattern: &str, base: Slot) -> Result<Did, Fault> {
        let mut did = Did::Nothing;
        let Some(object) = self.fields_of(base)? else { return Ok(did) };
        let mut next = self.record.first_member(object);
        while let Some((slot, after)) = self.record.next_member(object, next, base.node) {
            next = after;
            let name = unescape(self.record.raw_name(slot));
            if std::str::from_utf8(&name).is_ok_and(|name| wildcard::matches(pattern, name)) {
                self.record.remove(slot);
                did = Did::Changed;
            }
        }
        Ok(did)
    }

    /// Gives each field the name that its name becomes. Of two that become the same the later one stays, as in jq.
    pub(super) fn rename_keys(&mut self, by: &[Native], base: Slot) -> Result<Did, Fault> {
        let mut did = Did::Nothing;
        if self.is_empty_array(base)? {
            let object = self.record.make(base.node);
            self.record.put(base, Value::Opened(object));
            return Ok(Did::Changed);
        }
        let Some(object) = self.fields_of(base)? else {
            return Err(Fault::Program("null has no keys".to_owned()));
        };
        let mut names: Vec<(Vec<u8>, Slot)> = Vec::new();
        let mut next = self.record.first_member(object);
        while let Some((slot, after)) = self.record.next_member(object, next, base.node) {
            next = after;
            let before = unescape(self.record.raw_name(slot)).into_owned();
            let now = self.renamed(&before, by)?;
            if now != before {
                did = Did::Changed;
                let name = match self.record.names.named(base.node, &now) {
                    Some(known) => Name::Known(known),
                    None => {
                        let mut quoted = Vec::new();
                        value::write_string(&now, &mut quoted);
                        Name::Other(self.record.keep(&quoted)?)
                    }
                };
                self.record.rename(slot, name);
            }
            names.push((now, slot));
        }
        if did == Did::Changed {
            // Sorting keeps the order of equal names, so that the last of a run is the last of the object.
            names.sort_by(|a, b| a.0.cmp(&b.0));
            for pair in names.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                self.record.remove(pair[0].1);
            }
        }
        Ok(did)
    }

    fn renamed(&mut self, name: &[u8], by: &[Native]) -> Result<Vec<u8>, Fault> {
        let mut quoted = Vec::new();
        value::write_string(name, &mut quoted);
        let mut text = self.record.keep(&quoted)?;
        for native in by {
            match native.apply(self.record, text)? {
                Some(Value::Text(now)) => text = now,
                Some(Value::Null | Value::Opened(_)) | None => {
                    return Err(Fault::Program("a key that is no string".to_owned()));
                }
            }
        }
        let bytes = self.record.bytes(text);
        Ok(unescape(&bytes[1..bytes.len() - 1]).into_owned())
    }

    /// Which jq makes an empty object of, for the want of entries.
    fn is_empty_array(&mut self, base: Slot) -> Result<bool, Fault> {
        let value = self.record.value(base);
        if self.record.type_of(value) != Type::Array {
            return Ok(false);
        }
        let text = self.record.told(value)?;
        let bytes = self.record.bytes(text);
        Ok(bytes[1..bytes.len() - 1].trim_ascii().is_empty())
    }

    /// The object whose every field is to be seen; `None` for null.
    fn fields_of(&mut self, base: Slot) -> Result<Option<HolderId>, Fault> {
        match self.record.enter(base)? {
            Some(object) if !self.record.is_array(object) => Ok(Some(object)),
            _ => match self.record.type_of(self.record.value(base)) {
                Type::Null => Ok(None),
                other => Err(Fault::Program(format!("{} has no keys", other.a_name()))),
            },
        }
    }
}
