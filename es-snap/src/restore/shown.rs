//! What `restore` prints: a preview, and the indices that it has made.

use es_core::cli::rows::{Column, Fields, Kind as Is, Row, put, shown};
use es_core::record::sink::Sink;

use super::follow::{Expected, Followed};
use super::preview::Item;
use crate::args::Restore;
use crate::cluster::Shell;
use crate::error::Error;

/// What would be made.
pub(crate) fn print_preview(args: &Restore, items: &[Item], shell: Shell<'_>) -> Result<(), Error> {
    let columns = vec![
        shown("index", Is::Text, "in the snapshot"),
        shown("target", Is::Text, "what it becomes"),
        shown("exists", Is::Text, "what has this name"),
    ];
    let fields = Fields::new(columns);
    let row = |item: &Item| {
        let exists = item.there.map(|there| there.name().to_owned());
        put(
            &fields,
            [("index", Some(item.index.clone())), ("target", Some(item.target.clone())), ("exists", exists)],
        )
    };
    let rows: Vec<_> = items.iter().map(row).collect();
    Ok(args.how.look.print(fields.shown(), &rows, shell.stop)?)
}

/// Names alone, unless a format is asked for.
pub(crate) fn print_result(
    args: &Restore,
    shell: Shell<'_>,
    expected: &[Expected],
    items: &[Item],
    followed: &Followed,
    documents: Option<&[u64]>,
) -> Result<(), Error> {
    if args.how.look.format(true).is_none() && !args.how.look.table {
        return print_names(expected.iter().map(|expected| expected.target.as_str()), shell);
    }
    let fields = Fields::new(result_columns());
    let rows: Vec<Row> = expected
        .iter()
        .enumerate()
        .map(|(place, Expected { target, .. })| {
            let source = items.iter().find(|item| item.target == *target).map(|item| item.index.clone());
            let standing = followed.standings.get(target);
            let millis = standing.map_or(0, |standing| standing.millis);
            put(
                &fields,
                [
                    ("index", source),
                    ("target", Some(target.clone())),
                    ("shards", standing.map(|standing| standing.shards.to_string())),
                    ("docs", documents.and_then(|documents| documents.get(place)).map(u64::to_string)),
                    ("seconds", Some(format!("{}.{:03}", millis / 1000, millis % 1000))),
                ],
            )
        })
        .collect();
    Ok(args.how.look.print(fields.shown(), &rows, shell.stop)?)
}

fn result_columns() -> Vec<Column> {
    vec![
        shown("index", Is::Text, "in the snapshot"),
        shown("target", Is::Text, "what it has become"),
        shown("shards", Is::Int, "how many primary shards it has"),
        shown("docs", Is::Int, "how many documents it has"),
        shown("seconds", Is::Number, "how long it took"),
    ]
}

pub(crate) fn print_names<'a>(names: impl Iterator<Item = &'a str>, shell: Shell<'_>) -> Result<(), Error> {
    let text: String = names.flat_map(|name| [name, "\n"]).collect();
    Ok(Sink::stdout(shell.stop)?.write(text.as_bytes())?)
}
