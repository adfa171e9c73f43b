//! Builtins on strings where jq's differ from jaq's.

use es_core::server::wildcard;
use jaq_json::{Num, Val, read};
use jaq_std::ValT as _;

use crate::language::complaint::{self, one};
use crate::language::json::{Answer, Error, Json};
use crate::language::natives::paths;
use crate::language::value;

/// The reader of JSON goes no deeper than the servers do.
const DEEPEST: usize = es_core::record::scan::MAX_DEPTH as usize;

pub(crate) fn trimmed_left(value: Val, prefix: &Val) -> Val {
    match (&value, prefix) {
        (Val::TStr(text), Val::TStr(prefix)) if text.starts_with(prefix) => {
            Val::utf8_str(text.slice(prefix.len()..))
        }
        _ => value,
    }
}

pub(crate) fn trimmed_right(value: Val, suffix: &Val) -> Val {
    match (&value, suffix) {
        (Val::TStr(text), Val::TStr(suffix)) if text.ends_with(suffix) => {
            Val::utf8_str(text.slice(..text.len() - suffix.len()))
        }
        _ => value,
    }
}

pub(crate) fn starts(value: &Val, prefix: &Val) -> Answer {
    match (value, prefix) {
        (Val::TStr(text), Val::TStr(prefix)) => Ok(Json::from(text.starts_with(prefix))),
        _ => Err(Error::str("startswith() requires string inputs")),
    }
}

pub(crate) fn ends(value: &Val, suffix: &Val) -> Answer {
    match (value, suffix) {
        (Val::TStr(text), Val::TStr(suffix)) => Ok(Json::from(text.ends_with(suffix))),
        _ => Err(Error::str("endswith() requires string inputs")),
    }
}

pub(crate) fn split(value: Val, separator: Val) -> Answer {
    match (&value, &separator) {
        (Val::TStr(_), Val::TStr(_)) => Json(value) / Json(separator),
        _ => Err(Error::str("split input and separator must be strings")),
    }
}

pub(crate) fn join(value: &Val, separator: &Val) -> Answer {
    let add = |left: Json, right: Json| left + right;
    let items = match value {
        Val::Arr(items) => items.to_vec(),
        Val::Obj(fields) => fields.values().cloned().collect(),
        other => return Err(complaint::cannot_iterate(other)),
    };
    let mut joined = Vec::new();
    for (i, item) in items.into_iter().enumerate() {
        let so_far = |joined: &[u8]| Json(Val::utf8_str(joined.to_vec()));
        match separator {
            _ if i == 0 => {}
            Val::TStr(separator) => joined.extend_from_slice(separator),
            Val::Null => {}
            other => return add(so_far(&joined), Json(other.clone())),
        }
        match item {
            Val::Null => {}
            Val::TStr(text) => joined.extend_from_slice(&text),
            item @ (Val::Bool(_) | Val::Num(_)) => {
                value::write(&item, &mut joined).map_err(Error::str)?;
            }
            other => return add(so_far(&joined), Json(other)),
        }
    }
    Ok(Json(Val::utf8_str(joined)))
}

/// Where a text or a value occurs; places in a text are characters.
pub(crate) fn indices(value: &Val, wanted: &Val) -> Answer {
    match (value, wanted) {
        (Val::TStr(text), Val::TStr(wanted)) => {
            let starts = paths::boundaries(text).enumerate();
            let found = starts.filter(|(_, at)| !wanted.is_empty() && text[*at..].starts_with(wanted));
            Ok(Json(found.map(|(character, _)| Val::from(character)).collect()))
        }
        (Val::Arr(_), Val::Arr(_)) => paths::step(value, wanted).map(Json),
        (Val::Arr(items), wanted) => {
            let found = items.iter().enumerate().filter(|(_, item)| *item == wanted);
            Ok(Json(found.map(|(at, _)| Val::from(at)).collect()))
        }
        (value, wanted) => paths::step(value, wanted).map(Json),
    }
}

/// Whether a name is what a pattern of names says.
pub(crate) fn matches(name: &Val, pattern: &Val) -> Answer {
    match (name, pattern) {
        (Val::TStr(name), Val::TStr(pattern)) => {
            let text = |bytes| std::str::from_utf8(bytes).ok();
            let matches = text(pattern).zip(text(name)).is_some_and(|(p, n)| wildcard::matches(p, n));
            Ok(Json::from(matches))
        }
        _ => Err(Error::str("a pattern of names must be a string")),
    }
}

pub(crate) fn implode(value: &Val) -> Answer {
    let Val::Arr(codes) = value else { return Err(Error::str("implode input must be an array")) };
    let mut text = String::new();
    for code in codes.iter() {
        let number = match code {
            Val::Num(_) => code.as_f64().filter(|number| !number.is_nan()),
            _ => None,
        };
        let number =
            number.ok_or_else(|| one(code, "can't be imploded, unicode codepoint needs to be numeric"))?;
        let character = if number < 0.0 { None } else { char::from_u32(number as u32) };
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    Ok(Json::text(text))
}

pub(crate) fn number(value: Val) -> Answer {
    let wrong = |value: &Val| one(value, "cannot be parsed as a number");
    match &value {
        Val::Num(_) => Ok(Json(value)),
        Val::TStr(text) => match text.trim_ascii() {
            b"nan" => Ok(Json::from(f64::NAN)),
            digits => match read::parse_single_num(digits) {
                Some(Num::Float(_)) | None => Err(wrong(&value)),
                Some(number) => Ok(Json(Val::Num(number))),
            },
        },
        other => Err(wrong(other)),
    }
}

pub(crate) fn from_json(value: &Val) -> Answer {
    let Val::TStr(text) = value else { return Err(one(value, "only strings can be parsed")) };
    if let Some(rest) = text.trim_ascii().strip_prefix(b"nan")
        && rest.iter().all(u8::is_ascii_digit)
    {
        return Ok(Json::from(f64::NAN));
    }
    let shown = || String::from_utf8_lossy(text).into_owned();
    if depth(text) > DEEPEST {
        return Err(Error::str(format_args!(
            "Exceeds depth limit for parsing (while parsing '{}')",
            shown()
        )));
    }
    match value::parse(text) {
        Ok(value) => Ok(Json(value)),
        Err(why) => Err(Error::str(format_args!("{why} (while parsing '{}')", shown()))),
    }
}

/// How deep arrays and objects nest.
fn depth(text: &[u8]) -> usize {
    let (mut now, mut most, mut within_string) = (0usize, 0, false);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => within_string = !within_string,
            b'\\' if within_string => _ = bytes.next(),
            b'[' | b'{' if !within_string => now += 1,
            b']' | b'}' if !within_string => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}
