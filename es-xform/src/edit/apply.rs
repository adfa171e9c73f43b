//! Rules applied to a record. A rule that fails leaves the record in no state to be written.

use std::cmp::Ordering;

use super::editor::{Did, Editor};
use super::order::Type;
use super::places::Place;
use super::record::Slot;
use super::tree::{Name, Value};
use super::{Edit, Expr, OnClash, Path, Places, Reckoning, Rule};
use crate::fault::Fault;

impl Editor<'_, '_> {
    /// Applies rules to the value in a place, which is their `.`.
    pub(crate) fn apply(&mut self, rules: &[Rule], base: Slot) -> Result<Did, Fault> {
        let mut changed = Did::Nothing;
        for rule in rules {
            let did = self.edit(&rule.edit, base)?;
            if rule.number != Rule::UNCOUNTED {
                let done = match did {
                    Did::Passed | Did::Changed => true,
                    Did::Dropped => matches!(rule.edit, Edit::Drop),
                    Did::Nothing => false,
                };
                self.journal.push((rule.number, done));
            }
            match did {
                Did::Nothing | Did::Passed => {}
                Did::Changed => changed = Did::Changed,
                Did::Dropped => return Ok(Did::Dropped),
            }
        }
        Ok(changed)
    }

    fn edit(&mut self, edit: &Edit, base: Slot) -> Result<Did, Fault> {
        match edit {
            Edit::Rename { from, to } => self.move_field(from, to, base),
            Edit::Delete(paths) => self.delete(paths, base),
            Edit::Pick(paths) => self.pick(paths, base),
            Edit::Set { to, what } => {
                let value = self.computed(what, base)?;
                self.put_everywhere(to, base, value)
            }
            Edit::Reckon { at, op, by } => {
                let by = self.computed(by, base)?;
                self.reckon(at, *op, by, base)
            }
            Edit::Update { at, rules } => self.update(std::slice::from_ref(at), rules, base),
            Edit::Merge(fields) => {
                let mut values = self.record.spare_values();
                for (_, value) in fields {
                    values.push(self.computed(value, base)?);
                }
                for ((path, _), value) in fields.iter().zip(&values) {
                    self.set(path, base, *value)?;
                }
                self.record.take_back(values);
                Ok(Did::Changed)
            }
            Edit::Become(what) => {
                let value = self.computed(what, base)?;
                self.record.replace(base, value);
                Ok(Did::Changed)
            }
            Edit::Select(test) => match self.holds(test, base)? {
                true => Ok(Did::Passed),
                false => Ok(Did::Dropped),
            },
            Edit::Drop => Ok(Did::Dropped),
            Edit::Choose { branches, otherwise } => {
                for (test, rules) in branches {
                    if self.holds(test, base)? {
                        return self.apply(rules, base);
                    }
                }
                self.apply(otherwise, base)
            }
            Edit::DeleteKeys(pattern) => self.delete_keys(pattern, base),
            Edit::RenameKeys(by) => self.rename_keys(by, base),
        }
    }

    /// A value that can be put anywhere.
    fn computed(&mut self, what: &Expr, base: Slot) -> Result<Value, Fault> {
        let value = self.evaluate(what, base)?;
        self.record.copied(value)
    }

    fn put_everywhere(&mut self, to: &[Places], base: Slot, value: Value) -> Result<Did, Fault> {
        let mut did = Did::Nothing;
        self.each_place(to, base, &mut |editor, place| {
            did = Did::Changed;
            editor.put_at(place, value)
        })?;
        Ok(did)
    }

    fn put_at(&mut self, place: Place<'_>, value: Value) -> Result<(), Fault> {
        self.touch_way();
        match place {
            Place::There(slot) => {
                self.record.replace(slot, value);
                Ok(())
            }
            Place::Missing { from, rest } => self.make_way(from, rest, value),
        }
    }

    fn reckon(&mut self, at: &[Places], op: Reckoning, by: Value, base: Slot) -> Result<Did, Fault> {
        let mut did = Did::Nothing;
        self.each_place(at, base, &mut |editor, place| {
            let before = match place {
                Place::There(slot) => editor.record.value(slot),
                Place::Missing { .. } => Value::Null,
            };
            let now = match op {
                Reckoning::Math(math) => editor.math(before, math, by)?,
                Reckoning::Default if editor.is_true(before) => return Ok(()),
                Reckoning::Default => by,
            };
            did = Did::Changed;
            editor.put_at(place, now)
        })?;
        Ok(did)
    }

    fn update(&mut self, at: &[Places], rules: &[Rule], base: Slot) -> Result<Did, Fault> {
        let mut all = Did::Nothing;
        self.each_place(at, base, &mut |editor, place| {
            let slot = match place {
                Place::There(slot) => slot,
                Place::Missing { from, rest } => {
                    let node = rest.iter().rev().find_map(|step| step.node()).unwrap_or(from.node);
                    editor.record.floating(Value::Null, node)
                }
            };
            let did = editor.apply(rules, slot)?;
            match (place, did) {
                (Place::There(_), Did::Nothing | Did::Passed) | (Place::Missing { .. }, Did::Dropped) => {
                    return Ok(());
                }
                (Place::There(slot), Did::Changed) => {
                    editor.touch_way();
                    editor.record.touch(slot);
                }
                (Place::There(slot), Did::Dropped) => {
                    editor.touch_way();
                    editor.record.remove(slot);
                }
                (Place::Missing { .. }, Did::Nothing | Did::Passed | Did::Changed) => {
                    let value = editor.record.value(slot);
                    editor.put_at(place, value)?;
                }
            }
            all = Did::Changed;
            Ok(())
        })?;
        Ok(all)
    }

    fn delete(&mut self, paths: &[Places], base: Slot) -> Result<Did, Fault> {
        // All paths are looked at before anything goes, as in jq.
        self.each_place(paths, base, &mut |editor, place| {
            if let Place::There(_) = place {
                editor.condemn();
            }
            Ok(())
        })?;
        Ok(if self.delete_condemned() { Did::Changed } else { Did::Nothing })
    }

    fn pick(&mut self, paths: &[Path], base: Slot) -> Result<Did, Fault> {
        let mut values = self.record.spare_values();
        for path in paths {
            let value = self.get(path, base)?;
            values.push(self.record.copied(value)?);
        }
        let picked = Value::Opened(self.record.make(base.node));
        self.record.replace(base, picked);
        for (path, value) in paths.iter().zip(&values) {
            self.set(path, base, *value)?;
        }
        self.record.take_back(values);
        Ok(Did::Changed)
    }

    fn move_field(&mut self, from: &Path, to: &Path, base: Slot) -> Result<Did, Fault> {
        let Some(slot) = self.walk(from, base, true)? else { return Ok(Did::Nothing) };
        let (Some((last, way)), Some((_, from_way))) = (to.steps.split_last(), from.steps.split_last())
        else {
            return Ok(Did::Nothing);
        };
        if from == to {
            return Ok(Did::Nothing);
        }
        let same_object = from.from == to.from && from_way == way;
        // A field within the one that moves is no clash: `rename(.a; .a.b)` wraps it.
        let wraps = from.from == to.from && to.steps.starts_with(&from.steps);
        let target = if wraps { None } else { self.walk(to, base, same_object)? };
        if target.is_some() {
            match self.on_clash {
                OnClash::Error => {
                    let typed = |path: &Path| self.record.names.typed(&path.steps);
                    return Err(Fault::Clash { from: typed(from), to: typed(to) });
                }
                OnClash::Skip => return Ok(Did::Nothing),
                OnClash::Replace => {}
            }
        }
        self.touch_path(from, base)?;
        if same_object {
            if let Some(replaced) = target {
                self.record.remove(replaced);
            }
            self.record.rename(slot, Name::Known(*last));
            return Ok(Did::Changed);
        }
        let value = self.record.value(slot);
        self.record.remove(slot);
        self.set(to, base, value)?;
        Ok(Did::Changed)
    }

    /// Whether a value is neither null nor false.
    pub(super) fn is_true(&self, value: Value) -> bool {
        !matches!(self.record.type_of(value), Type::Null | Type::False)
    }

    pub(super) fn holds(&mut self, test: &Expr, base: Slot) -> Result<bool, Fault> {
        Ok(match test {
            Expr::Compare(left, op, right) => {
                use jaq_core::ops::Cmp;
                let order = self.compare(left, right, base)?;
                match op {
                    Cmp::Eq => order == Ordering::Equal,
                    Cmp::Ne => order != Ordering::Equal,
                    Cmp::Lt => order == Ordering::Less,
                    Cmp::Le => order != Ordering::Greater,
                    Cmp::Gt => order == Ordering::Greater,
                    Cmp::Ge => order != Ordering::Less,
                }
            }
            Expr::And(left, right) => self.holds(left, base)? && self.holds(right, base)?,
            Expr::Or(left, right) => self.holds(left, base)? || self.holds(right, base)?,
            Expr::Not(test) => !self.holds(test, base)?,
            Expr::Has(path, name) => self.has(path, *name, base)?,
            value => {
                let value = self.evaluate(value, base)?;
                self.is_true(value)
            }
        })
    }
}
