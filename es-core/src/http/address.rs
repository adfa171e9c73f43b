//! A server's address, and URLs as they are typed: where to, and as whom.

use std::fmt;
use std::net::Ipv6Addr;

use super::auth::{Credentials, Secret};
use super::mask;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    Http,
    Https,
}

/// A server's address. Without a port it is the scheme's own (80, 443), as everywhere in URLs: clouds and proxies
/// answer there, and a node of one's own is typed as `:9200`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Server {
    scheme: Scheme,
    /// Lower case; an IPv6 address in its brackets.
    host: String,
    port: Option<u16>,
    /// What a reverse proxy wants before every path: empty, or `/like/this`.
    prefix: String,
}

/// The text that was typed never stands in this message: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TargetError(String);

pub(super) fn refuse<T>(why: impl Into<String>) -> Result<T, TargetError> {
    Err(TargetError(why.into()))
}

impl Server {
    /// A server's URL: everything after the host is its prefix.
    ///
    /// # Errors
    /// When it is not an `http` or `https` URL of a server.
    pub fn parse(typed: &str) -> Result<(Server, Credentials), TargetError> {
        let url = Url::parse(typed)?;
        Ok((url.server.behind(&url.path), url.credentials))
    }

    /// The same server with this path before every other.
    pub(super) fn behind(self, path: &str) -> Server {
        Server { prefix: path.trim_end_matches('/').to_owned(), ..self }
    }

    /// Scheme, host and port are the same: what credentials and certificates are for.
    pub fn same_origin(&self, other: &Server) -> bool {
        self.scheme == other.scheme && self.host == other.host && self.port() == other.port()
    }

    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host's name, or its address without brackets.
    pub fn host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.scheme {
            Scheme::Http => 80,
            Scheme::Https => 443,
        })
    }
}

impl Default for Server {
    fn default() -> Server {
        Server { scheme: Scheme::Http, host: "localhost".into(), port: Some(9200), prefix: String::new() }
    }
}

/// The address without credentials, fit for messages and, with a path after it, for requests.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.scheme {
            Scheme::Http => "http://",
            Scheme::Https => "https://",
        })?;
        f.write_str(&self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.prefix)
    }
}

pub(super) struct Url {
    pub(super) server: Server,
    pub(super) credentials: Credentials,
    /// As typed, from the first slash on.
    pub(super) path: String,
}

impl Url {
    pub(super) fn parse(typed: &str) -> Result<Url, TargetError> {
        let Some((scheme, rest)) = typed.split_once("://") else {
            let typed = mask::typed(typed);
            return refuse(format!("`{typed}` is not a URL; write http://{typed} or https://{typed}"));
        };
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            other => {
                let other = mask::typed(other);
                return refuse(format!("the scheme `{other}` is not known; it is http or https"));
            }
        };
        // Passwords are typed with slashes in them more often than users are typed with an @ in the path, but a
        // URL ends its authority at the first slash, and guessing here could send half a password as a host.
        let (authority, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |i| rest.split_at(i));
        if path.contains('?') {
            return refuse("the URL has a query (`?…`); only a server and an index can stand in it");
        }
        if path.contains('#') {
            return refuse("the URL has a fragment (`#…`); only a server and an index can stand in it");
        }
        let (credentials, address) = match authority.rsplit_once('@') {
            None => (Credentials::None, authority),
            Some((user_info, address)) => {
                let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
                let password = Secret::new(decode(password)?);
                (Credentials::Basic { user: decode(user)?, password }, address)
            }
        };
        let (host, port) = split_port(address)?;
        let server = Server { scheme, host, port, prefix: String::new() };
        Ok(Url { server, credentials, path: path.to_owned() })
    }
}

fn split_port(address: &str) -> Result<(String, Option<u16>), TargetError> {
    let (host, port) = if let Some(bracketed) = address.strip_prefix('[') {
        let Some((inner, after)) = bracketed.split_once(']') else {
            return refuse(format!("`{address}` lacks the bracket that ends an IPv6 address"));
        };
        if inner.parse::<Ipv6Addr>().is_err() {
            return refuse(format!("`{inner}` is not an IPv6 address"));
        }
        (format!("[{inner}]"), after.strip_prefix(':').or(if after.is_empty() { None } else { Some(after) }))
    } else {
        match address.split_once(':') {
            Some((_, port)) if port.contains(':') => {
                return refuse(format!(
                    "`{address}`: an IPv6 address stands in brackets, as in http://[::1]:9200"
                ));
            }
            Some((host, port)) => (host.to_owned(), Some(port)),
            None => (address.to_owned(), None),
        }
    };
    if host.is_empty() {
        return refuse("the URL has no host");
    }
    if let Some(bad) = host.chars().find(|c| !(c.is_ascii_alphanumeric() || "-._~[]:".contains(*c))) {
        return refuse(format!("a host name cannot hold {bad:?}"));
    }
    let port = match port {
        None | Some("") => None,
        Some(digits) => match digits.parse::<u16>() {
            Ok(port) if port > 0 => Some(port),
            Ok(_) | Err(_) => return refuse("the port of the URL is not a number from 1 to 65535"),
        },
    };
    Ok((host.to_ascii_lowercase(), port))
}

pub(super) fn decode(text: &str) -> Result<String, TargetError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = (first == b'%').then(|| after.get(..2)).flatten();
        let byte = hex.and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| u8::from_str_radix(h, 16).ok());
        (rest, _) = match byte {
            Some(byte) => (&after[2..], bytes.push(byte)),
            None => (after, bytes.push(first)),
        };
    }
    String::from_utf8(bytes).or_else(|_| refuse("the URL's percent signs do not spell UTF-8"))
}
