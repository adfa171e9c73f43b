//! Whole lines of the input that know where they came from.

use std::path::Path;
use std::sync::Arc;

use memchr::memchr_iter;

use super::buffer::{Buffer, Spares};
use super::scan::not_utf8;

/// The most memory of a block that is read into again.
const USUAL: usize = 512 << 10;

/// Where something stands in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path as it was given; `-` is standard input.
    pub file: Arc<Path>,
    /// Counted from 1.
    pub line: u64,
    /// In the decompressed bytes of the file, counted from 0.
    pub offset: u64,
}

/// Whole lines and the place of the first. Dropped, its memory is read into again.
#[derive(Clone, Debug)]
pub struct Block {
    pub place: Place,
    bytes: Buffer,
    /// Where its line breaks are: they are looked for once, for the places and for the lines.
    breaks: Vec<usize>,
    spares: Spares<Buffer>,
}

impl Drop for Block {
    fn drop(&mut self) {
        // A giant is let go.
        if (1..=USUAL).contains(&self.bytes.capacity()) {
            self.spares.give(std::mem::take(&mut self.bytes));
        }
    }
}

/// A line of a block, without its line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    pub number: u64,
    pub offset: u64,
    pub bytes: &'a [u8],
}

impl Block {
    pub fn new(bytes: Vec<u8>, place: Place) -> Block {
        Block::of(bytes.into(), place, &Spares::default())
    }

    pub(super) fn of(bytes: Buffer, place: Place, spares: &Spares<Buffer>) -> Block {
        let breaks = memchr_iter(b'\n', &bytes).collect();
        Block { place, bytes, breaks, spares: spares.clone() }
    }

    /// How many line breaks it has.
    pub(super) fn breaks(&self) -> usize {
        self.breaks.len()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its bytes, for whoever makes something else of them.
    pub fn into_bytes(mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes).into_vec()
    }

    /// Whether all of its lines are UTF-8; one check of a block costs a fifth of one a line.
    pub fn is_utf8(&self) -> bool {
        not_utf8(&self.bytes).is_none()
    }

    /// The lines that are not blank.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let unbroken = self.breaks.last().map_or(0, |end| end + 1) < self.bytes.len();
        let ends = self.breaks.iter().copied().chain(unbroken.then_some(self.bytes.len()));
        let mut at = 0;
        ends.zip(self.place.line..).filter_map(move |(end, number)| {
            let (start, bytes) = (at, &self.bytes[at..end]);
            at = end + 1;
            let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
            let line = Line { number, offset: self.place.offset + start as u64, bytes };
            (!bytes.trim_ascii_start().is_empty()).then_some(line)
        })
    }
}
