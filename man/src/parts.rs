//! The parts of a page that the command line itself gives.

use std::io;

use clap::Command;
use clap_mangen::Man;

use crate::commands;
use crate::options::{Render, prepared, rendered};

/// What a frame takes from the command line.
pub(crate) struct Parts {
    pub(crate) name: String,
    pub(crate) synopsis: String,
    pub(crate) description: String,
    pub(crate) options: String,
}

pub(crate) fn parts(command: &Command) -> io::Result<Parts> {
    let man = Man::new(prepared(command));
    let render = |render: Render| rendered(&man, render);
    Ok(Parts {
        name: render(Man::render_name_section)?,
        synopsis: render(Man::render_synopsis_section)?,
        description: render(Man::render_description_section)?,
        options: match commands::has(command) {
            true => commands::section(command)? + &commands::shared(command)?,
            false => format!(".SH OPTIONS\n{}", render(Man::render_options_section)?),
        },
    })
}
