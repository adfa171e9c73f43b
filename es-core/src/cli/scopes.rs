//! Who we are, and towards whom: each source of credentials and headers (options, URLs, netrc, profile, environment)
//! with the servers that it is for.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use super::conn::Conn;
use super::error::Error;
use super::header::parse_headers;
use super::profile::{self, Profile};
use super::{netrc, secrets};
use crate::http::{Credentials, Secret, Server, TargetError};

/// What the environment says, by name.
pub(super) type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Each source of credentials with the servers they are for.
pub(super) struct Scopes {
    options: Option<Credentials>,
    headers: Vec<(String, Secret)>,
    /// The text of the netrc file, where it was asked for.
    netrc: Option<String>,
    /// That of `-P`, or that of `ES_PROFILE`.
    pub(super) profile: Option<ProfileScope>,
    /// `-P` was given: the environment has no say.
    named: bool,
    env_servers: Vec<(Server, Credentials)>,
    env: Option<Credentials>,
}

pub(super) struct ProfileScope {
    name: String,
    pub(super) profile: Profile,
    servers: Vec<(Server, Credentials)>,
    headers: Vec<(String, Secret)>,
    netrc: Option<PathBuf>,
    /// Nothing is sent, so nothing is asked.
    shows: bool,
    /// Of user, key or token, once they were needed: a password may have to be typed.
    credentials: OnceCell<Option<Credentials>>,
}

impl Scopes {
    pub(super) fn new(conn: &Conn, env: Env) -> Result<Scopes, Error> {
        let named = conn.profile.is_some();
        let profile = match conn.profile.clone().or_else(|| env("ES_PROFILE")) {
            Some(name) => Some(ProfileScope::load(name, conn.curl, env)?),
            None => None,
        };
        let env_url = if named { None } else { env("ES_URL") };
        let env_url: Vec<String> =
            env_url.iter().flat_map(|urls| urls.split(',').map(str::to_owned)).collect();
        let env_servers = parse_all(&env_url).map_err(|e| Error::Usage(format!("ES_URL: {e}")))?;
        Ok(Scopes {
            options: of_options(conn)?,
            headers: parse_headers(&conn.header)?,
            netrc: if conn.netrc { Some(secrets::private_text(&netrc_path(env)?)?) } else { None },
            profile,
            named,
            env: if env_servers.is_empty() { None } else { env_credentials(env)? },
            env_servers,
        })
    }

    /// The servers for a target that names none; None where nothing else does either.
    pub(super) fn servers(&self, options: &[(Server, Credentials)]) -> Option<Vec<(Server, Credentials)>> {
        let profile = self.profile.as_ref().map_or(&[][..], |scope| &scope.servers);
        let order = if self.named { [options, profile, &[]] } else { [options, &self.env_servers, profile] };
        order.into_iter().find(|servers| !servers.is_empty()).map(<[_]>::to_vec)
    }

    /// All that is sent to this server and, except for what the options name, to no other.
    pub(super) fn headers(
        &self,
        server: &Server,
        in_url: Credentials,
    ) -> Result<Vec<(String, Secret)>, Error> {
        let is_who = |name: &str| name.eq_ignore_ascii_case("authorization");
        let mut headers = self.headers.clone();
        let mut who = self.before_profile(server, in_url);
        if let Some(scope) = self.profile.as_ref().filter(|scope| scope.has(server)) {
            let mine = |name: &str| self.headers.iter().any(|(mine, _)| mine.eq_ignore_ascii_case(name));
            let settled = |name: &str| mine(name) || is_who(name) && who.is_some();
            headers.extend(scope.headers.iter().filter(|(name, _)| !settled(name)).cloned());
            if who.is_none() && !headers.iter().any(|(name, _)| is_who(name)) {
                who = scope.credentials(server)?;
            }
        }
        if !headers.iter().any(|(name, _)| is_who(name)) {
            let value = who.and_then(|who| who.header());
            headers.extend(value.map(|value| ("authorization".to_owned(), value)));
        }
        Ok(headers)
    }

    /// Who we are by what comes before the profile.
    fn before_profile(&self, server: &Server, in_url: Credentials) -> Option<Credentials> {
        let env = || {
            self.env_servers.iter().any(|(s, _)| s.same_origin(server)).then_some(())?;
            in_urls(&self.env_servers, server).or_else(|| self.env.clone())
        };
        let found = self.options.clone().or((in_url != Credentials::None).then_some(in_url));
        let found = found.or_else(|| in_netrc(self.netrc.as_deref()?, server));
        if self.named { found } else { found.or_else(env) }
    }
}

impl ProfileScope {
    fn load(name: String, shows: bool, env: Env) -> Result<ProfileScope, Error> {
        let Some(path) = profile::path(env) else {
            return Err(Error::Usage(format!(
                "profile `{name}`: neither ES_CONFIG nor HOME says where it is"
            )));
        };
        let profile = Profile::load(&name, &path)?;
        let in_profile = |e| in_profile(&name, e);
        let servers = parse_all(&profile.url).map_err(in_profile)?;
        let headers = parse_headers(&profile.header).map_err(in_profile)?;
        let netrc = if profile.netrc { Some(netrc_path(env)?) } else { None };
        Ok(ProfileScope { name, profile, servers, headers, netrc, shows, credentials: OnceCell::new() })
    }

    pub(super) fn has(&self, server: &Server) -> bool {
        self.servers.iter().any(|(mine, _)| mine.same_origin(server))
    }

    /// Who the profile says we are to one of its servers.
    fn credentials(&self, server: &Server) -> Result<Option<Credentials>, Error> {
        if let Some(in_url) = in_urls(&self.servers, server) {
            return Ok(Some(in_url));
        }
        let named = match self.credentials.get() {
            Some(known) => known.clone(),
            None => {
                let named = self.named_credentials()?;
                self.credentials.get_or_init(|| named).clone()
            }
        };
        match (named, &self.netrc) {
            (None, Some(path)) => Ok(in_netrc(&secrets::private_text(path)?, server)),
            (named, _) => Ok(named),
        }
    }

    fn named_credentials(&self) -> Result<Option<Credentials>, Error> {
        let Profile { user, password, password_file, api_key, api_key_file, bearer, bearer_file, .. } =
            &self.profile;
        let in_profile = |e| in_profile(&self.name, e);
        Ok(match (user, api_key, bearer) {
            (Some(user), _, _) => {
                let password = match password {
                    Some(password) => password.clone(),
                    None => password_of(user, password_file.as_deref(), self.shows).map_err(in_profile)?,
                };
                Some(Credentials::Basic { user: user.clone(), password })
            }
            (None, Some(key), _) => Some(Credentials::api_key(key.expose())),
            (None, None, Some(token)) => Some(Credentials::Bearer(token.clone())),
            (None, None, None) => {
                from_files(api_key_file.as_deref(), bearer_file.as_deref()).map_err(in_profile)?
            }
        })
    }
}

fn in_profile(name: &str, e: Error) -> Error {
    Error::Usage(format!("profile `{name}`: {e}"))
}

/// The credentials that a list of URLs has for this server.
fn in_urls(servers: &[(Server, Credentials)], server: &Server) -> Option<Credentials> {
    let mut mine = servers.iter().filter(|(s, _)| s.same_origin(server)).map(|(_, who)| who.clone());
    mine.find(|who| *who != Credentials::None)
}

fn in_netrc(text: &str, server: &Server) -> Option<Credentials> {
    let (user, password) = netrc::lookup(text, server.host())?;
    Some(Credentials::Basic { user, password })
}

/// From the file, or from the terminal. Where nothing is sent, nothing is asked.
fn password_of(user: &str, file: Option<&Path>, shows: bool) -> Result<Secret, Error> {
    match file {
        Some(file) => secrets::from_file(file),
        None if shows => Ok(Secret::new("")),
        None => secrets::ask(user),
    }
}

/// What the options say of who we are; it holds for every server.
fn of_options(conn: &Conn) -> Result<Option<Credentials>, Error> {
    if let Some(user) = &conn.user {
        let (name, password) = match (user.split_once(':'), &conn.password_file) {
            (Some(_), Some(_)) => {
                return Err(Error::Usage("both --user and --password-file give a password".into()));
            }
            (Some((name, password)), None) => (name, Secret::new(password)),
            (None, file) => (user.as_str(), password_of(user, file.as_deref(), conn.curl)?),
        };
        return Ok(Some(Credentials::Basic { user: name.into(), password }));
    }
    from_files(conn.api_key_file.as_deref(), conn.bearer_file.as_deref())
}

pub(super) fn usage(e: TargetError) -> Error {
    Error::Usage(e.to_string())
}

pub(super) fn parse_all(urls: &[String]) -> Result<Vec<(Server, Credentials)>, Error> {
    urls.iter().map(|url| Server::parse(url.trim()).map_err(usage)).collect()
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

fn netrc_path(env: Env) -> Result<PathBuf, Error> {
    let path = env("NETRC").or_else(|| env("HOME").map(|home| format!("{home}/.netrc")));
    path.map(PathBuf::from)
        .ok_or_else(|| Error::Usage("neither NETRC nor HOME says where the netrc file is".into()))
}
