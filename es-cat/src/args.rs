//! What was typed.

use std::time::Duration;

use clap::Parser;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use es_core::cli::rows::Look;
use es_core::cli::{Conn, Expect, Talk};
use es_core::record::size::parse_time;

use crate::reports::{self, Report};

/// Print reports of a cluster as data that sort and awk get right
///
/// What the servers' _cat shows, with the same columns in the same order on every version: bytes, milliseconds and
/// plain numbers, times in UTC, nothing where there is nothing. CSV into a pipe, a table with units on a terminal.
#[derive(Debug, Parser)]
#[command(name = "es-cat", version, after_long_help = examples(), max_term_width = 98)]
pub(crate) struct Args {
    /// What to show
    #[arg(value_name = "REPORT", value_parser = report())]
    pub(crate) report: &'static Report,

    /// Which indices (aliases, nodes, pools, repositories), such as 'logs-*'; may be a URL
    ///
    /// Without a server it is that of --url, ES_URL or a profile; without names it is all. Hidden indices are shown
    /// with --hidden or when a pattern begins with a dot.
    #[arg(value_name = "PATTERN")]
    pub(crate) pattern: Option<String>,

    /// Only these columns, in this order; +NAME adds one to what there is
    #[arg(short = 'c', value_name = "COLUMN,...", value_delimiter = ',', help_heading = "Columns")]
    pub(crate) choice: Vec<String>,

    /// All columns that the server has
    #[arg(long, conflicts_with = "choice", help_heading = "Columns")]
    pub(crate) all: bool,

    /// List the columns of the report, with types; no server is asked
    #[arg(long, conflicts_with_all = ["choice", "all"], help_heading = "Columns")]
    pub(crate) columns: bool,

    /// Fail if the server lacks a column, instead of leaving it empty with a warning
    #[arg(long, hide_short_help = true, help_heading = "Columns")]
    pub(crate) strict: bool,

    /// Sort by these columns, each ascending unless :desc follows
    ///
    /// Numbers, sizes and times are sorted by what they are worth; what is missing comes last.
    #[arg(short, long, value_name = "COLUMN[:desc],...", value_delimiter = ',', help_heading = "Rows")]
    pub(crate) sort: Vec<String>,

    /// Only rows for which this holds, such as 'store.size > 10GB'
    ///
    /// Or 'docs.deleted > 1000 and index =~ "^logs-"'.
    /// Tests are == != < <= > >=, and =~ !~ with a regular expression; and, or, not and brackets join them. Texts stand
    /// in quotes. Sizes, times and percentages may have their units; 2016-04-01 is a day, 7d the time seven days ago.
    #[arg(long = "where", value_name = "EXPRESSION", help_heading = "Rows")]
    pub(crate) filter: Option<String>,

    /// Only the first rows, after sorting
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub(crate) top: Option<usize>,

    /// Hidden indices too
    #[arg(long, hide_short_help = true, help_heading = "Rows")]
    pub(crate) hidden: bool,

    /// Of the report count: only documents that match 'status:500'
    #[arg(short = 'Q', long, value_name = "QUERY", help_heading = "Rows")]
    pub(crate) query_string: Option<String>,

    /// So many rows there must be, else exit with 4
    ///
    /// RANGE is N, N.., ..M or N..M; --top does not count.
    #[arg(long, value_name = "RANGE", conflicts_with = "watch", help_heading = "Waiting")]
    pub(crate) expect: Option<Expect>,

    /// Ask again every TIME
    ///
    /// On a terminal the table is drawn anew. Into a pipe rows are added, with the time as their first column: `time`, or
    /// `at` in a report that has a time of its own. Counters have a second column NAME.diff: how much they grew since
    /// the time before.
    #[arg(long, value_name = "TIME", value_parser = parse_time, help_heading = "Waiting")]
    pub(crate) watch: Option<Duration>,

    /// Ask until this holds for every row, then show them
    ///
    /// No rows at all is not enough. The rows are those of --where; with --expect there must be as many as it says.
    #[arg(long, value_name = "EXPRESSION", help_heading = "Waiting")]
    pub(crate) wait_for: Option<String>,

    /// Give up waiting after TIME, with status 6 [default: never]
    #[arg(long, value_name = "TIME", value_parser = parse_time, requires = "wait_for", help_heading = "Waiting")]
    pub(crate) timeout: Option<Duration>,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) conn: Conn,

    #[command(flatten)]
    pub(crate) talk: Talk,
}

fn report() -> impl TypedValueParser<Value = &'static Report> {
    let names = reports::ALL.map(|report| PossibleValue::new(report.name).help(report.about));
    PossibleValuesParser::new(names).try_map(|name| reports::find(&name).ok_or("no such report"))
}

/// One for each report.
fn examples() -> String {
    let examples = reports::ALL.map(|report| format!("\n  {}", report.example));
    format!("Examples:{}", examples.concat())
}
