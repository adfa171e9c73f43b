//! The examples of the helps are commands that the tool takes.

use std::process::Command;

/// The words of a command line, as the shell makes them.
fn words(line: &str) -> Vec<String> {
    let script = format!("set -f; es-snap() {{ printf '%s\\0' \"$@\"; }}; {line}");
    let output = Command::new("bash").args(["-c", &script]).output().unwrap();
    assert!(output.status.success(), "{line}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

/// The examples of a command and of those below it.
fn examples(command: &clap::Command) -> Vec<String> {
    let help = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    // A command ends a sentence nowhere but in prose.
    let lines = help.lines().map(str::trim).filter(|line| line.contains("es-snap ") && !line.ends_with('.'));
    let own =
        lines.map(|line| line[line.find("es-snap ").unwrap_or(0)..].trim_end_matches([')', '"']).to_owned());
    own.chain(command.get_subcommands().flat_map(examples)).collect()
}

#[test]
fn every_command_has_examples_that_it_takes() {
    let tool = es_snap::command();
    let leaf = |command: &&clap::Command| command.get_subcommands().next().is_none();
    for command in tool.get_subcommands().filter(leaf) {
        assert!(!examples(command).is_empty(), "{} has no example", command.get_name());
    }
    for example in examples(&tool) {
        // What follows a pipe is another program's.
        let typed = example.split(" | ").next().unwrap();
        let mut line = vec!["es-snap".to_owned()];
        line.extend(words(typed));
        if let Err(e) = tool.clone().try_get_matches_from(line) {
            panic!("{example}\n{e}");
        }
    }
}
