//! `cargo demo`; see `es_tests::demo`.
#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use es_tests::demo;

fn main() -> ExitCode {
    let args = demo::Args::parse();
    match demo::run(&args, &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            let _ = writeln!(io::stderr(), "demo: error: {e}");
            ExitCode::FAILURE
        }
    }
}
