//! One cluster, as the commands ask it: JSON there and back.

use std::cell::OnceCell;
use std::time::Duration;

use es_core::cli::{Conn, Report, Signals};
use es_core::http::target::encode_segment;
use es_core::http::{Body, Call, Client, Method, retry::Repeat};
use es_core::record::Stop;
use es_core::server::{Flavor, Held, ask};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::deadline::Deadline;
use crate::error::Error;

/// How long is tried to put back what was changed. A second signal ends it.
const CLEANING: Duration = Duration::from_secs(60);

/// What the whole process has one of.
#[derive(Clone, Copy)]
pub(crate) struct Shell<'a> {
    pub(crate) report: &'a Report,
    pub(crate) stop: &'a Stop,
    pub(crate) signals: &'a Signals,
}

pub(crate) struct Cluster<'a> {
    pub(crate) client: Client,
    pub(crate) shell: Shell<'a>,
    /// The repository as it is to be typed, so that this cluster is meant: for commands that we tell to type.
    pub(crate) place: String,
    flavor: OnceCell<Flavor>,
}

impl<'a> Cluster<'a> {
    /// The cluster that `conn` says, and the one repository that `typed` names in it: `typed` may be a URL.
    pub(crate) fn open(conn: &Conn, typed: &str, shell: Shell<'a>) -> Result<(Cluster<'a>, String), Error> {
        let (cluster, name) = Cluster::open_any(conn, typed, shell)?;
        if name.is_empty() {
            let example = "as in http://localhost:9200/backups";
            return Err(Error::usage(format!(
                "REPO names a server and no repository; write both, {example}"
            )));
        }
        // The server would take it for many.
        if name == "_all" || name.contains(['*', ',']) {
            return Err(Error::usage(format!(
                "`{name}` is a pattern or a list; one repository is meant here"
            )));
        }
        Ok((cluster, name))
    }

    /// The cluster, and what is named in it, which may be nothing or a pattern.
    pub(crate) fn open_any(
        conn: &Conn,
        typed: &str,
        shell: Shell<'a>,
    ) -> Result<(Cluster<'a>, String), Error> {
        let (client, name) = conn.open(Some(typed), shell.stop, 1)?;
        shell.signals.cuts(&client);
        let place = match &conn.profile {
            // A URL as it was typed may hold a password.
            _ if typed.contains("://") || !conn.url.is_empty() => format!("{}/{name}", client.host()),
            Some(profile) => format!("-P {profile} {name}"),
            None => name.clone(),
        };
        Ok((Cluster { client, shell, place, flavor: OnceCell::new() }, name))
    }

    /// A cluster of its own for what must be put back on every way out: no signal and no stop reaches it.
    pub(crate) fn closer(&self) -> Result<Cluster<'a>, Error> {
        let (client, place) = (self.client.cleaner(CLEANING)?, self.place.clone());
        Ok(Cluster { client, shell: self.shell, place, flavor: self.flavor.clone() })
    }

    /// The same for what is waited for: it is tried again as long as there is time.
    pub(crate) fn until(&self, deadline: &Deadline<'_>) -> Cluster<'a> {
        let client = deadline.end().map_or_else(|| self.client.clone(), |end| self.client.until(end));
        Cluster { client, shell: self.shell, place: self.place.clone(), flavor: self.flavor.clone() }
    }

    /// What the server is; asked once.
    pub(crate) fn flavor(&self) -> Result<&Flavor, Error> {
        if let Some(flavor) = self.flavor.get() {
            return Ok(flavor);
        }
        let flavor = Flavor::ask(&self.client)?;
        flavor.warn_if_assumed();
        Ok(self.flavor.get_or_init(|| flavor))
    }

    /// `what` is what we were doing, for the messages.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str, what: &str) -> Result<T, Error> {
        Ok(ask(&self.client, &Call::get(path), Held::List, what)?)
    }

    /// A request that changes something. `repeat` says whether it may reach the server twice.
    pub(crate) fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        repeat: Repeat,
        what: &str,
    ) -> Result<T, Error> {
        let text = body.map(Value::to_string);
        let body = text.as_ref().map_or(Body::None, |text| Body::Json(text.as_bytes()));
        Ok(ask(&self.client, &Call { method, path, body, repeat, timeout: None }, Held::One, what)?)
    }
}

/// `/_snapshot/REPOSITORY/SNAPSHOT`, each encoded.
pub(crate) fn snapshot_path(repository: &str, name: &str) -> String {
    format!("/_snapshot/{}/{}", encode_segment(repository), encode_segment(name))
}
