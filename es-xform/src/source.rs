//! The reading stage: the input in pieces that workers can handle on their own, whole lines, pairs or rows. What
//! depends on the order of the stream is decided here.

use es_core::record::block::Place;
use es_core::record::kind::{Kind, kind_of};
use es_core::record::lines::{Lines, Piece};

use crate::error::Error;
use crate::form::From;
use crate::form::pairs;
use crate::form::rows::Rows;
use crate::piece::{Records, Stretch, Work};

pub(crate) struct Source {
    form: Form,
    read: u64,
}

enum Form {
    Lines { lines: Lines, kind: Option<Kind>, detects: bool },
    Pairs { lines: Lines, open: Option<Stretch>, next: Option<Piece> },
    Rows(Box<Rows>),
}

impl Source {
    pub(crate) fn new(from: Option<From>, lines: Lines, max_line: usize) -> Source {
        let form = match from {
            Some(From::Bulk) => Form::Pairs { lines, open: None, next: None },
            Some(form) => match form.dialect() {
                Some(dialect) => Form::Rows(Box::new(Rows::new(lines, dialect, max_line))),
                None => Form::Lines { lines, kind: form.kind(), detects: false },
            },
            None => Form::Lines { lines, kind: None, detects: true },
        };
        Source { form, read: 0 }
    }

    pub(crate) fn next_work(&mut self) -> Result<Option<Work>, Error> {
        let piece = match &mut self.form {
            Form::Lines { lines, kind, detects } => next_lines(lines, kind, *detects)?,
            Form::Pairs { lines, open, next } => next_pairs(lines, open, next)?,
            Form::Rows(rows) => rows.next_rows()?,
        };
        let number = self.read;
        self.read += 1;
        Ok(piece.map(|piece| Work { number, piece }))
    }
}

/// The first record decides what kind all are to be.
fn next_lines(lines: &mut Lines, kind: &mut Option<Kind>, detects: bool) -> Result<Option<Records>, Error> {
    Ok(match lines.next_piece()? {
        None => None,
        Some(Piece::TooLong { place, length, head }) => Some(Records::TooLong { place, length, head }),
        Some(Piece::Block(block)) => {
            if kind.is_none() && detects {
                *kind = block.lines().find_map(|line| kind_of(line.bytes).ok().flatten());
            }
            if *kind == Some(Kind::Action) {
                return Err(Error::Actions);
            }
            Some(Records::Lines(block, *kind))
        }
    })
}

/// An action line at the end of a block waits for the next, but for none of another file.
fn next_pairs(
    lines: &mut Lines,
    open: &mut Option<Stretch>,
    next: &mut Option<Piece>,
) -> Result<Option<Records>, Error> {
    loop {
        let piece = match next.take() {
            Some(piece) => Some(piece),
            None => lines.next_piece()?,
        };
        let mut block = match (piece, open.take()) {
            (None, None) => return Ok(None),
            (None, Some(open)) => return Ok(Some(Records::Pairs(open.lines()))),
            (Some(Piece::TooLong { place, length, head }), action) => {
                // The document of this action, if it is of the same file.
                let place = match action {
                    Some(action) if goes_on(&action.place, &place) => action.place,
                    Some(action) => {
                        *next = Some(Piece::TooLong { place, length, head });
                        return Ok(Some(Records::Pairs(action.lines())));
                    }
                    None => place,
                };
                return Ok(Some(Records::TooLong { place, length, head }));
            }
            (Some(Piece::Block(block)), None) => block,
            (Some(Piece::Block(block)), Some(mut action)) if goes_on(&action.place, &block.place) => {
                action.bytes.extend_from_slice(block.bytes());
                action.lines()
            }
            (Some(block @ Piece::Block(_)), Some(action)) => {
                *next = Some(block);
                return Ok(Some(Records::Pairs(action.lines())));
            }
        };
        if let Some(at) = pairs::open_end(&block) {
            let mut whole = Stretch { place: block.place.clone(), bytes: block.into_bytes() };
            *open = Some(whole.split_off(at));
            block = whole.lines();
        }
        if !block.bytes().is_empty() {
            return Ok(Some(Records::Pairs(block)));
        }
    }
}

/// Whether one place follows the other within one file, and not where that file begins again.
fn goes_on(before: &Place, place: &Place) -> bool {
    before.file == place.file && place.offset > before.offset
}
