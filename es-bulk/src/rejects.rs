//! Refused records: counted by their reason, the first of them shown, all of them written to a file that es-bulk
//! takes as input again and es-xform can mend.

use std::fs::File;
use std::io::{self, Write};
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use es_core::cli::{Refusals, Report};
use es_core::record::action::{Action, Op, others};
use es_core::record::hit::Hit;
use es_core::record::reject::{Reject, create_file};

use crate::NAME;
use crate::again;
use crate::batch::{Batch, Item};
use crate::error::Error;
use crate::record::{Record, Refused};

/// So many refusals for one reason, and nothing else, mean that the rest will fare no better.
const HOPELESS: u64 = 100;

/// When the refusals end the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// More than this many.
    pub(crate) most: u64,
    /// The first hundred for one reason with nothing else.
    pub(crate) hopeless: bool,
}

pub(crate) struct Rejects {
    limits: Limits,
    report: Report,
    inner: Mutex<Inner>,
}

struct Inner {
    file: Option<(PathBuf, io::BufWriter<File>)>,
    refusals: Refusals,
    /// The one reason for which the server, and nobody else, refused so far.
    only: Only,
    line: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
enum Only {
    Nothing,
    Kind(String),
    Several,
}

impl Rejects {
    /// # Errors
    /// When the file cannot be made, or one with something in it is there.
    pub(crate) fn open(path: Option<&Path>, limits: Limits, report: &Report) -> Result<Rejects, Error> {
        let open = |path: &Path| {
            let wrong = |why: io::Error| match why.kind() {
                io::ErrorKind::AlreadyExists => {
                    Error::Usage(format!("{} exists; --rejects does not overwrite it", path.display()))
                }
                _ => Error::Rejects { path: path.to_owned(), why },
            };
            let file = create_file(path).map_err(wrong)?;
            Ok::<_, Error>((path.to_owned(), io::BufWriter::with_capacity(64 << 10, file)))
        };
        let file = path.map(open).transpose()?;
        let inner = Inner { file, refusals: Refusals::default(), only: Only::Nothing, line: Vec::new() };
        Ok(Rejects { limits, report: report.clone(), inner: Mutex::new(inner) })
    }

    /// A record that was sent.
    pub(crate) fn item(
        &self,
        batch: &Batch,
        item: &Item,
        status: u16,
        kind: &str,
        reason: &str,
    ) -> Result<(), Error> {
        let origin = batch.origin(item);
        let lines = &batch.body[item.lines.clone()];
        let first = lines.split(|b| *b == b'\n').next().unwrap_or_default();
        // Our own line, which was written from parts that are whole.
        let Ok(action) = Action::parse(first) else { return Ok(()) };
        let file = origin.file.to_string_lossy();
        let reject = Reject {
            op: Some(item.op.name()),
            status: Some(status).filter(|status| *status > 0),
            whole_update: item.whole_update,
            ..Reject::new(NAME, kind, reason, &file, (item.line, item.offset))
        };
        let hit = Hit {
            index: origin.name.map(|name| &**name).or(action.index),
            kind: action.kind,
            id: action.id,
            routing: action.routing,
            parent: action.parent,
            version: action.version,
            source: Some(&batch.body[item.source.clone()]).filter(|source| !source.is_empty()),
            ..Hit::default()
        };
        let id = action.id.map(|id| String::from_utf8_lossy(id).into_owned());
        self.note(&reject, id.as_deref(), status > 0, |line| {
            write_hit(line, &hit, &reject, action.version_type, others(action.meta))
        })
    }

    /// A record that is not sent.
    pub(crate) fn record(
        &self,
        record: &Record<'_>,
        file: &Path,
        kind: &str,
        reason: &str,
    ) -> Result<(), Error> {
        let file = file.to_string_lossy();
        let reject = Reject {
            op: Some(record.op.name()),
            whole_update: record.whole_update,
            ..Reject::new(NAME, kind, reason, &file, (record.line, record.offset))
        };
        let hit = Hit {
            index: record.index,
            kind: record.kind,
            id: record.id,
            routing: record.routing,
            parent: record.parent,
            version: record.version,
            source: record.source,
            ..Hit::default()
        };
        let id = record.id.map(|id| String::from_utf8_lossy(id).into_owned());
        self.note(&reject, id.as_deref(), false, |line| {
            write_hit(line, &hit, &reject, record.version_type, record.parameters())
        })
    }

    /// Lines that made no record.
    pub(crate) fn lines(&self, refused: &Refused<'_>, file: &Path, op: Option<Op>) -> Result<(), Error> {
        let file = file.to_string_lossy();
        let at = (refused.line, refused.offset);
        let reject = Reject {
            op: op.map(Op::name),
            from: refused.from.map(again::name_of),
            ..Reject::new(NAME, refused.kind, &refused.reason, &file, at)
        };
        // What was refused before and cannot be read any better stays as it is.
        let before = Hit::parse(&refused.bytes).is_ok_and(|hit| hit.reject.is_some());
        let reject = if before { reject } else { reject.unread(&refused.bytes) };
        self.note(&reject, None, false, |line| {
            if before {
                line.extend_from_slice(&refused.bytes);
                return Ok(());
            }
            write_hit(line, &Hit::default(), &reject, None, iter::empty())
        })
    }

    /// A line over the limit, of which only the start is known.
    pub(crate) fn too_long(
        &self,
        file: &Path,
        at: (u64, u64),
        length: u64,
        head: &[u8],
        limit: u64,
    ) -> Result<(), Error> {
        let file = file.to_string_lossy();
        let reason = format!("the line has {length} bytes, and --max-line is {limit}");
        let reject = Reject::new(NAME, "line_too_long", &reason, &file, at).too_long(length, head);
        self.note(&reject, None, false, |line| write_hit(line, &Hit::default(), &reject, None, iter::empty()))
    }

    fn note(
        &self,
        reject: &Reject<'_>,
        id: Option<&str>,
        by_server: bool,
        write: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>,
    ) -> Result<(), Error> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { file, refusals, only, line } = &mut *inner;
        match only {
            Only::Nothing if by_server => *only = Only::Kind(reject.kind.to_owned()),
            Only::Kind(kind) if by_server && kind == reject.kind => {}
            Only::Nothing | Only::Kind(_) | Only::Several => *only = Only::Several,
        }
        refusals.add(&self.report, reject.kind, || {
            let Reject { file, line, kind, reason, .. } = reject;
            let file = if *file == "-" { "standard input" } else { file };
            let id = id.map(|id| format!(", id {id}")).unwrap_or_default();
            let status = reject.status.map(|status| format!("{status} ")).unwrap_or_default();
            format!("line {line} of {file}{id}: {status}{kind}: {reason}")
        });
        if let Some((path, file)) = file {
            line.clear();
            let written = write(line).map_err(io::Error::from).and_then(|()| {
                line.push(b'\n');
                file.write_all(line)
            });
            written.map_err(|why| Error::Rejects { path: path.clone(), why })?;
        }
        if refusals.total() > self.limits.most {
            return Err(Error::TooManyRejects { count: refusals.total() });
        }
        Ok(())
    }

    /// Whether everything so far was refused by the server for one and the same reason, a hundred times or more.
    pub(crate) fn hopeless(&self) -> Option<Error> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inner.refusals.total();
        match &inner.only {
            Only::Kind(kind) if self.limits.hopeless && count >= HOPELESS => {
                Some(Error::AllRefused { count, kind: kind.clone() })
            }
            Only::Nothing | Only::Kind(_) | Only::Several => None,
        }
    }

    /// Says how many there were of each reason, and finishes the file.
    pub(crate) fn finish(&self) -> Result<(), Error> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.refusals.finish(&self.report);
        if let Some((path, file)) = &mut inner.file {
            let path = path.clone();
            let done = file.flush().and_then(|()| match file.get_ref().sync_all() {
                // Devices and pipes have nothing to sync.
                Err(e) if e.kind() == io::ErrorKind::InvalidInput => Ok(()),
                done => done,
            });
            done.map_err(|why| Error::Rejects { path, why })?;
        }
        Ok(())
    }
}

/// Appends the hit line with `_reject` as its last part, without the line break.
fn write_hit<'a>(
    out: &mut Vec<u8>,
    hit: &Hit<'_>,
    reject: &Reject<'_>,
    version_type: Option<&[u8]>,
    parameters: impl Iterator<Item = (&'a [u8], &'a [u8])>,
) -> serde_json::Result<()> {
    let meta_parts = es_core::record::hit::Meta { version: true, seq_no: false };
    hit.write_line(meta_parts, out);
    // `}` and the line break go; what is left is open again.
    out.truncate(out.len() - 2);
    out.extend_from_slice(if out.last() == Some(&b'{') { b"\"_reject\":" } else { b",\"_reject\":" });
    serde_json::to_writer(&mut *out, reject)?;
    out.pop();
    if let Some(version_type) = version_type {
        out.extend_from_slice(b",\"version_type\":");
        out.extend_from_slice(version_type);
    }
    let mut lead: &[u8] = b",\"action\":{\"";
    for (name, value) in parameters {
        for part in [lead, name, b"\":", value] {
            out.extend_from_slice(part);
        }
        lead = b",\"";
    }
    if lead == b",\"" {
        out.push(b'}');
    }
    out.extend_from_slice(b"}}");
    Ok(())
}
