//! What the demo types, in the README's words, and what must come of it.

use std::io::Write;

use super::compare::compare;
use super::servers::Servers;
use super::shell::{Shell, holds};
use super::{Error, data};
use crate::client::Client;

/// Not in the README: its reader has an index.
const LOAD: &str = "es-bulk http://old:9200/logs logs.ndjson --create-index=logs.json --refresh";

const REINDEX: &str = r#"es-scroll http://old:9200/logs --schema-only | sed 's/"host"/"hostname"/' > logs-v2.json
es-scroll http://old:9200/logs |
    es-xform 'rename(.host; .hostname) | del(.tmp)' |
    es-bulk http://new:9200/logs-v2 --create-index=logs-v2.json"#;

const DUMP: &str = "es-scroll http://old:9200/logs -o logs.ndjson.gz";

const RESTORE: &str =
    "es-bulk http://new:9200/logs logs.ndjson.gz --create-index=logs.ndjson.gz.manifest --refresh";

const REFUSED: &str = r#"echo '{"mappings": {"properties": {"took": {"type": "float"}}}}' > errors.json
es-scroll http://old:9200/logs -Q 'status:>=500' |
    es-bulk http://new:9200/errors --create-index=errors.json --rejects refused.ndjson"#;

const REPLAY: &str = "es-xform '.took = null' refused.ndjson | es-bulk http://new:9200/errors";

/// Loads `documents` into the old server and takes them to the new one in every way that the README shows.
pub(super) fn tell(
    shell: &Shell,
    servers: &Servers,
    documents: u64,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let (old, new) = (servers.old.client(), servers.new.client());
    let all = grouped(documents);
    let bytes = data::write(&shell.folder().join("logs.ndjson"), documents)?;
    std::fs::write(shell.folder().join("logs.json"), data::SCHEMA)?;

    writeln!(out, "\n# {all} documents, {} MB, into the old server", bytes / 1_000_000)?;
    shell.run(LOAD, 0, out)?.says(&format!("{all} created"))?;

    writeln!(out, "\n# To another server, with a field renamed and one removed on the way")?;
    shell.run(REINDEX, 0, out)?.says(&format!("{all} created"))?;
    compare(&new, "logs-v2", documents, |number| Some(edited(number)))?;
    holds(out, &format!("{all} documents, every byte but the edited ones as in the source"))?;

    writeln!(out, "\n# Through a file, with the mapping from its manifest")?;
    shell.run(DUMP, 0, out)?.says(&format!("{all} written"))?;
    shell.run(RESTORE, 0, out)?.says(&format!("{all} created"))?;
    compare(&new, "logs", documents, |number| Some(data::document(number)))?;
    same_mapping(&old, &new)?;
    holds(out, &format!("{all} documents, every byte as in the source, and the same mapping"))?;

    writeln!(out, "\n# The same load again")?;
    shell.run(RESTORE, 0, out)?.says(&format!("{all} skipped"))?;

    writeln!(out, "\n# Into a mapping that refuses some: they are kept with the reason, mended, and loaded")?;
    let errors = (0..documents).filter(|number| data::is_error(*number)).count() as u64;
    let refused = (0..documents).filter(|number| data::has_no_time(*number)).count() as u64;
    let said = format!("{} created, {} rejected", grouped(errors - refused), grouped(refused));
    shell.run(REFUSED, 3, out)?.says(&said)?;
    shell.run("head -n 1 refused.ndjson | cut -c 1-400", 0, out)?;
    shell.run(REPLAY, 0, out)?.says(&format!("{} created", grouped(refused)))?;
    compare(&new, "errors", documents, |number| data::is_error(number).then(|| mended(number)))?;
    holds(out, &format!("{} documents, every byte but the mended ones as in the source", grouped(errors)))?;

    let open = old.wait_for_contexts("logs", 0);
    if open > 0 {
        return Err(Error::Differs { index: "logs".into(), why: format!("{open} searches were left open") });
    }
    Ok(holds(out, "no search was left open on the old server")?)
}

fn edited(number: u64) -> String {
    let document = data::document(number).replacen(r#""host":"#, r#""hostname":"#, 1);
    match (document.find(r#""tmp":"#), document.find(r#""message":"#)) {
        (Some(from), Some(to)) => format!("{}{}", &document[..from], &document[to..]),
        _ => document,
    }
}

fn mended(number: u64) -> String {
    data::document(number).replacen(r#""took":"n/a""#, r#""took":null"#, 1)
}

fn same_mapping(old: &Client, new: &Client) -> Result<(), Error> {
    let [old, new] = [old, new].map(|client| client.json(reqwest::Method::GET, "/logs/_mapping", ""));
    if old == new {
        return Ok(());
    }
    Err(Error::Differs { index: "logs".into(), why: format!("the mapping is {new}, not {old}") })
}

/// `200,000`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_has_what_the_demo_types() {
        let readme = include_str!("../../../README.md");
        for command in [REINDEX, DUMP, RESTORE, REFUSED, REPLAY] {
            assert!(readme.contains(command), "{command}");
        }
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            (grouped(7), grouped(999), grouped(200_000)),
            ("7".into(), "999".into(), "200,000".into())
        );
    }

    #[test]
    fn what_is_edited_is_what_was_asked_for() {
        let (before, after) = (data::document(400), edited(400));
        assert!(after.contains(r#","hostname":"web-"#) && !after.contains("tmp"), "{after}");
        assert!(before.len() > after.len());
        assert!(mended(400).contains(r#""took":null,"#));
    }
}
