//! The law of es-xform on a million pairs of program and document: edits on bytes and the full language agree. The
//! property test runs optimised here, with a seed of the moment unless ES_XFORM_SEED names one.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::contest::Scale;
use crate::{Bench, Stand};

const PAIRS: &str = "1000000";

/// None when tiny: `cargo test` runs some thousands of pairs itself.
pub(crate) fn benches(scale: Scale) -> Vec<Bench> {
    match scale {
        Scale::Full => vec![Bench::new("agreement".to_owned(), &[], run)],
        Scale::Tiny => Vec::new(),
    }
}

fn run(_: &mut Stand<'_>) {
    let seed = std::env::var("ES_XFORM_SEED").unwrap_or_else(|_| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        now.as_secs().to_string()
    });
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["test", "--quiet", "--release", "--package", "es-xform", "--lib", "pairs_agree"])
        .args(["--", "--nocapture"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .env("ES_XFORM_PAIRS", PAIRS)
        .env("ES_XFORM_SEED", &seed)
        .stderr(Stdio::inherit());
    let told = cargo.output().expect("cargo runs");
    let text = String::from_utf8_lossy(&told.stdout);
    // A filter that fits no test would pass too.
    let found = text.lines().find(|line| line.starts_with(&format!("pairs {PAIRS} ")));
    assert!(told.status.success(), "the two ways differ, with ES_XFORM_SEED={seed}:\n{text}");
    let found = found.unwrap_or_else(|| panic!("no pairs were compared:\n{text}"));
    writeln!(io::stdout(), "{:<23} {found}", "agreement").expect("somebody reads the table");
}
