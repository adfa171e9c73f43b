//! The client every request goes through: fails over between servers, repeats what may be repeated, tells what it
//! does through `log`. How one request gets to one server is `wire`'s.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::answer::Answer;
use super::call::Call;
use super::error::Error;
use super::hosts::{Host, Hosts};
use super::retry::{Patience, RETRY, Repeat, says_later};
use super::settings::Settings;
use super::show;
use super::wire::Wire;
use crate::record::Stop;
use crate::record::stop::Wake;

/// How often a server that has never answered is asked again after it took a request and did not answer it.
const FIRST_ATTEMPTS: u32 = 2;

/// What is asked when the time is over still has a moment to be answered.
const LAST: Duration = Duration::from_secs(1);

/// Clones share connections and the choice of the server; each may have a time until which it tries again.
#[derive(Clone)]
pub struct Client(Arc<Inner>, Option<Instant>);

struct Inner {
    wire: Wire,
    hosts: Arc<Hosts>,
    settings: Settings,
    stop: Stop,
    /// Some server has answered, so the addresses are right and waiting makes sense.
    met: AtomicBool,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("hosts", &self.0.hosts).finish_non_exhaustive()
    }
}

impl Client {
    /// # Errors
    /// When a file, header or proxy in the settings cannot be used. Nothing is sent.
    pub fn new(hosts: Vec<Host>, settings: Settings, stop: &Stop) -> Result<Client, Error> {
        let hosts = Hosts::new(hosts).ok_or_else(|| Error::Config("no server is named".into()))?;
        let wire = Wire::new(&settings, stop)?;
        let inner =
            Inner { wire, hosts: hosts.into(), settings, stop: stop.clone(), met: AtomicBool::new(false) };
        Ok(Client(Arc::new(inner), None))
    }

    /// The server that is asked now, as messages show it.
    pub fn host(&self) -> Arc<str> {
        Arc::clone(&self.0.hosts.current().1.name)
    }

    /// How long is tried again without success: for those who retry parts of a request themselves.
    pub fn retry_max(&self) -> Duration {
        let max = self.0.settings.retry_max;
        self.left().map_or(max, |left| left.min(max))
    }

    /// The same for what is worth waiting for until `end`: then nothing is tried again, and what only asks is not
    /// waited for. What changes something has its time.
    #[must_use]
    pub fn until(&self, end: Instant) -> Client {
        Client(Arc::clone(&self.0), Some(end))
    }

    fn left(&self) -> Option<Duration> {
        self.1.map(|end| end.saturating_duration_since(Instant::now()))
    }

    fn timeout(&self, call: &Call, met: bool) -> Duration {
        let settings = &self.0.settings;
        // Before any server has answered, silence more likely means a wrong address than a busy server.
        let soon = settings.connect_timeout.min(settings.request_timeout);
        let usual = call.timeout.unwrap_or(if met { settings.request_timeout } else { soon });
        let left = self.left().filter(|_| call.repeat == Repeat::Safe);
        left.map_or(usual, |left| usual.min(left.max(LAST)))
    }

    /// Sends once. A server to which nothing could be sent is left for the next, until each was tried.
    ///
    /// # Errors
    /// When no answer came. A status of 400 and above is an answer.
    pub fn once(&self, call: &Call) -> Result<Answer, Error> {
        let inner = &*self.0;
        if inner.settings.show {
            return Err(Error::Shown(show::curl(inner.hosts.current().1, call, &inner.settings)));
        }
        let mut left = inner.hosts.len();
        let met = inner.met.load(Ordering::Relaxed);
        let call = &Call { timeout: Some(self.timeout(call, met)), ..call.clone() };
        loop {
            let (place, host) = inner.hosts.current();
            left -= 1;
            let start = Instant::now();
            log::debug!("{}", show::Request(host, call));
            let outcome = inner.wire.send(host, call);
            let told =
                outcome.as_ref().map_or_else(ToString::to_string, |incoming| incoming.status.to_string());
            log::info!(
                "{} {}{}: {told}, {} ms",
                call.method.name(),
                host.name,
                call.path,
                start.elapsed().as_millis()
            );
            match outcome {
                Ok(incoming) => {
                    inner.met.store(true, Ordering::Relaxed);
                    return Ok(Answer::new(incoming));
                }
                Err(e) if left > 0 && is_elsewhere(&e, met, call.repeat) => {
                    inner.hosts.leave(place);
                    let (_, next) = inner.hosts.current();
                    log::warn!(target: RETRY, "{e}; trying {}", next.name);
                }
                Err(e) => {
                    if matches!(e, Error::Unreachable { .. } | Error::Lost { .. } | Error::TimedOut { .. }) {
                        inner.hosts.leave(place);
                    }
                    return Err(e);
                }
            }
        }
    }

    /// Sends, and repeats what may be repeated until it is answered or the patience ends. The last answer is
    /// given even if it says "not now", for it has the reason in it.
    ///
    /// # Errors
    /// When no answer came in the end, or the run is to end.
    pub fn call(&self, call: &Call) -> Result<Answer, Error> {
        let inner = &*self.0;
        let mut patience = Patience::new(self.retry_max(), Instant::now());
        loop {
            if inner.stop.requested() {
                return Err(Error::Stopped);
            }
            let outcome = self.once(call);
            let retry_after = match &outcome {
                Ok(answer) if call.repeat == Repeat::Safe && says_later(answer.status) => answer.retry_after,
                Err(e) if self.worth_another(e, call.repeat, patience.attempts()) => None,
                Ok(_) => return outcome,
                Err(_) => return outcome.map_err(|e| self.at_first_contact(e)),
            };
            let Some(wait) = patience.wait(Instant::now(), retry_after, fastrand::f64()) else {
                return outcome;
            };
            let why = match outcome {
                Ok(answer) => answer.why(),
                Err(e) => e.to_string(),
            };
            log::warn!(target: RETRY, "{why}; attempt {}, waiting {:.1} s", patience.attempts(), wait.as_secs_f64());
            if inner.stop.sleep(wait) == Wake::Stopped {
                return Err(Error::Stopped);
            }
        }
    }

    fn worth_another(&self, error: &Error, repeat: Repeat, attempts: u32) -> bool {
        let met = self.0.met.load(Ordering::Relaxed);
        match error {
            // Before any server has answered, the address is more likely wrong than the server away.
            Error::Unreachable { .. } => met,
            Error::TimedOut { .. } => repeat == Repeat::Safe && met && !self.0.wire.is_cut(),
            Error::Lost { .. } => {
                repeat == Repeat::Safe && (met || attempts < FIRST_ATTEMPTS) && !self.0.wire.is_cut()
            }
            Error::Tls { .. }
            | Error::Redirect { .. }
            | Error::Answer { .. }
            | Error::Stopped
            | Error::Shown(_)
            | Error::Config(_) => false,
        }
    }

    /// A server that takes a plain request and closes without a word may be one that speaks TLS alone.
    fn at_first_contact(&self, error: Error) -> Error {
        match error {
            Error::Lost { host, why, sending }
                if !self.0.met.load(Ordering::Relaxed)
                    && host.starts_with("http://")
                    && !self.0.wire.is_cut() =>
            {
                Error::Lost { host, why: format!("{why} (does it speak https?)"), sending }
            }
            other => other,
        }
    }

    /// Ends the requests in flight, here and in all clones; new ones fail. For the end of a stopped run.
    pub fn cut(&self) {
        self.0.wire.cut();
    }

    /// A client of its own to close on the servers what was opened there, at the end of a run too: neither the
    /// stop nor `cut` reach it, and it does not wait long.
    ///
    /// # Errors
    /// As `new`; what was good then can have become unreadable.
    pub fn closer(&self) -> Result<Client, Error> {
        self.beyond_the_end(Duration::from_secs(1), Duration::ZERO)
    }

    /// The same for what takes its time and must not be left behind, such as deleting indices: it is asked again for
    /// so long.
    ///
    /// # Errors
    /// As `closer`.
    pub fn cleaner(&self, time: Duration) -> Result<Client, Error> {
        self.beyond_the_end(time, time)
    }

    fn beyond_the_end(&self, request: Duration, retry_max: Duration) -> Result<Client, Error> {
        let settings = Settings {
            connect_timeout: self.0.settings.connect_timeout.min(Duration::from_secs(1)),
            request_timeout: self.0.settings.request_timeout.min(request),
            retry_max,
            connections: 1,
            ..self.0.settings.clone()
        };
        let stop = Stop::new().map_err(|e| Error::Config(format!("no pipe can be opened: {e}")))?;
        let wire = Wire::new(&settings, &stop)?;
        let hosts = Arc::clone(&self.0.hosts);
        let inner = Inner { wire, hosts, settings, stop, met: AtomicBool::new(true) };
        Ok(Client(Arc::new(inner), None))
    }
}

/// Whether another server is to be tried at once: nothing was sent to this one, or it has never said anything.
fn is_elsewhere(error: &Error, met: bool, repeat: Repeat) -> bool {
    match error {
        Error::Unreachable { .. } => true,
        Error::TimedOut { .. } => !met && repeat == Repeat::Safe,
        Error::Lost { .. }
        | Error::Tls { .. }
        | Error::Redirect { .. }
        | Error::Answer { .. }
        | Error::Stopped
        | Error::Shown(_)
        | Error::Config(_) => false,
    }
}

#[cfg(test)]
mod tests;
