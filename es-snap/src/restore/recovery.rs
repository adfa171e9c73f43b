//! When a restore is done: each primary shard that the new index should have is listed in `_recovery` as restored from
//! a snapshot and DONE, and is started. Pure: what the server says comes in, what it means goes out.
//!
//! An empty list is no success: a shard that failed is not listed any more. `_recovery` has no failed stage either; that
//! a shard will never come shows in the routing table, where the server notes that no node may have it. For a shard of a
//! restore it has then given up: nothing but a new restore makes it try again.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// `_cluster/state/metadata,routing_table/INDICES`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    metadata: Metadata,
    routing_table: Routing,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    indices: BTreeMap<String, About>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct About {
    settings: Settings,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Settings {
    index: IndexSettings,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IndexSettings {
    number_of_shards: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Routing {
    indices: BTreeMap<String, Routed>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Routed {
    shards: BTreeMap<String, Vec<Copy>>,
}

/// A copy of a shard and where it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Copy {
    state: String,
    primary: bool,
    unassigned_info: Option<Unassigned>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Unassigned {
    reason: String,
    details: Option<String>,
    /// Since 5.0.
    allocation_status: Option<String>,
}

/// `INDICES/_recovery`
pub(crate) type Recoveries = BTreeMap<String, Recovery>;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Recovery {
    shards: Vec<Listed>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Listed {
    id: u64,
    #[serde(rename = "type")]
    kind: String,
    stage: String,
    primary: bool,
    start_time_in_millis: i64,
    stop_time_in_millis: i64,
    index: Files,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Files {
    /// `bytes` in 1.x.
    #[serde(alias = "bytes")]
    size: Bytes,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Bytes {
    total_in_bytes: u64,
    #[serde(alias = "recovered")]
    recovered_in_bytes: u64,
}

/// How far an index is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Of its primary shards, how many there are to be.
    pub(crate) shards: u64,
    pub(crate) done: u64,
    /// Those that the snapshot lacks, made without documents.
    pub(crate) empty: u64,
    pub(crate) bytes: u64,
    pub(crate) of_bytes: u64,
    /// From the start of the first shard to the end of the last.
    pub(crate) millis: i64,
    pub(crate) lost: Vec<Lost>,
    /// Started, and not listed: the server's two answers are of two moments, so that once is no proof.
    pub(crate) unlisted: BTreeSet<u64>,
}

/// What will not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    /// None: the whole index.
    pub(crate) shard: Option<u64>,
    pub(crate) why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The index is not in the cluster.
    Gone,
    /// It could not be read; the server's own words.
    Failed(String),
    /// No node may have it; which rule says so is to be asked.
    NotPlaced,
    /// It is there, and nobody knows where from.
    Unlisted,
    /// Somebody made it anew, without documents.
    Emptied,
}

impl Standing {
    /// Whether nothing more will happen to it.
    pub(crate) fn is_settled(&self) -> bool {
        !self.lost.is_empty() || self.is_done()
    }

    pub(crate) fn is_done(&self) -> bool {
        self.lost.is_empty() && self.shards > 0 && self.done + self.empty == self.shards
    }
}

/// What one index has become. `lacks` are the shards that are not in the snapshot, and `unlisted` those that the look
/// before this one missed.
pub(crate) fn judge(
    index: &str,
    state: &State,
    recoveries: &Recoveries,
    lacks: &BTreeSet<u64>,
    unlisted: &BTreeSet<u64>,
) -> Standing {
    let mut standing = Standing::default();
    let number = state.metadata.indices.get(index).map(|about| about.settings.index.number_of_shards.parse());
    let Some(Ok(shards)) = number else {
        standing.lost.push(Lost { shard: None, why: Why::Gone });
        return standing;
    };
    standing.shards = shards;
    let listed = recoveries.get(index).map_or(&[][..], |recovery| &recovery.shards);
    let routed = state.routing_table.indices.get(index);
    for shard in 0..shards {
        let copies = routed.and_then(|routed| routed.shards.get(&shard.to_string()));
        let primary = copies.and_then(|copies| copies.iter().find(|copy| copy.primary));
        let listed = listed.iter().find(|listed| listed.id == shard && listed.primary);
        if let Some(Bytes { total_in_bytes, recovered_in_bytes }) = listed.map(|listed| &listed.index.size) {
            standing.of_bytes += total_in_bytes;
            standing.bytes += recovered_in_bytes;
        }
        match look(primary, listed, lacks.contains(&shard)) {
            Look::Coming => {}
            Look::Done => standing.done += 1,
            Look::Empty => standing.empty += 1,
            Look::Unlisted if unlisted.contains(&shard) => {
                standing.lost.push(Lost { shard: Some(shard), why: Why::Unlisted });
            }
            Look::Unlisted => {
                standing.unlisted.insert(shard);
            }
            Look::Lost(why) => standing.lost.push(Lost { shard: Some(shard), why }),
        }
    }
    let start = listed.iter().map(|listed| listed.start_time_in_millis).min().unwrap_or(0);
    let stop = listed.iter().map(|listed| listed.stop_time_in_millis).max().unwrap_or(0);
    standing.millis = (stop - start).max(0);
    standing
}

enum Look {
    Coming,
    Done,
    Empty,
    Unlisted,
    Lost(Why),
}

fn look(primary: Option<&Copy>, listed: Option<&Listed>, lacks: bool) -> Look {
    let Some(copy) = primary else { return Look::Lost(Why::Gone) };
    match copy.state.as_str() {
        "STARTED" | "RELOCATING" => match listed.map(|listed| (source(&listed.kind), listed.is_done())) {
            Some((Source::Snapshot, true)) => Look::Done,
            Some((Source::Snapshot, false)) => Look::Coming,
            Some((Source::Nothing, _)) if lacks => Look::Empty,
            Some((Source::Nothing, _)) => Look::Lost(Why::Emptied),
            // Since it was restored it has moved to another node, or its node has started again: only what was
            // whole does that.
            Some((Source::Copy, _)) => Look::Done,
            None => Look::Unlisted,
        },
        "UNASSIGNED" => copy.unassigned_info.as_ref().map_or(Look::Coming, unassigned),
        _ => Look::Coming,
    }
}

fn unassigned(info: &Unassigned) -> Look {
    let failed = info.reason == "ALLOCATION_FAILED";
    match info.allocation_status.as_deref() {
        Some("deciders_no" | "no_valid_shard_copy") => {}
        // Before 5.0 there is no word for it, and the reason is all there is.
        None if failed => {}
        Some(_) | None => return Look::Coming,
    }
    Look::Lost(match (&info.details, failed) {
        (Some(details), true) => Why::Failed(cause(details)),
        (None, true) | (_, false) => Why::NotPlaced,
    })
}

enum Source {
    Snapshot,
    /// Another copy of the shard, or what is on the node's disk.
    Copy,
    Nothing,
}

fn source(kind: &str) -> Source {
    match kind.to_ascii_uppercase().as_str() {
        "SNAPSHOT" => Source::Snapshot,
        "EMPTY_STORE" | "EMPTYSTORE" => Source::Nothing,
        _ => Source::Copy,
    }
}

impl Listed {
    fn is_done(&self) -> bool {
        self.stage.eq_ignore_ascii_case("DONE")
    }
}

/// What lies at the bottom of a chain of exceptions, in one line: `CorruptIndexException[checksum failed …]` up to
/// Elasticsearch 8, below a stack trace since.
fn cause(details: &str) -> String {
    let deepest = |mark: &str| details.rfind(mark).map(|at| &details[at + mark.len()..]);
    let text = deepest("Caused by: ").or_else(|| deepest("nested: ")).unwrap_or(details);
    let line = text.lines().next().unwrap_or_default().trim_end_matches([';', ' ']);
    let class = line.find([':', '[', ' ']).unwrap_or(line.len());
    let package = line[..class].rfind('.').map_or(0, |dot| dot + 1);
    line[package..].to_owned()
}

#[cfg(test)]
mod tests;
