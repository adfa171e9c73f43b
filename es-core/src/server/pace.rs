//! How much to ask for at a time: pure arithmetic over what the pages so far took.

use std::time::Duration;

/// Where pages start; and the most and the least that the search for the best size may reach.
const START: f64 = (1 << 20) as f64;
const MOST: f64 = (8 << 20) as f64;
const LEAST: f64 = (256 << 10) as f64;
/// How much the size changes at a time: enough to see an effect, too little to do harm.
const STEP: f64 = 1.3;

/// The size of pages, in documents.
#[derive(Clone, Debug)]
pub struct Pace {
    fixed: bool,
    size: u32,
    /// The servers refuse more (`index.max_result_window`).
    limit: u32,
    /// Bytes of a document, on average; 0 until one was seen.
    document: f64,
    /// Bytes a second of the last full page.
    rate: f64,
    growing: bool,
}

impl Pace {
    pub fn new(fixed: Option<u32>) -> Pace {
        Pace {
            fixed: fixed.is_some(),
            size: fixed.unwrap_or(1),
            limit: 10_000,
            document: 0.0,
            rate: 0.0,
            growing: true,
        }
    }

    /// How many documents the next page is to have.
    pub fn size(&self) -> u32 {
        if self.fixed { self.size } else { self.size.min(self.limit) }
    }

    /// The server refuses pages of more than `limit` documents.
    pub fn cap(&mut self, limit: u32) {
        self.limit = limit.max(1);
        self.size = self.size.min(self.limit);
    }

    /// Goes straight to 1 MB, from what `hits` documents came to: for pages that cannot change their size later.
    pub fn sample(&mut self, hits: u64, bytes: u64) {
        if !self.fixed && hits > 0 {
            self.document = bytes as f64 / hits as f64;
            self.size = (START / self.document).ceil().clamp(1.0, f64::from(self.limit)) as u32;
        }
    }

    /// What a page of `hits` documents and `bytes` took, waits for our own reader left out.
    ///
    /// The size begins with what makes 1 MB, and from then on walks towards whatever is read fastest: as long as
    /// a step makes reading faster it goes on, else it turns round. A page that is not full says nothing about
    /// speed.
    pub fn page(&mut self, hits: u64, bytes: u64, time: Duration) {
        if hits == 0 {
            return;
        }
        let each = bytes as f64 / hits as f64;
        let known = self.document > 0.0;
        self.document = if known { self.document * 0.7 + each * 0.3 } else { each };
        let rate = bytes as f64 / time.as_secs_f64().max(1e-6);
        let wanted = if !known || (self.rate == 0.0 && f64::from(self.size) * self.document < START / 2.0) {
            // Documents may be larger than the first ones: a page grows tenfold at most.
            (START / self.document).min(f64::from(self.size) * 10.0)
        } else if hits >= u64::from(self.size()) {
            if rate < self.rate * 0.97 {
                self.growing = !self.growing;
            }
            self.rate = rate;
            f64::from(self.size) * if self.growing { STEP } else { 1.0 / STEP }
        } else {
            f64::from(self.size)
        };
        if !self.fixed {
            let (least, most) = (LEAST / self.document, MOST / self.document);
            self.size = wanted.clamp(least.min(wanted), most).ceil().clamp(1.0, f64::from(self.limit)) as u32;
        }
    }
}

/// How wide a window of sequence numbers one request looks at. A window keeps the cost of a page flat however
/// large the shard is, for the server sorts what is in it and no more. It decides nothing about correctness.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    width: i64,
}

impl Window {
    /// Wide enough for a page of a shard in which nothing was deleted or left out.
    pub fn new(size: u32) -> Window {
        Window { width: i64::from(size) }
    }

    pub fn width(self) -> i64 {
        self.width
    }

    /// After a page of at most `size` documents with `hits`, which lay within `covered` numbers: as wide as a page
    /// needs if the documents lie as dense further on, but not more than eight times what it was. Where documents share
    /// numbers, that is less than their count.
    pub fn page(&mut self, size: u32, hits: u64, covered: i64) {
        let most = self.width.saturating_mul(8);
        let fitting = match hits {
            0 => most,
            hits => {
                let each = covered.max(1) as f64 / hits as f64;
                (each * f64::from(size) * 1.1) as i64
            }
        };
        self.width = fitting.clamp(1, most.max(i64::from(size)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that needs `fixed` for a page and `per_byte` for each of its bytes.
    fn settle(document: u64, cost: impl Fn(f64) -> f64) -> f64 {
        let mut pace = Pace::new(None);
        for _ in 0..200 {
            let bytes = u64::from(pace.size()) * document;
            pace.page(u64::from(pace.size()), bytes, Duration::from_secs_f64(cost(bytes as f64)));
        }
        f64::from(pace.size()) * document as f64
    }

    #[test]
    fn pages_find_the_size_that_reads_fastest() {
        // Every page costs the same: the larger the better.
        assert!(settle(1000, |_| 0.01) > MOST / 2.0);
        // Cost grows faster than size: the smaller the better.
        assert!(settle(1000, |bytes| 0.001 + bytes * bytes * 1e-12) < START);
        // Documents larger than a page: one at a time.
        assert_eq!(settle(20 << 20, |_| 0.1) as u64, 20 << 20);
        // A fixed size stays.
        let mut pace = Pace::new(Some(77));
        pace.page(77, 77_000, Duration::from_millis(1));
        assert_eq!(pace.size(), 77);
    }

    #[test]
    fn the_first_pages_grow_towards_a_megabyte_with_care() {
        let mut pace = Pace::new(None);
        let mut sizes = vec![pace.size()];
        for _ in 0..3 {
            pace.page(u64::from(pace.size()), u64::from(pace.size()) * 1024, Duration::from_millis(5));
            sizes.push(pace.size());
        }
        assert_eq!(sizes, [1, 10, 100, 1000]);
    }

    #[test]
    fn windows_fit_the_density_of_the_documents() {
        let mut window = Window::new(1000);
        window.page(1000, 1000, 1000);
        assert_eq!(window.width(), 1100);
        // Four documents have the same number.
        window.page(1000, 1000, 250);
        assert_eq!(window.width(), 275);
        window.page(1000, 1000, 0);
        assert_eq!(window.width(), 1);
        window.page(1000, 1000, 1000);
        assert_eq!(window.width(), 1000);
        // One number in a hundred matches.
        for _ in 0..5 {
            let width = window.width();
            window.page(1000, (width / 100) as u64, width);
        }
        assert!((100_000..120_000).contains(&window.width()), "{window:?}");
        // Nothing matches: wider and wider, without overflow.
        for _ in 0..100 {
            let width = window.width();
            window.page(1000, 0, width);
        }
        assert_eq!(window.width(), i64::MAX);
        window.page(1000, 1000, 1000);
        assert_eq!(window.width(), 1100);
    }
}
