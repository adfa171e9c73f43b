//! Connecting as a person types it: who one is, whom one believes, and which server. No secret is shown on the way.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

mod addresses;
mod certificates;
mod compressed;
mod credentials;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use es_tests::command::{Folder, Outcome};

const DOCUMENTS: [&str; 3] =
    [r#"{"n":1.0}"#, r#"{"b":123456789012345678901234567890,"a":-0.0}"#, r#"{"é":"\u00e9\/"}"#];

/// The documents as hit lines, which are also what a dump of the index gives.
fn hits(index: &str) -> String {
    let line = |(n, document)| format!("{{\"_index\":\"{index}\",\"_id\":\"{n}\",\"_source\":{document}}}\n");
    (0..).zip(DOCUMENTS).map(line).collect()
}

/// Settings and mapping of such an index: one shard keeps the order.
const INDEX: &str =
    r#"{"settings":{"number_of_shards":1},"mappings":{"dynamic":false,"properties":{"n":{"type":"long"}}}}"#;

/// Who may do everything, as `-u` takes it.
fn admin() -> String {
    format!("{}:{}", es_tests::node::USER, es_tests::node::PASSWORD)
}

/// Writes a file that nobody else may read. Its name tells that it holds a secret.
fn write_secret(path: &Path, text: &str) -> String {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    path.display().to_string()
}

/// Nothing that a command said or wrote has a secret in it, except the files that are there to hold them.
#[track_caller]
fn assert_hidden(secrets: &[String], outcome: &Outcome) {
    let folder: &Folder = &outcome.folder;
    let files = folder.names().into_iter().filter(|name| !name.starts_with("secret"));
    let mut places: Vec<_> = files.map(|name| (folder.read(&name), name)).collect();
    places.push((outcome.stdout.clone(), "standard output".into()));
    places.push((outcome.stderr.clone().into_bytes(), "standard error".into()));
    for (text, place) in places {
        let text = String::from_utf8_lossy(&text);
        for secret in secrets {
            assert!(!text.contains(secret), "{place} shows {secret}:\n{text}");
        }
    }
}
