//! The way through the fields of an object or the items of an array.

use std::ops::Range;

use super::broken::{Broken, malformed};
use super::ends::{space_end, string_end, value_end};
use super::simd;

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

#[cfg(test)]
mod tests {
    use super::super::{MAX_DEPTH, is_name};
    use super::*;

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
}
