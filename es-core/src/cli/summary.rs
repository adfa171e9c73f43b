//! The last line of a run: what became of every record, how long it took, and what else there is to say.

use std::fmt;
use std::time::Duration;

use super::exit::Tally;
use super::figures::{grouped, rate, seconds, size};

/// The last line of a run.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub tally: Tally,
    /// Of the documents, for the rate.
    pub bytes: u64,
    pub took: Duration,
    /// What each rule of a program did; told before the summary.
    pub rules: Vec<Rule>,
    /// What else there is to say, such as `incomplete: output closed`.
    pub notes: Vec<String>,
}

/// How often a rule met something, and how often it did what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    pub words: String,
    pub done: u64,
    pub seen: u64,
}

/// `rename .host to .hostname: 199,812 of 200,000`
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} of {}", self.words, grouped(self.done), grouped(self.seen))
    }
}

/// `1,000,000 read: 999,990 created, 7 skipped (already there), 3 rejected; 12 retried; 41.2 s (24,271 docs/s, 35 MB/s)`
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.tally, seconds(self.took))?;
        if self.tally.read > 0 {
            let docs = rate(self.tally.read, self.took);
            write!(f, " ({} docs/s, {}/s)", grouped(docs), size(rate(self.bytes, self.took)))?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "; {note}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_reads_as_the_manual_shows() {
        let tally = Tally {
            read: 1_000_000,
            created: 999_990,
            skipped: 7,
            rejected: 3,
            retried: 12,
            ..Tally::default()
        };
        let took = Duration::from_millis(41_200);
        let mut summary = Summary { tally, bytes: 1_442_000_000, took, ..Summary::default() };
        let text = "1,000,000 read: 999,990 created, 7 skipped (already there), 3 rejected; 12 retried; \
                    41.2 s (24,271 docs/s, 35 MB/s)";
        assert_eq!(summary.to_string(), text);
        summary.notes.push("incomplete: output closed".into());
        assert!(summary.to_string().ends_with("35 MB/s); incomplete: output closed"));
        let rule = Rule { words: "rename .a to .b".into(), done: 199_812, seen: 200_000 };
        assert_eq!(rule.to_string(), "rename .a to .b: 199,812 of 200,000");
        assert_eq!(Summary::default().to_string(), "0 read; 0.0 s");
    }
}
