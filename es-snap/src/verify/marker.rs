//! How the indices of drills are known: by a prefix, and by a setting that the restore gave them. The setting keeps
//! shards from nodes that have an attribute of this name, which none has: every version takes it, and it holds the time.

use serde_json::{Map, Value, json};

pub(crate) const PREFIX: &str = "es-drill-";
const SETTING: &str = "index.routing.allocation.exclude.es_snap_drill";

/// What would get in the way, or act on, a copy that lives for minutes.
const IGNORED: [&str; 8] = [
    "index.lifecycle.*",
    "index.plugins.index_state_management.*",
    "index.opendistro.*",
    "index.routing.allocation.*",
    "index.blocks.*",
    "index.default_pipeline",
    "index.final_pipeline",
    "index.allocation.max_retries",
];

pub(crate) fn settings(now: i64) -> Map<String, Value> {
    let settings = json!({
        "index.number_of_replicas": 0,
        // Where replicas follow the number of nodes, their number alone is without effect.
        "index.auto_expand_replicas": "false",
        SETTING: now.to_string(),
    });
    match settings {
        Value::Object(settings) => settings,
        _ => Map::new(),
    }
}

pub(crate) fn ignored() -> Vec<String> {
    IGNORED.map(str::to_owned).to_vec()
}

/// The indices that carry both, and when their drill began.
pub(crate) fn marked(state: &Value) -> Vec<(String, i64)> {
    let began = |index: &Value| {
        let exclude = index.pointer("/settings/index/routing/allocation/exclude")?;
        exclude.get("es_snap_drill")?.as_str()?.parse().ok()
    };
    let indices = state.pointer("/metadata/indices").and_then(Value::as_object);
    let drills = indices.into_iter().flatten().filter(|(name, _)| name.starts_with(PREFIX));
    drills.filter_map(|(name, index)| Some((name.clone(), began(index)?))).collect()
}

/// Where `marked` finds them.
pub(crate) const STATE: &str = "/_cluster/state/metadata?filter_path=\
                                metadata.indices.*.settings.index.routing.allocation.exclude.es_snap_drill";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_carries_prefix_and_setting_is_of_a_drill() {
        let marker = |value: &str| json!({"settings": {"index": {"routing": {"allocation": {"exclude": {"es_snap_drill": value}}}}}});
        let state = json!({"metadata": {"indices": {
            "es-drill-a-logs": marker("17"), "es-drill-b-logs": {}, "logs": marker("17"), "es-drill-c": marker("x"),
        }}});
        assert_eq!(marked(&state), [("es-drill-a-logs".to_owned(), 17)]);
        assert!(marked(&json!({})).is_empty());
        assert_eq!(settings(17)[SETTING], "17");
    }
}
