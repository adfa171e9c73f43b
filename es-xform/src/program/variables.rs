//! What a program is given beside the records: the values of `--arg`, `--argjson` and `--table`.

use std::sync::Arc;

use jaq_core::load::parse::{BinaryOp, Pattern, Term};

use super::error::Error;
use super::terms::{self, Jq};
use crate::table::Table;

/// What the command line gives a program, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variables(Vec<(String, Variable)>);

#[derive(Clone, Debug)]
enum Variable {
    /// The value of `--arg` or `--argjson`, as JSON text.
    Text(String),
    Table(Arc<Table>),
}

impl Variables {
    /// # Errors
    /// When the name is taken.
    pub(crate) fn add_text(&mut self, name: &str, text: &str) -> Result<(), Error> {
        self.add(name, Variable::Text(terms::quoted(text)))
    }

    /// # Errors
    /// When the name is taken or the text is not one JSON value.
    pub(crate) fn add_json(&mut self, name: &str, text: &str) -> Result<(), Error> {
        match serde_json::from_str::<&serde_json::value::RawValue>(text) {
            // Within a record it must not break the line.
            Ok(value) => self.add(name, Variable::Text(value.get().replace(['\n', '\r'], " "))),
            Err(_) => Err(Error::NotJson(format!("--argjson {name}"))),
        }
    }

    /// # Errors
    /// When the name is taken.
    pub(crate) fn add_table(&mut self, name: &str, table: Table) -> Result<(), Error> {
        self.add(name, Variable::Table(Arc::new(table)))
    }

    fn add(&mut self, name: &str, value: Variable) -> Result<(), Error> {
        if self.0.iter().any(|(taken, _)| taken == name) {
            return Err(Error::Twice(name.to_owned()));
        }
        self.0.push((name.to_owned(), value));
        Ok(())
    }

    /// The JSON text of a variable, its `$` included in the name; none for a table.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.variable(name)? {
            Variable::Text(text) => Some(text),
            Variable::Table(_) => None,
        }
    }

    /// The table that is this variable, its `$` included in the name.
    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        match self.variable(name)? {
            Variable::Table(table) => Some(table),
            Variable::Text(_) => None,
        }
    }

    /// The tables by name, without the `$`.
    pub(crate) fn tables(&self) -> Vec<(String, Arc<Table>)> {
        let table = |(name, variable): &(String, Variable)| match variable {
            Variable::Table(table) => Some((name.clone(), Arc::clone(table))),
            Variable::Text(_) => None,
        };
        self.0.iter().filter_map(table).collect()
    }

    fn variable(&self, name: &str) -> Option<&Variable> {
        let name = name.strip_prefix('$')?;
        self.0.iter().find(|(known, _)| known == name).map(|(_, variable)| variable)
    }

    /// The names, and the JSON text of each.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, variable)| match variable {
            Variable::Text(text) => (name.as_str(), text.as_str()),
            Variable::Table(table) => (name.as_str(), table.json()),
        })
    }

    /// A look into a table means the table only where no variable of the program has its name.
    pub(super) fn refuse_shadows(&self, term: &Jq<'_>) -> Result<(), Error> {
        let mut shadowed = None;
        terms::any(term, &mut |term| {
            let bound = match term {
                Term::BinOp(_, BinaryOp::Pipe(Some(pattern)), _) | Term::Fold(_, _, pattern, _) => {
                    bound(pattern)
                }
                Term::Def(defs, _) => defs.iter().flat_map(|def| def.args.iter().copied()).collect(),
                _ => Vec::new(),
            };
            let table = bound.into_iter().find(|name| self.table(name).is_some());
            shadowed = table.map(|name| name[1..].to_owned());
            shadowed.is_some()
        });
        shadowed.map_or(Ok(()), |name| Err(Error::Shadowed(name)))
    }
}

/// The variables that a pattern makes.
fn bound<'s>(pattern: &Pattern<&'s str>) -> Vec<&'s str> {
    match pattern {
        Pattern::Var(name) => vec![name],
        Pattern::Arr(items) => items.iter().flat_map(bound).collect(),
        Pattern::Obj(fields) => {
            let named = fields.iter().filter_map(|(name, _)| match name {
                Term::Var(name) => Some(*name),
                _ => None,
            });
            named.chain(fields.iter().flat_map(|(_, value)| bound(value))).collect()
        }
    }
}
