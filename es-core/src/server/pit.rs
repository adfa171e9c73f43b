//! A point in time of an index or one of its shards: opened, kept alive while nobody reads from it, closed on every
//! way out.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::cursor::Session;
use super::error::Error;
use super::flavor::PitForm;
use super::refusal::Refusal;
use crate::http::target::encode_index;
use crate::http::{Body, Call, Client, Method, Repeat};

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
        let what = format!("opening a point in time of {index}");
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
            format!("/{}/{path}?keep_alive={}{partial}{shard}", encode_index(index), session.pit_keep_alive);
        let answer = session.client.call(&Call::post(&path, Body::None, Repeat::Safe))?;
        let (status, host) = (answer.status, answer.host.clone());
        let body = answer.bytes(16 << 20)?;
        if status != 200 {
            return Err(Error::refused(what, host, Refusal::parse(status, &body)));
        }
        let Opened { id } = serde_json::from_slice(&body).map_err(|e| Error::Unreadable {
            what,
            host,
            why: e.to_string(),
        })?;
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
        let mut kept = lock(&self.kept);
        kept.closed = true;
        let (path, body) = match self.form {
            PitForm::Elasticsearch => ("/_pit", json!({ "id": kept.id })),
            PitForm::OpenSearch => ("/_search/point_in_time", json!({ "pit_id": [kept.id] })),
        };
        close(&self.session.closer, path, &body);
    }
}

/// Closes a cursor; that it is gone already is as good. What cannot be closed now ends with its keep-alive.
pub(super) fn close(closer: &Client, path: &str, body: &serde_json::Value) {
    let body = body.to_string();
    let call = Call {
        method: Method::Delete,
        path,
        body: Body::Json(body.as_bytes()),
        repeat: Repeat::Safe,
        timeout: None,
    };
    match closer.call(&call).map(|answer| answer.status) {
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
    if let Ok(answer) = client.once(&call) {
        log::debug!("renewed a point in time: {}", answer.status);
        if answer.status == 200 {
            lock(pit).used = Instant::now();
        }
        let _ = answer.bytes(1 << 20);
    }
}
