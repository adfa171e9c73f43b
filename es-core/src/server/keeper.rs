//! Keeps points in time alive while nobody reads from them.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use crate::http::{Body, Call, Client, Repeat};

/// What the keeper knows of a point in time.
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) used: Instant,
    pub(super) closed: bool,
}

/// The answer that names a point in time.
#[derive(Deserialize)]
pub(super) struct Opened {
    #[serde(alias = "pit_id")]
    pub(super) id: String,
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
    pub(super) fn add(&self, pit: Arc<Mutex<Kept>>) {
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

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
