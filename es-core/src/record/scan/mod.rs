//! Finds where JSON values and the fields of objects begin and end, without decoding or building anything, so that
//! documents can be moved as the bytes they are. Grammar is checked where it looks: names, scalars and punctuation
//! of the levels that are walked; inside a value that is stepped over, only strings, brackets and nesting count.
//! The rest of a document is the server's to judge.

mod broken;
mod ends;
mod simd;
mod text;
mod walk;

pub use broken::{Broken, MAX_DEPTH};
pub use ends::{container_end_portable, space_end, string_end, value_end};
pub use text::{is_name, is_string, not_utf8, unescape};
pub use walk::{Field, Fields, Items, Named};
