//! A JSON answer that is read as a stream: only a part of it is in memory.

use std::io::{self, Read};
use std::ops::{ControlFlow, Range};

use serde::Deserialize;

use super::broke::Broke;
use crate::record::hit::Hit;
use crate::record::scan::{self, Broken, MAX_DEPTH};

/// What a server holds is read, however deep: up to 7 they took documents of more than 1,000 levels.
const ANY_DEPTH: u32 = 1 << 30;
const REFILL: usize = 128 << 10;

/// The part of the answer that is in memory: `buf[at..end]` is read and not yet used.
pub(super) struct JsonStream<'b, R> {
    reader: R,
    buf: &'b mut Vec<u8>,
    at: usize,
    end: usize,
    /// Bytes of the answer before `buf[0]`.
    before: u64,
}

impl<'b, R: Read> JsonStream<'b, R> {
    pub(super) fn new(reader: R, buf: &'b mut Vec<u8>) -> JsonStream<'b, R> {
        buf.resize(buf.len().max(REFILL), 0);
        JsonStream { reader, buf, at: 0, end: 0, before: 0 }
    }

    /// How many bytes of the answer were used.
    pub(super) fn used(&self) -> u64 {
        self.before + self.at as u64
    }

    fn bytes(&self) -> &[u8] {
        &self.buf[..self.end]
    }

    /// Brings more bytes in. What is unused moves to the front; when that fills half of the buffer, it doubles, and
    /// at least as much again is read, so that a large hit is not scanned over and over.
    fn refill(&mut self) -> Result<(), Broke> {
        self.buf.copy_within(self.at..self.end, 0);
        self.before += self.at as u64;
        self.end -= self.at;
        self.at = 0;
        let wanted = if self.end > REFILL / 2 { self.end * 2 } else { self.end + 1 };
        if wanted + REFILL / 2 > self.buf.len() {
            self.buf.resize(wanted + REFILL, 0);
        }
        let before = self.end;
        while self.end < wanted {
            match self.reader.read(&mut self.buf[self.end..]) {
                Ok(0) if self.end > before => return Ok(()),
                Ok(0) => return Err(Broke::Short),
                Ok(n) => self.end += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(Broke::Read(e)),
            }
        }
        Ok(())
    }

    pub(super) fn drain(&mut self) -> Result<(), Broke> {
        loop {
            if scan::space_end(self.bytes(), self.at) < self.end {
                return Err(Broke::Malformed("something follows its end".into()));
            }
            match self.reader.read(self.buf) {
                Ok(0) => return Ok(()),
                Ok(n) => (self.at, self.end) = (0, n),
                Err(e) => return Err(Broke::Read(e)),
            }
        }
    }

    /// The next byte that is not white space, which is not used up.
    #[inline]
    fn token(&mut self) -> Result<u8, Broke> {
        loop {
            self.at = scan::space_end(self.bytes(), self.at);
            if self.at < self.end {
                return Ok(self.buf[self.at]);
            }
            self.refill()?;
        }
    }

    fn take(&mut self, wanted: u8) -> Result<(), Broke> {
        let found = self.token()?;
        if found != wanted {
            let (found, wanted) = (char::from(found).escape_default(), char::from(wanted));
            return Err(Broke::Malformed(format!("`{found}` where `{wanted}` should be")));
        }
        self.at += 1;
        Ok(())
    }

    /// The next value, which is used up; it stays in the buffer until the next call.
    pub(super) fn value(&mut self) -> Result<Range<usize>, Broke> {
        self.token()?;
        loop {
            match scan::value_end(self.bytes(), self.at, MAX_DEPTH) {
                Ok(end) => {
                    let start = std::mem::replace(&mut self.at, end);
                    return Ok(start..end);
                }
                Err(Broken::More) => self.refill()?,
                Err(broken) => return Err(Broke::Malformed(broken.to_string())),
            }
        }
    }

    pub(super) fn parse<T: for<'a> Deserialize<'a>>(&mut self) -> Result<T, Broke> {
        let range = self.value()?;
        serde_json::from_slice(&self.buf[range]).map_err(|e| Broke::Malformed(e.to_string()))
    }

    pub(super) fn object<K>(
        &mut self,
        key: fn(&[u8]) -> K,
        mut field: impl FnMut(&mut Self, K) -> Result<(), Broke>,
    ) -> Result<(), Broke> {
        self.take(b'{')?;
        if self.token()? == b'}' {
            return self.take(b'}');
        }
        loop {
            let name = self.value()?;
            let key = key(&self.buf[name.start + 1..name.end - 1]);
            self.take(b':')?;
            field(self, key)?;
            if self.token()? == b'}' {
                return self.take(b'}');
            }
            self.take(b',')?;
        }
    }

    pub(super) fn hits(&mut self, mut hit: impl FnMut(&Hit<'_>) -> ControlFlow<()>) -> Result<(), Broke> {
        self.take(b'[')?;
        if self.token()? == b']' {
            return self.take(b']');
        }
        loop {
            self.token()?;
            let end = loop {
                match Hit::scan(self.bytes(), self.at, ANY_DEPTH) {
                    Ok((found, end)) => match hit(&found) {
                        ControlFlow::Continue(()) => break end,
                        ControlFlow::Break(()) => return Err(Broke::Halted),
                    },
                    Err(Broken::More) => self.refill()?,
                    Err(broken) => return Err(Broke::Malformed(broken.to_string())),
                }
            };
            self.at = end;
            match self.token()? {
                b',' => self.at += 1,
                b']' => return self.take(b']'),
                _ => return self.take(b','),
            }
        }
    }
}
