//! What differs between a repository as it is and as it is to be, setting by setting. Pure.

use es_core::cli::rows::{Column, Fields, Kind, Row, put, shown};
use es_core::http::mask;
use serde_json::Value;

use crate::repository::{Repository, text};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Keep,
    Add,
    Change,
    Drop,
}

impl Turn {
    fn name(self) -> &'static str {
        match self {
            Turn::Keep => "keep",
            Turn::Add => "add",
            Turn::Change => "change",
            Turn::Drop => "drop",
        }
    }
}

/// One setting; the type is one too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    key: String,
    before: Option<String>,
    after: Option<String>,
    turn: Turn,
}

pub(super) fn between(before: Option<&Repository>, after: &Repository) -> Vec<Change> {
    let none = Repository::default();
    let old = before.unwrap_or(&none);
    let kind = before.map(|before| before.kind.clone());
    let mut changes = vec![change("type", kind, Some(after.kind.clone()))];
    let mut keys: Vec<_> = old.settings.keys().chain(after.settings.keys()).collect();
    keys.sort();
    keys.dedup();
    let value = |of: Option<&Value>| of.map(text);
    changes.extend(
        keys.iter().map(|key| change(key, value(old.settings.get(*key)), value(after.settings.get(*key)))),
    );
    changes
}

fn change(key: &str, before: Option<String>, after: Option<String>) -> Change {
    let turn = match (&before, &after) {
        (None, _) => Turn::Add,
        (Some(_), None) => Turn::Drop,
        (Some(before), Some(after)) if before == after => Turn::Keep,
        (Some(_), Some(_)) => Turn::Change,
    };
    Change { key: key.to_owned(), before, after, turn }
}

/// Whether there is anything to do.
pub(super) fn any(changes: &[Change]) -> bool {
    changes.iter().any(|change| change.turn != Turn::Keep)
}

/// Whether something that was said before would no longer hold.
pub(super) fn overrides(changes: &[Change]) -> bool {
    changes.iter().any(|change| matches!(change.turn, Turn::Change | Turn::Drop))
}

/// Whether other files may be meant than before: all settings count but those that are known to be about speed, form
/// and safety.
pub(super) fn moves(changes: &[Change]) -> bool {
    let about = |key: &str| {
        let known = ["compress", "chunk_size", "buffer_size", "readonly", "storage_class", "canned_acl"];
        key.starts_with("max_") || key.starts_with("server_side_encryption") || known.contains(&key)
    };
    changes.iter().any(|change| change.turn != Turn::Keep && !about(&change.key))
}

pub(super) fn columns() -> Vec<Column> {
    vec![
        shown("setting", Kind::Text, "the name"),
        shown("change", Kind::Text, "keep, add, change or drop"),
        shown("before", Kind::Text, "the value so far"),
        shown("after", Kind::Text, "the value that it gets"),
    ]
}

pub(super) fn rows(changes: &[Change], fields: &Fields) -> Vec<Row> {
    let row = |change: &Change| {
        let value = |of: &Option<String>| of.as_ref().map(|of| mask::shown(&change.key, of).into_owned());
        put(
            fields,
            [
                ("setting", Some(change.key.clone())),
                ("change", Some(change.turn.name().to_owned())),
                ("before", value(&change.before)),
                ("after", value(&change.after)),
            ],
        )
    };
    changes.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(kind: &str, pairs: &[(&str, Value)]) -> Repository {
        let settings = pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        Repository { kind: kind.into(), settings }
    }

    #[test]
    fn each_setting_has_its_turn() {
        let old =
            repository("fs", &[("location", "/a".into()), ("compress", "true".into()), ("x", "1".into())]);
        let new =
            repository("fs", &[("location", "/a".into()), ("compress", false.into()), ("y", "2".into())]);
        let changes = between(Some(&old), &new);
        let turns: Vec<_> = changes.iter().map(|change| (change.key.as_str(), change.turn.name())).collect();
        assert_eq!(
            turns,
            [("type", "keep"), ("compress", "change"), ("location", "keep"), ("x", "drop"), ("y", "add")]
        );
        assert!(any(&changes) && overrides(&changes) && moves(&changes));

        let same = repository("fs", &[("location", "/a".into()), ("compress", true.into()), ("x", 1.into())]);
        assert!(!any(&between(Some(&old), &same)), "a value is the same however it is written");
        let slower = repository(
            "fs",
            &[
                ("location", "/a".into()),
                ("compress", "true".into()),
                ("x", "1".into()),
                ("max_y", "1".into()),
            ],
        );
        let changes = between(Some(&old), &slower);
        assert!(any(&changes) && !overrides(&changes) && !moves(&changes));
        let changes = between(None, &old);
        assert!(any(&changes) && !overrides(&changes) && moves(&changes));
    }
}
