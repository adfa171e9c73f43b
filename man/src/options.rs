//! The sections that the command line itself gives, through clap_mangen, whose output is made fit: no preamble again
//! and again, options under one section with a heading each, values in a sentence instead of a list of single words.

use std::io;

use clap::{Arg, Command};
use clap_mangen::Man;

/// The options of a command under their headings.
pub(crate) fn of(command: &Command) -> io::Result<String> {
    rendered(&Man::new(prepared(command)), Man::render_options_section)
}

pub(crate) type Render = fn(&Man, &mut dyn io::Write) -> io::Result<()>;

pub(crate) fn rendered(man: &Man, render: Render) -> io::Result<String> {
    let mut page = Vec::new();
    render(man, &mut page)?;
    Ok(repaired(&String::from_utf8_lossy(&page)))
}

/// The command with what only a page needs.
pub(crate) fn prepared(command: &Command) -> Command {
    let mut command = command.clone();
    command.build();
    // Every option of a tool in one line of usage is no use.
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace(['<', '>'], "").replace("[TARGET]", "TARGET");
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
    // What the name line says is not said again.
    let long = long.strip_prefix(&about).unwrap_or(&long).trim_start().to_owned();
    command.about(lower_first(&about)).long_about(long).override_usage(usage).mut_args(|arg| {
        let heading = match arg.get_id().as_str() {
            _ if arg.get_help_heading().is_some() => return in_words(arg),
            "help" | "version" => "About the tool",
            _ if arg.is_positional() => "Arguments",
            _ => "Options",
        };
        in_words(arg.help_heading(heading))
    })
}

/// All that is said of an argument in sentences of one paragraph; values that need words of their own stay a list.
fn in_words(arg: Arg) -> Arg {
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut sentences: Vec<_> =
        help.split("\n\n").map(|text| text.trim_end_matches('.').to_owned()).collect();
    let values = arg.get_possible_values();
    let explained = values.iter().any(|value| value.get_help().is_some());
    let takes = arg.get_action().takes_values() && !arg.is_hide_possible_values_set();
    let named = takes && !explained && !values.is_empty();
    if named {
        let names: Vec<_> = values.iter().map(|value| value.get_name()).collect();
        sentences.push(format!("One of: {}", names.join(", ")));
    }
    let hidden = arg.is_hide_possible_values_set() || named;
    // What `-h` leaves out is not left out here.
    let end = if sentences.len() > 1 { "." } else { "" };
    arg.long_help(sentences.join(". ") + end).hide_short_help(false).hide_possible_values(hidden)
}

/// What clap_mangen writes, as one part of a page.
fn repaired(part: &str) -> String {
    let mut page = String::new();
    for line in part.lines() {
        match line.strip_prefix(".SH ") {
            Some(section @ ("NAME" | "SYNOPSIS" | "DESCRIPTION")) => page += &format!(".SH {section}\n"),
            Some(heading) => page += &format!(".SS {}\n", sentence_case(heading.trim_matches('"'))),
            None if line.starts_with(".ie \\n(.g") || line.starts_with(".el .ds Aq") => {}
            // Before a list of values: the list speaks for itself, and needs no air.
            None if line == ".br" || line == "\\fIPossible values:\\fR" => {}
            None if line == ".RS 14" => page += ".RS\n.PD 0\n",
            None if line == ".RE" => page += ".PD\n.RE\n",
            None if line.trim().is_empty() => page += ".sp\n",
            None => {
                page += line.trim_end().replace("\\*(Aq", "\\(aq").as_str();
                page.push('\n');
            }
        }
    }
    page
}

fn sentence_case(heading: &str) -> String {
    let (first, rest) = heading.split_at(heading.len().min(1));
    format!("{first}{}", rest.to_lowercase())
}

fn lower_first(text: &str) -> String {
    let (first, rest) = text.split_at(text.len().min(1));
    format!("{}{rest}", first.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clap_mangen_writes_is_made_fit() {
        let preamble = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";
        let part = format!(
            "{preamble}.SH \"REFUSED RECORDS\"\n.TP\n\\fB\\-\\-op\\fR\nwhat\\*(Aqs done\n.br\n\n.br\n\
             \\fIPossible values:\\fR\n.RS 14\n.IP \\(bu 2\na: b\n.RE\n"
        );
        let fit = ".SS Refused records\n.TP\n\\fB\\-\\-op\\fR\nwhat\\(aqs done\n.sp\n\
                   .RS\n.PD 0\n.IP \\(bu 2\na: b\n.PD\n.RE\n";
        assert_eq!(repaired(&part), fit);
    }
}
