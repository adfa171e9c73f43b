//! The connection options that every tool has, and what becomes of them: servers, each with what is sent to it
//! alone, and the client's settings. Everything is checked here, before the first request.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::Error;
use super::profile::Profile;
use super::scopes::{Scopes, from_files, parse_all, usage};
use super::secrets;
use crate::http::tls::Tls;
use crate::http::{Client, Credentials, Host, Proxy, Secret, Server, Settings, Target};
use crate::record::{Stop, size};

/// Where and how to connect.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Connection")]
pub struct Conn {
    /// Servers for a TARGET that is only an index [env: ES_URL]
    ///
    /// Several are separated by commas. The first that answers is kept; when it stops answering, the next is tried.
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    pub url: Vec<String>,

    /// Take servers and options from the configuration [env: ES_PROFILE]
    ///
    /// They stand under [profile.NAME]. With this option ES_URL and the credentials of the environment are ignored.
    #[arg(short = 'P', long, value_name = "NAME")]
    pub profile: Option<String>,

    /// User; the password is asked for [env: ES_USER, ES_PASSWORD]
    ///
    /// It is asked for on the terminal unless --password-file names it. After a colon it can be seen in ps.
    #[arg(short, long, value_name = "NAME[:PASS]", conflicts_with_all = ["api_key_file", "bearer_file"])]
    pub user: Option<String>,

    /// The password of --user is in FILE
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "user")]
    pub password_file: Option<PathBuf>,

    /// An API key is in FILE [env: ES_API_KEY]
    ///
    /// As id:key, its base64, or a cloud key. A FILE that everybody can read is refused.
    #[arg(long, value_name = "FILE", conflicts_with = "bearer_file")]
    pub api_key_file: Option<PathBuf>,

    /// A bearer token is in FILE
    #[arg(long, hide_short_help = true, value_name = "FILE")]
    pub bearer_file: Option<PathBuf>,

    /// Take user and password from ~/.netrc [env: NETRC]
    #[arg(long, hide_short_help = true)]
    pub netrc: bool,

    /// Send this header too; @FILE holds one a line
    #[arg(short = 'H', long, hide_short_help = true, value_name = "NAME: VALUE|@FILE")]
    pub header: Vec<String>,

    /// Do not verify the server's certificate
    #[arg(short = 'k', long)]
    pub insecure: bool,

    /// Believe only the authorities in FILE (PEM), not the system's
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,

    /// Our certificate, for servers that ask for one (PEM; may hold the key too)
    #[arg(long, hide_short_help = true, value_name = "FILE")]
    pub cert: Option<PathBuf>,

    /// The key of --cert (PEM)
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,

    /// Connect through this proxy; '' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]
    #[arg(long, hide_short_help = true, value_name = "URL")]
    pub proxy: Option<String>,

    /// How long connecting to a server may take [default: 10s]
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = size::parse_time)]
    pub connect_timeout: Option<Duration>,

    /// How long a server may stay silent within a request [default: 5m]
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = size::parse_time)]
    pub request_timeout: Option<Duration>,

    /// How long to try again without any progress [default: 10m]
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = size::parse_time)]
    pub retry_max_time: Option<Duration>,

    /// Send and receive gzip
    #[arg(long, hide_short_help = true)]
    pub compressed: bool,

    /// Print the first request as a curl command and send nothing
    ///
    /// Secrets are masked.
    #[arg(long)]
    pub curl: bool,
}

pub(super) type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

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

    /// What the options say of who we are; it holds for every server.
    pub(super) fn credentials(&self) -> Result<Option<Credentials>, Error> {
        if let Some(user) = &self.user {
            let (name, password) = match (user.split_once(':'), &self.password_file) {
                (Some(_), Some(_)) => {
                    return Err(Error::Usage("both --user and --password-file give a password".into()));
                }
                (Some((name, password)), None) => (name, Secret::new(password)),
                (None, Some(file)) => (user.as_str(), secrets::from_file(file)?),
                // Nothing is sent, so nothing is asked.
                (None, None) if self.curl => (user.as_str(), Secret::new("")),
                (None, None) => (user.as_str(), secrets::ask(user)?),
            };
            return Ok(Some(Credentials::Basic { user: name.into(), password }));
        }
        from_files(self.api_key_file.as_deref(), self.bearer_file.as_deref())
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
        return Err(Error::FileAsTarget(target.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
