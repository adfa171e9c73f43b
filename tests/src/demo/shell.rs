//! Types a command as a user would, and shows it and what it gave.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::Error;
use crate::command::bin_dir;

/// Lines of what a command gives, and its last, are shown.
const SHOWN: usize = 4;

pub(super) struct Shell {
    folder: PathBuf,
    path: OsString,
    /// Names of servers as the README has them, and where they are.
    servers: [(&'static str, String); 2],
}

/// What a command gave, standard output and standard error in the order they came.
pub(super) struct Given(String);

impl Shell {
    pub(super) fn new(folder: &Path, servers: [(&'static str, String); 2]) -> Shell {
        let mut path = bin_dir().as_os_str().to_owned();
        if let Some(usual) = std::env::var_os("PATH") {
            path.push(":");
            path.push(usual);
        }
        Shell { folder: folder.to_owned(), path, servers }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs a command of the README. Nothing of the user's own settings gets in.
    pub(super) fn run(&self, command: &str, status: i32, out: &mut dyn Write) -> Result<Given, Error> {
        let mut command = command.to_owned();
        for (name, url) in &self.servers {
            command = command.replace(name, url);
        }
        writeln!(out, "\n$ {}", command.replace('\n', "\n  "))?;
        let start = Instant::now();
        let mut bash = Command::new("bash");
        bash.args(["-o", "pipefail", "-c", &format!("exec 2>&1\n{command}")]).current_dir(&self.folder);
        bash.env_clear().env("PATH", &self.path).env("HOME", &self.folder).env("LC_ALL", "C");
        let mut child = bash.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(Error::NoShell)?;
        let mut lines = Vec::new();
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).lines() {
                let line = line?;
                if lines.len() < SHOWN {
                    writeln!(out, "  {line}")?;
                }
                lines.push(line);
            }
        }
        let rest = lines.get(SHOWN..).unwrap_or_default();
        if let [hidden @ .., last] = rest {
            if !hidden.is_empty() {
                writeln!(out, "  ... {} more lines", hidden.len())?;
            }
            writeln!(out, "  {last}")?;
        }
        let ended = child.wait()?;
        if ended.code() != Some(status) {
            return Err(Error::Status { found: ended.to_string(), expected: status });
        }
        writeln!(out, "  [status {status}, {:.1} s]", start.elapsed().as_secs_f64())?;
        Ok(Given(lines.join("\n")))
    }
}

impl Given {
    /// It must have said this.
    pub(super) fn says(&self, expected: &str) -> Result<(), Error> {
        match self.0.contains(expected) {
            true => Ok(()),
            false => Err(Error::Said { expected: expected.to_owned() }),
        }
    }
}

/// A check that held.
pub(super) fn holds(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "  ok: {text}")
}
