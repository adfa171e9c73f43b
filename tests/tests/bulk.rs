//! es-bulk against a server that fails on purpose: every fault ends as the manual says, and the numbers add up.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use es_tests::command::{Folder, Outcome, Run, Signal};
use es_tests::fault::{Call, Cluster, Refusal, Reply, Request, Server};
use serde_json::{Value, json};

/// For what ends by a signal; what is waited for without one takes far longer.
const SOON: Duration = Duration::from_secs(120);

/// What goes wrong, and its name or what is said about it.
type Fault = (&'static str, fn(&Cluster));

fn cluster() -> Server<Cluster> {
    let es = Cluster::elasticsearch("9.2.0").start();
    es.index("logs", 1);
    es
}

fn hit(n: usize) -> String {
    format!("{{\"_index\":\"logs\",\"_id\":\"{n}\",\"_source\":{{\"n\":{n}.0}}}}\n")
}

fn hits(count: usize) -> String {
    (0..count).map(hit).collect()
}

/// es-bulk into the index, reading these lines.
fn load(es: &Server<Cluster>, input: impl Into<Vec<u8>>) -> Run {
    Run::new("es-bulk").arg(es.target("logs")).stdin(input)
}

fn holds(text: &'static str) -> impl Fn(&Request) -> bool {
    move |request| request.body.windows(text.len()).any(|window| window == text.as_bytes())
}

/// The objects of a rejects file.
fn rejects(folder: &Folder, name: &str) -> Vec<Value> {
    let text = folder.read(name);
    text.split(|b| *b == b'\n')
        .filter(|l| !l.is_empty())
        .map(|l| serde_json::from_slice(l).unwrap())
        .collect()
}

#[test]
fn every_record_is_created_as_the_bytes_it_was() {
    let es = cluster();
    load(&es, hits(1000)).stderr("es-bulk: 1,000 read: 1,000 created; [..]\n").run();
    es.assert_each_once("logs", 1000);
    assert_eq!(es.sources("logs")["7"], b"{\"n\":7.0}");
}

#[test]
fn a_target_may_be_left_out_where_something_else_names_the_server() {
    let es = cluster();
    es.index("more", 1);
    let config = format!("[profile.old]\nurl = '{0}'\n[profile.new]\nurl = '{0}'\n", es.url());
    let more = hits(3).replace("\"logs\"", "\"more\"");
    let run = |args: &[&str], env: (&str, &str)| {
        let run = Run::new("es-bulk").args(args).env(env.0, env.1).stdin(hits(2) + &more);
        let folder = run.take_stderr().run().folder;
        es.assert_each_once("logs", 2);
        es.assert_each_once("more", 3);
        folder
    };
    run(&["--url", &es.url()], ("ES_USER", ""));
    run(&[], ("ES_URL", &es.url()));
    let folder = run(&[], ("ES_URL", &es.url()));
    let path = folder.write("config.toml", &config);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    run(&["-P", "new"], ("ES_CONFIG", path.to_str().unwrap()));
    // As it is typed.
    let pipe =
        "es-scroll -q -P old more | es-xform -q '._index = \"logs\" | ._id |= \"new-\" + .' | es-bulk -P new";
    let summary = "es-bulk: 3 read: 3 created; [..]\n";
    Run::shell(pipe).env("ES_CONFIG", &path).stderr(summary).run();
    assert_eq!(es.sources("logs").len(), 5);
}

#[test]
fn what_may_be_sent_again_is_and_every_document_is_in_once() {
    let faults: [Fault; 10] = [
        ("429 for the whole request", |es| es.on(Call::Bulk).times(2).reply(Reply::too_busy())),
        ("429 for half of the items", |es| {
            es.on(Call::Bulk).times(3).items(|item| (item.position % 2 == 0).then(Refusal::too_busy));
        }),
        ("503 for a while", |es| {
            es.on(Call::Bulk).during(Duration::from_secs(3)).reply(Reply::unavailable());
        }),
        ("the answer lost", |es| es.on(Call::Bulk).lose()),
        ("half an answer", |es| es.on(Call::Bulk).after(Reply::cut_half)),
        ("502 of a proxy", |es| es.on(Call::Bulk).reply(Reply::bad_gateway())),
        ("502 of a proxy, the request done", |es| es.on(Call::Bulk).after(|_| Reply::bad_gateway())),
        ("connection reset", |es| es.on(Call::Bulk).reset_after(500)),
        ("connection closed", |es| es.on(Call::Bulk).drop_request()),
        ("fewer items than were sent", |es| {
            es.on(Call::Bulk).after(|mut reply| {
                let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
                body["items"].as_array_mut().unwrap().pop();
                reply.body = body.to_string().into_bytes();
                reply
            });
        }),
    ];
    for (name, fault) in faults {
        let es = cluster();
        fault(&es);
        let outcome = load(&es, hits(500)).args(["--bulk-docs", "100"]).take_stderr().run();
        es.assert_each_once("logs", 500);
        let summary = outcome.stderr.lines().last().unwrap();
        assert!(summary.contains(" retried; "), "{name}: {summary}");
        assert!(!summary.contains("rejected"), "{name}: {summary}");
        es.finish();
    }
}

#[test]
fn a_server_that_stays_busy_ends_the_load_when_the_patience_does() {
    let es = cluster();
    es.on(Call::Bulk).nth(2).always().reply(Reply::unavailable());
    load(&es, hits(300))
        .args(["--bulk-docs", "100", "-j", "1", "--retry-max-time", "1s"])
        .stderr(
            "[...]\nes-bulk: error: loading into logs: nothing got through for 1s: [..]no master[..]\n\
             es-bulk: hint: run it again[..]\nes-bulk: 300 read: 100 created, 200 unsent; [..]\n",
        )
        .status(5)
        .run();
}

#[test]
fn an_update_whose_answer_was_lost_is_unknown_and_not_sent_again() {
    let es = cluster();
    es.put("logs", "1", "{\"n\":1}");
    es.put("logs", "2", "{\"n\":1}");
    es.on(Call::Bulk).when(holds("\"_id\":\"1\"")).lose();
    let lines = "{\"_id\":\"1\",\"_source\":{\"m\":1}}\n{\"_id\":\"2\",\"_source\":{\"m\":1}}\n";
    load(&es, lines)
        .args(["--op", "update", "--bulk-docs", "1", "-j", "1"])
        .stderr(
            "es-bulk: error: updates that were sent and not answered: 1; [..]\nes-bulk: hint: [..]\n\
             es-bulk: 2 read: 1 updated, 1 unknown (sent, not answered); [..]\n",
        )
        .status(5)
        .run();
    assert!(es.docs("logs").iter().all(|doc| doc.version == 2));
}

#[test]
fn updates_of_a_request_that_failed_as_a_whole_are_not_in_its_halves() {
    let es = cluster();
    for id in ["1", "2", "3"] {
        es.put("logs", id, "{\"n\":1}");
    }
    es.on(Call::Bulk).after(|_| Reply::error(500, "illegal_state_exception", "what now?"));
    let update = |id: &str| format!("{{\"update\":{{\"_id\":\"{id}\"}}}}\n{{\"doc\":{{\"m\":1}}}}\n");
    let create = |id: &str| format!("{{\"create\":{{\"_id\":\"{id}\"}}}}\n{{\"n\":1}}\n");
    load(&es, update("1") + &create("a") + &create("b") + &update("2") + &update("3") + &create("c"))
        .args(["--op", "keep", "-j", "1"])
        .stderr(
            "es-bulk: error: updates that were sent and not answered: 3; [..]\nes-bulk: hint: [..]\n\
             es-bulk: 6 read: 3 skipped (already there), 3 unknown (sent, not answered); [..]\n",
        )
        .status(5)
        .run();
    let versions: Vec<_> = es.docs("logs").into_iter().map(|doc| (doc.id, doc.version)).collect();
    let once = |id: &str, version| (id.to_owned(), version);
    assert_eq!(
        versions,
        [once("1", 2), once("2", 2), once("3", 2), once("a", 1), once("b", 1), once("c", 1)]
    );
}

#[test]
fn what_was_done_of_a_large_request_that_is_refused_as_a_whole_is_not_in_the_way() {
    let bytes = "x".repeat(4000);
    let es = cluster();
    // Elasticsearch does large bodies in pieces, and may find what it cannot read behind them.
    es.on(Call::Bulk).after(|_| Reply::error(400, "illegal_argument_exception", "Malformed action"));
    let line = |n| format!("{{\"_id\":\"{n}\",\"_source\":{{\"x\":\"{bytes}\"}}}}\n");
    load(&es, (0..300).map(line).collect::<String>())
        .args(["--conflicts", "reject"])
        .stderr("es-bulk: 300 read: 300 skipped (already there); [..]\n")
        .run();

    // Updates are sent in bodies that are done as a whole or not at all.
    let pair = |n| format!("{{\"update\":{{\"_id\":\"{n}\"}}}}\n{{\"doc\":{{\"y\":\"{bytes}\"}}}}\n");
    let bad = || Reply::error(400, "illegal_argument_exception", "Malformed action");
    es.on(Call::Bulk).when(holds("\"_id\":\"bad\"")).always().reply(bad());
    load(&es, (0..300).map(pair).collect::<String>() + &pair(0).replace("\"0\"", "\"bad\""))
        .args(["--op", "keep"])
        .stderr("es-bulk: rejected: line 601 of [..]\nes-bulk: 301 read: 300 updated, 1 rejected; [..]\n")
        .status(3)
        .run();
    let bodies = es.calls(Call::Bulk).into_iter().map(|request| request.body);
    let updates: Vec<_> = bodies.filter(|body| body.starts_with(b"{\"update\"")).collect();
    assert!(updates.iter().all(|body| body.len() <= 1 << 20));
    assert!(es.docs("logs").iter().all(|doc| doc.version == 2));
}

#[test]
fn what_is_too_large_is_split_and_one_too_large_document_is_rejected() {
    let big = format!("{{\"_id\":\"big\",\"_source\":{{\"x\":\"{}\"}}}}\n", "x".repeat(300_000));
    let input = hits(500) + &big + &hits(1000)[hits(500).len()..];
    let es = cluster();
    es.on(Call::Bulk).larger_than(100_000).always().reply(Reply::empty(413));
    let folder = Folder::shared();
    load(&es, input)
        .in_folder(&folder)
        .args(["--rejects", "bad.ndjson"])
        .stderr("es-bulk: rejected: line 501 of standard input, id \"big\": 413 too_large: [..]\nes-bulk: 1,001 read: 1,000 created, 1 rejected; [..]\n")
        .status(3)
        .run();
    es.assert_each_once("logs", 1000);
    assert_eq!(rejects(&folder, "bad.ndjson")[0]["_source"]["x"].as_str().unwrap().len(), 300_000);
}

#[test]
fn a_connection_closed_on_a_large_body_is_a_body_too_large() {
    let es = cluster();
    es.on(Call::Bulk).larger_than(2_000_000).always().reset_after(65_536);
    let line = |n| format!("{{\"_id\":\"{n}\",\"_source\":{{\"x\":\"{}\"}}}}\n", "x".repeat(10_000));
    let input: String = (0..600).map(line).collect();
    load(&es, input).stderr("[...]\nes-bulk: 600 read: 600 created; [..]\n").run();
    es.assert_each_once("logs", 600);
}

#[test]
fn one_bad_action_is_found_by_halves_and_rejected() {
    let es = cluster();
    let bad = || Reply::error(400, "illegal_argument_exception", "Malformed action/metadata line");
    es.on(Call::Bulk).when(holds("\"_id\":\"77\"")).always().reply(bad());
    load(&es, hits(200))
        .stderr("es-bulk: rejected: line 78 of standard input, id \"77\": 400 illegal_argument_exception: Malformed action/metadata line\nes-bulk: 200 read: 199 created, 1 rejected; [..]\n")
        .status(3)
        .run();
    es.assert_each_once("logs", 199);
}

#[test]
fn bad_lines_are_rejected_with_their_place_and_the_rest_gets_in() {
    let es = cluster();
    es.on(Call::Bulk).items(|item| (item.id.as_deref() == Some("1")).then(Refusal::document_parsing));
    let deep = format!("{{\"_id\":\"d\",\"_source\":{{\"a\":{}{}}}}}\n", "[".repeat(1000), "]".repeat(1000));
    let deep_900 =
        format!("{{\"_id\":\"e\",\"_source\":{{\"a\":{}{}}}}}\n", "[".repeat(900), "]".repeat(900));
    let mut input = hits(2).into_bytes();
    input.extend(b"{\"_id\":\"u\",\"_source\":{\"a\":\"\xff\"}}\nnonsense\n");
    input.extend((deep + &deep_900 + "{\"_id\":\"x\",\"_source\":{\"a\":\"").bytes());
    input.extend(vec![b'x'; 3 << 20]);
    input.extend(b"\"}}\n");
    input.extend(hit(9).bytes());
    let folder = Folder::shared();
    load(&es, input)
        .in_folder(&folder)
        .args(["--rejects", "bad.ndjson", "--max-line", "1M"])
        .stderr(
            "es-bulk: rejected: line 3 of standard input: invalid_utf8: [..]\n\
             es-bulk: rejected: line 4 of standard input: malformed: [..]\n\
             es-bulk: rejected: line 5 of standard input: too_deep: [..]\n\
             es-bulk: rejected: line 7 of standard input: line_too_long: the line has 3145758 bytes[..]\n\
             es-bulk: rejected: line 2 of standard input, id \"1\": 400 document_parsing_exception: [..]\n\
             es-bulk: 8 read: 3 created, 5 rejected; [..]\n",
        )
        .status(3)
        .run();
    assert_eq!(es.sources("logs").into_keys().collect::<Vec<_>>(), ["0", "9", "e"]);

    let bad = rejects(&folder, "bad.ndjson");
    let mode = std::fs::metadata(folder.path().join("bad.ndjson")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(bad[0]["_reject"]["base64"], "eyJfaWQiOiJ1IiwiX3NvdXJjZSI6eyJhIjoi/yJ9fQ==");
    assert_eq!((&bad[3]["_reject"]["length"], &bad[3]["_reject"]["line"]), (&json!(3_145_758), &json!(7)));
    let refused = &bad[4];
    assert_eq!((&refused["_id"], &refused["_source"]), (&json!("1"), &json!({"n": 1.0})));
    let why = &refused["_reject"];
    assert_eq!(
        (&why["tool"], &why["op"], &why["status"], &why["type"], &why["file"], &why["line"], &why["offset"]),
        (
            &json!("es-bulk"),
            &json!("create"),
            &json!(400),
            &json!("document_parsing_exception"),
            &json!("-"),
            &json!(2),
            &json!(hit(0).len())
        )
    );

    // Taken back as it is: what the server takes now is in, what cannot be read is refused again.
    Run::new("es-bulk")
        .in_folder(&folder)
        .args([&es.target("logs"), "bad.ndjson", "--rejects", "again.ndjson"])
        .take_stderr()
        .status(3)
        .run();
    assert_eq!(es.sources("logs")["1"], b"{\"n\":1.0}");
    let again = rejects(&folder, "again.ndjson");
    assert_eq!(again.len(), 4);
    assert_eq!(again[0]["_reject"]["base64"], bad[0]["_reject"]["base64"]);
    assert_eq!(again[3], bad[3]);
}

#[test]
fn a_rejected_operation_is_taken_back_with_the_op_and_parameters_it_had() {
    let es = cluster();
    es.put("logs", "1", "{\"n\":1}");
    let pairs = "{\"update\":{\"_id\":\"1\",\"retry_on_conflict\":3}}\n{\"doc\":{\"m\":2}}\n\
                 {\"index\":{\"_id\":\"2\",\"routing\":\"r\",\"version\":7,\"version_type\":\"external\"}}\n{\"n\":2}\n\
                 {\"delete\":{\"_id\":\"3\"}}\n";
    es.on(Call::Bulk).items(|_| Some(Refusal::mapper_parsing()));
    let folder = Folder::shared();
    load(&es, pairs)
        .in_folder(&folder)
        .args(["--op", "keep", "--rejects", "bad.ndjson", "-j", "1"])
        .take_stderr()
        .status(3)
        .run();
    Run::new("es-bulk")
        .in_folder(&folder)
        .args([&es.target("logs"), "bad.ndjson"])
        .stderr("es-bulk: 3 read: 1 created, 1 updated, 1 skipped (already there); [..]\n")
        .run();
    let sources = es.sources("logs");
    assert_eq!(serde_json::from_slice::<Value>(&sources["1"]).unwrap(), json!({"n": 1, "m": 2}));
    let two = es.docs("logs").into_iter().find(|doc| doc.id == "2").unwrap();
    assert_eq!((two.routing.as_deref(), two.version), (Some("r"), 7));
    let kept = holds("\"retry_on_conflict\":3");
    assert_eq!(es.calls(Call::Bulk).iter().filter(|request| kept(request)).count(), 2);
}

#[test]
fn operations_that_are_taken_back_keep_their_order_and_are_counted_as_what_they_are() {
    let es = cluster();
    let line = |id: u8, op: &str, n: u8| {
        format!("{{\"_id\":\"{id}\",\"_source\":{{\"n\":{n}}},\"_reject\":{{\"op\":\"{op}\"}}}}\n")
    };
    es.on(Call::Bulk).items(|item| (item.position == 0).then(Refusal::too_busy));
    load(&es, line(1, "index", 1) + &line(1, "index", 2))
        .stderr("[...]\nes-bulk: 2 read: 1 created, 1 updated; 1 retried; [..]\n")
        .run();
    assert_eq!(es.sources("logs")["1"], b"{\"n\":2}");
    // An index may be dropped by a pipeline, and an update may change nothing: the answer must tell.
    assert!(es.calls(Call::Bulk).iter().all(|call| call.param("filter_path").unwrap().contains("result")));

    // What was created before another operation came has ended by then.
    let es = cluster();
    es.on(Call::Bulk).items(|item| (item.position == 0).then(Refusal::too_busy));
    load(&es, hits(3) + &line(0, "delete", 0) + &line(1, "delete", 0))
        .stderr("[...]\nes-bulk: 5 read: 3 created, 2 deleted; 1 retried; [..]\n")
        .run();
    assert_eq!(es.sources("logs").into_keys().collect::<Vec<_>>(), ["2"]);
}

#[test]
fn an_action_of_another_op_keeps_its_pipeline() {
    let es = cluster();
    load(&es, "{\"index\":{\"_id\":\"1\",\"pipeline\":\"p\",\"if_seq_no\":3}}\n{\"n\":1}\n")
        .stderr("es-bulk: 1 read: 1 created; [..]\n")
        .run();
    let body = es.calls(Call::Bulk).pop().unwrap().body;
    assert_eq!(body, b"{\"create\":{\"_id\":\"1\",\"pipeline\":\"p\"}}\n{\"n\":1}\n");
}

#[test]
fn without_a_rejects_file_many_refusals_end_the_load() {
    let es = cluster();
    es.on(Call::Bulk).always().items(|_| Some(Refusal::mapper_parsing()));
    let outcome = load(&es, hits(2000)).args(["-j", "1", "--bulk-docs", "150"]).take_stderr().status(1).run();
    assert!(outcome.stderr.contains("nothing but refusals"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("150 rejected, "), "{}", outcome.stderr);
    assert!(outcome.stderr.contains(" unsent"), "{}", outcome.stderr);

    let es = cluster();
    es.on(Call::Bulk).always().items(|item| (item.position % 2 == 0).then(Refusal::mapper_parsing));
    let outcome = load(&es, hits(5000)).args(["-j", "1", "--bulk-docs", "100"]).take_stderr().status(1).run();
    assert!(outcome.stderr.contains("1000 records were refused"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("990 more rejected: 990 mapper_parsing_exception"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("1,000 created, 1,000 rejected, "), "{}", outcome.stderr);

    // Refused as whole requests: not every document is tried alone.
    let es = cluster();
    es.on(Call::Bulk).always().reply(Reply::error(400, "illegal_argument_exception", "no"));
    let outcome = load(&es, hits(2000)).args(["-j", "1"]).take_stderr().status(1).run();
    assert!(outcome.stderr.contains(": 100 rejected, 1,900 unsent"), "{}", outcome.stderr);

    let es = cluster();
    es.on(Call::Bulk).items(|_| Some(Refusal::mapper_parsing()));
    load(&es, hits(1)).args(["--max-rejects", "0"]).take_stderr().status(1).run();
}

#[test]
fn where_no_document_would_get_in_the_load_stops_and_counts_what_was_not_sent() {
    let faults: [Fault; 5] = [
        ("cluster_block_exception", |es| es.on(Call::Bulk).nth(3).before(|es| es.block_writes("logs", true))),
        ("index_closed_exception", |es| es.on(Call::Bulk).nth(3).before(|es| es.close_index("logs"))),
        ("index_not_found_exception", |es| {
            es.on(Call::Bulk).nth(3).items(|_| Some(Refusal::index_not_found("logs")));
        }),
        ("security_exception", |es| es.on(Call::Bulk).nth(3).reply(Reply::forbidden())),
        ("security_exception", |es| es.on(Call::Bulk).nth(3).reply(Reply::unauthorized())),
    ];
    for (kind, fault) in faults {
        let es = cluster();
        fault(&es);
        let outcome =
            load(&es, hits(1000)).args(["--bulk-docs", "100", "-j", "1"]).take_stderr().status(1).run();
        let lines: Vec<_> = outcome.stderr.lines().collect();
        assert!(lines[0].starts_with("es-bulk: error: loading into logs: http"), "{}", outcome.stderr);
        assert!(lines[0].contains(kind), "{}", outcome.stderr);
        assert!(lines[1].starts_with("es-bulk: hint: "), "{}", outcome.stderr);
        assert!(
            lines[2].contains("read: 200 created, ") && lines[2].contains(" unsent"),
            "{}",
            outcome.stderr
        );
        es.assert_each_once("logs", 200);
    }
}

#[test]
fn an_index_made_again_by_the_server_is_noticed() {
    let es = cluster();
    es.on(Call::Bulk).nth(2).before(|es| es.delete_index("logs"));
    load(&es, hits(300))
        .args(["--bulk-docs", "100", "-j", "1"])
        .stderr(
            "es-bulk: error: index logs was deleted during the load: the server made another of this name\n\
             es-bulk: 300 read: 300 created; [..]\n",
        )
        .status(1)
        .run();
}

#[test]
fn an_index_that_may_not_be_looked_at_hides_no_other() {
    let es = cluster();
    es.index("more", 1);
    es.on(Call::Settings).when(|request| request.path.contains("more")).always().reply(Reply::forbidden());
    let input = hits(2) + &hit(3).replace("\"logs\"", "\"more\"");
    let run = || Run::new("es-bulk").args([&es.url(), "-j", "1", "--bulk-docs", "3"]).stdin(&*input);
    run().stderr("es-bulk: 3 read: 3 created; [..]\n").run();
    es.on(Call::Bulk).before(|es| {
        es.delete_index("logs");
        es.index("logs", 1);
    });
    run()
        .stderr(
            "es-bulk: error: index logs was deleted during the load: [..]\n\
             es-bulk: 3 read: 2 created, 1 skipped (already there); [..]\n",
        )
        .status(1)
        .run();
}

#[test]
fn the_flood_block_is_waited_for_and_said() {
    let es = cluster();
    es.on(Call::Bulk).items(|_| Some(Refusal::flood_block()));
    load(&es, hits(10))
        .stderr("es-bulk: warning: [..]429 cluster_block_exception[..]flood-stage[..]waiting 2.0 s\nes-bulk: 10 read: 10 created; 10 retried; [..]\n")
        .run();
}

#[test]
fn a_missing_index_is_refused_before_any_document_unless_it_may_be_made() {
    let es = Cluster::elasticsearch("9.2.0").start();
    let run = |es: &Server<Cluster>, args: &[&str]| {
        Run::new("es-bulk").arg(es.target("new")).args(args.iter().copied()).stdin(hits(3))
    };
    run(&es, &[])
        .stderr(format!("es-bulk: error: {} has no index new\nes-bulk: hint: --create-index[..]\n", es.url()))
        .status(1)
        .run();
    assert!(es.calls(Call::Bulk).is_empty());
    Run::new("es-bulk")
        .arg(es.url())
        .stdin(hits(2))
        .stderr(format!(
            "es-bulk: error: {} has no index logs\nes-bulk: hint: [..]\nes-bulk: 1 read: 1 unsent; [..]\n",
            es.url()
        ))
        .status(1)
        .run();
    run(&es, &["--create-index", "--set", "index.number_of_shards=3"]).take_stderr().run();
    let made: Value = serde_json::from_slice(&es.calls(Call::CreateIndex)[0].body).unwrap();
    assert_eq!(made, json!({"settings": {"index": {"number_of_shards": 3}}}));
    run(&es, &["--create-index"]).stderr("es-bulk: 3 read: 3 skipped (already there); [..]\n").run();

    let es = Cluster::elasticsearch("9.2.0").start();
    let templates = json!({"index_templates": [{"index_template": {"index_patterns": ["ne*"]}}]});
    es.route("GET", "/_index_template", Reply::value(200, &templates));
    // Without documents there is nothing to refresh.
    run(&es, &["--refresh"]).stdin("").stderr("es-bulk: 0 read; [..]\n").run();
    run(&es, &["--refresh"]).stderr("es-bulk: 3 read: 3 created; [..]\n").run();
}

#[test]
fn indices_of_the_records_are_made_from_the_manifest() {
    let es = Cluster::elasticsearch("9.2.0").start();
    let folder = Folder::shared();
    let input =
        "{\"_index\":\"a\",\"_id\":\"1\",\"_source\":{}}\n{\"_index\":\"b\",\"_id\":\"1\",\"_source\":{}}\n";
    folder.write("dump.ndjson", input);
    let mapping = json!({"properties": {"n": {"type": "long"}}});
    let index = json!({"mappings": mapping, "settings": {"index": {"number_of_shards": "2"}}});
    folder
        .write("dump.ndjson.manifest", json!({"count": 2, "indices": {"a": index, "b": index}}).to_string());
    let run = || Run::new("es-bulk").in_folder(&folder);
    run()
        .args([&es.url(), "dump.ndjson", "--create-index=dump.ndjson.manifest"])
        .stderr("es-bulk: 2 read: 2 created; [..]\n")
        .run();
    let made: Vec<Value> =
        es.calls(Call::CreateIndex).iter().map(|r| serde_json::from_slice(&r.body).unwrap()).collect();
    assert_eq!(made, [&index, &index].map(Clone::clone));
    run()
        .args([&es.url(), "dump.ndjson.manifest"])
        .stderr("es-bulk: error: [..]is a manifest[..]\n")
        .status(2)
        .run();

    folder.write("dump.ndjson.manifest", json!({"count": 3}).to_string());
    run()
        .args([&es.url(), "dump.ndjson"])
        .stderr("es-bulk: error: dump.ndjson is not whole: it has 2 records, and its manifest says 3\nes-bulk: 2 read: 2 skipped (already there); [..]\n")
        .status(1)
        .run();
    folder.write("dump.ndjson.manifest", json!({"bytes": 3}).to_string());
    run()
        .args([&es.url(), "dump.ndjson"])
        .stderr("es-bulk: error: dump.ndjson is not whole: it has [..]\n")
        .status(1)
        .run();
}

#[test]
fn a_damaged_file_loads_what_is_whole_and_names_the_place() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    gzip.write_all(hits(1000).as_bytes()).unwrap();
    let whole = gzip.finish().unwrap();
    for damaged in [whole[..whole.len() / 2].to_vec(), [&whole[..], b"garbage"].concat()] {
        let es = cluster();
        let folder = Folder::shared();
        folder.write("dump.ndjson.gz", damaged);
        let outcome = Run::new("es-bulk")
            .in_folder(&folder)
            .args([&es.target("logs"), "dump.ndjson.gz"])
            .stderr("es-bulk: error: dump.ndjson.gz is damaged after line [..]\nes-bulk: [..] read: [..] created; [..]\n")
            .status(1)
            .run();
        let loaded = es.sources("logs").len();
        assert!(outcome.stderr.contains(&format!("after line {loaded} ")), "{}", outcome.stderr);
        assert!(loaded > 400, "{loaded}");
    }
}

#[test]
fn lines_end_as_they_like() {
    let es = cluster();
    load(&es, hits(2).replace('\n', "\r\n") + hit(2).trim_end())
        .stderr("es-bulk: 3 read: 3 created; [..]\n")
        .run();
    assert_eq!(es.sources("logs")["1"], b"{\"n\":1.0}");
    load(&es, "").stderr("es-bulk: 0 read; [..]\n").run();
    load(&es, "\n  \n{\"_mark\":{}}\n").stderr("es-bulk: 0 read; [..]\n").run();
}

#[test]
fn a_second_run_is_harmless() {
    let es = cluster();
    load(&es, hits(100)).stderr("es-bulk: 100 read: 100 created; [..]\n").run();
    load(&es, hits(100)).stderr("es-bulk: 100 read: 100 skipped (already there); [..]\n").run();
    es.assert_each_once("logs", 100);

    let es = cluster();
    let folder = Folder::shared();
    folder.write("docs.ndjson", "{\"n\":1}\n{\"n\":1}\n{\"n\":2}\n");
    let run = || Run::new("es-bulk").in_folder(&folder).args([&es.target("logs"), "docs.ndjson"]);
    run().stderr("es-bulk: 3 read: 3 created; [..]\n").run();
    run().stderr("es-bulk: 3 read: 3 skipped (already there); [..]\n").run();
    es.assert_each_once("logs", 3);

    let pipe = |args: &[&str]| load(&es, "{\"n\":5}\n").args(args.iter().copied());
    pipe(&[]).stderr("es-bulk: 1 read: 1 created; [..]; documents without an id got random ones[..]\n").run();
    pipe(&[]).stderr("es-bulk: 1 read: 1 created; [..]random[..]\n").run();
    pipe(&["--id-seed", "x"]).stderr("es-bulk: 1 read: 1 created; [..]\n").run();
    pipe(&["--id-seed", "x"]).stderr("es-bulk: 1 read: 1 skipped (already there); [..]\n").run();
}

#[test]
fn conflicts_are_skipped_compared_or_rejected() {
    let es = cluster();
    es.put("logs", "0", "{\n \"n\":0.0}");
    es.put("logs", "1", "{\"n\":1}");
    let run = |how: &str| {
        load(&es, "{\"_id\":\"0\",\"_source\":{  \"n\":0.0}}\n".to_owned() + &hit(1))
            .args(["--conflicts", how])
    };
    run("skip").stderr("es-bulk: 2 read: 2 skipped (already there); [..]\n").run();
    run("compare")
        .stderr("es-bulk: rejected: line 2 of standard input, id \"1\": 409 different_document: [..]\nes-bulk: 2 read: 1 skipped (already there), 1 rejected; [..]\n")
        .status(3)
        .run();
    run("reject").take_stderr().status(3).run();

    // Documents of several indices may share an id without being the same.
    let es = cluster();
    let line =
        |index: &str, n: u8| format!("{{\"_index\":\"{index}\",\"_id\":\"1\",\"_source\":{{\"n\":{n}}}}}\n");
    let folder = Folder::shared();
    load(&es, line("a", 1) + &line("b", 2) + &line("c", 1))
        .in_folder(&folder)
        .args(["-j", "1", "--bulk-docs", "1", "--rejects", "bad.ndjson"])
        .stderr("es-bulk: rejected: line 2 of [..]different_document[..]\nes-bulk: 3 read: 1 created, 1 skipped (already there), 1 rejected; [..]\n")
        .status(3)
        .run();
    assert_eq!(rejects(&folder, "bad.ndjson")[0]["_index"], "b");

    // So may an alias that means several indices: what is there is fetched from the one that has it.
    let es = Cluster::elasticsearch("9.2.0").start();
    for index in ["logs-1", "logs-2"] {
        es.index(index, 1);
        es.alias(index, "logs", Value::Null);
    }
    let two = line("a", 1) + &line("b", 2).replace("\"_id\":\"1\"", "\"_id\":\"2\"");
    load(&es, &*two).stderr("es-bulk: 2 read: 2 created; [..]\n").run();
    load(&es, two.clone() + &line("c", 3))
        .stderr("es-bulk: rejected: line 3 of [..]different_document[..]\nes-bulk: 3 read: 2 skipped (already there), 1 rejected; [..]\n")
        .status(3)
        .run();

    // After a lost answer a conflict is our own.
    let es = cluster();
    es.on(Call::Bulk).lose();
    load(&es, hits(5)).args(["--conflicts", "reject"]).take_stderr().run();
    es.assert_each_once("logs", 5);
}

#[test]
fn other_operations_keep_the_order_of_each_document() {
    let es = cluster();
    es.on(Call::Bulk).nth(2).times(4).items(|item| (item.position % 3 == 0).then(Refusal::too_busy));
    let line = |n: usize| format!("{{\"_id\":\"{}\",\"_source\":{{\"n\":{n}}}}}\n", n % 7);
    let input: String = (0..700).map(line).collect();
    load(&es, input)
        .args(["--op", "index", "--bulk-docs", "50"])
        .stderr("[...]\nes-bulk: 700 read: 7 created, 693 updated; [..] retried; [..]\n")
        .run();
    for (id, source) in es.sources("logs") {
        assert_eq!(source, format!("{{\"n\":{}}}", 693 + id.parse::<usize>().unwrap()).into_bytes());
    }
    let ids = "{\"_id\":\"1\"}\n{\"_id\":\"99\"}\n";
    load(&es, ids)
        .args(["--op", "delete"])
        .stderr("es-bulk: 2 read: 1 deleted, 1 skipped (already there); [..]\n")
        .run();
    let versions =
        "{\"_id\":\"2\",\"_version\":3,\"_source\":{}}\n{\"_id\":\"3\",\"_version\":3000,\"_source\":{}}\n";
    load(&es, versions)
        .args(["--op", "index", "--version-type", "external"])
        .stderr("es-bulk: 2 read: 1 updated, 1 skipped (already there); [..]\n")
        .run();

    // Without a version nothing could keep the newer document, nor does the replay of what was refused.
    let folder = Folder::shared();
    let refused =
        "es-bulk: rejected: line 1 of [..], id \"2\": no_version: [..]\nes-bulk: 1 read: 1 rejected; [..]\n";
    for op in ["index", "delete"] {
        let file = format!("{op}.ndjson");
        load(&es, "{\"_id\":\"2\",\"_source\":{}}\n")
            .in_folder(&folder)
            .args(["--op", op, "--version-type", "external", "--rejects", &file])
            .stderr(refused)
            .status(3)
            .run();
        let replay = Run::new("es-bulk").in_folder(&folder).args([&es.target("logs"), &file]);
        replay.stderr(refused).status(3).run();
    }
    load(&es, "{\"n\":1}\n")
        .args(["--op", "index", "--version-type", "external_gte"])
        .stderr("es-bulk: rejected: line 1 of standard input: no_version: [..]\nes-bulk: 1 read: 1 rejected; [..]\n")
        .status(3)
        .run();
    assert_eq!(es.sources("logs")["2"], b"{\"n\":695}");

    // Also where a record is the first of its batch because the one before was full.
    let es = cluster();
    es.on(Call::Bulk).nth(2).items(|item| (item.position == 0).then(Refusal::too_busy));
    load(&es, line(1) + &line(2) + &line(3) + &line(10))
        .args(["--op", "index", "--bulk-docs", "2", "-j", "1"])
        .stderr("[...]\nes-bulk: 4 read: 3 created, 1 updated; 1 retried; [..]\n")
        .run();
    assert_eq!(es.sources("logs")["3"], b"{\"n\":10}");
}

#[test]
fn ids_and_routings_come_from_fields_when_asked() {
    let es = cluster();
    load(&es, "{\"user\":{\"id\":17},\"r\":\"a\"}\n{\"user\":{\"id\":\"x\\\"y\"},\"r\":\"b\"}\n{\"r\":\"c\"}\n")
        .args(["--id", "user.id", "--routing", "r"])
        .stderr("es-bulk: rejected: line 3 of standard input: no_field: [..]user.id`\nes-bulk: 3 read: 2 created, 1 rejected; [..]\n")
        .status(3)
        .run();
    let mut docs: Vec<_> = es.docs("logs").into_iter().map(|doc| (doc.id, doc.routing.unwrap())).collect();
    docs.sort();
    assert_eq!(docs, [("17".into(), "a".into()), ("x\"y".into(), "b".into())]);
}

#[test]
fn a_document_that_lacks_the_field_of_its_id_deletes_no_other() {
    let es = cluster();
    es.fill("logs", 8, |n| format!("{{\"n\":{n}}}"));
    let folder = Folder::shared();
    let delete = || {
        let run = Run::new("es-bulk").in_folder(&folder).args([&es.target("logs"), "--op", "delete"]);
        run.args(["--id", "user_id"])
    };
    let refused = |id: u8| {
        format!(
            "es-bulk: rejected: line 1 of [..], id \"{id}\": no_field: [..]user_id`\nes-bulk: [..], 1 rejected; [..]\n"
        )
    };
    let hits = "{\"_id\":\"5\",\"_source\":{\"name\":\"x\"}}\n{\"_id\":\"5\",\"_source\":{\"user_id\":7}}\n";
    delete().args(["--rejects", "bad.ndjson"]).stdin(hits).stderr(refused(5)).status(3).run();
    delete()
        .arg("bad.ndjson")
        .stderr("es-bulk: rejected: line 1 of [..]no_field[..]\nes-bulk: 1 read: 1 rejected; [..]\n")
        .status(3)
        .run();
    let pairs =
        "{\"index\":{\"_id\":\"4\"}}\n{\"name\":\"x\"}\n{\"index\":{\"_id\":\"4\"}}\n{\"user_id\":6}\n";
    delete().stdin(pairs).stderr(refused(4)).status(3).run();
    // Lines of ids alone have no field to look into.
    delete().stdin("{\"_id\":\"3\"}\n").stderr("es-bulk: 1 read: 1 deleted; [..]\n").run();
    assert_eq!(es.sources("logs").into_keys().collect::<Vec<_>>(), ["0", "1", "2", "4", "5"]);
}

#[test]
fn what_cannot_be_meant_is_a_usage_error() {
    let es = cluster();
    let folder = Folder::shared();
    folder.write("a.ndjson", hits(1));
    folder.write("full.ndjson", hits(1));
    let target = es.target("logs");
    let url = es.url();
    for args in [
        &["a.ndjson"][..],
        &[&target, "a.ndjson", "--rejects", "a.ndjson"],
        &[&target, "a.ndjson", "--rejects", "full.ndjson"],
        &[&target, "a.ndjson", "--upsert"],
        &[&target, "a.ndjson", "--version-type", "external"],
        &[&target, "a.ndjson", "--id-seed", "x"],
        &[&target, "a.ndjson", "--expect", "x"],
        &[&target, "a.ndjson", "--set", "a=b"],
        &[&format!("{url}/logs-*"), "a.ndjson"],
        &[&target, "a.ndjson", "--jobs", "0"],
    ] {
        Run::new("es-bulk").in_folder(&folder).args(args.iter().copied()).take_stderr().status(2).run();
    }
    Run::new("es-bulk").arg(&url).stdin("{\"a\":1}\n").take_stderr().status(2).run();
    assert!(es.calls(Call::Bulk).is_empty());
}

#[test]
fn messages_that_nobody_reads_do_not_hold_the_end_back() {
    let es = cluster();
    let script = "mkfifo unread; exec 9<>unread; exec es-bulk -vv \"$TARGET\" --bulk-docs 1 -j 2 2>unread";
    let run = Run::shell(script).env("TARGET", es.target("logs")).stdin(hits(5000)).take_stderr();
    let mut running = run.signal(Signal::INT).start();
    let mut last = (0, 0);
    running.wait_until("no more requests", |_| {
        let count = es.requests().len();
        last = if count == last.0 { (count, last.1 + 1) } else { (count, 0) };
        last.0 > 10 && last.1 > 400
    });
    running.signal_all(Signal::INT);
    running.wait_within(SOON);
}

#[test]
fn a_total_that_does_not_fit_the_expectation_is_status_4() {
    let es = cluster();
    load(&es, hits(3)).args(["--expect", "3"]).take_stderr().run();
    load(&es, hits(3))
        .args(["--expect", "4..", "-q"])
        .stderr("es-bulk: error: 3 records are in their place, and 4.. were expected\n")
        .status(4)
        .run();
}

#[test]
fn what_a_slow_writer_sends_does_not_wait_for_a_full_bulk() {
    let es = cluster();
    let mut run = Run::new("es-bulk").args([&es.target("logs"), "-q"]).stdin_open().start();
    for count in [3, 5] {
        run.write(hits(count).as_bytes());
        run.wait_until("all are in while the writer is silent", |_| es.sources("logs").len() == count);
    }
    run.close_stdin();
    run.wait();
    es.assert_each_once("logs", 5);
}

#[test]
fn an_interrupt_ends_a_silent_read() {
    for (signal, number) in [(Signal::INT, "130"), (Signal::TERM, "143")] {
        let es = cluster();
        let mut run = Run::new("es-bulk")
            .args([&es.target("logs"), "--log-json", "--bulk-docs", "10"])
            .stdin_open()
            .take_stderr()
            .signal(signal)
            .start();
        run.write(hits(25).as_bytes());
        run.wait_until("two bulks are in", |_| es.sources("logs").len() >= 20);
        run.signal(signal);
        let outcome = run.wait_within(SOON);
        let summary = summary(&outcome);
        // What waits for a full bulk goes out after a second of silence, should the signal take so long.
        let created = es.sources("logs").len();
        assert_eq!(
            (&summary["read"], &summary["created"], &summary["unsent"]),
            (&json!(25), &json!(created), &json!(25 - created))
        );
        assert_eq!(summary["exit"].to_string(), number);
    }
}

#[test]
fn an_interrupt_cuts_requests_in_flight_after_a_second_and_counts_them_unknown() {
    let es = cluster();
    es.on(Call::Bulk).nth(2).always().hold(Duration::from_secs(600));
    let run = load(&es, hits(500))
        .args(["--log-json", "--bulk-docs", "100", "-j", "2"])
        .take_stderr()
        .signal(Signal::INT)
        .start();
    let mut run = run;
    run.wait_until("requests are in flight", |_| es.calls(Call::Bulk).len() >= 3);
    run.signal(Signal::INT);
    let outcome = run.wait_within(SOON);
    let summary = summary(&outcome);
    let count = |name: &str| summary[name].as_u64().unwrap();
    assert_eq!((count("created"), count("unknown")), (100, 200), "{summary}");
    assert_eq!(count("read"), 300 + count("unsent"), "{summary}");
}

/// The last line of `--log-json`.
fn summary(outcome: &Outcome) -> Value {
    serde_json::from_str(outcome.stderr.lines().last().unwrap()).unwrap()
}

#[test]
fn memory_does_not_grow_with_the_input() {
    let es = cluster();
    es.on(Call::Bulk).always().reply(Reply::value(200, &created(1000)));
    let line = |n: usize| format!("{{\"_id\":\"{n}\",\"_source\":{{\"x\":\"{}\"}}}}\n", "x".repeat(970));
    let input: String = (0..200_000).map(line).collect();
    let outcome = load(&es, input)
        .args(["--bulk-docs", "1000"])
        .stderr("es-bulk: 200,000 read: 200,000 created; [..]\n")
        .run();
    assert!(outcome.peak("es-bulk") < 64 << 20, "{}", outcome.peak("es-bulk"));
}

fn created(count: usize) -> Value {
    json!({"errors": false, "items": vec![json!({"create": {"status": 201}}); count]})
}
