//! The `@` formats that make a row or a text of a value.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
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

fn row(value: &Val, wrong: &str) -> Result<Vec<Val>, Error> {
    match value {
        Val::Arr(items) => Ok(items.to_vec()),
        other => Err(one(other, wrong)),
    }
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

fn escape(text: &[u8], line: &mut Vec<u8>, escaped: impl Fn(u8) -> Option<&'static [u8]>) {
    for byte in text {
        match escaped(*byte) {
            Some(escaped) => line.extend_from_slice(escaped),
            None => line.push(*byte),
        }
    }
}

pub(crate) fn csv(value: &Val) -> Answer {
    let mut line = Vec::new();
    for (i, item) in row(value, "cannot be csv-formatted, only array")?.iter().enumerate() {
        if i > 0 {
            line.push(b',');
        }
        match item {
            Val::TStr(text) => {
                line.push(b'"');
                escape(text, &mut line, |byte| (byte == b'"').then_some(b"\"\""));
                line.push(b'"');
            }
            item if is_nothing(item) => {}
            item => scalar(item, &mut line, "is not valid in a csv row")?,
        }
    }
    Ok(Json(Val::utf8_str(line)))
}

pub(crate) fn tsv(value: &Val) -> Answer {
    let mut line = Vec::new();
    for (i, item) in row(value, "cannot be tsv-formatted, only array")?.iter().enumerate() {
        if i > 0 {
            line.push(b'\t');
        }
        match item {
            Val::TStr(text) => escape(text, &mut line, |byte| match byte {
                b'\t' => Some(b"\\t"),
                b'\r' => Some(b"\\r"),
                b'\n' => Some(b"\\n"),
                b'\\' => Some(b"\\\\"),
                _ => None,
            }),
            item if is_nothing(item) => {}
            item => scalar(item, &mut line, "is not valid in a csv row")?,
        }
    }
    Ok(Json(Val::utf8_str(line)))
}

pub(crate) fn sh(value: &Val) -> Answer {
    let items = row(value, "").unwrap_or_else(|_| vec![value.clone()]);
    let mut line = Vec::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            line.push(b' ');
        }
        match item {
            Val::TStr(text) => {
                line.push(b'\'');
                escape(text, &mut line, |byte| (byte == b'\'').then_some(b"'\\''"));
                line.push(b'\'');
            }
            item => scalar(item, &mut line, "can not be escaped for shell")?,
        }
    }
    Ok(Json(Val::utf8_str(line)))
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
