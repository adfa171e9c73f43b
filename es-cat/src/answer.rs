//! The answer of a report, read as a stream: `[{…},…]`, or a page of it with the token of the next. Rows are given away
//! as they come, so that memory does not grow with the answer.

use std::fmt;
use std::io::{self, BufReader, Read};

use es_core::cli::rows::fields::Fields;
use es_core::cli::rows::row::Row;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::error::Error;

/// Who gets the rows.
pub(crate) trait Take {
    /// Before the first row: whether the server has the columns, by place.
    fn head(&mut self, has: &[bool]) -> Result<(), Error>;
    fn row(&mut self, row: Row) -> Result<(), Error>;
}

/// Why an answer was not read to its end.
#[derive(Debug)]
pub(crate) enum Broken {
    Io(io::Error),
    Json(String),
    /// Who gets the rows wants no more.
    Taker(Error),
}

/// One answer or page. Gives the token of the next page, if there is one.
pub(crate) fn read(
    from: impl Read,
    fields: &Fields,
    take: &mut dyn Take,
    headed: &mut bool,
) -> Result<Option<String>, Broken> {
    let mut reader = Reader { fields, take, headed, keys: Vec::new(), failed: None };
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(256 << 10, from));
    let outcome = Rows(&mut reader).deserialize(&mut json).and_then(|token| json.end().map(|()| token));
    match (outcome, reader.failed) {
        (_, Some(error)) => Err(Broken::Taker(error)),
        (Ok(token), None) => Ok(token),
        (Err(e), None) if e.is_io() => Err(Broken::Io(e.into())),
        (Err(e), None) => Err(Broken::Json(e.to_string())),
    }
}

struct Reader<'a> {
    fields: &'a Fields,
    take: &'a mut dyn Take,
    headed: &'a mut bool,
    /// The keys of the first row with their places: those of the next rows are the same in the same order.
    keys: Vec<(String, &'a [usize])>,
    failed: Option<Error>,
}

impl<'a> Reader<'a> {
    /// The places of the n-th key of a row.
    fn places(&mut self, n: usize, key: &str) -> &'a [usize] {
        match self.keys.get(n) {
            Some((known, places)) if known == key => places,
            known => {
                let places = self.fields.places(key);
                if known.is_none() {
                    self.keys.push((key.to_owned(), places));
                }
                places
            }
        }
    }

    fn give(&mut self, row: Row) -> Result<(), Error> {
        if !*self.headed {
            *self.headed = true;
            let mut has = vec![false; self.fields.all().len()];
            for place in self.keys.iter().flat_map(|(_, places)| *places) {
                has[*place] = true;
            }
            self.take.head(&has)?;
        }
        self.take.row(row)
    }
}

/// The whole answer.
struct Rows<'r, 'a>(&'r mut Reader<'a>);

impl<'de> DeserializeSeed<'de> for Rows<'_, '_> {
    type Value = Option<String>;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_, '_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the rows of a report")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Self::Value, A::Error> {
        while let Some(row) = rows.next_element_seed(OneRow(self.0))? {
            if let Err(error) = self.0.give(row) {
                self.0.failed = Some(error);
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut page: A) -> Result<Self::Value, A::Error> {
        let (mut token, mut listed) = (None, false);
        while let Some(key) = page.next_key::<String>()? {
            match &*key {
                "next_token" => token = page.next_value::<Option<String>>()?,
                "indices" | "shards" => {
                    page.next_value_seed(Rows(self.0))?;
                    listed = true;
                }
                _ => drop(page.next_value::<IgnoredAny>()?),
            }
        }
        // Any other object is no report; taken for one without rows, it would be lost in silence.
        if listed { Ok(token) } else { Err(A::Error::custom("it holds no rows")) }
    }
}

struct OneRow<'r, 'a>(&'r mut Reader<'a>);

impl<'de> DeserializeSeed<'de> for OneRow<'_, '_> {
    type Value = Row;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Row, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneRow<'_, '_> {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut cells: A) -> Result<Row, A::Error> {
        let reader = self.0;
        let mut row = Row::new(reader.fields.all().len());
        let mut n = 0;
        while let Some(places) = cells.next_key_seed(Key { reader, n })? {
            cells.next_value_seed(Cell { row: &mut row, places, fields: reader.fields })?;
            n += 1;
        }
        Ok(row)
    }
}

struct Key<'r, 'a> {
    reader: &'r mut Reader<'a>,
    n: usize,
}

impl<'de, 'a> DeserializeSeed<'de> for Key<'_, 'a> {
    type Value = &'a [usize];

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Key<'_, 'a> {
    type Value = &'a [usize];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a column")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.reader.places(self.n, key))
    }
}

/// A value: text or nothing on every known server; what else JSON has is taken as it is written.
struct Cell<'r> {
    row: &'r mut Row,
    places: &'r [usize],
    fields: &'r Fields,
}

impl Cell<'_> {
    fn take(self, text: &str) {
        for place in self.places {
            self.row.take(*place, &self.fields.all()[*place], text);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Cell<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        if self.places.is_empty() {
            from.deserialize_ignored_any(IgnoredAny).map(drop)
        } else {
            from.deserialize_any(self)
        }
    }
}

impl<'de> Visitor<'de> for Cell<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.take(text);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.take(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.take(&value.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.take(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.take(&value.to_string());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<(), A::Error> {
        let mut all = Vec::new();
        while let Some(part) = parts.next_element::<String>()? {
            all.push(part);
        }
        self.take(&all.join(","));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use es_core::cli::rows::column::{Part, shown};
    use es_core::cli::rows::kind::Kind;

    #[derive(Default)]
    struct Taken {
        has: Vec<bool>,
        rows: Vec<Row>,
        most: Option<usize>,
    }

    impl Take for Taken {
        fn head(&mut self, has: &[bool]) -> Result<(), Error> {
            self.has = has.to_vec();
            Ok(())
        }

        fn row(&mut self, row: Row) -> Result<(), Error> {
            self.rows.push(row);
            if self.most == Some(self.rows.len()) { Err(Error::usage("enough")) } else { Ok(()) }
        }
    }

    fn fields() -> Fields {
        Fields::new(vec![
            shown("index", Kind::Text, "x"),
            shown("size", Kind::Bytes, "x").named(&["size", "store"]),
            shown("node", Kind::Text, "x").part(Part::From),
            shown("to", Kind::Text, "x").named(&["node"]).part(Part::To),
            shown("gone", Kind::Int, "x"),
        ])
    }

    fn rows(text: &str, most: Option<usize>) -> (Result<Option<String>, Broken>, Taken) {
        let mut taken = Taken { most, ..Taken::default() };
        let outcome = read(text.as_bytes(), &fields(), &mut taken, &mut false);
        (outcome, taken)
    }

    fn shown_rows(taken: &Taken) -> Vec<Vec<Option<&str>>> {
        taken.rows.iter().map(|row| (0..5).map(|i| row.get(i)).collect()).collect()
    }

    #[test]
    fn rows_come_in_the_order_of_our_columns() {
        let text = r#"[{"store":"1kb","other":["x"],"index":"a\"b","node":"n -> 127.0.0.1 id m"},
            {"index":"c","store":null,"node":null},{"store":5,"index":"d"}]"#;
        let (outcome, taken) = rows(text, None);
        assert!(outcome.unwrap().is_none());
        assert_eq!(taken.has, [true, true, true, true, false]);
        assert_eq!(
            shown_rows(&taken),
            [
                [Some("a\"b"), Some("1024"), Some("n"), Some("m"), None],
                [Some("c"), None, None, None, None],
                [Some("d"), Some("5"), None, None, None],
            ]
        );
    }

    #[test]
    fn pages_have_the_token_of_the_next() {
        let (token, taken) = rows(r#"{"next_token":"t","indices":[{"index":"a"}]}"#, None);
        assert_eq!((token.unwrap().as_deref(), taken.rows.len()), (Some("t"), 1));
        let (token, _) = rows(r#"{"next_token":null,"shards":[]}"#, None);
        assert_eq!(token.unwrap(), None);
    }

    #[test]
    fn what_is_cut_or_no_report_is_not_taken_for_the_end() {
        for text in [
            "",
            "[",
            r#"[{"index":"a"}"#,
            r#"[{"index":"a"},"#,
            "[]x",
            r#"{"acknowledged":true}"#,
            "[1]",
            "7",
        ] {
            assert!(matches!(rows(text, None).0, Err(Broken::Json(_))), "{text}");
        }
        let (outcome, taken) = rows(r#"[{"index":"a"},{"index":"b"}]"#, Some(1));
        assert!(matches!(outcome, Err(Broken::Taker(_))));
        assert_eq!(taken.rows.len(), 1);
    }
}
