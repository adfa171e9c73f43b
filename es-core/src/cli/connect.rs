//! What becomes of the connection options: servers, each with what is sent to it alone, and the client's settings.
//! Everything is checked here, before the first request.

use std::path::{Path, PathBuf};

use super::conn::Conn;
use super::error::Error;
use super::profile::Profile;
use super::scopes::{Env, Scopes, parse_all, usage};
use crate::http::mask;
use crate::http::tls::Tls;
use crate::http::{Client, Credentials, Host, Proxy, Server, Settings, Target};
use crate::record::Stop;

/// What the options come to.
#[derive(Debug)]
struct Plan {
    hosts: Vec<Host>,
    settings: Settings,
    index: String,
}

impl Conn {
    /// The client for `target`, and its index expression, which may be empty. Without a target something else must
    /// name the server. Nothing is sent.
    ///
    /// # Errors
    /// When the target, an option, the environment or the configuration cannot be used.
    pub fn open(
        &self,
        target: Option<&str>,
        stop: &Stop,
        connections: usize,
    ) -> Result<(Client, String), Error> {
        self.client(target, None, stop, connections)
    }

    /// The same for a pattern of what is looked at: without it all is meant, and where nothing names a server, the
    /// default one.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_pattern(
        &self,
        pattern: Option<&str>,
        stop: &Stop,
        connections: usize,
    ) -> Result<(Client, String), Error> {
        self.client(pattern, Some(Server::default()), stop, connections)
    }

    fn client(
        &self,
        typed: Option<&str>,
        otherwise: Option<Server>,
        stop: &Stop,
        connections: usize,
    ) -> Result<(Client, String), Error> {
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let plan = self.plan(typed, otherwise, &env)?;
        let settings = Settings { connections, ..plan.settings };
        Ok((Client::new(plan.hosts, settings, stop)?, plan.index))
    }

    /// `otherwise` is the server where nothing at all was said of where to.
    fn plan(&self, typed: Option<&str>, otherwise: Option<Server>, env: Env) -> Result<Plan, Error> {
        let target = match typed {
            Some(typed) => {
                refuse_files(typed)?;
                Target::parse(typed).map_err(usage)?
            }
            None => Target::default(),
        };
        let scopes = Scopes::new(self, env)?;
        let given: Vec<(Server, Credentials)> = match target.server {
            Some(_) if !self.url.is_empty() => {
                return Err(Error::Usage("both TARGET and --url name a server".into()));
            }
            Some(server) => vec![(server, target.credentials)],
            None => match scopes.servers(&parse_all(&self.url)?) {
                Some(named) => named,
                None => {
                    let default = typed.map(|_| Server::default()).or(otherwise);
                    vec![(default.ok_or(Error::NoServer)?, Credentials::None)]
                }
            },
        };
        let mut hosts = Vec::new();
        for (server, in_url) in given {
            let headers = scopes.headers(&server, in_url)?;
            hosts.push(Host::new(server, headers));
        }
        let settings = self.settings(&scopes, &hosts, env);
        Ok(Plan { hosts, settings, index: target.index })
    }

    fn settings(&self, scopes: &Scopes, hosts: &[Host], env: Env) -> Settings {
        let standard = Settings::default();
        let none = Profile::default();
        let profile = scopes.profile.as_ref().map_or(&none, |scope| &scope.profile);
        // What a profile says of certificates holds for its own servers: its `insecure` must not spread.
        let at_home = |host: &Host| scopes.profile.as_ref().is_some_and(|scope| scope.has(&host.server));
        let tls = if hosts.iter().all(at_home) { profile } else { &none };
        let either = |option: &Option<PathBuf>, profile: &Option<PathBuf>| option.clone().or(profile.clone());
        Settings {
            connect_timeout: self
                .connect_timeout
                .or(profile.connect_timeout)
                .unwrap_or(standard.connect_timeout),
            request_timeout: self
                .request_timeout
                .or(profile.request_timeout)
                .unwrap_or(standard.request_timeout),
            retry_max: self.retry_max_time.or(profile.retry_max_time).unwrap_or(standard.retry_max),
            compressed: self.compressed || profile.compressed,
            proxy: match self.proxy.as_ref().or(profile.proxy.as_ref()) {
                Some(url) => Proxy::named(url),
                None => hosts.first().and_then(|host| Proxy::from_env(host.server.scheme(), env)),
            },
            tls: Tls {
                insecure: self.insecure || tls.insecure,
                ca_cert: either(&self.cacert, &tls.cacert),
                cert: either(&self.cert, &tls.cert),
                key: either(&self.key, if self.cert.is_some() { &None } else { &tls.key }),
            },
            show: self.curl,
            ..standard
        }
    }
}

/// A file where the target should be is the commonest slip, and would otherwise be sought as an index.
fn refuse_files(target: &str) -> Result<(), Error> {
    if target.contains("://") {
        return Ok(());
    }
    let name = target.to_ascii_lowercase();
    let ending = [".json", ".ndjson", ".gz", ".zst", ".csv"].iter().any(|ending| name.ends_with(ending));
    if ending || target == "-" || Path::new(target).is_file() {
        return Err(Error::FileAsTarget(mask::typed(target).into_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
