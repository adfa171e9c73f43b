//! Lists that some servers give no longer than so many entries (OpenSearch's `cat.*.response.limit` settings).

use std::sync::Arc;

use super::ask::first;
use super::error::Error;
use super::refusal::Refusal;
use crate::http::{self, Answer, Call, Client, retry};

/// What a refusal may take.
const REFUSAL: usize = 1 << 20;

/// An answer, or the refusal to give one that is so long: that one is for good, unlike others of its status, which are
/// asked again. `what` is what we were doing, for the messages.
///
/// # Errors
/// When no answer came.
pub fn uncapped(client: &Client, call: &Call, what: &str) -> Result<Result<Answer, Error>, http::Error> {
    let answer = first(client, call)?;
    if answer.status == 429 {
        let host = Arc::clone(&answer.host);
        let refusal = Refusal::parse(429, &answer.bytes(REFUSAL)?);
        if refusal.kind == "response_limit_breached_exception" || refusal.reason.contains("_list/") {
            return Ok(Err(Error::Refused { what: what.to_owned(), host, refusal }));
        }
        return Ok(Ok(client.call(call)?));
    }
    Ok(Ok(if retry::says_later(answer.status) { client.call(call)? } else { answer }))
}
