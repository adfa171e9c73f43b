//! What can be wrong with rows and their header.

use super::cells;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Wrong {
    #[error(transparent)]
    Cell(#[from] cells::Wrong),
    #[error("column {0} has no name")]
    NoName(usize),
    #[error("the column {0} is there twice")]
    Twice(String),
    #[error("a row of {found} cell{} under a header of {wanted}", if *.found == 1 { "" } else { "s" })]
    Cells { found: usize, wanted: usize },
    #[error("invalid UTF-8")]
    NotText,
    #[error("a header longer than --max-line")]
    TooLong,
    #[error("`_routing` without `_index` or `_id`")]
    LoneRouting,
}
