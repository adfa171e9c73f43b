//! A request as it comes over the wire: the head first, the body only when somebody asks for it, because
//! some faults happen while the client still sends.

use std::io::{self, BufRead, Read, Write};
use std::ops::Deref;

use flate2::read::GzDecoder;
use serde_json::Value;

/// A stream that is read and written: plain or TLS.
pub(crate) trait Wire: Read + Write + Send {}
impl<T: Read + Write + Send> Wire for T {}

/// Request line and headers.
#[derive(Clone, Debug)]
pub struct Head {
    pub method: String,
    /// As sent, without the query.
    pub path: String,
    /// The path's parts, decoded.
    pub parts: Vec<String>,
    /// Decoded.
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// Reads a head. `None` when the client closed the connection between requests.
    pub(crate) fn read(stream: &mut impl BufRead) -> io::Result<Option<Self>> {
        let line = line(stream)?;
        if line.is_empty() {
            return Ok(None);
        }
        let mut words = line.split(' ');
        let (Some(method), Some(target), Some("HTTP/1.1")) = (words.next(), words.next(), words.next())
        else {
            return Err(broken(&format!("request line {line:?}")));
        };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = Vec::new();
        loop {
            let line = self::line(stream)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| broken(&format!("header {line:?}")))?;
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        Ok(Some(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            parts: path.split('/').filter(|p| !p.is_empty()).map(decoded).collect(),
            query: query
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(key, value)| (decoded(key), decoded(value)))
                .collect(),
            headers,
        }))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What `Content-Length` announces.
    pub fn length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }

    pub(crate) fn says(&self, name: &str, token: &str) -> bool {
        self.header(name).is_some_and(|value| value.to_ascii_lowercase().contains(token))
    }
}

/// A whole request.
#[derive(Clone, Debug)]
pub struct Request {
    pub head: Head,
    /// As sent.
    pub raw: Vec<u8>,
    /// Without its content encoding.
    pub body: Vec<u8>,
}

impl Request {
    /// A request of which only the head has been read.
    pub(crate) fn unread(head: Head) -> Self {
        Self { head, raw: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn new(head: Head, raw: Vec<u8>) -> io::Result<Self> {
        let mut body = Vec::new();
        if head.says("content-encoding", "gzip") {
            GzDecoder::new(&raw[..]).read_to_end(&mut body)?;
        } else {
            body.clone_from(&raw);
        }
        Ok(Self { head, raw, body })
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn has(&self, text: &str) -> bool {
        self.body.windows(text.len()).any(|window| window == text.as_bytes())
    }
}

impl Deref for Request {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

/// The body of a request that has not been read.
pub(crate) struct Upload<'a> {
    stream: &'a mut dyn BufStream,
    length: Option<usize>,
    chunked: bool,
    /// The client waits for `100 Continue` before it sends.
    waits: bool,
    pub(crate) consumed: bool,
}

/// What a connection reads requests from.
pub(crate) trait BufStream: BufRead {
    fn writer(&mut self) -> &mut dyn Write;
}

impl BufStream for io::BufReader<Box<dyn Wire>> {
    fn writer(&mut self) -> &mut dyn Write {
        self.get_mut()
    }
}

impl<'a> Upload<'a> {
    pub(crate) fn new(head: &Head, stream: &'a mut dyn BufStream) -> Self {
        let (length, chunked) = (head.length(), head.says("transfer-encoding", "chunked"));
        let consumed = !chunked && length.unwrap_or(0) == 0;
        Self { stream, length, chunked, waits: head.says("expect", "100-continue"), consumed }
    }

    pub(crate) fn read_all(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if self.consumed {
            return Ok(body);
        }
        self.go_on()?;
        if self.chunked {
            loop {
                let line = line(self.stream)?;
                let size = line.split(';').next().and_then(|s| usize::from_str_radix(s.trim(), 16).ok());
                let size = size.ok_or_else(|| broken(&format!("chunk size {line:?}")))?;
                self.exactly(size, &mut body)?;
                let end = self::line(self.stream)?;
                if !end.is_empty() {
                    return Err(broken("a chunk or trailer that does not end"));
                }
                if size == 0 {
                    break;
                }
            }
        } else {
            self.exactly(self.length.unwrap_or(0), &mut body)?;
        }
        self.consumed = true;
        Ok(body)
    }

    /// Reads this many bytes of what is sent and leaves the rest.
    pub(crate) fn read_some(&mut self, n: usize) -> io::Result<()> {
        if self.consumed {
            return Ok(());
        }
        self.go_on()?;
        self.exactly(n.min(self.length.unwrap_or(n)), &mut Vec::new())
    }

    fn go_on(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.waits) {
            self.stream.writer().write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            self.stream.writer().flush()?;
        }
        Ok(())
    }

    fn exactly(&mut self, n: usize, body: &mut Vec<u8>) -> io::Result<()> {
        let read = self.stream.take(n as u64).read_to_end(body)?;
        if read < n { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

fn line(stream: &mut (impl BufRead + ?Sized)) -> io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not HTTP as expected: {what}"))
}

/// Undoes percent encoding. A `+` stays: our tools must not rely on it meaning a blank.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let hex = |b: &u8| char::from(*b).to_digit(16);
        match (first, tail) {
            (b'%', [high, low, tail @ ..]) if hex(high).is_some() && hex(low).is_some() => {
                let (high, low) = (hex(high).unwrap_or(0), hex(low).unwrap_or(0));
                bytes.push((high * 16 + low) as u8);
                rest = tail;
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
