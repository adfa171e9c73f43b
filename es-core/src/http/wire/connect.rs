//! Looks hosts up and connects to them, in waits that the stop flag ends.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    ConnectionDetails, Connector, NextTimeout, TcpConnector, Transport, time,
};
use ureq::{Timeout, http};

use crate::record::Stop;

/// Connects in slices, for a connect that is waited for in one piece would outlive a Ctrl-C. The addresses of a
/// host are tried by turns.
#[derive(Debug)]
pub(super) struct Sliced {
    pub(super) tcp: TcpConnector,
    pub(super) stop: Stop,
}

const SLICE: Duration = Duration::from_millis(1500);

impl<In: Transport> Connector<In> for Sliced {
    type Out = <TcpConnector as Connector<In>>::Out;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        if chained.is_some() {
            return self.tcp.connect(details, chained);
        }
        let total = *details.timeout.after;
        let start = Instant::now();
        let mut open: Vec<SocketAddr> = details.addrs.iter().copied().collect();
        let mut last = ureq::Error::HostNotFound;
        while !open.is_empty() {
            for address in std::mem::take(&mut open) {
                let left = total.saturating_sub(start.elapsed());
                if left.is_zero() {
                    return Err(ureq::Error::Timeout(Timeout::Connect));
                }
                if self.stop.requested() {
                    return Err(stopped());
                }
                let slice = slice(details, address, left.min(SLICE));
                match self.tcp.connect(&slice, None) {
                    Err(e @ ureq::Error::Timeout(_)) => {
                        open.push(address);
                        last = e;
                    }
                    // Refused, or no way there: the host's other addresses may be better.
                    Err(e @ ureq::Error::Io(_)) if details.addrs.len() > 1 => last = e,
                    outcome => return outcome,
                }
            }
        }
        Err(last)
    }
}

fn slice<'a>(details: &ConnectionDetails<'a>, address: SocketAddr, time: Duration) -> ConnectionDetails<'a> {
    let mut addrs = details.resolver.empty();
    addrs.push(address);
    ConnectionDetails {
        uri: details.uri,
        addrs,
        config: details.config,
        request_level: details.request_level,
        resolver: details.resolver,
        now: time::Instant::now(),
        timeout: NextTimeout { after: time::Duration::Exact(time), ..details.timeout },
        current_time: Arc::clone(&details.current_time),
        run_connector: Arc::clone(&details.run_connector),
        register_shutdown: Arc::clone(&details.register_shutdown),
    }
}

fn stopped() -> ureq::Error {
    io::Error::new(io::ErrorKind::Interrupted, "stopped").into()
}

/// Looks a host up once a minute, not once a request, and goes on with what it knows when the lookup fails.
pub(super) struct Names {
    pub(super) known: Mutex<HashMap<String, (Instant, Vec<SocketAddr>)>>,
    pub(super) stop: Stop,
}

const KEPT: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(200);

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names").finish_non_exhaustive()
    }
}

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &http::Uri,
        _: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let name = uri.scheme().zip(uri.authority());
        let name = name.and_then(|(scheme, authority)| DefaultResolver::host_and_port(scheme, authority));
        let name = name.ok_or_else(|| ureq::Error::BadUri("it has no host or port".into()))?;
        let known = self.known.lock().ok().and_then(|known| known.get(&name).cloned());
        let addresses = match known {
            Some((at, addresses)) if at.elapsed() < KEPT => addresses,
            Some((_, addresses)) => self.look_up(name, *timeout.after).unwrap_or(addresses),
            None => self.look_up(name, *timeout.after)?,
        };
        let mut all = self.empty();
        addresses.iter().take(16).for_each(|address| all.push(*address));
        if all.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(all) }
    }
}

impl Names {
    /// The system's lookup can be neither interrupted nor given a time, so a thread is left to it.
    fn look_up(&self, name: String, time: Duration) -> Result<Vec<SocketAddr>, ureq::Error> {
        let (tell, told) = mpsc::sync_channel(1);
        let asked = name.clone();
        let ask = move || {
            let addresses = asked.to_socket_addrs().map(|found| found.collect::<Vec<_>>());
            // Nobody listens any more when the time is over.
            let _ = tell.send(addresses);
        };
        std::thread::Builder::new().name("resolve".into()).spawn(ask)?;
        let start = Instant::now();
        loop {
            match told.recv_timeout(LOOK) {
                Ok(addresses) => {
                    let addresses = addresses?;
                    if let Ok(mut known) = self.known.lock() {
                        known.insert(name, (Instant::now(), addresses.clone()));
                    }
                    return Ok(addresses);
                }
                Err(_) if self.stop.requested() => return Err(stopped()),
                Err(_) if start.elapsed() >= time => return Err(ureq::Error::Timeout(Timeout::Resolve)),
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return Err(ureq::Error::HostNotFound),
            }
        }
    }
}
