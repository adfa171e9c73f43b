//! What the cursors of a run have in common, and what they have to do with whoever reads from them.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::error::Error;
use super::flavor::Flavor;
use super::keeper::Keeper;
use crate::http::retry::Patience;
use crate::http::{self, Client};
use crate::record::Stop;
use crate::record::hit::Hit;
use crate::record::stop::Wake;

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
