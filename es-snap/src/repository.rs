//! A repository as the cluster has it registered: its type and settings, flat, and the requests about it.

use std::collections::BTreeMap;

use es_core::http::target::{encode_index, encode_segment};
use es_core::http::{Method, Repeat, mask};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::cluster::Cluster;
use crate::error::Error;

/// By their full names: servers tell `a.b` as `{"a":{"b":…}}`, and take it either way.
pub(crate) type Settings = BTreeMap<String, Value>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Repository {
    #[serde(rename = "type", default)]
    pub(crate) kind: String,
    #[serde(default, deserialize_with = "flat")]
    pub(crate) settings: Settings,
}

#[derive(Debug, Deserialize)]
struct Nodes {
    nodes: BTreeMap<String, Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    #[serde(default)]
    name: String,
}

impl Repository {
    /// None: there is none of this name.
    pub(crate) fn find(cluster: &Cluster, name: &str) -> Result<Option<Repository>, Error> {
        match all(cluster, name) {
            Ok(mut found) => Ok(found.remove(name)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The one of this name, which is expected to be there.
    pub(crate) fn get(cluster: &Cluster, name: &str) -> Result<Repository, Error> {
        let found = all(cluster, name)?.remove(name);
        found.ok_or_else(|| Error::failed(format!("{} has no repository {name}", cluster.client.host())))
    }

    /// Replaces what is registered under the name. What the nodes find is asked for afterwards: an error here leaves
    /// nothing registered.
    pub(crate) fn register(&self, cluster: &Cluster, name: &str) -> Result<(), Error> {
        let settings: Map<String, Value> = self.settings.clone().into_iter().collect();
        let body = json!({"type": self.kind, "settings": settings});
        let path = format!("{}?verify=false", path(name));
        let what = format!("registering the repository {name}");
        cluster.send::<Value>(Method::Put, &path, Some(&body), Repeat::Safe, &what)?;
        Ok(())
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.settings.get(key).map(text)
    }

    pub(crate) fn is_readonly(&self) -> bool {
        self.kind == "url" || self.text("readonly").as_deref() == Some("true")
    }

    /// Where its files are, as far as the settings tell.
    pub(crate) fn place(&self) -> String {
        let parts = ["location", "bucket", "container", "url", "uri", "base_path", "path"];
        let told = parts.iter().filter_map(|key| Some(mask::shown(key, &self.text(key)?).into_owned()));
        told.collect::<Vec<_>>().join("/")
    }
}

/// Those that the pattern names, by name.
pub(crate) fn all(cluster: &Cluster, pattern: &str) -> Result<BTreeMap<String, Repository>, Error> {
    cluster.get(&format!("/_snapshot/{}", encode_index(pattern)), "looking up the repositories")
}

pub(crate) fn unregister(cluster: &Cluster, name: &str) -> Result<(), Error> {
    let what = format!("unregistering the repository {name}");
    cluster.send::<Value>(Method::Delete, &path(name), None, Repeat::Safe, &what)?;
    Ok(())
}

/// The nodes that can use it, id and name; an error where one cannot.
pub(crate) fn verify(cluster: &Cluster, name: &str) -> Result<Vec<(String, String)>, Error> {
    let what = format!("verifying the repository {name}");
    let path = format!("{}/_verify", path(name));
    let found: Nodes = cluster.send(Method::Post, &path, None, Repeat::Safe, &what)?;
    Ok(found.nodes.into_iter().map(|(id, node)| (id, node.name)).collect())
}

pub(crate) fn path(name: &str) -> String {
    format!("/_snapshot/{}", encode_segment(name))
}

pub(crate) fn is_missing(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.status == 404)
}

/// A value as it is typed.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn flat<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Settings, D::Error> {
    let nested = Map::<String, Value>::deserialize(deserializer)?;
    let mut settings = Settings::new();
    for (key, value) in nested {
        flatten(key, value, &mut settings);
    }
    Ok(settings)
}

fn flatten(key: String, value: Value, into: &mut Settings) {
    match value {
        Value::Object(below) => {
            for (name, value) in below {
                flatten(format!("{key}.{name}"), value, into);
            }
        }
        value => {
            into.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_flat_and_the_place_is_told() {
        let read = |text: &str| serde_json::from_str::<Repository>(text).unwrap();
        let hdfs = read(
            r#"{"type":"hdfs","uuid":"u","settings":{"uri":"hdfs://u:p@h:8020","path":"b","conf":{"dfs":{"x":"1"}}}}"#,
        );
        assert_eq!(hdfs.text("conf.dfs.x").as_deref(), Some("1"));
        assert_eq!(hdfs.place(), "hdfs://***@h:8020/b");
        assert!(!hdfs.is_readonly());
        assert!(read(r#"{"type":"fs","settings":{"readonly":true}}"#).is_readonly());
        assert!(read(r#"{"type":"fs","settings":{"readonly":"true"}}"#).is_readonly());
        assert!(read(r#"{"type":"url"}"#).is_readonly());
    }
}
