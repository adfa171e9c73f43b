//! Errors in jq's words: programs can see them, in `catch`.

use jaq_json::Val;

use super::json::{Error, Json};
use super::value;

/// How much of a value a message shows, in bytes, dots included.
const SHOWN: usize = 14;

pub(crate) fn kind(value: &Val) -> &'static str {
    match value {
        Val::Null => "null",
        Val::Bool(_) => "boolean",
        Val::Num(_) => "number",
        Val::BStr(_) | Val::TStr(_) => "string",
        Val::Arr(_) => "array",
        Val::Obj(_) => "object",
    }
}

/// `number (12)`, cut where it is long.
fn shown(value: &Val) -> String {
    let text = String::from_utf8_lossy(&value::text(value).unwrap_or_default()).into_owned();
    let text = match text.len() > SHOWN {
        true => {
            let whole = |at: &usize| text.is_char_boundary(*at);
            format!("{}...", &text[..(0..=SHOWN - 3).rev().find(whole).unwrap_or(0)])
        }
        false => text,
    };
    format!("{} ({text})", kind(value))
}

/// What is wrong with a value.
pub(crate) fn one(value: &Val, why: &str) -> Error {
    Error::str(format_args!("{} {why}", shown(value)))
}

/// What is wrong with two values together.
pub(crate) fn two(left: &Val, right: &Val, why: &str) -> Error {
    Error::str(format_args!("{} and {} {why}", shown(left), shown(right)))
}

pub(crate) fn cannot_index(value: &Val, step: &Val) -> Error {
    match step {
        Val::TStr(name) if name.len() < 30 => {
            let name = String::from_utf8_lossy(name);
            Error::str(format_args!("Cannot index {} with string \"{name}\"", kind(value)))
        }
        step => Error::str(format_args!("Cannot index {} with {}", kind(value), kind(step))),
    }
}

pub(crate) fn cannot_iterate(value: &Val) -> Error {
    Error::str(format_args!("Cannot iterate over {}", shown(value)))
}

/// An error of jaq's functions, which speak of plain values.
pub(crate) fn plain(error: jaq_json::Error) -> Error {
    Error::new(Json(error.into_val()))
}
