//! `repo show`, `repo list`, `repo verify`: looking, without changing anything.

use es_core::cli::Exit;
use es_core::cli::rows::{Fields, Kind, Row, put, shown};
use es_core::http::mask;

use super::fault::cure;
use crate::args::{ListRepos, ShowRepo, VerifyRepo};
use crate::cluster::{Cluster, Shell};
use crate::error::Error;
use crate::repository::{self, Repository, text};

pub(super) fn show(args: &ShowRepo, shell: Shell<'_>) -> Result<Exit, Error> {
    let (cluster, name) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let found = Repository::get(&cluster, &name)?;
    let fields = settings_fields();
    args.look.print(fields.shown(), &settings(&found, &fields), shell.stop)?;
    Ok(Exit::Done)
}

pub(super) fn settings_fields() -> Fields {
    Fields::new(vec![
        shown("setting", Kind::Text, "the name"),
        shown("value", Kind::Text, "masked where it is a secret"),
    ])
}

/// The type first.
pub(super) fn settings(repository: &Repository, fields: &Fields) -> Vec<Row> {
    let row = |key: &str, value: &str| {
        let value = mask::shown(key, value).into_owned();
        put(fields, [("setting", Some(key.to_owned())), ("value", Some(value))])
    };
    let mut rows = vec![row("type", &repository.kind)];
    rows.extend(repository.settings.iter().map(|(key, value)| row(key, &text(value))));
    rows
}

pub(super) fn list(args: &ListRepos, shell: Shell<'_>) -> Result<Exit, Error> {
    let (cluster, pattern) = Cluster::open_any(&args.shared.conn, &args.pattern, shell)?;
    let pattern = if pattern.is_empty() { "_all" } else { &pattern };
    let fields = Fields::new(vec![
        shown("repository", Kind::Text, "the name"),
        shown("type", Kind::Text, "where its files are kept"),
        shown("readonly", Kind::Flag, "whether this cluster only reads it"),
        shown("place", Kind::Text, "where its files are, as far as the settings tell"),
    ]);
    let row = |(name, repository): (&String, &Repository)| {
        put(
            &fields,
            [
                ("repository", Some(name.clone())),
                ("type", Some(repository.kind.clone())),
                ("readonly", Some(repository.is_readonly().to_string())),
                ("place", Some(repository.place())),
            ],
        )
    };
    let rows: Vec<_> = repository::all(&cluster, pattern)?.iter().map(row).collect();
    args.look.print(fields.shown(), &rows, shell.stop)?;
    Ok(Exit::Done)
}

pub(super) fn verify(args: &VerifyRepo, shell: Shell<'_>) -> Result<Exit, Error> {
    let (cluster, name) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let fields = Fields::new(vec![
        shown("node", Kind::Text, "the name of a node that can use it"),
        shown("id", Kind::Text, "the node's id"),
    ]);
    let nodes = match repository::verify(&cluster, &name) {
        Ok(nodes) => nodes,
        Err(error) => return Err(judged(error)),
    };
    let row = |(id, node): (String, String)| put(&fields, [("node", Some(node)), ("id", Some(id))]);
    let rows: Vec<_> = nodes.into_iter().map(row).collect();
    args.look.print(fields.shown(), &rows, shell.stop)?;
    Ok(Exit::Done)
}

/// The server tried, and a node could not: that is the answer of the check.
fn judged(error: Error) -> Error {
    match error.refusal() {
        Some(refusal) if refusal.kind == "repository_verification_exception" => {
            Error::Check { what: error.to_string(), hint: cure(&refusal.reason, "") }
        }
        Some(_) | None => error.of_reading(),
    }
}
