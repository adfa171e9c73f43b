//! The header of a file of rows: what makes each row an object, its cells as strings under the names of their columns.

use std::borrow::Cow;

use es_core::record::kind::Kind;

use super::cells::{self, Dialect, cells};
use super::wrong::Wrong;
use crate::fault::Fault;
use crate::language::value;
use crate::program::terms::DOCINFO;

/// What some programs put before a text to say that it is one.
pub(crate) const BOM: &[u8] = b"\xef\xbb\xbf";

/// The columns of rows, in order.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) dialect: Dialect,
    /// The name of each, as it goes before its value: a JSON string and a colon.
    names: Vec<Vec<u8>>,
}

impl Columns {
    /// The columns that a header names.
    pub(crate) fn read(row: &[u8], dialect: Dialect) -> Result<Columns, Wrong> {
        let mut names: Vec<Vec<u8>> = Vec::new();
        for cell in cells(cells::without_end(row), dialect) {
            let cell = cell?;
            if cell.is_empty() {
                return Err(Wrong::NoName(names.len() + 1));
            }
            std::str::from_utf8(&cell).map_err(|_| Wrong::NotText)?;
            let mut name = Vec::new();
            value::write_string(&cell, &mut name);
            if names.iter().any(|taken| taken[..taken.len() - 1] == name) {
                return Err(Wrong::Twice(String::from_utf8_lossy(&name).into_owned()));
            }
            name.push(b':');
            names.push(name);
        }
        Ok(Columns { dialect, names })
    }

    /// Whether the line is a row. An empty one is none, unless it is how the only cell of a row says that it is empty.
    pub(crate) fn has_row(&self, line: &[u8]) -> bool {
        !cells::without_end(line).is_empty() || self.dialect == Dialect::Tsv && self.names.len() == 1
    }

    /// Appends a row as an object; its first cell.
    pub(crate) fn write_row<'a>(&self, row: &'a [u8], out: &mut Vec<u8>) -> Result<Cow<'a, [u8]>, Wrong> {
        let mut key = Cow::Borrowed(&row[..0]);
        self.write(row, out, |column, cell| {
            if column == 0 {
                key = cell.clone();
            }
            false
        })?;
        Ok(key)
    }

    /// Appends the cells that `takes` does not take as an object.
    fn write<'a>(
        &self,
        row: &'a [u8],
        out: &mut Vec<u8>,
        mut takes: impl FnMut(usize, &Cow<'a, [u8]>) -> bool,
    ) -> Result<(), Wrong> {
        std::str::from_utf8(row).map_err(|_| Wrong::NotText)?;
        let mut found = 0;
        let mut lead = b'{';
        for cell in cells(cells::without_end(row), self.dialect) {
            let cell = cell?;
            if let Some(name) = self.names.get(found)
                && !takes(found, &cell)
            {
                out.push(lead);
                out.extend_from_slice(name);
                value::write_string(&cell, out);
                lead = b',';
            }
            found += 1;
        }
        if lead == b'{' {
            out.push(lead);
        }
        out.push(b'}');
        match found == self.names.len() {
            true => Ok(()),
            false => Err(Wrong::Cells { found, wanted: self.names.len() }),
        }
    }
}

/// The header of rows that are records.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) columns: Columns,
    /// Where `_index`, `_id` and `_routing` are.
    docinfo: [Option<usize>; 3],
}

impl Header {
    pub(crate) fn read(row: &[u8], dialect: Dialect) -> Result<Header, Wrong> {
        let columns = Columns::read(row, dialect)?;
        let docinfo = DOCINFO.map(|name| {
            let is = |known: &Vec<u8>| known[1..known.len() - 2] == *name.as_bytes();
            columns.names.iter().position(is)
        });
        match docinfo {
            [None, None, Some(_)] => Err(Wrong::LoneRouting),
            _ => Ok(Header { columns, docinfo }),
        }
    }

    /// Whether the rows are hit lines.
    pub(crate) fn has_docinfo(&self) -> bool {
        self.docinfo.iter().any(Option::is_some)
    }

    /// Appends a row as a record: a hit line where there are columns of docinfo, else a document. `document` is room
    /// to work in. An empty cell of docinfo is none.
    pub(crate) fn write_record(
        &self,
        row: &[u8],
        document: &mut Vec<u8>,
        out: &mut Vec<u8>,
    ) -> Result<Kind, Fault> {
        document.clear();
        let mut docinfo = [None, None, None];
        self.columns.write(row, document, |column, cell| {
            let Some(which) = self.docinfo.iter().position(|at| *at == Some(column)) else { return false };
            docinfo[which] = Some(cell.clone()).filter(|cell| !cell.is_empty());
            true
        })?;
        if !self.has_docinfo() {
            out.append(document);
            return Ok(Kind::Bare);
        }
        if docinfo[..2].iter().all(Option::is_none) {
            return Err(Fault::NoDocinfo);
        }
        out.push(b'{');
        for (name, cell) in DOCINFO.into_iter().zip(docinfo) {
            if let Some(cell) = cell {
                out.extend_from_slice(format!("\"{name}\":").as_bytes());
                value::write_string(&cell, out);
                out.push(b',');
            }
        }
        out.extend_from_slice(b"\"_source\":");
        out.append(document);
        out.push(b'}');
        Ok(Kind::Hit)
    }
}
