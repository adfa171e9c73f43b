//! The places that a path leads to, found as the edits want them: through the items of arrays and past tests, also
//! where nothing is there yet.

use super::editor::{Editor, Trail};
use super::record::Slot;
use super::tree::{HolderId, Value};
use super::{From, Path, Places, Step};
use crate::fault::Fault;
use crate::program::names::Node;

/// Where a path ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'p> {
    There(Slot),
    /// Nothing is there: the last value on the way, and the steps from it.
    Missing {
        from: Slot,
        rest: &'p [Step],
    },
}

type Act<'a, 'p, E> = dyn FnMut(&mut E, Place<'p>) -> Result<(), Fault> + 'a;

impl<'r> Editor<'_, 'r> {
    /// Calls `act` for each place; while it runs, the trail's way leads there.
    pub(super) fn each_place<'p>(
        &mut self,
        paths: &'p [Places],
        base: Slot,
        act: &mut Act<'_, 'p, Self>,
    ) -> Result<(), Fault> {
        let outer = std::mem::replace(&mut self.trail.start, self.trail.way.len());
        for path in paths {
            let from = self.from(path.from, base);
            self.follow(from, &path.steps, act)?;
            self.trail.way.truncate(self.trail.start);
        }
        self.trail.start = outer;
        Ok(())
    }

    fn follow<'p>(
        &mut self,
        mut at: Slot,
        steps: &'p [Step],
        act: &mut Act<'_, 'p, Self>,
    ) -> Result<(), Fault> {
        for (i, step) in steps.iter().enumerate() {
            match step {
                Step::Name { node, optional } => match self.object(at)? {
                    Some(object) => match self.record.find(object, *node) {
                        Some(slot) => at = slot,
                        None => return self.missing(at, &steps[i..], act),
                    },
                    None if self.record.is_null(self.record.value(at)) => {
                        return self.missing(at, &steps[i..], act);
                    }
                    None if *optional => return Ok(()),
                    None => return Err(self.not_indexable(at, *node)),
                },
                Step::Each { node, optional } => {
                    let Some(holder) = self.record.enter(at)? else {
                        return if *optional { Ok(()) } else { Err(self.not_iterable(at)) };
                    };
                    let depth = self.trail.way.len();
                    let mut next = self.record.first_member(holder);
                    while let Some((slot, after)) = self.record.next_member(holder, next, *node) {
                        next = after;
                        self.trail.way.push(slot);
                        self.follow(slot, &steps[i + 1..], act)?;
                        self.trail.way.truncate(depth);
                    }
                    return Ok(());
                }
                Step::Where(test) => {
                    if !self.holds(test, at)? {
                        return Ok(());
                    }
                    continue;
                }
            }
            self.trail.way.push(at);
        }
        act(self, Place::There(at))
    }

    fn missing<'p>(
        &mut self,
        from: Slot,
        rest: &'p [Step],
        act: &mut Act<'_, 'p, Self>,
    ) -> Result<(), Fault> {
        let mut node = from.node;
        for step in rest {
            match step {
                Step::Name { node: step, .. } => node = *step,
                Step::Each { optional: true, .. } => return Ok(()),
                Step::Each { optional: false, .. } => return Err(Fault::Iterate { kind: "null" }),
                Step::Where(test) => {
                    let nothing = self.record.floating(Value::Null, node);
                    if !self.holds(test, nothing)? {
                        return Ok(());
                    }
                }
            }
        }
        act(self, Place::Missing { from, rest })
    }

    /// Makes the objects on the way to a missing place, and the place.
    pub(super) fn make_way(&mut self, from: Slot, rest: &[Step], value: Value) -> Result<(), Fault> {
        let mut at = from;
        for step in rest {
            if let Step::Name { node, .. } = step {
                let object = self.object_or_made(at, *node)?;
                at = self.record.append(object, *node, Value::Null);
            }
        }
        self.record.put(at, value);
        Ok(())
    }

    /// Remembers the present way as one to delete.
    pub(super) fn condemn(&mut self) {
        let Trail { way, start, gone } = &mut *self.trail;
        let end = way.len().saturating_sub(1);
        gone.extend(way[*start..].iter().enumerate().map(|(i, slot)| (*slot, *start + i == end)));
    }

    /// Deletes what was condemned; whether that was anything.
    pub(super) fn delete_condemned(&mut self) -> bool {
        for (slot, last) in &self.trail.gone {
            match last {
                true => self.record.remove(*slot),
                false => self.record.touch(*slot),
            }
        }
        let any = !self.trail.gone.is_empty();
        self.trail.gone.clear();
        any
    }

    /// The place that a path of names leads to; `None` where nothing is there. With `lenient`, whatever is in the
    /// way; else what is neither an object nor null is an error.
    pub(super) fn walk(&mut self, path: &Path, base: Slot, lenient: bool) -> Result<Option<Slot>, Fault> {
        let mut at = self.from(path.from, base);
        for &step in &path.steps {
            let Some(object) = self.object(at)? else {
                return match lenient || self.record.is_null(self.record.value(at)) {
                    true => Ok(None),
                    false => Err(self.not_indexable(at, step)),
                };
            };
            let Some(found) = self.record.find(object, step) else { return Ok(None) };
            at = found;
        }
        Ok(Some(at))
    }

    /// The value that a path of names leads to.
    pub(super) fn get(&mut self, path: &Path, base: Slot) -> Result<Value, Fault> {
        let mut at = self.from(path.from, base);
        for &step in &path.steps {
            let Some(object) = self.object(at)? else {
                return match self.record.is_null(self.record.value(at)) {
                    true => Ok(Value::Null),
                    false => Err(self.not_indexable(at, step)),
                };
            };
            let Some(found) = self.record.find(object, step) else { return Ok(Value::Null) };
            at = found;
        }
        Ok(self.record.value(at))
    }

    /// Puts a value where a path of names leads, making what is missing on the way.
    pub(super) fn set(&mut self, path: &Path, base: Slot, value: Value) -> Result<(), Fault> {
        let mut at = self.from(path.from, base);
        for &step in &path.steps {
            let object = self.object_or_made(at, step)?;
            at = match self.record.find(object, step) {
                Some(slot) => {
                    self.record.touch(slot);
                    slot
                }
                None => self.record.append(object, step, Value::Null),
            };
        }
        self.record.put(at, value);
        Ok(())
    }

    /// Says that something at the end of the present way changed: what its places shadow goes.
    pub(super) fn touch_way(&mut self) {
        for slot in &self.trail.way[self.trail.start..] {
            self.record.touch(*slot);
        }
    }

    /// The same for a path of names.
    pub(super) fn touch_path(&mut self, path: &Path, base: Slot) -> Result<(), Fault> {
        if !self.record.repeats() {
            return Ok(());
        }
        let mut at = self.from(path.from, base);
        for &step in &path.steps {
            let Some(object) = self.object(at)? else { return Ok(()) };
            let Some(found) = self.record.find(object, step) else { return Ok(()) };
            self.record.touch(found);
            at = found;
        }
        Ok(())
    }

    fn from(&self, from: From, base: Slot) -> Slot {
        match from {
            From::Here => base,
            From::Line => self.line,
        }
    }

    #[inline(always)]
    fn object(&mut self, at: Slot) -> Result<Option<HolderId>, Fault> {
        Ok(self.record.enter(at)?.filter(|holder| !self.record.is_array(*holder)))
    }

    fn object_or_made(&mut self, at: Slot, step: Node) -> Result<HolderId, Fault> {
        match self.object(at)? {
            Some(object) => Ok(object),
            None if self.record.is_null(self.record.value(at)) => {
                let made = self.record.make(at.node);
                self.record.put(at, Value::Opened(made));
                Ok(made)
            }
            None => Err(self.not_indexable(at, step)),
        }
    }

    fn not_indexable(&self, at: Slot, step: Node) -> Fault {
        let kind = self.record.type_of(self.record.value(at)).name();
        Fault::Index { kind, name: self.record.names.name(step).to_owned() }
    }

    fn not_iterable(&self, at: Slot) -> Fault {
        Fault::Iterate { kind: self.record.type_of(self.record.value(at)).name() }
    }
}
