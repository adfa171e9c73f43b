//! What a server answered, as it comes in.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use super::error::Error;
use super::retry;
use super::wire::Incoming;

/// An answer whose head has come; reading it reads the body. A body that ends before it is whole is an error of
/// the read that meets it, never an end.
pub struct Answer {
    pub status: u16,
    pub host: Arc<str>,
    pub retry_after: Option<Duration>,
    pub content_type: Option<String>,
    incoming: Incoming,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

impl Answer {
    pub(super) fn new(incoming: Incoming) -> Answer {
        Answer {
            status: incoming.status,
            host: Arc::clone(&incoming.host),
            retry_after: incoming.retry_after,
            content_type: incoming.content_type.clone(),
            incoming,
        }
    }

    /// What a refusal says, in a few words, for those who will ask again.
    pub(super) fn why(self) -> String {
        let (status, host) = (self.status, Arc::clone(&self.host));
        // Nothing depends on it, so a body that is long or does not come is passed over.
        let reason = self.bytes(64 << 10).ok().and_then(|body| retry::reason(&body));
        format!("{host} answered {status}{}", reason.map_or(String::new(), |reason| format!(" {reason}")))
    }

    /// The whole body, of an answer that is small by its nature.
    ///
    /// # Errors
    /// When it is longer than `limit`, or does not come whole.
    pub fn bytes(mut self, limit: usize) -> Result<Vec<u8>, Error> {
        // With room from the start the first read takes what has come, and `-vv` shows it.
        let mut bytes = Vec::with_capacity(4 << 10);
        let host = Arc::clone(&self.host);
        let cap = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        (&mut self).take(cap).read_to_end(&mut bytes).map_err(|e| Error::of_read(&host, e))?;
        if bytes.len() > limit {
            return Err(Error::Answer { host, why: format!("it is longer than {limit} bytes") });
        }
        Ok(bytes)
    }
}

/// Errors hold an `http::Error`, which `Error::of_read` gives back.
impl Read for Answer {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.incoming.read(buf)
    }
}
