//! What will be done, all checks of the command line made.

use std::time::Duration;

use es_core::cli::Expect;
use jiff::Timestamp;

use crate::args::Args;
use crate::column::{Column, shown};
use crate::error::Error;
use crate::expression::Expression;
use crate::fields::Fields;
use crate::kind::Kind;
use crate::output::Format;
use crate::reports::{From, Report};
use crate::sort::Key;

/// How rows are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Data(Format),
    Table,
}

/// Everything but the columns, which a server may have to be asked for.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) report: &'static Report,
    pub(crate) look: Look,
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
        let look = match (args.csv, args.tsv, args.json, args.table) {
            (true, _, _, _) => Look::Data(Format::Csv),
            (_, true, _, _) => Look::Data(Format::Tsv),
            (_, _, true, _) => Look::Data(Format::Json),
            (_, _, _, true) => Look::Table,
            (false, false, false, false) if terminal => Look::Table,
            (false, false, false, false) => Look::Data(Format::Csv),
        };
        Ok(Plan {
            report,
            look,
            expect: args.expect,
            watch: args.watch,
            waits: args.wait_for.is_some(),
            timeout: args.timeout,
        })
    }

    /// The columns that are shown and those that decide, of those that there are. `redrawn`: rows replace those of the
    /// time before.
    pub(crate) fn columns(&self, args: &Args, there: &[Column], redrawn: bool) -> Result<Columns, Error> {
        let mut chosen = choose(args, there)?;
        let mut time = None;
        if self.watch.is_some() {
            chosen = with_differences(chosen);
            if !redrawn {
                chosen.insert(0, ours("time".into(), Kind::Time));
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
                let column = there.iter().find(|column| column.name == name);
                let column = column.ok_or_else(|| unknown(name, there))?;
                Ok((fields.need(column), column.clone()))
            };
            let parsed = Expression::parse(text, &mut find, now);
            parsed.map(Some).map_err(|why| Error::usage(format!("{option} {text}: {why}")))
        };
        let filter = parse("--where", &args.filter)?;
        let wait_for = parse("--wait-for", &args.wait_for)?;
        let keys = args.sort.iter().map(|key| sort_key(key, there, &mut fields)).collect::<Result<_, _>>()?;
        Ok(Columns { fields, filter, wait_for, keys, time, differences })
    }
}

/// A column that no server is asked for.
fn ours(name: String, kind: Kind) -> Column {
    Column { name: name.into(), names: Some(&[]), ..shown("", kind, "") }
}

fn choose(args: &Args, there: &[Column]) -> Result<Vec<Column>, Error> {
    if args.all {
        return Ok(there.to_vec());
    }
    let (added, only): (Vec<_>, Vec<_>) =
        args.choice.iter().map(|name| name.trim()).partition(|name| name.starts_with('+'));
    let mut chosen: Vec<Column> = Vec::new();
    if only.is_empty() {
        chosen.extend(there.iter().filter(|column| column.shown).cloned());
    }
    for name in only.into_iter().chain(added.into_iter().map(|name| &name[1..])) {
        let column = there.iter().find(|column| column.name == name);
        let column = column.ok_or_else(|| Error::usage(format!("-c: {}", unknown(name, there))))?;
        if !chosen.iter().any(|other| other.name == column.name) {
            chosen.push(column.clone());
        }
    }
    Ok(chosen)
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

fn sort_key(typed: &str, there: &[Column], fields: &mut Fields) -> Result<Key, Error> {
    let (name, direction) = typed.trim().split_once(':').unwrap_or((typed.trim(), "asc"));
    let descending = match direction {
        "asc" => false,
        "desc" => true,
        other => return Err(Error::usage(format!("--sort {typed}: `{other}` is neither asc nor desc"))),
    };
    let column = there.iter().find(|column| column.name == name);
    let column = column.ok_or_else(|| Error::usage(format!("--sort: {}", unknown(name, there))))?;
    Ok(Key { place: fields.need(column), descending })
}

/// With the column that was likely meant.
fn unknown(name: &str, there: &[Column]) -> String {
    let likeness = |column: &&Column| {
        let part = column.name.split('.').any(|part| part == name) || name.contains(&*column.name);
        strsim::normalized_damerau_levenshtein(name, &column.name) + if part { 0.4 } else { 0.0 }
    };
    let nearest = there.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let nearest = nearest.filter(|column| likeness(column) > 0.5);
    let meant = nearest.map_or(String::new(), |column| format!(", did you mean `{}`", column.name));
    format!("there is no column `{name}`{meant}; --columns lists them, --all takes what the server has")
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
            ("indices -c zzzzzzz", "no column `zzzzzzz`; --columns"),
            ("indices -Q a:b", "for the report count"),
        ] {
            let error = columns(line).unwrap_err();
            assert!(error.contains(meant), "{line}: {error}");
        }
    }
}
