//! Where our binaries are. A test package gets no `CARGO_BIN_EXE_*` of other packages, and `cargo test` does
//! not build their binaries, so the harness builds them once itself. `ES_TEST_BIN_DIR` points the same suite
//! at installed ones.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The path of one of our tools.
pub fn bin(tool: &str) -> PathBuf {
    let path = bin_dir().join(tool);
    assert!(path.is_file(), "no binary {}", path.display());
    path
}

/// The folder of our binaries, built on first use.
pub fn bin_dir() -> &'static Path {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| match std::env::var_os("ES_TEST_BIN_DIR") {
        Some(dir) => PathBuf::from(dir),
        None => build(),
    })
}

/// Builds with the profile this executable was built with, which the name of its folder tells.
fn build() -> PathBuf {
    let exe = std::env::current_exe().expect("path of this executable");
    let mut dir = exe.parent().expect("folder of this executable");
    if dir.ends_with("deps") {
        dir = dir.parent().expect("folder above deps");
    }
    let profile = match dir.file_name().and_then(|name| name.to_str()) {
        Some("debug") => "dev",
        Some(name) => name,
        None => panic!("no profile in the path {}", dir.display()),
    };
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--workspace", "--bins", "--profile", profile])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the binaries do not build");
    dir.to_owned()
}
