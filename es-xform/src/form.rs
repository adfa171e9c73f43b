//! The forms that records come in and go out in.

use clap::ValueEnum;
use es_core::record::kind::Kind;

use cells::Dialect;

pub(crate) mod cells;
pub(crate) mod columns;
pub(crate) mod leaving;
pub(crate) mod pairs;
pub(crate) mod rows;
pub(crate) mod sheet;
pub(crate) mod wrong;

/// What the input is read as; without it, hit lines and documents are told by the first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum From {
    /// Hit lines, as es-scroll and elasticdump write them
    Hit,
    /// Documents, one a line, whatever they look like
    Source,
    /// Pairs of an action line and a document, as for _bulk
    Bulk,
    /// Rows under a header, with commas and quotes
    Csv,
    /// Rows under a header, with tabs, \t, \n, \r and \\
    Tsv,
}

impl From {
    /// The rows that the input is made of, if it is.
    pub(crate) fn dialect(self) -> Option<Dialect> {
        match self {
            From::Csv => Some(Dialect::Csv),
            From::Tsv => Some(Dialect::Tsv),
            From::Hit | From::Source | From::Bulk => None,
        }
    }

    /// What all lines are to be, where lines are records.
    pub(crate) fn kind(self) -> Option<Kind> {
        match self {
            From::Hit => Some(Kind::Hit),
            From::Source => Some(Kind::Bare),
            From::Bulk | From::Csv | From::Tsv => None,
        }
    }

    /// Whether every record is what it is read as, whatever its keys.
    pub(crate) fn is_certain(self) -> bool {
        match self {
            From::Hit => false,
            From::Source | From::Bulk | From::Csv | From::Tsv => true,
        }
    }
}

/// What is written; without it, hit lines stay hit lines, documents stay documents, and pairs stay pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    /// Hit lines
    Hit,
    /// The documents alone, one a line
    Source,
    /// Pairs of an action line and a document, as for _bulk
    Bulk,
    /// Rows under a header, with commas and quotes
    Csv,
    /// Rows under a header, with tabs, \t, \n, \r and \\
    Tsv,
}
