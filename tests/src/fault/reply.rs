//! What the server answers, and how much of it arrives.

use std::io::{self, Write};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::wire::Head;

/// An answer. Built from a status and a body, then spoiled as the test likes.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub(crate) chunked: bool,
    pub(crate) end: Ending,
    pub(crate) held: Duration,
    /// Read only so much of the request's body before answering, and close after that.
    pub(crate) unread: Option<usize>,
    broken_gzip: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Whole,
    /// After so many bytes of the body, as encoded for the wire, the connection is closed.
    Cut(usize),
    /// The connection is closed without an answer.
    Closed,
    /// The connection is reset without an answer.
    Reset,
}

impl Reply {
    pub fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), kind.into())],
            body: body.into(),
            chunked: false,
            end: Ending::Whole,
            held: Duration::ZERO,
            unread: None,
            broken_gzip: false,
        }
    }

    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "application/json", body)
    }

    pub fn value(status: u16, body: &Value) -> Self {
        Self::json(status, body.to_string())
    }

    /// No body at all, as for 413.
    pub fn empty(status: u16) -> Self {
        let mut reply = Self::new(status, "", "");
        reply.headers.clear();
        reply
    }

    /// A server's error object.
    pub fn error(status: u16, kind: &str, reason: &str) -> Self {
        let cause = json!({"type": kind, "reason": reason});
        let error = json!({"root_cause": [cause], "type": kind, "reason": reason});
        Self::value(status, &json!({"error": error, "status": status}))
    }

    /// 429 for the whole request, as circuit breakers and indexing pressure give it.
    pub fn too_busy() -> Self {
        Self::error(429, "es_rejected_execution_exception", "rejected execution of coordinating operation")
    }

    pub fn unavailable() -> Self {
        Self::error(503, "cluster_block_exception", "blocked by: [SERVICE_UNAVAILABLE/2/no master];")
    }

    /// Missing or wrong credentials.
    pub fn unauthorized() -> Self {
        let reason = "missing authentication credentials for REST request";
        Self::error(401, "security_exception", reason).header("WWW-Authenticate", "Basic realm=\"security\"")
    }

    pub fn forbidden() -> Self {
        Self::error(
            403,
            "security_exception",
            "action [indices:data/read/search] is unauthorized for user [u]",
        )
    }

    /// A page of a proxy whose server is away.
    pub fn bad_gateway() -> Self {
        let page =
            "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n";
        Self::new(502, "text/html", page)
    }

    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, "text/html", "moved").header("Location", location)
    }

    /// The connection is closed without an answer.
    pub fn closed() -> Self {
        Self::empty(200).lost()
    }

    /// The connection is reset without an answer.
    pub fn reset() -> Self {
        let mut reply = Self::empty(200);
        reply.end = Ending::Reset;
        reply
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn retry_after(self, seconds: u32) -> Self {
        self.header("Retry-After", &seconds.to_string())
    }

    /// Sends the body in chunks, without `Content-Length`.
    pub fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// Only the first bytes of the body arrive.
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.end = Ending::Cut(bytes);
        self
    }

    /// Only half of the body arrives.
    pub fn cut_half(self) -> Self {
        let half = self.body.len() / 2;
        self.cut_after(half)
    }

    /// Nothing arrives: the connection is closed instead.
    pub fn lost(mut self) -> Self {
        self.end = Ending::Closed;
        self
    }

    /// Waits before the first byte.
    pub fn held(mut self, time: Duration) -> Self {
        self.held = time;
        self
    }

    /// Answers when only so many bytes of the request's body have been read, then closes.
    pub fn after_reading(mut self, bytes: usize) -> Self {
        self.unread = Some(bytes);
        self
    }

    /// Claims gzip, and breaks in the middle of it.
    pub fn broken_gzip(mut self) -> Self {
        self.broken_gzip = true;
        self
    }

    /// Writes what is to arrive. The connection can go on only after a whole answer.
    pub(crate) fn write(&self, request: &Head, out: &mut dyn Write) -> io::Result<()> {
        let limit = match self.end {
            Ending::Whole => usize::MAX,
            Ending::Cut(bytes) => bytes,
            Ending::Closed | Ending::Reset => return Ok(()),
        };
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, phrase(self.status));
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        let gzip = self.broken_gzip || (request.says("accept-encoding", "gzip") && !self.body.is_empty());
        let mut body = if gzip { gzipped(&self.body)? } else { self.body.clone() };
        if self.broken_gzip {
            let middle = body.len() / 2;
            body[middle..].fill(0xff);
        }
        if gzip {
            head += "content-encoding: gzip\r\n";
        }
        head += &match self.chunked {
            true => "transfer-encoding: chunked\r\n\r\n".to_owned(),
            false => format!("content-length: {}\r\n\r\n", body.len()),
        };
        out.write_all(head.as_bytes())?;
        let arrives = &body[..limit.min(body.len())];
        if request.method == "HEAD" {
        } else if self.chunked {
            for chunk in arrives.chunks(1000) {
                write!(out, "{:x}\r\n", chunk.len())?;
                out.write_all(chunk)?;
                out.write_all(b"\r\n")?;
            }
            if self.end == Ending::Whole {
                out.write_all(b"0\r\n\r\n")?;
            }
        } else {
            out.write_all(arrives)?;
        }
        out.flush()
    }
}

fn gzipped(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes)?;
    gzip.finish()
}

fn phrase(status: u16) -> &'static str {
    match status {
        200..=299 => "OK",
        300..=399 => "Moved",
        400..=499 => "Client Error",
        _ => "Server Error",
    }
}
