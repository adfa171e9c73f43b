//! Where to: a target as typed, split into a server, the credentials in its URL, and an index expression; and the
//! spelling of index expressions and ids in a request's path.

use std::fmt::Write as _;

use super::address::{Server, TargetError, Url, decode, refuse};
use super::auth::Credentials;
use super::mask;

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
                let typed = mask::typed(typed);
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
        Ok(Target { server: Some(url.server.behind(prefix)), credentials: url.credentials, index })
    }
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
    let shown = mask::typed(index);
    if index.contains('/') && !index.contains('<') {
        return refuse(format!("`{shown}` holds a slash, which no index name does"));
    }
    if index.starts_with('_') && index != "_all" {
        return refuse(format!("`{shown}` is a path of the server's interface, not an index"));
    }
    Ok(())
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
mod tests;
