//! Who we are, and towards whom: each source of credentials and headers (options, URLs, netrc, profile, environment)
//! with the servers that it is for.

use std::path::Path;

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
    pub(super) profile: Profile,
    servers: Vec<(Server, Credentials)>,
    credentials: Option<Credentials>,
    headers: Vec<(String, Secret)>,
    netrc: Option<String>,
}

impl ProfileScope {
    pub(super) fn has(&self, server: &Server) -> bool {
        self.servers.iter().any(|(mine, _)| mine.same_origin(server))
    }
}

impl Scopes {
    pub(super) fn new(conn: &Conn, env: Env) -> Result<Scopes, Error> {
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
            options: of_options(conn)?,
            headers: parse_headers(&conn.header)?,
            netrc: if conn.netrc { Some(read_netrc(env)?) } else { None },
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

/// What the options say of who we are; it holds for every server.
fn of_options(conn: &Conn) -> Result<Option<Credentials>, Error> {
    if let Some(user) = &conn.user {
        let (name, password) = match (user.split_once(':'), &conn.password_file) {
            (Some(_), Some(_)) => {
                return Err(Error::Usage("both --user and --password-file give a password".into()));
            }
            (Some((name, password)), None) => (name, Secret::new(password)),
            (None, Some(file)) => (user.as_str(), secrets::from_file(file)?),
            // Nothing is sent, so nothing is asked.
            (None, None) if conn.curl => (user.as_str(), Secret::new("")),
            (None, None) => (user.as_str(), secrets::ask(user)?),
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

fn read_netrc(env: Env) -> Result<String, Error> {
    let path = env("NETRC").or_else(|| env("HOME").map(|home| format!("{home}/.netrc")));
    let path =
        path.ok_or_else(|| Error::Usage("neither NETRC nor HOME says where the netrc file is".into()))?;
    secrets::private_text(Path::new(&path))
}
