//! The edits that need no interpreter, applied to a record's tree one after the other with jq's meaning: what is
//! null or absent may be indexed and gives null, objects on the way to an assignment are made, anything else on the
//! way is an error.

use std::cmp::Ordering;

use jaq_core::ops::Cmp;

use crate::fault::Fault;
use crate::names::{Names, Node, Path};
use crate::order::{Type, order};
use crate::terms;
use crate::tree::{MemberId, ObjectId, Record, Text, Value};

#[derive(Debug)]
pub(crate) enum Edit {
    /// Absent stays absent.
    Rename {
        from: Path,
        to: Path,
    },
    Delete(Vec<Place>),
    /// What remains of the document whose path is `of`.
    Pick {
        of: Path,
        paths: Vec<Path>,
    },
    Set {
        to: Path,
        what: Operand,
    },
    Select(Test),
}

/// A path to delete.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) path: Path,
    /// `.a.b?`: nothing to delete where `.a` has no fields.
    pub(crate) optional: bool,
}

#[derive(Debug)]
pub(crate) enum Operand {
    Constant(Text),
    Field(Path),
}

#[derive(Debug)]
pub(crate) enum Test {
    /// Neither null nor false.
    Truth(Path),
    Compare(Operand, Cmp, Operand),
    And(Box<Test>, Box<Test>),
    Or(Box<Test>, Box<Test>),
    Not(Box<Test>),
}

/// What a rename does where its target is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum OnClash {
    /// The record goes to the rejects
    #[default]
    Error,
    /// The target is overwritten
    Replace,
    /// Nothing is renamed
    Skip,
}

/// Whether a record stays in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Stays,
    Dropped,
}

impl Record<'_> {
    pub(crate) fn apply(&mut self, edits: &[Edit], on_clash: OnClash) -> Result<Outcome, Fault> {
        for edit in edits {
            match edit {
                Edit::Rename { from, to } => self.move_field(from, to, on_clash)?,
                Edit::Delete(places) => self.delete(places)?,
                Edit::Pick { of, paths } => self.pick(of, paths)?,
                Edit::Set { to, what } => {
                    let value = match what {
                        Operand::Constant(text) => Value::Text(*text),
                        Operand::Field(from) => self.get_copy(from)?,
                    };
                    self.set(to, value)?;
                }
                Edit::Select(test) => {
                    if !self.holds(test)? {
                        return Ok(Outcome::Dropped);
                    }
                }
            }
        }
        Ok(Outcome::Stays)
    }

    /// The value at a path; `None` where a field of the path is absent or null before its end.
    pub(crate) fn get(&mut self, path: &[Node]) -> Result<Option<Value>, Fault> {
        match path {
            [] => Ok(Some(self.root)),
            _ => Ok(self.walk(path, false)?.map(|(_, member)| self.value(member))),
        }
    }

    fn get_copy(&mut self, path: &[Node]) -> Result<Value, Fault> {
        Ok(match self.get(path)? {
            Some(value) => self.copied(value),
            None => Value::Null,
        })
    }

    /// The member a path leads to, and its object; `None` where there is none. With `any`, whatever is in the way;
    /// else what is neither an object nor null is an error.
    fn walk(&mut self, path: &[Node], any: bool) -> Result<Option<(ObjectId, MemberId)>, Fault> {
        let (mut value, mut slot, mut node) = (self.root, None, Names::ROOT);
        let mut found = None;
        for &step in path {
            let Some(object) = self.enter(value, slot, node)? else {
                return if any || self.is_null(value) {
                    Ok(None)
                } else {
                    Err(self.not_indexable(value, step))
                };
            };
            let Some(member) = self.find(object, step) else { return Ok(None) };
            found = Some((object, member));
            (value, slot, node) = (self.value(member), Some(member), step);
        }
        Ok(found)
    }

    pub(crate) fn set(&mut self, path: &[Node], new: Value) -> Result<(), Fault> {
        let Some((&last, way)) = path.split_last() else { return Ok(()) };
        let (mut value, mut slot, mut node) = (self.root, None, Names::ROOT);
        for &step in way {
            let object = self.enter_or_make(value, slot, node, step)?;
            let member = match self.find(object, step) {
                Some(member) => {
                    self.touch(object, member);
                    member
                }
                None => self.append(object, step, Value::Null),
            };
            (value, slot, node) = (self.value(member), Some(member), step);
        }
        let object = self.enter_or_make(value, slot, node, last)?;
        match self.find(object, last) {
            Some(member) => self.replace(object, member, new),
            None => {
                self.append(object, last, new);
            }
        }
        Ok(())
    }

    /// Removes a key of the outermost object.
    pub(crate) fn delete_key(&mut self, key: Node) {
        if let Value::Object(object) = self.root
            && let Some(member) = self.find(object, key)
        {
            self.remove(object, member);
        }
    }

    fn delete(&mut self, places: &[Place]) -> Result<(), Fault> {
        // All paths are looked at before anything goes, as in jq.
        let several = places.len() > 1;
        if several {
            for place in places {
                self.walk(&place.path, place.optional)?;
            }
        }
        for place in places {
            if let Some((object, member)) = self.walk(&place.path, several || place.optional)? {
                self.remove(object, member);
            }
        }
        Ok(())
    }

    fn pick(&mut self, of: &Path, paths: &[Path]) -> Result<(), Fault> {
        let mut values = self.spare_values();
        for path in paths {
            values.push(self.get_copy(path)?);
        }
        let document = Value::Object(self.make(of.last().copied().unwrap_or(Names::ROOT)));
        match of.is_empty() {
            true => self.root = document,
            false => self.set(of, document)?,
        }
        for (path, value) in paths.iter().zip(&values) {
            self.set(path, *value)?;
        }
        self.take_back(values);
        Ok(())
    }

    fn move_field(&mut self, from: &[Node], to: &[Node], on_clash: OnClash) -> Result<(), Fault> {
        let Some((object, member)) = self.walk(from, true)? else { return Ok(()) };
        if from == to {
            return Ok(());
        }
        let same_object = from.len() == to.len() && from[..from.len() - 1] == to[..to.len() - 1];
        // A field within the one that moves is no clash: `rename(.a; .a.b)` wraps it.
        let target = if to.starts_with(from) {
            None
        } else if same_object {
            self.find(object, to[to.len() - 1]).map(|target| (object, target))
        } else {
            self.walk(to, false)?
        };
        if target.is_some() {
            match on_clash {
                OnClash::Error => {
                    return Err(Fault::Clash { from: self.path_text(from), to: self.path_text(to) });
                }
                OnClash::Skip => return Ok(()),
                OnClash::Replace => {}
            }
        }
        if same_object {
            if let Some((_, replaced)) = target {
                self.remove(object, replaced);
            }
            self.rename(object, member, to[to.len() - 1]);
            return Ok(());
        }
        let value = self.value(member);
        self.remove(object, member);
        self.set(to, value)
    }

    fn holds(&mut self, test: &Test) -> Result<bool, Fault> {
        Ok(match test {
            Test::Truth(path) => {
                let value = self.get(path)?;
                value.is_some_and(|value| !matches!(self.type_of(value), Type::Null | Type::False))
            }
            Test::Compare(left, op, right) => {
                let order = self.compare(left, right)?;
                match op {
                    Cmp::Eq => order == Ordering::Equal,
                    Cmp::Ne => order != Ordering::Equal,
                    Cmp::Lt => order == Ordering::Less,
                    Cmp::Le => order != Ordering::Greater,
                    Cmp::Gt => order == Ordering::Greater,
                    Cmp::Ge => order != Ordering::Less,
                }
            }
            Test::And(left, right) => self.holds(left)? && self.holds(right)?,
            Test::Or(left, right) => self.holds(left)? || self.holds(right)?,
            Test::Not(test) => !self.holds(test)?,
        })
    }

    fn compare(&mut self, left: &Operand, right: &Operand) -> Result<Ordering, Fault> {
        let left = self.operand(left)?;
        let right = self.operand(right)?;
        let bytes = |value| match value {
            Value::Text(text) => self.bytes(text),
            Value::Null | Value::Object(_) => b"null",
        };
        order(bytes(left), bytes(right))
    }

    /// A value whose bytes can be looked at.
    fn operand(&mut self, operand: &Operand) -> Result<Value, Fault> {
        match operand {
            Operand::Constant(text) => Ok(Value::Text(*text)),
            Operand::Field(path) => self.get_copy(path),
        }
    }

    /// The opened form of a value that lies in `slot` (none: it is the root).
    fn enter(&mut self, value: Value, slot: Option<MemberId>, node: Node) -> Result<Option<ObjectId>, Fault> {
        let opened = self.entered(value, node)?;
        if let Some(object) = opened
            && value != Value::Object(object)
        {
            self.put(slot, object);
        }
        Ok(opened)
    }

    fn enter_or_make(
        &mut self,
        value: Value,
        slot: Option<MemberId>,
        node: Node,
        step: Node,
    ) -> Result<ObjectId, Fault> {
        match self.enter(value, slot, node)? {
            Some(object) => Ok(object),
            None if self.is_null(value) => {
                let made = self.make(node);
                self.put(slot, made);
                Ok(made)
            }
            None => Err(self.not_indexable(value, step)),
        }
    }

    fn put(&mut self, slot: Option<MemberId>, object: ObjectId) {
        match slot {
            Some(member) => self.note_opened(member, object),
            None => self.root = Value::Object(object),
        }
    }

    fn not_indexable(&self, value: Value, step: Node) -> Fault {
        Fault::Index { kind: self.type_of(value).name(), name: self.names.name(step).to_owned() }
    }

    fn is_null(&self, value: Value) -> bool {
        self.type_of(value) == Type::Null
    }

    pub(crate) fn type_of(&self, value: Value) -> Type {
        match value {
            Value::Null => Type::Null,
            Value::Text(text) => Type::of(self.bytes(text)),
            Value::Object(_) => Type::Object,
        }
    }

    fn path_text(&self, path: &[Node]) -> String {
        let steps = path.iter().map(|step| self.names.name(*step));
        terms::typed(steps.skip(usize::from(path.len() > 1 && self.names.name(path[0]) == "_source")))
    }
}
