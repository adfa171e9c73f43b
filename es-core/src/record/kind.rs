//! What a line of input is. The first line that is neither blank nor a mark decides for the whole stream; a later
//! line of another kind is refused by whoever reads it, never taken for something else.

use super::scan::{self, Broken, Fields, MAX_DEPTH};

/// The kinds of records a stream can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An object `_source` with `_id` or `_index`; or docinfo alone; or an object `_reject`.
    Hit,
    /// The single key `index`, `create`, `update` or `delete`, holding an object: a line of a bulk body.
    Action,
    /// Any other object: a document without docinfo.
    Bare,
}

/// The kind of a line; `None` for a mark, a control line whose only key is `_mark`, holding an object.
///
/// # Errors
/// Where the line is not one JSON object.
pub fn kind_of(line: &[u8]) -> Result<Option<Kind>, Broken> {
    let mut fields = Fields::open(line, scan::space_end(line, 0), MAX_DEPTH + 1)?;
    let mut count = 0;
    let mut only = Only::Other;
    let (mut id, mut index, mut source, mut reject, mut docinfo_alone) = (false, false, false, false, true);
    while let Some(field) = fields.next_field()? {
        count += 1;
        let object = line[field.value.start] == b'{';
        match &line[field.name] {
            b"_id" => id = true,
            b"_index" => index = true,
            b"_source" if object => source = true,
            b"_reject" if object => reject = true,
            b"_type" | b"_routing" | b"_parent" | b"_version" | b"_seq_no" | b"_primary_term" | b"_score"
            | b"sort" => {}
            b"_mark" if object => only = Only::Mark,
            b"index" | b"create" | b"update" | b"delete" if object => {
                (only, docinfo_alone) = (Only::Action, false);
            }
            _ => docinfo_alone = false,
        }
    }
    let rest = scan::space_end(line, fields.position());
    if rest < line.len() {
        return Err(Broken::Malformed { at: rest, why: "more after the record" });
    }
    Ok(match only {
        Only::Mark if count == 1 => None,
        Only::Action if count == 1 => Some(Kind::Action),
        _ if reject || (id || index) && (source || docinfo_alone) => Some(Kind::Hit),
        Only::Mark | Only::Action | Only::Other => Some(Kind::Bare),
    })
}

enum Only {
    Mark,
    Action,
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_from_its_keys() {
        for (line, kind) in [
            (r#"{"_index":"a","_id":"1","_source":{}}"#, Some(Kind::Hit)),
            (r#"{"_id":"1","_source":{},"_score":1.0}"#, Some(Kind::Hit)),
            (r#"{"_id":"1"}"#, Some(Kind::Hit)),
            (r#"{"_index":"a","_id":"1","_routing":"r"}"#, Some(Kind::Hit)),
            (r#"{"_reject":{"base64":""}}"#, Some(Kind::Hit)),
            (r#"{"index":{}}"#, Some(Kind::Action)),
            (r#"{"delete":{"_id":"1"}}"#, Some(Kind::Action)),
            (r#"{"_mark":{"at":1}}"#, None),
            (r#"{"_mark":1}"#, Some(Kind::Bare)),
            (r#"{"index":{},"b":1}"#, Some(Kind::Bare)),
            (r#"{"index":"a"}"#, Some(Kind::Bare)),
            (r#"{"_source":{}}"#, Some(Kind::Bare)),
            (r#"{"_id":"1","_source":[]}"#, Some(Kind::Bare)),
            (r#"{"_id":"1","name":"x"}"#, Some(Kind::Bare)),
            (r#" {} "#, Some(Kind::Bare)),
        ] {
            assert_eq!(kind_of(line.as_bytes()), Ok(kind), "{line}");
        }
        for line in ["", "[]", "1", "{}{}", "{\"a\":}", "nonsense"] {
            assert!(kind_of(line.as_bytes()).is_err(), "{line}");
        }
    }
}
