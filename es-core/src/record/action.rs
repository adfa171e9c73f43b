//! The action lines of bulk bodies, in and out. Names and ids are raw JSON text throughout, copied and never
//! decoded, so that no quote in an id can break a body.

use super::scan::{self, Broken, Fields, MAX_DEPTH, is_string};

/// What an action does with its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Create,
    Index,
    Update,
    Delete,
}

impl Op {
    pub const ALL: [Op; 4] = [Op::Create, Op::Index, Op::Update, Op::Delete];

    pub fn name(self) -> &'static str {
        match self {
            Op::Create => "create",
            Op::Index => "index",
            Op::Update => "update",
            Op::Delete => "delete",
        }
    }

    pub fn named(name: &[u8]) -> Option<Op> {
        Op::ALL.into_iter().find(|op| op.name().as_bytes() == name)
    }

    /// Whether a line with a document, or with what to do to it, follows the action line.
    pub fn has_source(self) -> bool {
        match self {
            Op::Create | Op::Index | Op::Update => true,
            Op::Delete => false,
        }
    }
}

/// An action line, borrowed. Each part is raw JSON text; names are strings with their quotes.
#[derive(Clone, Debug)]
pub struct Action<'a> {
    pub op: Op,
    pub index: Option<&'a [u8]>,
    pub kind: Option<&'a [u8]>,
    pub id: Option<&'a [u8]>,
    pub routing: Option<&'a [u8]>,
    pub parent: Option<&'a [u8]>,
    pub version: Option<&'a [u8]>,
    pub version_type: Option<&'a [u8]>,
    /// The object all of this is in.
    pub meta: &'a [u8],
}

impl<'a> Action<'a> {
    /// The action that is the whole of `line`.
    ///
    /// # Errors
    /// Where the line is not `{"OP": {…}}`, says a part twice, or names with anything but strings.
    pub fn parse(line: &'a [u8]) -> Result<Action<'a>, Broken> {
        let malformed = |at, why| Err(Broken::Malformed { at, why });
        let mut outer = Fields::open(line, scan::space_end(line, 0), MAX_DEPTH)?;
        let field = outer.next_field()?;
        let Some((op, meta)) = field.and_then(|f| Some((Op::named(&line[f.name])?, &line[f.value]))) else {
            return malformed(0, "no action");
        };
        if outer.next_field()?.is_some() {
            return malformed(outer.position(), "more than one action");
        }
        let rest = scan::space_end(line, outer.position());
        if rest < line.len() {
            return malformed(rest, "more after the action");
        }
        let mut action = Action {
            op,
            index: None,
            kind: None,
            id: None,
            routing: None,
            parent: None,
            version: None,
            version_type: None,
            meta,
        };
        let mut fields = Fields::open(meta, 0, MAX_DEPTH)?;
        while let Some(field) = fields.next_field()? {
            let value = &meta[field.value.clone()];
            let part = match &meta[field.name.clone()] {
                b"_index" => &mut action.index,
                b"_type" => &mut action.kind,
                b"_id" => &mut action.id,
                b"routing" | b"_routing" => &mut action.routing,
                b"parent" | b"_parent" => &mut action.parent,
                b"version" | b"_version" => &mut action.version,
                b"version_type" | b"_version_type" => &mut action.version_type,
                _ => continue,
            };
            // What is null is absent: servers read it so, and some writers print every key.
            if value == b"null" {
                continue;
            }
            if part.replace(value).is_some() {
                return malformed(field.name.start, "a part of the action is there twice");
            }
        }
        let names =
            [action.index, action.kind, action.id, action.routing, action.parent, action.version_type];
        if names.into_iter().flatten().any(|name| !is_string(name)) {
            return malformed(0, "a name in the action that is not a string");
        }
        Ok(action)
    }
}

/// The parameters of an action's object that are none of the parts above, such as `pipeline` or
/// `retry_on_conflict`: name (between its quotes) and value.
pub fn others(meta: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut fields = Fields::open(meta, 0, MAX_DEPTH).ok();
    std::iter::from_fn(move || {
        loop {
            let field = fields.as_mut()?.next_field().ok()??;
            match &meta[field.name.clone()] {
                b"_index" | b"_type" | b"_id" | b"routing" | b"_routing" | b"parent" | b"_parent"
                | b"version" | b"_version" | b"version_type" | b"_version_type" => {}
                name => return Some((name, &meta[field.value])),
            }
        }
    })
}

/// Writes one action line.
#[must_use = "the line is whole only after `end`"]
pub struct ActionLine<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
}

impl<'o> ActionLine<'o> {
    #[inline]
    pub fn begin(out: &'o mut Vec<u8>, op: Op) -> ActionLine<'o> {
        out.extend_from_slice(match op {
            Op::Create => b"{\"create\":{",
            Op::Index => b"{\"index\":{",
            Op::Update => b"{\"update\":{",
            Op::Delete => b"{\"delete\":{",
        });
        ActionLine { out, first: true }
    }

    /// Appends a parameter: its name as it stands between quotes, its value as JSON text. Inlined, a constant name
    /// costs one store.
    #[inline(always)]
    pub fn part(&mut self, name: &[u8], value: Option<&[u8]>) {
        let Some(value) = value else { return };
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(name);
        self.out.extend_from_slice(b"\":");
        self.out.extend_from_slice(value);
    }

    #[inline]
    pub fn end(self) {
        self.out.extend_from_slice(b"}}\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_read_and_the_rest_is_kept() {
        let line = br#"{"index":{"_index":"a","_id":"1\"","_routing":"r","version":3,"pipeline":"p","if_seq_no":4}} "#;
        let action = Action::parse(line).unwrap();
        assert_eq!((action.op, action.id), (Op::Index, Some(&br#""1\"""#[..])));
        assert_eq!((action.routing, action.version), (Some(&b"\"r\""[..]), Some(&b"3"[..])));
        let others: Vec<_> = others(action.meta).collect();
        assert_eq!(others, [(&b"pipeline"[..], &b"\"p\""[..]), (b"if_seq_no", b"4")]);
        let null = Action::parse(br#"{"create":{"_id":null,"routing":null}}"#).unwrap();
        assert_eq!((null.id, null.routing), (None, None));
    }

    #[test]
    fn lines_that_are_no_action_are_told() {
        for line in [
            r#"{"upsert":{}}"#,
            r#"{"index":{}}}"#,
            r#"{"index":{},"create":{}}"#,
            r#"{"index":{"_id":1}}"#,
            r#"{"index":{"_id":"1","_id":"2"}}"#,
            r#"{"index":{"routing":"1","_routing":"2"}}"#,
            r#"{"index":1}"#,
            "{}",
        ] {
            assert!(matches!(Action::parse(line.as_bytes()), Err(Broken::Malformed { .. })), "{line}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for op in Op::ALL {
            let mut out = Vec::new();
            let mut line = ActionLine::begin(&mut out, op);
            line.part(b"_index", Some(b"\"a\\u00e9\""));
            line.part(b"_id", None);
            line.part(b"routing", Some(b"\"r\""));
            line.end();
            let action = Action::parse(&out).unwrap();
            assert_eq!((action.op, action.index), (op, Some(&b"\"a\\u00e9\""[..])));
            assert_eq!((action.id, action.routing), (None, Some(&b"\"r\""[..])));
        }
    }
}
