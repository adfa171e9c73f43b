//! A search answer read as a stream: its hits one by one, and what it says about itself. Nothing is held but a
//! buffer of 128 KB, or one hit if that is larger.

use std::io::{self, Read};
use std::ops::{ControlFlow, Range};

use serde::Deserialize;

use crate::record::hit::Hit;
use crate::record::scan::{self, Broken, MAX_DEPTH};

/// What a server holds is read, however deep: up to 7 they took documents of more than 1,000 levels.
const ANY_DEPTH: u32 = 1 << 30;
const REFILL: usize = 128 << 10;

/// What a page says besides its hits.
#[derive(Debug, Default)]
pub struct Head {
    pub timed_out: Option<bool>,
    pub shards: Option<Shards>,
    /// The scroll or point in time to go on with.
    pub cursor: Option<String>,
    /// How many documents the search has in all, where it was counted.
    pub total: Option<u64>,
    pub hits: u64,
    pub bytes: u64,
}

/// The `_shards` of an answer.
#[derive(Debug, Deserialize)]
pub struct Shards {
    pub total: u64,
    pub successful: u64,
    #[serde(default)]
    pub skipped: u64,
    pub failed: u64,
    #[serde(default)]
    failures: Vec<Failure>,
}

#[derive(Debug, Deserialize)]
struct Failure {
    index: Option<String>,
    shard: Option<i64>,
    #[serde(default)]
    reason: serde_json::Value,
}

impl Head {
    /// Whether what a search has to say of itself before its hits was said.
    pub fn is_judged(&self) -> bool {
        self.timed_out.is_some() && self.shards.is_some()
    }

    /// What makes this page less than it should be. `shards`: how many the first page was from.
    ///
    /// A lost shard is told in one of two ways: it failed, or there are fewer of them than before. A page of a red
    /// index has no failure, just fewer successes.
    pub fn trouble(&self, shards: Option<u64>) -> Option<String> {
        if self.timed_out == Some(true) {
            return Some("a search that timed out".into());
        }
        let now = self.shards.as_ref()?;
        let told = now.failures.first().map(Failure::text).unwrap_or_default();
        if now.failed > 0 {
            return Some(format!("{} of {} shards failed{told}", now.failed, now.total));
        }
        if now.successful + now.skipped < now.total {
            return Some(format!("{} of {} shards missing{told}", now.total - now.successful, now.total));
        }
        match shards {
            Some(first) if now.total < first => Some(format!("{} of {first} shards gone", first - now.total)),
            Some(_) | None => None,
        }
    }
}

impl Failure {
    fn text(&self) -> String {
        let refusal = super::refusal::Refusal::of_error(0, &self.reason);
        let place = match (&self.index, self.shard) {
            (Some(index), Some(shard)) => format!("[{index}][{shard}]"),
            (_, Some(shard)) => format!("[{shard}]"),
            (_, None) => "one".to_owned(),
        };
        format!(": {place} {}: {}", refusal.kind, refusal.reason)
    }
}

/// Why a page was not read to its end.
#[derive(Debug)]
pub enum Broke {
    /// The connection: what was given so far is sound, if the head was judged.
    Read(io::Error),
    /// The answer ends in the middle though the connection says it is whole.
    Short,
    /// It is not what a search answers.
    Malformed(String),
    /// The head says that this page is less than it should be; no hit was given.
    Trouble(String),
    /// The same, found after hits were given.
    LateTrouble(String),
    /// Whoever takes the hits wants no more.
    Halted,
}

/// The buffer pages are read through, kept from page to page.
#[derive(Debug, Default)]
pub struct PageBuffer(Vec<u8>);

impl PageBuffer {
    /// Reads an answer and gives its hits to `take` as they come. `shards` as for [`Head::trouble`]. `head` is
    /// filled as far as the answer goes, whatever becomes of it.
    ///
    /// # Errors
    /// See [`Broke`].
    pub fn read(
        &mut self,
        answer: impl Read,
        shards: Option<u64>,
        head: &mut Head,
        take: &mut dyn FnMut(&Hit<'_>) -> ControlFlow<()>,
    ) -> Result<(), Broke> {
        self.0.resize(self.0.len().max(REFILL), 0);
        let mut window = Window { reader: answer, buf: &mut self.0, at: 0, end: 0, before: 0 };
        let read = walk(&mut window, shards, head, take);
        head.bytes = window.before + window.at as u64;
        read?;
        // Reading to the end frees the connection for the next page, and finds an answer that was cut after it.
        window.drain()?;
        match head.trouble(shards) {
            Some(trouble) if head.hits == 0 => Err(Broke::Trouble(trouble)),
            Some(trouble) => Err(Broke::LateTrouble(trouble)),
            None => Ok(()),
        }
    }
}

fn walk<R: Read>(
    window: &mut Window<'_, R>,
    shards: Option<u64>,
    head: &mut Head,
    take: &mut dyn FnMut(&Hit<'_>) -> ControlFlow<()>,
) -> Result<(), Broke> {
    window.object(|window, key| {
        match key {
            Key::Hits => return hits(window, shards, head, take),
            Key::Shards => head.shards = Some(window.parse()?),
            Key::TimedOut => head.timed_out = Some(window.parse()?),
            Key::Cursor => head.cursor = Some(window.parse()?),
            Key::Total | Key::Other => {
                window.value()?;
            }
        }
        Ok(())
    })
}

fn hits<R: Read>(
    window: &mut Window<'_, R>,
    shards: Option<u64>,
    head: &mut Head,
    take: &mut dyn FnMut(&Hit<'_>) -> ControlFlow<()>,
) -> Result<(), Broke> {
    window.object(|window, key| match key {
        Key::Total => {
            head.total = Some(match window.parse()? {
                Total::Number(value) | Total::Object { value } => value,
            });
            Ok(())
        }
        Key::Hits => {
            if head.is_judged()
                && let Some(trouble) = head.trouble(shards)
            {
                return Err(Broke::Trouble(trouble));
            }
            window.array(|hit| {
                head.hits += 1;
                take(hit)
            })
        }
        Key::Shards | Key::TimedOut | Key::Cursor | Key::Other => {
            window.value()?;
            Ok(())
        }
    })
}

/// A number up to 6.x, an object since.
#[derive(Deserialize)]
#[serde(untagged)]
enum Total {
    Number(u64),
    Object { value: u64 },
}

#[derive(Clone, Copy)]
enum Key {
    Hits,
    Shards,
    TimedOut,
    Cursor,
    Total,
    Other,
}

impl Key {
    fn of(name: &[u8]) -> Key {
        match name {
            b"hits" => Key::Hits,
            b"_shards" => Key::Shards,
            b"timed_out" => Key::TimedOut,
            b"pit_id" | b"_scroll_id" => Key::Cursor,
            b"total" => Key::Total,
            _ => Key::Other,
        }
    }
}

/// The part of the answer that is in memory: `buf[at..end]` is read and not yet used.
struct Window<'b, R> {
    reader: R,
    buf: &'b mut Vec<u8>,
    at: usize,
    end: usize,
    /// Bytes of the answer before `buf[0]`.
    before: u64,
}

impl<R: Read> Window<'_, R> {
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

    fn drain(&mut self) -> Result<(), Broke> {
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
    fn value(&mut self) -> Result<Range<usize>, Broke> {
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

    fn parse<T: for<'a> Deserialize<'a>>(&mut self) -> Result<T, Broke> {
        let range = self.value()?;
        serde_json::from_slice(&self.buf[range]).map_err(|e| Broke::Malformed(e.to_string()))
    }

    fn object(&mut self, mut field: impl FnMut(&mut Self, Key) -> Result<(), Broke>) -> Result<(), Broke> {
        self.take(b'{')?;
        if self.token()? == b'}' {
            return self.take(b'}');
        }
        loop {
            let name = self.value()?;
            let key = Key::of(&self.buf[name.start + 1..name.end - 1]);
            self.take(b':')?;
            field(self, key)?;
            if self.token()? == b'}' {
                return self.take(b'}');
            }
            self.take(b',')?;
        }
    }

    fn array(&mut self, mut hit: impl FnMut(&Hit<'_>) -> ControlFlow<()>) -> Result<(), Broke> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, whatever is asked for.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(buf.len());
            buf[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn read(text: &str, step: usize, shards: Option<u64>) -> (Vec<String>, Head, Result<(), Broke>) {
        let (mut ids, mut head) = (Vec::new(), Head::default());
        let result =
            PageBuffer::default().read(Trickle(text.as_bytes(), step), shards, &mut head, &mut |hit| {
                ids.push(String::from_utf8(hit.id.unwrap().to_vec()).unwrap());
                ControlFlow::Continue(())
            });
        (ids, head, result)
    }

    fn answer(shards: &str, hits: &str) -> String {
        format!(
            "{{\"pit_id\":\"p\\u0041\",\"took\":1,\"timed_out\":false,\"_shards\":{shards}, \"hits\" : {{\"total\":\
             {{\"value\":2,\"relation\":\"eq\"}},\"max_score\":null,\"hits\":[{hits}]}}}}\n"
        )
    }

    const GOOD: &str = r#"{"total":1,"successful":1,"skipped":0,"failed":0}"#;
    const TWO: &str = r#"{"_id":"1","_source":{"a":[{}]}} , {"_id":"2","_source":{},"sort":[5]}"#;

    #[test]
    fn hits_and_head_are_read_however_the_bytes_come() {
        for step in [1, 2, 7, 1000] {
            let (ids, head, result) = read(&answer(GOOD, TWO), step, Some(1));
            result.unwrap();
            assert_eq!(ids, ["\"1\"", "\"2\""]);
            assert_eq!((head.total, head.cursor.as_deref(), head.hits), (Some(2), Some("pA"), 2));
        }
        assert!(read(&answer(GOOD, ""), 3, None).0.is_empty());
        assert_eq!(read(r#"{"hits":{"total":7,"hits":[]}}"#, 3, None).1.total, Some(7));
    }

    #[test]
    fn a_page_that_is_cut_is_never_a_short_page() {
        let whole = answer(GOOD, TWO);
        for cut in 0..whole.len() - 1 {
            let (_, _, result) = read(&whole[..cut], 64, None);
            assert!(matches!(result, Err(Broke::Short)), "cut at {cut}");
        }
    }

    #[test]
    fn trouble_is_found_before_the_first_hit() {
        let failed = r#"{"total":3,"successful":2,"failed":1,"failures":[{"shard":1,"index":"i","reason":{"type":"t","reason":"r"}}]}"#;
        let red = r#"{"total":3,"successful":2,"skipped":0,"failed":0}"#;
        for (shards, first, text) in [
            (failed, None, "1 of 3 shards failed: [i][1] t: r"),
            (red, None, "1 of 3 shards missing"),
            (GOOD, Some(3), "2 of 3 shards gone"),
        ] {
            let (ids, _, result) = read(&answer(shards, TWO), 1000, first);
            let Err(Broke::Trouble(trouble)) = result else { panic!("{result:?}") };
            assert_eq!((ids.len(), &trouble[..]), (0, text));
        }
        let timed_out = answer(GOOD, TWO).replace("\"timed_out\":false", "\"timed_out\":true");
        assert!(matches!(read(&timed_out, 9, None).2, Err(Broke::Trouble(_))));
    }

    #[test]
    fn trouble_that_is_told_late_is_told_apart() {
        let late = format!(
            "{{\"hits\":{{\"hits\":[{TWO}]}},\"timed_out\":false,\"_shards\":{{\"total\":2,\"successful\":1,\"failed\":1}}}}"
        );
        let (ids, _, result) = read(&late, 1000, None);
        assert_eq!(ids.len(), 2);
        assert!(matches!(result, Err(Broke::LateTrouble(_))));
        let (_, head, result) = read(&format!("{{\"hits\":{{\"hits\":[{TWO}]}}}}"), 1000, None);
        result.unwrap();
        assert!(!head.is_judged());
    }

    #[test]
    fn a_hit_larger_than_the_buffer_comes_whole() {
        let big =
            format!("{{\"_id\":\"1\",\"_source\":{{\"a\":\"{}\"}}}},{{\"_id\":\"2\"}}", "x".repeat(3 << 20));
        for step in [4096, 100_000, 10 << 20] {
            let (ids, head, result) = read(&answer(GOOD, &big), step, None);
            result.unwrap();
            assert_eq!((ids.len(), head.hits), (2, 2));
        }
    }
}
