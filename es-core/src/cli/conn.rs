//! The connection options that every tool has, and what becomes of them: servers, each with what is sent to it
//! alone, and the client's settings. Everything is checked here, before the first request.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::Error;
use super::profile::{self, Profile};
use super::{netrc, secrets};
use crate::http::target::TargetError;
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

type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

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
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let plan = self.plan(target, &env)?;
        let settings = Settings { connections, ..plan.settings };
        Ok((Client::new(plan.hosts, settings, stop)?, plan.index))
    }

    fn plan(&self, typed: Option<&str>, env: Env) -> Result<Plan, Error> {
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
                None if typed.is_some() => vec![(Server::default(), Credentials::None)],
                // Nothing at all was said of where to: the local server would be a guess.
                None => return Err(Error::NoServer),
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
    fn credentials(&self) -> Result<Option<Credentials>, Error> {
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

/// Each source of credentials with the servers they are for.
struct Scopes {
    options: Option<Credentials>,
    headers: Vec<(String, Secret)>,
    /// The text of the netrc file, where it was asked for.
    netrc: Option<String>,
    /// That of `-P`, or that of `ES_PROFILE`.
    profile: Option<ProfileScope>,
    /// `-P` was given: the environment has no say.
    named: bool,
    env_servers: Vec<(Server, Credentials)>,
    env: Option<Credentials>,
}

struct ProfileScope {
    profile: Profile,
    servers: Vec<(Server, Credentials)>,
    credentials: Option<Credentials>,
    headers: Vec<(String, Secret)>,
    netrc: Option<String>,
}

impl ProfileScope {
    fn has(&self, server: &Server) -> bool {
        self.servers.iter().any(|(mine, _)| mine.same_origin(server))
    }
}

impl Scopes {
    fn new(conn: &Conn, env: Env) -> Result<Scopes, Error> {
        let named = conn.profile.is_some();
        let profile = match conn.profile.clone().or_else(|| env("ES_PROFILE")) {
            Some(name) => Some(ProfileScope::load(&name, env)?),
            None => None,
        };
        let env_url = if named { None } else { env("ES_URL") };
        let env_url: Vec<String> =
            env_url.iter().flat_map(|urls| urls.split(',').map(str::to_owned)).collect();
        let env_servers = parse_all(&env_url).map_err(|e| Error::Usage(format!("ES_URL: {e}")))?;
        Ok(Scopes {
            options: conn.credentials()?,
            headers: parse_headers(&conn.header)?,
            netrc: if conn.netrc { Some(read_netrc(env)?) } else { None },
            profile,
            named,
            env: if env_servers.is_empty() { None } else { env_credentials(env)? },
            env_servers,
        })
    }

    /// The servers for a target that names none; None where nothing else does either.
    fn servers(&self, options: &[(Server, Credentials)]) -> Option<Vec<(Server, Credentials)>> {
        let profile = self.profile.as_ref().map_or(&[][..], |scope| &scope.servers);
        let order = if self.named { [options, profile, &[]] } else { [options, &self.env_servers, profile] };
        order.into_iter().find(|servers| !servers.is_empty()).map(<[_]>::to_vec)
    }

    /// All that is sent to this server and, except for what the options name, to no other.
    fn headers(&self, server: &Server, in_url: Credentials) -> Result<Vec<(String, Secret)>, Error> {
        let mut headers = self.headers.clone();
        let profile = self.profile.as_ref().filter(|scope| scope.has(server));
        if let Some(scope) = profile {
            let new = |name: &String| !self.headers.iter().any(|(mine, _)| mine.eq_ignore_ascii_case(name));
            headers.extend(scope.headers.iter().filter(|(name, _)| new(name)).cloned());
        }
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
            let who = self.credentials(server, in_url);
            headers.extend(who.header().map(|value| ("authorization".to_owned(), value)));
        }
        Ok(headers)
    }

    fn credentials(&self, server: &Server, in_url: Credentials) -> Credentials {
        let of = |servers: &[(Server, Credentials)]| {
            let mut mine = servers.iter().filter(|(s, _)| s.same_origin(server)).map(|(_, who)| who.clone());
            mine.find(|who| *who != Credentials::None)
        };
        let netrc = |text: &Option<String>| {
            let (user, password) = netrc::lookup(text.as_deref()?, server.host())?;
            Some(Credentials::Basic { user, password })
        };
        let profile = || {
            let scope = self.profile.as_ref().filter(|scope| scope.has(server))?;
            of(&scope.servers).or_else(|| scope.credentials.clone()).or_else(|| netrc(&scope.netrc))
        };
        let env = || {
            self.env_servers.iter().any(|(s, _)| s.same_origin(server)).then_some(())?;
            of(&self.env_servers).or_else(|| self.env.clone())
        };
        let found = self.options.clone().or((in_url != Credentials::None).then_some(in_url));
        let found = found.or_else(|| netrc(&self.netrc));
        let found = if self.named { found.or_else(profile) } else { found.or_else(env).or_else(profile) };
        found.unwrap_or_default()
    }
}

impl ProfileScope {
    fn load(name: &str, env: Env) -> Result<ProfileScope, Error> {
        let Some(path) = profile::path(env) else {
            return Err(Error::Usage(format!(
                "profile `{name}`: neither ES_CONFIG nor HOME says where it is"
            )));
        };
        let profile = Profile::load(name, &path)?;
        let in_profile = |e: Error| Error::Usage(format!("profile `{name}`: {e}"));
        let servers = parse_all(&profile.url).map_err(in_profile)?;
        let headers = parse_headers(&profile.header).map_err(in_profile)?;
        let credentials = match (&profile.user, &profile.api_key, &profile.bearer) {
            (Some(user), _, _) => {
                let password = match (&profile.password, &profile.password_file) {
                    (Some(password), _) => password.clone(),
                    (None, Some(file)) => secrets::from_file(file).map_err(in_profile)?,
                    (None, None) => secrets::ask(user)?,
                };
                Some(Credentials::Basic { user: user.clone(), password })
            }
            (None, Some(key), _) => Some(Credentials::api_key(key.expose())),
            (None, None, Some(token)) => Some(Credentials::Bearer(token.clone())),
            (None, None, None) => from_files(profile.api_key_file.as_deref(), profile.bearer_file.as_deref())
                .map_err(in_profile)?,
        };
        let netrc = if profile.netrc { Some(read_netrc(env)?) } else { None };
        Ok(ProfileScope { profile, servers, credentials, headers, netrc })
    }
}

fn usage(e: TargetError) -> Error {
    Error::Usage(e.to_string())
}

fn parse_all(urls: &[String]) -> Result<Vec<(Server, Credentials)>, Error> {
    urls.iter().map(|url| Server::parse(url.trim()).map_err(usage)).collect()
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

fn from_files(api_key: Option<&Path>, bearer: Option<&Path>) -> Result<Option<Credentials>, Error> {
    Ok(match (api_key, bearer) {
        (Some(file), _) => Some(Credentials::api_key(secrets::from_file(file)?.expose())),
        (None, Some(file)) => Some(Credentials::Bearer(secrets::from_file(file)?)),
        (None, None) => None,
    })
}

fn env_credentials(env: Env) -> Result<Option<Credentials>, Error> {
    match (env("ES_API_KEY"), env("ES_USER"), env("ES_PASSWORD")) {
        (Some(_), Some(_), _) => Err(Error::Usage("both ES_API_KEY and ES_USER are set; one is sent".into())),
        (Some(key), None, _) => Ok(Some(Credentials::api_key(&key))),
        (None, Some(user), Some(password)) => {
            Ok(Some(Credentials::Basic { user, password: Secret::new(password) }))
        }
        (None, Some(_), None) => Err(Error::Usage("ES_USER is set and ES_PASSWORD is not".into())),
        (None, None, _) => Ok(None),
    }
}

fn read_netrc(env: Env) -> Result<String, Error> {
    let path = env("NETRC").or_else(|| env("HOME").map(|home| format!("{home}/.netrc")));
    let path =
        path.ok_or_else(|| Error::Usage("neither NETRC nor HOME says where the netrc file is".into()))?;
    secrets::private_text(Path::new(&path))
}

fn parse_headers(given: &[String]) -> Result<Vec<(String, Secret)>, Error> {
    let mut headers = Vec::new();
    for text in given {
        match text.strip_prefix('@') {
            None => headers.push(parse_header(text)?),
            Some(file) => {
                for line in secrets::private_text(Path::new(file))?.lines().filter(|l| !l.trim().is_empty()) {
                    headers.push(parse_header(line)?);
                }
            }
        }
    }
    Ok(headers)
}

/// The message has no more of it than its name, for the value may be secret.
fn parse_header(text: &str) -> Result<(String, Secret), Error> {
    let Some((name, value)) = text.split_once(':') else {
        return Err(Error::Usage("a header is written as 'Name: value'".into()));
    };
    let (name, value) = (name.trim(), value.trim());
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if name.is_empty() || !name.bytes().all(token) {
        return Err(Error::Usage("a header is written as 'Name: value'".into()));
    }
    if value.bytes().any(|b| (b < b' ' && b != b'\t') || b == 0x7f) {
        return Err(Error::Usage(format!("the value of the header {name} holds control characters")));
    }
    Ok((name.to_owned(), Secret::new(value)))
}

#[cfg(test)]
mod tests;
