//! `index-N`: the list of what a repository has, as its files tell it. The largest N counts; `index.latest` may be
//! missing or behind, so the files are listed, as servers do. Only names, uuids and states are read: they are where they
//! were since 5.0, whatever came beside them.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(crate) struct Index {
    snapshots: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    Named {
        name: String,
        uuid: String,
        #[serde(default)]
        state: Option<Value>,
    },
    /// Before 5.0, in the file `index`: there the names of the files are made of those of the snapshots.
    Name(String),
}

/// A snapshot as it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) name: String,
    pub(crate) state: Option<String>,
}

/// Before 5.0.
const OLD: &str = "index";

/// The file to read, among the names of those in the base path.
pub(crate) fn newest<'a>(files: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let numbered = files.clone().filter_map(|name| Some((number(name)?, name)));
    numbered.max().map(|(_, name)| name).or_else(|| files.clone().find(|name| *name == OLD))
}

fn number(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("index-")?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
}

impl Index {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Index, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    pub(crate) fn find(&self, wanted: &str) -> Option<Found> {
        self.snapshots.iter().find_map(|entry| match entry {
            Entry::Named { name, uuid, state } if uuid == wanted => {
                Some(Found { name: name.clone(), state: state.as_ref().map(state_name) })
            }
            Entry::Name(name) if name == wanted => Some(Found { name: name.clone(), state: None }),
            Entry::Named { .. } | Entry::Name(_) => None,
        })
    }
}

fn state_name(state: &Value) -> String {
    let names = ["IN_PROGRESS", "SUCCESS", "FAILED", "PARTIAL", "INCOMPATIBLE"];
    let known = state.as_u64().and_then(|code| names.get(usize::try_from(code).ok()?));
    known.map_or_else(|| crate::repository::text(state), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_number_is_the_newest() {
        for (files, wanted) in [
            (vec!["index-9", "index-10", "index.latest", "snap-a.dat"], Some("index-10")),
            (vec!["index-0"], Some("index-0")),
            (vec!["index", "index-3"], Some("index-3")),
            (vec!["index", "snap-a.dat"], Some("index")),
            (vec!["index-", "index-x", "index--1", "pending-index-4", "index-5.tmp"], None),
            (vec![], None),
        ] {
            assert_eq!(newest(files.iter().copied()), wanted, "{files:?}");
        }
    }

    #[test]
    fn every_layout_since_5_tells_names_and_uuids() {
        let eras = [
            // 2.x
            (r#"{"snapshots":["s1","s2"]}"#, "s2", None),
            // 5.0
            (
                r#"{"snapshots":[{"name":"s1","uuid":"a-b_c"},{"name":"s2","uuid":"-_-"}],"indices":{"x":{"id":"i","snapshots":[{"name":"s1","uuid":"a-b_c"}]}}}"#,
                "s2",
                None,
            ),
            // 5.6, 6.x
            (
                r#"{"snapshots":[{"name":"s2","uuid":"-_-","state":3}],"indices":{"x":{"id":"i","snapshots":["-_-"]}}}"#,
                "s2",
                Some("PARTIAL"),
            ),
            // 7.6
            (
                r#"{"min_version":"7.6.0","snapshots":[{"name":"s2","uuid":"-_-","state":1,"version":"7.6.2"}],"indices":{"x":{"id":"i","snapshots":["-_-"],"shard_generations":["g",null]}}}"#,
                "s2",
                Some("SUCCESS"),
            ),
            // 7.9
            (
                r#"{"min_version":"7.9.0","snapshots":[{"name":"s2","uuid":"-_-","state":2,"index_metadata_lookup":{"i":"k-_na_-1-1-1"},"version":"7.9.3"}],"indices":{},"index_metadata_identifiers":{"k-_na_-1-1-1":"m"}}"#,
                "s2",
                Some("FAILED"),
            ),
            // 8.9
            (
                r#"{"min_version":"7.12.0","uuid":"u","cluster_id":"c","snapshots":[{"name":"s2","uuid":"-_-","state":1,"index_metadata_lookup":{},"version":"8.9.0","index_version":8500003,"start_time_millis":1,"end_time_millis":2,"slm_policy":""}],"indices":{}}"#,
                "s2",
                Some("SUCCESS"),
            ),
            // A later one, with what nobody knows yet.
            (
                r#"{"snapshots":[{"name":"s2","uuid":"-_-","state":9,"version":10000000,"new":{"a":[1]}}],"new":null}"#,
                "s2",
                Some("9"),
            ),
        ];
        for (text, name, state) in eras {
            let index = Index::parse(text.as_bytes()).unwrap();
            let wanted = if text.contains("\"-_-\"") { "-_-" } else { "s2" };
            let found = Found { name: name.into(), state: state.map(str::to_owned) };
            assert_eq!(index.find(wanted), Some(found), "{text}");
            assert_eq!(index.find("other"), None);
        }
        for text in ["", "{", "{}", r#"{"snapshots":{}}"#] {
            assert!(Index::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
