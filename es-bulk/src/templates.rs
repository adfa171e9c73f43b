//! Index templates: whether one is made for the name of an index that is missing.

use es_core::http::{Call, Client};
use es_core::server::Flavor;
use es_core::server::wildcard::matches;
use serde_json::Value;

use crate::error::Error;

/// How much is read of the list of templates.
const ANSWER: usize = 64 << 20;

/// Whether an index template is made for such a name. One for all names (`*`) is not meant for this one.
pub(crate) fn has(client: &Client, flavor: &Flavor, name: &str) -> Result<bool, Error> {
    let apis: &[&str] =
        if flavor.composable_templates() { &["/_index_template", "/_template"] } else { &["/_template"] };
    for path in apis {
        let answer = client.call(&Call::get(path))?;
        // Where they may not be seen, or this API is not there, none is known.
        if answer.status == 200 {
            let body: Value = serde_json::from_slice(&answer.bytes(ANSWER)?).unwrap_or_default();
            if patterns(&body)
                .iter()
                .any(|pattern| !pattern.trim_matches('*').is_empty() && matches(pattern, name))
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// All patterns in the answer of either template API.
fn patterns(body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut take = |template: &Value| {
        for key in ["index_patterns", "template"] {
            match template.get(key) {
                Some(Value::String(pattern)) => found.push(pattern.clone()),
                Some(Value::Array(all)) => {
                    found.extend(all.iter().filter_map(|pattern| pattern.as_str().map(str::to_owned)));
                }
                _ => {}
            }
        }
    };
    if let Some(Value::Array(all)) = body.get("index_templates") {
        all.iter().for_each(|named| take(&named["index_template"]));
    } else if let Value::Object(all) = body {
        all.values().for_each(take);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_of_all_versions_are_read() {
        for body in [
            r#"{"index_templates":[{"name":"t","index_template":{"index_patterns":["a*","b"],"template":{}}}]}"#,
            r#"{"t":{"order":0,"index_patterns":["a*","b"],"settings":{}}}"#,
            r#"{"t":{"template":"a*"},"u":{"template":"b"}}"#,
        ] {
            assert_eq!(patterns(&serde_json::from_str(body).unwrap()), ["a*", "b"], "{body}");
        }
    }
}
