//! Ids and routings that stand in the document itself.

use es_core::record::scan::{Fields, MAX_DEPTH, is_name, is_string};

/// A field by its path. `a.b` is the key of that name, or `b` inside of `a`.
#[derive(Clone, Debug)]
pub(crate) struct FieldPath(String);

impl FieldPath {
    pub(crate) fn new(path: &str) -> FieldPath {
        FieldPath(path.to_owned())
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// The field's value as the JSON text of a name: strings as they are, numbers as strings. None when it is not
    /// there or is neither.
    pub(crate) fn name_in(&self, document: &[u8]) -> Option<Vec<u8>> {
        let value = find(document, &self.0)?;
        match value.first()? {
            b'"' => is_string(value).then(|| value.to_vec()),
            b'-' | b'0'..=b'9' => Some([b"\"", value, b"\""].concat()),
            _ => None,
        }
    }
}

fn find<'a>(document: &'a [u8], path: &str) -> Option<&'a [u8]> {
    let mut fields = Fields::open(document, 0, MAX_DEPTH).ok()?;
    let mut nested = None;
    while let Some(field) = fields.next_field().ok()? {
        let name = &document[field.name];
        if is_name(name, path.as_bytes()) {
            return Some(&document[field.value]);
        }
        let dots = path.match_indices('.').map(|(at, _)| at);
        if let Some(dot) = dots.into_iter().find(|dot| is_name(name, &path.as_bytes()[..*dot])) {
            nested = nested.or_else(|| find(&document[field.value], &path[dot + 1..]));
        }
    }
    nested
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_key_and_by_path() {
        let document =
            br#"{"a":{"b":"x","c":{"d":12345678901234567890}},"a.e":"dotted","n":null,"\u006b":-1.0}"#;
        for (path, value) in [
            ("a.b", Some("\"x\"")),
            ("a.c.d", Some("\"12345678901234567890\"")),
            ("a.e", Some("\"dotted\"")),
            ("k", Some("\"-1.0\"")),
            ("n", None),
            ("a", None),
            ("a.x", None),
            ("b", None),
        ] {
            let found = FieldPath::new(path).name_in(document);
            assert_eq!(found.as_deref(), value.map(str::as_bytes), "{path}");
        }
    }
}
