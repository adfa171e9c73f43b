//! The working stage: a piece of the input becomes the bytes to be written and what became of its records. Order is
//! kept by whoever calls.

use std::path::Path;
use std::sync::Arc;

use es_core::cli::exit::Tally;
use es_core::record::action::Action;
use es_core::record::block::{Block, Line, Place};
use es_core::record::kind::Kind;

use crate::fault::Fault;
use crate::form::cells::{self, Ends};
use crate::form::columns::Header;
use crate::form::leaving::{Given, Writer};
use crate::form::pairs;
use crate::piece::{Records, Stretch, Work};
use crate::rejected::{self, Refused};
use crate::transform::{Became, Count, Transform};

/// What a piece became.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) bytes: Vec<u8>,
    /// How many records those are: one input may become several.
    pub(crate) records: u64,
    pub(crate) tally: Tally,
    pub(crate) rejects: Vec<Reject>,
    /// What the rules of the program did.
    pub(crate) rules: Vec<Count>,
    /// How much input it was.
    pub(crate) read: u64,
}

/// A record that could not be handled.
pub(crate) struct Reject {
    pub(crate) fault: Fault,
    pub(crate) file: Arc<Path>,
    pub(crate) line: u64,
    pub(crate) offset: u64,
    /// The line for the rejects file.
    pub(crate) text: Vec<u8>,
}

/// Works on one piece after the other; holds what is reused.
pub(crate) struct Worker<'p> {
    transform: Transform<'p>,
    writer: Writer,
    max_line: usize,
    /// A record made of a pair or a row.
    made: Vec<u8>,
    document: Vec<u8>,
}

impl<'p> Worker<'p> {
    pub(crate) fn new(transform: Transform<'p>, writer: Writer, max_line: usize) -> Worker<'p> {
        Worker { transform, writer, max_line, made: Vec::new(), document: Vec::new() }
    }

    /// `room` is memory for the output, whatever is in it.
    pub(crate) fn work(&mut self, work: Work, mut room: Vec<u8>) -> Done {
        room.clear();
        let mut done = Done { bytes: room, ..Done::default() };
        self.writer.begin(work.number);
        match work.piece {
            Records::Lines(block, kind) => self.lines(&block, kind, &mut done),
            Records::Pairs(block) => self.pairs(&block, &mut done),
            Records::Rows(block, header) => self.rows(&block, &header, &mut done),
            Records::TooLong { place, length, head } => {
                done.read = length;
                done.tally.read = 1;
                done.too_long(place, length, &head);
            }
        }
        self.writer.end();
        done.rules = self.transform.take_counts();
        done
    }

    fn lines(&mut self, block: &Block, kind: Option<Kind>, done: &mut Done) {
        done.read = block.bytes().len() as u64;
        let certain = self.transform.certain;
        for line in block.lines() {
            // Where no kind is known yet, no line of the block is a record.
            let given = Given { line: line.bytes, kind: kind.unwrap_or(Kind::Hit), action: None };
            let outcome = self.record(&given, done);
            let place = || place_of(&block.place, line);
            done.count(outcome, place, |place, fault| match certain {
                true => rejected::line_for(Refused::Document(line.bytes), place, fault),
                false => rejected::line_for(Refused::Line(line.bytes), place, fault),
            });
        }
    }

    fn pairs(&mut self, block: &Block, done: &mut Done) {
        done.read = block.bytes().len() as u64;
        let mut open = None;
        for line in block.lines() {
            if pairs::is_mark(line.bytes) {
                self.writer.mark(line.bytes, &mut done.bytes);
                continue;
            }
            if let Some((first, action)) = open.take() {
                self.pair(block, first, &action, Some(line), done);
                continue;
            }
            match pairs::action(line.bytes) {
                Ok(action) if action.op.has_source() => open = Some((line, action)),
                Ok(action) => self.pair(block, line, &action, None, done),
                Err(fault) => {
                    let refused = Refused::Pair(line.bytes, None);
                    done.count(
                        Err(fault),
                        || place_of(&block.place, line),
                        |place, fault| rejected::line_for(refused, place, fault),
                    );
                }
            }
        }
        if let Some((line, action)) = open {
            self.pair(block, line, &action, None, done);
        }
    }

    /// `line` is that of the action.
    fn pair(
        &mut self,
        block: &Block,
        line: Line<'_>,
        action: &Action<'_>,
        document: Option<Line<'_>>,
        done: &mut Done,
    ) {
        let mut made = std::mem::take(&mut self.made);
        made.clear();
        let kind = pairs::write_record(action, document, &mut made);
        let outcome =
            kind.and_then(|kind| self.record(&Given { line: &made, kind, action: Some(action) }, done));
        done.count(
            outcome,
            || place_of(&block.place, line),
            |place, fault| {
                rejected::line_for(Refused::Pair(line.bytes, document.map(|line| line.bytes)), place, fault)
            },
        );
        self.made = made;
    }

    fn rows(&mut self, block: &Stretch, header: &Header, done: &mut Done) {
        done.read = block.bytes.len() as u64;
        let mut ends = Ends::new(header.columns.dialect);
        let (mut at, mut number) = (0, block.place.line);
        while at < block.bytes.len() {
            let end = ends.next(&block.bytes, at).unwrap_or(block.bytes.len());
            let row = &block.bytes[at..end];
            if header.columns.has_row(row) {
                let line = Line { number, offset: block.place.offset + at as u64, bytes: row };
                self.row(block, line, header, done);
            }
            number += memchr::memchr_iter(b'\n', row).count() as u64;
            at = end;
        }
    }

    fn row(&mut self, block: &Stretch, row: Line<'_>, header: &Header, done: &mut Done) {
        let text = cells::without_end(row.bytes);
        if text.len() > self.max_line {
            done.tally.read += 1;
            let head = &text[..text.len().min(rejected::HEAD)];
            return done.too_long(place_of(&block.place, row), text.len() as u64, head);
        }
        let (mut made, mut document) = (std::mem::take(&mut self.made), std::mem::take(&mut self.document));
        made.clear();
        let kind = header.write_record(row.bytes, &mut document, &mut made);
        let known = kind.is_ok();
        let outcome = kind.and_then(|kind| self.record(&Given { line: &made, kind, action: None }, done));
        done.count(
            outcome,
            || place_of(&block.place, row),
            |place, fault| match (known, &made) {
                (true, made) if header.has_docinfo() => rejected::line_for(Refused::Line(made), place, fault),
                (true, made) => rejected::line_for(Refused::Document(made), place, fault),
                (false, _) => rejected::line_for(Refused::Row(row.bytes), place, fault),
            },
        );
        (self.made, self.document) = (made, document);
    }

    fn record(&mut self, given: &Given<'_>, done: &mut Done) -> Result<Became, Fault> {
        self.writer.write(&mut self.transform, given, &mut done.bytes)
    }
}

fn place_of(start: &Place, line: Line<'_>) -> Place {
    Place { file: Arc::clone(&start.file), line: line.number, offset: line.offset }
}

impl Done {
    fn count(
        &mut self,
        outcome: Result<Became, Fault>,
        place: impl FnOnce() -> Place,
        text: impl FnOnce(&Place, &Fault) -> Vec<u8>,
    ) {
        self.tally.read += 1;
        match outcome {
            Ok(Became::Records(count)) => {
                self.tally.written += 1;
                self.records += count;
            }
            Ok(Became::Nothing) => self.tally.dropped += 1,
            Ok(Became::Mark) => self.tally.read -= 1,
            Err(fault) => {
                let place = place();
                let text = text(&place, &fault);
                self.reject(place, fault, text);
            }
        }
    }

    fn too_long(&mut self, place: Place, length: u64, head: &[u8]) {
        let fault = Fault::TooLong { length };
        let text = rejected::line_for_long(&place, length, head, &fault);
        self.reject(place, fault, text);
    }

    fn reject(&mut self, place: Place, fault: Fault, text: Vec<u8>) {
        self.tally.rejected += 1;
        let Place { file, line, offset } = place;
        self.rejects.push(Reject { fault, file, line, offset, text });
    }
}
