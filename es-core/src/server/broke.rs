//! Why a page was not read to its end.

use std::io;

#[derive(Debug)]
pub(super) enum Broke {
    /// The connection: what was given so far is sound, if the head was judged.
    Read(io::Error),
    /// The answer ends in the middle though the connection says it is whole.
    Short,
    /// It is not what a search answers.
    Malformed(String),
    /// The head says that this page is less than it should be; no hit was given.
    Trouble(String),
    /// The same, found after hits were given.
    LateTrouble(String),
    /// Whoever takes the hits wants no more.
    Halted,
}
