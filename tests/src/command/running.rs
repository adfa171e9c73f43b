//! A command that runs, and its outcome once it has ended.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid};

use super::stream::{Shown, Stream};
use super::usage::{Peaks, cpu};
use super::{Expected, Folder, Stdin, Stdout, pattern};

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Exit(i32),
    Signal(i32),
}

impl From<ExitStatus> for End {
    fn from(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => End::Exit(code),
            (None, signal) => End::Signal(signal.expect("a code or a signal")),
        }
    }
}

/// What a command gave. Already compared with what was expected.
pub struct Outcome {
    pub stdout: Vec<u8>,
    pub stderr: String,
    pub end: End,
    pub elapsed: Duration,
    /// User and system time of the command and all its processes, in steps of 10 ms.
    pub cpu: Duration,
    pub folder: Arc<Folder>,
    peaks: Peaks,
}

impl Outcome {
    /// Peak resident bytes of the processes with this name.
    #[track_caller]
    pub fn peak(&self, name: &str) -> u64 {
        *self.peaks.0.get(name).unwrap_or_else(|| panic!("no process {name} seen: {:?}", self.peaks.0))
    }

    /// Peak resident bytes of every process that was seen, by name.
    pub fn peaks(&self) -> &BTreeMap<String, u64> {
        &self.peaks.0
    }

    pub fn lines(&self) -> Vec<&[u8]> {
        self.stdout.split_inclusive(|b| *b == b'\n').collect()
    }
}

/// A command in the background, leader of its own process group. Dropped without `wait`, it is killed.
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    unread: Option<ChildStdout>,
    stdout: Stream,
    stderr: Stream,
    shown: String,
    folder: Arc<Folder>,
    started: Instant,
    deadline: Instant,
    expected: Expected,
    peaks: Peaks,
    reaped: bool,
}

impl Running {
    #[track_caller]
    pub(crate) fn start(
        mut command: Command,
        shown: String,
        folder: Arc<Folder>,
        stdin: Stdin,
        deadline: Duration,
        expected: Expected,
    ) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let started = Instant::now();
        super::ignored::restore_defaults();
        let mut child = command.spawn().unwrap_or_else(|e| panic!("starting {shown}: {e}"));
        let mut input = child.stdin.take();
        if let Stdin::Bytes(bytes) = stdin {
            let mut pipe = input.take().expect("stdin is piped");
            // A command may end without reading all of it: that is for its status to tell.
            thread::spawn(move || drop(pipe.write_all(&bytes)));
        }
        let mut output = child.stdout.take();
        let stdout = match expected.stdout {
            Stdout::Unread => Stream::default(),
            Stdout::Is(_) | Stdout::Taken => Stream::of(output.take().expect("stdout is piped")),
        };
        let stderr = Stream::of(child.stderr.take().expect("stderr is piped"));
        Self {
            child,
            stdin: input,
            unread: output,
            stdout,
            stderr,
            shown,
            folder,
            started,
            deadline: started + deadline,
            expected,
            peaks: Peaks::default(),
            reaped: false,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What has been printed so far.
    pub fn stdout_so_far(&self) -> Vec<u8> {
        self.stdout.so_far()
    }

    pub fn stderr_so_far(&self) -> String {
        String::from_utf8_lossy(&self.stderr.so_far()).into_owned()
    }

    /// Writes to a standard input that was left open. A command may have ended: that is for its status to tell.
    #[track_caller]
    pub fn write(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("stdin was left open");
        match stdin.write_all(bytes) {
            Err(e) if e.kind() != ErrorKind::BrokenPipe => panic!("writing to {}: {e}", self.shown),
            Ok(()) | Err(_) => {}
        }
    }

    pub fn close_stdin(&mut self) {
        // The end may come before anybody looks again.
        self.peaks.sample(self.pid());
        self.stdin = None;
    }

    /// User and system time so far, of the command and of the children it has waited for.
    pub fn cpu(&self) -> Duration {
        cpu(self.pid()).unwrap_or_default()
    }

    /// Sends a signal to the command alone.
    #[track_caller]
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid_of_child(), signal).expect("the command is there");
    }

    /// Sends a signal to every process of the command, as Ctrl-C does.
    #[track_caller]
    pub fn signal_all(&self, signal: Signal) {
        kill_process_group(self.pid_of_child(), signal).expect("the command is there");
    }

    /// Waits until the condition holds. The command must not end before.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        while !holds(self) {
            if self.ended() {
                self.fail(&format!("ended before: {what}"));
            }
            self.pause(what);
        }
    }

    /// Waits for the end, which must come within this time from now.
    #[track_caller]
    pub fn wait_within(mut self, limit: Duration) -> Outcome {
        self.deadline = self.deadline.min(Instant::now() + limit);
        self.wait()
    }

    /// Waits for the end and compares the outcome with what is expected.
    #[track_caller]
    pub fn wait(mut self) -> Outcome {
        while !self.ended() {
            self.pause("the end");
        }
        let elapsed = self.started.elapsed();
        let cpu = self.cpu();
        self.stdin = None;
        let mut rest = Vec::new();
        if let Some(mut unread) = self.unread.take() {
            unread.read_to_end(&mut rest).expect("what is left of stdout");
        }
        while !(self.stdout.finished() && self.stderr.finished()) {
            self.pause("the end of its output, which a process it left behind still holds");
        }
        let end = self.reap();
        let stdout = if rest.is_empty() { self.stdout_so_far() } else { rest };
        let stderr = self.stderr_so_far();
        let problems = self.expected.problems(&stdout, &stderr, end);
        if !problems.is_empty() {
            self.fail(&format!("{problems}\n--- ended with: {end:?}"));
        }
        let (folder, peaks) = (Arc::clone(&self.folder), self.peaks.clone());
        Outcome { stdout, stderr, end, elapsed, cpu, folder, peaks }
    }

    fn pid_of_child(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Has the child ended? It stays unreaped, so that its times can be read and its id is not reused.
    fn ended(&mut self) -> bool {
        self.peaks.sample(self.child.id());
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(self.pid_of_child()), options).expect("a child of ours").is_some()
    }

    /// Kills what is left of the process group, then frees its id.
    fn reap(&mut self) -> End {
        // Usually nobody is left, which is no error.
        let _ = kill_process_group(self.pid_of_child(), Signal::KILL);
        self.reaped = true;
        End::from(self.child.wait().expect("a child of ours"))
    }

    #[track_caller]
    fn pause(&mut self, what: &str) {
        if Instant::now() > self.deadline {
            self.fail(&format!("hangs: {:?} have passed, waiting for {what}", self.started.elapsed()));
        }
        thread::sleep(Duration::from_millis(if self.started.elapsed().as_millis() < 50 { 1 } else { 5 }));
    }

    #[track_caller]
    fn fail(&mut self, why: &str) -> ! {
        panic!(
            "{why}\n--- command: {}\n--- in: {} {:?}\n--- stdout:\n{}\n--- stderr:\n{}\n---",
            self.shown,
            self.folder.path().display(),
            self.folder.names(),
            Shown(&self.stdout.so_far()),
            Shown(&self.stderr.so_far()),
        )
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.reaped {
            self.reap();
        }
    }
}

impl Expected {
    fn problems(&self, stdout: &[u8], stderr: &str, end: End) -> String {
        let mut problems = Vec::new();
        if let Stdout::Is(expected) = &self.stdout
            && expected != stdout
        {
            problems.push(format!("stdout is not what was expected:\n{}", Shown(expected)));
        }
        if let Some(expected) = &self.stderr
            && !pattern::matches(expected, stderr)
        {
            problems.push(format!("stderr does not match:\n{expected}"));
        }
        if end != self.end {
            problems.push(format!("expected the end {:?}", self.end));
        }
        problems.join("\n")
    }
}
