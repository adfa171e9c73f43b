//! Why a text is no JSON, or not enough of it.

/// How deep a document may nest: the limit of the servers' own parser (Jackson's `StreamReadConstraints`).
pub const MAX_DEPTH: u32 = 1000;

/// Why the end of a value was not found. Offsets are indexes into the slice that was scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The bytes end inside the value: more may come where they are a stream, else they were cut off.
    More,
    Malformed {
        at: usize,
        why: &'static str,
    },
    TooDeep {
        at: usize,
    },
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Broken::More => write!(f, "it ends inside a value"),
            Broken::Malformed { at, why } => write!(f, "{why} at byte {at}"),
            Broken::TooDeep { at } => write!(f, "nested deeper than {MAX_DEPTH} levels at byte {at}"),
        }
    }
}

pub(super) const fn malformed<T>(at: usize, why: &'static str) -> Result<T, Broken> {
    Err(Broken::Malformed { at, why })
}

pub(super) const fn stray_backslash(at: usize) -> Broken {
    Broken::Malformed { at, why: "a backslash outside a string" }
}
