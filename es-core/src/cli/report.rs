//! What is said on standard error: one place, so that messages of many threads and a progress bar share a terminal.
//! It is also the `log` logger, so that the layers below tell what they do without knowing this one.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::exit::{Exit, Tally};
use super::progress::{Progress, hidden};

/// The options about talking, the same in every tool.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Messages")]
pub struct Talk {
    /// Print errors only: no summary, no warnings, no progress
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Print each request with its time; -vv also heads and bodies
    ///
    /// Bodies are cut short, and no secret is shown.
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// Print messages as JSON objects, one a line
    #[arg(long)]
    pub log_json: bool,

    /// When to draw progress
    ///
    /// auto: when standard error is a terminal, standard output is not, and we are in the foreground.
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_short_help = true)]
    pub progress: When,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum When {
    #[default]
    Auto,
    Always,
    Never,
}

/// A handle to the one place that writes to standard error; clones are the same.
#[derive(Clone)]
pub struct Report(Arc<Inner>);

struct Inner {
    tool: &'static str,
    talk: Talk,
    draws: bool,
    /// Hidden unless there is progress to draw; every message goes around it.
    bar: std::sync::Mutex<ProgressBar>,
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").field("tool", &self.0.tool).finish_non_exhaustive()
    }
}

/// The last line of a run.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub tally: Tally,
    /// Of the documents, for the rate.
    pub bytes: u64,
    pub took: Duration,
    /// What else there is to say, such as `incomplete: output closed`.
    pub notes: Vec<String>,
}

impl Report {
    /// Starts talking for `tool`, and becomes the process's logger.
    pub fn start(tool: &'static str, talk: &Talk) -> Report {
        let draws = match talk.progress {
            When::Always => !talk.log_json,
            When::Never => false,
            When::Auto => !talk.quiet && !talk.log_json && at_a_terminal(),
        };
        let inner = Inner { tool, talk: talk.clone(), draws, bar: hidden().into() };
        let report = Report(Arc::new(inner));
        // A second report of one process, as in tests, leaves the first as the logger.
        if log::set_boxed_logger(Box::new(report.clone())).is_ok() {
            log::set_max_level(match (talk.quiet, talk.verbose) {
                (true, _) => log::LevelFilter::Error,
                (false, 0) => log::LevelFilter::Warn,
                (false, 1) => log::LevelFilter::Info,
                (false, _) => log::LevelFilter::Debug,
            });
        }
        report
    }

    /// The error that ends the run, and its cure.
    pub fn error(&self, text: &str, hint: Option<&str>, exit: Exit) {
        if self.0.talk.log_json {
            self.object("error", json!({ "message": text, "hint": hint, "exit": exit.number() }));
        } else {
            self.line(&format!("error: {}", one_line(text)));
            if let Some(hint) = hint {
                self.line(&format!("hint: {}", one_line(hint)));
            }
        }
    }

    pub fn warn(&self, text: &str) {
        self.say("status", "warning", text);
    }

    /// One record that was refused; see `Refusals` for which are shown.
    pub fn reject(&self, kind: &str, text: &str) {
        if self.0.talk.log_json {
            self.object("reject", json!({ "reason": kind, "message": text }));
        } else if !self.0.talk.quiet {
            self.line(&format!("rejected: {}", one_line(text)));
        }
    }

    /// The last line; its numbers add up.
    pub fn summary(&self, summary: &Summary, exit: Exit) {
        let Summary { tally, bytes, took, notes } = summary;
        if self.0.talk.log_json {
            let mut fields = json!({
                "read": tally.read,
                "bytes": bytes,
                "seconds": took.as_secs_f64(),
                "notes": notes,
                "exit": exit.number(),
            });
            for (name, count) in tally.counts() {
                fields[name] = count.into();
            }
            self.object("summary", fields);
        } else if !self.0.talk.quiet {
            self.line(&one_line(&summary.to_string()));
        }
    }

    /// What a bar is drawn with; where none is wanted it draws nothing, so that nobody needs to ask. With a total
    /// of zero the end is not known.
    pub fn progress(&self, total: u64) -> Progress {
        let progress = if self.0.draws { Progress::drawn(total) } else { Progress::silent(total) };
        if let Ok(mut bar) = self.0.bar.lock() {
            *bar = progress.bar();
        }
        progress
    }

    fn say(&self, kind: &str, level: &str, text: &str) {
        if self.0.talk.log_json {
            self.object(kind, json!({ "level": level, "message": text }));
        } else if level == "warning" {
            if !self.0.talk.quiet {
                self.line(&format!("warning: {}", one_line(text)));
            }
        } else {
            self.line(&one_line(text));
        }
    }

    fn object(&self, kind: &str, fields: Value) {
        let mut object =
            json!({ "type": kind, "tool": self.0.tool, "time": jiff::Timestamp::now().to_string() });
        if let (Value::Object(all), Value::Object(fields)) = (&mut object, fields) {
            all.extend(fields);
        }
        self.write(&format!("{object}\n"));
    }

    fn line(&self, text: &str) {
        self.write(&format!("{}: {text}\n", self.0.tool));
    }

    /// In one write, for other tools of the pipe share the terminal.
    fn write(&self, line: &str) {
        let write = || {
            // Nobody is left to hear that standard error is closed.
            let _ = io::stderr().write_all(line.as_bytes());
        };
        match self.0.bar.lock() {
            Ok(bar) => bar.suspend(write),
            Err(_) => write(),
        }
    }
}

impl log::Log for Report {
    fn enabled(&self, metadata: &log::Metadata) -> bool {
        // Libraries log what means nothing to the person, and heads with secrets in them.
        metadata.target().starts_with("es_")
    }

    fn log(&self, record: &log::Record) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let kind = if record.target() == crate::http::RETRY { "retry" } else { "status" };
        let level = match record.level() {
            log::Level::Error | log::Level::Warn => "warning",
            log::Level::Info => "info",
            log::Level::Debug | log::Level::Trace => "debug",
        };
        self.say(kind, level, &record.args().to_string());
    }

    fn flush(&self) {}
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

/// A person sits there and looks: standard error is a terminal, what is drawn would not mix with the data, and we
/// are not in the background.
fn at_a_terminal() -> bool {
    let stderr = io::stderr();
    stderr.is_terminal()
        && !io::stdout().is_terminal()
        && rustix::termios::tcgetpgrp(&stderr).is_ok_and(|group| group == rustix::process::getpgrp())
}

/// `1,000,000`
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `35 MB`, in powers of 1,000, as disks and networks are measured.
pub fn size(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    match units.iter().find(|(_, unit)| bytes >= *unit) {
        None => format!("{bytes} B"),
        Some((name, unit)) if bytes / unit >= 10 => format!("{} {name}", grouped((bytes + unit / 2) / unit)),
        Some((name, unit)) => {
            let tenths = (bytes * 10 + unit / 2) / unit;
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
    }
}

/// `41.2 s`, `12 min 5 s`, `3 h 20 min`
pub fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    match whole {
        0..=59 => format!("{:.1} s", time.as_secs_f64()),
        60..=3599 => format!("{} min {} s", whole / 60, whole % 60),
        3600.. => format!("{} h {} min", whole / 3600, whole / 60 % 60),
    }
}

/// Per second; a time too short to measure counts as a millisecond.
pub fn rate(count: u64, time: Duration) -> u64 {
    let millis = time.as_millis().max(1);
    u64::try_from(u128::from(count) * 1000 / millis).unwrap_or(u64::MAX)
}

/// A server's text can hold line breaks and what a terminal obeys.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_read_them() {
        let table = [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")];
        for (n, text) in table {
            assert_eq!(grouped(n), text);
        }
        let table = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (9_950, "10.0 kB"),
            (35_400_000, "35 MB"),
            (2_640_000_000, "2.6 GB"),
            (1_234_000_000_000, "1,234 GB"),
        ];
        for (n, text) in table {
            assert_eq!(size(n), text);
        }
        let table = [(41_230, "41.2 s"), (725_000, "12 min 5 s"), (12_000_000, "3 h 20 min"), (3, "0.0 s")];
        for (millis, text) in table {
            assert_eq!(seconds(Duration::from_millis(millis)), text);
        }
        assert_eq!(rate(1_000_000, Duration::from_millis(41_200)), 24_271);
        assert_eq!(rate(5, Duration::ZERO), 5_000);
    }

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
        let mut summary = Summary { tally, bytes: 1_442_000_000, took, notes: Vec::new() };
        let text = "1,000,000 read: 999,990 created, 7 skipped (already there), 3 rejected; 12 retried; \
                    41.2 s (24,271 docs/s, 35 MB/s)";
        assert_eq!(summary.to_string(), text);
        summary.notes.push("incomplete: output closed".into());
        assert!(summary.to_string().ends_with("35 MB/s); incomplete: output closed"));
        assert_eq!(Summary::default().to_string(), "0 read; 0.0 s");
    }

    #[test]
    fn a_servers_text_cannot_drive_the_terminal() {
        assert_eq!(one_line("a\u{1b}[2Jb\nc\u{7f}\r\tü\u{202e}"), "a\\u{1b}[2Jb\\nc\\u{7f}\\r\\tü\\u{202e}");
    }
}
