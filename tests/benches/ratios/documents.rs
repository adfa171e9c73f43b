//! Documents of three shapes. A number makes a document, so that every run has the same ones.

use std::fmt::{self, Write};

use es_tests::chance::Chance;

/// What documents look like, and how large they are.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// Lines of a log, 300 B.
    Small,
    /// Nested, with lists, escapes, 64-bit integers and letters beyond ASCII, 1.5 KB.
    Medium,
    /// Running text, 20 KB.
    Large,
}

/// About as many as the messages of a few services have: with fewer, a compressor finds the same phrases again.
const WORDS: [&str; 50] = [
    "the",
    "request",
    "timeout",
    "connection",
    "user",
    "order",
    "payment",
    "index",
    "shard",
    "replica",
    "failed",
    "retry",
    "with",
    "from",
    "cluster",
    "node",
    "service",
    "checkout",
    "latency",
    "queue",
    "worker",
    "and",
    "of",
    "in",
    "to",
    "was",
    "for",
    "error",
    "code",
    "value",
    "session",
    "token",
    "cache",
    "miss",
    "hit",
    "query",
    "result",
    "page",
    "customer",
    "invoice",
    "shipping",
    "address",
    "quarterly",
    "report",
    "analysis",
    "market",
    "growth",
    "segment",
    "policy",
    "review",
];
const FOREIGN: [&str; 8] = ["naïve", "Zürich", "東京", "データ", "Привет", "😀", "señor", "€"];
const ESCAPES: [&str; 6] = ["\\n", "\\\"", "\\t", "\\\\", "\\u00e9", "\\/"];
const STOPS: [&str; 4] = [".", ",", ";", ":"];
const SERVICES: [&str; 5] = ["checkout", "cart", "search", "auth", "billing"];
const LEVELS: [&str; 4] = ["INFO", "WARN", "ERROR", "DEBUG"];

impl Shape {
    pub(crate) const ALL: [(&'static str, Shape); 3] =
        [("small", Shape::Small), ("medium", Shape::Medium), ("large", Shape::Large)];

    pub(crate) fn document(self, number: usize) -> String {
        let mut text = Text { out: String::new(), chance: Chance::new(number as u64) };
        let written = match self {
            Shape::Small => text.log_line(),
            Shape::Medium => text.nested(),
            Shape::Large => text.prose(),
        };
        written.expect("a string takes everything");
        text.out
    }

    /// Documents until they have so many bytes.
    pub(crate) fn documents(self, bytes: usize) -> impl Iterator<Item = String> {
        let mut made = 0;
        (0..).map(move |number| self.document(number)).take_while(move |document| {
            let before = made;
            made += document.len();
            before < bytes
        })
    }

    /// The same documents as hit lines.
    pub(crate) fn lines(self, bytes: usize) -> Vec<u8> {
        let mut lines = String::with_capacity(bytes * 2);
        for (number, document) in self.documents(bytes).enumerate() {
            lines += &format!("{{\"_index\":\"logs\",\"_id\":\"{}\",\"_source\":{document}}}\n", id(number));
        }
        lines.into_bytes()
    }
}

/// As long as those that servers make.
pub(crate) fn id(number: usize) -> String {
    format!("{number:020x}")
}

/// A document as it is written.
struct Text {
    out: String,
    chance: Chance,
}

impl Text {
    fn head(&mut self) -> fmt::Result {
        let Text { out, chance } = self;
        write!(
            out,
            r#"{{"@timestamp":"2024-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z","agent":{{"id":"{:016x}","version":"8.11.{}"}},"#,
            1 + chance.below(12),
            1 + chance.below(28),
            chance.below(24),
            chance.below(60),
            chance.below(60),
            chance.below(1000),
            chance.next(),
            chance.below(5),
        )?;
        write!(
            out,
            r#""host":{{"name":"web-{:03}","ip":"10.{}.{}.{}"}},"service":"{}""#,
            chance.below(200),
            chance.below(255),
            chance.below(255),
            chance.below(255),
            chance.one_of(&SERVICES),
        )
    }

    fn log_line(&mut self) -> fmt::Result {
        self.head()?;
        let Text { out, chance } = self;
        write!(
            out,
            r#","level":"{}","status":{},"bytes":{},"duration_ms":{}.{:02},"message":""#,
            chance.one_of(&LEVELS),
            200 + chance.below(4) * 100,
            chance.below(100_000),
            chance.below(900),
            chance.below(100),
        )?;
        self.words(10, 0, 40);
        write!(self.out, "\"}}")
    }

    fn nested(&mut self) -> fmt::Result {
        self.head()?;
        let Text { out, chance } = self;
        write!(
            out,
            r#","event":{{"id":{},"seq":{},"score":{}.0,"ratio":0.{},"neg":-0.0,"exp":{}E5,"ok":{},"none":null}}"#,
            9_007_199_254_740_993 + chance.below(1 << 40),
            u64::MAX - chance.below(1000),
            chance.below(100),
            chance.below(1 << 40),
            1 + chance.below(9),
            chance.below(2) == 0,
        )?;
        write!(out, r#","user":{{"id":"u-{:08x}","name":""#, chance.below(1 << 32))?;
        self.words(2, 2, 0);
        write!(self.out, r#"","roles":["admin","ops","dev"]}},"items":["#)?;
        for n in 0..3 + self.chance.below(4) {
            let Text { out, chance } = self;
            write!(
                out,
                r#"{}{{"sku":"{:010}","qty":{},"price":{}.{:02},"tags":["{}","{}"],"size":{{"w":{},"h":{}}}}}"#,
                if n > 0 { "," } else { "" },
                chance.below(1 << 33),
                chance.below(9),
                chance.below(500),
                chance.below(100),
                chance.one_of(&WORDS),
                chance.one_of(&WORDS),
                chance.below(100),
                chance.below(100),
            )?;
        }
        write!(self.out, r#"],"metrics":["#)?;
        for n in 0..12 {
            let Text { out, chance } = self;
            write!(out, "{}{}.{}", if n > 0 { "," } else { "" }, chance.below(1000), chance.below(1000))?;
        }
        write!(
            self.out,
            r#"],"http":{{"method":"GET","agent":"Mozilla/5.0 (X11; Linux x86_64)","url":{{"path":"/api/"#
        )?;
        self.words(1, 0, 0);
        write!(self.out, r#"","query":"q=\u0041&x=\"y\""}}}},"message":""#)?;
        self.words(60, 12, 15);
        write!(self.out, "\"}}")
    }

    fn prose(&mut self) -> fmt::Result {
        self.head()?;
        write!(self.out, r#","title":""#)?;
        self.words(8, 10, 0);
        write!(self.out, r#"","message":""#)?;
        self.words(2700, 30, 25);
        write!(self.out, r#"","pages":{},"lang":"en","authors":["A","B"]}}"#, self.chance.below(300))
    }

    /// Words with a blank and now and then a stop between them, every so many foreign or followed by an escape; 0 is
    /// never.
    fn words(&mut self, count: usize, foreign: u64, escaped: u64) {
        let Text { out, chance } = self;
        for n in 0..count {
            if n > 0 {
                out.push(' ');
            }
            let is_foreign = foreign > 0 && chance.below(foreign) == 0;
            out.push_str(if is_foreign { chance.one_of(&FOREIGN) } else { chance.one_of(&WORDS) });
            if escaped > 0 && chance.below(escaped) == 0 {
                out.push_str(chance.one_of(&ESCAPES));
            }
            if chance.below(12) == 0 {
                out.push_str(chance.one_of(&STOPS));
            }
        }
    }
}
