//! What a restore will make, before anything is sent: the new names, what has them already, and what stands against it.

use std::collections::{BTreeMap, BTreeSet};

use es_core::server::flavor::Reads;
use es_core::server::snapshot::{Snapshot, State};
use serde::Deserialize;

use super::picks::{self, Picks};
use super::rename::Rename;
use crate::cluster::Cluster;
use crate::error::Error;

/// What becomes of one index of the snapshot.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) index: String,
    pub(crate) target: String,
    /// What the cluster has under that name.
    pub(crate) there: Option<There>,
    pub(crate) kind: Kind,
    /// The shards that are not in the snapshot.
    pub(crate) lacks: BTreeSet<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Index,
    /// A data stream, which brings its own indices.
    Stream,
    /// An index of a data stream, which comes with it.
    OfStream,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum There {
    Open,
    Closed,
    Alias,
    Stream,
}

impl There {
    pub(crate) fn name(self) -> &'static str {
        match self {
            There::Open => "open index",
            There::Closed => "closed index",
            There::Alias => "alias",
            There::Stream => "data stream",
        }
    }
}

/// The names that a cluster has given.
pub(crate) type Names = BTreeMap<String, There>;

/// Of an index of a data stream: `.ds-STREAM-2016.04.01-000001`, without the date before 7.11.
const OF_STREAM: &str = ".ds-";

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    indices: BTreeMap<String, Index>,
    data_stream: Streams,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Index {
    state: String,
    aliases: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Streams {
    data_stream: BTreeMap<String, serde::de::IgnoredAny>,
}

/// Asks for every name that is taken.
pub(crate) fn names(cluster: &Cluster) -> Result<Names, Error> {
    let path = "/_cluster/state/metadata?filter_path=metadata.indices.*.state,metadata.indices.*.aliases,\
                metadata.data_stream.data_stream.*.name";
    let Answer { metadata } = cluster.get(path, "asking which names are taken")?;
    let aliases = metadata.indices.values().flat_map(|index| index.aliases.iter().cloned());
    let mut names: Names = aliases.map(|alias| (alias, There::Alias)).collect();
    names.extend(metadata.data_stream.data_stream.into_keys().map(|name| (name, There::Stream)));
    names.extend(metadata.indices.into_iter().map(|(name, index)| {
        let there = if index.state == "close" { There::Closed } else { There::Open };
        (name, there)
    }));
    Ok(names)
}

/// The indices and data streams of the snapshot that `expressions` mean.
pub(crate) fn choose(snapshot: &Snapshot, expressions: &[String], lenient: bool) -> Result<Picks, Error> {
    let streams = snapshot.data_streams.iter().map(String::as_str);
    picks::pick(expressions, snapshot.indices.iter().map(String::as_str).chain(streams), lenient)
}

/// What they become.
pub(crate) fn items(
    snapshot: &Snapshot,
    chosen: &BTreeSet<String>,
    rename: Option<&Rename>,
    there: &Names,
) -> Vec<Item> {
    let streams: Vec<_> = snapshot.data_streams.iter().filter(|name| chosen.contains(*name)).collect();
    let comes_with = |index: &str| streams.iter().any(|stream| is_of(index, stream));
    let new = |name: &str| rename.map_or_else(|| name.to_owned(), |rename| rename.apply(name).0);
    let mut items = Vec::new();
    for name in &streams {
        let target = new(name);
        let there = there.get(&target).copied();
        items.push(Item {
            index: (*name).clone(),
            target,
            there,
            kind: Kind::Stream,
            lacks: BTreeSet::new(),
        });
    }
    for index in snapshot.indices.iter().collect::<BTreeSet<_>>() {
        let (target, kind) = match (comes_with(index), chosen.contains(index)) {
            // The server renames what follows the prefix.
            (true, _) => (format!("{OF_STREAM}{}", new(&index[OF_STREAM.len()..])), Kind::OfStream),
            (false, true) => (new(index), Kind::Index),
            (false, false) => continue,
        };
        let lacks = snapshot.failures.iter().filter(|failure| failure.index == *index);
        let lacks = lacks.map(|failure| failure.shard_id).collect();
        let there = there.get(&target).copied();
        items.push(Item { index: index.clone(), target, there, kind, lacks });
    }
    items
}

/// Whether an index belongs to a data stream, by its name.
pub(crate) fn is_of(index: &str, stream: &str) -> bool {
    let rest = index.strip_prefix(OF_STREAM).and_then(|rest| rest.strip_prefix(stream)?.strip_prefix('-'));
    rest.is_some_and(|rest| {
        rest.len() >= 6 && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-')
    })
}

/// What stands against it whatever is typed besides: names that collide or cannot be.
pub(crate) fn problems(items: &[Item]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut sources: BTreeMap<&str, &str> = BTreeMap::new();
    for item in items {
        if let Some(wrong) = wrong_name(&item.target) {
            problems.push(format!("{} would become `{}`, and {wrong}", item.index, item.target));
        }
        if let Some(other) = sources.insert(&item.target, &item.index) {
            problems.push(format!("{other} and {} would both become {}", item.index, item.target));
        }
    }
    problems
}

/// Why no index can be called so.
fn wrong_name(name: &str) -> Option<String> {
    let refused = |c: char| "\\/*?\"<>| ,#:".contains(c) || c.is_control();
    if name.is_empty() || name == "." || name == ".." {
        return Some("that is no name".into());
    }
    if let Some(c) = name.chars().find(|c| refused(*c)) {
        return Some(format!("a name cannot hold {c:?}"));
    }
    if name.starts_with(['-', '_', '+']) {
        return Some("a name cannot start with -, _ or +".into());
    }
    if name.chars().any(char::is_uppercase) {
        return Some("a name is lower-case".into());
    }
    (name.len() > 255).then(|| format!("it has {} bytes of at most 255", name.len()))
}

/// Refuses a snapshot that no restore can be made from, before the server does in its own words.
pub(crate) fn check(cluster: &Cluster, repository: &str, snapshot: &Snapshot) -> Result<(), Error> {
    let name = &snapshot.name;
    match &snapshot.state {
        State::Success | State::Partial | State::Other(_) => {}
        State::InProgress => {
            return Err(Error::Failed {
                what: format!("{repository}/{name} is still being made"),
                hint: Some(format!("es-snap wait {} {name} waits for it", cluster.place)),
            });
        }
        State::Failed | State::Incompatible => {
            return Err(Error::failed(format!(
                "{repository}/{name} is {}: nothing can be restored",
                snapshot.state.name()
            )));
        }
    }
    let (Some(version), flavor) = (&snapshot.version, cluster.flavor()?) else { return Ok(()) };
    let (how, hint) = match flavor.reads(version) {
        Reads::Perhaps => return Ok(()),
        Reads::TooOld => {
            ("too old", "a server of the major version between can restore it, and reindex it for this one")
        }
        Reads::TooNew => ("too new", "a snapshot is restored by its own version or a later one"),
    };
    let shown: Vec<_> = snapshot.indices.iter().take(3).map(String::as_str).collect();
    let more = if snapshot.indices.len() > shown.len() { ", …" } else { "" };
    Err(Error::Failed {
        what: format!(
            "{repository}/{name} ({}{more}) was made by version {version}, which is {how} for {}",
            shown.join(", "),
            flavor.name()
        ),
        hint: Some(hint.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use es_core::server::snapshot::Failure;

    fn snapshot() -> Snapshot {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Snapshot {
            indices: owned(&["a", "b", ".ds-logs-2016.04.01-000001", ".ds-logs-x-000001"]),
            data_streams: owned(&["logs", "logs-x"]),
            failures: vec![Failure { index: "b".into(), shard_id: 3, ..Failure::default() }],
            ..Snapshot::default()
        }
    }

    fn shown(items: &[Item]) -> Vec<String> {
        items.iter().map(|item| format!("{} {}", item.index, item.target)).collect()
    }

    #[test]
    fn a_data_stream_brings_its_indices_and_they_keep_their_prefix() {
        let chosen = BTreeSet::from(["logs".to_owned(), "b".to_owned()]);
        let rename = Rename::prefix("old-").unwrap();
        let there = Names::from([("old-b".into(), There::Open)]);
        let items = items(&snapshot(), &chosen, Some(&rename), &there);
        assert_eq!(
            shown(&items),
            ["logs old-logs", ".ds-logs-2016.04.01-000001 .ds-old-logs-2016.04.01-000001", "b old-b"]
        );
        assert_eq!((items[2].there, &items[2].lacks), (Some(There::Open), &BTreeSet::from([3])));
        assert!(problems(&items).is_empty());
    }

    #[test]
    fn names_that_collide_or_cannot_be_are_found() {
        let chosen = BTreeSet::from(["a".to_owned(), "b".to_owned()]);
        let to = |replacement: &str| {
            let rename = Rename::new(".+", replacement).unwrap();
            problems(&items(&snapshot(), &chosen, Some(&rename), &Names::new()))
        };
        assert_eq!(to("one"), ["a and b would both become one"]);
        for bad in ["Upper", "_x", "a b", "", "..", "a:b", &"x".repeat(256)] {
            assert_eq!(to(bad).len(), 3, "{bad}");
        }
    }
}
