//! The body of a create request from the files people have: a manifest of es-scroll, what `GET /index` answers, an
//! elasticdump mapping, or such a body itself.

use std::path::{Path, PathBuf};

use es_core::server::settings::is_settable;
use serde_json::{Map, Value, json};

use crate::error::Error;

/// How missing indices are made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    /// None: the server's defaults.
    bodies: Option<Bodies>,
    set: Vec<(String, Value)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Bodies {
    /// One for whatever is made.
    Any(Map<String, Value>),
    /// By the name the index had.
    Named(Map<String, Value>),
}

/// What stands at the top of a mapping; any other name there is a type's.
const MAPPING_KEYS: [&str; 15] = [
    "properties",
    "dynamic",
    "dynamic_templates",
    "_source",
    "_routing",
    "_meta",
    "_all",
    "_parent",
    "_field_names",
    "_size",
    "_data_stream_timestamp",
    "date_detection",
    "numeric_detection",
    "dynamic_date_formats",
    "runtime",
];

impl Schema {
    /// # Errors
    /// When the file cannot be read as one of these forms, or a setting is not `KEY=VALUE`.
    pub(crate) fn read(file: Option<&Path>, set: &[String]) -> Result<Schema, Error> {
        let bodies = file.map(read_bodies).transpose()?;
        let pair = |text: &String| match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                let key = key.strip_prefix("index.").unwrap_or(key).to_owned();
                Ok((key, serde_json::from_str(value).unwrap_or_else(|_| json!(value))))
            }
            _ => Err(Error::Usage(format!("--set {text}: write KEY=VALUE"))),
        };
        Ok(Schema { bodies, set: set.iter().map(pair).collect::<Result<_, _>>()? })
    }

    /// Takes out of a create body the setting that the server says it does not know, unless the user asked for it by
    /// name; gives its name.
    pub(crate) fn drop_unknown(&self, body: &mut Value, reason: &str) -> Option<String> {
        let name = reason.split_once("unknown setting [index.")?.1.split_once(']')?.0;
        if self.set.iter().any(|(key, _)| key == name) {
            return None;
        }
        body.pointer_mut("/settings/index")?.as_object_mut()?.remove(name)?;
        Some(format!("index.{name}"))
    }

    /// The body that creates `name`, and the aliases left out of it: an alias goes with the name it was made for,
    /// for it would lead searches of the old index to the new one as well. None: the file knows several indices
    /// and not this one. `kind`: the server's mappings have types, and this is the default.
    pub(crate) fn body(&self, name: &str, kind: Option<&str>) -> Option<(Value, Vec<String>)> {
        let (mut body, own) = match &self.bodies {
            None => (Map::new(), true),
            Some(Bodies::Any(body)) => (body.clone(), true),
            Some(Bodies::Named(all)) => {
                match all.get(name).or(all.values().next().filter(|_| all.len() == 1))? {
                    Value::Object(body) => (body.clone(), all.contains_key(name)),
                    _ => return None,
                }
            }
        };
        body.retain(|key, _| matches!(key.as_str(), "mappings" | "settings" | "aliases"));
        let mut left_out = Vec::new();
        if !own && let Some(Value::Object(aliases)) = body.remove("aliases") {
            left_out.extend(aliases.into_iter().map(|(alias, _)| alias));
        }
        if let Some(mappings) = body.remove("mappings") {
            body.insert("mappings".into(), typed(mappings, kind));
        }
        let mut settings = Map::new();
        flatten("", body.remove("settings").unwrap_or_default(), &mut settings);
        settings.retain(|key, _| is_settable(key));
        settings.extend(self.set.iter().cloned());
        if !settings.is_empty() {
            body.insert("settings".into(), json!({ "index": settings }));
        }
        Some((Value::Object(body), left_out))
    }
}

fn read_bodies(file: &Path) -> Result<Bodies, Error> {
    let wrong = |why: String| Error::Schema { file: PathBuf::from(file), why };
    let text = std::fs::read(file).map_err(|e| wrong(e.to_string()))?;
    if text.trim_ascii().is_empty() {
        return Err(wrong("it is empty".into()));
    }
    let Value::Object(mut all) = serde_json::from_slice(&text).map_err(|e| wrong(e.to_string()))? else {
        return Err(wrong("it is not an object".into()));
    };
    if let Some(Value::Object(indices)) = all.remove("indices") {
        return Ok(Bodies::Named(indices));
    }
    let is_body = |body: &Map<String, Value>| {
        ["mappings", "settings", "aliases"].iter().any(|key| body.get(*key).is_some_and(Value::is_object))
    };
    if is_body(&all) {
        return Ok(Bodies::Any(all));
    }
    if !all.is_empty() && all.values().all(|body| body.as_object().is_some_and(is_body)) {
        return Ok(Bodies::Named(all));
    }
    Err(wrong("it is no manifest, mapping or body of a create request".into()))
}

/// A mapping as this server spells it: under its type, or without one.
fn typed(mappings: Value, kind: Option<&str>) -> Value {
    let Value::Object(map) = &mappings else { return mappings };
    let is_type =
        |(key, value): &(&String, &Value)| !MAPPING_KEYS.contains(&key.as_str()) && value.is_object();
    let types: Vec<_> = map.iter().filter(is_type).map(|(key, _)| key).collect();
    match (kind, &types[..]) {
        (None, [only]) if map.len() == 1 => map[only.as_str()].clone(),
        (Some(kind), []) if !map.is_empty() => json!({ kind: mappings }),
        _ => mappings,
    }
}

/// Settings come nested, flat, or both, with and without `index.`.
fn flatten(prefix: &str, value: Value, out: &mut Map<String, Value>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
                flatten(&key, value, out);
            }
        }
        Value::Null if prefix.is_empty() => {}
        value => {
            out.insert(prefix.strip_prefix("index.").unwrap_or(prefix).to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(file: &Value, name: &str, kind: Option<&str>, set: &[&str]) -> Option<(Value, Vec<String>)> {
        let path = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&path, file.to_string()).unwrap();
        let set: Vec<_> = set.iter().map(|s| (*s).to_owned()).collect();
        Schema::read(Some(path.path()), &set).unwrap().body(name, kind)
    }

    #[test]
    fn every_form_gives_the_body_of_a_create_request() {
        let mappings = json!({"properties": {"n": {"type": "long"}}});
        let full = json!({
            "mappings": mappings,
            "settings": {"index": {"number_of_shards": "2", "uuid": "x", "version": {"created": "7"}}},
            "aliases": {"all": {}},
        });
        let settings = json!({"index": {"number_of_shards": "2"}});
        let expected = json!({"mappings": mappings, "settings": settings, "aliases": {"all": {}}});
        let renamed = json!({"mappings": mappings, "settings": settings});
        for (file, name, wanted, left_out) in [
            (json!({"count": 3, "indices": {"logs": full}}), "logs", &expected, vec![]),
            (json!({"indices": {"logs": full}}), "logs-v2", &renamed, vec!["all".to_owned()]),
            (json!({"logs": full}), "logs", &expected, vec![]),
            (full.clone(), "any", &expected, vec![]),
            (json!({"logs": {"mappings": mappings}}), "x", &json!({"mappings": mappings}), vec![]),
        ] {
            assert_eq!(body(&file, name, None, &[]), Some((wanted.clone(), left_out)), "{file}");
        }
        let two = json!({"indices": {"a": full, "b": full}});
        assert_eq!(body(&two, "c", None, &[]), None);
        assert!(body(&two, "b", None, &[]).is_some());
    }

    #[test]
    fn a_file_that_holds_no_schema_is_told() {
        for (text, why) in
            [("", "it is empty"), (" \n", "it is empty"), ("[]", "not an object"), ("{}", "no manifest")]
        {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            let message = Schema::read(Some(file.path()), &[]).unwrap_err().to_string();
            assert!(message.starts_with("cannot read ") && message.contains(why), "{text}: {message}");
        }
    }

    #[test]
    fn a_setting_that_the_server_does_not_know_goes_unless_it_was_asked_for() {
        let schema = Schema { set: vec![("b".into(), json!(1))], ..Schema::default() };
        let mut body = json!({"settings": {"index": {"replication.type": "DOCUMENT", "b": 1, "c": 2}}});
        let reason = |name: &str| format!("unknown setting [index.{name}] please check that");
        assert_eq!(schema.drop_unknown(&mut body, &reason("b")), None);
        assert_eq!(schema.drop_unknown(&mut body, &reason("d")), None);
        assert_eq!(schema.drop_unknown(&mut body, "no such thing"), None);
        let dropped = schema.drop_unknown(&mut body, &reason("replication.type"));
        assert_eq!(dropped.as_deref(), Some("index.replication.type"));
        assert_eq!(body, json!({"settings": {"index": {"b": 1, "c": 2}}}));
    }

    #[test]
    fn settings_are_set_over_those_of_the_file() {
        let file = json!({"settings": {"index.number_of_shards": "2", "refresh_interval": "1s"}});
        let set = ["index.number_of_shards=3", "number_of_replicas=0", "codec=best_compression"];
        let expected = json!({"settings": {"index": {
            "number_of_shards": 3, "refresh_interval": "1s", "number_of_replicas": 0, "codec": "best_compression"
        }}});
        assert_eq!(body(&file, "a", None, &set), Some((expected, vec![])));
        assert!(Schema::read(None, &["x".to_owned()]).is_err());
        assert_eq!(Schema::read(None, &[]).unwrap().body("a", None), Some((json!({}), vec![])));
    }

    #[test]
    fn types_come_and_go_with_the_server() {
        let inner = json!({"dynamic": "strict", "properties": {"doc": {"type": "long"}}});
        let with = json!({"mappings": {"event": inner}});
        let without = json!({"mappings": inner});
        assert_eq!(body(&with, "a", None, &[]), Some((without.clone(), vec![])));
        assert_eq!(body(&without, "a", None, &[]), Some((without.clone(), vec![])));
        assert_eq!(body(&with, "a", Some("_doc"), &[]), Some((with, vec![])));
        assert_eq!(
            body(&without, "a", Some("_doc"), &[]),
            Some((json!({"mappings": {"_doc": inner}}), vec![]))
        );
        let disabled = json!({"mappings": {"enabled": false}});
        assert_eq!(body(&disabled, "a", None, &[]), Some((disabled.clone(), vec![])));
        assert_eq!(
            body(&disabled, "a", Some("_doc"), &[]),
            Some((json!({"mappings": {"_doc": {"enabled": false}}}), vec![]))
        );
    }
}
