//! Why a record could not be handled. It goes to the rejects with this reason; the run goes on.

use es_core::record::scan::Broken;

use crate::form::wrong::Wrong;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("no record: {0}")]
    Malformed(Broken),
    #[error("a {found} among {expected}")]
    OtherKind { found: &'static str, expected: &'static str },
    #[error("unknown key `{0}` beside `_source`")]
    UnknownKey(String),
    #[error("`{0}` is there twice")]
    Twice(String),
    #[error("neither `_index` nor `_id` is left")]
    NoDocinfo,
    #[error("nothing of the refused record is left to read: {0}")]
    NothingLeft(&'static str),
    #[error("`{name}` is {kind}, not {wanted}")]
    WrongType { name: &'static str, kind: &'static str, wanted: &'static str },
    #[error("cannot index {kind} with \"{name}\"")]
    Index { kind: &'static str, name: String },
    #[error("cannot iterate over {kind}")]
    Iterate { kind: &'static str },
    #[error("cannot rename {from}: {to} is there already")]
    Clash { from: String, to: String },
    #[error("the action is `{0}`, which brings no whole document to edit")]
    NotWhole(&'static str),
    #[error("the document of this action is missing")]
    NoDocument,
    #[error("`{0}` of the action has no place in this form; --to bulk keeps it")]
    NoPlace(String),
    #[error("there is no `_source` to write")]
    NoSource,
    #[error(transparent)]
    Row(#[from] Wrong),
    #[error("column {0} is not in the header, which the first record made: pick() the columns")]
    NoColumn(String),
    #[error("there is no field to make a column of")]
    NoColumns,
    #[error("the table {table} has no key {key}")]
    NoRow { table: String, key: String },
    #[error("{0}")]
    Program(String),
    #[error("several outputs with one `_index` and `_id`: they would overwrite each other")]
    SameRecord,
    #[error("the record grows beyond 4 GB")]
    Grown,
    #[error("invalid UTF-8")]
    NotText,
    #[error("a line of {length} bytes is longer than --max-line")]
    TooLong { length: u64 },
}

impl Fault {
    /// The word for it in the rejects, by which they can be counted.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Fault::Malformed(_) => "malformed",
            Fault::OtherKind { .. } => "other_kind",
            Fault::UnknownKey(_) => "unknown_key",
            Fault::Twice(_) => "twice",
            Fault::NoDocinfo => "no_docinfo",
            Fault::NothingLeft(_) => "nothing_left",
            Fault::WrongType { .. } => "wrong_type",
            Fault::Index { .. } => "cannot_index",
            Fault::Iterate { .. } => "cannot_iterate",
            Fault::Clash { .. } => "clash",
            Fault::NotWhole(_) | Fault::NoDocument => "no_document",
            Fault::NoPlace(_) => "no_place",
            Fault::NoSource => "no_source",
            Fault::Row(Wrong::NotText) => "invalid_utf8",
            Fault::Row(_) => "malformed_row",
            Fault::NoColumn(_) | Fault::NoColumns => "no_column",
            Fault::NoRow { .. } => "no_row",
            Fault::Program(_) => "program_error",
            Fault::SameRecord => "same_record",
            Fault::Grown => "too_large",
            Fault::NotText => "invalid_utf8",
            Fault::TooLong { .. } => "line_too_long",
        }
    }
}

impl Fault {
    /// A look into a table that found nothing; `key` is a JSON text, of which the beginning is told.
    pub(crate) fn no_row(table: &str, key: &str) -> Fault {
        let key = match key.char_indices().nth(100) {
            Some((end, _)) => format!("{}…", &key[..end]),
            None => key.to_owned(),
        };
        Fault::NoRow { table: table.to_owned(), key }
    }
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Fault {
        Fault::Malformed(broken)
    }
}
