//! A JSON text that lies somewhere else.

/// Where bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    Line,
    Constants,
    /// Text made while the record was edited.
    Scratch,
}

/// A JSON text somewhere. No record is longer than 4 GB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) home: Home,
    pub(crate) start: u32,
    pub(crate) end: u32,
}
