//! What will be done, all checks of the command line made.

use std::time::Duration;

use es_core::cli::Expect;
use es_core::cli::rows::choice;
use es_core::cli::rows::column::{Column, shown};
use es_core::cli::rows::fields::Fields;
use es_core::cli::rows::kind::Kind;
use es_core::cli::rows::output::Format;
use es_core::cli::rows::sort::Key;
use jiff::Timestamp;

use crate::args::Args;
use crate::error::Error;
use crate::expression::Expression;
use crate::reports::{From, Report};

/// Everything but the columns, which a server may have to be asked for.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) report: &'static Report,
    /// None: a table for people.
    pub(crate) format: Option<Format>,
    pub(crate) expect: Option<Expect>,
    pub(crate) watch: Option<Duration>,
    /// To wait until something holds.
    pub(crate) waits: bool,
    pub(crate) timeout: Option<Duration>,
}

/// What becomes of the columns.
#[derive(Debug)]
pub(crate) struct Columns {
    pub(crate) fields: Fields,
    pub(crate) filter: Option<Expression>,
    pub(crate) wait_for: Option<Expression>,
    pub(crate) keys: Vec<Key>,
    /// The place of the time that rows are of.
    pub(crate) time: Option<usize>,
    pub(crate) differences: Differences,
}

/// Which counters are compared with the time before.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    /// The columns that say which row is which.
    pub(crate) keys: Vec<usize>,
    /// Places of a counter and of its difference.
    pub(crate) counters: Vec<(usize, usize)>,
}

impl Plan {
    pub(crate) fn from_args(args: &Args, terminal: bool) -> Result<Plan, Error> {
        let report = args.report;
        if args.query_string.is_some() && report.from != From::Count {
            return Err(Error::usage("-Q counts documents that match: it is for the report count"));
        }
        Ok(Plan {
            report,
            format: args.look.format(terminal),
            expect: args.expect,
            watch: args.watch,
            waits: args.wait_for.is_some(),
            timeout: args.timeout,
        })
    }

    /// The columns that are shown and those that decide, of those that there are. `redrawn`: rows replace those of the
    /// time before.
    pub(crate) fn columns(&self, args: &Args, there: &[Column], redrawn: bool) -> Result<Columns, Error> {
        let mut chosen = if args.all { there.to_vec() } else { choice::choose(&args.choice, there)? };
        let mut time = None;
        if self.watch.is_some() {
            chosen = with_differences(chosen);
            if !redrawn {
                // A report may have a time of its own, and each name is one column.
                let taken = there.iter().any(|column| column.name == "time");
                chosen.insert(0, ours(if taken { "at" } else { "time" }.into(), Kind::Time));
                time = Some(0);
            }
        }
        let mut fields = Fields::new(chosen);
        let differences =
            if self.watch.is_some() { differences(&mut fields, there) } else { Differences::default() };
        let now = Timestamp::now();
        let mut parse = |option: &str, text: &Option<String>| -> Result<Option<Expression>, Error> {
            let Some(text) = text else { return Ok(None) };
            let mut find = |name: &str| {
                let column = choice::find(name, there)?;
                Ok((fields.need(column), column.clone()))
            };
            let parsed = Expression::parse(text, &mut find, now);
            parsed.map(Some).map_err(|why| Error::usage(format!("{option} {text}: {why}")))
        };
        let filter = parse("--where", &args.filter)?;
        let wait_for = parse("--wait-for", &args.wait_for)?;
        let keys = choice::keys(&args.sort, there, &mut fields)?;
        Ok(Columns { fields, filter, wait_for, keys, time, differences })
    }
}

/// A column that no server is asked for.
fn ours(name: String, kind: Kind) -> Column {
    Column { name: name.into(), names: Some(&[]), ..shown("", kind, "") }
}

/// Behind each counter the column of its difference.
fn with_differences(chosen: Vec<Column>) -> Vec<Column> {
    let pairs = chosen.into_iter().map(|column| {
        let difference = column.counter.then(|| ours(format!("{}.diff", column.name), column.kind));
        [Some(column), difference]
    });
    pairs.flatten().flatten().collect()
}

fn differences(fields: &mut Fields, there: &[Column]) -> Differences {
    let counters: Vec<_> = fields
        .shown()
        .iter()
        .enumerate()
        .filter(|(_, column)| column.counter)
        .map(|(at, _)| (at, at + 1))
        .collect();
    if counters.is_empty() {
        return Differences::default();
    }
    let keys = there.iter().filter(|column| column.key).map(|column| fields.need(column)).collect();
    Differences { keys, counters }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn columns(line: &str) -> Result<Vec<String>, String> {
        let args = Args::parse_from(["es-cat"].into_iter().chain(line.split_whitespace()));
        let plan = Plan::from_args(&args, false).map_err(|e| e.to_string())?;
        let columns = plan.columns(&args, &args.report.columns(), false).map_err(|e| e.to_string())?;
        Ok(columns.fields.shown().iter().map(|column| column.name.to_string()).collect())
    }

    #[test]
    fn columns_are_chosen_and_added() {
        for (line, names) in [
            ("repositories", "id type"),
            ("repositories -c type", "type"),
            ("repositories -c type,id,type", "type id"),
            ("nodeattrs -c +pid", "node host ip attr value pid"),
            ("nodeattrs -c +pid,+node", "node host ip attr value pid"),
            ("nodeattrs -c pid,+node", "pid node"),
            ("indices -c index,pri.merges.total", "index pri.merges.total"),
            ("thread_pool -c name,rejected --watch 1s", "time name rejected rejected.diff"),
            ("recovery -c index,time --where time>60000 --watch 1s", "at index time"),
        ] {
            assert_eq!(columns(line).unwrap().join(" "), names, "{line}");
        }
    }

    #[test]
    fn what_there_is_not_names_what_was_meant() {
        for (line, meant) in [
            ("indices -c docs.counts", "`docs.count`"),
            ("indices -c size", "size`"),
            ("indices -s store.sise:desc", "`store.size`"),
            ("indices -s store.size:down", "neither asc nor desc"),
            ("indices --where dosc.deleted>1", "`docs.deleted`"),
            ("indices -c zzzzzzz", "no column `zzzzzzz`; there are "),
            ("indices -Q a:b", "for the report count"),
        ] {
            let error = columns(line).unwrap_err();
            assert!(error.contains(meant), "{line}: {error}");
        }
    }
}
