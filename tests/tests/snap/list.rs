//! `list`: what a repository has.

use es_tests::fault::{Reply, Script};
use serde_json::json;

use super::{rows, snap};

#[test]
fn snapshots_are_listed_oldest_first_and_latest_is_the_newest_that_succeeded() {
    let snapshots = || {
        json!({"snapshots": [
            {"snapshot": "c", "state": "PARTIAL", "start_time_in_millis": 3000},
            {"snapshot": "b", "state": "SUCCESS", "start_time_in_millis": 2000, "shards": {"total": 2, "failed": 0}},
            {"snapshot": "a", "state": "SUCCESS", "start_time_in_millis": 1000},
        ]})
    };
    let server = Script::new().on("GET", "/_snapshot/r/_all", Reply::value(200, &snapshots())).start();
    let listed = snap("list", &server.target("r")).args(["-c", "snapshot,state"]).run();
    assert_eq!(listed.stdout, b"snapshot,state\na,SUCCESS\nb,SUCCESS\nc,PARTIAL\n");
    server.finish();

    let server = Script::new().on("GET", "/_snapshot/r/_all", Reply::value(200, &snapshots())).start();
    let listed = snap("list", &server.target("r")).args(["latest", "--json"]).run();
    let listed = rows(&listed);
    assert_eq!((&listed[0]["snapshot"], &listed[0]["shards"], listed.len()), (&json!("b"), &json!(2), 1));
    server.finish();
}
