//! jq's order over JSON texts: null, false, true, numbers, strings, arrays, objects. Integers compare exactly,
//! whatever their length; where a number has a fraction or an exponent, both compare as 64-bit floats, as in the
//! full language. Strings compare by code point.

use std::cmp::Ordering;

use es_core::record::scan::unescape;
use jaq_json::{Num, read};

use crate::fault::Fault;
use crate::language::value;

/// What a value is, in jq's words and order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Type {
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}

impl Type {
    pub(crate) fn of(text: &[u8]) -> Type {
        match text.first() {
            Some(b'{') => Type::Object,
            Some(b'[') => Type::Array,
            Some(b'"') => Type::String,
            Some(b't') => Type::True,
            Some(b'f') => Type::False,
            Some(b'n') | None => Type::Null,
            Some(_) => Type::Number,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Type::Null => "null",
            Type::False | Type::True => "boolean",
            Type::Number => "number",
            Type::String => "string",
            Type::Array => "array",
            Type::Object => "object",
        }
    }

    /// With its article, for messages.
    pub(crate) fn a_name(self) -> &'static str {
        match self {
            Type::Null => "null",
            Type::False | Type::True => "a boolean",
            Type::Number => "a number",
            Type::String => "a string",
            Type::Array => "an array",
            Type::Object => "an object",
        }
    }
}

/// How two JSON texts compare.
pub(crate) fn order(left: &[u8], right: &[u8]) -> Result<Ordering, Fault> {
    let (a, b) = (Type::of(left), Type::of(right));
    Ok(match a.cmp(&b) {
        Ordering::Equal => match a {
            Type::Null | Type::False | Type::True => Ordering::Equal,
            Type::Number => numbers(left, right),
            Type::String => unescape(inner(left)).cmp(&unescape(inner(right))),
            Type::Array | Type::Object => value::parse(left)?.cmp(&value::parse(right)?),
        },
        different @ (Ordering::Less | Ordering::Greater) => different,
    })
}

fn inner(string: &[u8]) -> &[u8] {
    &string[1..string.len() - 1]
}

fn numbers(left: &[u8], right: &[u8]) -> Ordering {
    match (small_integer(left), small_integer(right)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => number(left).cmp(&number(right)),
    }
}

fn small_integer(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if digits.len() > 18 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let size = digits.iter().fold(0, |n, digit| n * 10 + i64::from(digit - b'0'));
    Some(if digits.len() < text.len() { -size } else { size })
}

fn number(text: &[u8]) -> Num {
    read::parse_single_num(text).unwrap_or(Num::Float(f64::NAN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_order_as_in_jq_and_values_within_them() {
        let rising: [&str; 18] = [
            "null",
            "false",
            "true",
            "-123456789012345678901234567890",
            "-1",
            "0",
            "1",
            "1.5",
            "9007199254740992",
            "9007199254740993",
            "123456789012345678901234567890",
            "1e300",
            r#""""#,
            r#""A""#,
            r#""\u0061""#,
            r#""é""#,
            "[1]",
            "{}",
        ];
        for (i, a) in rising.iter().enumerate() {
            for (j, b) in rising.iter().enumerate() {
                assert_eq!(order(a.as_bytes(), b.as_bytes()).unwrap(), i.cmp(&j), "{a} {b}");
            }
        }
    }

    #[test]
    fn equal_values_need_not_be_equal_texts() {
        for (a, b) in
            [("1", "1.0"), ("100", "1E2"), ("-0", "0.0"), (r#""\u0041\/""#, r#""A/""#), ("[1, 2]", "[1,2.0]")]
        {
            assert_eq!(order(a.as_bytes(), b.as_bytes()).unwrap(), Ordering::Equal, "{a} {b}");
        }
    }
}
