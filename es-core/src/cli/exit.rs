//! How a run ends: one status for all tools, and the count of what became of every record, which decides it.

use std::fmt;
use std::ops::AddAssign;
use std::process::ExitCode;

use super::figures::grouped;

/// The exit status. Several may apply; `worse` keeps the one that says more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done,
    Failed,
    Usage,
    Partial,
    Check,
    Unfinished,
    TimedOut,
    Signal(i32),
}

/// What the manual prints: status, name, meaning.
pub const TABLE: [(&str, &str, &str); 8] = [
    ("0", "done", "everything asked for was done; also when the reader of standard output went away"),
    ("1", "failed", "refused, no such index, disk full, malformed input, a total that does not match"),
    ("2", "usage", "the command line or the configuration cannot be used; nothing was sent"),
    ("3", "partial", "ran to the end, but part of it was refused"),
    ("4", "check", "a check that was asked for says no"),
    (
        "5",
        "unfinished",
        "a server could not be reached or the reading could not be finished; running it again may help",
    ),
    ("6", "timed out", "the time to wait is over; the server goes on"),
    ("128+n", "signal", "ended by signal n"),
];

impl Exit {
    pub fn number(self) -> i32 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Partial => 3,
            Exit::Check => 4,
            Exit::Unfinished => 5,
            Exit::TimedOut => 6,
            Exit::Signal(n) => 128 + n,
        }
    }

    /// Of two that apply, the one to end with: signal > 2 > 1 > 5 > 6 > 4 > 3 > 0.
    pub fn worse(self, other: Exit) -> Exit {
        if other.rank() > self.rank() { other } else { self }
    }

    fn rank(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Partial => 1,
            Exit::Check => 2,
            Exit::TimedOut => 3,
            Exit::Unfinished => 4,
            Exit::Failed => 5,
            Exit::Usage => 6,
            Exit::Signal(_) => 7,
        }
    }

    /// Ends as the shell expects it: after a signal by that signal, so that a loop in a script ends too.
    pub fn leave(self) -> ExitCode {
        if let Exit::Signal(n) = self {
            // Comes back only where the signal's default is not to end.
            let _ = signal_hook::low_level::emulate_default_handler(n);
        }
        ExitCode::from(u8::try_from(self.number()).unwrap_or(1))
    }
}

/// What became of every record read: each ends as exactly one of these. `retried` counts attempts, not records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub read: u64,
    pub written: u64,
    pub created: u64,
    pub updated: u64,
    pub deleted: u64,
    /// Already there as wanted.
    pub skipped: u64,
    /// By a filter or a pipeline.
    pub dropped: u64,
    pub rejected: u64,
    pub unsent: u64,
    /// Sent, not answered.
    pub unknown: u64,
    pub retried: u64,
}

impl Tally {
    /// The records that have ended.
    pub fn ended(&self) -> u64 {
        self.written
            + self.created
            + self.updated
            + self.deleted
            + self.skipped
            + self.dropped
            + self.rejected
            + self.unsent
            + self.unknown
    }

    /// Each record that was read has ended, once.
    pub fn adds_up(&self) -> bool {
        self.read == self.ended()
    }

    /// What the counts alone say; an error or a signal may say more.
    pub fn exit(&self) -> Exit {
        let mut exit = Exit::Done;
        if self.rejected > 0 {
            exit = exit.worse(Exit::Partial);
        }
        if self.unsent > 0 || self.unknown > 0 {
            exit = exit.worse(Exit::Unfinished);
        }
        if !self.adds_up() {
            exit = exit.worse(Exit::Failed);
        }
        exit
    }

    /// Name and count, in the order of the summary; the names of `--log-json` too.
    pub fn counts(&self) -> [(&'static str, u64); 10] {
        [
            ("written", self.written),
            ("created", self.created),
            ("updated", self.updated),
            ("deleted", self.deleted),
            ("skipped", self.skipped),
            ("dropped", self.dropped),
            ("rejected", self.rejected),
            ("unsent", self.unsent),
            ("unknown", self.unknown),
            ("retried", self.retried),
        ]
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.read += other.read;
        self.written += other.written;
        self.created += other.created;
        self.updated += other.updated;
        self.deleted += other.deleted;
        self.skipped += other.skipped;
        self.dropped += other.dropped;
        self.rejected += other.rejected;
        self.unsent += other.unsent;
        self.unknown += other.unknown;
        self.retried += other.retried;
    }
}

/// `1,000,000 read: 999,990 created, 7 skipped (already there), 3 rejected; 12 retried`
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} read", grouped(self.read))?;
        let mut lead = ": ";
        for (name, count) in self.counts() {
            if count == 0 || name == "retried" {
                continue;
            }
            write!(f, "{lead}{} {name}", grouped(count))?;
            if name == "skipped" {
                f.write_str(" (already there)")?;
            }
            if name == "unknown" {
                f.write_str(" (sent, not answered)")?;
            }
            lead = ", ";
        }
        if self.retried > 0 {
            write!(f, "; {} retried", grouped(self.retried))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_statuses_the_worse_stays() {
        let falling = [
            Exit::Signal(2),
            Exit::Usage,
            Exit::Failed,
            Exit::Unfinished,
            Exit::TimedOut,
            Exit::Check,
            Exit::Partial,
            Exit::Done,
        ];
        for (i, worse) in falling.iter().enumerate() {
            for better in &falling[i..] {
                assert_eq!(worse.worse(*better), *worse);
                assert_eq!(better.worse(*worse), *worse);
            }
        }
    }

    #[test]
    fn the_table_has_every_status_once() {
        let numbers: Vec<_> = TABLE.iter().map(|row| row.0.to_owned()).collect();
        let all = [
            Exit::Done,
            Exit::Failed,
            Exit::Usage,
            Exit::Partial,
            Exit::Check,
            Exit::Unfinished,
            Exit::TimedOut,
        ];
        let mut expected: Vec<_> = all.iter().map(|exit| exit.number().to_string()).collect();
        expected.push("128+n".into());
        assert_eq!(numbers, expected);
        assert_eq!(Exit::Signal(15).number(), 143);
    }

    #[test]
    fn a_tally_prints_what_happened_and_decides_the_status() {
        let done = Tally {
            read: 1_000_000,
            created: 999_990,
            skipped: 7,
            rejected: 3,
            retried: 12,
            ..Tally::default()
        };
        assert_eq!(
            done.to_string(),
            "1,000,000 read: 999,990 created, 7 skipped (already there), 3 rejected; 12 retried"
        );
        assert_eq!(done.exit(), Exit::Partial);
        assert_eq!(Tally::default().to_string(), "0 read");
        assert_eq!(Tally::default().exit(), Exit::Done);
        let lost = Tally { read: 2, created: 1, ..Tally::default() };
        assert_eq!(lost.exit(), Exit::Failed, "a record that vanished");
        let stopped = Tally { read: 3, created: 1, unsent: 1, unknown: 1, ..Tally::default() };
        assert_eq!(stopped.to_string(), "3 read: 1 created, 1 unsent, 1 unknown (sent, not answered)");
        assert_eq!(stopped.exit(), Exit::Unfinished);
        let mut sum = done;
        sum += stopped;
        assert_eq!((sum.read, sum.created, sum.unknown), (1_000_003, 999_991, 1));
    }
}
