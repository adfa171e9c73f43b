//! The rows as text for programs: CSV by RFC 4180 (with bare line feeds), TSV with escapes, NDJSON.

use crate::record::Stop;
use crate::record::sink::{self, Sink};
use crate::record::tsv;

use super::column::Column;
use super::kind::{Kind, decimal};
use super::row::Row;

/// What is written at a time.
const BLOCK: usize = 64 << 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Tsv,
    Json,
}

/// Rows go out in blocks.
pub struct Output {
    format: Format,
    sink: Sink,
    csv: csv::Writer<Vec<u8>>,
    bytes: Vec<u8>,
}

impl Output {
    pub fn new(format: Format, stop: &Stop) -> Result<Output, sink::Error> {
        Ok(Output { format, sink: Sink::stdout(stop)?, csv: writer(), bytes: Vec::with_capacity(BLOCK * 2) })
    }

    /// The names of the columns. JSON has them in every row.
    pub fn header(&mut self, columns: &[Column]) -> Result<(), sink::Error> {
        let names = columns.iter().map(|column| Some(&*column.name));
        match self.format {
            Format::Csv => self.csv_row(names),
            Format::Tsv => self.tsv_row(names),
            Format::Json => {}
        }
        self.flush_blocks()
    }

    /// The values of the first columns of a row.
    pub fn row(&mut self, columns: &[Column], row: &Row) -> Result<(), sink::Error> {
        let cells = (0..columns.len()).map(|at| row.get(at));
        match self.format {
            Format::Csv => self.csv_row(cells),
            Format::Tsv => self.tsv_row(cells),
            Format::Json => json_row(columns, row, &mut self.bytes),
        }
        self.flush_blocks()
    }

    fn flush_blocks(&mut self) -> Result<(), sink::Error> {
        if self.bytes.len() >= BLOCK || self.csv.get_ref().len() >= BLOCK {
            self.flush()?;
        }
        Ok(())
    }

    pub fn flush(&mut self) -> Result<(), sink::Error> {
        if self.format == Format::Csv {
            // It writes into memory, which does not fail.
            let _ = self.csv.flush();
            let bytes = std::mem::replace(&mut self.csv, writer());
            self.bytes.extend(bytes.into_inner().unwrap_or_default());
        }
        self.sink.write(&self.bytes)?;
        self.bytes.clear();
        Ok(())
    }

    fn csv_row<'a>(&mut self, mut cells: impl Iterator<Item = Option<&'a str>>) {
        // It writes into memory and rows may be of any length, so that nothing fails.
        let _ = cells
            .try_for_each(|cell| self.csv.write_field(cell.unwrap_or_default()))
            .and_then(|()| self.csv.write_record(None::<&[u8]>));
    }

    fn tsv_row<'a>(&mut self, cells: impl Iterator<Item = Option<&'a str>>) {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                self.bytes.push(b'\t');
            }
            tsv::escape(cell.unwrap_or_default().as_bytes(), &mut self.bytes);
        }
        self.bytes.push(b'\n');
    }
}

fn writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().flexible(true).from_writer(Vec::new())
}

fn json_row(columns: &[Column], row: &Row, out: &mut Vec<u8>) {
    out.push(b'{');
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        json_text(&column.name, out);
        out.push(b':');
        match row.get(at) {
            None => out.extend(b"null"),
            Some(cell) => json_value(column.kind, cell, out),
        }
    }
    out.extend(b"}\n");
}

fn json_value(kind: Kind, cell: &str, out: &mut Vec<u8>) {
    match kind {
        Kind::Int | Kind::Number | Kind::Bytes | Kind::Ms | Kind::Percent if is_json_number(cell) => {
            out.extend(cell.bytes());
        }
        Kind::Flag if matches!(cell, "true" | "false") => out.extend(cell.bytes()),
        Kind::List => {
            out.push(b'[');
            for (at, part) in cell.split(',').enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                json_text(part, out);
            }
            out.push(b']');
        }
        Kind::Int
        | Kind::Number
        | Kind::Bytes
        | Kind::Ms
        | Kind::Percent
        | Kind::Flag
        | Kind::Text
        | Kind::Time
        | Kind::Other => json_text(cell, out),
    }
}

/// JSON takes neither `007` nor `.5` nor `NaN`.
fn is_json_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let zeros = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    decimal(cell).is_some()
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && !zeros
        && !cell.ends_with('.')
}

fn json_text(text: &str, out: &mut Vec<u8>) {
    // Writing into memory does not fail.
    let _ = serde_json::to_writer(&mut *out, text);
}

impl Drop for Output {
    /// What a run that fails has read so far is not held back.
    fn drop(&mut self) {
        let _ = self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::rows::column::shown;

    #[test]
    fn json_has_the_types_of_the_columns() {
        let columns = [
            shown("n", Kind::Int, ""),
            shown("l", Kind::Number, ""),
            shown("t", Kind::Text, ""),
            shown("f", Kind::Flag, ""),
            shown("a", Kind::List, ""),
            shown("m", Kind::Int, ""),
        ];
        let mut row = Row::new(6);
        for (at, raw) in ["12", "NaN", "7\"\n", "*", "[a, b]", "-"].iter().enumerate() {
            row.take(at, &columns[at], raw);
        }
        let mut out = Vec::new();
        json_row(&columns, &row, &mut out);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "{\"n\":12,\"l\":\"NaN\",\"t\":\"7\\\"\\n\",\"f\":true,\"a\":[\"a\",\"b\"],\"m\":null}\n"
        );
        for (cell, is) in [
            ("0", true),
            ("-1", true),
            ("0.5", true),
            ("1.0E-4", true),
            ("007", false),
            (".5", false),
            ("1.", false),
        ] {
            assert_eq!(is_json_number(cell), is, "{cell}");
        }
    }
}
