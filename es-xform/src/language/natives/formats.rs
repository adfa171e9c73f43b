//! The `@` formats that make a row or a text of a value.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use es_core::record::tsv;
use jaq_json::{Num, Val};

use crate::language::complaint::one;
use crate::language::json::{Answer, Error, Json};
use crate::language::value;

/// As jq: what stands after a `=`, and bits that make no byte, are not looked at.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(crate) fn csv(value: &Val) -> Answer {
    let quoted = |text: &[u8], line: &mut Vec<u8>| quote(text, b'"', b"\"\"", line);
    row(items(value, "cannot be csv-formatted, only array")?, b',', quoted)
}

pub(crate) fn tsv(value: &Val) -> Answer {
    row(items(value, "cannot be tsv-formatted, only array")?, b'\t', tsv::escape)
}

pub(crate) fn sh(value: &Val) -> Answer {
    let items = items(value, "").unwrap_or(std::slice::from_ref(value));
    let quoted = |text: &[u8], line: &mut Vec<u8>| quote(text, b'\'', b"'\\''", line);
    joined(items, b' ', quoted, |item, line| scalar(item, line, "can not be escaped for shell"))
}

fn items<'v>(value: &'v Val, wrong: &str) -> Result<&'v [Val], Error> {
    match value {
        Val::Arr(items) => Ok(items),
        other => Err(one(other, wrong)),
    }
}

/// A row of cells; null and what is no number are empty ones.
fn row(items: &[Val], delimiter: u8, text: impl Fn(&[u8], &mut Vec<u8>)) -> Answer {
    joined(items, delimiter, text, |item, line| match is_nothing(item) {
        true => Ok(()),
        false => scalar(item, line, "is not valid in a csv row"),
    })
}

fn joined(
    items: &[Val],
    delimiter: u8,
    text: impl Fn(&[u8], &mut Vec<u8>),
    other: impl Fn(&Val, &mut Vec<u8>) -> Result<(), Error>,
) -> Answer {
    let mut line = Vec::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            line.push(delimiter);
        }
        match item {
            Val::TStr(string) => text(string, &mut line),
            item => other(item, &mut line)?,
        }
    }
    Ok(Json(Val::utf8_str(line)))
}

fn scalar(item: &Val, line: &mut Vec<u8>, wrong: &str) -> Result<(), Error> {
    match item {
        Val::Null | Val::Bool(_) | Val::Num(_) => value::write(item, line).map_err(Error::str),
        other => Err(one(other, wrong)),
    }
}

fn is_nothing(item: &Val) -> bool {
    match item {
        Val::Null => true,
        Val::Num(Num::Float(number)) => number.is_nan(),
        _ => false,
    }
}

/// A text between quotes, those within it written as `escaped`.
fn quote(text: &[u8], mark: u8, escaped: &[u8], line: &mut Vec<u8>) {
    line.push(mark);
    for byte in text {
        match *byte == mark {
            true => line.extend_from_slice(escaped),
            false => line.push(*byte),
        }
    }
    line.push(mark);
}

/// Of a text; what it decodes to becomes text, whatever it is.
pub(crate) fn base64_decoded(value: &Val) -> Answer {
    let Val::TStr(text) = value else { return Err(one(value, "is not valid base64 data")) };
    let coded = text.split(|byte| *byte == b'=').next().unwrap_or_default();
    match BASE64.decode(coded) {
        Ok(bytes) => Ok(Json::text(String::from_utf8_lossy(&bytes))),
        Err(base64::DecodeError::InvalidLength(_)) => Err(one(value, "trailing base64 byte found")),
        Err(_) => Err(one(value, "is not valid base64 data")),
    }
}
