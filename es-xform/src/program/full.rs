//! What a program is run as where it is no list of edits.

/// What `.` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// The document; `._index`, `._id` and `._routing` are the docinfo beside it.
    Document,
    /// The whole line.
    Line,
}

/// A program for the full language.
#[derive(Debug)]
pub(crate) struct Full {
    /// The program as it is compiled: operators that jaq and jq understand differently are calls to our definitions.
    pub(crate) text: String,
    /// Whether it works on the pair of document and docinfo.
    pub(crate) paired: bool,
    /// The tables that it takes as a whole, not only row by row.
    pub(crate) whole_tables: Vec<String>,
}
