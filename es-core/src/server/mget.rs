//! The answer to a request for several documents by their ids, read as one document after another.

use super::bulk::{Unreadable, read_list};
use crate::record::scan::{Fields, MAX_DEPTH};

/// What a server has under an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    Source(&'a [u8]),
    /// No document of this id.
    Missing,
    /// A document without `_source`, or an error in its place: what it holds cannot be said.
    Unsaid,
}

/// Calls `each` with every document in the order in which they were asked for.
///
/// # Errors
/// Unless the answer is whole and has exactly `asked` documents.
pub fn read_docs(
    body: &[u8],
    asked: usize,
    mut each: impl FnMut(usize, Found<'_>),
) -> Result<(), Unreadable> {
    read_list(body, b"docs", asked, |n, doc| {
        each(n, read_doc(doc)?);
        Ok(())
    })
}

fn read_doc(doc: &[u8]) -> Result<Found<'_>, Unreadable> {
    let mut said = Found::Unsaid;
    let mut fields = Fields::open(doc, 0, MAX_DEPTH)?;
    while let Some(field) = fields.next_field()? {
        match &doc[field.name] {
            b"_source" => said = Found::Source(&doc[field.value]),
            b"found" | b"exists" if &doc[field.value.clone()] == b"false" => return Ok(Found::Missing),
            _ => {}
        }
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_given_as_the_bytes_they_are() {
        let body = br#"{"docs":[{"_index":"a","_id":"1","found":true,"_source":{ "x" : 1.0 }},
            {"_id":"2","found":false},{"_id":"3","error":{"type":"x"}}]}"#;
        let mut seen = Vec::new();
        read_docs(body, 3, |n, found| {
            seen.push((
                n,
                if let Found::Source(s) = found { s.to_vec() } else { format!("{found:?}").into() },
            ));
        })
        .unwrap();
        assert_eq!(
            seen,
            [(0, b"{ \"x\" : 1.0 }".to_vec()), (1, b"Missing".to_vec()), (2, b"Unsaid".to_vec())]
        );
        assert!(read_docs(&body[..body.len() - 1], 3, |_, _| {}).is_err());
        assert!(read_docs(body, 2, |_, _| {}).is_err());
    }
}
