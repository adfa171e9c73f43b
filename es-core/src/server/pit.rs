//! A point in time of an index or one of its shards: opened, kept alive while nobody reads from it, closed on every
//! way out.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::ask::{Held, ask};
use super::cursor::Session;
use super::error::Error;
use super::flavor::PitForm;
use crate::http::target::encode_index;
use crate::http::{self, Body, Call, Client, Method, Repeat};

/// How long a server may take to close a cursor while nobody waits for the end.
const CLOSING: Duration = Duration::from_secs(10);

/// An open point in time. Dropping it closes it on the server.
pub struct Pit<'a> {
    session: &'a Session<'a>,
    form: PitForm,
    kept: Arc<Mutex<Kept>>,
}

/// What the keeper knows of a point in time.
struct Kept {
    id: String,
    used: Instant,
    closed: bool,
}

#[derive(Deserialize)]
struct Opened {
    #[serde(alias = "pit_id")]
    id: String,
}

impl<'a> Pit<'a> {
    /// # Errors
    /// When the server has no points in time, refuses this one, or stays too busy for it.
    pub fn open(session: &'a Session<'a>, index: &str, shard: Option<u32>) -> Result<Pit<'a>, Error> {
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

    pub fn id(&self) -> String {
        lock(&self.kept).id.clone()
    }

    /// A search used it; its answer may name it anew.
    pub fn used(&self, id: Option<String>) {
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Renews the points in time from which nothing was read for a while: a reader whose output is blocked asks for
/// nothing, and the server would forget it.
#[derive(Default)]
pub struct Keeper {
    pits: Mutex<Vec<Arc<Mutex<Kept>>>>,
    over: Mutex<bool>,
    ended: Condvar,
}

impl Keeper {
    fn add(&self, pit: Arc<Mutex<Kept>>) {
        lock(&self.pits).push(pit);
    }

    /// Renews until [`end`](Self::end) is called: for a thread of its own.
    pub fn run(&self, client: &Client, keep_alive: &str, every: Duration) {
        let mut over = lock(&self.over);
        while !*over {
            over = self.ended.wait_timeout(over, every).unwrap_or_else(PoisonError::into_inner).0;
            if *over {
                return;
            }
            let mut pits = lock(&self.pits);
            pits.retain(|pit| !lock(pit).closed);
            let idle: Vec<_> = pits.iter().filter(|pit| lock(pit).used.elapsed() >= every).cloned().collect();
            drop(pits);
            for pit in idle {
                renew(client, &pit, keep_alive);
            }
        }
    }

    pub fn end(&self) {
        *lock(&self.over) = true;
        self.ended.notify_all();
    }
}

fn renew(client: &Client, pit: &Mutex<Kept>, keep_alive: &str) {
    let id = lock(pit).id.clone();
    let body = json!({
        "size": 0,
        "track_total_hits": false,
        "query": { "match_none": {} },
        "pit": { "id": id, "keep_alive": keep_alive },
    })
    .to_string();
    let call = Call::post("/_search", Body::Json(body.as_bytes()), Repeat::Safe);
    // If it fails, the next page finds out; there is nothing better to do here.
    let Ok(answer) = client.once(&call) else { return };
    let status = answer.status;
    log::debug!("renewed a point in time: {status}");
    let (Ok(body), 200) = (answer.bytes(1 << 20), status) else { return };
    let mut kept = lock(pit);
    // A page that came meanwhile knows better.
    if kept.id == id {
        kept.used = Instant::now();
        if let Ok(Opened { id }) = serde_json::from_slice(&body) {
            kept.id = id;
        }
    }
}
