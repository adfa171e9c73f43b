//! One request to one server and its answer, over ureq; nothing else names that library. Its `unversioned` part is
//! used to learn for certain whether anything of a request went out, which its errors do not tell.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use ureq::config::Config;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};
use ureq::{Agent, Body as UreqBody, BodyReader, RequestBuilder, Timeout, http};

use super::client::{Body, Call, Method, Settings};
use super::error::{Error, Phase};
use super::hosts::Host;
use super::retry::retry_after;

pub(super) struct Wire {
    agent: Agent,
    cut: Arc<AtomicBool>,
    settings: Settings,
}

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
    pub(super) fn new(settings: &Settings) -> Result<Wire, Error> {
        let encoding = if settings.compressed { "gzip" } else { "" };
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent(concat!("es-tools/", env!("CARGO_PKG_VERSION")))
            .accept_encoding(encoding)
            .timeout_resolve(Some(settings.connect_timeout))
            .timeout_connect(Some(settings.connect_timeout))
            .timeout_per_read(Some(settings.request_timeout))
            .timeout_per_write(Some(settings.request_timeout))
            .max_response_header_size(1 << 20)
            .input_buffer_size(256 << 10)
            .output_buffer_size(256 << 10)
            .max_idle_connections(settings.connections * 4)
            .max_idle_connections_per_host(settings.connections)
            .build();
        let agent =
            Agent::with_parts(config, Watched(DefaultConnector::default()), DefaultResolver::default());
        Ok(Wire { agent, cut: Arc::new(AtomicBool::new(false)), settings: settings.clone() })
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
        let packed = body.filter(|_| self.settings.compressed).map(gzip);
        let mut headers: Vec<(&str, &str)> = Vec::with_capacity(2 + host.headers.len());
        headers.extend(content.map(|c| ("content-type", c)));
        headers.extend(packed.as_ref().map(|_| ("content-encoding", "gzip")));
        headers.extend(host.headers.iter().map(|(name, value)| (name.as_str(), value.expose())));

        SENT.set(Sent::Nothing);
        let timeout = call.timeout.unwrap_or(self.settings.request_timeout);
        let outcome = self.run(&url, call, timeout, &headers, packed.as_deref().or(body));
        let response = outcome.map_err(|e| self.meaning(host, e, SENT.get(), timeout, Phase::Answer))?;

        let head =
            |name: &str| response.headers().get(name).and_then(|v: &http::HeaderValue| v.to_str().ok());
        let status = response.status().as_u16();
        if let (300..=399, Some(location)) = (status, head("location")) {
            let location = location.to_owned();
            return Err(Error::Redirect { host: Arc::clone(&host.name), status, location });
        }
        Ok(Incoming {
            status,
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
        call: &Call,
        timeout: Duration,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<http::Response<UreqBody>, ureq::Error> {
        let agent = &self.agent;
        let timeout = (timeout != self.settings.request_timeout).then_some(timeout);
        match (call.method, body) {
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

    fn meaning(&self, host: &Host, e: ureq::Error, sent: Sent, after: Duration, phase: Phase) -> Error {
        meaning(&host.name, e, sent, self.is_cut(), after, phase)
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

/// What an error of ureq means to us, given how far the request had come.
fn meaning(host: &Arc<str>, e: ureq::Error, sent: Sent, cut: bool, after: Duration, phase: Phase) -> Error {
    let host = Arc::clone(host);
    let sending = sent == Sent::Broken;
    if cut {
        return match sent {
            Sent::Nothing => Error::Stopped,
            Sent::Some | Sent::Broken => Error::Lost { host, why: "cut off by the stop".into(), sending },
        };
    }
    match (e, sent) {
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
        (ureq::Error::Timeout(t), Sent::Some | Sent::Broken) => {
            let phase = match t {
                Timeout::PerWrite | Timeout::SendBody | Timeout::SendRequest => Phase::Send,
                _ => phase,
            };
            Error::TimedOut { host, phase, after }
        }
        (e @ (ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..)), _) => {
            Error::Answer { host, why: e.to_string() }
        }
        (e, Sent::Some | Sent::Broken) => Error::Lost { host, why: plain(&e), sending },
    }
}

/// The words of the system without the library's prefix.
fn plain(e: &ureq::Error) -> String {
    match e {
        ureq::Error::Io(e) => e.to_string().to_lowercase(),
        e => e.to_string(),
    }
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
            Ok(n) => Ok(n),
            Err(e) => {
                let e = ureq::Error::from(e);
                Err(meaning(&self.host, e, Sent::Some, cut(), self.timeout, Phase::Read).into())
            }
        }
    }
}

/// Puts a watch on every connection, outside of its TLS.
#[derive(Debug)]
struct Watched(DefaultConnector);

impl Connector<()> for Watched {
    type Out = Watch;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Watch>, ureq::Error> {
        let inner = self.0.connect(details, chained)?;
        Ok(inner.map(|inner| Watch { inner, broken: false }))
    }
}

/// Notes when a request begins to go out. When the connection breaks under it, the rest is thrown away and the
/// answer is still read: a server that refuses a large body says 413 and closes.
struct Watch {
    inner: Box<dyn Transport>,
    broken: bool,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl Transport for Watch {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if self.broken {
            return Ok(());
        }
        if SENT.get() == Sent::Nothing {
            SENT.set(Sent::Some);
        }
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
