//! Profiles: named servers with their options, from the configuration file. An unknown key is an error, for a
//! misspelt option that does nothing is worse than one that stops.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::error::Error;
use super::secrets;
use crate::http::auth::readable_by_others;
use crate::http::{Secret, Server};
use crate::record::size;

/// What `[profile.NAME]` can hold: the connection options under their long names, and secrets.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    #[serde(deserialize_with = "one_or_many")]
    pub url: Vec<String>,
    pub user: Option<String>,
    #[serde(deserialize_with = "secret")]
    pub password: Option<Secret>,
    pub password_file: Option<PathBuf>,
    #[serde(deserialize_with = "secret")]
    pub api_key: Option<Secret>,
    pub api_key_file: Option<PathBuf>,
    #[serde(deserialize_with = "secret")]
    pub bearer: Option<Secret>,
    pub bearer_file: Option<PathBuf>,
    pub netrc: bool,
    #[serde(deserialize_with = "one_or_many")]
    pub header: Vec<String>,
    pub insecure: bool,
    pub cacert: Option<PathBuf>,
    pub cert: Option<PathBuf>,
    pub key: Option<PathBuf>,
    pub proxy: Option<String>,
    #[serde(deserialize_with = "time")]
    pub connect_timeout: Option<Duration>,
    #[serde(deserialize_with = "time")]
    pub request_timeout: Option<Duration>,
    #[serde(deserialize_with = "time")]
    pub retry_max_time: Option<Duration>,
    pub compressed: bool,
}

/// What `[job.NAME]` can hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Job {
    pub source: Option<String>,
    pub destination: Option<String>,
    pub repo: Option<String>,
    #[serde(deserialize_with = "one_or_many")]
    pub indices: Vec<String>,
    pub snapshot: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Config {
    profile: BTreeMap<String, Profile>,
    job: BTreeMap<String, Job>,
}

/// Where the configuration is, given the environment.
pub fn path(env: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    if let Some(path) = env("ES_CONFIG") {
        return Some(path.into());
    }
    let folder = env("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = folder.or_else(|| env("HOME").map(|home| Path::new(&home).join(".config")))?;
    Some(folder.join("es-tools/config.toml"))
}

impl Profile {
    /// # Errors
    /// When there is no such profile, or the file cannot be used.
    pub fn load(name: &str, path: &Path) -> Result<Profile, Error> {
        let mut config = read(path)?;
        let Some(mut profile) = config.profile.remove(name) else {
            let known: Vec<_> = config.profile.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(Error::Usage(format!("{} has no profile `{name}`; it has: {known}", path.display())));
        };
        let ways = [
            profile.user.is_some(),
            profile.api_key.is_some() || profile.api_key_file.is_some(),
            profile.bearer.is_some() || profile.bearer_file.is_some(),
        ];
        if ways.iter().filter(|way| **way).count() > 1 {
            return Err(Error::Usage(format!(
                "profile `{name}` has credentials of several kinds; one is sent"
            )));
        }
        if profile.url.is_empty() && (ways.contains(&true) || !profile.header.is_empty()) {
            return Err(Error::Usage(format!(
                "profile `{name}` has credentials and no `url` to send them to"
            )));
        }
        if (profile.password.is_some() || profile.password_file.is_some()) && profile.user.is_none() {
            return Err(Error::Usage(format!("profile `{name}` has a password and no `user`")));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let files = [
            &mut profile.password_file,
            &mut profile.api_key_file,
            &mut profile.bearer_file,
            &mut profile.cacert,
            &mut profile.cert,
            &mut profile.key,
        ];
        for file in files.into_iter().flatten() {
            *file = resolve(file, folder, std::env::var_os("HOME").map(PathBuf::from).as_deref());
        }
        Ok(profile)
    }

    fn holds_secret(&self) -> bool {
        let in_url = |url: &String| Server::parse(url).is_ok_and(|(_, who)| who.header().is_some());
        self.password.is_some()
            || self.api_key.is_some()
            || self.bearer.is_some()
            || !self.header.is_empty()
            || self.proxy.as_ref().is_some_and(|url| url.contains('@'))
            || self.url.iter().any(in_url)
    }
}

impl Job {
    /// # Errors
    /// When there is no such job, or the file cannot be used.
    pub fn load(name: &str, path: &Path) -> Result<Job, Error> {
        let missing = || Error::Usage(format!("{} has no job `{name}`", path.display()));
        read(path)?.job.remove(name).ok_or_else(missing)
    }
}

fn read(path: &Path) -> Result<Config, Error> {
    let wrong =
        |e: io::Error| Error::Usage(format!("the configuration {} cannot be read: {e}", path.display()));
    let mut file = File::open(path).map_err(wrong)?;
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(wrong)?;
    // The library's own message shows the line, and a password may stand in it.
    let config: Config = toml::from_str(&text).map_err(|e| {
        let line = e.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        Error::Usage(format!("{}, line {line}: {}", path.display(), e.message()))
    })?;
    let holds_secret = config.profile.values().any(Profile::holds_secret);
    if holds_secret && readable_by_others(&file).map_err(wrong)? {
        return Err(secrets::refused(path));
    }
    Ok(config)
}

/// Files are named from the folder of the configuration, or from home.
fn resolve(file: &Path, folder: &Path, home: Option<&Path>) -> PathBuf {
    match (file.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        (Ok(_), None) | (Err(_), _) => folder.join(file),
    }
}

/// Any value that is no text is refused without showing it.
fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
    match toml::Value::deserialize(from)? {
        toml::Value::String(text) => Ok(Some(Secret::new(text))),
        _ => Err(serde::de::Error::custom("a secret is a text in quotes")),
    }
}

fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(from)?;
    size::parse_time(&text).map(Some).map_err(serde::de::Error::custom)
}

fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    struct Texts;
    impl<'de> serde::de::Visitor<'de> for Texts {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a text or a list of texts")
        }

        fn visit_str<E>(self, text: &str) -> Result<Vec<String>, E> {
            Ok(vec![text.to_owned()])
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<String>, A::Error> {
            let mut texts = Vec::new();
            while let Some(text) = seq.next_element()? {
                texts.push(text);
            }
            Ok(texts)
        }
    }
    from.deserialize_any(Texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn load(mode: u32, text: &str) -> Result<Profile, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        Profile::load("prod", &path)
    }

    #[test]
    fn a_profile_is_read() {
        let text = "[profile.prod]\nurl = ['https://a', 'https://b']\nuser = 'u'\npassword = 'p'\n\
                    cacert = '/ca.pem'\nrequest_timeout = '90s'\ncompressed = true\n\
                    [profile.other]\nurl = 'http://c'\n[job.nightly]\nsource = 'prod'\nindices = 'a*'\n";
        let profile = load(0o600, text).unwrap();
        assert_eq!(profile.url, ["https://a", "https://b"]);
        assert_eq!(profile.password, Some(Secret::new("p")));
        assert_eq!(profile.request_timeout, Some(Duration::from_secs(90)));
        assert!(profile.compressed && !profile.insecure);
    }

    #[test]
    fn what_is_wrong_is_named_without_secrets() {
        let table = [
            (0o600, "[profile.prod]\nurls = 'http://a'", "line 2: unknown field `urls`"),
            (0o600, "[profiles.prod]", "unknown field `profiles`"),
            (0o600, "[profile.dev]\nurl = 'http://a'", "it has: dev"),
            (0o600, "[profile.prod]\nurl = 'http://a'\nuser = 'u'\npassword = 53537", "text in quotes"),
            (0o600, "[profile.prod]\nurl = 'http://a'\nuser = 'u'\npassword = \"53537", "line 4"),
            (0o600, "[profile.prod]\nuser = 'u'", "no `url`"),
            (0o600, "[profile.prod]\nurl = 'http://a'\npassword = '53537'", "no `user`"),
            (0o600, "[profile.prod]\nurl = 'http://a'\nuser = 'u'\napi_key = '53537'", "several kinds"),
            (0o600, "[profile.prod]\nrequest_timeout = 'soon'", "`soon` is not a time"),
            (0o644, "[profile.prod]\nurl = 'http://a'\nuser = 'u'\npassword = '53537'", "chmod 600"),
            (0o644, "[profile.prod]\nurl = 'http://u:53537@a'", "chmod 600"),
            (0o644, "[profile.prod]\n[profile.x]\nurl = 'http://a'\nbearer = '53537'", "chmod 600"),
        ];
        for (mode, text, why) in table {
            let message = load(mode, text).unwrap_err().to_string();
            assert!(message.contains(why), "{text}: {message}");
            assert!(!message.contains("53537"), "{message}");
        }
        assert!(load(0o644, "[profile.prod]\nurl = 'http://a'\nuser = 'u'\npassword_file = 'x'").is_ok());
    }

    #[test]
    fn the_place_of_the_configuration() {
        let at = |pairs: &[(&str, &str)]| {
            let pairs: BTreeMap<String, String> =
                pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            path(&|name| pairs.get(name).cloned()).map(|p| p.display().to_string())
        };
        assert_eq!(at(&[("ES_CONFIG", "x.toml"), ("HOME", "/h")]).unwrap(), "x.toml");
        assert_eq!(at(&[("XDG_CONFIG_HOME", "/c"), ("HOME", "/h")]).unwrap(), "/c/es-tools/config.toml");
        assert_eq!(at(&[("HOME", "/h")]).unwrap(), "/h/.config/es-tools/config.toml");
        assert_eq!(at(&[]), None);
        let folder = Path::new("/etc/es");
        assert_eq!(resolve(Path::new("pw"), folder, None), Path::new("/etc/es/pw"));
        assert_eq!(resolve(Path::new("~/pw"), folder, Some(Path::new("/h"))), Path::new("/h/pw"));
        assert_eq!(resolve(Path::new("/pw"), folder, None), Path::new("/pw"));
    }
}
