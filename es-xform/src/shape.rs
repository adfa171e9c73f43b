//! What kind of line a record is, told from its outermost keys while it is read, so that nothing is read twice.
//! The rules are those of `es_core::record::kind`, which judges the first line; a later line must be of its kind.

use es_core::record::kind::Kind;
use es_core::record::scan::{self, Fields, MAX_DEPTH};

use crate::edit::order::Type;
use crate::edit::reading::Watch;
use crate::fault::Fault;

/// The keys of a hit line, in the order of their bits.
const HIT_KEYS: [&[u8]; 17] = [
    b"_index",
    b"_id",
    b"_source",
    b"_routing",
    b"_type",
    b"_parent",
    b"_version",
    b"_seq_no",
    b"_primary_term",
    b"_reject",
    b"_score",
    b"sort",
    b"_ignored",
    b"fields",
    b"ignored_field_values",
    b"_shard",
    b"_node",
];
const INDEX: usize = 0;
const ID: usize = 1;
const SOURCE: usize = 2;
const ROUTING: usize = 3;
const REJECT: usize = 9;
/// From here on keys are no docinfo: a line with them needs its `_source`.
const NOT_DOCINFO: usize = 12;

/// The outermost keys of a line.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    fields: u32,
    /// A bit for each of [`HIT_KEYS`].
    seen: u32,
    twice: Option<usize>,
    unknown: bool,
    mark: bool,
    action: bool,
    wrong: Option<Fault>,
    /// An object `_source` or `_reject`.
    objects: u32,
}

impl Watch for Shape {
    #[inline]
    fn field(&mut self, name: &[u8], value: &[u8]) {
        self.fields += 1;
        let known = match name {
            b"_index" => Some(INDEX),
            b"_id" => Some(ID),
            b"_source" => Some(SOURCE),
            [b'_' | b's' | b'f' | b'i', ..] => HIT_KEYS.iter().position(|key| *key == name),
            _ => None,
        };
        let Some(key) = known else {
            let object = value.first() == Some(&b'{');
            self.mark |= object && name == b"_mark";
            self.action |= object && matches!(name, b"index" | b"create" | b"update" | b"delete");
            self.unknown = true;
            return;
        };
        if self.seen & 1 << key != 0 {
            self.twice = Some(key);
        }
        self.seen |= 1 << key;
        let found = Type::of(value);
        if found == Type::Object {
            self.objects |= 1 << key;
        }
        let (right, wanted) = match key {
            INDEX | ID | ROUTING => (found == Type::String, "a string"),
            SOURCE | REJECT => (found == Type::Object, "an object"),
            _ => return,
        };
        if !right {
            let name = ["_index", "_id", "_source", "_routing", "", "", "", "", "", "_reject"][key];
            self.wrong = Some(Fault::WrongType { name, kind: found.a_name(), wanted });
        }
    }
}

impl Shape {
    fn has(&self, key: usize) -> bool {
        self.seen & 1 << key != 0
    }

    /// A control line: nothing but an object `_mark`.
    pub(crate) fn is_mark(&self) -> bool {
        self.mark && self.fields == 1
    }

    /// What was refused, and nothing else: there is no record unless its text is inside.
    pub(crate) fn is_only_reject(&self) -> bool {
        self.objects & 1 << REJECT != 0 && !self.has(SOURCE) && !self.has(ID) && !self.has(INDEX)
    }

    /// It carries why it was refused, and may therefore lack docinfo.
    pub(crate) fn is_refused(&self) -> bool {
        self.objects & 1 << REJECT != 0
    }

    fn kind(&self) -> Kind {
        let source = self.objects & 1 << SOURCE != 0;
        let docinfo_alone =
            !self.unknown && !self.has(SOURCE) && !self.has(REJECT) && self.seen >> NOT_DOCINFO == 0;
        if self.action && self.fields == 1 {
            Kind::Action
        } else if self.objects & 1 << REJECT != 0
            || (self.has(ID) || self.has(INDEX)) && (source || docinfo_alone)
        {
            Kind::Hit
        } else {
            Kind::Bare
        }
    }

    /// Whether the line may stand in a stream of this kind.
    pub(crate) fn judge(&mut self, line: &[u8], expected: Kind) -> Result<(), Fault> {
        let found = self.kind();
        match (expected, found) {
            (Kind::Hit, Kind::Hit) => {}
            (Kind::Bare, Kind::Bare) => return Ok(()),
            (expected, found) => {
                return Err(Fault::OtherKind { found: one(found), expected: many(expected) });
            }
        }
        if let Some(fault) = self.wrong.take() {
            return Err(fault);
        }
        if let Some(key) = self.twice {
            return Err(Fault::Twice(String::from_utf8_lossy(HIT_KEYS[key]).into_owned()));
        }
        if self.unknown {
            return Err(Fault::UnknownKey(unknown_key(line)?));
        }
        Ok(())
    }
}

/// The first key that no hit line has.
fn unknown_key(line: &[u8]) -> Result<String, Fault> {
    let mut fields = Fields::open(line, scan::space_end(line, 0), MAX_DEPTH + 1)?;
    while let Some(field) = fields.next_field()? {
        let name = &line[field.name];
        if !HIT_KEYS.contains(&name) {
            return Ok(String::from_utf8_lossy(name).into_owned());
        }
    }
    Ok(String::new())
}

pub(crate) fn one(kind: Kind) -> &'static str {
    match kind {
        Kind::Hit => "hit line",
        Kind::Action => "bulk action line",
        Kind::Bare => "document without docinfo",
    }
}

pub(crate) fn many(kind: Kind) -> &'static str {
    match kind {
        Kind::Hit => "hit lines",
        Kind::Action => "bulk action lines",
        Kind::Bare => "documents without docinfo",
    }
}

#[cfg(test)]
mod tests {
    use es_core::record::kind::kind_of;

    use super::*;

    #[test]
    fn a_line_is_of_the_kind_that_the_first_line_rule_gives() {
        for line in [
            r#"{"_index":"a","_id":"1","_source":{}}"#,
            r#"{"_id":"1","_source":{},"_score":1.0}"#,
            r#"{"_id":"1"}"#,
            r#"{"_index":"a","_id":"1","_routing":"r","sort":[1]}"#,
            r#"{"_reject":{"base64":""}}"#,
            r#"{"index":{}}"#,
            r#"{"delete":{"_id":"1"}}"#,
            r#"{"_mark":{"at":1}}"#,
            r#"{"_mark":1}"#,
            r#"{"index":{},"b":1}"#,
            r#"{"index":"a"}"#,
            r#"{"_source":{}}"#,
            r#"{"_id":"1","_source":[]}"#,
            r#"{"_id":"1","name":"x"}"#,
            r#"{"_id":"1","fields":{}}"#,
            r#"{"_id":"1","_ignored":[]}"#,
            r#"{}"#,
        ] {
            let mut shape = Shape::default();
            let mut fields = Fields::open(line.as_bytes(), 0, 10).unwrap();
            while let Some(field) = fields.next_field().unwrap() {
                shape.field(&line.as_bytes()[field.name], &line.as_bytes()[field.value]);
            }
            let kind = (!shape.is_mark()).then(|| shape.kind());
            assert_eq!(kind, kind_of(line.as_bytes()).unwrap(), "{line}");
        }
    }
}
