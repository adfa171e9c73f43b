//! The hit line, the record that flows between the tools, and the hit of a search answer: the same object, borrowed.
//! Every part is the raw JSON text it was, so that what nobody names leaves as it came.

use memchr::memchr2;

use super::scan::{self, Broken, Fields, MAX_DEPTH, is_string};

/// The parts of a hit, each as raw JSON text (a string with its quotes).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hit<'a> {
    pub index: Option<&'a [u8]>,
    pub kind: Option<&'a [u8]>,
    pub id: Option<&'a [u8]>,
    pub routing: Option<&'a [u8]>,
    pub parent: Option<&'a [u8]>,
    pub version: Option<&'a [u8]>,
    pub seq_no: Option<&'a [u8]>,
    pub primary_term: Option<&'a [u8]>,
    pub source: Option<&'a [u8]>,
    /// Why and where es-bulk or es-xform refused it: an object.
    pub reject: Option<&'a [u8]>,
    pub sort: Option<&'a [u8]>,
    /// Stored fields, where servers before 5 put the routing and the parent.
    pub fields: Option<&'a [u8]>,
    /// The name of the first key that is none of a hit's, between its quotes.
    pub unknown: Option<&'a [u8]>,
}

/// Which parts beyond index, type, id, routing, parent and source a line shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    pub version: bool,
    pub seq_no: bool,
}

impl<'a> Hit<'a> {
    /// The hit whose opening brace is at `at`, and the index after it. Its document may nest `depth` levels; nothing
    /// else is judged but the grammar.
    ///
    /// # Errors
    /// [`Broken::More`] where the bytes end inside it; a part that is there twice is malformed.
    #[inline]
    pub fn scan(b: &'a [u8], at: usize, depth: u32) -> Result<(Hit<'a>, usize), Broken> {
        let mut hit = Hit::default();
        // The hit's own braces are one level on top of those that the document may have.
        let mut fields = Fields::open(b, at, depth + 1)?;
        while let Some(field) = fields.next_field()? {
            let value = &b[field.value.clone()];
            let name = &b[field.name.clone()];
            let part = match name {
                b"_index" => &mut hit.index,
                b"_type" => &mut hit.kind,
                b"_id" => &mut hit.id,
                b"_routing" => &mut hit.routing,
                b"_parent" => &mut hit.parent,
                b"_version" => &mut hit.version,
                b"_seq_no" => &mut hit.seq_no,
                b"_primary_term" => &mut hit.primary_term,
                b"_source" => &mut hit.source,
                b"_reject" => &mut hit.reject,
                b"sort" => &mut hit.sort,
                b"fields" => &mut hit.fields,
                b"_score" | b"_ignored" | b"ignored_field_values" | b"_shard" | b"_node" => continue,
                _ => {
                    hit.unknown.get_or_insert(name);
                    continue;
                }
            };
            if part.replace(value).is_some() {
                return Err(Broken::Malformed {
                    at: field.name.start,
                    why: "a part of the hit is there twice",
                });
            }
        }
        Ok((hit, fields.position()))
    }

    /// The hit that is the whole of `line`, with docinfo that is what it should be: names are strings, `_source`
    /// and `_reject` objects. What old dumps keep under `fields` is found.
    ///
    /// # Errors
    /// As [`scan`](Self::scan), and for anything after the object.
    #[inline]
    pub fn parse(line: &'a [u8]) -> Result<Hit<'a>, Broken> {
        match Hit::usual(line) {
            Some(hit) => Ok(hit),
            None => Hit::any(line),
        }
    }

    /// The hit of a line as es-scroll writes it, which nearly all are. `None` says nothing about the line.
    #[inline]
    fn usual(line: &'a [u8]) -> Option<Hit<'a>> {
        let (hit, start) = Hit::usual_start(line)?;
        let end = scan::value_end(line, start, MAX_DEPTH).ok()?;
        (&line[end..] == b"}").then(|| Hit { source: Some(&line[start..end]), ..hit })
    }

    /// The docinfo of a line as es-scroll writes it: index, id, perhaps a routing, and the document, with nothing
    /// between them; and where the document starts. `None` says nothing about the line.
    #[inline(always)]
    pub fn usual_start(line: &'a [u8]) -> Option<(Hit<'a>, usize)> {
        let (index, rest) = text_after(b"{\"_index\":", line)?;
        let (id, rest) = text_after(b",\"_id\":", rest)?;
        let (routing, rest) = match text_after(b",\"_routing\":", rest) {
            Some((routing, rest)) => (Some(routing), rest),
            None => (None, rest),
        };
        let source = rest.strip_prefix(b",\"_source\":").filter(|source| source.first() == Some(&b'{'))?;
        let hit = Hit { index: Some(index), id: Some(id), routing, ..Hit::default() };
        Some((hit, line.len() - source.len()))
    }

    fn any(line: &'a [u8]) -> Result<Hit<'a>, Broken> {
        let (mut hit, end) = Hit::scan(line, scan::space_end(line, 0), MAX_DEPTH)?;
        let rest = scan::space_end(line, end);
        if rest < line.len() {
            return Err(Broken::Malformed { at: rest, why: "more after the record" });
        }
        if let Some(stored) = hit.fields {
            hit.take_stored(stored)?;
        }
        let at = |part: &[u8]| part.as_ptr() as usize - line.as_ptr() as usize;
        for name in [hit.index, hit.kind, hit.id, hit.routing, hit.parent].into_iter().flatten() {
            if !is_string(name) {
                return Err(Broken::Malformed { at: at(name), why: "docinfo that is not a string" });
            }
        }
        for object in [hit.source, hit.reject].into_iter().flatten() {
            if object[0] != b'{' {
                return Err(Broken::Malformed { at: at(object), why: "not an object" });
            }
        }
        Ok(hit)
    }

    fn take_stored(&mut self, stored: &'a [u8]) -> Result<(), Broken> {
        if stored[0] != b'{' {
            return Ok(());
        }
        let mut fields = Fields::open(stored, 0, MAX_DEPTH)?;
        while let Some(field) = fields.next_field()? {
            let value = Some(&stored[field.value.clone()]);
            match &stored[field.name.clone()] {
                b"_routing" => self.routing = self.routing.or(value),
                b"_parent" => self.parent = self.parent.or(value),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether it says anything of its document but the document itself.
    pub fn has_docinfo(&self) -> bool {
        let parts = [self.index, self.kind, self.id, self.routing, self.parent, self.version];
        parts.iter().any(Option::is_some)
    }

    /// Appends the hit line, in the order of keys that the servers use.
    #[inline]
    pub fn write_line(&self, meta: Meta, out: &mut Vec<u8>) {
        let source = self.source.map_or(0, <[u8]>::len);
        out.reserve(source + 256);
        let start = out.len();
        part(b",\"_index\":", self.index, out);
        part(b",\"_type\":", self.kind, out);
        part(b",\"_id\":", self.id, out);
        part(b",\"_routing\":", self.routing, out);
        part(b",\"_parent\":", self.parent, out);
        part(b",\"_version\":", self.version.filter(|_| meta.version), out);
        part(b",\"_seq_no\":", self.seq_no.filter(|_| meta.seq_no), out);
        part(b",\"_primary_term\":", self.primary_term.filter(|_| meta.seq_no), out);
        part(b",\"_source\":", self.source, out);
        match out.get_mut(start) {
            Some(comma) => *comma = b'{',
            None => out.push(b'{'),
        }
        out.extend_from_slice(b"}\n");
    }
}

/// The string that follows a name at the start of a text, and the rest. Inlined, a constant name costs a comparison.
#[inline(always)]
fn text_after<'a>(name: &[u8], text: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    let after = text.strip_prefix(name)?;
    let (value, rest) = after.split_at(scan::string_end(after, 1).ok()?);
    is_string(value).then_some((value, rest))
}

/// Appends a part under its name, which is written with the comma before it. Inlined, the name costs one store.
#[inline(always)]
fn part(name: &[u8], value: Option<&[u8]>, out: &mut Vec<u8>) {
    if let Some(value) = value {
        out.extend_from_slice(name);
        push_folded(value, out);
    }
}

/// Appends a JSON text as part of a line. A string cannot hold a bare line break, so any there is stands between
/// tokens (documents indexed pretty-printed keep theirs) and becomes a space.
#[inline]
pub fn push_folded(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr2(b'\n', b'\r', rest) {
        out.extend_from_slice(&rest[..at]);
        out.push(b' ');
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_gives_its_parts_as_they_are_written() {
        let line =
            br#" {"_index":"a","_id":"1\"","_score":null,"_source":{"x": 1.0},"sort":[3],"_routing":"r"} "#;
        let hit = Hit::parse(line).unwrap();
        assert_eq!(hit.id, Some(&br#""1\"""#[..]));
        assert_eq!(hit.source, Some(&br#"{"x": 1.0}"#[..]));
        let mut out = Vec::new();
        hit.write_line(Meta::default(), &mut out);
        assert_eq!(out, br#"{"_index":"a","_id":"1\"","_routing":"r","_source":{"x": 1.0}}"#.map(|c| c).iter().copied().chain(*b"\n").collect::<Vec<_>>());
    }

    #[test]
    fn a_document_with_line_breaks_becomes_one_line() {
        let hit = Hit { source: Some(b"{\r\n  \"a\" : 1\n}"), ..Hit::default() };
        let mut out = Vec::new();
        hit.write_line(Meta::default(), &mut out);
        assert_eq!(out, b"{\"_source\":{    \"a\" : 1 }}\n");
    }

    #[test]
    fn what_old_servers_keep_under_fields_is_found() {
        let hit = Hit::parse(br#"{"_id":"1","_source":{},"fields":{"_routing":"r","_parent":"p"}}"#).unwrap();
        assert_eq!((hit.routing, hit.parent), (Some(&b"\"r\""[..]), Some(&b"\"p\""[..])));
    }

    #[test]
    fn a_usual_line_is_what_it_is_to_the_general_way() {
        let deep = |n: usize| format!("{}1{}", r#"{"a":"#.repeat(n), "}".repeat(n));
        let parts = [
            [
                r#"{"_index":"a""#,
                r#"{"_index":"\u00e9\"""#,
                r#"{"_index":"\x""#,
                r#"{"_index":1"#,
                r#"{ "_index":"a""#,
            ],
            [r#","_id":"1""#, r#","_id":"""#, r#","_id":null"#, r#","_index":"b""#, ""],
            [
                r#","_routing":"r""#,
                r#","_routing":"r","_routing":"r""#,
                r#","_routing":5"#,
                r#","_version":3"#,
                "",
            ],
            [
                r#","_source":{"x":[1.0,"}"]}"#,
                r#","_source":[]"#,
                r#","_source":{"x":""#,
                ",\"_source\":{}",
                "DEEP",
            ],
            ["}", "} ", "}}", r#","_version":1}"#, ""],
        ];
        let mut usual = 0;
        for n in 0..5_usize.pow(5) {
            let part = |place: usize| parts[place][n / 5_usize.pow(place as u32) % 5];
            let line: String = (0..5).map(part).collect();
            for depth in [1000, 1001] {
                let line = line.replace("DEEP", &format!(",\"_source\":{}", deep(depth)));
                if let Some(hit) = Hit::usual(line.as_bytes()) {
                    usual += 1;
                    assert_eq!(Hit::any(line.as_bytes()), Ok(hit), "{line}");
                }
            }
        }
        assert_eq!(usual, 2 * 2 * 2 * (2 * 2 + 1));
    }

    #[test]
    fn lines_that_are_no_hit_are_told() {
        for line in [
            r#"{"_id":"1","_id":"2"}"#,
            r#"{"_id":1}"#,
            r#"{"_id":"\x"}"#,
            r#"{"_id":"1","_source":[]}"#,
            r#"{"_id":"1"}}"#,
            r#"{"_id":"1"} {}"#,
            "[]",
        ] {
            assert!(matches!(Hit::parse(line.as_bytes()), Err(Broken::Malformed { .. })), "{line}");
        }
        assert_eq!(Hit::parse(br#"{"_id":"1","_source":{"a""#), Err(Broken::More));
        assert_eq!(Hit::parse(br#"{"_id":"1","x":2,"y":3}"#).unwrap().unknown, Some(&b"x"[..]));
    }
}
