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
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["build", "--quiet", "--workspace", "--bins", "--profile", profile])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    // What cargo tells this test about its package are other values than those at the start of a build: some build
    // scripts watch them, and ring with all that uses it would be compiled anew here, and again in the next run.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    let status = cargo.status().expect("cargo runs");
    assert!(status.success(), "the binaries do not build");
    dir.to_owned()
}
