//! Where to: a target as typed, split into a server, the credentials in its URL, and an index expression; and the
//! spelling of index expressions and ids in a request's path.

use std::fmt::{self, Write as _};
use std::net::Ipv6Addr;

use super::auth::{Credentials, Secret};

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

/// What was typed as TARGET; the default is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// None: only an index was typed, and the server is to come from elsewhere.
    pub server: Option<Server>,
    /// From the URL, decoded; they are for its server alone.
    pub credentials: Credentials,
    /// As the server is to understand it, not encoded; empty when there is none.
    pub index: String,
}

/// The text that was typed never stands in this message: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TargetError(String);

fn refuse<T>(why: impl Into<String>) -> Result<T, TargetError> {
    Err(TargetError(why.into()))
}

impl Server {
    /// A server's URL: everything after the host is its prefix.
    ///
    /// # Errors
    /// When it is not an `http` or `https` URL of a server.
    pub fn parse(typed: &str) -> Result<(Server, Credentials), TargetError> {
        let url = Url::parse(typed)?;
        let prefix = url.path.trim_end_matches('/').to_owned();
        Ok((Server { prefix, ..url.server }, url.credentials))
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

impl Target {
    /// `http://host:9200/index`, `http://host:9200`, or `index`.
    ///
    /// # Errors
    /// When it is no target. Whether it names a file is asked by whoever knows the tool's other arguments.
    pub fn parse(typed: &str) -> Result<Target, TargetError> {
        if typed.is_empty() {
            return refuse("the target is empty");
        }
        if !typed.contains("://") {
            if lacks_scheme(typed) {
                return refuse(format!(
                    "`{typed}` looks like a server without its scheme; write http://{typed} or https://{typed}"
                ));
            }
            check_index(typed)?;
            return Ok(Target { server: None, credentials: Credentials::None, index: typed.to_owned() });
        }
        let url = Url::parse(typed)?;
        let (prefix, index) = split_index(&url.path);
        let index = decode(index)?;
        if !index.is_empty() {
            check_index(&index)?;
        }
        let prefix = prefix.trim_end_matches('/').to_owned();
        Ok(Target { server: Some(Server { prefix, ..url.server }), credentials: url.credentials, index })
    }
}

struct Url {
    server: Server,
    credentials: Credentials,
    /// As typed, from the first slash on.
    path: String,
}

impl Url {
    fn parse(typed: &str) -> Result<Url, TargetError> {
        let Some((scheme, rest)) = typed.split_once("://") else {
            return refuse(format!("`{typed}` is not a URL; write http://{typed} or https://{typed}"));
        };
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            other => return refuse(format!("the scheme `{other}` is not known; it is http or https")),
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

/// `localhost:9200/logs`: a name, a port and perhaps a path. Another cluster's index (`other:logs`) is not so.
fn lacks_scheme(typed: &str) -> bool {
    let (authority, path) = typed.split_once('/').map_or((typed, None), |(a, p)| (a, Some(p)));
    let Some((host, port)) = authority.rsplit_once(':') else { return false };
    let digits = (2..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
    digits && !host.contains(['<', ',', '*']) && (path.is_some() || host == "localhost" || host.contains('.'))
}

/// The index is what follows the last slash outside the angle brackets of date math.
fn split_index(path: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    let mut cut = None;
    for (i, c) in path.char_indices() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => cut = Some(i),
            _ => {}
        }
    }
    cut.map_or((path, ""), |i| (&path[..i], &path[i + 1..]))
}

fn check_index(index: &str) -> Result<(), TargetError> {
    if let Some(bad) = index.chars().find(|c| c.is_whitespace() || c.is_control() || "\"\\#|".contains(*c)) {
        return refuse(format!("an index name cannot hold {bad:?}"));
    }
    if index.contains('/') && !index.contains('<') {
        return refuse(format!("`{index}` holds a slash, which no index name does"));
    }
    if index.starts_with('_') && index != "_all" {
        return refuse(format!("`{index}` is a path of the server's interface, not an index"));
    }
    Ok(())
}

fn decode(text: &str) -> Result<String, TargetError> {
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

/// An index expression in a path. Commas stay, so that a list is a list; stars too, for people who read logs.
pub fn encode_index(expression: &str) -> String {
    encode(expression, b"-._~,*")
}

/// One segment of a path, such as an id.
pub fn encode_segment(text: &str) -> String {
    encode(text, b"-._~")
}

fn encode(text: &str, plain: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(typed: &str) -> (String, String) {
        let target = Target::parse(typed).unwrap_or_else(|e| panic!("{typed}: {e}"));
        (target.server.map_or(String::new(), |s| s.to_string()), target.index)
    }

    #[test]
    fn targets_as_typed() {
        let table = [
            ("logs", "", "logs"),
            ("logs-*,-logs-old", "", "logs-*,-logs-old"),
            ("<logs-{now/d}>", "", "<logs-{now/d}>"),
            ("other:logs", "", "other:logs"),
            ("other:2016", "", "other:2016"),
            ("http://h:9200", "http://h:9200", ""),
            ("http://h:9200/", "http://h:9200", ""),
            ("http://h:9200/logs", "http://h:9200", "logs"),
            ("HTTP://Es.Example:9200/Logs", "http://es.example:9200", "Logs"),
            ("https://h/es/logs", "https://h/es", "logs"),
            ("https://h/es/", "https://h/es", ""),
            ("http://h:9200/<logs-{now/d}>", "http://h:9200", "<logs-{now/d}>"),
            ("http://h:9200/%3Clogs-%7Bnow%2Fd%7D%3E", "http://h:9200", "<logs-{now/d}>"),
            ("http://h:9200/a,<b-{now/d{yyyy.MM}}>,c*", "http://h:9200", "a,<b-{now/d{yyyy.MM}}>,c*"),
            ("http://[::1]:9200/logs", "http://[::1]:9200", "logs"),
            ("http://[::1]", "http://[::1]", ""),
            ("http://u:p@h:9200/other:logs", "http://h:9200", "other:logs"),
            ("http://h:9200/журнал", "http://h:9200", "журнал"),
            ("http://h:9200/_all", "http://h:9200", "_all"),
        ];
        for (typed, server, index) in table {
            assert_eq!(parts(typed), (server.into(), index.into()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_target_says_what_to_write() {
        let table = [
            ("", "is empty"),
            ("localhost:9200", "write http://localhost:9200"),
            ("localhost:9200/logs", "write http://localhost:9200/logs"),
            ("es:9200/logs", "write http://es:9200/logs"),
            ("ftp://h/x", "http or https"),
            ("http://", "no host"),
            ("http://h:99999/x", "port"),
            ("http://h:port/x", "port"),
            ("http://::1:9200/x", "brackets"),
            ("http://h:9200/logs/_search", "not an index"),
            ("http://h:9200/logs?q=a", "query"),
            ("http://h:9200/logs#a", "fragment"),
            ("my logs", "' '"),
            ("a/b", "slash"),
            ("http://h /x", "' '"),
        ];
        for (typed, why) in table {
            let message = Target::parse(typed).unwrap_err().to_string();
            assert!(message.contains(why), "{typed}: {message}");
        }
    }

    #[test]
    fn credentials_are_split_off_and_decoded() {
        let target = Target::parse("http://el%40stic:p%3A%2Fw%20d@h:9200/logs").unwrap();
        let password = Secret::new("p:/w d");
        assert_eq!(target.credentials, Credentials::Basic { user: "el@stic".into(), password });
        assert_eq!(target.server.unwrap().to_string(), "http://h:9200");
        // A forgotten port must not bring the password into the message.
        let message = Target::parse("http://u:s3cret@h:s3cret2/x").unwrap_err().to_string();
        assert!(!message.contains("s3cret"), "{message}");
    }

    #[test]
    fn paths_spell_what_names_hold() {
        assert_eq!(encode_index("<logs-{now/d}>,a*"), "%3Clogs-%7Bnow%2Fd%7D%3E,a*");
        assert_eq!(encode_index("журнал"), "%D0%B6%D1%83%D1%80%D0%BD%D0%B0%D0%BB");
        assert_eq!(encode_segment("a/b?c#d e\"\n+%"), "a%2Fb%3Fc%23d%20e%22%0A%2B%25");
    }

    #[test]
    fn origins_compare_with_default_ports() {
        let server = |url| Server::parse(url).unwrap().0;
        assert!(server("https://h").same_origin(&server("https://H:443/es")));
        assert!(!server("http://h:9200").same_origin(&server("https://h:9200")));
        assert!(!server("http://h:9200").same_origin(&server("http://h:9201")));
    }
}
