//! How a client behaves, whatever it asks for.

use std::time::Duration;

use super::proxy::Proxy;
use super::tls::Tls;

/// How the client behaves towards every server.
#[derive(Clone, Debug)]
pub struct Settings {
    pub connect_timeout: Duration,
    /// How long a server may go without taking or sending a byte.
    pub request_timeout: Duration,
    /// How long a request is tried again without success.
    pub retry_max: Duration,
    /// gzip both ways.
    pub compressed: bool,
    pub proxy: Option<Proxy>,
    /// How many requests run at a time; so many idle connections are kept.
    pub connections: usize,
    pub tls: Tls,
    /// Show the first request instead of sending it.
    pub show: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(300),
            retry_max: Duration::from_secs(600),
            compressed: false,
            proxy: None,
            connections: 4,
            tls: Tls::default(),
            show: false,
        }
    }
}
