//! `--sort`: by what the values are worth. What is missing comes last in either direction; equal rows keep their order.

use std::cmp::Ordering;

use super::fields::Fields;
use super::row::Row;

/// One key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub place: usize,
    pub descending: bool,
}

pub fn sort(rows: &mut [Row], keys: &[Key], fields: &Fields) {
    rows.sort_by(|a, b| {
        let mut orders = keys.iter().map(|key| key.compare(a, b, fields));
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
}

impl Key {
    fn compare(self, a: &Row, b: &Row, fields: &Fields) -> Ordering {
        match (a.get(self.place), b.get(self.place)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => {
                let order = fields.all()[self.place].kind.compare(a, b);
                if self.descending { order.reverse() } else { order }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::rows::column::shown;
    use crate::cli::rows::kind::Kind;

    #[test]
    fn rows_are_sorted_by_worth_and_what_is_missing_comes_last() {
        let fields = Fields::new(vec![shown("size", Kind::Bytes, ""), shown("name", Kind::Text, "")]);
        let rows = [("943718400", "a"), ("", "b"), ("1319413953331", "c"), ("5120", "d"), ("5120", "e")];
        let rows: Vec<_> = rows
            .iter()
            .map(|(size, name)| {
                let mut row = Row::new(2);
                row.take(0, &fields.all()[0], size);
                row.take(1, &fields.all()[1], name);
                row
            })
            .collect();
        for (keys, order) in [
            (vec![(0, false)], "deacb"),
            (vec![(0, true)], "cadeb"),
            (vec![(0, true), (1, true)], "caedb"),
            (vec![(1, true)], "edcba"),
            (vec![], "abcde"),
        ] {
            let keys: Vec<_> =
                keys.into_iter().map(|(place, descending)| Key { place, descending }).collect();
            let mut rows = rows.clone();
            sort(&mut rows, &keys, &fields);
            let names: String = rows.iter().filter_map(|row| row.get(1)).collect();
            assert_eq!(names, order, "{keys:?}");
        }
    }
}
