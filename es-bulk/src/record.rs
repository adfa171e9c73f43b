//! A record on its way to the server, made from what its lines say and what is asked for all.

use std::borrow::Cow;

use es_core::record::action::{Action, Op, others};
use es_core::record::block::Line;
use es_core::record::hit::Hit;
use es_core::record::kind::Kind;

use crate::again::Again;
use crate::args::OpChoice;

/// A record, borrowed from its lines. Names and ids are JSON text.
#[derive(Clone, Debug)]
pub(crate) struct Record<'a> {
    pub(crate) op: Op,
    pub(crate) index: Option<&'a [u8]>,
    pub(crate) kind: Option<&'a [u8]>,
    pub(crate) id: Option<&'a [u8]>,
    pub(crate) routing: Option<&'a [u8]>,
    pub(crate) parent: Option<&'a [u8]>,
    pub(crate) version: Option<&'a [u8]>,
    pub(crate) version_type: Option<&'a [u8]>,
    /// An object with further parameters of the action, which was of this op.
    pub(crate) meta: Option<(&'a [u8], Op)>,
    /// The document, also where the op has no use for it.
    pub(crate) source: Option<&'a [u8]>,
    /// `source` is the whole second line of an update.
    pub(crate) whole_update: bool,
    pub(crate) line: u64,
    pub(crate) offset: u64,
}

/// The kind of a refusal, and the reason.
pub(crate) type Why = (&'static str, String);

/// What is asked for all records.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) op: OpChoice,
    /// `"external"`, as JSON text: versions are sent.
    pub(crate) version_type: Option<&'static [u8]>,
    /// The target names the index of all records.
    pub(crate) index_given: bool,
}

impl<'a> Record<'a> {
    pub(crate) fn new(op: Op, line: u64, offset: u64) -> Record<'a> {
        Record {
            op,
            index: None,
            kind: None,
            id: None,
            routing: None,
            parent: None,
            version: None,
            version_type: None,
            meta: None,
            source: None,
            whole_update: false,
            line,
            offset,
        }
    }

    /// The further parameters that go with the op. Where another op was asked for, these are the ones that prepare the
    /// document or say where it goes, for conditions belong to the op they were made for.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let op = self.op;
        self.meta.into_iter().flat_map(move |(meta, was)| {
            others(meta).filter(move |(name, _)| match op {
                op if op == was => true,
                Op::Create | Op::Index => {
                    matches!(
                        *name,
                        b"pipeline" | b"dynamic_templates" | b"require_alias" | b"require_data_stream"
                    )
                }
                Op::Update => matches!(*name, b"pipeline" | b"require_alias"),
                Op::Delete => false,
            })
        })
    }

    /// From a hit line; `again`: it was refused before, and what of that is still meant.
    pub(crate) fn of_hit(
        line: Line<'a>,
        hit: &Hit<'a>,
        again: Option<&Again<'a>>,
        wanted: &Wanted,
    ) -> Result<Record<'a>, Why> {
        if let Some(name) = hit.unknown {
            let name = String::from_utf8_lossy(name);
            return Err(("another_kind", format!("`{name}` is no part of a hit line")));
        }
        // A document without docinfo that was refused is still one.
        if hit.id.is_none() && hit.index.is_none() && !(again.is_some() && wanted.index_given) {
            return Err(("another_kind", "neither `_id` nor `_index` is there, so it is no hit line".into()));
        }
        let Some(op) = again.and_then(|again| again.op).or(wanted.op.op()) else {
            return Err(("no_action", "a hit line has no action that --op keep could keep".into()));
        };
        if op.has_source() && hit.source.is_none() {
            return Err(("no_document", format!("`_source` is missing, which {} needs", op.name())));
        }
        let versions = again.and_then(|a| a.version_type).or(wanted.version_type);
        Ok(Record {
            index: hit.index,
            kind: hit.kind,
            id: hit.id,
            routing: hit.routing,
            parent: hit.parent,
            version: hit.version.filter(|_| versions.is_some()),
            version_type: versions,
            meta: again.and_then(|a| a.action).map(|meta| (meta, op)),
            source: hit.source,
            whole_update: again.is_some_and(|a| a.whole_update),
            ..Record::new(op, line.number, line.offset)
        })
    }

    /// From a document alone.
    pub(crate) fn of_document(
        line: Line<'a>,
        document: &'a [u8],
        wanted: &Wanted,
    ) -> Result<Record<'a>, Why> {
        match wanted.op.op() {
            Some(op) => Ok(Record {
                version_type: wanted.version_type,
                source: Some(document),
                ..Record::new(op, line.number, line.offset)
            }),
            None => Err(("no_action", "a document has no action that --op keep could keep".into())),
        }
    }

    /// From an action. It is as it is where the op stays; where another op is asked for, only the names, the document
    /// and what prepares it go over, for conditions and versions belong to the op.
    pub(crate) fn of_action(
        action: &Action<'a>,
        source: Option<&'a [u8]>,
        (line, offset): (u64, u64),
        wanted: &Wanted,
    ) -> Result<Record<'a>, Why> {
        let op = wanted.op.op().unwrap_or(action.op);
        let kept = op == action.op;
        match (op, action.op) {
            (Op::Delete, _) => {}
            (Op::Create | Op::Index | Op::Update, Op::Create | Op::Index) | (Op::Update, Op::Update) => {}
            (Op::Create | Op::Index, Op::Update) | (Op::Create | Op::Index | Op::Update, Op::Delete) => {
                let (from, to) = (action.op.name(), op.name());
                let reason = format!("an action `{from}` cannot become `{to}`; --op keep does what it says");
                return Err(("another_op", reason));
            }
        }
        let version_type = action.version_type.filter(|_| kept).or(wanted.version_type);
        Ok(Record {
            index: action.index,
            kind: action.kind,
            id: action.id,
            routing: action.routing,
            parent: action.parent,
            version: action.version.filter(|_| kept || version_type.is_some()),
            version_type,
            meta: Some((action.meta, action.op)),
            source,
            whole_update: action.op == Op::Update,
            ..Record::new(op, line, offset)
        })
    }
}

/// Lines that make no record, and why.
#[derive(Clone, Debug)]
pub(crate) struct Refused<'a> {
    pub(crate) bytes: Cow<'a, [u8]>,
    pub(crate) from: Option<Kind>,
    pub(crate) kind: &'static str,
    pub(crate) reason: String,
    pub(crate) line: u64,
    pub(crate) offset: u64,
}
