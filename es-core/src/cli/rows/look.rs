//! How rows are shown: data for programs, or a table for people.

use std::io::{self, IsTerminal};

use super::column::Column;
use super::output::{Format, Output};
use super::row::Row;
use super::table::{Screen, render};
use crate::record::Stop;
use crate::record::sink::{self, Sink};

/// The options about it, the same in every tool with reports.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct Look {
    /// CSV: what comes into a pipe or file unless you say otherwise
    #[arg(long, group = "format")]
    pub csv: bool,

    /// Values with tabs between, safe for cut and awk
    ///
    /// In them \t \n \r \\ stand for tabs, line breaks and backslashes.
    #[arg(long, group = "format")]
    pub tsv: bool,

    /// A JSON object for each row, one a line
    #[arg(long, group = "format")]
    pub json: bool,

    /// A table for people, with units: what comes to a terminal
    #[arg(long, group = "format", hide_short_help = true)]
    pub table: bool,

    /// Without the names of the columns
    #[arg(short, long)]
    pub no_header: bool,
}

impl Look {
    /// None: as a table.
    pub fn format(&self, terminal: bool) -> Option<Format> {
        match (self.csv, self.tsv, self.json, self.table) {
            (true, _, _, _) => Some(Format::Csv),
            (_, true, _, _) => Some(Format::Tsv),
            (_, _, true, _) => Some(Format::Json),
            (_, _, _, true) => None,
            (false, false, false, false) => (!terminal).then_some(Format::Csv),
        }
    }

    /// All rows at once.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn print(&self, columns: &[Column], rows: &[Row], stop: &Stop) -> Result<(), sink::Error> {
        let terminal = io::stdout().is_terminal();
        let Some(format) = self.format(terminal) else {
            let text = render(columns, rows, !self.no_header, Screen::of(terminal));
            return Sink::stdout(stop)?.write(text.as_bytes());
        };
        let mut output = Output::new(format, stop)?;
        if !self.no_header {
            output.header(columns)?;
        }
        rows.iter().try_for_each(|row| output.row(columns, row))?;
        output.flush()
    }
}
