//! The manual: pages and shell completions, from the definitions of the command lines themselves, so that what is
//! written cannot differ from what is taken. What a definition cannot say stands in the frames under `man/frame`.
#![forbid(unsafe_code)]

mod commands;
mod completions;
mod frame;
mod jq;
mod options;
mod parts;
mod roff;

use clap::Command;

/// The day that the pages bear; a release sets it to its own.
const DATE: &str = "2026-11-21";

/// One file of the manual.
#[derive(Debug)]
pub struct File {
    /// Below the folder of this package.
    pub path: String,
    pub bytes: Vec<u8>,
}

/// Every tool's command line.
pub fn commands() -> [Command; 5] {
    [es_scroll::command(), es_xform::command(), es_bulk::command(), es_cat::command(), es_snap::command()]
}

/// All that is committed: the same on every machine, terminal and environment.
///
/// # Errors
/// When a frame names a part that there is not.
pub fn files() -> Result<Vec<File>, String> {
    let overview = frame::overview()?;
    let mut files = vec![File { path: "es-tools.7".into(), bytes: overview.into_bytes() }];
    for command in commands() {
        let page = frame::page(&command)?;
        files.push(File { path: format!("{}.1", command.get_name()), bytes: page.into_bytes() });
        files.extend(completions::all(command));
    }
    Ok(files)
}
