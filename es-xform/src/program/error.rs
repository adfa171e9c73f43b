//! Why a program is refused before the first record.

#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum Error {
    #[error("the program, line {line}, column {column}: {what}")]
    Syntax { line: usize, column: usize, what: String },
    #[error("the program uses `{0}`: a record is all there is to see, and a record is all that comes out")]
    Refused(String),
    #[error("the program names `._source`")]
    Source,
    #[error("the program names `.{0}`, which is the server's to set")]
    ServersOwn(String),
    #[error(
        "`{0}` in {1}: whether it stands for the docinfo cannot be told, as `.` may be something else there"
    )]
    Unclear(String, String),
    #[error("the program: {what} `{name}` is not defined")]
    Undefined { what: String, name: String },
    #[error("the program: `{0}` cannot be the key of an object")]
    Key(String),
    #[error("{0}: not a JSON value")]
    NotJson(String),
    #[error("the variable `${0}` is given twice")]
    Twice(String),
    #[error("the program makes a variable `${0}` of its own, which is a table")]
    Shadowed(String),
    /// A fault of ours.
    #[error("the definitions that es-xform brings along cannot be read")]
    Prelude,
}

impl Error {
    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Error::Source => {
                Some("`.` is the document itself: write `.title` for `._source.title`, or use --whole")
            }
            Error::ServersOwn(_) => Some("--whole makes the whole line `.`, with every key of it"),
            Error::Unclear(..) => Some("bind it first: `._id as $id | …`"),
            Error::Syntax { .. }
            | Error::Refused(_)
            | Error::Undefined { .. }
            | Error::Key(_)
            | Error::NotJson(_)
            | Error::Twice(_)
            | Error::Shadowed(_)
            | Error::Prelude => None,
        }
    }
}
