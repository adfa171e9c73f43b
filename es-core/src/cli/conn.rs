//! The connection options that every tool has, and the client they make.

use std::time::Duration;

use super::error::Error;
use crate::http::{Client, Credentials, Host, Secret, Server, Settings, Target, target};
use crate::record::Stop;

/// Where and how to connect.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Connection")]
pub struct Conn {
    /// Servers for targets that name only an index; the first that answers is kept
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    pub url: Vec<String>,
}

impl Conn {
    /// The client for `target`, and its index expression, which may be empty. Nothing is sent.
    ///
    /// # Errors
    /// When the target or an option cannot be used.
    pub fn open(&self, target: &str, stop: &Stop, connections: usize) -> Result<(Client, String), Error> {
        let usage = |e: target::TargetError| Error::Usage(e.to_string());
        let target = Target::parse(target).map_err(usage)?;
        let mut hosts = Vec::new();
        match &target.server {
            Some(server) => hosts.push(Host::new(server.clone(), &target.credentials)),
            None => {
                for url in &self.url {
                    let (server, credentials) = Server::parse(url).map_err(usage)?;
                    hosts.push(Host::new(server, &credentials));
                }
            }
        }
        if hosts.is_empty() {
            hosts.push(Host::new(Server::default(), &Credentials::None));
        }
        let settings =
            Settings { connections, connect_timeout: Duration::from_secs(10), ..Settings::default() };
        let _: Option<&Secret> = settings.proxy.as_ref();
        Ok((Client::new(hosts, settings, stop)?, target.index))
    }
}
