//! A folder that goes when its owner does: dropped, or with this process, however that ends. Statics are never dropped.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A shell that outlives us by a moment. The kernel closes our end of its standard input on every way out.
const GUARD: &str = r#"trap '' HUP INT TERM; read -r _; rm -rf "$1""#;

#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    guard: Child,
}

impl Scratch {
    /// # Panics
    /// When there is no room for temporary files.
    pub fn new(prefix: &str) -> Scratch {
        let folder = tempfile::Builder::new().prefix(prefix).tempdir().expect("a temporary folder");
        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD, "sh"]).arg(folder.path()).current_dir("/").process_group(0);
        let guard = guard.stdin(Stdio::piped()).spawn().expect("a shell");
        Scratch { path: folder.keep(), guard }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}
