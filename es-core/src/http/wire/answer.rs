//! An answer as it comes in, and what the library's errors mean to us.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ureq::{BodyReader, Timeout};

use super::watch::Sent;
use crate::http::error::{Error, Phase};
use crate::http::show;

/// An answer as it comes in.
pub(in crate::http) struct Incoming {
    pub(in crate::http) status: u16,
    pub(in crate::http) host: Arc<str>,
    pub(in crate::http) retry_after: Option<Duration>,
    pub(in crate::http) content_type: Option<String>,
    /// Its beginning was logged.
    pub(super) shown: bool,
    /// It may hold secrets.
    pub(super) masked: bool,
    /// The head says where the body ends; else it ends with the connection.
    pub(super) delimited: bool,
    pub(super) cut: Arc<AtomicBool>,
    pub(super) timeout: Duration,
    pub(super) body: BodyReader<'static>,
}

impl Read for Incoming {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let cut = || self.cut.load(Ordering::SeqCst);
        match self.body.read(buf) {
            // One that ends with its connection looks whole when we end the connection.
            Ok(0) if !buf.is_empty() && !self.delimited && cut() => {
                let why = "cut off by the stop".into();
                Err(Error::Lost { host: Arc::clone(&self.host), why, sending: false }.into())
            }
            Ok(n) => {
                if !self.shown {
                    self.shown = true;
                    log::debug!("< {}", show::start(&buf[..n], self.masked));
                }
                Ok(n)
            }
            Err(e) => {
                let e = ureq::Error::from(e);
                Err(meaning(&self.host, e, Sent::Some, cut(), self.timeout, Phase::Read).into())
            }
        }
    }
}

/// What ureq says of a connection that ends within an answer, also through the unpacking of it.
const DISCONNECTED: &str = "Peer disconnected";

/// What an error of ureq means to us, given how far the request had come. `ended`: it is our own doing.
pub(super) fn meaning(
    host: &Arc<str>,
    e: ureq::Error,
    sent: Sent,
    ended: bool,
    after: Duration,
    phase: Phase,
) -> Error {
    let host = Arc::clone(host);
    let sending = sent == Sent::Broken;
    match (e, sent) {
        (_, Sent::Nothing) if ended => Error::Stopped,
        (_, Sent::Some | Sent::Broken) if ended => {
            Error::Lost { host, why: "cut off by the stop".into(), sending }
        }
        (ureq::Error::Rustls(e), _) => Error::Tls { host, why: e.to_string() },
        (ureq::Error::Tls(why), _) => Error::Tls { host, why: why.into() },
        // rustls hands its errors through io: a certificate that is not accepted, by us while connecting or by
        // the server, which says so only after our first bytes have gone out and reads none of them.
        (ureq::Error::Io(e), Sent::Nothing) if e.kind() == io::ErrorKind::InvalidData => {
            Error::Tls { host, why: e.to_string() }
        }
        (ureq::Error::Io(e), _) if e.to_string().contains("received fatal alert") => {
            Error::Tls { host, why: e.to_string() }
        }
        (ureq::Error::Http(e), _) => Error::Config(format!("{host}: the request cannot be made: {e}")),
        (ureq::Error::BadUri(why), _) => Error::Config(format!("{host}: the request cannot be made: {why}")),
        (ureq::Error::HostNotFound, _) => Error::Unreachable { host, why: "no such host".into() },
        (ureq::Error::Timeout(_), Sent::Nothing) => {
            Error::Unreachable { host, why: "no connection in time".into() }
        }
        (e, Sent::Nothing) => Error::Unreachable { host, why: plain(&e) },
        (ureq::Error::Timeout(Timeout::PerWrite), Sent::Some | Sent::Broken) => {
            Error::TimedOut { host, phase: Phase::Send, after }
        }
        (ureq::Error::Timeout(_), Sent::Some | Sent::Broken) => Error::TimedOut { host, phase, after },
        (e @ (ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..)), _) => {
            Error::Answer { host, why: e.to_string() }
        }
        // Neither what came through whole and cannot be unpacked nor what was unpacked before is to be trusted.
        (ureq::Error::Decompress(_, e), _) if e.raw_os_error().is_none() && e.to_string() != DISCONNECTED => {
            Error::Answer { host, why: format!("it is no sound gzip: {e}") }
        }
        (e, Sent::Some | Sent::Broken) => Error::Lost { host, why: plain(&e), sending },
    }
}

/// The system's own words.
fn plain(e: &ureq::Error) -> String {
    let text = match e {
        ureq::Error::Io(e) => e.to_string(),
        e => e.to_string(),
    };
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}
