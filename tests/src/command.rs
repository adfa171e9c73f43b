//! Running our binaries and whole shell pipelines, with strict defaults.
//!
//! What a command prints and how it ends is always compared. The expectation is empty stdout, empty stderr
//! and status 0 unless the test says otherwise, so noise fails a test. The environment starts empty, a
//! command has a deadline, and a hang is a failure that kills its whole process group.

mod binaries;
mod folder;
mod ignored;
pub(crate) mod pattern;
mod running;
mod stream;
mod terminal;
mod usage;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

pub use binaries::{bin, bin_dir};
pub use folder::Folder;
pub use running::{End, Outcome, Running};
pub use rustix::process::Signal;
pub use terminal::terminal;

/// Only a hang takes so long, however busy the machine is.
const DEADLINE: Duration = Duration::from_secs(600);

/// A command to be run and what is expected of it.
#[must_use = "a command does nothing until it is run or started"]
pub struct Run {
    program: Program,
    folder: Arc<Folder>,
    cwd: Option<PathBuf>,
    env: Vec<(OsString, OsString)>,
    stdin: Stdin,
    memory: Option<u64>,
    deadline: Duration,
    expected: Expected,
}

enum Program {
    Tool { name: String, args: Vec<OsString> },
    Shell { script: String },
}

pub(crate) enum Stdin {
    Bytes(Vec<u8>),
    Open,
}

/// What the outcome is compared with.
pub(crate) struct Expected {
    pub(crate) stdout: Stdout,
    pub(crate) stderr: Option<String>,
    pub(crate) end: End,
}

pub(crate) enum Stdout {
    Is(Vec<u8>),
    Taken,
    Unread,
}

impl Run {
    /// One of our tools by name.
    pub fn new(tool: &str) -> Self {
        Self::of(Program::Tool { name: tool.to_owned(), args: Vec::new() })
    }

    /// A script for `bash -o pipefail -c`, our tools first in its PATH.
    pub fn shell(script: &str) -> Self {
        Self::of(Program::Shell { script: script.to_owned() })
    }

    fn of(program: Program) -> Self {
        Self {
            program,
            folder: Arc::new(Folder::new()),
            cwd: None,
            env: Vec::new(),
            stdin: Stdin::Bytes(Vec::new()),
            memory: None,
            deadline: DEADLINE,
            expected: Expected {
                stdout: Stdout::Is(Vec::new()),
                stderr: Some(String::new()),
                end: End::Exit(0),
            },
        }
    }

    pub fn arg(self, arg: impl AsRef<OsStr>) -> Self {
        self.args([arg])
    }

    /// Adds arguments to a tool. A script spells its own.
    #[track_caller]
    pub fn args<A: AsRef<OsStr>>(mut self, more: impl IntoIterator<Item = A>) -> Self {
        match &mut self.program {
            Program::Tool { args, .. } => args.extend(more.into_iter().map(|a| a.as_ref().to_owned())),
            Program::Shell { .. } => panic!("a shell script has its arguments in its text"),
        }
        self
    }

    pub fn env(mut self, key: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.push((key.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Runs in this folder, shared with other commands of the test, instead of one of its own.
    pub fn in_folder(mut self, folder: &Arc<Folder>) -> Self {
        self.folder = Arc::clone(folder);
        self
    }

    /// Runs with another working directory than the folder's.
    pub fn cwd(mut self, cwd: impl Into<PathBuf>) -> Self {
        self.cwd = Some(cwd.into());
        self
    }

    /// What is written to standard input, which then ends. Nothing by default.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Stdin::Bytes(bytes.into());
        self
    }

    /// Standard input stays open and silent until the test writes to it or closes it.
    pub fn stdin_open(mut self) -> Self {
        self.stdin = Stdin::Open;
        self
    }

    /// Limits the address space of every process of the command (`ulimit -v`).
    pub fn memory_limit(mut self, bytes: u64) -> Self {
        self.memory = Some(bytes);
        self
    }

    /// The deadline for the whole command.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Expects these bytes on stdout.
    pub fn stdout(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.expected.stdout = Stdout::Is(bytes.into());
        self
    }

    /// Leaves the comparison of stdout to the test, which reads it from the outcome.
    pub fn take_stdout(mut self) -> Self {
        self.expected.stdout = Stdout::Taken;
        self
    }

    /// Nobody reads stdout while the command runs: its pipe fills up.
    pub fn stdout_unread(mut self) -> Self {
        self.expected.stdout = Stdout::Unread;
        self
    }

    /// Expects these lines on stderr. `[..]` stands for any text within a line, a line `[...]` for any
    /// number of lines, a line `[counts]` for what es-xform counted of its rules.
    pub fn stderr(mut self, pattern: impl Into<String>) -> Self {
        self.expected.stderr = Some(pattern.into());
        self
    }

    /// Leaves the comparison of stderr to the test, which reads it from the outcome.
    pub fn take_stderr(mut self) -> Self {
        self.expected.stderr = None;
        self
    }

    /// Expects this exit status.
    pub fn status(mut self, status: i32) -> Self {
        self.expected.end = End::Exit(status);
        self
    }

    /// Expects the end by this signal (a shell shows it as 128+n).
    pub fn signal(mut self, signal: Signal) -> Self {
        self.expected.end = End::Signal(signal.as_raw());
        self
    }

    /// Runs to the end and compares.
    #[track_caller]
    pub fn run(self) -> Outcome {
        self.start().wait()
    }

    /// Starts in the background.
    #[track_caller]
    pub fn start(self) -> Running {
        let command = self.command();
        let shown = self.shown();
        Running::start(command, shown, self.folder, self.stdin, self.deadline, self.expected)
    }

    fn command(&self) -> Command {
        let limit = self.memory.map(|bytes| format!("ulimit -v {} || exit 125\n", bytes / 1024));
        let mut command = match (&self.program, limit) {
            (Program::Tool { name, args }, None) => {
                let mut command = Command::new(bin(name));
                command.args(args);
                command
            }
            (Program::Tool { name, args }, Some(limit)) => {
                let mut command = Command::new("bash");
                command.arg("-c").arg(limit + r#"exec "$0" "$@""#).arg(bin(name)).args(args);
                command
            }
            (Program::Shell { script }, limit) => {
                let mut command = Command::new("bash");
                command.args(["-o", "pipefail", "-c"]).arg(limit.unwrap_or_default() + script);
                command
            }
        };
        let mut path = bin_dir().as_os_str().to_owned();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.folder.home())
            .env("TMPDIR", self.folder.tmp())
            .env("LC_ALL", "C")
            .envs(self.env.iter().map(|(k, v)| (k, v)))
            .current_dir(self.cwd.as_deref().unwrap_or(self.folder.path()));
        command
    }

    /// The command as a person would type it, for failures.
    fn shown(&self) -> String {
        let mut shown = String::new();
        for (key, value) in &self.env {
            shown += &format!("{}={} ", key.display(), value.display());
        }
        match &self.program {
            Program::Tool { name, args } => {
                shown += name;
                for arg in args {
                    shown += &format!(" {arg:?}");
                }
            }
            Program::Shell { script } => shown += script,
        }
        shown
    }
}
