//! The parts of a program of edits that the full language computes: each a small program on the values that it
//! reads, compiled by a worker when it is first needed.

use std::cell::OnceCell;

use jaq_json::{Map, Rc, Val};

use super::OnClash;
use crate::fault::Fault;
use crate::language::filter::Filter;
use crate::program::full::Full;
use crate::program::variables::Variables;

pub(crate) struct Languages<'p> {
    programs: &'p [Full],
    variables: &'p Variables,
    on_clash: OnClash,
    compiled: Vec<OnceCell<Filter>>,
}

impl<'p> Languages<'p> {
    pub(crate) fn new(programs: &'p [Full], variables: &'p Variables, on_clash: OnClash) -> Languages<'p> {
        let compiled = programs.iter().map(|_| OnceCell::new()).collect();
        Languages { programs, variables, on_clash, compiled }
    }

    pub(crate) fn get(&self, program: usize) -> Result<&Filter, Fault> {
        let cell = &self.compiled[program];
        match cell.get() {
            Some(filter) => Ok(filter),
            None => {
                let filter = Filter::compile(&self.programs[program], self.variables, self.on_clash)
                    .map_err(|error| Fault::Program(error.to_string()))?;
                Ok(cell.get_or_init(|| filter))
            }
        }
    }
}

/// Puts a value at a path of names, making the objects on the way.
pub(super) fn put<'n>(into: &mut Val, names: impl Iterator<Item = &'n str>, value: Val) {
    let mut at = into;
    for name in names {
        if !matches!(at, Val::Obj(_)) {
            *at = Val::obj(Map::default());
        }
        let Val::Obj(object) = at else { return };
        at = Rc::make_mut(object).entry(Val::utf8_str(name.to_owned())).or_default();
    }
    *at = value;
}
