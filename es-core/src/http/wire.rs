//! One request to one server and its answer, over ureq; nothing else names that library. Its `unversioned` part
//! is used for what its errors do not tell: whether anything of a request went out. It may change with every minor
//! version, so the manifest names one.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use ureq::config::Config;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector,
    SocksConnector, TcpConnector, Transport, time,
};
use ureq::{Agent, Body as UreqBody, BodyReader, ProxyProtocol, RequestBuilder, Timeout, http};

use super::client::{Body, Call, Method, Settings};
use super::error::{Error, Phase};
use super::hosts::Host;
use super::proxy::Proxy;
use super::retry::retry_after;
use super::show;
use super::tls::Tls;
use crate::record::Stop;

pub(super) struct Wire {
    agent: Agent,
    /// Requests were cut; a broken connection is our own doing from then on.
    cut: Arc<AtomicBool>,
    stop: Stop,
    timeout: Duration,
    compressed: bool,
}

/// Room for one piece of a body, in and out: with what reads from it, within a core's second-level cache.
const BUFFER: usize = 128 << 10;
/// The library takes no more than 128 headers; some servers give warnings that are long.
const HEAD: usize = 1 << 20;

/// How far the request of this thread has come. ureq runs a request on the thread that asks for it, so this is
/// the request's own; nothing else links a request to the connection it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sent {
    Nothing,
    Some,
    /// The connection broke while the request was going out.
    Broken,
}

thread_local! {
    static SENT: Cell<Sent> = const { Cell::new(Sent::Nothing) };
}

impl Wire {
    pub(super) fn new(settings: &Settings, stop: &Stop) -> Result<Wire, Error> {
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(settings.proxy.as_ref().map(proxy).transpose()?)
            .tls_config(tls(&settings.tls)?)
            .user_agent(concat!("es-tools/", env!("CARGO_PKG_VERSION")))
            .accept_encoding(if settings.compressed { "gzip" } else { "" })
            .timeout_resolve(Some(settings.connect_timeout))
            .timeout_connect(Some(settings.connect_timeout))
            .timeout_per_read(Some(settings.request_timeout))
            .timeout_per_write(Some(settings.request_timeout))
            .max_response_header_size(HEAD)
            .input_buffer_size(BUFFER)
            .output_buffer_size(BUFFER)
            .max_idle_connections(settings.connections.saturating_mul(4))
            .max_idle_connections_per_host(settings.connections)
            .build();
        let connector =
            ().chain(SocksConnector::default())
                .chain(ConnectProxyConnector::default())
                .chain(Sliced { tcp: TcpConnector::default(), stop: stop.clone() })
                .chain(Watched)
                .chain(RustlsConnector::default());
        let names = Names { known: Mutex::default(), stop: stop.clone() };
        Ok(Wire {
            agent: Agent::with_parts(config, Fresh(connector), names),
            cut: Arc::default(),
            stop: stop.clone(),
            timeout: settings.request_timeout,
            compressed: settings.compressed,
        })
    }

    pub(super) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        self.agent.clone().shutdown();
    }

    pub(super) fn is_cut(&self) -> bool {
        self.cut.load(Ordering::SeqCst)
    }

    pub(super) fn send(&self, host: &Host, call: &Call) -> Result<Incoming, Error> {
        let url = format!("{}{}", host.server, call.path);
        let (content, body) = match call.body {
            Body::None => (None, None),
            Body::Json(bytes) => (Some("application/json"), Some(bytes)),
            Body::Ndjson(bytes) => (Some("application/x-ndjson"), Some(bytes)),
        };
        let packed = body.filter(|_| self.compressed).map(gzip);
        let mut headers: Vec<(&str, &str)> = Vec::with_capacity(2 + host.headers.len());
        headers.extend(content.map(|c| ("content-type", c)));
        headers.extend(packed.as_ref().map(|_| ("content-encoding", "gzip")));
        headers.extend(host.headers.iter().map(|(name, value)| (name.as_str(), value.expose())));

        SENT.set(Sent::Nothing);
        let timeout = call.timeout.unwrap_or(self.timeout);
        let outcome = self.run(&url, call.method, timeout, &headers, packed.as_deref().or(body));
        let ended = self.is_cut() || (SENT.get() == Sent::Nothing && self.stop.requested());
        let failed = |e| meaning(&host.name, e, SENT.get(), ended, timeout, Phase::Answer);
        let response = outcome.map_err(failed)?;

        let head = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok());
        let status = response.status().as_u16();
        if let (300..=399, Some(location)) = (status, head("location")) {
            let location = location.to_owned();
            return Err(Error::Redirect { host: Arc::clone(&host.name), status, location });
        }
        if log::log_enabled!(log::Level::Debug) {
            log::debug!(
                "< {status} {}",
                show::headers(
                    response.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()))
                )
            );
        }
        Ok(Incoming {
            status,
            shown: false,
            host: Arc::clone(&host.name),
            retry_after: head("retry-after").and_then(|v| retry_after(v, Timestamp::now())),
            content_type: head("content-type").map(str::to_owned),
            delimited: ["content-length", "transfer-encoding"].iter().any(|name| head(name).is_some()),
            cut: Arc::clone(&self.cut),
            timeout,
            body: response.into_body().into_reader(),
        })
    }

    fn run(
        &self,
        url: &str,
        method: Method,
        timeout: Duration,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<http::Response<UreqBody>, ureq::Error> {
        let agent = &self.agent;
        let timeout = (timeout != self.timeout).then_some(timeout);
        match (method, body) {
            (Method::Get, None) => set(agent.get(url), headers, timeout).call(),
            (Method::Head, _) => set(agent.head(url), headers, timeout).call(),
            (Method::Delete, None) => set(agent.delete(url), headers, timeout).call(),
            (Method::Get, Some(body)) => set(agent.get(url), headers, timeout).force_send_body().send(body),
            (Method::Delete, Some(body)) => {
                set(agent.delete(url), headers, timeout).force_send_body().send(body)
            }
            (Method::Post, Some(body)) => set(agent.post(url), headers, timeout).send(body),
            (Method::Put, Some(body)) => set(agent.put(url), headers, timeout).send(body),
            (Method::Post, None) => set(agent.post(url), headers, timeout).send_empty(),
            (Method::Put, None) => set(agent.put(url), headers, timeout).send_empty(),
        }
    }
}

fn set<Any>(
    mut request: RequestBuilder<Any>,
    headers: &[(&str, &str)],
    timeout: Option<Duration>,
) -> RequestBuilder<Any> {
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    match timeout {
        None => request,
        Some(_) => request.config().timeout_per_read(timeout).timeout_per_write(timeout).build(),
    }
}

fn tls(tls: &Tls) -> Result<TlsConfig, Error> {
    let files = tls.load()?;
    let roots = match files.roots {
        Some(roots) => {
            roots.iter().map(|der| Certificate::from_der(der).to_owned()).collect::<Vec<_>>().into()
        }
        None => RootCerts::PlatformVerifier,
    };
    let identity = files.identity.map(|id| {
        let chain: Vec<_> = id.chain.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
        PrivateKey::from_pem(&id.key).map(|key| ClientCert::new_with_certs(&chain, key))
    });
    let identity =
        identity.transpose().map_err(|_| Error::Config("the key of --cert cannot be read".into()))?;
    Ok(TlsConfig::builder()
        .disable_verification(tls.insecure)
        .root_certs(roots)
        .client_cert(identity)
        .build())
}

/// The URL stands in no message: it may hold a password.
fn proxy(proxy: &Proxy) -> Result<ureq::Proxy, Error> {
    let wrong = |_| Error::Config("the proxy's URL cannot be used; it is written as http://host:port".into());
    let named = ureq::Proxy::new(proxy.url.expose()).map_err(wrong)?;
    let Some(except) = &proxy.except else { return Ok(named) };
    let mut builder = ureq::Proxy::builder(named.protocol()).host(named.host()).port(named.port());
    if let Some(user) = named.username() {
        builder = builder.username(user);
    }
    if let Some(password) = named.password() {
        builder = builder.password(password);
    }
    // Names are asked for where the proxy's own kind asks for them.
    if named.protocol() != ProxyProtocol::Socks4 {
        builder = builder.resolve_target(named.resolve_target());
    }
    for host in except.split(',').map(str::trim).filter(|host| !host.is_empty()) {
        builder = builder.no_proxy(host);
    }
    builder.build().map_err(wrong)
}

/// What ureq says of a connection that ends within an answer, also through the unpacking of it.
const DISCONNECTED: &str = "Peer disconnected";

/// What an error of ureq means to us, given how far the request had come. `ended`: it is our own doing.
fn meaning(host: &Arc<str>, e: ureq::Error, sent: Sent, ended: bool, after: Duration, phase: Phase) -> Error {
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

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::with_capacity(body.len() / 4 + 64), Compression::fast());
    // Writing into a Vec cannot fail.
    let _ = packer.write_all(body);
    packer.finish().unwrap_or_default()
}

/// An answer as it comes in.
pub(super) struct Incoming {
    pub(super) status: u16,
    pub(super) host: Arc<str>,
    pub(super) retry_after: Option<Duration>,
    pub(super) content_type: Option<String>,
    /// Its beginning was logged.
    shown: bool,
    /// The head says where the body ends; else it ends with the connection.
    delimited: bool,
    cut: Arc<AtomicBool>,
    timeout: Duration,
    body: BodyReader<'static>,
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
                    log::debug!("< {}", show::Cut(&buf[..n]));
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

/// What is said while connecting, to a proxy or in a handshake, is no part of the request.
#[derive(Debug)]
struct Fresh<C>(C);

impl<C: Connector<()>> Connector<()> for Fresh<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let outcome = self.0.connect(details, chained);
        SENT.set(Sent::Nothing);
        outcome
    }
}

/// Puts a watch on every connection, below its TLS, which would keep a broken pipe to itself.
#[derive(Debug)]
struct Watched;

impl<In: Transport> Connector<In> for Watched {
    type Out = Watch<In>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        Ok(chained.map(|inner| Watch { inner, broken: false }))
    }
}

/// Notes when a request begins to go out. When the connection breaks under it, the rest is thrown away and the
/// answer is still read: a server that refuses a large body says 413 and closes, one that refuses a certificate
/// says so and closes.
#[derive(Debug)]
struct Watch<T> {
    inner: T,
    broken: bool,
}

impl<T: Transport> Transport for Watch<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if self.broken {
            return Ok(());
        }
        SENT.set(Sent::Some);
        match self.inner.transmit_output(amount, timeout) {
            Err(ureq::Error::Io(e))
                if matches!(e.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset) =>
            {
                self.broken = true;
                SENT.set(Sent::Broken);
                Ok(())
            }
            outcome => outcome,
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        !self.broken && self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

/// Connects in slices, for a connect that is waited for in one piece would outlive a Ctrl-C. The addresses of a
/// host are tried by turns.
#[derive(Debug)]
struct Sliced {
    tcp: TcpConnector,
    stop: Stop,
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
struct Names {
    known: Mutex<HashMap<String, (Instant, Vec<SocketAddr>)>>,
    stop: Stop,
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
