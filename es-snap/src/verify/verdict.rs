//! What the checks found, and the one line that says it.

use es_core::cli::Exit;
use serde_json::{Value, json};

/// One thing that was looked at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) found: Found,
    pub(crate) index: Option<String>,
    pub(crate) shard: Option<u64>,
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Pass,
    /// It is there in part.
    Partial,
    Fail,
}

#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) checks: Vec<Check>,
}

/// What is wrong is shown up to this; the rest is counted.
const SHOWN: usize = 10;

impl Verdict {
    pub(crate) fn add(&mut self, name: &'static str, found: Found, text: impl Into<String>) {
        self.checks.push(Check { name, found, index: None, shard: None, text: text.into() });
    }

    /// About an index, and perhaps one shard of it.
    pub(crate) fn about(
        &mut self,
        name: &'static str,
        found: Found,
        index: &str,
        shard: Option<u64>,
        text: String,
    ) {
        self.checks.push(Check { name, found, index: Some(index.to_owned()), shard, text });
    }

    pub(crate) fn exit(&self) -> Exit {
        self.checks.iter().fold(Exit::Done, |exit, check| {
            exit.worse(match check.found {
                Found::Pass => Exit::Done,
                Found::Partial => Exit::Partial,
                Found::Fail => Exit::Check,
            })
        })
    }

    /// `OK - backups/nightly: …`: what passed where all did, else what did not.
    pub(crate) fn line(&self, what: &str) -> String {
        let all_passed = self.exit() == Exit::Done;
        // What is said of each index is for those who read every check.
        let told = self.checks.iter().filter(|check| match all_passed {
            true => check.index.is_none(),
            false => check.found != Found::Pass,
        });
        let told: Vec<_> = told.map(Check::told).collect();
        let more = told.len().saturating_sub(SHOWN);
        let mut line = format!("{} - {what}: {}", word(self.exit()), told[..told.len() - more].join("; "));
        if more > 0 {
            line.push_str(&format!("; and {more} more"));
        }
        line
    }

    /// A line for each check, and the verdict.
    pub(crate) fn records(&self, what: &str) -> Vec<Value> {
        let mut records: Vec<_> = self.checks.iter().map(|check| check.record(what)).collect();
        records.push(verdict_record(what, self.exit(), &self.line(what)));
        records
    }
}

/// The last record, also of a run that ended before all was checked.
pub(crate) fn verdict_record(what: &str, exit: Exit, line: &str) -> Value {
    json!({"check": "verdict", "result": word(exit), "snapshot": what, "text": line, "exit": exit.number()})
}

/// As monitoring knows them.
pub(crate) fn word(exit: Exit) -> &'static str {
    match exit {
        Exit::Done => "OK",
        Exit::Partial => "WARNING",
        Exit::Check => "CRITICAL",
        Exit::Failed | Exit::Usage | Exit::Unfinished | Exit::TimedOut | Exit::Signal(_) => "UNKNOWN",
    }
}

impl Check {
    fn told(&self) -> String {
        match (&self.index, self.shard) {
            (Some(index), Some(shard)) => format!("{index} shard {shard}: {}", self.text),
            (Some(index), None) => format!("{index}: {}", self.text),
            (None, _) => self.text.clone(),
        }
    }

    fn record(&self, what: &str) -> Value {
        let result = match self.found {
            Found::Pass => "pass",
            Found::Partial => "partial",
            Found::Fail => "fail",
        };
        json!({
            "check": self.name, "result": result, "snapshot": what, "index": self.index, "shard": self.shard,
            "text": self.text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_that_was_found_is_the_verdict_and_the_line_tells_why() {
        let mut verdict = Verdict::default();
        verdict.add("state", Found::Pass, "SUCCESS");
        verdict.about("count", Found::Pass, "a", None, "7 documents".into());
        verdict.add("age", Found::Pass, "2 h old");
        assert_eq!(verdict.line("r/s"), "OK - r/s: SUCCESS; 2 h old");
        verdict.about("shards", Found::Partial, "a", Some(1), "node left".into());
        assert_eq!(
            (verdict.exit(), verdict.line("r/s")),
            (Exit::Partial, "WARNING - r/s: a shard 1: node left".into())
        );
        verdict.add("age", Found::Fail, "3 d old");
        assert_eq!(verdict.exit(), Exit::Check);
        assert_eq!(verdict.line("r/s"), "CRITICAL - r/s: a shard 1: node left; 3 d old");
        let records = verdict.records("r/s");
        assert_eq!((records.len(), &records[3]["shard"], &records[5]["exit"]), (6, &json!(1), &json!(4)));
        for _ in 0..20 {
            verdict.add("age", Found::Fail, "x");
        }
        assert!(verdict.line("r/s").ends_with("; x; and 12 more"));
    }
}
