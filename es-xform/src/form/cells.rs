//! Text in rows and cells: where rows end and what their cells say, found in the bytes as they lie, so that a row
//! that is refused has its place and its bytes. CSV is that of RFC 4180; TSV is that of es-cat, without quotes and
//! with `\t`, `\n`, `\r` and `\\` for what would end a cell.

use std::borrow::Cow;

use es_core::record::tsv;
use memchr::{memchr, memchr2, memchr3, memrchr};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Csv,
    Tsv,
}

impl Dialect {
    fn delimiter(self) -> u8 {
        match self {
            Dialect::Csv => b',',
            Dialect::Tsv => b'\t',
        }
    }
}

/// Finds the ends of rows; what it saw last is remembered from one stretch of text to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ends {
    dialect: Dialect,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// A quote within a quoted cell: its end, or the first of two.
    Quote,
    /// A line feed that comes now belongs to the line end.
    Return,
}

impl Ends {
    pub(crate) fn new(dialect: Dialect) -> Ends {
        Ends { dialect, state: State::CellStart }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The index after the first line end from `at` on that ends a row.
    pub(crate) fn next(&mut self, b: &[u8], mut at: usize) -> Option<usize> {
        while at < b.len() {
            match self.state {
                State::CellStart if b[at] == b'"' && self.dialect == Dialect::Csv => {
                    self.state = State::Quoted;
                    at += 1;
                }
                State::CellStart => self.state = State::Plain,
                State::Quoted => {
                    at += memchr(b'"', &b[at..])? + 1;
                    self.state = State::Quote;
                }
                State::Quote if b[at] == b'"' => {
                    self.state = State::Quoted;
                    at += 1;
                }
                State::Quote => self.state = State::Plain,
                State::Plain => {
                    at += match self.dialect {
                        Dialect::Csv => memchr3(b',', b'\n', b'\r', &b[at..])?,
                        Dialect::Tsv => memchr2(b'\n', b'\r', &b[at..])?,
                    };
                    at += 1;
                    self.state = match b[at - 1] {
                        b'\r' => State::Return,
                        _ => State::CellStart,
                    };
                    if b[at - 1] == b'\n' {
                        return Some(at);
                    }
                }
                State::Return => {
                    self.state = State::CellStart;
                    return Some(at + usize::from(b[at] == b'\n'));
                }
            }
        }
        None
    }

    /// The index after the last line end from `at` on that ends a row.
    pub(crate) fn last(&mut self, b: &[u8], at: usize) -> Option<usize> {
        if self.state != State::Quoted && (self.dialect == Dialect::Tsv || memchr(b'"', &b[at..]).is_none()) {
            let last = memrchr(b'\n', &b[at..]).map(|last| at + last + 1);
            if last.is_some() {
                self.state = State::CellStart;
            }
            // What is left decides how the next stretch begins; it may have ends of its own.
            return self.last_one_by_one(b, last.unwrap_or(at)).or(last);
        }
        self.last_one_by_one(b, at)
    }

    fn last_one_by_one(&mut self, b: &[u8], mut at: usize) -> Option<usize> {
        let mut last = None;
        while let Some(end) = self.next(b, at) {
            (last, at) = (Some(end), end);
        }
        last
    }
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Wrong {
    #[error("a quoted cell has no end")]
    Unclosed,
    #[error("text after the closing quote of a cell")]
    AfterQuote,
}

/// The row without its line end.
pub(crate) fn without_end(row: &[u8]) -> &[u8] {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    row.strip_suffix(b"\r").unwrap_or(row)
}

/// The cells of a row that has no line end.
pub(crate) fn cells(row: &[u8], dialect: Dialect) -> Cells<'_> {
    Cells { rest: Some(row), dialect }
}

#[derive(Clone, Debug)]
pub(crate) struct Cells<'a> {
    rest: Option<&'a [u8]>,
    dialect: Dialect,
}

impl<'a> Iterator for Cells<'a> {
    type Item = Result<Cow<'a, [u8]>, Wrong>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        if let Some(quoted) = rest.strip_prefix(b"\"").filter(|_| self.dialect == Dialect::Csv) {
            return Some(self.quoted(quoted));
        }
        let end = memchr(self.dialect.delimiter(), rest);
        self.rest = end.map(|end| &rest[end + 1..]);
        let cell = &rest[..end.unwrap_or(rest.len())];
        Some(Ok(match self.dialect {
            Dialect::Tsv => decoded(cell),
            Dialect::Csv => Cow::Borrowed(cell),
        }))
    }
}

impl<'a> Cells<'a> {
    fn quoted(&mut self, text: &'a [u8]) -> Result<Cow<'a, [u8]>, Wrong> {
        let (mut at, mut whole) = (0, Vec::new());
        loop {
            let end = at + memchr(b'"', &text[at..]).ok_or(Wrong::Unclosed)?;
            match text.get(end + 1) {
                Some(b'"') => {
                    whole.extend_from_slice(&text[at..=end]);
                    at = end + 2;
                    continue;
                }
                Some(b',') => self.rest = Some(&text[end + 2..]),
                None => {}
                Some(_) => return Err(Wrong::AfterQuote),
            }
            if whole.is_empty() {
                return Ok(Cow::Borrowed(&text[at..end]));
            }
            whole.extend_from_slice(&text[at..end]);
            return Ok(Cow::Owned(whole));
        }
    }
}

/// A cell of TSV with its escapes decoded; a backslash before anything else is a backslash.
fn decoded(cell: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr(b'\\', cell) else { return Cow::Borrowed(cell) };
    let mut out = cell[..first].to_vec();
    let mut rest = &cell[first..];
    while let Some((byte, after)) = rest.split_first() {
        let decoded = match (byte, after.first()) {
            (b'\\', Some(b't')) => Some(b'\t'),
            (b'\\', Some(b'n')) => Some(b'\n'),
            (b'\\', Some(b'r')) => Some(b'\r'),
            (b'\\', Some(b'\\')) => Some(b'\\'),
            _ => None,
        };
        out.push(decoded.unwrap_or(*byte));
        rest = if decoded.is_some() { &after[1..] } else { after };
    }
    Cow::Owned(out)
}

/// Appends a cell, written so that it is read back as it is.
pub(crate) fn write(cell: &[u8], dialect: Dialect, out: &mut Vec<u8>) {
    match dialect {
        Dialect::Csv if memchr3(b',', b'\n', b'\r', cell).is_some() || cell.contains(&b'"') => {
            out.push(b'"');
            for byte in cell {
                out.extend(std::iter::repeat_n(*byte, if *byte == b'"' { 2 } else { 1 }));
            }
            out.push(b'"');
        }
        Dialect::Csv => out.extend_from_slice(cell),
        Dialect::Tsv => tsv::escape(cell, out),
    }
}

/// Appends what stands between two cells.
pub(crate) fn write_delimiter(dialect: Dialect, out: &mut Vec<u8>) {
    out.push(dialect.delimiter());
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    type Row = Vec<Vec<u8>>;

    fn rows(text: &[u8], dialect: Dialect) -> Vec<Row> {
        let (mut ends, mut at, mut rows) = (Ends::new(dialect), 0, Vec::new());
        while at < text.len() {
            let end = ends.next(text, at).unwrap_or(text.len());
            let row = without_end(&text[at..end]);
            if !row.is_empty() {
                rows.push(cells(row, dialect).map(|cell| cell.unwrap().into_owned()).collect());
            }
            at = end;
        }
        rows
    }

    #[test]
    fn what_is_wrong_with_a_row_is_told() {
        let wrong = |row: &[u8]| cells(row, Dialect::Csv).find_map(Result::err);
        assert_eq!(wrong(b"a,\"b"), Some(Wrong::Unclosed));
        assert_eq!(wrong(b"a,\"b\"\""), Some(Wrong::Unclosed));
        assert_eq!(wrong(b"\"b\"c,d"), Some(Wrong::AfterQuote));
        assert_eq!(wrong(b"5\" disk,\"\""), None);
    }

    proptest! {
        #[test]
        fn rows_are_those_of_the_csv_crate(text in vec(prop::sample::select(&b"a\",\n\r"[..]), 0..40)) {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&text[..]);
            let expected: Vec<Row> =
                reader.byte_records().map(|row| row.unwrap().iter().map(<[u8]>::to_vec).collect()).collect();
            let (mut ends, mut at, mut found) = (Ends::new(Dialect::Csv), 0, Vec::<Row>::new());
            let mut sound = true;
            while at < text.len() {
                let end = ends.next(&text, at).unwrap_or(text.len());
                let row = without_end(&text[at..end]);
                if !row.is_empty() {
                    let row: Result<Vec<_>, _> = cells(row, Dialect::Csv).collect();
                    sound &= row.is_ok();
                    found.push(row.unwrap_or_default().iter().map(|cell| cell.to_vec()).collect());
                }
                at = end;
            }
            prop_assert_eq!(found.len(), expected.len());
            if sound {
                prop_assert_eq!(found, expected);
            }
        }

        #[test]
        fn what_is_written_is_read_back(
            table in vec(vec(vec(prop::sample::select(&b"ab\\tn\t\",\n\r"[..]), 0..6), 2..4), 0..5)
        ) {
            for dialect in [Dialect::Csv, Dialect::Tsv] {
                let mut text = Vec::new();
                for row in &table {
                    for (i, cell) in row.iter().enumerate() {
                        if i > 0 {
                            write_delimiter(dialect, &mut text);
                        }
                        write(cell, dialect, &mut text);
                    }
                    text.push(b'\n');
                }
                prop_assert_eq!(&rows(&text, dialect), &table);
            }
        }

        #[test]
        fn ends_are_found_however_the_text_is_cut(
            text in vec(prop::sample::select(&b"a\",\n\r"[..]), 0..60), cuts in vec(1..9usize, 1..60)
        ) {
            for dialect in [Dialect::Csv, Dialect::Tsv] {
                let (mut ends, mut at, mut all) = (Ends::new(dialect), 0, Vec::new());
                while let Some(end) = ends.next(&text, at) {
                    all.push(end);
                    at = end;
                }
                // A stretch at a time; each gives its last end.
                let (mut ends, mut given, mut known, mut lasts) = (Ends::new(dialect), 0, 0, Vec::new());
                for cut in cuts.iter().cycle() {
                    known = (known + cut).min(text.len());
                    if let Some(end) = ends.last(&text[..known], given) {
                        lasts.push(end);
                    }
                    given = known;
                    if known == text.len() {
                        break;
                    }
                }
                prop_assert!(lasts.iter().all(|end| all.contains(end)), "{:?} {:?}", lasts, all);
                prop_assert_eq!(lasts.last(), all.last());
            }
        }
    }
}
