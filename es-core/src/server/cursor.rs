//! One way to read a set of documents page by page, whatever the server offers: by sequence number or in the order
//! of storage from a point in time, or by scroll.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::json;
use serde_json::value::RawValue;

use super::error::Error;
use super::flavor::Flavor;
use super::pit::Keeper;
use super::scroll::Scroll;
use super::sorted::{Order, Sorted};
use crate::http::retry::Patience;
use crate::http::{self, Client};
use crate::record::Stop;
use crate::record::hit::{Hit, Meta};
use crate::record::stop::Wake;

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

/// What the cursors of a run share.
pub struct Session<'a> {
    pub client: &'a Client,
    /// Closes cursors when the run is stopped, or `client` cannot.
    pub closer: Client,
    pub flavor: &'a Flavor,
    pub stop: &'a Stop,
    pub keeper: Keeper,
    /// As the servers write times: `5m`.
    pub pit_keep_alive: String,
    /// Until the first answer was read from a point in time: one whose opening was answered in vain has no known id,
    /// and stays open so long.
    pub pit_opening: String,
    pub scroll_keep_alive: String,
    /// Documents a page; else they find their size.
    pub page_size: Option<u32>,
}

impl Session<'_> {
    /// Waits before another try, or gives up with the error that asks for it.
    pub(super) fn wait(
        &self,
        patience: &mut Patience,
        error: Error,
        after: Option<Duration>,
    ) -> Result<(), Error> {
        if self.stop.requested() {
            return Err(http::Error::Stopped.into());
        }
        let Some(time) = patience.wait(Instant::now(), after, fastrand::f64()) else { return Err(error) };
        log::warn!("{error}; attempt {}, waiting {:.1} s", patience.attempts(), time.as_secs_f64());
        match self.stop.sleep(time) {
            Wake::Ready => Ok(()),
            Wake::Stopped => Err(http::Error::Stopped.into()),
        }
    }
}

/// Which documents, and what of them.
#[derive(Clone, Debug)]
pub struct Ask {
    /// An index expression, as typed.
    pub index: String,
    pub shard: Option<u32>,
    /// Queries that all must match; none means every document.
    pub filters: Vec<Box<RawValue>>,
    /// Further members of the search body: `_source`, `runtime_mappings`.
    pub members: Vec<(String, Box<RawValue>)>,
    pub meta: Meta,
}

impl Ask {
    /// `[logs][3]`, as the servers write it.
    pub fn name(&self) -> String {
        match self.shard {
            Some(shard) => format!("[{}][{shard}]", self.index),
            None => format!("[{}]", self.index),
        }
    }
}

/// Who gets the hits.
pub trait Taker {
    /// `Break`: no more are wanted.
    fn hit(&mut self, hit: &Hit<'_>) -> ControlFlow<()>;

    /// How long it has waited for its own reader since this was last asked: no fault of the server.
    fn waited(&mut self) -> Duration;
}

/// Where reading stands after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    More,
    /// Every document announced has been given.
    End,
    /// The taker wanted no more.
    Halted,
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
            Api::Seq => Cursor::Sorted(Sorted::open(session, ask, Order::seq())?),
            Api::Pit => Cursor::Sorted(Sorted::open(session, ask, Order::storage(session.flavor))?),
            Api::Scroll => Cursor::Scroll(Scroll::new(session, ask)),
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

/// The body of a search.
pub(super) struct Body<'a> {
    pub(super) ask: &'a Ask,
    pub(super) size: u32,
    /// The key, and `asc` or `desc`.
    pub(super) sort: (&'a str, &'a str),
    /// A window of sequence numbers: after, and up to.
    pub(super) window: Option<(i64, i64)>,
    pub(super) after: Option<&'a RawValue>,
    /// Identifier and keep-alive.
    pub(super) pit: Option<(&'a str, &'a str)>,
    pub(super) count: bool,
}

impl Body<'_> {
    pub(super) fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("size", &self.size)?;
        let window =
            self.window.map(|(after, to)| json!({ "range": { "_seq_no": { "gt": after, "lte": to } } }));
        if window.is_some() || !self.ask.filters.is_empty() {
            map.serialize_entry("query", &Filtered { window, filters: &self.ask.filters })?;
        }
        let sort = match self.sort {
            // An index that was made without a mapping, and never had a document, knows not even this field.
            ("_seq_no", order) => json!([{ "_seq_no": { "order": order, "unmapped_type": "long" } }]),
            (key, order) => json!([{ key: order }]),
        };
        map.serialize_entry("sort", &sort)?;
        if let Some(after) = self.after {
            map.serialize_entry("search_after", after)?;
        }
        if let Some((id, keep_alive)) = self.pit {
            map.serialize_entry("pit", &json!({ "id": id, "keep_alive": keep_alive }))?;
        }
        if self.pit.is_some() {
            map.serialize_entry("track_total_hits", &self.count)?;
        }
        if self.ask.meta.version {
            map.serialize_entry("version", &true)?;
        }
        if self.ask.meta.seq_no {
            map.serialize_entry("seq_no_primary_term", &true)?;
        }
        for (name, value) in &self.ask.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// `{"bool":{"filter":[…]}}`.
struct Filtered<'a> {
    window: Option<serde_json::Value>,
    filters: &'a [Box<RawValue>],
}

impl Serialize for Filtered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Part<'a> {
            Given(&'a RawValue),
            Window(&'a serde_json::Value),
        }
        #[derive(Serialize)]
        struct Bool<'a> {
            filter: Vec<Part<'a>>,
        }
        let given = self.filters.iter().map(|filter| Part::Given(filter));
        let filter = given.chain(self.window.iter().map(Part::Window)).collect();
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("bool", &Bool { filter })?;
        map.end()
    }
}
