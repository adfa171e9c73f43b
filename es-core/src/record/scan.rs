//! Finds where JSON values and the fields of objects begin and end, without decoding or building anything, so that
//! documents can be moved as the bytes they are. Grammar is checked where it looks: names, scalars and punctuation
//! of the levels that are walked; inside a value that is stepped over, only strings, brackets and nesting count.
//! The rest of a document is the server's to judge.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr2;

use super::simd;

/// How deep a document may nest: the limit of the servers' own parser (Jackson's `StreamReadConstraints`).
pub const MAX_DEPTH: u32 = 1000;

/// Why the end of a value was not found. Offsets are indexes into the slice that was scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The bytes end inside the value: more may come where they are a stream, else they were cut off.
    More,
    Malformed {
        at: usize,
        why: &'static str,
    },
    TooDeep {
        at: usize,
    },
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Broken::More => write!(f, "it ends inside a value"),
            Broken::Malformed { at, why } => write!(f, "{why} at byte {at}"),
            Broken::TooDeep { at } => write!(f, "nested deeper than {MAX_DEPTH} levels at byte {at}"),
        }
    }
}

const fn malformed<T>(at: usize, why: &'static str) -> Result<T, Broken> {
    Err(Broken::Malformed { at, why })
}

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
        Some(b'{' | b'[') => simd::container_end(b, at + 1, depth),
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

pub(super) const fn stray_backslash(at: usize) -> Broken {
    Broken::Malformed { at, why: "a backslash outside a string" }
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

/// A field of an object: where its name is, without the quotes, and where its value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: Range<usize>,
    pub value: Range<usize>,
}

/// The name of a field, between its quotes, and where its value starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: Range<usize>,
    /// It is written without escapes.
    pub plain: bool,
    pub value: usize,
}

/// A name and its closing quote within so many bytes are found in one look.
const SHORT: usize = 16;

/// The way through the members of an object or array.
#[derive(Clone, Debug)]
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    First,
    AfterValue,
    Done,
}

impl<'a> Walk<'a> {
    /// Behind the opening bracket, which is at `at`; `none` says that there is another byte.
    #[inline]
    fn open(
        bytes: &'a [u8],
        at: usize,
        depth: u32,
        bracket: u8,
        none: &'static str,
    ) -> Result<Walk<'a>, Broken> {
        match bytes.get(at) {
            Some(byte) if *byte != bracket => malformed(at, none),
            Some(_) if depth == 0 => Err(Broken::TooDeep { at }),
            Some(_) => Ok(Walk { bytes, at: at + 1, depth: depth - 1, state: State::First }),
            None => Err(Broken::More),
        }
    }

    /// Where the next member starts; `None` after the last, which `bracket` follows.
    #[inline]
    fn next(&mut self, bracket: u8, no_comma: &'static str) -> Result<Option<usize>, Broken> {
        let at = space_end(self.bytes, self.at);
        match (self.state, self.bytes.get(at)) {
            (State::Done, _) => Ok(None),
            (_, None) => Err(Broken::More),
            (_, Some(byte)) if *byte == bracket => {
                self.at = at + 1;
                self.state = State::Done;
                Ok(None)
            }
            (State::AfterValue, Some(b',')) => Ok(Some(space_end(self.bytes, at + 1))),
            (State::AfterValue, Some(_)) => malformed(at, no_comma),
            (State::First, Some(_)) => Ok(Some(at)),
        }
    }

    #[inline]
    fn resume(&mut self, at: usize) {
        self.at = at;
        self.state = State::AfterValue;
    }
}

/// Walks the fields of one object.
#[derive(Clone, Debug)]
pub struct Fields<'a>(Walk<'a>);

impl<'a> Fields<'a> {
    /// `at` is the opening brace; the object may nest `depth` levels, itself included.
    #[inline]
    pub fn open(bytes: &'a [u8], at: usize, depth: u32) -> Result<Fields<'a>, Broken> {
        Walk::open(bytes, at, depth, b'{', "no object").map(Fields)
    }

    /// The next field; `None` after the last.
    #[inline]
    pub fn next_field(&mut self) -> Result<Option<Field>, Broken> {
        let Some(Named { name, value, .. }) = self.next_name()? else { return Ok(None) };
        let end = value_end(self.0.bytes, value, self.0.depth)?;
        self.resume(end);
        Ok(Some(Field { name, value: value..end }))
    }

    /// The name of the next field and where its value starts. Whoever calls this steps over the value and says
    /// with [`resume`](Self::resume) where it ended.
    #[inline(always)]
    pub fn next_name(&mut self) -> Result<Option<Named>, Broken> {
        match self.usual_name() {
            Some(named) => Ok(Some(named)),
            None => self.any_name(),
        }
    }

    /// A short name without escapes, with nothing around it, as machines write nearly all. `None` says nothing.
    #[inline(always)]
    fn usual_name(&self) -> Option<Named> {
        let Walk { bytes: b, at, state, .. } = self.0;
        let quote = match state {
            State::First => at,
            State::AfterValue if b.get(at) == Some(&b',') => at + 1,
            State::AfterValue | State::Done => return None,
        };
        let start = quote + 1;
        // Room for a name, its closing quote, the colon and the first byte of the value.
        let room: &[u8; SHORT + 3] = b.get(quote..)?.first_chunk()?;
        let end = simd::string_mark(room[1..].first_chunk()?)?;
        let is_usual =
            room[0] == b'"' && room[end + 1] == b'"' && room[end + 2] == b':' && room[end + 3] > b' ';
        is_usual.then(|| Named { name: start..start + end, plain: true, value: start + end + 2 })
    }

    #[inline(never)]
    fn any_name(&mut self) -> Result<Option<Named>, Broken> {
        let Some(at) = self.0.next(b'}', "no comma after a field")? else { return Ok(None) };
        let b = self.0.bytes;
        match b.get(at) {
            Some(b'"') => {}
            Some(_) => return malformed(at, "no field name"),
            None => return Err(Broken::More),
        }
        let end = string_end(b, at + 1)?;
        let colon = space_end(b, end);
        match b.get(colon) {
            Some(b':') => {
                let name = at + 1..end - 1;
                let plain = !b[name.clone()].contains(&b'\\');
                Ok(Some(Named { name, plain, value: space_end(b, colon + 1) }))
            }
            Some(_) => malformed(colon, "no colon after a field name"),
            None => Err(Broken::More),
        }
    }

    /// Goes on after the value that ends before `at`.
    #[inline]
    pub fn resume(&mut self, at: usize) {
        self.0.resume(at);
    }

    /// How many levels the values of this object may nest.
    pub fn depth(&self) -> u32 {
        self.0.depth
    }

    /// Where the walk stands: after the closing brace once it gave `None`.
    pub fn position(&self) -> usize {
        self.0.at
    }
}

/// Walks the items of one array.
#[derive(Clone, Debug)]
pub struct Items<'a>(Walk<'a>);

impl<'a> Items<'a> {
    /// `at` is the opening bracket; the array may nest `depth` levels, itself included.
    #[inline]
    pub fn open(bytes: &'a [u8], at: usize, depth: u32) -> Result<Items<'a>, Broken> {
        Walk::open(bytes, at, depth, b'[', "no array").map(Items)
    }

    /// Where the next item starts; `None` after the last. Whoever calls this steps over the item and says with
    /// [`resume`](Self::resume) where it ended.
    #[inline]
    pub fn next_start(&mut self) -> Result<Option<usize>, Broken> {
        self.0.next(b']', "no comma after an item")
    }

    /// Goes on after the item that ends before `at`.
    #[inline]
    pub fn resume(&mut self, at: usize) {
        self.0.resume(at);
    }

    /// How many levels the items may nest.
    pub fn depth(&self) -> u32 {
        self.0.depth
    }

    /// Where the walk stands: after the closing bracket once it gave `None`.
    pub fn position(&self) -> usize {
        self.0.at
    }
}

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
    use proptest::prelude::*;

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

    #[test]
    fn fields_are_walked_with_every_white_space() {
        let text = "{ \"a\" :1\t,\r\n\"b\\u0062\": {\"x\":[ ]} , \"\":null }z";
        let mut fields = Fields::open(text.as_bytes(), 0, MAX_DEPTH).unwrap();
        let mut seen = Vec::new();
        while let Some(field) = fields.next_field().unwrap() {
            seen.push((&text[field.name], &text[field.value]));
        }
        assert_eq!(seen, [("a", "1"), ("b\\u0062", "{\"x\":[ ]}"), ("", "null")]);
        assert_eq!(&text[fields.position()..], "z");
        assert!(is_name(br"b\u0062", b"bb"));
        for text in ["{,}", "{\"a\":1 \"b\":2}", "{\"a\" 1}", "{a:1}", "{\"a\":1,}", "{\"a\":}", "[]"] {
            let walk = Fields::open(text.as_bytes(), 0, MAX_DEPTH).and_then(|mut fields| {
                while fields.next_field()?.is_some() {}
                Ok(())
            });
            assert!(matches!(walk, Err(Broken::Malformed { .. })), "{text}");
        }
    }

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
            prop_assert_eq!(simd::container_end(&bytes, 0, limit), container_end_portable(&bytes, 0, limit));
        }
    }
}
