//! A server's process and its guard, a shell that outlives us by a moment.
//!
//! Nothing of ours runs when a test is killed, and statics are never dropped. But the kernel closes our end of the
//! guard's standard input on every way out: then the guard kills the server with all that it started, and removes
//! the node's folder. There is no other way that a node ends, so that each is tried all the time.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

/// Lets nothing start before the guard watches it.
const GATE: &str = r#"read -r _ && exec "$@" </dev/null"#;

/// $1 is the server's process group, $2 the node's folder.
const GUARD: &str = r#"
    trap '' HUP INT TERM
    read -r word
    [ "$word" = leave ] && exit
    kill -9 "-$1"
    [ "$word" = restart ] || rm -rf "$2" || { sleep 1; rm -rf "$2"; }
"#;

/// Elasticsearch refuses to run as root: then it is this user, `nobody` nearly everywhere.
const NOBODY: u32 = 65534;

pub(super) fn as_nobody() -> Option<u32> {
    rustix::process::geteuid().is_root().then_some(NOBODY)
}

#[derive(Debug)]
pub(super) struct Process {
    server: Child,
    guard: Child,
}

impl Process {
    /// `command` is the server, its output and environment set. From here on `folder` is the guard's to remove.
    pub(super) fn start(command: &Command, folder: &Path, log: std::fs::File) -> io::Result<Process> {
        let mut gate = Command::new("sh");
        gate.args(["-c", GATE, "sh"]).arg(command.get_program()).args(command.get_args());
        gate.env_clear().envs(command.get_envs().filter_map(|(key, value)| Some((key, value?))));
        gate.current_dir(folder).process_group(0);
        gate.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log);
        if let Some(user) = as_nobody() {
            gate.uid(user).gid(user);
        }
        let mut server = gate.spawn()?;

        let guard = Command::new("sh")
            .args(["-c", GUARD, "sh", &server.id().to_string()])
            .arg(folder)
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let gate = server.stdin.take();
        let process = Process { server, guard };
        gate.map_or(Ok(()), |mut gate| gate.write_all(b"go\n"))?;
        Ok(process)
    }

    /// Set once the server has ended by itself.
    pub(super) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.server.try_wait()
    }

    /// As `kill -9` does; the folder stays.
    pub(super) fn kill(mut self) {
        self.tell("restart");
    }

    /// The server goes on without us. What is returned is its process group.
    pub(super) fn leave(mut self) -> u32 {
        self.tell("leave");
        self.server.id()
    }

    fn tell(&mut self, word: &str) {
        if let Some(mut guard) = self.guard.stdin.take() {
            let _ = writeln!(guard, "{word}");
        }
        let _ = self.guard.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}
