//! Credentials, and the wrapper that keeps them out of everything printed. Files and terminals they come from are
//! read in `cli`; here they only become a header.

use std::fmt;
use std::fs::File;
use std::io;
use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A text that no `{}` and no `{:?}` shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A secret in such a file is none. A group may read: services are given their secrets so.
///
/// # Errors
/// When the system does not tell.
pub fn readable_by_others(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.permissions().mode() & 0o004 != 0)
}

/// Who we say we are, to one server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    #[default]
    None,
    Basic {
        user: String,
        password: Secret,
    },
    /// As sent: the base64 of `id:key`, or a cloud key.
    ApiKey(Secret),
    Bearer(Secret),
}

impl Credentials {
    /// An API key as it is handed out: `id:key`, the base64 of that, or a cloud key, which is sent as it is.
    pub fn api_key(text: &str) -> Credentials {
        let text = text.trim();
        let text = text.strip_prefix("ApiKey ").unwrap_or(text);
        // Neither base64 nor a cloud key holds a colon.
        let encoded = if text.contains(':') { STANDARD.encode(text) } else { text.to_owned() };
        Credentials::ApiKey(Secret(encoded))
    }

    /// The value of the `Authorization` header.
    pub fn header(&self) -> Option<Secret> {
        let value = match self {
            Credentials::None => return None,
            Credentials::Basic { user, password } => {
                format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.0)))
            }
            Credentials::ApiKey(key) => format!("ApiKey {}", key.0),
            Credentials::Bearer(token) => format!("Bearer {}", token.0),
        };
        Some(Secret(value))
    }

    /// The scheme alone, for messages.
    pub fn scheme(&self) -> &'static str {
        match self {
            Credentials::None => "no credentials",
            Credentials::Basic { .. } => "Basic",
            Credentials::ApiKey(_) => "ApiKey",
            Credentials::Bearer(_) => "Bearer",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_format_shows_a_secret() {
        let who = Credentials::Basic { user: "elastic".into(), password: Secret::new("s3cret") };
        let shown = format!("{who:?} {who:#?} {:?} {}", Secret::new("s3cret"), Secret::new("s3cret"));
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(shown.contains("elastic"), "{shown}");
    }

    #[test]
    fn headers_are_what_servers_read() {
        let basic = Credentials::Basic { user: "elastic".into(), password: Secret::new("p:ß") };
        let table = [
            (basic, Some("Basic ZWxhc3RpYzpwOsOf")),
            (Credentials::api_key("VuaCf:ui2lp"), Some("ApiKey VnVhQ2Y6dWkybHA=")),
            (Credentials::api_key(" VnVhQ2Y6dWkybHA=\n"), Some("ApiKey VnVhQ2Y6dWkybHA=")),
            (Credentials::api_key("essu_ABC123=="), Some("ApiKey essu_ABC123==")),
            (Credentials::Bearer(Secret::new("t")), Some("Bearer t")),
            (Credentials::None, None),
        ];
        for (credentials, header) in table {
            assert_eq!(credentials.header().as_ref().map(Secret::expose), header);
        }
    }
}
