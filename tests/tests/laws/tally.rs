//! Whatever is broken in the input, every record ends once: stored as its bytes, or in the rejects with its place.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use es_tests::command::{Folder, Outcome, Run};
use es_tests::fault::{Call, Cluster, Item, Refusal, Server};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::cases;
use crate::records::{self, Input, REFUSE, Rejected, What};

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn every_record_is_stored_once_or_rejected_with_its_place(input in records::input()) {
        let es = cluster();
        let folder = Folder::shared();
        folder.write("in.ndjson", &input.bytes);
        let load = |file: &str, rejects: &str| {
            let run = Run::new("es-bulk").in_folder(&folder).take_stderr();
            let run = run.args([&es.target("logs"), file, "--rejects", rejects, "--log-json"]);
            let run = run.args(["-j", "3", "--bulk-docs", "7"]);
            if input.rejected.is_empty() { run.run() } else { run.status(3).run() }
        };

        let summary = summary(&load("in.ndjson", "bad.ndjson"));
        let (stored, rejected) = (input.stored.len(), input.rejected.len());
        prop_assert_eq!(&summary["created"], stored);
        prop_assert_eq!(&summary["rejected"], rejected);
        prop_assert_eq!(&summary["read"], stored + rejected);
        es.assert_each_once("logs", stored);
        check_stored(&es, &input)?;

        let bad = rejects(&folder, "bad.ndjson");
        prop_assert!(bad.iter().all(|(file, _)| file == "in.ndjson"));
        let mut bad: Vec<Rejected> = bad.into_iter().map(|(_, rejected)| rejected).collect();
        bad.sort();
        prop_assert_eq!(&bad, &input.rejected);

        load("bad.ndjson", "again.ndjson");
        let kinds = |rejects: Vec<What>| { let mut rejects = rejects; rejects.sort(); rejects };
        let again = rejects(&folder, "again.ndjson").into_iter().map(|(_, rejected)| rejected.what);
        prop_assert_eq!(kinds(again.collect()), kinds(bad.into_iter().map(|rejected| rejected.what).collect()));
        check_stored(&es, &input)?;
    }
}

/// Refuses the documents that are to be refused.
pub(crate) fn cluster() -> Server<Cluster> {
    let es = Cluster::elasticsearch("9.2.0").start();
    es.index("logs", 2);
    let refused = |item: &Item| item.source.windows(REFUSE.len()).any(|w| w == REFUSE.as_bytes());
    es.on(Call::Bulk).always().items(move |item| refused(item).then(Refusal::document_parsing));
    es
}

fn check_stored(es: &Server<Cluster>, input: &Input) -> Result<(), TestCaseError> {
    let named = input.stored.iter().all(|(id, _)| id.is_some());
    let mut stored: Vec<_> =
        es.docs("logs").into_iter().map(|doc| (named.then_some(doc.id), doc.source)).collect();
    let mut wanted = input.stored.clone();
    stored.sort();
    wanted.sort();
    prop_assert_eq!(stored, wanted);
    Ok(())
}

/// The last line of `--log-json`.
fn summary(outcome: &Outcome) -> Value {
    serde_json::from_str(outcome.stderr.lines().last().unwrap()).unwrap()
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, rename = "_source")]
    source: Option<&'a RawValue>,
    #[serde(rename = "_reject")]
    reject: Reject,
}

#[derive(Deserialize)]
struct Reject {
    file: String,
    line: u64,
    offset: u64,
    base64: Option<String>,
}

/// What a rejects file holds, each with the name of the file it came from.
pub(crate) fn rejects(folder: &Folder, name: &str) -> Vec<(String, Rejected)> {
    let text = folder.read(name);
    let lines = text.split(|b| *b == b'\n').filter(|line| !line.is_empty());
    let read = |line: &[u8]| {
        let Line { source, reject: Reject { file, line, offset, base64 } } =
            serde_json::from_slice(line).unwrap();
        let what = match (source, base64) {
            (Some(source), None) => What::Refused(source.get().as_bytes().to_vec()),
            (None, Some(text)) => What::Unread(BASE64_STANDARD.decode(text).unwrap()),
            (source, base64) => panic!("one of both: {source:?} {base64:?}"),
        };
        (file, Rejected { line, offset, what })
    };
    lines.map(read).collect()
}
