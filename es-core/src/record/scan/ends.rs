//! Where JSON values end.

use memchr::memchr2;

use super::broken::{Broken, malformed, stray_backslash};
use super::simd;

/// The first index from `at` on that holds no JSON white space.
#[inline]
pub fn space_end(b: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = b.get(at) {
        at += 1;
    }
    at
}

/// The index after the value that starts at `at`, which may nest `depth` levels.
///
/// A number at the very end of the slice is [`Broken::More`]: its next digit may be missing.
#[inline(always)]
pub fn value_end(b: &[u8], at: usize, depth: u32) -> Result<usize, Broken> {
    match b.get(at) {
        Some(b'"') => string_end(b, at + 1),
        _ => other_end(b, at, depth),
    }
}

/// Of a value that is no string.
#[inline(never)]
fn other_end(b: &[u8], at: usize, depth: u32) -> Result<usize, Broken> {
    match b.get(at) {
        None => Err(Broken::More),
        Some(b'"') => string_end(b, at + 1),
        Some(b'{' | b'[') if depth == 0 => Err(Broken::TooDeep { at }),
        Some(b'{' | b'[') => simd::container_end(b, at + 1, depth, container_end_portable),
        Some(b't') => literal_end(b, at, b"true"),
        Some(b'f') => literal_end(b, at, b"false"),
        Some(b'n') => literal_end(b, at, b"null"),
        Some(b'-' | b'0'..=b'9') => number_end(b, at),
        Some(_) => malformed(at, "no JSON value"),
    }
}

/// The index after the closing quote of the string whose opening quote is before `at`.
#[inline]
pub fn string_end(b: &[u8], mut at: usize) -> Result<usize, Broken> {
    // Names and most values end within a few blocks; only beyond them does the call of a faster search pay.
    for _ in 0..4 {
        let Some(block) = b.get(at..).and_then(|rest| rest.first_chunk()) else { break };
        match simd::string_mark(block) {
            None => at += block.len(),
            Some(mark) if block[mark] == b'"' => return Ok(at + mark + 1),
            Some(mark) => at += mark + 2,
        }
    }
    long_string_end(b, at)
}

fn long_string_end(b: &[u8], mut at: usize) -> Result<usize, Broken> {
    loop {
        let rest = b.get(at..).ok_or(Broken::More)?;
        let found = at + memchr2(b'"', b'\\', rest).ok_or(Broken::More)?;
        if b[found] == b'"' {
            return Ok(found + 1);
        }
        at = found + 2;
    }
}

fn literal_end(b: &[u8], at: usize, text: &'static [u8]) -> Result<usize, Broken> {
    let found = &b[at..b.len().min(at + text.len())];
    if found == text {
        Ok(at + text.len())
    } else if text.starts_with(found) {
        Err(Broken::More)
    } else {
        malformed(at, "no JSON value")
    }
}

fn number_end(b: &[u8], start: usize) -> Result<usize, Broken> {
    let digits = |mut at: usize| {
        let first = at;
        while let Some(b'0'..=b'9') = b.get(at) {
            at += 1;
        }
        match b.get(at) {
            None => Err(Broken::More),
            Some(_) if at == first => malformed(start, "bad number"),
            Some(_) => Ok(at),
        }
    };
    let mut at = start + usize::from(b[start] == b'-');
    at = match b.get(at) {
        Some(b'0') if at + 1 < b.len() => at + 1,
        _ => digits(at)?,
    };
    if b[at] == b'.' {
        at = digits(at + 1)?;
    }
    if let b'e' | b'E' = b[at] {
        let sign = usize::from(matches!(b.get(at + 1), Some(b'+' | b'-')));
        at = digits(at + 1 + sign)?;
    }
    match b[at] {
        b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t' => Ok(at),
        _ => malformed(start, "bad number"),
    }
}

/// The portable search for the end of an object or array whose opening bracket is before `at`: the benchmarks weigh
/// the vectorised one against it.
///
/// # Errors
/// As [`value_end`].
pub fn container_end_portable(b: &[u8], mut at: usize, limit: u32) -> Result<usize, Broken> {
    let mut depth = 1;
    while let Some(&c) = b.get(at) {
        at += 1;
        match c {
            b'"' => at = string_end(b, at)?,
            b'\\' => return Err(stray_backslash(at - 1)),
            b'{' | b'[' if depth == limit => return Err(Broken::TooDeep { at: at - 1 }),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Ok(at);
                }
            }
            _ => {}
        }
    }
    Err(Broken::More)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::MAX_DEPTH;
    use super::*;

    fn end(text: &str) -> Result<usize, Broken> {
        value_end(text.as_bytes(), 0, MAX_DEPTH)
    }

    #[test]
    fn values_end_where_json_says() {
        for (text, len) in [
            (r#""a\"b" "#, 6),
            (r#"{"a":[1,"]}"],"b":{}}x"#, 21),
            ("[]", 2),
            ("true,", 4),
            ("null}", 4),
            ("-0.0,", 4),
            ("1E5]", 3),
            ("0}", 1),
            ("123456789012345678901234567890 ", 30),
            (r#"{"a":"\\"}"#, 10),
        ] {
            assert_eq!(end(text), Ok(len), "{text}");
        }
        for text in ["01,", "1.,", "-,", "+1,", "tru,", "nul}", ".5,", "1e,", "1x,", "'a'", "}"] {
            assert!(matches!(end(text), Err(Broken::Malformed { .. })), "{text}");
        }
        for text in ["", "\"a", "\"a\\", "{", "[1,2", "tru", "12", "-", "1.", "1e", "{\"a\":\"}"] {
            assert_eq!(end(text), Err(Broken::More), "{text}");
        }
    }

    #[test]
    fn nesting_is_capped_at_the_level_that_servers_allow() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert_eq!(end(&nested(1000)), Ok(2000));
        assert_eq!(end(&nested(1001)), Err(Broken::TooDeep { at: 1000 }));
        assert_eq!(end(&nested(100_000)), Err(Broken::TooDeep { at: 1000 }));
        assert_eq!(value_end(b"{}", 0, 0), Err(Broken::TooDeep { at: 0 }));
    }

    fn json() -> impl Strategy<Value = String> {
        let text = proptest::collection::vec(
            prop_oneof![
                Just("\\\""),
                Just("\\\\"),
                Just("x"),
                Just("{"),
                Just("]"),
                Just("é"),
                Just("                ")
            ],
            0..20,
        )
        .prop_map(|parts| format!("\"{}\"", parts.concat()));
        let leaf = prop_oneof![text.clone(), Just("1.5e3".to_owned()), Just("null".to_owned())];
        leaf.prop_recursive(6, 64, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(|v| format!("[{}]", v.join(" , "))),
                proptest::collection::vec((text.clone(), inner), 0..6).prop_map(|v| {
                    let fields: Vec<_> = v.iter().map(|(k, v)| format!("{k}:{v}")).collect();
                    format!("{{{}}}", fields.join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn generated_values_end_at_their_end_and_nowhere_before(value in json()) {
            let text = format!("[{value}],tail");
            let end = text.len() - ",tail".len();
            prop_assert_eq!(value_end(text.as_bytes(), 0, MAX_DEPTH), Ok(end));
            for cut in 0..end {
                prop_assert_eq!(value_end(&text.as_bytes()[..cut], 0, MAX_DEPTH), Err(Broken::More));
            }
        }

        #[test]
        fn the_vector_scanner_equals_the_portable_one(
            bytes in proptest::collection::vec(
                prop_oneof![Just(b'"'), Just(b'\\'), Just(b'{'), Just(b'}'), Just(b'['), Just(b']'), Just(b'a'), any::<u8>()],
                0..400,
            ),
            limit in 1..8u32,
        ) {
            prop_assert_eq!(simd::container_end(&bytes, 0, limit, container_end_portable), container_end_portable(&bytes, 0, limit));
        }
    }
}
