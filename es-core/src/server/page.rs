//! A search answer read as a stream: its hits one by one, and what it says about itself. Nothing is held but a
//! buffer of 128 KB, or one hit if that is larger.

use std::io::Read;
use std::ops::ControlFlow;

use super::broke::Broke;
use super::head::{Head, Total};
use super::json_stream::JsonStream;
use crate::record::hit::Hit;

/// The buffer pages are read through, kept from page to page.
#[derive(Debug, Default)]
pub(super) struct PageBuffer(Vec<u8>);

impl PageBuffer {
    /// Reads an answer and gives its hits to `take` as they come. `shards` as for [`Head::trouble`]. `head` is
    /// filled as far as the answer goes, whatever becomes of it.
    ///
    /// # Errors
    /// See [`Broke`].
    pub(super) fn read(
        &mut self,
        answer: impl Read,
        shards: Option<u64>,
        head: &mut Head,
        take: &mut dyn FnMut(&Hit<'_>) -> ControlFlow<()>,
    ) -> Result<(), Broke> {
        let mut stream = JsonStream::new(answer, &mut self.0);
        let read = walk(&mut stream, shards, head, take);
        head.bytes = stream.used();
        read?;
        // Reading to the end frees the connection for the next page, and finds an answer that was cut after it.
        stream.drain()?;
        match head.trouble(shards) {
            Some(trouble) if head.hits == 0 => Err(Broke::Trouble(trouble)),
            Some(trouble) => Err(Broke::LateTrouble(trouble)),
            None => Ok(()),
        }
    }
}

fn walk<R: Read>(
    stream: &mut JsonStream<'_, R>,
    shards: Option<u64>,
    head: &mut Head,
    take: &mut dyn FnMut(&Hit<'_>) -> ControlFlow<()>,
) -> Result<(), Broke> {
    stream.object(Key::of, |stream, key| {
        match key {
            Key::Hits => return hits(stream, shards, head, take),
            Key::Shards => head.shards = Some(stream.parse()?),
            Key::TimedOut => head.timed_out = Some(stream.parse()?),
            Key::Cursor => head.cursor = Some(stream.parse()?),
            Key::Total | Key::Other => {
                stream.value()?;
            }
        }
        Ok(())
    })
}

fn hits<R: Read>(
    stream: &mut JsonStream<'_, R>,
    shards: Option<u64>,
    head: &mut Head,
    take: &mut dyn FnMut(&Hit<'_>) -> ControlFlow<()>,
) -> Result<(), Broke> {
    stream.object(Key::of, |stream, key| match key {
        Key::Total => {
            head.total = Some(match stream.parse()? {
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
            stream.hits(|hit| {
                head.hits += 1;
                take(hit)
            })
        }
        Key::Shards | Key::TimedOut | Key::Cursor | Key::Other => {
            stream.value()?;
            Ok(())
        }
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

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
        let skips = r#"{"total":3,"successful":2,"skipped":1,"failed":0}"#;
        for (shards, first, text) in [
            (failed, None, "1 of 3 shards failed: [i][1] t: r"),
            (red, None, "1 of 3 shards missing"),
            (skips, None, "1 of 3 shards missing"),
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
