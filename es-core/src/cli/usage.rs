//! From the command line to a tool's arguments. What clap finds wrong is said in the form of all other messages: the
//! tool's name, one line, and a hint.

use std::io;
use std::process::ExitCode;

use clap::{Command, Parser};

use super::exit::Exit;
use super::report::{Report, Talk};
use crate::http::mask;

/// What was typed, or how the run ends already: with help on standard output, or with a usage error.
///
/// # Errors
/// The status to end with.
pub fn typed<A: Parser>(tool: &'static str) -> Result<A, ExitCode> {
    A::try_parse().map_err(|answer| {
        if answer.use_stderr() {
            let typed: Vec<String> =
                std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
            // Not parsed, and wanted all the same.
            let log_json = typed.iter().any(|arg| arg == "--log-json");
            let rendered = masked(answer.render().to_string(), &typed);
            let (text, hint) = told(&called(&A::command(), typed.into_iter()), &rendered);
            let report = Report::start(tool, &Talk { log_json, ..Talk::default() });
            report.error(&text, Some(&hint), Exit::Usage);
            return Exit::Usage.leave();
        }
        match answer.print() {
            Err(why) if why.kind() != io::ErrorKind::BrokenPipe => Exit::Failed.leave(),
            Ok(()) | Err(_) => Exit::Done.leave(),
        }
    })
}

/// The tool, or the command of it that was typed: `es-snap repo add`.
fn called(command: &Command, mut typed: impl Iterator<Item = String>) -> String {
    let below = typed.next().and_then(|word| command.find_subcommand(word));
    let rest = below.map(|below| format!(" {}", called(below, typed)));
    format!("{}{}", command.get_name(), rest.unwrap_or_default())
}

/// What clap says of what was typed, without passwords.
fn masked(mut rendered: String, typed: &[String]) -> String {
    for arg in typed {
        for text in [arg.as_str(), arg.split_once('=').map_or("", |(_, value)| value)] {
            let shown = mask::typed(text);
            if shown != text {
                rendered = rendered.replace(text, &shown);
            }
        }
    }
    rendered
}

/// Message and hint from clap's paragraphs: what is wrong, then a tip or the usage.
fn told(tool: &str, rendered: &str) -> (String, String) {
    let mut paragraphs = rendered.split("\n\n").map(|lines| {
        let words: Vec<_> = lines.split_whitespace().collect();
        words.join(" ")
    });
    let text = paragraphs.next().unwrap_or_default();
    let text = text.strip_prefix("error: ").unwrap_or(&text).to_owned();
    let hint = paragraphs.find_map(|paragraph| {
        let usage = paragraph.strip_prefix("Usage: ").map(|usage| format!("usage: {usage}"));
        paragraph.strip_prefix("tip: ").map(str::to_owned).or(usage)
    });
    (text, hint.unwrap_or_else(|| format!("{tool} -h lists the options")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Parser)]
    #[command(name = "tool")]
    struct Args {
        target: String,
        #[arg(long, value_parser = ["one", "two"], default_value = "one")]
        choice: String,
    }

    #[test]
    fn the_command_that_was_typed_is_named() {
        let tool = Command::new("tool").subcommand(Command::new("repo").subcommand(Command::new("add")));
        for (typed, name) in
            [("repo add x", "tool repo add"), ("repo", "tool repo"), ("x add", "tool"), ("", "tool")]
        {
            assert_eq!(called(&tool, typed.split_whitespace().map(str::to_owned)), name);
        }
    }

    #[test]
    fn what_clap_finds_is_one_line_and_a_hint() {
        for (line, text, hint) in [
            ("", "the following required arguments were not provided: <TARGET>", "usage: tool <TARGET>"),
            (
                "--choice three x",
                "invalid value 'three' for '--choice <CHOICE>' [possible values: one, two]",
                "tool -h lists the options",
            ),
            ("--choic one x", "unexpected argument '--choic' found", "a similar argument exists: '--choice'"),
        ] {
            let answer = Args::try_parse_from(["tool"].into_iter().chain(line.split_whitespace()));
            let answer = answer.unwrap_err().render().to_string();
            assert_eq!(told("tool", &answer), (text.to_owned(), hint.to_owned()), "{answer}");
        }
    }
}
