//! A refresh: what was written becomes visible to searches.

use serde::Deserialize;

use super::ask::{Held, ask};
use super::error::Error;
use super::head::Shards;
use crate::http::target::encode_index;
use crate::http::{Body, Call, Client, Repeat};

#[derive(Deserialize)]
struct Refreshed {
    #[serde(rename = "_shards")]
    shards: Option<Shards>,
}

/// Refreshes what an index expression means.
///
/// # Errors
/// When the server does not do it, or shards of it fail. Copies that are not there have nothing to refresh.
pub fn refresh(client: &Client, expression: &str) -> Result<(), Error> {
    let path = format!("/{}/_refresh", encode_index(expression));
    let what = format!("refreshing {expression}");
    let refreshed: Refreshed = ask(client, &Call::post(&path, Body::None, Repeat::Safe), Held::Done, &what)?;
    match refreshed.shards.and_then(|shards| shards.failed()) {
        Some(trouble) => Err(Error::Partial { what, host: client.host(), trouble }),
        None => Ok(()),
    }
}
