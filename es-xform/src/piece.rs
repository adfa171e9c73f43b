//! Pieces of the input that can be worked on by themselves.

use std::path::Path;
use std::sync::Arc;

use es_core::record::block::{Block, Place};
use es_core::record::kind::Kind;

use crate::form::columns::Header;

/// One of them.
pub(crate) struct Work {
    /// Counted from 0.
    pub(crate) number: u64,
    pub(crate) piece: Records,
}

#[derive(Clone, Debug)]
pub(crate) enum Records {
    /// A record a line, with the kind that all are to be, once that is known.
    Lines(Block, Option<Kind>),
    /// Action lines and documents; one that is alone is so in the input.
    Pairs(Block),
    /// Rows under these columns.
    Rows(Stretch, Arc<Header>),
    /// A record that was read past.
    TooLong { place: Place, length: u64, head: Vec<u8> },
}

/// A stretch of the input, and where it begins.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    pub(crate) bytes: Vec<u8>,
    pub(crate) place: Place,
}

impl Stretch {
    /// What begins at `at`; the rest stays.
    pub(crate) fn split_off(&mut self, at: usize) -> Stretch {
        let bytes = self.bytes.split_off(at);
        let Place { file, line, offset } = &self.place;
        let line = line + memchr::memchr_iter(b'\n', &self.bytes).count() as u64;
        let place = Place { file: Arc::<Path>::clone(file), line, offset: offset + at as u64 };
        Stretch { bytes, place }
    }

    pub(crate) fn lines(self) -> Block {
        Block::new(self.bytes, self.place)
    }
}
