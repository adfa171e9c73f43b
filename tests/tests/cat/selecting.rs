//! Which rows, in which order, in which form: against canned answers.

use std::time::Duration;

use es_tests::command::{Folder, Run, Signal};
use es_tests::fault::{Call, Cluster, Reply, Script, Server};
use serde_json::{Value, json};

use super::{cat, rows, text};

const INDICES: &str = "/_cat/indices";

fn canned(body: &Value) -> Server<Script> {
    Script::new().on("GET", INDICES, Reply::value(200, body)).start()
}

/// Sizes of which humans' units get the order wrong, between them nothing, in the order of their names.
fn sizes() -> Value {
    let sizes = [
        ("a-5kb", Some(5 << 10)),
        ("b-988.4gb", Some(1_061_286_434_406_u64)),
        ("c-900mb", Some(900 << 20)),
        ("d-closed", None),
        ("e-1.2tb", Some(1_319_413_953_331)),
        ("f-20b", Some(20)),
        ("g-1.1gb", Some(1_181_116_006)),
        ("h-2tb", Some(2 << 40)),
    ];
    let row = |(name, size): (&str, Option<u64>)| json!({"index": name, "store.size": size.map(|size| size.to_string())});
    sizes.map(row).to_vec().into()
}

#[test]
fn sizes_are_sorted_as_numbers() {
    let run = |args: &[&str]| {
        let es = canned(&sizes());
        let args = ["-c", "index", "-n"].iter().chain(args);
        text(&cat("indices", &es.url()).args(args).run()).replace('\n', " ")
    };
    let down = "h-2tb e-1.2tb b-988.4gb g-1.1gb c-900mb a-5kb f-20b d-closed ";
    assert_eq!(run(&["-s", "store.size:desc"]), down);
    assert_eq!(run(&["-s", "store.size"]), "f-20b a-5kb c-900mb g-1.1gb b-988.4gb e-1.2tb h-2tb d-closed ");
    assert_eq!(run(&["-s", "store.size:desc", "--top", "3"]), "h-2tb e-1.2tb b-988.4gb ");
    assert_eq!(run(&["--where", "store.size > 1GB", "-s", "index:desc"]), "h-2tb g-1.1gb e-1.2tb b-988.4gb ");
    assert_eq!(run(&["--where", "store.size == \"\""]), "d-closed ");
    assert_eq!(run(&["--top", "2"]), "a-5kb b-988.4gb ");
}

#[test]
fn the_header_stays_where_it_is() {
    let es = canned(&sizes());
    let run =
        cat("indices", &es.url()).args(["-c", "store.size,index", "-s", "store.size:desc", "--top", "1"]);
    assert_eq!(text(&run.run()), "store.size,index\n2199023255552,h-2tb\n");
}

fn odd() -> Value {
    json!([
        {"node": "a,b", "attr": "x\"y", "value": "one\ntwo"},
        {"node": "tab\there", "attr": null, "value": "back\\slash"},
        {"node": "-", "attr": "", "value": " spaces "},
    ])
}

#[test]
fn every_form_keeps_every_value() {
    let run = |args: &[&str]| {
        let es = Script::new().on("GET", "/_cat/nodeattrs", Reply::value(200, &odd())).start();
        text(&cat("nodeattrs", &es.url()).args(["-c", "node,attr,value"]).args(args).run())
    };
    assert_eq!(
        run(&["--csv"]),
        "node,attr,value\n\"a,b\",\"x\"\"y\",\"one\ntwo\"\ntab\there,,back\\slash\n,, spaces \n"
    );
    assert_eq!(
        run(&["--tsv"]),
        "node\tattr\tvalue\na,b\tx\"y\tone\\ntwo\ntab\\there\t\tback\\\\slash\n\t\t spaces \n"
    );
    assert_eq!(
        run(&["--json"]),
        "{\"node\":\"a,b\",\"attr\":\"x\\\"y\",\"value\":\"one\\ntwo\"}\n\
         {\"node\":\"tab\\there\",\"attr\":null,\"value\":\"back\\\\slash\"}\n\
         {\"node\":null,\"attr\":null,\"value\":\" spaces \"}\n"
    );
    assert_eq!(
        run(&["--table"]),
        "node       attr  value\na,b        x\"y   one\\ntwo\ntab\\there        back\\slash\n                  spaces\n"
    );
    assert_eq!(run(&["-n", "--top", "1"]), "\"a,b\",\"x\"\"y\",\"one\ntwo\"\n");
}

#[test]
fn rows_are_counted_when_somebody_says_how_many() {
    for (range, ends) in [("8", 0), ("9..", 4), ("..7", 4), ("1..8", 0)] {
        let es = canned(&sizes());
        let run =
            cat("indices", &es.url()).args(["--expect", range, "--top", "2"]).take_stderr().status(ends);
        let warning = format!("es-cat: warning: there are 8 rows, not {range}\n");
        let outcome = run.run();
        let lines: Vec<_> = outcome.stderr.lines().filter(|line| !line.contains("has no column")).collect();
        assert_eq!(lines.join("\n"), if ends == 0 { "" } else { warning.trim_end() });
    }
    let es = canned(&sizes());
    let red = ["--where", "health == \"red\"", "--expect", "0", "-n", "-q"];
    assert_eq!(text(&cat("indices", &es.url()).args(red).run()), "");
}

#[test]
fn a_column_that_the_server_lacks_is_empty_with_one_warning() {
    let es = canned(&sizes());
    let run = || cat("indices", &es.url()).args(["-c", "index,dataset.size,health", "--top", "1"]);
    let lacks = format!("{} has no column dataset.size (Elasticsearch 8+), health", es.url());
    let warned = run().stderr(format!("es-cat: warning: {lacks}: it is left empty\n")).run();
    assert_eq!(text(&warned), "index,dataset.size,health\na-5kb,,\n");
    let es = canned(&sizes());
    let lacks = lacks.replace(es.url().as_str(), "");
    let run =
        cat("indices", &es.url()).args(["-c", "index,dataset.size", "--strict"]).status(1).take_stderr();
    let strict = run.run();
    assert!(
        strict.stderr.starts_with(&format!("es-cat: error: {} has no column dataset.size", es.url())),
        "{lacks} {}",
        strict.stderr
    );
    assert!(!text(&strict).contains("a-5kb"));
}

fn health(status: &str) -> Reply {
    Reply::value(200, &json!([{"status": status, "cluster": "c"}]))
}

#[test]
fn waiting_ends_when_it_holds_or_the_time_is_over() {
    let es = Script::new()
        .on("GET", "/_cat/health", health("red"))
        .on("GET", "/_cat/health", Reply::unavailable())
        .on("GET", "/_cat/health", health("yellow"))
        .on("GET", "/_cat/health", health("green"))
        .start();
    let wait = ["-c", "status", "-n", "--wait-for", "status == \"green\"", "--timeout", "30s"];
    let run = cat("health", &es.url()).args(wait).take_stderr();
    assert_eq!(text(&run.run()), "green\n");

    let es = Cluster::elasticsearch("9.2.0").start();
    es.route("GET", "/_cat/health", health("yellow"));
    let wait = ["-c", "status", "-n", "--wait-for", "status == \"green\"", "--timeout", "1s"];
    let late = cat("health", &es.url()).args(wait).status(6).stderr(
        "es-cat: error: waiting for status == \"green\": after 1s it does not hold for 1 of 1 rows\n",
    );
    assert_eq!(text(&late.run()), "yellow\n");
}

/// A restore whose shards have vanished is no restore that is done.
#[test]
fn nothing_at_all_is_not_what_was_waited_for() {
    let shard = |stage: &str| Reply::value(200, &json!([{"index": "i", "stage": stage}]));
    let es = Cluster::elasticsearch("9.2.0").start();
    es.on(Call::Other).reply(shard("index"));
    es.route("GET", "/_cat/recovery", Reply::value(200, &json!([])));
    let wait = ["-c", "index", "-n", "--wait-for", "stage == \"done\"", "--timeout", "1s"];
    let run = cat("recovery", &es.url()).args(wait).status(6).take_stderr().run();
    let what = if es.requests().len() > 1 { "there are no rows" } else { "it does not hold for 1 of 1 rows" };
    let error = format!("es-cat: error: waiting for stage == \"done\": after 1s {what}\n");
    assert_eq!(run.stderr, error);
}

#[test]
fn watching_adds_rows_with_their_time_and_what_counters_grew() {
    let pool = |rejected: u64| {
        let row = json!({"node_name": "n", "node_id": "x", "name": "write", "queue": "3", "rejected": rejected.to_string()});
        Reply::value(200, &json!([row]))
    };
    let path = "/_cat/thread_pool";
    let es = Script::new().on("GET", path, pool(5)).on("GET", path, pool(12)).on(
        "GET",
        path,
        pool(2).held(Duration::from_secs(60)),
    );
    let es = es.start();
    let mut run = cat("thread_pool", &es.url())
        .args(["-c", "name,queue,rejected", "--watch", "50ms"])
        .signal(Signal::INT)
        .start();
    run.wait_until("the third round", |_| es.requests().len() == 3);
    run.signal(Signal::INT);
    let outcome = run.wait();
    let shown = text(&outcome);
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines[0], "time,name,queue,rejected,rejected.diff");
    let (times, values): (Vec<_>, Vec<_>) =
        lines[1..].iter().map(|line| line.split_once(',').unwrap()).unzip();
    assert_eq!(values, ["write,3,5,", "write,3,12,7"]);
    assert!(times[0] < times[1] && times[0].len() == "2016-04-01T12:00:00.000Z".len(), "{times:?}");
}

#[test]
fn a_reader_that_has_seen_enough_ends_a_watch() {
    let es = Script::new();
    let es = (0..200).fold(es, |es, _| es.on("GET", "/_cat/health", health("green"))).start();
    let script = format!("es-cat health {} -c status -n --watch 100ms | head -n 3 | cut -d, -f2", es.url());
    Run::shell(&script).stdout("green\ngreen\ngreen\n").run();
    // The script has more than was asked for.
    std::mem::forget(es);
}

#[test]
fn a_file_where_the_pattern_should_be_is_refused() {
    let folder = Folder::shared();
    folder.write("logs", "");
    let run = Run::new("es-cat").args(["indices", "logs"]).in_folder(&folder).take_stderr().status(2).run();
    assert!(run.stderr.contains("`logs` is a file"), "{}", run.stderr);
}

#[test]
fn rows_as_objects_have_the_types_of_their_columns() {
    let es = canned(
        &json!([{"index": "7", "pri": "1", "store.size": "10", "creation.date": "1460000000000", "health": "-"}]),
    );
    let run = cat("indices", &es.url()).args(["--json", "-c", "index,pri,store.size,creation.date,health"]);
    let wanted = json!({"index": "7", "pri": 1, "store.size": 10, "creation.date": "2016-04-07T03:33:20.000Z", "health": null});
    assert_eq!(rows(&run.run()), [wanted]);
}
