//! The rows as a table for people: aligned, with units, numbers to the right, coloured and cut where it is a terminal.

use std::borrow::Cow;
use std::io;

use crate::cli::one_line;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::column::Column;
use super::row::Row;

/// Where the table is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// Lines are cut to it.
    pub width: Option<usize>,
    pub colour: bool,
}

impl Screen {
    /// Of standard output, which may be a `terminal`.
    pub fn of(terminal: bool) -> Screen {
        let width = terminal.then(|| rustix::termios::tcgetwinsize(io::stdout()).ok()).flatten();
        let width = width.map(|size| usize::from(size.ws_col)).filter(|width| *width > 0);
        // https://no-color.org: whatever it holds, unless it is empty.
        let colour = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Screen { width, colour }
    }
}

const GAP: &str = "  ";
const RESET: &str = "\x1b[0m";

pub fn render(columns: &[Column], rows: &[Row], header: bool, screen: Screen) -> String {
    let cell = |row: &Row, at: usize| {
        let value = row.get(at).map_or(Cow::Borrowed(""), |value| columns[at].kind.human(value));
        // A terminal does what control characters say.
        one_line(&value)
    };
    let cells: Vec<Vec<String>> =
        rows.iter().map(|row| (0..columns.len()).map(|at| cell(row, at)).collect()).collect();
    let mut widths: Vec<usize> =
        columns.iter().map(|column| if header { column.name.width() } else { 0 }).collect();
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let mut text = String::new();
    if header {
        let names: Vec<_> = columns.iter().map(|column| column.name.to_string()).collect();
        line(&names, columns, &widths, screen, &|_, _| None, &mut text);
    }
    for (row, cells) in rows.iter().zip(&cells) {
        let colour = |at: usize, cell: &str| colour(&columns[at], row.get(at).unwrap_or(cell));
        line(cells, columns, &widths, screen, &colour, &mut text);
    }
    text
}

fn line(
    cells: &[String],
    columns: &[Column],
    widths: &[usize],
    screen: Screen,
    colour: &dyn Fn(usize, &str) -> Option<&'static str>,
    out: &mut String,
) {
    let mut left = screen.width.unwrap_or(usize::MAX);
    let start = out.len();
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let gap = if at == 0 { "" } else { GAP };
        let pad = " ".repeat(width - cell.width());
        let (before, after) = if columns[at].kind.is_number() { (&*pad, "") } else { ("", &*pad) };
        let colour = colour(at, cell).filter(|_| screen.colour);
        push(&[gap, before], &mut left, out);
        out.extend(colour);
        push(&[cell], &mut left, out);
        out.extend(colour.map(|_| RESET));
        push(&[after], &mut left, out);
    }
    let end = out[start..].trim_end_matches(' ').len();
    out.truncate(start + end);
    out.push('\n');
}

/// As much as there is room for.
fn push(parts: &[&str], left: &mut usize, out: &mut String) {
    for c in parts.iter().flat_map(|part| part.chars()) {
        let width = c.width().unwrap_or(0);
        if width > *left {
            *left = 0;
            return;
        }
        *left -= width;
        out.push(c);
    }
}

/// Health and state by their colours.
fn colour(column: &Column, value: &str) -> Option<&'static str> {
    let (green, yellow, red) = ("\x1b[32m", "\x1b[33m", "\x1b[31m");
    match (&*column.name, value) {
        ("health" | "status", "green") | ("state", "STARTED") | ("status", "SUCCESS") => Some(green),
        ("health" | "status", "yellow")
        | ("state", "RELOCATING" | "INITIALIZING")
        | ("status", "PARTIAL" | "IN_PROGRESS") => Some(yellow),
        ("health" | "status", "red") | ("state", "UNASSIGNED") | ("status", "FAILED" | "INCOMPATIBLE") => {
            Some(red)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::rows::column::shown;
    use crate::cli::rows::kind::Kind;

    fn table(header: bool, screen: Screen) -> String {
        let columns = [
            shown("health", Kind::Text, ""),
            shown("index", Kind::Text, ""),
            shown("store.size", Kind::Bytes, ""),
        ];
        let rows = [["green", "журнал", "1319413953331"], ["red", "a\u{1b}[2J", "512"], ["", "日本", ""]];
        let rows = rows.map(|cells| {
            let mut row = Row::new(3);
            cells.iter().enumerate().for_each(|(at, cell)| row.take(at, &columns[at], cell));
            row
        });
        render(&columns, &rows, header, screen)
    }

    #[test]
    fn columns_are_aligned_and_numbers_have_units() {
        let shown = "health  index       store.size\n\
                     green   журнал           1.2TB\n\
                     red     a\\u{1b}[2J        512B\n        日本\n";
        assert_eq!(table(true, Screen::default()), shown);
        assert!(table(false, Screen::default()).starts_with("green  журнал"));
    }

    #[test]
    fn a_terminal_shows_colours_and_lines_that_fit() {
        let screen = Screen { width: Some(11), colour: true };
        let lines = table(true, screen);
        let lines: Vec<_> = lines.lines().collect();
        assert_eq!(lines[0], "health  ind");
        assert_eq!(lines[1], "\u{1b}[32mgreen\u{1b}[0m   жур");
        assert!(lines[2].starts_with("\u{1b}[31mred\u{1b}[0m"));
        assert_eq!(lines[3], "        日");
    }
}
