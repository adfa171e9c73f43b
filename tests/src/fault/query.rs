//! The few queries the model understands, evaluated over documents in memory.

use serde_json::Value;

use super::index::Doc;

/// Does the document match? An error names the query that is not understood.
pub(crate) fn matches(query: &Value, doc: &Doc) -> Result<bool, String> {
    let Some((kind, inner)) = query.as_object().and_then(|q| q.iter().next()) else {
        return if query.is_null() { Ok(true) } else { Err(format!("the query {query}")) };
    };
    match kind.as_str() {
        "match_all" => Ok(true),
        "match_none" => Ok(false),
        "bool" => all_of(inner, doc),
        "constant_score" => matches(&inner["filter"], doc),
        "ids" => Ok(listed(&inner["values"]).any(|id| id == &Value::from(doc.id.as_str()))),
        "range" => one_field(inner, |field, bounds| Ok(in_range(bounds, &value(doc, field)))),
        "term" => one_field(inner, |field, term| {
            let term = term.get("value").unwrap_or(term);
            Ok(&value(doc, field) == term)
        }),
        "exists" => Ok(!value(doc, inner["field"].as_str().unwrap_or_default()).is_null()),
        _ => Err(format!("the query {kind}")),
    }
}

fn all_of(clauses: &Value, doc: &Doc) -> Result<bool, String> {
    for (kind, queries) in clauses.as_object().into_iter().flatten() {
        for query in listed(queries) {
            let wanted = match kind.as_str() {
                "filter" | "must" => true,
                "must_not" => false,
                _ => return Err(format!("the bool clause {kind}")),
            };
            if matches(query, doc)? != wanted {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// A list, or one value standing for a list of it.
fn listed(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice).iter()
}

fn one_field(inner: &Value, test: impl Fn(&str, &Value) -> Result<bool, String>) -> Result<bool, String> {
    let (field, value) = inner.as_object().and_then(|f| f.iter().next()).ok_or("a query without a field")?;
    test(field, value)
}

/// A top-level field of the document, or one of its metadata.
fn value(doc: &Doc, field: &str) -> Value {
    match field {
        "_seq_no" => doc.seq.into(),
        "_id" => doc.id.as_str().into(),
        _ => serde_json::from_slice::<Value>(&doc.source)
            .ok()
            .and_then(|mut source| source.get_mut(field).map(Value::take))
            .unwrap_or_default(),
    }
}

fn in_range(bounds: &Value, value: &Value) -> bool {
    let Some(value) = value.as_f64() else { return false };
    let holds =
        |key: &str, test: fn(f64, f64) -> bool| bounds[key].as_f64().is_none_or(|bound| test(value, bound));
    holds("gt", |v, b| v > b)
        && holds("gte", |v, b| v >= b)
        && holds("lt", |v, b| v < b)
        && holds("lte", |v, b| v <= b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn queries_choose_documents() {
        let source = br#"{"a":1,"kind":"x"}"#.to_vec();
        let doc = Doc { id: "7".into(), routing: None, source, shard: 0, seq: 5, version: 1 };
        for (query, expected) in [
            (Value::Null, true),
            (json!({"match_all": {}}), true),
            (json!({"range": {"_seq_no": {"gt": 4, "lte": 5}}}), true),
            (json!({"range": {"_seq_no": {"gt": 5}}}), false),
            (json!({"range": {"missing": {"gt": 5}}}), false),
            (json!({"term": {"kind": "x"}}), true),
            (json!({"term": {"kind": {"value": "y"}}}), false),
            (json!({"ids": {"values": ["6", "7"]}}), true),
            (json!({"exists": {"field": "b"}}), false),
            (
                json!({"bool": {"filter": [{"term": {"a": 1}}], "must_not": {"ids": {"values": ["7"]}}}}),
                false,
            ),
            (json!({"bool": {"filter": {"term": {"a": 1}}}}), true),
        ] {
            assert_eq!(matches(&query, &doc), Ok(expected), "{query}");
        }
        assert!(matches(&json!({"fuzzy": {}}), &doc).is_err());
        assert!(matches(&json!({"bool": {"should": [{"match_all": {}}]}}), &doc).is_err());
    }
}
