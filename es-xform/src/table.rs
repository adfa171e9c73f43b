//! A table that programs look things up in (`--table`): CSV or TSV with a header, whose first column is the key.
//! It is held once, as the text of a JSON object and where each row lies in it, whatever the number of workers.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use es_core::record::Stop;
use es_core::record::lines::{self, Lines};

use crate::form::cells::{self, Dialect, Ends};
use crate::form::columns::{self, Columns};
use crate::form::wrong::Wrong;
use crate::language::value;

/// The rows by their keys, in the order of the file.
#[derive(Debug)]
pub(crate) struct Table {
    json: String,
    rows: HashMap<String, Range<usize>>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Read(#[from] lines::Error),
    #[error("cannot read {}: {why}", file.display())]
    Start { file: PathBuf, why: io::Error },
    #[error("{}: no header", .0.display())]
    Empty(PathBuf),
    #[error("{}, line {line}: {what}", file.display())]
    Row { file: PathBuf, line: u64, what: What },
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum What {
    #[error(transparent)]
    Row(#[from] Wrong),
    #[error("the key {0} is there already")]
    RepeatedKey(String),
}

impl Table {
    /// Reads a table; `-` is standard input.
    pub(crate) fn read(path: &Path) -> Result<Table, Error> {
        let start = |why| Error::Start { file: path.to_owned(), why };
        let mut lines = Lines::new(vec![path.to_owned()], 0, false, &Stop::new().map_err(start)?);
        let mut text = Vec::new();
        while let Some((_, bytes)) = lines.next_bytes()? {
            text.extend_from_slice(&bytes);
        }
        let text = text.strip_prefix(columns::BOM).unwrap_or(&text);
        Table::parse(text, dialect_of(path, text), path)
    }

    pub(crate) fn parse(text: &[u8], dialect: Dialect, path: &Path) -> Result<Table, Error> {
        let (mut ends, mut at, mut line) = (Ends::new(dialect), 0, 1);
        let mut columns = None;
        let mut table = Table { json: "{".to_owned(), rows: HashMap::new() };
        while at < text.len() {
            let end = ends.next(text, at).unwrap_or(text.len());
            let row = &text[at..end];
            let wrong = |what| Error::Row { file: path.to_owned(), line, what };
            match &columns {
                _ if cells::without_end(row).is_empty() => {}
                None => {
                    columns = Some(Columns::read(row, dialect).map_err(|e| wrong(e.into()))?);
                }
                Some(columns) => table.add(columns, row).map_err(wrong)?,
            }
            line += memchr::memchr_iter(b'\n', row).count() as u64;
            at = end;
        }
        table.json.push('}');
        columns.map(|_| table).ok_or_else(|| Error::Empty(path.to_owned()))
    }

    fn add(&mut self, columns: &Columns, row: &[u8]) -> Result<(), What> {
        let mut object = Vec::with_capacity(row.len() * 2);
        let key = columns.write_row(row, &mut object)?.into_owned();
        // Both are made of text.
        let (Ok(key), Ok(object)) = (String::from_utf8(key), String::from_utf8(object)) else {
            return Err(Wrong::NotText.into());
        };
        let mut name = Vec::new();
        value::write_string(key.as_bytes(), &mut name);
        let name = String::from_utf8_lossy(&name);
        match self.rows.entry(key) {
            Entry::Occupied(_) => return Err(What::RepeatedKey(name.into_owned())),
            Entry::Vacant(row) => {
                if self.json.len() > 1 {
                    self.json.push(',');
                }
                self.json.push_str(&name);
                self.json.push(':');
                row.insert(self.json.len()..self.json.len() + object.len());
                self.json.push_str(&object);
            }
        }
        Ok(())
    }

    /// The row of a key, as the text of a JSON object.
    pub(crate) fn row(&self, key: &str) -> Option<&str> {
        self.rows.get(key).map(|range| &self.json[range.clone()])
    }

    /// The whole as the text of a JSON object: rows by their keys, in the order of the file.
    pub(crate) fn json(&self) -> &str {
        &self.json
    }
}

/// By the name of the file, else by whether a tab stands in its first line.
fn dialect_of(path: &Path, text: &[u8]) -> Dialect {
    let name = path.to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").or(name.strip_suffix(".zst")).unwrap_or(&name);
    let first = text.split(|b| *b == b'\n').next().unwrap_or_default();
    match name.ends_with(".tsv") || !name.ends_with(".csv") && first.contains(&b'\t') {
        true => Dialect::Tsv,
        false => Dialect::Csv,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Table, String> {
        let path = Path::new("t");
        Table::parse(text.as_bytes(), dialect_of(path, text.as_bytes()), path).map_err(|e| e.to_string())
    }

    #[test]
    fn rows_are_found_by_their_first_cell() {
        let table = parse("client,\"na\"\"me\",n\r\nacme,\"A, Inc.\n\",1.0\r\n\r\n7,,\"\"").unwrap();
        assert_eq!(table.row("acme"), Some(r#"{"client":"acme","na\"me":"A, Inc.\n","n":"1.0"}"#));
        assert_eq!(table.row("7"), Some(r#"{"client":"7","na\"me":"","n":""}"#));
        assert_eq!(table.row("gone"), None);
        let whole: serde_json::Value = serde_json::from_str(table.json()).unwrap();
        assert_eq!(whole.as_object().unwrap().len(), 2);
        assert!(table.json().starts_with(r#"{"acme":{"client""#));
        let tabs = parse("a\tb,c\n1\t\\t\"x\"\n").unwrap();
        assert_eq!(tabs.json(), r#"{"1":{"a":"1","b,c":"\t\"x\""}}"#);
        assert_eq!(parse("k\n").unwrap().json(), "{}");
        assert_eq!(dialect_of(Path::new("a.TSV.gz"), b"a,b"), Dialect::Tsv);
        assert_eq!(dialect_of(Path::new("a.csv"), b"a\tb"), Dialect::Csv);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, error) in [
            ("", "t: no header"),
            ("\n\n", "t: no header"),
            ("a,,c\n", "t, line 1: column 2 has no name"),
            ("a,b,a\n", "t, line 1: the column \"a\" is there twice"),
            ("a,b\n1,\"x\ny\"\n\n1,2\n", "t, line 5: the key \"1\" is there already"),
            ("a,b\n1\n", "t, line 2: a row of 1 cell under a header of 2"),
            ("a,b\n1,2,3\n", "t, line 2: a row of 3 cells under a header of 2"),
            ("a,b\n1,\"2\n", "t, line 2: a quoted cell has no end"),
        ] {
            assert_eq!(parse(text).unwrap_err(), error, "{text:?}");
        }
        let error = Table::parse(b"a,b\n1,\xff\n", Dialect::Csv, Path::new("t")).unwrap_err();
        assert_eq!(error.to_string(), "t, line 2: invalid UTF-8");
    }
}
