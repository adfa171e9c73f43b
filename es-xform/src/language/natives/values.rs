//! Builtins on any value where jq's differ from jaq's.

use std::cmp::Ordering;

use jaq_core::ValT as _;
use jaq_json::{Num, Val};
use jaq_std::ValT as _;
use memchr::memmem;

use crate::language::complaint::{kind, one, two};
use crate::language::json::{Answer, Error, Json};

pub(crate) fn length(value: &Val) -> Answer {
    match value {
        Val::Null => Ok(Json::from(0usize)),
        Val::Num(number) if number_is_negative(number) => -Json(value.clone()),
        Val::Num(_) => Ok(Json(value.clone())),
        Val::BStr(text) => Ok(Json::from(text.len())),
        Val::TStr(text) => Ok(Json::from(super::paths::boundaries(text).count() - 1)),
        Val::Arr(items) => Ok(Json::from(items.len())),
        Val::Obj(fields) => Ok(Json::from(fields.len())),
        Val::Bool(_) => Err(one(value, "has no length")),
    }
}

fn number_is_negative(number: &Num) -> bool {
    Val::Num(number.clone()).as_f64().is_some_and(f64::is_sign_negative)
}

pub(crate) fn utf8_length(value: &Val) -> Answer {
    match value {
        Val::TStr(text) => Ok(Json::from(text.len())),
        other => Err(one(other, "only strings have UTF-8 byte length")),
    }
}

pub(crate) fn has(value: &Val, key: &Val) -> Answer {
    match (value, key) {
        (Val::Null, _) => Ok(Json::from(false)),
        (Val::Obj(fields), Val::TStr(_)) => Ok(Json::from(fields.contains_key(key))),
        (Val::Arr(items), Val::Num(_)) => {
            let at = key.as_f64().filter(|at| *at > -1.0);
            Ok(Json::from(at.is_some_and(|at| (at as usize) < items.len())))
        }
        (value, key) => {
            let (value, key) = (kind(value), kind(key));
            Err(Error::str(format_args!("Cannot check whether {value} has a {key} key")))
        }
    }
}

pub(crate) fn contains(value: &Val, part: &Val) -> Answer {
    match (value, part) {
        (Val::Bool(a), Val::Bool(b)) if a != b => {
            Err(two(value, part, "cannot have their containment checked"))
        }
        (a, b) if std::mem::discriminant(a) != std::mem::discriminant(b) => {
            Err(two(value, part, "cannot have their containment checked"))
        }
        (a, b) => Ok(Json::from(is_part(a, b))),
    }
}

fn is_part(value: &Val, part: &Val) -> bool {
    match (value, part) {
        (Val::TStr(text), Val::TStr(part)) => memmem::find(text, part).is_some(),
        (Val::Arr(items), Val::Arr(parts)) => {
            parts.iter().all(|part| items.iter().any(|item| is_part(item, part)))
        }
        (Val::Obj(fields), Val::Obj(parts)) => {
            parts.iter().all(|(name, part)| fields.get(name).is_some_and(|field| is_part(field, part)))
        }
        (value, part) => value == part,
    }
}

/// Where a value is in a sorted array, or, counted down from -1, where it belongs.
pub(crate) fn bsearch(value: &Val, wanted: &Val) -> Answer {
    match value {
        Val::Arr(items) => Ok(match items.binary_search(wanted) {
            Ok(at) => Json::from(at),
            Err(at) => Json::from(-1 - at as isize),
        }),
        other => Err(one(other, "cannot be searched, as it is not an array")),
    }
}

pub(crate) fn is_normal(value: &Val) -> bool {
    matches!(value, Val::Num(_)) && value.as_f64().is_some_and(f64::is_normal)
}

/// The name of what a value is.
pub(crate) fn type_name(value: &Val) -> Json {
    Json(Val::utf8_str(kind(value)))
}

/// Numbers from one to another; a step of nothing leads nowhere.
pub(crate) fn range(from: Json, to: Json, by: Json) -> Box<dyn Iterator<Item = Answer>> {
    if [&from, &to, &by].into_iter().any(|bound| !matches!(bound.0, Val::Num(_))) {
        return Box::new(std::iter::once(Err(Error::str("Range bounds must be numeric"))));
    }
    let zero = Json::from(0isize);
    let up = match by.cmp(&zero) {
        Ordering::Equal => return Box::new(std::iter::empty()),
        order => order == Ordering::Greater,
    };
    let mut next = Some(Ok(from));
    Box::new(std::iter::from_fn(move || {
        let now = match next.take()? {
            Ok(now) => now,
            Err(error) => return Some(Err(error)),
        };
        if !(if up { now < to } else { now > to }) {
            return None;
        }
        next = Some(now.clone() + by.clone());
        Some(Ok(now))
    }))
}

/// `tostring`, of strings too: the JSON text.
pub(crate) fn json_text(value: Val) -> Json {
    match &value {
        Val::TStr(_) => Json(crate::language::value::text(&value).map_or(Val::Null, Val::utf8_str)),
        _ => Json(value).into_string(),
    }
}
