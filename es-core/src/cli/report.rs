//! What is said on standard error.

use std::io::{self, Write};

/// Shared by every tool.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Messages")]
pub struct Talk {
    /// Print no summary, no warnings and no progress
    #[arg(short, long)]
    pub quiet: bool,

    /// Print each request with its time; twice: also heads and bodies, cut short
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// A handle to the one place that writes to standard error; clones are the same.
#[derive(Clone, Debug)]
pub struct Report {
    tool: &'static str,
}

impl Report {
    pub fn start(tool: &'static str, _talk: &Talk) -> Report {
        Report { tool }
    }

    pub fn line(&self, kind: &str, text: &str) {
        let _ = writeln!(io::stderr(), "{}: {kind}: {text}", self.tool);
    }

    pub fn error(&self, text: &str) {
        self.line("error", text);
    }

    pub fn warn(&self, text: &str) {
        self.line("warning", text);
    }

    pub fn hint(&self, text: &str) {
        self.line("hint", text);
    }
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
