//! One request to one server and its answer, over ureq; nothing outside this folder names that library. Its `unversioned` part
//! is used for what its errors do not tell: whether anything of a request went out. It may change with every minor
//! version, so the manifest names one.

mod answer;
mod connect;
mod watch;

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use ureq::config::Config;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};
use ureq::unversioned::transport::{
    ConnectProxyConnector, Connector, RustlsConnector, SocksConnector, TcpConnector,
};
use ureq::{Agent, Body as UreqBody, ProxyProtocol, RequestBuilder, http};

pub(super) use self::answer::Incoming;
use self::answer::meaning;
use self::connect::{Names, Sliced};
use self::watch::{Fresh, SENT, Sent, Watched};
use super::call::{Body, Call, Method};
use super::error::{Error, Phase};
use super::hosts::Host;
use super::proxy::Proxy;
use super::retry::retry_after;
use super::settings::Settings;
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
            masked: show::masks(call.path),
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

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::with_capacity(body.len() / 4 + 64), Compression::fast());
    // Writing into a Vec cannot fail.
    let _ = packer.write_all(body);
    packer.finish().unwrap_or_default()
}
