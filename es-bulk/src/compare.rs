//! Whether the documents that are there already are the ones that were to be created, byte for byte.

use std::ops::Range;

use es_core::http::{Body, Call, Repeat, target::encode_index};
use es_core::record::action::Action;
use es_core::record::hit::push_folded;
use es_core::server::mget::{Found, read_docs};
use es_core::server::{self, Refusal};

use crate::batch::{Batch, Item};
use crate::error::Error;
use crate::load::Load;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    Same,
    Different,
    /// Somebody deleted it meanwhile.
    Gone,
    /// The server does not give its source.
    Unsaid,
}

/// An item whose document is there already.
pub(crate) struct There {
    pub(crate) item: usize,
    /// The index that it is in, if the server said so: what an alias or a data stream has several of.
    pub(crate) index: Option<String>,
}

/// Fetches what is there under the ids of these items, in requests of about the size of a bulk.
pub(crate) fn compare(load: &Load<'_>, batch: &Batch, there: &[There]) -> Result<Vec<Compared>, Error> {
    let mut verdicts = Vec::with_capacity(there.len());
    let mut rest = there;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fit = rest.iter().take_while(|there| {
            bytes += batch.items[there.item].source.len();
            bytes <= load.plan.bulk_size
        });
        let (some, others) = rest.split_at(fit.count().max(1));
        rest = others;
        fetch(load, batch, some, &mut verdicts)?;
    }
    Ok(verdicts)
}

fn fetch(load: &Load<'_>, batch: &Batch, there: &[There], verdicts: &mut Vec<Compared>) -> Result<(), Error> {
    let index = load.plan.index.as_deref();
    let path = index.map(|index| format!("/{}", encode_index(index))).unwrap_or_default() + "/_mget";
    let body = request(batch, there, index);
    let answer = load.client.call(&Call::post(&path, Body::Json(&body), Repeat::Safe))?;
    let (status, host) = (answer.status, answer.host.clone());
    // What is there may be larger than what was to be created, but not without bounds.
    let limit = load.plan.bulk_size.saturating_mul(4).max(256 << 20);
    let body = answer.bytes(limit)?;
    let what = || "fetching the documents that are there".to_owned();
    if status != 200 {
        return Err(server::Error::refused(what(), host, Refusal::parse(status, &body)).into());
    }
    let mut folded = Vec::new();
    read_docs(&body, there.len(), |n, found| {
        verdicts.push(match found {
            Found::Source(theirs) => {
                let ours = &batch.body[batch.items[there[n].item].source.clone()];
                folded.clear();
                push_folded(theirs, &mut folded);
                if folded == ours { Compared::Same } else { Compared::Different }
            }
            Found::Missing => Compared::Gone,
            Found::Unsaid => Compared::Unsaid,
        });
    })
    .map_err(|e| server::Error::Unreadable { what: what(), host, why: e.to_string() })?;
    Ok(())
}

/// `{"docs":[{"_index":…,"_id":…,"routing":…},…]}`
fn request(batch: &Batch, there: &[There], in_path: Option<&str>) -> Vec<u8> {
    let mut body = b"{\"docs\":[".to_vec();
    for There { item, index } in there {
        let item: &Item = &batch.items[*item];
        // Where the path says it, some servers want it nowhere else.
        let index = index.as_deref().filter(|index| in_path != Some(index));
        let index = index.map(|index| serde_json::json!(index).to_string());
        let line: Range<usize> = item.lines.start..item.source.start.max(item.lines.start);
        let first = batch.body[line].split(|b| *b == b'\n').next().unwrap_or_default();
        // Our own line, which was written from parts that are whole.
        let Ok(action) = Action::parse(first) else { continue };
        let parts = [
            (&b"{\"_index\":"[..], index.as_ref().map(String::as_bytes).or(action.index)),
            (b"{\"_type\":", action.kind),
            (b"{\"_id\":", action.id),
            (b"{\"routing\":", action.routing.or(action.parent)),
        ];
        let mut open = false;
        for (name, value) in parts {
            let Some(value) = value else { continue };
            body.extend_from_slice(if open { b"," } else { b"{" });
            open = true;
            body.extend_from_slice(&name[1..]);
            body.extend_from_slice(value);
        }
        body.extend_from_slice(b"},");
    }
    body.pop();
    body.extend_from_slice(b"]}");
    body
}
