//! What an index is apart from its documents: settings, mappings, aliases, in the shape that makes it again.

use std::collections::BTreeMap;

use es_core::http::target::encode_segment;
use es_core::http::{Call, Client};
use es_core::server::settings::is_settable;
use es_core::server::{self, Held, ask};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::Error;

/// An index without its documents.
#[derive(Debug, Serialize)]
pub(crate) struct Schema {
    aliases: Box<RawValue>,
    mappings: Box<RawValue>,
    settings: Value,
}

#[derive(Deserialize)]
struct Described {
    aliases: Box<RawValue>,
    mappings: Box<RawValue>,
    settings: Value,
}

/// What the server has of the documents as they were sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Whole,
    /// Some fields were left out when documents were stored.
    Pruned,
    /// It is put together anew from the fields: order, formats and arrays are not those that were sent.
    Synthetic,
    /// Nothing.
    Disabled,
}

impl Schema {
    /// `None` where it may not be asked for.
    pub(crate) fn fetch(client: &Client, index: &str) -> Result<Option<Schema>, Error> {
        let path = format!("/{}", encode_segment(index));
        let what = format!("reading the mapping of {index}");
        let described: BTreeMap<String, Described> = match ask(client, &Call::get(&path), Held::List, &what) {
            Ok(described) => described,
            Err(error) if error.refusal().is_some_and(|refusal| refusal.status == 403) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Some(Described { aliases, mappings, mut settings }) = described.into_values().next() else {
            let why = "it describes no index".into();
            return Err(server::Error::Unreadable { what, host: client.host(), why }.into());
        };
        if let Some(index) = settings.get_mut("index").and_then(Value::as_object_mut) {
            index.retain(|name, _| is_settable(name));
            if let Some(allocation) =
                index.get_mut("routing").and_then(|routing| routing.get_mut("allocation"))
            {
                allocation.as_object_mut().map(|allocation| allocation.remove("initial_recovery"));
            }
        }
        Ok(Some(Schema { aliases, mappings, settings }))
    }

    pub(crate) fn source(&self) -> Source {
        let mappings: Value = serde_json::from_str(self.mappings.get()).unwrap_or_default();
        // Before 7 the mappings of types lie between.
        let types = mappings.as_object().into_iter().flat_map(serde_json::Map::values);
        let sources: Vec<_> = types.chain([&mappings]).filter_map(|mapping| mapping.get("_source")).collect();
        let any = |path: &str, value: &[&str]| {
            sources.iter().filter_map(|source| source.pointer(path)).any(|found| {
                let text = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
                value.is_empty() || value.contains(&text.as_str())
            })
        };
        let setting = |path: &str| self.settings.pointer(path).and_then(Value::as_str);
        let mode = setting("/index/mapping/source/mode");
        if any("/enabled", &["false"]) || any("/mode", &["disabled"]) || mode == Some("disabled") {
            return Source::Disabled;
        }
        let made = matches!(setting("/index/mode"), Some("logsdb" | "time_series")) && mode != Some("stored");
        if any("/mode", &["synthetic"]) || mode == Some("synthetic") || made {
            return Source::Synthetic;
        }
        if any("/includes", &[]) || any("/excludes", &[]) { Source::Pruned } else { Source::Whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_the_source_is_known_from_mapping_and_settings() {
        for (mappings, settings, source) in [
            ("{}", "{}", Source::Whole),
            (r#"{"properties":{}}"#, r#"{"index":{"mode":"standard"}}"#, Source::Whole),
            (r#"{"_source":{"enabled":false}}"#, "{}", Source::Disabled),
            (r#"{"_source":{"enabled":"false"}}"#, "{}", Source::Disabled),
            (r#"{"doc":{"_source":{"enabled":false}}}"#, "{}", Source::Disabled),
            (r#"{"_source":{"excludes":["a"]}}"#, "{}", Source::Pruned),
            (r#"{"_source":{"mode":"synthetic"}}"#, "{}", Source::Synthetic),
            ("{}", r#"{"index":{"mapping":{"source":{"mode":"synthetic"}}}}"#, Source::Synthetic),
            ("{}", r#"{"index":{"mode":"logsdb"}}"#, Source::Synthetic),
            ("{}", r#"{"index":{"mode":"logsdb","mapping":{"source":{"mode":"stored"}}}}"#, Source::Whole),
        ] {
            let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
            let settings = serde_json::from_str(settings).unwrap();
            let schema = Schema { aliases: raw("{}"), mappings: raw(mappings), settings };
            assert_eq!(schema.source(), source, "{mappings}");
        }
    }
}
