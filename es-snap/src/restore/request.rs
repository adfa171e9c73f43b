//! The request for a restore. What a version has as its default is sent all the same, for defaults have changed.

use es_core::http::{Method, Repeat};
use es_core::server::Refusal;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::rename::Rename;
use crate::cluster::{Cluster, snapshot_path};
use crate::error::Error;

#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) repository: &'a str,
    pub(crate) snapshot: &'a str,
    pub(crate) indices: Vec<&'a str>,
    pub(crate) rename: Option<&'a Rename>,
    pub(crate) settings: Map<String, Value>,
    pub(crate) ignored: Vec<String>,
    pub(crate) aliases: bool,
    pub(crate) global_state: bool,
    pub(crate) partial: bool,
}

impl Request<'_> {
    /// Returns when the server has begun.
    pub(crate) fn send(&self, cluster: &Cluster) -> Result<(), Error> {
        let path = format!("{}/_restore", snapshot_path(self.repository, self.snapshot));
        let what = format!("restoring {}/{}", self.repository, self.snapshot);
        let body = self.body();
        // Sent twice, it would find its own indices there.
        match cluster.send::<IgnoredAny>(Method::Post, &path, Some(&body), Repeat::Unsafe, &what) {
            Ok(_) => Ok(()),
            Err(e) => Err(e.refusal().and_then(|refusal| in_our_words(&what, refusal)).unwrap_or(e)),
        }
    }

    fn body(&self) -> Value {
        let mut body = json!({
            "indices": self.indices,
            "include_global_state": self.global_state,
            "include_aliases": self.aliases,
            "partial": self.partial,
        });
        if let Some(rename) = self.rename {
            body["rename_pattern"] = rename.pattern.as_str().into();
            body["rename_replacement"] = rename.replacement.as_str().into();
        }
        if !self.settings.is_empty() {
            body["index_settings"] = self.settings.clone().into();
        }
        if !self.ignored.is_empty() {
            body["ignore_index_settings"] = self.ignored.clone().into();
        }
        body
    }
}

/// A name of a setting as servers want it: some versions take one without its prefix, and do nothing.
pub(crate) fn setting(name: &str) -> String {
    if name.starts_with("index.") { name.to_owned() } else { format!("index.{name}") }
}

/// The refusals that have a cure.
fn in_our_words(what: &str, refusal: &Refusal) -> Option<Error> {
    const OLD: [&str; 2] = ["cannot be upgraded", "which is below the current"];
    let failed = |why: &str, hint: &str| {
        Some(Error::Failed { what: format!("{what}: {why}: {refusal}"), hint: Some(hint.to_owned()) })
    };
    if refusal.reason.contains("which is higher than the version") {
        return failed("the versions do not fit", "a snapshot is restored by its own version or a later one");
    }
    if OLD.iter().any(|text| refusal.reason.contains(text)) {
        return failed(
            "the versions do not fit",
            "an index is restored by the major version that made it and by the next; a server between them can restore \
             and reindex it",
        );
    }
    if refusal.reason.contains("same name already exists") {
        return failed(
            "a name is taken",
            "--as or --rename gives other names; --close-existing restores over it",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_off_is_said_to_be_off() {
        let rename = Rename::prefix("x-").unwrap();
        let request = Request {
            repository: "r",
            snapshot: "s",
            indices: vec!["a"],
            rename: Some(&rename),
            settings: Map::new(),
            ignored: vec!["index.blocks.*".into()],
            aliases: false,
            global_state: false,
            partial: false,
        };
        let body = json!({
            "indices": ["a"], "include_global_state": false, "include_aliases": false, "partial": false,
            "rename_pattern": "(.+)", "rename_replacement": "x-$1", "ignore_index_settings": ["index.blocks.*"],
        });
        assert_eq!(request.body(), body);
        assert_eq!(
            [setting("number_of_replicas"), setting("index.a")],
            ["index.number_of_replicas", "index.a"]
        );
    }

    #[test]
    fn refusals_that_have_a_cure_are_told_with_it() {
        let refusal = |reason: &str| Refusal {
            status: 500,
            kind: "snapshot_restore_exception".into(),
            reason: reason.into(),
        };
        for (reason, is) in [
            ("[x:s] cannot restore index [b] because it cannot be upgraded", true),
            (
                "the snapshot was created with Elasticsearch version [7] which is below the current versions minimum",
                true,
            ),
            ("was created with version [9] which is higher than the version of this node [8]", true),
            (
                "cannot restore index [b] because an open index with same name already exists in the cluster",
                true,
            ),
            ("snapshot does not exist", false),
        ] {
            assert_eq!(in_our_words("restoring r/s", &refusal(reason)).is_some(), is, "{reason}");
        }
    }
}
