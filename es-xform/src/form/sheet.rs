//! Records as rows: the first that is written makes the header, and every later one must fit under it. Pieces of the
//! input are worked on at the same time; until there is a header, each waits for those before it.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use es_core::record::hit::Hit;
use es_core::record::scan::{Fields, MAX_DEPTH, unescape};

use super::cells::{self, Dialect};
use crate::fault::Fault;
use crate::program::terms::{self, DOCINFO};

/// Whose turn it is to make the header; shared by all workers.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    header: Option<Arc<Header>>,
    /// The first piece that is not done.
    turn: u64,
}

/// The columns: their names, and the place of each.
#[derive(Debug, Default)]
struct Header {
    names: Vec<Vec<u8>>,
    places: HashMap<Vec<u8>, usize>,
}

/// The rows that one worker writes.
pub(crate) struct Sheet {
    dialect: Dialect,
    turns: Arc<Turns>,
    header: Option<Arc<Header>>,
    /// The piece that is being worked on, as long as the header may come from it.
    piece: Option<u64>,
}

impl Sheet {
    pub(crate) fn new(dialect: Dialect, turns: &Arc<Turns>) -> Sheet {
        Sheet { dialect, turns: Arc::clone(turns), header: None, piece: None }
    }

    pub(crate) fn begin(&mut self, number: u64) {
        if self.header.is_some() {
            return;
        }
        let state = self.turns.state.lock().unwrap_or_else(PoisonError::into_inner);
        let others_turn = |state: &mut State| state.header.is_none() && state.turn != number;
        let state = self.turns.changed.wait_while(state, others_turn).unwrap_or_else(PoisonError::into_inner);
        self.header.clone_from(&state.header);
        self.piece = self.header.is_none().then_some(number);
    }

    pub(crate) fn end(&mut self) {
        if let Some(number) = self.piece.take() {
            let mut state = self.turns.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.header.clone_from(&self.header);
            state.turn = number + 1;
            self.turns.changed.notify_all();
        }
    }

    /// Appends what one input became; all of it fits, or nothing counts.
    pub(crate) fn write(&mut self, records: &[Hit<'_>], out: &mut Vec<u8>) -> Result<(), Fault> {
        let Some(first) = records.first() else { return Ok(()) };
        let header = match &self.header {
            Some(header) => Arc::clone(header),
            None => {
                let header = Header::of(first)?;
                for (i, name) in header.names.iter().enumerate() {
                    self.delimit(i, out);
                    cells::write(name, self.dialect, out);
                }
                out.push(b'\n');
                Arc::new(header)
            }
        };
        for record in records {
            self.row(&header, record, out)?;
        }
        if self.header.is_none() {
            self.header = Some(header);
            // Whoever waits need not wait for the rest of this piece.
            self.end();
        }
        Ok(())
    }

    fn row(&self, header: &Header, record: &Hit<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
        let mut row = vec![None; header.names.len()];
        let mut expected = 0;
        each(record, |name, value| {
            let place = match header.names.get(expected).is_some_and(|next| next == name) {
                true => Some(expected),
                false => header.places.get(name).copied(),
            };
            match place {
                Some(place) if row[place].replace(value).is_none() => expected = place + 1,
                Some(_) => return Err(Fault::Twice(String::from_utf8_lossy(name).into_owned())),
                None if value == b"null" => {}
                None => return Err(Fault::NoColumn(quoted(name))),
            }
            Ok(())
        })?;
        let start = out.len();
        for (i, value) in row.into_iter().enumerate() {
            self.delimit(i, out);
            match value {
                None | Some(b"null") => {}
                Some(value) => match value.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")) {
                    None => cells::write(value, self.dialect, out),
                    Some(text) => {
                        let text = unescape(text);
                        std::str::from_utf8(&text).map_err(|_| Fault::NotText)?;
                        cells::write(&text, self.dialect, out);
                    }
                },
            }
        }
        // An empty line is no row.
        if out.len() == start && self.dialect == Dialect::Csv {
            out.extend_from_slice(b"\"\"");
        }
        out.push(b'\n');
        Ok(())
    }

    fn delimit(&self, column: usize, out: &mut Vec<u8>) {
        if column > 0 {
            cells::write_delimiter(self.dialect, out);
        }
    }
}

/// Whoever waits must not wait for a worker that is no more.
impl Drop for Sheet {
    fn drop(&mut self) {
        self.end();
    }
}

impl Header {
    fn of(record: &Hit<'_>) -> Result<Header, Fault> {
        let mut header = Header::default();
        each(record, |name, _| {
            std::str::from_utf8(name).map_err(|_| Fault::NotText)?;
            match header.places.insert(name.to_vec(), header.names.len()) {
                None => header.names.push(name.to_vec()),
                Some(_) => return Err(Fault::Twice(String::from_utf8_lossy(name).into_owned())),
            }
            Ok(())
        })?;
        match header.names.is_empty() {
            true => Err(Fault::NoColumns),
            false => Ok(header),
        }
    }
}

/// The docinfo and the fields of a record, names decoded, values as JSON text.
fn each<'a>(record: &Hit<'a>, mut f: impl FnMut(&[u8], &'a [u8]) -> Result<(), Fault>) -> Result<(), Fault> {
    for (name, value) in DOCINFO.into_iter().zip([record.index, record.id, record.routing]) {
        if let Some(value) = value {
            f(name.as_bytes(), value)?;
        }
    }
    let Some(source) = record.source else { return Ok(()) };
    let mut fields = Fields::open(source, 0, MAX_DEPTH)?;
    while let Some(field) = fields.next_field()? {
        f(&unescape(&source[field.name]), &source[field.value])?;
    }
    Ok(())
}

fn quoted(name: &[u8]) -> String {
    terms::quoted(&String::from_utf8_lossy(name))
}
