//! The reading stage for rows: the bytes of each file, cut where a row ends, under the header that stands first in it.
//! A row over the limit is read past to its end, however many quoted line breaks it has, and never held.

use std::sync::Arc;

use es_core::record::block::Place;
use es_core::record::lines::Lines;

use super::cells::{self, Dialect, Ends};
use super::columns::{self, Header};
use super::wrong::Wrong;
use crate::error::Error;
use crate::piece::{Records, Stretch};

/// How much of a row over the limit is kept, to show what it was.
const HEAD: usize = 1 << 10;

pub(crate) struct Rows {
    lines: Lines,
    dialect: Dialect,
    max_row: usize,
    /// The file that is being read.
    file: Option<Open>,
    /// The first stretch of the file after it.
    next: Option<Stretch>,
}

struct Open {
    ends: Ends,
    header: Option<Arc<Header>>,
    /// What was read and is not handed on; `seen` of it was looked through for ends.
    rest: Stretch,
    seen: usize,
    /// A row over the limit: where it began, how long it is so far, and its first bytes.
    long: Option<(Place, u64, Vec<u8>)>,
}

impl Rows {
    pub(crate) fn new(lines: Lines, dialect: Dialect, max_row: usize) -> Rows {
        Rows { lines, dialect, max_row, file: None, next: None }
    }

    pub(crate) fn next_rows(&mut self) -> Result<Option<Records>, Error> {
        loop {
            let next = match self.next.take() {
                Some(block) => Some(block),
                None => self.lines.next_bytes()?.map(|(place, bytes)| Stretch { bytes, place }),
            };
            let Some(mut block) = next else { return self.file.take().map_or(Ok(None), Open::end) };
            let found = if self.file.as_ref().is_some_and(|open| !open.goes_on_with(&block)) {
                self.next = Some(block);
                self.file.take().map_or(Ok(None), Open::end)?
            } else {
                let dialect = self.dialect;
                let open = self.file.get_or_insert_with(|| Open::new(&mut block, dialect));
                open.rest.bytes.extend_from_slice(&block.bytes);
                open.rows(self.max_row)?
            };
            if found.is_some() {
                return Ok(found);
            }
        }
    }
}

impl Open {
    fn new(block: &mut Stretch, dialect: Dialect) -> Open {
        if block.bytes.starts_with(columns::BOM) {
            block.bytes.drain(..columns::BOM.len());
            block.place.offset += columns::BOM.len() as u64;
        }
        let rest = Stretch { bytes: Vec::new(), place: block.place.clone() };
        Open { ends: Ends::new(dialect), header: None, rest, seen: 0, long: None }
    }

    fn goes_on_with(&self, block: &Stretch) -> bool {
        block.place.file == self.rest.place.file && block.place.offset > 0
    }

    /// The whole rows of what was read so far.
    fn rows(&mut self, max_row: usize) -> Result<Option<Records>, Error> {
        if let Some((_, length, _)) = &mut self.long {
            let end = self.ends.next(&self.rest.bytes, 0);
            let cut = end.unwrap_or(self.rest.bytes.len());
            *length += cut as u64;
            let rest = self.rest.split_off(cut);
            self.rest = rest;
            self.seen = 0;
            // What comes after it in this block is looked at with the next, or at the end.
            return Ok(end.and_then(|_| self.long()));
        }
        let end = self.ends.last(&self.rest.bytes, self.seen);
        self.seen = self.rest.bytes.len();
        let Some(end) = end else {
            // The first half of a line end may be there.
            if self.rest.bytes.len() <= max_row + 1 {
                return Ok(None);
            }
            if self.header.is_none() {
                return Err(self.header_error(Wrong::TooLong));
            }
            let rest = self.rest.split_off(self.seen);
            let Stretch { mut bytes, place } = std::mem::replace(&mut self.rest, rest);
            let length = bytes.len() as u64;
            bytes.truncate(HEAD);
            self.long = Some((place, length, bytes));
            self.seen = 0;
            return Ok(None);
        };
        let rest = self.rest.split_off(end);
        self.seen = rest.bytes.len();
        let rows = std::mem::replace(&mut self.rest, rest);
        self.under_header(rows)
    }

    /// What is left at the end of the file.
    fn end(mut self) -> Result<Option<Records>, Error> {
        if let Some((_, length, _)) = &mut self.long {
            *length += self.rest.bytes.len() as u64;
            return Ok(self.long());
        }
        let rest = self.rest.split_off(0);
        self.under_header(rest)
    }

    fn long(&mut self) -> Option<Records> {
        let (place, length, head) = self.long.take()?;
        Some(Records::TooLong { place, length, head })
    }

    fn under_header(&mut self, mut rows: Stretch) -> Result<Option<Records>, Error> {
        if self.header.is_none() {
            let dialect = self.ends.dialect();
            let (mut ends, mut at) = (Ends::new(dialect), 0);
            while at < rows.bytes.len() && self.header.is_none() {
                let end = ends.next(&rows.bytes, at).unwrap_or(rows.bytes.len());
                let row = &rows.bytes[at..end];
                if !cells::without_end(row).is_empty() {
                    match Header::read(row, dialect) {
                        Ok(header) => self.header = Some(Arc::new(header)),
                        Err(why) => {
                            self.rest.place = rows.split_off(at).place;
                            return Err(self.header_error(why));
                        }
                    }
                }
                at = end;
            }
            rows = rows.split_off(at);
        }
        let header = self.header.as_ref().filter(|_| !rows.bytes.is_empty());
        Ok(header.map(|header| Records::Rows(rows, Arc::clone(header))))
    }

    fn header_error(&self, why: Wrong) -> Error {
        let Place { file, line, .. } = &self.rest.place;
        Error::Header { file: file.to_path_buf(), line: *line, why }
    }
}
