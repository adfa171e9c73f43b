//! Frames: pages written by hand, with places for what comes from the code.
//!
//! A line `@name@` is such a place: a section made from the command line, the table of exit statuses, or a part that
//! several pages share. Between `.EX` and `.EE` a frame holds text as it is typed; `roff` makes it printable.

use clap::Command;
use es_core::cli::exit;

use crate::parts::parts;
use crate::{DATE, jq, roff};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The page of a tool.
///
/// # Errors
/// When its frame names a part that there is not.
pub(crate) fn page(command: &Command) -> Result<String, String> {
    let frame = match command.get_name() {
        "es-scroll" => include_str!("../frame/es-scroll.roff"),
        "es-xform" => include_str!("../frame/es-xform.roff"),
        "es-bulk" => include_str!("../frame/es-bulk.roff"),
        "es-cat" => include_str!("../frame/es-cat.roff"),
        "es-snap" => include_str!("../frame/es-snap.roff"),
        name => return Err(format!("there is no frame for {name}")),
    };
    let parts = parts(command).map_err(|e| e.to_string())?;
    fill(&title(command.get_name(), 1), frame, &|name| match name {
        "name" => Some(parts.name.clone()),
        "synopsis" => Some(parts.synopsis.clone()),
        "description" => Some(parts.description.clone()),
        "options" => Some(parts.options.clone()),
        _ => None,
    })
}

/// The page about all of them.
///
/// # Errors
/// When its frame names a part that there is not.
pub(crate) fn overview() -> Result<String, String> {
    fill(&title("es-tools", 7), include_str!("../frame/es-tools.roff"), &|_| None)
}

/// Words are not divided and lines not stretched: names of options are to be found and copied.
fn title(name: &str, section: u8) -> String {
    let name = name.to_uppercase();
    format!(
        ".\\\" Written by `cargo man`.\n\
         .TH {name} {section} {DATE} \"es-tools {VERSION}\" \"es-tools manual\"\n.nh\n.ad l\n"
    )
}

fn fill(title: &str, frame: &str, part: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut page = title.to_owned();
    let mut typed = false;
    for line in frame.lines() {
        let name = line.strip_prefix('@').and_then(|rest| rest.strip_suffix('@'));
        typed &= line != ".EE";
        match name.filter(|_| !typed) {
            Some(name) => {
                let text = part(name).or_else(|| shared(name)).ok_or(format!("no part @{name}@"))?;
                page += &fill("", &text, &|_| None)?;
            }
            None if typed => page += &(roff::typed(line) + "\n"),
            None => page += &format!("{line}\n"),
        }
        typed |= line == ".EX";
    }
    Ok(roff::ascii(&page))
}

fn shared(name: &str) -> Option<String> {
    match name {
        "exit" => Some(exit_statuses()),
        "environment" => Some(include_str!("../frame/environment.roff").to_owned()),
        "configuration" => Some(include_str!("../frame/configuration.roff").to_owned()),
        "jq" => Some(jq::cases()),
        "rejects" => Some(include_str!("../frame/rejects.roff").to_owned()),
        _ => None,
    }
}

/// From the code's own table.
fn exit_statuses() -> String {
    let rows = exit::TABLE.map(|(status, name, meaning)| {
        format!(".TP 8\n.B {}\n{}\n", roff::text(status), roff::text(&format!("{name}: {meaning}.")))
    });
    rows.concat()
}
