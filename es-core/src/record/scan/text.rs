//! What is written between quotes, and whether it may be.

use std::borrow::Cow;

/// Whether the name between the quotes of a document means `wanted`, escapes decoded.
#[inline]
pub fn is_name(raw: &[u8], wanted: &[u8]) -> bool {
    raw == wanted || (raw.contains(&b'\\') && unescape(raw).as_ref() == wanted)
}

/// The text of a JSON string (without its quotes), escapes decoded. A lone surrogate becomes the three bytes that
/// UTF-8 forbids for it, so that it equals itself and no text.
pub fn unescape(raw: &[u8]) -> Cow<'_, [u8]> {
    if !raw.contains(&b'\\') {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&c) = raw.get(at) {
        at += 1;
        if c != b'\\' {
            out.push(c);
            continue;
        }
        let escape = raw.get(at).copied().unwrap_or(b'\\');
        at += 1;
        match escape {
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'u' => {
                let Some(high) = hex4(raw, at) else {
                    out.push(b'u');
                    continue;
                };
                at += 4;
                let low = match raw.get(at..at + 2) {
                    Some(b"\\u") if (0xd800..0xdc00).contains(&high) => {
                        hex4(raw, at + 2).filter(|low| (0xdc00..0xe000).contains(low))
                    }
                    _ => None,
                };
                let code = match low {
                    Some(low) => {
                        at += 6;
                        0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
                    }
                    None => high,
                };
                push_code(&mut out, code);
            }
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

fn hex4(raw: &[u8], at: usize) -> Option<u32> {
    let digits = raw.get(at..at + 4)?;
    digits.iter().try_fold(0, |code, &d| Some(code << 4 | char::from(d).to_digit(16)?))
}

fn push_code(out: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => {
            let low = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
            out.extend_from_slice(&[0xe0 | (code >> 12) as u8, low(6), low(0)]);
        }
    }
}

/// Where a text stops being UTF-8, if it does.
#[inline]
pub fn not_utf8(text: &[u8]) -> Option<usize> {
    match simdutf8::basic::from_utf8(text) {
        Ok(_) => None,
        Err(_) => std::str::from_utf8(text).err().map(|e| e.valid_up_to()),
    }
}

/// Whether `value` is a whole JSON string as RFC 8259 defines it: no bare control characters, known escapes, UTF-8.
#[inline]
pub fn is_string(value: &[u8]) -> bool {
    let [b'"', text @ .., b'"'] = value else { return false };
    // Most names are plain, which takes no branch a byte to see.
    let odd = |byte: &u8| !(0x20..0x7f).contains(byte) || matches!(byte, b'"' | b'\\');
    !text.iter().fold(false, |any, byte| any | odd(byte)) || is_odd_string(text)
}

fn is_odd_string(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(&c) = text.get(at) {
        at += 1;
        match c {
            0..0x20 | b'"' => return false,
            b'\\' => {
                at += match text.get(at) {
                    Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 1,
                    Some(b'u') if hex4(text, at + 1).is_some() => 5,
                    _ => return false,
                };
            }
            _ => {}
        }
    }
    not_utf8(text).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_lone_surrogates_stay_apart() {
        assert_eq!(unescape(br"\u00e9\/\ud83d\ude00\n").as_ref(), "é/😀\n".as_bytes());
        assert_eq!(unescape(br"\ud800x").as_ref(), b"\xed\xa0\x80x");
        assert_ne!(unescape(br"\ud800").as_ref(), unescape(br"\ud801").as_ref());
    }

    #[test]
    fn a_string_is_judged_whole() {
        for good in [r#""""#, r#""a\u00e9\\\"""#, r#""\ud800""#] {
            assert!(is_string(good.as_bytes()), "{good}");
        }
        for bad in ["\"a\nb\"", r#""\x""#, r#""\u12""#, r#""a"b""#, "a", "\"", r#""\""#] {
            assert!(!is_string(bad.as_bytes()), "{bad}");
        }
        assert!(!is_string(b"\"\xff\""));
    }
}
