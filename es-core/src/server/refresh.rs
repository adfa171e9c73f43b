//! A refresh: what was written becomes visible to searches.

use serde::de::IgnoredAny;

use super::ask::{Held, ask};
use super::error::Error;
use crate::http::target::encode_index;
use crate::http::{Body, Call, Client, Repeat};

/// Refreshes what an index expression means.
///
/// # Errors
/// When the server does not do it.
pub fn refresh(client: &Client, expression: &str) -> Result<(), Error> {
    let path = format!("/{}/_refresh", encode_index(expression));
    let what = format!("refreshing {expression}");
    ask::<IgnoredAny>(client, &Call::post(&path, Body::None, Repeat::Safe), Held::Done, &what)?;
    Ok(())
}
