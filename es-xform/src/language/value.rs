//! Documents as jaq's values, in and out. Numbers keep their text; a lone surrogate, which is no text, travels as
//! the three bytes that UTF-8 forbids for it.

use std::borrow::Cow;

use es_core::record::scan::{self, MAX_DEPTH};
use jaq_json::{Num, Val, read};

use crate::fault::Fault;

/// Reads a JSON text.
pub(crate) fn parse(text: &[u8]) -> Result<Val, Fault> {
    if std::str::from_utf8(text).is_err() {
        return Err(Fault::NotText);
    }
    read::parse_single(&without_lone_surrogates(text)).map_err(|e| Fault::Program(format!("not JSON: {e}")))
}

/// The text with every escaped surrogate that has no partner as raw bytes; jaq cannot read it otherwise.
fn without_lone_surrogates(text: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &text[at..]) {
        let escape = at + found;
        match surrogate(text, escape) {
            Some(high @ 0xd800..0xdc00) if matches!(surrogate(text, escape + 6), Some(0xdc00..)) => {
                debug_assert!(high < 0xdc00);
                at = escape + 12;
            }
            Some(code) => {
                out.extend_from_slice(&text[copied..escape]);
                out.extend([0xed, 0x80 | (code >> 6 & 0x3f) as u8, 0x80 | (code & 0x3f) as u8]);
                at = escape + 6;
                copied = at;
            }
            None => at = (escape + 2).min(text.len()),
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.extend_from_slice(&text[copied..]);
    Cow::Owned(out)
}

/// The surrogate that the escape at `at` stands for.
fn surrogate(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let code = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (0xd800..=0xdfff).contains(&code).then_some(code)
}

/// How a value that is to be computed with says that it is no number; [`parse`] reads it.
pub(crate) const NAN: &[u8] = b"NaN";

/// Appends a value as JSON text.
///
/// # Errors
/// For what JSON cannot say, and for nesting that no server takes.
pub(crate) fn write(value: &Val, out: &mut Vec<u8>) -> Result<(), Fault> {
    write_within(value, MAX_DEPTH, b"null", out)
}

/// The text of a value that is to be computed with: what is no number is [`NAN`].
pub(crate) fn unfinished_text(value: &Val) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    write_within(value, MAX_DEPTH, NAN, &mut out)?;
    Ok(out)
}

/// Makes JSON of unfinished text, from `start` on.
pub(crate) fn finish(text: &mut Vec<u8>, start: usize) {
    let unfinished = text.split_off(start);
    let mut rest = &unfinished[..];
    while let Some(at) = memchr::memchr2(b'"', b'N', rest) {
        if rest[at] == b'"' {
            let end = scan::string_end(rest, at + 1).unwrap_or(rest.len());
            text.extend_from_slice(&rest[..end]);
            rest = &rest[end..];
        } else {
            text.extend_from_slice(&rest[..at]);
            text.extend_from_slice(b"null");
            rest = rest.get(at + NAN.len()..).unwrap_or_default();
        }
    }
    text.extend_from_slice(rest);
}

fn write_within(value: &Val, depth: u32, nan: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
    let deeper = || {
        depth.checked_sub(1).ok_or_else(|| Fault::Program(format!("nested deeper than {MAX_DEPTH} levels")))
    };
    match value {
        Val::Null => out.extend_from_slice(b"null"),
        Val::Bool(true) => out.extend_from_slice(b"true"),
        Val::Bool(false) => out.extend_from_slice(b"false"),
        // As jq writes them.
        Val::Num(Num::Float(number)) if number.is_nan() => out.extend_from_slice(nan),
        Val::Num(Num::Float(number)) if number.is_infinite() => {
            let largest: &[u8] = b"1.7976931348623157e+308";
            if *number < 0.0 {
                out.push(b'-');
            }
            out.extend_from_slice(largest);
        }
        Val::Num(Num::Float(number)) => out.extend_from_slice(float(*number).as_bytes()),
        Val::Num(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Val::TStr(text) => write_string(text, out),
        Val::BStr(_) => return Err(Fault::Program("a byte string is no JSON value".to_owned())),
        Val::Arr(items) => {
            let depth = deeper()?;
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_within(item, depth, nan, out)?;
            }
            out.push(b']');
        }
        Val::Obj(fields) => {
            let depth = deeper()?;
            out.push(b'{');
            for (i, (name, value)) in fields.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                match name {
                    Val::TStr(name) => write_string(name, out),
                    _ => return Err(Fault::Program("an object key that is no string".to_owned())),
                }
                out.push(b':');
                write_within(value, depth, nan, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

/// A computed number as jq writes it: the fewest digits that mean it, `3` for three.
fn float(number: f64) -> String {
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let digits = digits.replace('.', "");
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (point, count) = (exponent + 1, digits.len() as i32);
    if point <= -4 || point > count + 15 {
        let fraction = if count > 1 { format!(".{}", &digits[1..]) } else { String::new() };
        let plus = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{}{fraction}e{plus}{:02}", &digits[..1], exponent.abs());
    }
    match usize::try_from(point) {
        Ok(0) | Err(_) => format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        Ok(point) if point >= digits.len() => format!("{sign}{digits}{}", "0".repeat(point - digits.len())),
        Ok(point) => format!("{sign}{}.{}", &digits[..point], &digits[point..]),
    }
}

/// Appends a text as a JSON string. Of what is no UTF-8, only lone surrogates are known.
pub(crate) fn write_string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text;
    loop {
        let (plain, special) = rest.split_at(plain_length(rest));
        out.extend_from_slice(plain);
        let mut length = 1;
        match special {
            [] => break,
            [b'"', ..] => out.extend_from_slice(b"\\\""),
            [b'\\', ..] => out.extend_from_slice(b"\\\\"),
            [b'\n', ..] => out.extend_from_slice(b"\\n"),
            [b'\r', ..] => out.extend_from_slice(b"\\r"),
            [b'\t', ..] => out.extend_from_slice(b"\\t"),
            [0xed, high @ 0xa0..=0xbf, low @ 0x80..=0xbf, ..] => {
                let surrogate = 0xd000 | u16::from(high & 0x3f) << 6 | u16::from(low & 0x3f);
                out.extend_from_slice(format!("\\u{surrogate:04x}").as_bytes());
                length = 3;
            }
            [control @ 0..0x20, ..] => out.extend_from_slice(format!("\\u{control:04x}").as_bytes()),
            [letter, ..] => out.push(*letter),
        }
        rest = &special[length..];
    }
    out.push(b'"');
}

/// How many bytes stand for themselves in a JSON string, up to the first that does not, or begins what may be a lone
/// surrogate.
fn plain_length(text: &[u8]) -> usize {
    // No `||` and no early end within a chunk: so the compiler looks at all of it in one go.
    let special = |byte: &u8| (*byte < 0x20) | (*byte == b'"') | (*byte == b'\\') | (*byte == 0xed);
    let (chunks, _) = text.as_chunks::<16>();
    let plain = chunks.iter().take_while(|chunk| !chunk.iter().fold(false, |any, byte| any | special(byte)));
    let plain = plain.count() * 16;
    plain + text[plain..].iter().take_while(|byte| !special(byte)).count()
}

/// The text of an error that a program raised.
pub(crate) fn message(value: Val) -> String {
    let text = match &value {
        Val::TStr(text) => String::from_utf8_lossy(text).into_owned(),
        other => other.to_string(),
    };
    match text.char_indices().nth(300) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// Whether two values are one and the same, not merely equal: then the bytes of the first still say it.
pub(crate) fn is_same(a: &Val, b: &Val) -> bool {
    match (a, b) {
        (Val::Obj(a), Val::Obj(b)) => jaq_json::Rc::ptr_eq(a, b),
        (Val::Null, Val::Null) => true,
        _ => false,
    }
}

/// A value as JSON text.
pub(crate) fn text(value: &Val) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    write(value, &mut out)?;
    Ok(out)
}

/// A field of an object.
pub(crate) fn field<'v>(value: &'v Val, name: &str) -> Option<&'v Val> {
    match value {
        Val::Obj(fields) => fields.get(&Val::utf8_str(name.to_owned())),
        Val::Null | Val::Bool(_) | Val::Num(_) | Val::BStr(_) | Val::TStr(_) | Val::Arr(_) => None,
    }
}

/// What a value is, for messages.
pub(crate) fn kind(value: &Val) -> &'static str {
    match value {
        Val::Null => "null",
        Val::Bool(_) => "a boolean",
        Val::Num(_) => "a number",
        Val::BStr(_) | Val::TStr(_) => "a string",
        Val::Arr(_) => "an array",
        Val::Obj(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computed_numbers_are_written_as_jq_writes_them() {
        let table = [
            (3.0, "3"),
            (-0.5, "-0.5"),
            (0.0, "0"),
            (-0.0, "-0"),
            (1234.5, "1234.5"),
            (1e17, "1e+17"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (0.000123, "0.000123"),
            (1e15, "1000000000000000"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::NAN, "null"),
            (f64::NEG_INFINITY, "-1.7976931348623157e+308"),
        ];
        for (number, said) in table {
            assert_eq!(String::from_utf8(text(&Val::from(number)).unwrap()).unwrap(), said);
        }
    }

    #[test]
    fn a_text_is_escaped_wherever_that_is_needed() {
        let table = [
            ("\"", r#"\""#),
            ("\\", r"\\"),
            ("\n\r\t", r"\n\r\t"),
            ("\u{1f}\u{0}", r"\u001f\u0000"),
            ("/\u{7f}é\u{2028}", "/\u{7f}é\u{2028}"),
            // Their first byte is that of a surrogate, too.
            ("\u{d7ff}힣", "\u{d7ff}힣"),
        ];
        for (what, said) in table {
            for before in 0..40 {
                let (before, after) = ("a".repeat(before), "b".repeat(20));
                let mut out = Vec::new();
                write_string(format!("{before}{what}{what}{after}").as_bytes(), &mut out);
                assert_eq!(String::from_utf8(out).unwrap(), format!("\"{before}{said}{said}{after}\""));
            }
        }
        for (bytes, said) in [(&b"a\xed\xa0\x80b"[..], r#""a\ud800b""#), (b"\xed\xbf\xbf", r#""\udfff""#)] {
            let mut out = Vec::new();
            write_string(bytes, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), said);
        }
        // What only begins like one swallows nothing.
        for bytes in [&b"\xed\xa0A"[..], b"\xed\xa0\xed\xa0", b"\xed"] {
            let mut out = Vec::new();
            write_string(bytes, &mut out);
            assert_eq!(out[1..out.len() - 1], *bytes);
        }
    }
}
