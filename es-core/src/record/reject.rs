//! `_reject`: why a record was refused. Every tool writes it in this shape, and es-bulk and es-xform read it again.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

/// A file for refused records, made where there is none. Its owner alone reads it, for it holds documents.
///
/// # Errors
/// Where it cannot be made; [`io::ErrorKind::AlreadyExists`] for a file with something in it.
pub fn create_file(path: &Path) -> io::Result<File> {
    let mode = 0o600;
    let file = OpenOptions::new().append(true).create(true).mode(mode).open(path)?;
    let there = file.metadata()?;
    if there.is_file() {
        if there.len() > 0 {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        file.set_permissions(Permissions::from_mode(mode))?;
    }
    Ok(file)
}

/// The object that stands as the last key of a line of a rejects file.
#[derive(Clone, Debug, Serialize)]
pub struct Reject<'a> {
    pub tool: &'static str,
    /// What was to be done with the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op: Option<&'a str>,
    /// That of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(rename = "type")]
    pub kind: &'a str,
    pub reason: &'a str,
    pub file: &'a str,
    pub line: u64,
    pub offset: u64,
    /// What the unreadable line was among.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<&'static str>,
    /// The bytes of a line that could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// Of a line that was too long to be held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// `_source` is the whole second line of the update.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub whole_update: bool,
}

impl<'a> Reject<'a> {
    /// `file` is how messages call that of the place.
    pub fn new(
        tool: &'static str,
        kind: &'a str,
        reason: &'a str,
        file: &'a str,
        at: (u64, u64),
    ) -> Reject<'a> {
        let (line, offset) = at;
        Reject {
            tool,
            op: None,
            status: None,
            kind,
            reason,
            file,
            line,
            offset,
            from: None,
            base64: None,
            length: None,
            head: None,
            whole_update: false,
        }
    }

    /// With the bytes of what could not be read.
    #[must_use]
    pub fn unread(self, bytes: &[u8]) -> Reject<'a> {
        Reject { base64: Some(BASE64_STANDARD.encode(bytes)), ..self }
    }

    /// With the length of a line that was read past, and its beginning as text.
    #[must_use]
    pub fn too_long(self, length: u64, head: &[u8]) -> Reject<'a> {
        Reject { length: Some(length), head: Some(String::from_utf8_lossy(head).into_owned()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_is_the_one_that_the_manual_shows() {
        let reject =
            Reject::new("es-bulk", "mapper_parsing_exception", "failed to parse field [n]", "-", (7, 1204));
        let json = |reject: &Reject<'_>| serde_json::to_string(reject).unwrap();
        let full = Reject { op: Some("create"), status: Some(400), ..reject.clone() };
        assert_eq!(
            json(&full),
            r#"{"tool":"es-bulk","op":"create","status":400,"type":"mapper_parsing_exception","reason":"failed to parse field [n]","file":"-","line":7,"offset":1204}"#
        );
        let unread = json(&Reject { from: Some("hit"), ..reject.clone() }.unread(b"\xff"));
        assert!(unread.ends_with(r#""offset":1204,"from":"hit","base64":"/w=="}"#), "{unread}");
        let long = json(&reject.too_long(9, b"a\xffb"));
        assert!(long.ends_with("\"offset\":1204,\"length\":9,\"head\":\"a\u{fffd}b\"}"), "{long}");
    }
}
