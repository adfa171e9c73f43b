//! A refresh: what was written becomes visible to searches.

use super::error::Error;
use super::refusal::Refusal;
use crate::http::target::encode_index;
use crate::http::{Body, Call, Client, Repeat};

/// Refreshes what an index expression means.
///
/// # Errors
/// When the server does not do it.
pub fn refresh(client: &Client, expression: &str) -> Result<(), Error> {
    let path = format!("/{}/_refresh", encode_index(expression));
    let answer = client.call(&Call::post(&path, Body::None, Repeat::Safe))?;
    let (status, host) = (answer.status, answer.host.clone());
    let body = answer.bytes(1 << 20)?;
    match status {
        400.. => Err(Error::refused(format!("refreshing {expression}"), host, Refusal::parse(status, &body))),
        _ => Ok(()),
    }
}
