//! The section of a tool that has commands: what each takes besides the options that all of them have.

use std::io;

use clap::{Arg, Command};

use crate::options;
use crate::roff;

/// The headings of the options that stand once for all commands.
const SHARED: [&str; 2] = ["Connection", "Messages"];

/// The commands at the ends of the tree, with their whole names, such as `es-snap repo add`.
fn leaves(command: &Command, name: &str) -> Vec<(String, Command)> {
    let below = command.get_subcommands().filter(|command| command.get_name() != "help");
    let leaves: Vec<_> =
        below.flat_map(|command| leaves(command, &format!("{name} {}", command.get_name()))).collect();
    if leaves.is_empty() { vec![(name.to_owned(), command.clone())] } else { leaves }
}

/// `.SH COMMANDS`, a part for each.
///
/// # Errors
/// None in truth: it writes into memory.
pub(crate) fn section(tool: &Command) -> io::Result<String> {
    let mut page = ".SH COMMANDS\n".to_owned();
    for (name, command) in leaves(tool, tool.get_name()) {
        let own = command.mut_args(|arg| if is_shared(&arg) { arg.hide(true) } else { arg });
        let own = own.disable_help_flag(true);
        let usage = own.clone().bin_name(&name).render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ").replace(['<', '>'], "").replace(" [OPTIONS]", "");
        page += &format!(".SS {}\n", roff::text(&usage));
        let about = own.get_long_about().or(own.get_about()).map(ToString::to_string).unwrap_or_default();
        page += &paragraphs(&about);
        // One list: the headings of a single command are of no use to who looks for it.
        let listed = options::of(&own)?;
        page.extend(listed.lines().filter(|line| !line.starts_with(".SS ")).map(|line| format!("{line}\n")));
    }
    Ok(page)
}

/// `.SH OPTIONS`: those that every command has.
///
/// # Errors
/// None in truth: it writes into memory.
pub(crate) fn shared(tool: &Command) -> io::Result<String> {
    let (_, first) = leaves(tool, tool.get_name()).swap_remove(0);
    let shared = first.mut_args(|arg| if is_shared(&arg) { arg } else { arg.hide(true) });
    Ok(format!(".SH OPTIONS\nEvery command takes these.\n{}", options::of(&shared)?))
}

/// Whether a tool has commands at all.
pub(crate) fn has(tool: &Command) -> bool {
    tool.get_subcommands().next().is_some()
}

fn is_shared(arg: &Arg) -> bool {
    arg.get_help_heading().is_some_and(|heading| SHARED.contains(&heading))
}

fn paragraphs(text: &str) -> String {
    let paragraphs: Vec<_> =
        text.split("\n\n").map(|text| roff::text(&format!("{}.", text.trim_end_matches('.')))).collect();
    format!("{}\n", paragraphs.join("\n.PP\n"))
}
