//! Blocks of whole lines through the workers, order kept. A worker turns a block into the bytes to be written and
//! what became of its records.

use std::path::Path;
use std::sync::Arc;

use es_core::cli::exit::Tally;
use es_core::record::kind::{Kind, kind_of};
use es_core::record::lines::{Lines, Piece, Place};

use crate::fault::Fault;
use crate::rejected;
use crate::run::Error;
use crate::transform::{Became, Transform};

/// A piece of the input, with the kind of records that the whole input holds, once that is known.
pub(crate) struct Work {
    piece: Piece,
    kind: Option<Kind>,
}

/// What a piece became.
pub(crate) struct Done {
    pub(crate) bytes: Vec<u8>,
    /// How many records those are: one input may become several.
    pub(crate) records: u64,
    pub(crate) tally: Tally,
    pub(crate) rejects: Vec<Reject>,
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

/// The pieces of the input; the first record decides what kind all are to be.
pub(crate) struct Source {
    pub(crate) lines: Lines,
    pub(crate) kind: Option<Kind>,
}

impl Source {
    pub(crate) fn next_work(&mut self) -> Result<Option<Work>, Error> {
        let Some(piece) = self.lines.next_piece()? else { return Ok(None) };
        if let (None, Piece::Block(block)) = (self.kind, &piece) {
            self.kind = block.lines().find_map(|line| kind_of(line.bytes).ok().flatten());
        }
        if self.kind == Some(Kind::Action) {
            return Err(Error::Actions);
        }
        Ok(Some(Work { piece, kind: self.kind }))
    }
}

/// Does the work on a piece. The room of its input becomes that of the next output (`spare`): fresh memory costs
/// as much as the edits do.
pub(crate) fn transform(worker: &mut Transform<'_>, work: Work, spare: &mut Vec<u8>) -> Done {
    let mut done =
        Done { bytes: Vec::new(), records: 0, tally: Tally::default(), rejects: Vec::new(), read: 0 };
    match work.piece {
        Piece::Block(mut block) => {
            done.read = block.bytes.len() as u64;
            done.bytes = std::mem::take(spare);
            done.bytes.clear();
            for line in block.lines() {
                // Where no kind is known yet, no line of the block is a record.
                let kind = work.kind.unwrap_or(Kind::Hit);
                done.tally.read += 1;
                match worker.line(line.bytes, kind, &mut done.bytes) {
                    Ok(Became::Records(count)) => {
                        done.tally.written += 1;
                        done.records += count;
                    }
                    Ok(Became::Nothing) => done.tally.dropped += 1,
                    Ok(Became::Mark) => done.tally.read -= 1,
                    Err(fault) => {
                        let file = Arc::clone(&block.place.file);
                        let place = Place { file, line: line.number, offset: line.offset };
                        let text = rejected::line_for(line.bytes, &place, &fault);
                        done.reject(place, fault, text);
                    }
                }
            }
            *spare = std::mem::take(&mut block.bytes);
        }
        Piece::TooLong { place, length, head } => {
            done.read = length;
            done.tally.read = 1;
            let fault = Fault::TooLong { length };
            let text = rejected::line_for_long(&place, length, &head, &fault);
            done.reject(place, fault, text);
        }
    }
    done
}

impl Done {
    fn reject(&mut self, place: Place, fault: Fault, text: Vec<u8>) {
        self.tally.rejected += 1;
        let Place { file, line, offset } = place;
        self.rejects.push(Reject { fault, file, line, offset, text });
    }
}
