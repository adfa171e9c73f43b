//! Waiting for what the server does: it is asked again and again, seldomer as time goes by, until a signal or the end
//! of the time.

use std::time::{Duration, Instant};

use es_core::cli::{Exit, Fault};
use es_core::record::Stop;
use es_core::record::stop::Wake;

use crate::error::Error;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(3);

pub(crate) struct Deadline<'a> {
    stop: &'a Stop,
    began: Instant,
    timeout: Option<Duration>,
    pause: Duration,
}

/// Why a wait is over before what was waited for has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    Stopped,
    TimedOut,
}

impl<'a> Deadline<'a> {
    /// From now on. Without a timeout only a signal ends it.
    pub(crate) fn new(stop: &'a Stop, timeout: Option<Duration>) -> Deadline<'a> {
        Deadline { stop, began: Instant::now(), timeout, pause: FIRST }
    }

    /// Sleeps until it is worth asking again.
    pub(crate) fn pause(&mut self) -> Result<(), Over> {
        let left = self.timeout.map(|timeout| timeout.saturating_sub(self.began.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            return Err(Over::TimedOut);
        }
        let pause = left.map_or(self.pause, |left| left.min(self.pause));
        self.pause = (self.pause * 3 / 2).min(LONGEST);
        match self.stop.sleep(pause) {
            Wake::Ready => Ok(()),
            Wake::Stopped => Err(Over::Stopped),
        }
    }

    /// When the time is over.
    pub(crate) fn end(&self) -> Option<Instant> {
        self.began.checked_add(self.timeout?)
    }

    /// Whether the end of the time kept what ended with this error from being asked again.
    pub(crate) fn ended(&self, error: &Error) -> bool {
        let over = self.timeout.is_some_and(|timeout| self.elapsed() >= timeout);
        over && error.exit() == Exit::Unfinished && !error.is_stop() && !self.stop.requested()
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use es_core::record::stop::Why;

    #[test]
    fn a_wait_ends_with_its_time_or_with_a_signal() {
        let stop = Stop::new().unwrap();
        let mut short = Deadline::new(&stop, Some(Duration::from_millis(1)));
        while short.pause().is_ok() {}
        assert_eq!(short.pause(), Err(Over::TimedOut));
        let mut long = Deadline::new(&stop, None);
        assert_eq!(long.pause(), Ok(()));
        stop.request(Why::Signal(2));
        assert_eq!(long.pause(), Err(Over::Stopped));
    }
}
