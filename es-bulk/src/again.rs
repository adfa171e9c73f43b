//! Refused records that are input again: what of their `_reject` outlives the refusal.

use std::borrow::Cow;

use es_core::record::action::Op;
use es_core::record::kind::Kind;
use es_core::record::scan::{Fields, MAX_DEPTH, is_string};
use serde::Deserialize;

const KINDS: [Kind; 3] = [Kind::Hit, Kind::Action, Kind::Bare];

/// What an unreadable line was among, as `_reject.from` has it.
pub(crate) fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Hit => "hit",
        Kind::Action => "bulk",
        Kind::Bare => "source",
    }
}

/// What matters of `_reject` when it is read again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Again<'a> {
    pub(crate) op: Option<Op>,
    pub(crate) from: Option<Kind>,
    pub(crate) base64: Option<Cow<'a, str>>,
    pub(crate) whole_update: bool,
    pub(crate) version_type: Option<&'a [u8]>,
    /// Further parameters of the action.
    pub(crate) action: Option<&'a [u8]>,
}

impl<'a> Again<'a> {
    pub(crate) fn read(reject: &'a [u8]) -> Result<Again<'a>, String> {
        #[derive(Deserialize)]
        struct Texts<'a> {
            #[serde(borrow)]
            op: Option<Cow<'a, str>>,
            #[serde(borrow)]
            from: Option<Cow<'a, str>>,
            #[serde(borrow)]
            base64: Option<Cow<'a, str>>,
            #[serde(default)]
            whole_update: bool,
        }
        let texts: Texts<'a> = serde_json::from_slice(reject).map_err(|e| format!("`_reject`: {e}"))?;
        let mut again = Again { base64: texts.base64, whole_update: texts.whole_update, ..Again::default() };
        if let Some(op) = texts.op {
            again.op = Some(Op::named(op.as_bytes()).ok_or_else(|| format!("`_reject.op` is `{op}`"))?);
        }
        again.from = texts.from.and_then(|from| KINDS.into_iter().find(|kind| name_of(*kind) == from));
        let mut fields = Fields::open(reject, 0, MAX_DEPTH).map_err(|e| e.to_string())?;
        while let Some(field) = fields.next_field().map_err(|e| e.to_string())? {
            match &reject[field.name] {
                b"action" if reject[field.value.start] == b'{' => again.action = Some(&reject[field.value]),
                b"version_type" if is_string(&reject[field.value.clone()]) => {
                    again.version_type = Some(&reject[field.value]);
                }
                _ => {}
            }
        }
        Ok(again)
    }
}
