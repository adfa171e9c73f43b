//! A piece of the input taken apart into pieces of one record each, for the preview.

use es_core::record::block::{Block, Line, Place};

use crate::form::cells::Ends;
use crate::form::pairs;
use crate::piece::{Records, Stretch};

/// One record as a piece of the input.
pub(crate) struct Single {
    pub(crate) place: Place,
    pub(crate) raw: Vec<u8>,
    pub(crate) records: Records,
}

pub(crate) fn singles(records: Records) -> Vec<Single> {
    match records {
        Records::Lines(block, kind) => {
            let single = |line: Line<'_>| {
                let (place, raw) = (place_of(&block, line), line.bytes.to_vec());
                let records = Records::Lines(Block::new(raw.clone(), place.clone()), kind);
                Single { place, raw, records }
            };
            block.lines().map(single).collect()
        }
        Records::Pairs(block) => {
            let mut pairs: Vec<(Place, Vec<u8>)> = Vec::new();
            let mut open = false;
            for line in block.lines().filter(|line| !pairs::is_mark(line.bytes)) {
                match pairs.last_mut().filter(|_| open) {
                    Some((_, pair)) => {
                        pair.push(b'\n');
                        pair.extend_from_slice(line.bytes);
                        open = false;
                    }
                    None => {
                        pairs.push((place_of(&block, line), line.bytes.to_vec()));
                        open = pairs::action(line.bytes).is_ok_and(|action| action.op.has_source());
                    }
                }
            }
            let single = |(place, raw): (Place, Vec<u8>)| {
                let records = Records::Pairs(Block::new(raw.clone(), place.clone()));
                Single { place, raw, records }
            };
            pairs.into_iter().map(single).collect()
        }
        Records::Rows(rows, header) => {
            let mut singles = Vec::new();
            let mut ends = Ends::new(header.columns.dialect);
            let (mut at, mut place) = (0, rows.place);
            while at < rows.bytes.len() {
                let end = ends.next(&rows.bytes, at).unwrap_or(rows.bytes.len());
                let raw = rows.bytes[at..end].to_vec();
                let mut next = place.clone();
                next.line += memchr::memchr_iter(b'\n', &raw).count() as u64;
                next.offset += raw.len() as u64;
                if header.columns.has_row(&raw) {
                    let row = Stretch { bytes: raw.clone(), place: place.clone() };
                    singles.push(Single { place, raw, records: Records::Rows(row, header.clone()) });
                }
                (at, place) = (end, next);
            }
            singles
        }
        Records::TooLong { place, length, head } => {
            let records = Records::TooLong { place: place.clone(), length, head: head.clone() };
            vec![Single { place, raw: head, records }]
        }
    }
}

fn place_of(block: &Block, line: Line<'_>) -> Place {
    Place { file: block.place.file.clone(), line: line.number, offset: line.offset }
}
