//! The manifest: what is in a dump, so that whoever loads it can check that all of it is there and make its indices
//! again.

use std::collections::BTreeMap;
use std::{fs, io};

use es_core::record::sink::{self, Sink};
use serde::Serialize;

use crate::error::Error;
use crate::output::Output;
use crate::schema::Schema;

/// A dump, described.
#[derive(Debug, Serialize)]
pub(crate) struct Manifest<'a> {
    /// The version of es-tools that wrote it.
    pub(crate) es_tools: &'static str,
    /// The index expression.
    pub(crate) target: &'a str,
    pub(crate) server: String,
    /// The queries that documents had to match, if any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) query: Vec<&'a serde_json::value::RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) share: Option<&'a str>,
    /// Not everything could be read, and that was allowed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) partial: bool,
    pub(crate) time: String,
    /// Documents in the file.
    pub(crate) count: u64,
    /// Of the file as it is stored, and their SHA-256.
    pub(crate) bytes: u64,
    pub(crate) sha256: &'a str,
    pub(crate) indices: &'a BTreeMap<String, Schema>,
}

impl Manifest<'_> {
    /// Whole and on the disk; it gets its name from [`publish`].
    pub(crate) fn write(&self, sink: &mut Sink) -> Result<(), Error> {
        let text = serde_json::to_vec_pretty(self);
        let mut text = text.map_err(|why| Error::System { what: "write the manifest", why: why.into() })?;
        text.push(b'\n');
        sink.write(&text)?;
        sink.seal()?;
        Ok(())
    }
}

/// Gives the dump its name, then its manifest.
///
/// At no moment, and so after a kill at any, does a manifest stand that is not of the file beside it: whoever loads
/// believes a manifest, and does without one that is missing. So that of a replaced dump goes first, and the new one
/// comes last.
pub(crate) fn publish(dump: Sink, manifest: Sink, output: &Output) -> Result<(), sink::Error> {
    let path = &output.manifest;
    let failed = |why| sink::Error::Write { name: path.display().to_string(), why };
    match fs::metadata(path) {
        Ok(there) if there.is_file() && output.replace => fs::remove_file(path).map_err(failed)?,
        Ok(there) if there.is_file() => return Err(sink::Error::Exists(path.clone())),
        Ok(there) if there.is_dir() => return Err(failed(io::ErrorKind::IsADirectory.into())),
        Ok(_) | Err(_) => {}
    }
    dump.publish()?;
    manifest.publish()
}
