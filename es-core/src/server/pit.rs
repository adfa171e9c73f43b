//! A point in time of an index or one of its shards: opened, and closed on every way out.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;

use super::ask::{Held, ask};
use super::error::Error;
use super::flavor::PitForm;
use super::keeper::{Kept, Opened, lock};
use super::session::Session;
use crate::http::target::encode_index;
use crate::http::{self, Body, Call, Method, Repeat};

/// How long a server may take to close a cursor while nobody waits for the end.
const CLOSING: Duration = Duration::from_secs(10);

/// An open point in time. Dropping it closes it on the server.
pub(super) struct Pit<'a> {
    session: &'a Session<'a>,
    form: PitForm,
    kept: Arc<Mutex<Kept>>,
}

impl<'a> Pit<'a> {
    /// # Errors
    /// When the server has no points in time, refuses this one, or stays too busy for it.
    pub(super) fn open(session: &'a Session<'a>, index: &str, shard: Option<u32>) -> Result<Pit<'a>, Error> {
        let place = shard.map_or_else(|| index.to_owned(), |shard| format!("[{index}][{shard}]"));
        let what = format!("opening a point in time of {place}");
        let form = session.flavor.pit().ok_or_else(|| Error::CursorLost {
            what: what.clone(),
            why: format!("{} has none", session.flavor.name()),
        })?;
        let (path, partial) = match form {
            PitForm::Elasticsearch => ("_pit", ""),
            PitForm::OpenSearch => ("_search/point_in_time", "&allow_partial_pit_creation=false"),
        };
        let shard = shard.map(|n| format!("&preference=_shards%3A{n}")).unwrap_or_default();
        let path =
            format!("/{}/{path}?keep_alive={}{partial}{shard}", encode_index(index), session.pit_opening);
        let call = Call::post(&path, Body::None, Repeat::Safe);
        let Opened { id } = ask(session.client, &call, Held::One, &what)?;
        let kept = Arc::new(Mutex::new(Kept { id, used: Instant::now(), closed: false }));
        session.keeper.add(Arc::clone(&kept));
        Ok(Pit { session, form, kept })
    }

    pub(super) fn id(&self) -> String {
        lock(&self.kept).id.clone()
    }

    /// A search used it; its answer may name it anew.
    pub(super) fn used(&self, id: Option<String>) {
        let mut kept = lock(&self.kept);
        kept.used = Instant::now();
        if let Some(id) = id {
            kept.id = id;
        }
    }
}

impl Drop for Pit<'_> {
    fn drop(&mut self) {
        lock(&self.kept).closed = true;
        let id = self.id();
        let (path, body) = match self.form {
            PitForm::Elasticsearch => ("/_pit", json!({ "id": id })),
            PitForm::OpenSearch => ("/_search/point_in_time", json!({ "pit_id": [id] })),
        };
        close(self.session, path, &body);
    }
}

/// Closes a cursor; that it is gone already is as good. What cannot be closed now ends with its keep-alive. A run that
/// goes on leaves a busy server some time; one that is stopped has none.
pub(super) fn close(session: &Session<'_>, path: &str, body: &serde_json::Value) {
    let body = body.to_string();
    let call = |timeout| Call {
        method: Method::Delete,
        path,
        body: Body::Json(body.as_bytes()),
        repeat: Repeat::Safe,
        timeout,
    };
    let mut outcome = Err(http::Error::Stopped);
    if !session.stop.requested() {
        outcome = session.client.once(&call(Some(CLOSING)));
    }
    if outcome.is_err() {
        outcome = session.closer.once(&call(None));
    }
    match outcome.map(|answer| answer.status) {
        Ok(200 | 404) => {}
        Ok(status) => log::warn!("a cursor stays open until its keep-alive ends: {path} answered {status}"),
        Err(e) => log::warn!("a cursor stays open until its keep-alive ends: {e}"),
    }
}
