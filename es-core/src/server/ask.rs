//! One question, one JSON answer that is held whole: control requests, never documents.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::error::Error;
use super::refusal::Refusal;
use crate::http::{Call, Client};

/// The longest such answers are lists of tens of thousands of snapshots, with the indices of each.
const HELD: usize = 512 << 20;

/// Sends `call` and reads what comes; `what` is what we were doing, for the messages.
///
/// # Errors
/// When no answer came, it says no (400 and above), or it is not what was expected.
pub fn ask<T: DeserializeOwned>(client: &Client, call: &Call, what: &str) -> Result<T, Error> {
    let answer = client.call(call)?;
    let (status, host) = (answer.status, Arc::clone(&answer.host));
    let body = answer.bytes(HELD)?;
    if status >= 400 {
        return Err(Error::refused(what, host, Refusal::parse(status, &body)));
    }
    serde_json::from_slice(&body).map_err(|e| Error::Unreadable {
        what: what.to_owned(),
        host,
        why: e.to_string(),
    })
}
