//! The columns that a run needs: those that are shown, in order, and behind them those that only decide.

use std::collections::HashMap;

use super::column::Column;

/// Longer lists of names are not sent: servers take no request lines of more than 4 KB.
const LONGEST: usize = 2500;

#[derive(Debug)]
pub struct Fields {
    columns: Vec<Column>,
    shown: usize,
    places: HashMap<String, Vec<usize>>,
}

impl Fields {
    pub fn new(shown: Vec<Column>) -> Fields {
        let mut fields = Fields { columns: Vec::new(), shown: shown.len(), places: HashMap::new() };
        for column in shown {
            fields.push(column);
        }
        fields
    }

    /// The place of a column, which is added unless it is there.
    pub fn need(&mut self, column: &Column) -> usize {
        let there = self.columns.iter().position(|other| other.name == column.name);
        there.unwrap_or_else(|| self.push(column.clone()))
    }

    fn push(&mut self, column: Column) -> usize {
        let place = self.columns.len();
        for name in column.server_names() {
            self.places.entry(name.to_owned()).or_default().push(place);
        }
        self.columns.push(column);
        place
    }

    pub fn all(&self) -> &[Column] {
        &self.columns
    }

    pub fn shown(&self) -> &[Column] {
        &self.columns[..self.shown]
    }

    /// The places of what the server calls so.
    pub fn places(&self, name: &str) -> &[usize] {
        self.places.get(name).map_or(&[], Vec::as_slice)
    }

    /// The names to ask for.
    pub fn asked(&self) -> String {
        let mut names = Vec::new();
        for name in self.columns.iter().flat_map(Column::server_names) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let names = names.join(",");
        if names.len() > LONGEST { "*".into() } else { names }
    }
}
