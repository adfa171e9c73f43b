//! Which documents are asked for, from the options that say so.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::fd::AsFd;

use es_core::cli::Error;
use es_core::record::Stop;
use es_core::record::stop::Wake;
use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use serde_json::value::RawValue;

use crate::args::Args;

/// The parts of a search body that may be given; the others would change what a dump is.
const ALLOWED: [&str; 3] = ["query", "_source", "runtime_mappings"];

/// What to search for.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pub(crate) filters: Vec<Box<RawValue>>,
    pub(crate) members: Vec<(String, Box<RawValue>)>,
}

impl Query {
    pub(crate) fn from_args(args: &Args, now: Timestamp, stop: &Stop) -> Result<Query, Error> {
        let mut query = Query::default();
        if let Some(body) = &args.query {
            query.add_body(&body_text(body, stop)?)?;
        }
        if let Some(text) = &args.query_string {
            query.filters.push(raw(&json!({ "query_string": { "query": text } }))?);
        }
        query.add_times(args, now)?;
        let (includes, excludes) = (&args.source_includes, &args.source_excludes);
        let parts = !includes.is_empty() || !excludes.is_empty();
        if args.ids || parts {
            if query.members.iter().any(|(name, _)| name == "_source") {
                return Err(usage("both the search body and an option choose the fields of documents"));
            }
            let source =
                if parts { json!({ "includes": includes, "excludes": excludes }) } else { json!(false) };
            query.members.push(("_source".into(), raw(&source)?));
        }
        Ok(query)
    }

    fn add_body(&mut self, text: &str) -> Result<(), Error> {
        let body: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(text).map_err(|e| usage(&format!("--query is not a search body: {e}")))?;
        for (name, value) in body {
            match name.as_str() {
                "query" => self.filters.push(value),
                name if ALLOWED.contains(&name) => self.members.push((name.to_owned(), value)),
                name => return Err(usage(&format!("--query holds `{name}`: {}", refusal(name)))),
            }
        }
        Ok(())
    }

    fn add_times(&mut self, args: &Args, now: Timestamp) -> Result<(), Error> {
        let mut range = serde_json::Map::new();
        for (bound, option, text) in [("gte", "--since", &args.since), ("lt", "--until", &args.until)] {
            if let Some(text) = text {
                let time = moment(text, now).ok_or_else(|| {
                    usage(&format!("{option} {text}: a time is 7d (ago), 2016-04-01 or 2016-04-01T12:00:00Z"))
                })?;
                range.insert(bound.into(), json!(time.to_string()));
            }
        }
        if !range.is_empty() {
            range.insert("format".into(), json!("strict_date_optional_time"));
            self.filters.push(raw(&json!({ "range": { args.time_field.as_str(): range } }))?);
        }
        Ok(())
    }
}

fn refusal(name: &str) -> &'static str {
    match name {
        "size" | "from" => "all documents are read; --max-docs N limits them, --page-size N the pages",
        "sort" | "search_after" => "documents come in the order in which they are read fastest",
        "aggs" | "aggregations" | "collapse" => "it does not choose documents",
        "slice" | "pit" => "es-scroll divides the work itself",
        _ => "only query, _source and runtime_mappings are taken",
    }
}

fn body_text(option: &str, stop: &Stop) -> Result<String, Error> {
    let read = |name: &str, result: io::Result<String>| {
        result.map_err(|e| usage(&format!("--query: cannot read {name}: {e}")))
    };
    match option.strip_prefix('@') {
        None => Ok(option.to_owned()),
        Some("-") => read("standard input", stdin_text(stop)),
        Some(file) => read(file, std::fs::read_to_string(file)),
    }
}

/// All of standard input, unless the run is to end before.
fn stdin_text(stop: &Stop) -> io::Result<String> {
    let mut stdin = io::stdin().lock();
    // Not smaller than the buffer of `stdin`, so that nothing is left in it while we wait for more.
    let (mut bytes, mut part) = (Vec::new(), vec![0; 64 << 10]);
    loop {
        if stop.wait_readable(stdin.as_fd())? == Wake::Stopped {
            return Err(io::ErrorKind::Interrupted.into());
        }
        match stdin.read(&mut part)? {
            0 => return String::from_utf8(bytes).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e)),
            n => bytes.extend_from_slice(&part[..n]),
        }
    }
}

/// `7d` before now, a day, or a moment. A time without a zone is UTC, as the servers take it.
fn moment(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(ago) = es_core::record::size::parse_time(text) {
        return now.checked_sub(ago).ok();
    }
    let local = |text: &str| text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    text.parse().ok().or_else(|| Some(local(text)?.timestamp()))
}

fn raw(value: &serde_json::Value) -> Result<Box<RawValue>, Error> {
    RawValue::from_string(value.to_string()).map_err(|e| usage(&e.to_string()))
}

fn usage(text: &str) -> Error {
    Error::Usage(text.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn query(args: &[&str]) -> Result<(Vec<String>, Vec<String>), Error> {
        let args = Args::parse_from([&["es-scroll", "logs"], args].concat());
        let now = "2016-04-08T00:00:00Z".parse().unwrap();
        let query = Query::from_args(&args, now, &Stop::new().unwrap())?;
        let members = query.members.iter().map(|(name, value)| format!("{name}={value}"));
        Ok((query.filters.iter().map(ToString::to_string).collect(), members.collect()))
    }

    #[test]
    fn options_become_filters_and_members() {
        let (filters, members) = query(&[
            "-d",
            r#"{"query":{"term":{"n":18446744073709551616}},"_source":["a"]}"#,
            "-Q",
            "a:\"b\"",
            "--since",
            "7d",
            "--until",
            "2016-04-02",
        ])
        .unwrap();
        assert_eq!(
            filters,
            [
                r#"{"term":{"n":18446744073709551616}}"#,
                r#"{"query_string":{"query":"a:\"b\""}}"#,
                r#"{"range":{"@timestamp":{"format":"strict_date_optional_time","gte":"2016-04-01T00:00:00Z","lt":"2016-04-02T00:00:00Z"}}}"#,
            ]
        );
        assert_eq!(members, [r#"_source=["a"]"#]);
        assert_eq!(query(&["--ids"]).unwrap().1, ["_source=false"]);
        assert_eq!(
            query(&["--source-includes", "a,b"]).unwrap().1,
            [r#"_source={"excludes":[],"includes":["a","b"]}"#]
        );
    }

    #[test]
    fn what_would_change_the_dump_is_refused_with_the_reason() {
        for (args, part) in [
            (&["-d", r#"{"size":3}"#][..], "--max-docs"),
            (&["-d", r#"{"aggs":{}}"#], "does not choose documents"),
            (&["-d", "[1]"], "not a search body"),
            (&["-d", "@/no/such/file"], "cannot read"),
            (&["-d", r#"{"_source":[]}"#, "--ids"], "choose the fields"),
            (&["--since", "yesterday"], "a time is"),
        ] {
            let error = query(args).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
