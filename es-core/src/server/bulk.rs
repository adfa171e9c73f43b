//! The answer to a bulk, read as one item after another without building it. What an item means is `verdict`'s.

use std::borrow::Cow;

use serde::Deserialize;

use super::verdict::Said;
use crate::record::action::Op;
use crate::record::scan::{self, Broken, Fields, Items, MAX_DEPTH, Named};

/// The parts of an answer that are read; servers leave out the rest when asked so, and nothing when they do not
/// know the parameter. An item that succeeded keeps its status, and with it its place among the items.
pub const FILTER: &str =
    "errors,items.*.status,items.*.error,items.*.result,items.*.failure_store,error,status";
/// The same where a success can be one thing only: a tenth of the bytes.
pub const FILTER_CREATE: &str = "errors,items.*.status,items.*.error,items.*.failure_store,error,status";

/// What the answer says about one item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item<'a> {
    pub status: u16,
    pub result: Option<&'a [u8]>,
    pub failure_store: bool,
    pub cause: Option<Cause<'a>>,
}

impl Item<'_> {
    pub fn said(&self) -> Said<'_> {
        Said {
            status: self.status,
            kind: self.cause.as_ref().map(|c| &*c.kind),
            result: self.result,
            failure_store: self.failure_store,
        }
    }
}

/// Why an item was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause<'a> {
    pub kind: Cow<'a, str>,
    pub reason: Cow<'a, str>,
    /// The index itself, also where the item named an alias or a data stream.
    pub index: Option<Cow<'a, str>>,
}

/// The answer is not one to a bulk of so many items, or not whole: what was sent may have been applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the answer is not whole: {0}")]
    Broken(Broken),
    #[error("the answer has {found} items for {sent}")]
    Count { found: usize, sent: usize },
    #[error("the answer is not one to a bulk")]
    Shape,
}

/// Whether the answer says, in the shape that all current servers use, that each of `count` items was created.
/// What is not recognised here is left to [`read_items`].
pub fn all_created(body: &[u8], count: usize) -> bool {
    const LIST: &[u8] = b"\"items\":[";
    const ITEM: &[u8] = b"{\"create\":{\"status\":201}}";
    let Some(start) = memchr::memmem::find(&body[..body.len().min(256)], LIST) else { return false };
    let items = &body[start + LIST.len()..];
    let Some(items) = items.strip_suffix(b"]}") else { return false };
    count > 0
        && items.len() == count * (ITEM.len() + 1) - 1
        && items
            .chunks(ITEM.len() + 1)
            .all(|item| item.starts_with(ITEM) && matches!(item.last(), Some(b',' | b'}')))
}

/// Calls `each` with every item in the order in which they were sent.
///
/// # Errors
/// Unless the answer is whole and has exactly `sent` items; `each` may have been called for the first of them.
pub fn read_items(body: &[u8], sent: usize, mut each: impl FnMut(usize, Item<'_>)) -> Result<(), Unreadable> {
    read_list(body, b"items", sent, |n, item| {
        each(n, read_item(item)?);
        Ok(())
    })
}

/// Calls `each` with every element of the list that the answer has under `key`.
///
/// # Errors
/// Unless the answer is whole and the list has exactly `wanted` elements; `each` may have been called for the first
/// of them.
pub(super) fn read_list<'a>(
    body: &'a [u8],
    key: &[u8],
    wanted: usize,
    mut each: impl FnMut(usize, &'a [u8]) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    let mut found = None;
    let mut fields = Fields::open(body, scan::space_end(body, 0), MAX_DEPTH)?;
    while let Some(Named { name, value, .. }) = fields.next_name()? {
        if &body[name] != key {
            fields.resume(scan::value_end(body, value, MAX_DEPTH)?);
            continue;
        }
        let mut count = 0;
        let end = elements(body, value, |element| {
            if count < wanted {
                each(count, element)?;
            }
            count += 1;
            Ok(())
        })?;
        found = Some(count);
        fields.resume(end);
    }
    match found {
        None => Err(Unreadable::Shape),
        Some(found) if found != wanted => Err(Unreadable::Count { found, sent: wanted }),
        Some(_) => Ok(()),
    }
}

/// Walks the elements of the array that starts at `at`; gives the index after it.
fn elements<'a>(
    b: &'a [u8],
    at: usize,
    mut each: impl FnMut(&'a [u8]) -> Result<(), Unreadable>,
) -> Result<usize, Unreadable> {
    if b.get(at).is_some_and(|byte| *byte != b'[') {
        return Err(Unreadable::Shape);
    }
    let shape = |broken| match broken {
        Broken::Malformed { .. } => Unreadable::Shape,
        Broken::More | Broken::TooDeep { .. } => broken.into(),
    };
    let mut items = Items::open(b, at, MAX_DEPTH + 1)?;
    while let Some(start) = items.next_start().map_err(shape)? {
        let end = scan::value_end(b, start, items.depth())?;
        each(&b[start..end])?;
        items.resume(end);
    }
    Ok(items.position())
}

/// `{"create":{"status":201,…}}`
fn read_item(text: &[u8]) -> Result<Item<'_>, Unreadable> {
    let mut outer = Fields::open(text, 0, MAX_DEPTH)?;
    let field = outer.next_field()?.ok_or(Unreadable::Shape)?;
    if Op::named(&text[field.name]).is_none() {
        return Err(Unreadable::Shape);
    }
    let text = &text[field.value];
    let mut item = Item::default();
    let mut fields = Fields::open(text, 0, MAX_DEPTH)?;
    while let Some(field) = fields.next_field()? {
        let value = &text[field.value];
        match &text[field.name] {
            b"status" => item.status = number(value).ok_or(Unreadable::Shape)?,
            b"result" => item.result = value.get(1..value.len() - 1),
            b"failure_store" => item.failure_store = value == b"\"used\"",
            b"error" => item.cause = Some(Cause::read(value)),
            // 0.90 says this and no status.
            b"ok" if value == b"true" && item.status == 0 => item.status = 201,
            _ => {}
        }
    }
    if item.status == 0 {
        item.status = item.cause.as_ref().map_or(0, |cause| status_of(&cause.kind));
    }
    Ok(item)
}

fn number(value: &[u8]) -> Option<u16> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

impl Cause<'_> {
    /// An error object, or the text of 1.x: `MapperParsingException[failed to parse]; nested: …`.
    fn read(value: &[u8]) -> Cause<'_> {
        #[derive(Deserialize)]
        struct Object<'a> {
            #[serde(borrow, default, rename = "type")]
            kind: Cow<'a, str>,
            #[serde(borrow, default)]
            reason: Option<Cow<'a, str>>,
            #[serde(borrow, default)]
            index: Option<Cow<'a, str>>,
            #[serde(borrow, default)]
            caused_by: Option<Box<Object<'a>>>,
        }
        if let Ok(Object { kind, reason, index, caused_by }) = serde_json::from_slice(value) {
            let below = caused_by.and_then(|c| c.reason).filter(|below| !below.is_empty());
            let reason = match (reason, below) {
                (Some(reason), Some(below)) if !reason.contains(&*below) => {
                    Cow::Owned(format!("{reason}: {below}"))
                }
                (Some(reason), _) => reason,
                (None, below) => below.unwrap_or_default(),
            };
            return Cause { kind, reason, index };
        }
        let text = scan::unescape(value.get(1..value.len() - 1).unwrap_or_default());
        let text = String::from_utf8_lossy(&text).into_owned();
        let last = text.rsplit("nested: ").next().unwrap_or(&text);
        let name = last.split(['[', ':', ';']).next().unwrap_or(last);
        Cause { kind: snake_case(name).into(), reason: text.into(), index: None }
    }
}

/// `MapperParsingException` as later versions write it.
fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.trim().chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// What 0.90 means, which gives no status.
fn status_of(kind: &str) -> u16 {
    match kind {
        "document_already_exists_exception" | "version_conflict_engine_exception" => 409,
        "es_rejected_execution_exception" => 429,
        "cluster_block_exception" => 403,
        "index_missing_exception" => 404,
        "unavailable_shards_exception" => 503,
        _ => 400,
    }
}

impl From<Broken> for Unreadable {
    fn from(broken: Broken) -> Unreadable {
        Unreadable::Broken(broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (u16, Option<(String, String)>);

    fn read(body: &str, sent: usize) -> Result<Vec<Read>, Unreadable> {
        let mut items = Vec::new();
        read_items(body.as_bytes(), sent, |_, item| {
            items.push((item.status, item.cause.map(|c| (c.kind.into_owned(), c.reason.into_owned()))));
        })?;
        Ok(items)
    }

    #[test]
    fn items_of_all_versions_are_read() {
        let body = r#"{"took":4,"errors":true,"items":[{"create":{"status":201}},
            {"index":{"_index":"fl","_type":"_doc","_id":"Pp","status":429,"error":{"type":"cluster_block_exception","reason":"index [fl] blocked"}}},
            {"create":{"_id":"1","status":400,"error":{"type":"document_parsing_exception","reason":"[1:6] failed to parse field [n]","caused_by":{"type":"illegal_argument_exception","reason":"For input string: \"x\""}}}},
            {"create":{"_index":"a","ok":true}},
            {"create":{"_index":"a","error":"MapperParsingException[failed to parse]; nested: NumberFormatException[For input]; "}} ] }"#;
        let cause = |k: &str, r: &str| Some((k.to_owned(), r.to_owned()));
        assert_eq!(
            read(body, 5).unwrap(),
            [
                (201, None),
                (429, cause("cluster_block_exception", "index [fl] blocked")),
                (
                    400,
                    cause(
                        "document_parsing_exception",
                        "[1:6] failed to parse field [n]: For input string: \"x\""
                    )
                ),
                (201, None),
                (
                    400,
                    cause(
                        "number_format_exception",
                        "MapperParsingException[failed to parse]; nested: NumberFormatException[For input]; "
                    )
                ),
            ]
        );
    }

    #[test]
    fn an_answer_that_is_cut_anywhere_or_miscounted_is_not_believed() {
        let body = r#"{"errors":false,"items":[{"create":{"status":201}},{"create":{"status":201}}]}"#;
        assert!(all_created(body.as_bytes(), 2));
        assert_eq!(read(body, 2).unwrap().len(), 2);
        for cut in 0..body.len() {
            assert_eq!(read(&body[..cut], 2), Err(Unreadable::Broken(Broken::More)), "{}", &body[..cut]);
            assert!(!all_created(&body.as_bytes()[..cut], 2));
        }
        for wrong in [1, 3] {
            assert_eq!(read(body, wrong), Err(Unreadable::Count { found: 2, sent: wrong }));
            assert!(!all_created(body.as_bytes(), wrong));
        }
        for other in [r#"{"took":1,"errors":false}"#, r#"{"items":{}}"#, r#"{"items":[{"x":{"status":1}}]}"#]
        {
            assert_eq!(read(other, 1), Err(Unreadable::Shape), "{other}");
        }
        assert!(read("<html>", 1).is_err());
    }

    #[test]
    fn one_other_status_is_enough_to_look_closer() {
        let item = r#"{"create":{"status":201}}"#;
        let one = |other: &str| format!(r#"{{"took":1,"errors":false,"items":[{item},{other}]}}"#);
        assert!(all_created(one(item).as_bytes(), 2));
        for other in
            [r#"{"create":{"status":200}}"#, r#"{"create":{"status":429}}"#, r#"{"delete":{"status":201}}"#]
        {
            assert!(!all_created(one(other).as_bytes(), 2));
        }
    }

    #[test]
    fn a_conflict_tells_the_index_behind_the_name() {
        let body = r#"{"items":[{"create":{"_index":"logs","status":409,"error":{"type":"version_conflict_engine_exception","reason":"r","index_uuid":"u","shard":"0","index":".ds-logs-000001"}}}]}"#;
        read_items(body.as_bytes(), 1, |_, item| {
            assert_eq!(item.cause.unwrap().index.as_deref(), Some(".ds-logs-000001"));
        })
        .unwrap();
    }

    #[test]
    fn what_the_failure_store_took_and_results_are_seen() {
        let body = r#"{"items":[{"create":{"status":201,"failure_store":"used","result":"created"}}]}"#;
        read_items(body.as_bytes(), 1, |_, item| {
            assert!(item.failure_store);
            assert_eq!(item.result, Some(&b"created"[..]));
        })
        .unwrap();
    }
}
