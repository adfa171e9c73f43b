//! What is said on standard error: one place, so that messages of many threads and a progress bar share a terminal.
//! It is also the `log` logger, so that the layers below tell what they do without knowing this one.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::exit::Exit;
use super::gauge::Gauge;
use super::one_line::one_line;
use super::progress::{Progress, hidden};
use super::summary::{Rule, Summary};
use crate::record::sink::ATOMIC;
use crate::record::stop::{Stop, Wake};

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
    bar: Mutex<ProgressBar>,
    /// Ends the waits for whoever reads standard error.
    stop: OnceLock<Stop>,
    /// After the stop nobody read: what else there is to say is left out.
    unheard: AtomicBool,
}

/// How long a message may wait for its reader once the run is to end.
const LAST_WORDS: Duration = Duration::from_millis(500);

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").field("tool", &self.0.tool).finish_non_exhaustive()
    }
}

impl Report {
    /// Starts talking for `tool`, and becomes the process's logger.
    pub fn start(tool: &'static str, talk: &Talk) -> Report {
        let draws = match talk.progress {
            When::Always => !talk.log_json,
            When::Never => false,
            When::Auto => !talk.quiet && !talk.log_json && at_a_terminal(),
        };
        let (bar, stop, unheard) = (hidden().into(), OnceLock::new(), AtomicBool::new(false));
        let inner = Inner { tool, talk: talk.clone(), draws, bar, stop, unheard };
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

    /// From now on no message waits long for its reader once the run is to end.
    pub fn heed(&self, stop: &Stop) {
        // The first is that of the process.
        let _ = self.0.stop.set(stop.clone());
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

    /// What the person wants to know although nothing is wrong; for scripts there is standard output.
    pub fn tell(&self, text: &str) {
        if self.0.talk.log_json {
            self.object("status", json!({ "level": "info", "message": text }));
        } else if !self.0.talk.quiet {
            self.line(&one_line(text));
        }
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
        let Summary { tally, bytes, took, rules, notes } = summary;
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
            if !rules.is_empty() {
                let rule = |rule: &Rule| json!({ "rule": rule.words, "done": rule.done, "seen": rule.seen });
                fields["rules"] = rules.iter().map(rule).collect();
            }
            self.object("summary", fields);
        } else if !self.0.talk.quiet {
            for rule in rules {
                self.line(&one_line(&rule.to_string()));
            }
            self.line(&one_line(&summary.to_string()));
        }
    }

    /// What a bar is drawn with; where none is wanted it draws nothing, so that nobody needs to ask. With a total
    /// of zero the end is not known.
    pub fn progress(&self, total: u64) -> Progress {
        let progress = if self.0.draws { Progress::drawn(total) } else { Progress::silent(total) };
        self.goes_around(progress.bar());
        progress
    }

    /// The same for what the server does while we wait.
    pub fn gauge(&self) -> Gauge {
        let gauge = if self.0.draws { Gauge::drawn() } else { Gauge::silent() };
        self.goes_around(gauge.bar());
        gauge
    }

    fn goes_around(&self, drawn: ProgressBar) {
        if let Ok(mut bar) = self.0.bar.lock() {
            *bar = drawn;
        }
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
            for piece in line.as_bytes().chunks(ATOMIC) {
                // Nobody is left to hear that standard error is closed.
                if !self.is_heard() || io::stderr().write_all(piece).is_err() {
                    break;
                }
            }
        };
        match self.0.bar.lock() {
            Ok(bar) => bar.suspend(write),
            Err(_) => write(),
        }
    }

    /// Waits until somebody reads, or has room for it.
    fn is_heard(&self) -> bool {
        let stderr = io::stderr();
        let Some(stop) = self.0.stop.get() else { return true };
        if !stop.requested() && !matches!(stop.wait_writable(stderr.as_fd()), Ok(Wake::Stopped)) {
            return true;
        }
        let time = if self.0.unheard.load(Ordering::Relaxed) { Duration::ZERO } else { LAST_WORDS };
        let heard = Stop::is_writable(stderr.as_fd(), time);
        self.0.unheard.store(!heard, Ordering::Relaxed);
        heard
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

/// A person sits there and looks: standard error is a terminal, what is drawn would not mix with the data, and we
/// are not in the background.
fn at_a_terminal() -> bool {
    let stderr = io::stderr();
    stderr.is_terminal()
        && !io::stdout().is_terminal()
        && rustix::termios::tcgetpgrp(&stderr).is_ok_and(|group| group == rustix::process::getpgrp())
}
