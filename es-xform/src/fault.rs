//! Why a record could not be handled. It goes to the rejects with this reason; the run goes on.

use es_core::record::scan::Broken;

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
            Fault::Program(_) => "program_error",
            Fault::SameRecord => "same_record",
            Fault::Grown => "too_large",
            Fault::NotText => "invalid_utf8",
            Fault::TooLong { .. } => "line_too_long",
        }
    }
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Fault {
        Fault::Malformed(broken)
    }
}
