use super::*;
use serde_json::{Value, json};

/// What it is called, the primaries, what is listed, whether it is done, how many shards are lost.
type Case<'a> = (&'a str, &'a [Value], &'a [(u64, &'a str, &'a str)], bool, usize);

fn state(shards: u32, copies: &[Value]) -> State {
    let routed: BTreeMap<_, _> = copies.iter().enumerate().map(|(n, copy)| (n.to_string(), [copy])).collect();
    serde_json::from_value(json!({
        "metadata": {"indices": {"i": {"settings": {"index": {"number_of_shards": shards.to_string()}}}}},
        "routing_table": {"indices": {"i": {"shards": routed}}},
    }))
    .unwrap()
}

fn recoveries(shards: &[(u64, &str, &str)]) -> Recoveries {
    let shards: Vec<_> = shards
        .iter()
        .map(|(id, kind, stage)| json!({"id": id, "type": kind, "stage": stage, "primary": true}))
        .collect();
    serde_json::from_value(json!({"i": {"shards": shards}})).unwrap()
}

fn started() -> Value {
    json!({"state": "STARTED", "primary": true})
}

fn unassigned(reason: &str, status: &str, details: &str) -> Value {
    let info = json!({"reason": reason, "allocation_status": status, "details": details});
    json!({"state": "UNASSIGNED", "primary": true, "unassigned_info": info})
}

#[test]
fn a_restore_is_done_when_every_primary_is() {
    let coming = json!({"state": "INITIALIZING", "primary": true});
    let waiting = || unassigned("NEW_INDEX_RESTORED", "no_attempt", "");
    let done = (0, "SNAPSHOT", "DONE");
    let cases: [Case; 15] = [
        ("both done", &[started(), started()], &[done, (1, "snapshot", "done")], true, 0),
        ("one runs", &[started(), coming], &[done, (1, "SNAPSHOT", "INDEX")], false, 0),
        ("one waits", &[started(), waiting()], &[done], false, 0),
        ("nothing yet", &[waiting(), waiting()], &[], false, 0),
        ("moved since", &[started(), started()], &[done, (1, "PEER", "INDEX")], true, 0),
        ("node came back", &[started(), started()], &[done, (1, "EXISTING_STORE", "DONE")], true, 0),
        ("not done though started", &[started(), started()], &[done, (1, "SNAPSHOT", "FINALIZE")], false, 0),
        ("an old stage", &[started(), started()], &[done, (1, "SNAPSHOT", "START")], false, 0),
        ("emptied", &[started(), started()], &[done, (1, "EMPTY_STORE", "DONE")], false, 1),
        ("given up", &[started(), unassigned("ALLOCATION_FAILED", "deciders_no", "x")], &[done], false, 1),
        ("tried again", &[started(), unassigned("ALLOCATION_FAILED", "no_attempt", "x")], &[done], false, 0),
        (
            "looks",
            &[started(), unassigned("ALLOCATION_FAILED", "fetching_shard_data", "")],
            &[done],
            false,
            0,
        ),
        ("not placed", &[started(), unassigned("NEW_INDEX_RESTORED", "deciders_no", "")], &[done], false, 1),
        (
            "throttled",
            &[started(), unassigned("NEW_INDEX_RESTORED", "deciders_throttled", "")],
            &[done],
            false,
            0,
        ),
        ("fewer than there should be", &[started()], &[done], false, 1),
    ];
    for (what, copies, listed, is_done, lost) in cases {
        let standing = judge("i", &state(2, copies), &recoveries(listed), &BTreeSet::new(), &BTreeSet::new());
        assert_eq!((standing.is_done(), standing.lost.len()), (is_done, lost), "{what}");
        assert_eq!(standing.is_settled(), is_done || lost > 0, "{what}");
    }
}

#[test]
fn a_shard_that_vanishes_is_lost_when_it_is_missed_twice() {
    let (state, listed) = (state(2, &[started(), started()]), recoveries(&[(0, "SNAPSHOT", "DONE")]));
    let once = judge("i", &state, &listed, &BTreeSet::new(), &BTreeSet::new());
    assert!(!once.is_settled() && once.unlisted == BTreeSet::from([1]));
    let twice = judge("i", &state, &listed, &BTreeSet::new(), &once.unlisted);
    assert_eq!(twice.lost, [Lost { shard: Some(1), why: Why::Unlisted }]);
}

#[test]
fn what_the_snapshot_lacks_is_counted_apart() {
    let lacks = BTreeSet::from([1]);
    let listed = recoveries(&[(0, "SNAPSHOT", "DONE"), (1, "EMPTY_STORE", "DONE")]);
    let standing = judge("i", &state(2, &[started(), started()]), &listed, &lacks, &BTreeSet::new());
    assert!(standing.is_done());
    assert_eq!((standing.done, standing.empty), (1, 1));
}

#[test]
fn an_index_that_is_not_there_is_lost() {
    let standing = judge("j", &state(1, &[started()]), &recoveries(&[]), &BTreeSet::new(), &BTreeSet::new());
    assert_eq!(standing.lost, [Lost { shard: None, why: Why::Gone }]);
    let none = judge("i", &State::default(), &Recoveries::new(), &BTreeSet::new(), &BTreeSet::new());
    assert!(!none.is_done());
}

#[test]
fn of_a_chain_of_exceptions_the_last_tells_what_is_wrong() {
    for (details, why) in [
        (
            "failed shard on node [x]: failed recovery, failure RecoveryFailedException[[i][0]: Recovery failed]; \
             nested: IndexShardRestoreFailedException[restore failed]; nested: CorruptIndexException[checksum failed]; ",
            "CorruptIndexException[checksum failed]",
        ),
        (
            "failed shard: org.x.A: b\n\tat org.x.C(D.java:1)\nCaused by: org.apache.lucene.CorruptIndexException: checksum failed (_0.cfs)\n\tat e",
            "CorruptIndexException: checksum failed (_0.cfs)",
        ),
        ("restore_source[r/s]", "restore_source[r/s]"),
    ] {
        assert_eq!(cause(details), why);
    }
}
