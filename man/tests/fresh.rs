//! What is committed is what the command lines say today, and says all of it.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

use std::fs;
use std::path::Path;

use clap::Command;
use es_core::cli::exit;

fn page(name: &str) -> String {
    let files = es_man::files().unwrap();
    let file = files.into_iter().find(|file| file.path == name).unwrap();
    String::from_utf8(file.bytes).unwrap()
}

/// The page as it is read, without the marks of roff.
fn read(page: &str) -> String {
    let marks = [("\\-", "-"), ("\\(aq", "'"), ("\\fB", ""), ("\\fI", ""), ("\\fR", ""), ("\\&", "")];
    marks.iter().fold(page.to_owned(), |text, (mark, letter)| text.replace(mark, letter))
}

#[test]
fn the_committed_files_are_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let stale: Vec<_> = es_man::files()
        .unwrap()
        .into_iter()
        .filter(|file| fs::read(folder.join(&file.path)).ok().as_ref() != Some(&file.bytes))
        .map(|file| file.path)
        .collect();
    assert!(stale.is_empty(), "run cargo man: {stale:?} are not what the command lines say");
}

#[test]
fn no_file_is_left_of_what_is_no_longer_made() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let made: Vec<_> = es_man::files().unwrap().into_iter().map(|file| folder.join(file.path)).collect();
    for place in [".", "completions/bash", "completions/zsh", "completions/fish"] {
        for entry in fs::read_dir(folder.join(place)).unwrap() {
            let path = folder.join(place).join(entry.unwrap().file_name());
            let kept = path.is_dir() || path.ends_with("Cargo.toml");
            let path: std::path::PathBuf = path.components().filter(|part| part.as_os_str() != ".").collect();
            assert!(kept || made.contains(&path), "{} is not made by cargo man", path.display());
        }
    }
}

#[test]
fn every_option_stands_in_its_page() {
    for mut tool in es_man::commands() {
        tool.build();
        let text = read(&page(&format!("{}.1", tool.get_name())));
        for (command, options) in entries(&tool, tool.get_name(), &text) {
            for arg in command.get_arguments() {
                let typed = match (arg.get_long(), arg.get_value_names()) {
                    (Some(long), _) => format!("--{long}"),
                    (None, Some(names)) => names[0].split(',').next().unwrap().to_owned(),
                    (None, None) => panic!("{} has no name", arg.get_id()),
                };
                let entry = options.split(".TP\n").find(|entry| {
                    let header = entry.lines().next().unwrap_or_default();
                    header.split([' ', '[', ']', ',', '<', '>', '=']).any(|word| word == typed)
                });
                let said = entry.and_then(|entry| entry.lines().nth(1)).unwrap_or_default();
                assert!(said.len() > 9 && !said.starts_with('.'), "{}: {typed}: {said}", command.get_name());
            }
        }
    }
}

/// A tool's options, or those of each of its commands with those that all of them share.
fn entries(command: &Command, name: &str, text: &str) -> Vec<(Command, String)> {
    let section = |name: &str| {
        text.split(&format!(".SH {name}\n")).nth(1).map(|rest| rest.split("\n.SH ").next().unwrap())
    };
    let shared = section("OPTIONS").unwrap();
    let below: Vec<_> = command.get_subcommands().filter(|command| command.get_name() != "help").collect();
    if !below.is_empty() {
        let entry = |below: &&Command| entries(below, &format!("{name} {}", below.get_name()), text);
        return below.iter().flat_map(entry).collect();
    }
    let parts = section("COMMANDS").unwrap_or_default().split(".SS ");
    let own = parts.filter(|part| {
        part.starts_with(name) && !part[name.len()..].starts_with(|c: char| c.is_alphanumeric())
    });
    vec![(command.clone(), own.chain([shared]).collect::<Vec<_>>().join("\n"))]
}

#[test]
fn every_page_has_its_sections_in_order() {
    let order = [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "OPTIONS",
        "RECORDS",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "EXAMPLES",
        "BUGS",
        "SEE ALSO",
    ];
    for command in es_man::commands() {
        let page = page(&format!("{}.1", command.get_name()));
        let sections: Vec<_> = page.lines().filter_map(|line| line.strip_prefix(".SH ")).collect();
        let sections: Vec<_> = sections.iter().map(|name| name.trim_matches('"')).collect();
        let known: Vec<_> = sections.iter().filter(|name| order.contains(name)).copied().collect();
        assert_eq!(known, order, "{}", command.get_name());
    }
}

#[test]
fn every_page_has_every_exit_status() {
    for name in ["es-scroll.1", "es-xform.1", "es-bulk.1", "es-cat.1", "es-snap.1", "es-tools.7"] {
        let text = read(&page(name));
        for (status, _, meaning) in exit::TABLE {
            assert!(text.contains(&format!(".B {status}\n")), "{name}: {status}");
            assert!(text.contains(meaning), "{name}: {meaning}");
        }
    }
}

#[test]
fn a_name_states_the_purpose_in_one_breath() {
    for command in es_man::commands() {
        let text = read(&page(&format!("{}.1", command.get_name())));
        let name = text.split(".SH NAME\n").nth(1).unwrap().lines().next().unwrap();
        let (tool, purpose) = name.split_once(" - ").unwrap();
        assert_eq!(tool, command.get_name());
        assert!((20..=70).contains(&purpose.len()) && !purpose.contains(['.', ';']), "{name}");
    }
}

#[test]
fn roff_is_plain_and_complete() {
    for file in es_man::files().unwrap().iter().filter(|file| !file.path.contains('/')) {
        let text = std::str::from_utf8(&file.bytes).unwrap();
        assert!(text.is_ascii() && text.ends_with('\n'), "{}", file.path);
        assert_eq!(text.matches("\n.EX\n").count(), text.matches("\n.EE\n").count(), "{}", file.path);
        let shown = text.split("\n.EX\n").skip(1).flat_map(|rest| rest.split(".EE").next());
        for line in shown.flat_map(str::lines).map(read) {
            // A terminal of 80 columns, less the indent of 11.
            assert!(line.len() <= 76, "{}: too wide: {line}", file.path);
        }
        for (number, line) in text.lines().enumerate() {
            assert!(!line.trim().is_empty(), "{}, line {}: blank", file.path, number + 1);
            assert!(!line.starts_with('\''), "{}, line {}: {line}", file.path, number + 1);
        }
    }
}
