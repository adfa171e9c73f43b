//! Which proxy to go through, if any: the one that is named, else that of the environment, as curl reads it.

use super::address::Scheme;
use super::auth::Secret;

#[derive(Clone, Debug)]
pub struct Proxy {
    /// `http`, `https`, `socks4`, `socks4a`, `socks5` or `socks5h`; it may hold a password.
    pub url: Secret,
    /// Hosts that are asked directly.
    pub except: Option<String>,
}

impl Proxy {
    /// A proxy that was named is used for every host; the empty name is for none.
    pub fn named(url: &str) -> Option<Proxy> {
        (!url.is_empty()).then(|| Proxy { url: Secret::new(url), except: None })
    }

    /// The usual variables. `HTTP_PROXY` in capitals is not among them, as in curl: a web server sets it from a
    /// header of whoever asks.
    pub fn from_env(scheme: Scheme, env: &dyn Fn(&str) -> Option<String>) -> Option<Proxy> {
        let names: &[&str] = match scheme {
            Scheme::Http => &["http_proxy", "all_proxy", "ALL_PROXY"],
            Scheme::Https => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        };
        let url = names.iter().find_map(|name| env(name))?;
        Some(Proxy { url: Secret::new(url), except: env("no_proxy").or_else(|| env("NO_PROXY")) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_as_curl_reads_it() {
        let env = |name: &str| match name {
            "http_proxy" => Some("http://a".to_owned()),
            "HTTP_PROXY" => Some("http://evil".to_owned()),
            "ALL_PROXY" => Some("socks5://b".to_owned()),
            "NO_PROXY" => Some("localhost".to_owned()),
            _ => None,
        };
        let proxy = |scheme| Proxy::from_env(scheme, &env).unwrap();
        assert_eq!(proxy(Scheme::Http).url.expose(), "http://a");
        assert_eq!(proxy(Scheme::Https).url.expose(), "socks5://b");
        assert_eq!(proxy(Scheme::Https).except.as_deref(), Some("localhost"));
        assert!(Proxy::named("").is_none());
        assert!(Proxy::from_env(Scheme::Http, &|name| (name == "HTTP_PROXY").then(String::new)).is_none());
    }
}
