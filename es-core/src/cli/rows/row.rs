//! One row of a report: the values of the columns that are needed, in one piece of text. Tens of thousands of rows are
//! held at a time where they are to be sorted.

use super::column::Column;
use super::fields::Fields;

/// A value's place in the text, or [`NONE`].
type Place = (u32, u32);

const NONE: Place = (u32::MAX, 0);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    text: String,
    places: Box<[Place]>,
}

impl Row {
    pub fn new(width: usize) -> Row {
        Row { text: String::new(), places: vec![NONE; width].into() }
    }

    /// None where there is no value, which is another thing than an empty one.
    pub fn get(&self, column: usize) -> Option<&str> {
        let (from, to) = *self.places.get(column)?;
        self.text.get(from as usize..to as usize)
    }

    /// Takes a server's value, as the column has it. Nothing does not replace something: a column may have several
    /// names.
    pub fn take(&mut self, place: usize, column: &Column, raw: &str) {
        let raw = column.part.map_or(raw, |part| part.of(raw));
        let from = self.text.len();
        if !column.kind.take(raw, &mut self.text) {
            self.text.truncate(from);
            return;
        }
        self.note(place, from);
    }

    /// Puts a value that is ours already.
    pub fn put(&mut self, place: usize, value: &str) {
        let from = self.text.len();
        self.text.push_str(value);
        self.note(place, from);
    }

    /// The text from `from` on is a column's value.
    fn note(&mut self, place: usize, from: usize) {
        // A row of 4 GB has no places; it would not be a row of any report.
        if let (Ok(from), Ok(to), Some(spot)) =
            (u32::try_from(from), u32::try_from(self.text.len()), self.places.get_mut(place))
        {
            *spot = (from, to);
        }
    }

    /// Where many rows are held, without room for more.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
    }
}

/// A row of what is needed of these values, which are named by their columns.
pub fn put<const N: usize>(fields: &Fields, values: [(&str, Option<String>); N]) -> Row {
    let mut row = Row::new(fields.all().len());
    for (name, value) in values {
        let Some(value) = value else { continue };
        for place in fields.places(name) {
            row.take(*place, &fields.all()[*place], &value);
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::rows::column::shown;
    use crate::cli::rows::kind::Kind;

    #[test]
    fn nothing_is_not_empty_and_replaces_nothing() {
        let mut row = Row::new(3);
        let column = shown("a", Kind::Bytes, "x");
        row.take(1, &column, "17");
        row.take(1, &column, "-");
        row.put(2, "");
        assert_eq!((row.get(0), row.get(1), row.get(2), row.get(3)), (None, Some("17"), Some(""), None));
        row.take(1, &column, "18");
        assert_eq!(row.get(1), Some("18"));
    }
}
