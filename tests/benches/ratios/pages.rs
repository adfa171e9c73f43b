//! Hits laid out as the answers of a search hold them, so that any page is one slice of what was prepared.

use std::ops::Range;

use crate::documents::{Shape, id};

/// The hits of a shard, in the order of their sequence numbers, which are their places.
pub(crate) struct Pages {
    /// Every hit with a comma after it.
    hits: Vec<u8>,
    /// Where each hit begins, and the end of the last.
    starts: Vec<usize>,
}

impl Pages {
    /// Of documents that have about so many bytes.
    pub(crate) fn new(shape: Shape, bytes: usize) -> Pages {
        let (mut hits, mut starts) = (String::with_capacity(bytes * 2), Vec::new());
        for (number, document) in shape.documents(bytes).enumerate() {
            starts.push(hits.len());
            let id = id(number);
            hits += &format!(
                r#"{{"_index":"logs","_id":"{id}","_score":null,"_source":{document},"sort":[{number},{number}]}},"#
            );
        }
        starts.push(hits.len());
        Pages { hits: hits.into_bytes(), starts }
    }

    /// How many hits there are.
    pub(crate) fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// About how many bytes of answers it takes to hand out all of them.
    pub(crate) fn bytes(&self) -> usize {
        self.hits.len()
    }

    /// The answer with the hits of these places, as far as there are any, in three parts.
    pub(crate) fn page(&self, places: Range<usize>, counted: bool) -> (String, &[u8], &'static str) {
        let end = places.end.min(self.count());
        let hits = &self.hits[self.starts[places.start.min(end)]..self.starts[end]];
        let total = match counted {
            true => format!(r#""total":{{"value":{},"relation":"eq"}},"#, self.count()),
            false => String::new(),
        };
        let head = format!(
            r#"{{"pit_id":"p","took":1,"timed_out":false,"_shards":{{"total":1,"successful":1,"skipped":0,"failed":0}},"hits":{{{total}"max_score":null,"hits":["#
        );
        (head, hits.strip_suffix(b",").unwrap_or(hits), "]}}")
    }
}
