//! One way to read a set of documents page by page, whatever the server offers: by sequence number or in the order
//! of storage from a point in time, or by scroll.

use super::error::Error;
use super::order::Order;
use super::scroll::Scroll;
use super::search::Ask;
use super::session::{Session, Taker, Turn};
use super::sorted::Sorted;

/// How documents are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// A point in time in the order of `_seq_no`: every page can be asked for again, and costs the same however
    /// large the shard is.
    Seq,
    /// A point in time in the order of `_shard_doc`: repeatable too; the cost of a page grows with the shard.
    Pit,
    /// A scroll: a lost answer cannot be asked for again.
    Scroll,
}

/// A reading in progress. Dropping it closes what it holds on the server.
pub enum Cursor<'a> {
    Sorted(Sorted<'a>),
    Scroll(Scroll<'a>),
}

impl<'a> Cursor<'a> {
    /// # Errors
    /// When the server refuses what is asked.
    pub fn open(session: &'a Session<'a>, ask: &'a Ask, api: Api) -> Result<Cursor<'a>, Error> {
        Ok(match api {
            Api::Seq => Cursor::Sorted(Sorted::open(session, ask, Order::seq(session.flavor))?),
            Api::Pit => Cursor::Sorted(Sorted::open(session, ask, Order::storage(session.flavor))?),
            Api::Scroll => Cursor::Scroll(Scroll::open(session, ask)?),
        })
    }

    /// How many documents there are; a scroll knows it after its first page.
    pub fn total(&self) -> Option<u64> {
        match self {
            Cursor::Sorted(sorted) => Some(sorted.total()),
            Cursor::Scroll(scroll) => scroll.total(),
        }
    }

    /// Reads a page. What may be repeated is, until the client's patience ends.
    ///
    /// # Errors
    /// When the page cannot be had whole, or the documents were fewer or more than announced. What was given to
    /// the taker before is sound.
    pub fn page(&mut self, taker: &mut dyn Taker) -> Result<Turn, Error> {
        match self {
            Cursor::Sorted(sorted) => sorted.page(taker),
            Cursor::Scroll(scroll) => scroll.page(taker),
        }
    }
}
