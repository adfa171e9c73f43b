//! `restore` where a server misbehaves: answers that are lost, cut or no answers, and a list of recoveries that lies.

use std::time::Duration;

use es_tests::command::{Run, Signal};
use es_tests::fault::{Reply, Script};
use serde_json::{Value, json};

use super::snap;

const STATE: &str = "/_cluster/state/metadata";
const SHARDS: &str = "/_cluster/state/metadata,routing_table/new";
const RECOVERY: &str = "/new/_recovery";

/// Up to the moment when the restore is asked for.
fn before() -> Script {
    let snapshot =
        json!({"snapshots": [{"snapshot": "s", "state": "SUCCESS", "indices": ["old"], "version": "9.2.0"}]});
    Script::new()
        .on("GET", "/_snapshot/r/s", Reply::value(200, &snapshot))
        .on("GET", "/", Reply::value(200, &json!({"version": {"number": "9.2.0"}})))
        .on(
            "GET",
            STATE,
            Reply::value(200, &json!({"metadata": {"indices": {"old": {"state": "open", "aliases": []}}}})),
        )
}

fn accepted() -> Script {
    before().on("POST", "/_snapshot/r/s/_restore", Reply::value(200, &json!({"accepted": true})))
}

/// Two primaries in these states.
fn shards(states: [&str; 2]) -> Reply {
    let copies = |state: &str| json!([{"state": state, "primary": true}]);
    Reply::value(
        200,
        &json!({
            "metadata": {"indices": {"new": {"settings": {"index": {"number_of_shards": "2"}}}}},
            "routing_table": {"indices": {"new": {"shards": {"0": copies(states[0]), "1": copies(states[1])}}}},
        }),
    )
}

/// These shards are listed, in these stages.
fn listed(stages: &[&str]) -> Reply {
    let shard =
        |(id, stage): (usize, &&str)| json!({"id": id, "type": "SNAPSHOT", "stage": stage, "primary": true});
    let shards: Vec<Value> = stages.iter().enumerate().map(shard).collect();
    Reply::value(200, &json!({"new": {"shards": shards}}))
}

fn run(server: &str) -> Run {
    snap("restore", server).args(["s", "--indices", "old", "--as", "new"]).stdout("")
}

#[test]
fn a_shard_that_vanishes_from_the_list_is_a_failure() {
    let server = accepted()
        .on("GET", SHARDS, shards(["STARTED", "INITIALIZING"]))
        .on("GET", RECOVERY, listed(&["DONE", "INDEX"]))
        .on("GET", SHARDS, shards(["STARTED", "STARTED"]))
        .on("GET", RECOVERY, listed(&["DONE"]))
        .on("GET", SHARDS, shards(["STARTED", "STARTED"]))
        .on("GET", RECOVERY, listed(&["DONE"]))
        .start();
    run(&server.target("r"))
        .stderr("es-snap: error: the restore failed: new shard 1: it vanished from the list of recoveries\nes-snap: hint: [..]\n")
        .status(1)
        .run();
    server.finish();
}

#[test]
fn an_empty_list_is_no_success_and_an_index_that_is_deleted_is_a_failure() {
    let gone = Reply::error(404, "index_not_found_exception", "no such index [new]");
    let server = accepted()
        .on("GET", SHARDS, shards(["INITIALIZING", "INITIALIZING"]))
        .on("GET", RECOVERY, Reply::json(200, "{}"))
        .on("GET", SHARDS, Reply::json(200, "{}"))
        .on("GET", RECOVERY, gone)
        .start();
    run(&server.target("r"))
        .stderr("es-snap: error: the restore failed: new: it is not in the cluster\nes-snap: hint: [..]\n")
        .status(1)
        .run();
    server.finish();
}

#[test]
fn a_restore_whose_answer_was_lost_is_followed_where_its_index_is_there_and_failed_where_not() {
    let done = |script: Script| {
        script.on("GET", SHARDS, shards(["STARTED", "STARTED"])).on(
            "GET",
            RECOVERY,
            listed(&["DONE", "DONE"]),
        )
    };
    let lost = || before().on("POST", "/_snapshot/r/s/_restore", Reply::closed());
    let names = |names: Value| Reply::value(200, &json!({"metadata": {"indices": names}}));
    let server =
        done(lost().on("GET", STATE, names(json!({"new": {"state": "open", "aliases": []}})))).start();
    run(&server.target("r")).stdout("new\n").stderr("es-snap: 1 indices, 2 shards in [..]\n").run();
    server.finish();

    let server = lost().on("GET", STATE, names(json!({}))).start();
    run(&server.target("r")).stderr("es-snap: error: [..]\n[...]\n").status(5).run();
    server.finish();
}

#[test]
fn a_restore_of_which_nothing_is_known_may_have_begun() {
    let server = before()
        .on("POST", "/_snapshot/r/s/_restore", Reply::closed())
        .on("GET", STATE, Reply::forbidden())
        .start();
    run(&server.target("r"))
        .stderr(
            "es-snap: error: [..]\n\
             es-snap: hint: the restore may have begun; to follow it: es-cat recovery http://[..]/new\n",
        )
        .status(5)
        .run();
    server.finish();

    // Over an index that is there: what is opened again may be what is being restored.
    let done = || Reply::value(200, &json!({"acknowledged": true}));
    let server = before()
        .on("POST", "/old/_close", done())
        .on("POST", "/_snapshot/r/s/_restore", done().held(Duration::from_secs(60)))
        .on("POST", "/old/_open", done())
        .start();
    let run =
        snap("restore", &server.target("r")).args(["s", "--indices", "old", "--close-existing", "--yes"]);
    let mut run = run
        .stdout("")
        .stderr(
            "es-snap: warning: the restore may have begun; to follow it: es-cat recovery http://[..]/old\n\
             es-snap: warning: old is open again, unless it is being restored\n",
        )
        .signal(Signal::INT)
        .start();
    run.wait_until("it is asked for", |_| {
        server.requests().iter().any(|request| request.path.ends_with("/_restore"))
    });
    run.signal(Signal::INT);
    run.wait();
    server.finish();
}

#[test]
fn an_error_while_it_is_followed_tells_that_it_goes_on() {
    let server = accepted().on("GET", SHARDS, Reply::forbidden()).start();
    run(&server.target("r"))
        .stderr(
            "es-snap: error: asking where the shards are: [..] 403 [..]\n\
             es-snap: hint: the restore goes on; to follow it: es-cat recovery http://[..]/new; to undo it, delete the indices new\n",
        )
        .status(1)
        .run();
    server.finish();
}

#[test]
fn a_count_that_lacks_shards_is_no_count() {
    let shards = json!({"total": 2, "successful": 1, "skipped": 0, "failed": 0});
    let server = accepted()
        .on("GET", SHARDS, self::shards(["STARTED", "STARTED"]))
        .on("GET", RECOVERY, listed(&["DONE", "DONE"]))
        .on("POST", "/new/_refresh", Reply::json(200, "{}"))
        .on("GET", "/new/_count", Reply::value(200, &json!({"count": 5, "_shards": shards})))
        .start();
    run(&server.target("r"))
        .args(["--expect", "1.."])
        .stderr("es-snap: error: counting the documents of new: [..] 1 of 2 shards\n")
        .status(5)
        .run();
    server.finish();
}

#[test]
fn answers_that_are_none_have_the_right_status() {
    let page = || Reply::new(200, "text/html", "<html>no</html>");
    let missing = || Reply::error(404, "snapshot_missing_exception", "[r:s] is missing");
    let cases: [(&str, Reply, i32); 6] = [
        ("401", Reply::unauthorized(), 1),
        ("404", missing(), 1),
        ("500", Reply::error(500, "repository_exception", "[r] cannot read"), 5),
        ("no JSON", page(), 1),
        ("half", Reply::value(200, &json!({"snapshots": []})).cut_half(), 5),
        ("busy", Reply::unavailable(), 5),
    ];
    for (what, reply, status) in cases {
        let server = Script::new().on("GET", "/_snapshot/r/s", reply).start();
        let outcome =
            run(&server.target("r")).args(["--retry-max-time", "0"]).take_stderr().status(status).run();
        assert!(outcome.stderr.starts_with("es-snap: error: "), "{what}: {}", outcome.stderr);
        server.finish();
    }
    for (what, reply, status) in [
        ("401", Reply::unauthorized(), 1),
        ("500", Reply::error(500, "snapshot_restore_exception", "cannot restore"), 1),
        (
            "busy",
            Reply::error(503, "concurrent_snapshot_execution_exception", "a deletion is in-progress"),
            5,
        ),
        ("no JSON", page(), 1),
    ] {
        let server = before().on("POST", "/_snapshot/r/s/_restore", reply).start();
        let outcome = run(&server.target("r")).take_stderr().status(status).run();
        assert!(outcome.stderr.starts_with("es-snap: error: restoring r/s: "), "{what}: {}", outcome.stderr);
        server.finish();
    }
}

#[test]
fn when_the_time_is_over_the_restore_goes_on_and_what_to_ask_for_is_told() {
    let server = accepted()
        .on("GET", SHARDS, shards(["STARTED", "INITIALIZING"]))
        .on("GET", RECOVERY, listed(&["DONE", "INDEX"]))
        .start();
    run(&server.target("r"))
        .args(["--timeout", "0"])
        .stderr(
            "es-snap: error: after [..] the restore still runs: new\n\
             es-snap: hint: the server goes on; to follow it: es-cat recovery http://[..]/new\n",
        )
        .status(6)
        .run();
    server.finish();
}

#[test]
fn a_signal_leaves_it_running_and_tells_how_to_follow_and_undo_it() {
    let server =
        accepted().on("GET", SHARDS, shards(["STARTED", "STARTED"]).held(Duration::from_secs(60))).start();
    let mut running = run(&server.target("r"))
        .stderr("es-snap: warning: the restore goes on; to follow it: es-cat recovery http://[..]/new; to undo it, delete the indices new\n")
        .signal(Signal::INT)
        .start();
    running.wait_until("it waits", |_| server.requests().iter().any(|request| request.path == SHARDS));
    running.signal(Signal::INT);
    running.wait();
}
