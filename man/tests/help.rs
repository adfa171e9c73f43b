//! `-h` is what is asked for in a hurry, and fits a screen; `--help` and the manual have it all.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

use clap::Command;

#[test]
fn the_short_help_is_short() {
    es_man::commands().into_iter().for_each(check);
}

/// A tool, or a command of one.
fn check(command: Command) {
    command.get_subcommands().cloned().for_each(check);
    let name = command.get_name().to_owned();
    let help = command.term_width(98).render_help().to_string();
    let (lines, width) = (help.lines().count(), help.lines().map(str::len).max().unwrap());
    assert!(lines <= 50 && width <= 100, "{name} -h: {lines} lines of {width} columns\n{help}");
}
