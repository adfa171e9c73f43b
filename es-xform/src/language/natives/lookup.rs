//! `$table[key]`: rows of tables, found without decoding the rest.

use std::sync::Arc;

use jaq_core::data::HasLut;
use jaq_core::native::{Fun, bome, run, v};
use jaq_core::{DataT, Lut};
use jaq_json::{Num, Val, read};

use crate::fault::Fault;
use crate::language::json::{Answer, Error, Json};
use crate::language::value;
use crate::table::Table;

/// The tables by name.
pub(crate) type Tables = Vec<(String, Arc<Table>)>;

/// What native functions see beside their arguments.
pub(crate) struct Data;

impl DataT for Data {
    type V<'a> = Json;
    type Data<'a> = Global<'a>;
}

#[derive(Clone)]
pub(crate) struct Global<'a> {
    pub(crate) lut: &'a Lut<Data>,
    pub(crate) tables: &'a Tables,
}

impl<'a> HasLut<'a, Data> for Global<'a> {
    fn lut(&self) -> &'a Lut<Data> {
        self.lut
    }
}

/// `__row("table"; key)`.
pub(super) fn row() -> Fun<Data> {
    run(("__row", v(2), |mut cv| {
        let key = cv.0.pop_var().0;
        let name = cv.0.pop_var().0;
        bome(find(cv.0.data().tables, &name, &key))
    }))
}

fn find(tables: &Tables, name: &Val, key: &Val) -> Answer {
    let known =
        tables.iter().find(|(known, _)| matches!(name, Val::TStr(name) if **name == *known.as_bytes()));
    let (name, table) = known.ok_or_else(|| Error::str("no such table"))?;
    let text = match key {
        Val::TStr(text) => String::from_utf8(text.to_vec()).ok(),
        Val::Num(Num::Float(number)) if number.fract() == 0.0 => Some(format!("{number:.0}")),
        Val::Num(number) => Some(number.to_string()),
        Val::Null | Val::Bool(_) | Val::BStr(_) | Val::Arr(_) | Val::Obj(_) => None,
    };
    match text.and_then(|text| table.row(&text)) {
        Some(row) => read::parse_single(row.as_bytes()).map(Json).map_err(Error::str),
        None => {
            let key = value::text(key).unwrap_or_default();
            Err(Error::str(Fault::no_row(name, &String::from_utf8_lossy(&key))))
        }
    }
}
