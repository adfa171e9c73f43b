//! A dump holds what searches see: where changes wait for a refresh, that is said.

use super::{Site, bulk, on_all};

const WARNING: &str = "changes that wait for a refresh are not in what is read";

/// Documents with these ids.
fn documents(ids: std::ops::Range<usize>) -> String {
    bulk(ids.map(|n| (n.to_string(), format!("{{\"n\":{n}}}"))))
}

/// How many lines a dump has, and whether it warns.
fn dump(site: &Site, options: &[&str]) -> (usize, bool) {
    let outcome = site.scroll("unseen", options).take_stdout().take_stderr().run();
    (outcome.stdout.iter().filter(|byte| **byte == b'\n').count(), outcome.stderr.contains(WARNING))
}

#[test]
fn what_waits_for_a_refresh_is_told_and_read_when_asked() {
    on_all(|site| {
        let version = site.version;
        let settings = r#"{"number_of_shards":2,"number_of_replicas":0,"refresh_interval":-1}"#;
        site.client.create_index("unseen", &format!("{{\"settings\":{settings}}}"));
        assert_eq!(dump(site, &[]), (0, false), "{version}, nothing is in");
        site.client.bulk("unseen", documents(0..100));
        for api in site.apis() {
            assert_eq!(dump(site, &["--api", api]), (0, true), "{version}, indexed, --api {api}");
        }
        assert_eq!(dump(site, &["-Q", "n:5"]), (0, true), "{version}, a part");
        assert_eq!(dump(site, &["--refresh"]), (100, false), "{version}, refreshed");
        assert_eq!(dump(site, &[]), (100, false), "{version}, nothing new");

        // What was flushed is safe, and not seen either.
        site.client.bulk("unseen", documents(100..150));
        site.client.post("/unseen/_flush", "");
        assert_eq!(dump(site, &[]), (100, true), "{version}, flushed");
        site.client.refresh("unseen");
        assert_eq!(dump(site, &[]), (150, false), "{version}");

        // A replaced document would be read as it was.
        site.client.bulk("unseen", "{\"index\":{\"_id\":\"7\"}}\n{\"n\":-1}\n");
        assert_eq!(dump(site, &[]), (150, true), "{version}, replaced");
        assert_eq!(dump(site, &["--refresh"]), (150, false), "{version}");

        // A delete leaves nothing to see.
        site.client.bulk("unseen", "{\"delete\":{\"_id\":\"9\"}}\n");
        site.client.refresh("unseen");
        assert_eq!(dump(site, &[]), (149, false), "{version}, deleted");
    });
}
