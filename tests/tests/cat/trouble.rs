//! Servers that answer in text, refuse long answers, break off, or have lost shards.

use std::fmt::Write;

use es_tests::client::Client;
use es_tests::fault::{Reply, Script};
use es_tests::node;
use reqwest::Method;
use serde_json::{Value, json};

use super::{cat, rows, text};

/// As servers before JSON write it: closed indices are blank, numbers are aligned to the right.
#[test]
fn a_table_of_text_is_read_by_its_columns() {
    let table = "health status index          docs.count store.size \n\
                 green  open   logs 2016               7        130 \n\
                 \u{20}      close  closed                               \n\
                 red    open   журнал-2016.01    1234567   99999999 \n";
    let es =
        Script::new().on("GET", "/_cat/indices", Reply::new(200, "text/plain; charset=UTF-8", table)).start();
    let run =
        cat("indices", &es.url()).args(["-c", "index,health,docs.count,store.size", "-s", "docs.count:desc"]);
    let sorted = "index,health,docs.count,store.size\nжурнал-2016.01,red,1234567,99999999\n\
                  logs 2016,green,7,130\nclosed,,,\n";
    assert_eq!(text(&run.run()), sorted);

    let es = Script::new().on("GET", "/_cat/indices", Reply::new(200, "text/plain", "")).start();
    assert_eq!(text(&cat("indices", &es.url()).args(["-c", "index"]).run()), "index\n");
}

/// The node of a shard that moves is one name, wherever the server puts the rest.
#[test]
fn shards_that_move_or_have_no_node_keep_their_columns() {
    let shards = json!([
        {"index": "a", "shard": "0", "prirep": "p", "state": "RELOCATING", "docs": "5", "store": "10", "ip": "10.0.0.1",
         "node": "node 1, x -> 10.0.0.2 mZ7DU2ikQAaZ5LFfhYUr4A node 2, y"},
        {"index": "a", "shard": "0", "prirep": "r", "state": "UNASSIGNED", "docs": null, "store": null, "ip": null, "node": null},
        {"index": "b", "shard": "0", "prirep": "p", "state": "STARTED", "docs": "1", "store": "2", "ip": "10.0.0.3", "node": "c"},
    ]);
    let es = Script::new().on("GET", "/_cat/shards", Reply::value(200, &shards)).start();
    let wanted = "index,shard,prirep,state,docs,store,ip,node,relocating.node\n\
                  a,0,p,RELOCATING,5,10,10.0.0.1,\"node 1, x\",\"node 2, y\"\n\
                  a,0,r,UNASSIGNED,,,,,\n\
                  b,0,p,STARTED,1,2,10.0.0.3,c,\n";
    assert_eq!(text(&cat("shards", &es.url()).run()), wanted);
}

fn capped() -> Reply {
    Reply::error(429, "response_limit_breached_exception", "Too many indices requested.")
}

fn page(kind: &str, names: &[&str], token: Option<&str>) -> Reply {
    let rows: Vec<_> = names.iter().map(|name| json!({"index": name, "shard": "0"})).collect();
    Reply::value(200, &json!({"next_token": token, kind: rows}))
}

#[test]
fn where_the_answer_would_be_too_long_pages_are_asked_for() {
    for kind in ["indices", "shards"] {
        let list = format!("/_list/{kind}/logs-*");
        let es = Script::new()
            .on("GET", &format!("/_cat/{kind}/logs-*"), capped())
            .on("GET", &list, page(kind, &["logs-3", "logs-1"], Some("a+b=")))
            .on("GET", &list, Reply::too_busy())
            .on("GET", &list, page(kind, &["logs-2"], None))
            .start();
        let run = cat(kind, &es.target("logs-*")).args(["-c", "index", "-n", "-s", "index"]).take_stderr();
        assert_eq!(text(&run.run()), "logs-1\nlogs-2\nlogs-3\n");
        let last = es.requests().pop().unwrap();
        assert_eq!(last.param("next_token"), Some("a+b="));
    }
}

#[test]
fn what_has_no_pages_is_asked_for_by_index() {
    let shut = Reply::error(400, "index_closed_exception", "closed");
    let segments = |index: &str| {
        Reply::value(200, &json!([{"index": index, "segment": "_0"}, {"index": index, "segment": "_1"}]))
    };
    let gone = Reply::error(404, "index_not_found_exception", "no such index [b]");
    let es = Script::new()
        .on("GET", "/_cat/segments", capped())
        // Closed ones have none.
        .on(
            "GET",
            "/_list/indices/*?format=json&h=index&expand_wildcards=open&size=5000",
            page("indices", &["a", "b", "shut", "c"], None),
        )
        .on("GET", "/_cat/segments/a", segments("a"))
        .on("GET", "/_cat/segments/b", gone)
        // One that is closed meanwhile is as one that is gone.
        .on("GET", "/_cat/segments/shut", shut)
        .on("GET", "/_cat/segments/c", segments("c"))
        .start();
    let run = cat("segments", &es.url()).args(["-c", "index,segment", "-n"]);
    assert_eq!(text(&run.run()), "a,_0\na,_1\nc,_0\nc,_1\n");

    // Neither pages nor a way around them: it is said, and nothing is taken for the whole.
    let es = Script::new()
        .on("GET", "/_cat/segments", capped())
        .on("GET", "/_list/indices/*", Reply::error(400, "x", "no handler found"))
        .start();
    let run = cat("segments", &es.url()).args(["-c", "index"]).status(1).stderr(format!(
        "es-cat: error: asking for segments: {} answered 429 response_limit_breached_exception: Too many indices requested.\n",
        es.url()
    ));
    assert_eq!(text(&run.run()), "index\n");
}

/// What the server has under the name of one of our columns is that column in another form.
#[test]
fn each_name_is_one_column() {
    let help = "index | i | x\nshard | s | x\ntime | t | x\nstart_time | s | x\nstart_time_millis | s | x\n";
    let row = json!([{"index": "a", "shard": "0", "time": "61000", "start_time": "x", "start_time_millis": "1795273209691"}]);
    let recovery = || Reply::value(200, &row);
    let es = Script::new()
        .on("GET", "/_cat/recovery", Reply::new(200, "text/plain", help))
        .on("GET", "/_cat/recovery", recovery())
        .start();
    let run = cat("recovery", &es.url()).args(["--all", "-n", "--json"]);
    assert_eq!(
        text(&run.run()),
        "{\"index\":\"a\",\"shard\":0,\"time\":61000,\"start_time\":\"2026-11-21T15:00:09.691Z\"}\n"
    );

    // Where the report has a time, that of asking has another name.
    let es = Script::new().then_always(recovery()).start();
    let script = format!(
        "es-cat recovery {} -c index,time --where 'time > 1m' --watch 10ms | head -n 2 | cut -d, -f2-",
        es.url()
    );
    es_tests::command::Run::shell(&script).stdout("index,time\na,61000\n").run();
}

/// A server that is restarted is not there for a while.
#[test]
fn a_server_that_was_there_is_waited_for() {
    let es =
        Script::new().on("GET", "/_cat/health", Reply::value(200, &json!([{"status": "yellow"}]))).start();
    let mut run = cat("health", &es.url())
        .args(["-c", "status", "--wait-for", "status == 'green'", "--retry-max-time", "1s"])
        .stdout("")
        .take_stderr()
        .status(5)
        .start();
    run.wait_until("it has asked once", |_| es.requests().len() == 1);
    es.finish();
    let stderr = run.wait().stderr;
    assert!(stderr.contains("attempt 1, waiting "), "{stderr}");
}

/// Without a master a server answers 503 for as long as it takes; one that is gone does not answer at all.
#[test]
fn a_wait_ends_with_its_time_where_the_server_does_not_answer() {
    let yellow = || Reply::value(200, &json!([{"status": "yellow"}]));
    let wait = |url: &str| {
        let run = cat("health", url).args(["-c", "status", "--wait-for", "status == 'green'"]);
        run.args(["--timeout", "3s"]).stdout("").take_stderr().status(6)
    };
    let told = "es-cat: error: waiting for status == 'green': after 3s ";
    let es = Script::new().on("GET", "/_cat/health", yellow()).then_always(Reply::unavailable()).start();
    let stderr = wait(&es.url()).run().stderr;
    assert!(stderr.contains(told) && stderr.contains(" 503 "), "{stderr}");
    es.finish();

    let es = Script::new().on("GET", "/_cat/health", yellow()).start();
    let mut run = wait(&es.url()).start();
    run.wait_until("it has asked once", |_| es.requests().len() == 1);
    es.finish();
    let stderr = run.wait().stderr;
    assert!(stderr.contains(told), "{stderr}");
}

/// Real servers that cap their answers give the same rows as without.
#[test]
fn caps_of_real_servers_are_got_around() {
    for name in ["os-2.19.6", "os-3.8.0"] {
        let node = node::shared(node::version(name));
        let client = node.client();
        for n in 0..5 {
            client.create_index(&format!("cap-{n}"), r#"{"settings":{"number_of_shards":2}}"#);
            client.bulk(&format!("cap-{n}"), "{\"index\":{}}\n{\"a\":1}\n");
            client.refresh(&format!("cap-{n}"));
        }
        let all = || {
            ["indices", "shards", "segments"].map(|report| {
                let target = format!("{}/cap-*", node.url());
                let run = cat(report, &target).args(["-c", "index", "-s", "index", "-n"]);
                text(&run.run())
            })
        };
        let before = all();
        assert!(before.iter().all(|shown| shown.lines().count() >= 5), "{before:?}");
        let caps = |most: Value| {
            let settings = json!({"transient": {
                "cat.indices.response.limit.number_of_indices": most,
                "cat.shards.response.limit.number_of_shards": most,
                "cat.segments.response.limit.number_of_indices": most,
            }});
            client.json(Method::PUT, "/_cluster/settings", settings.to_string());
        };
        caps(json!(4));
        let refused = client.get("/_cat/indices/cap-*").0;
        let capped = all();
        caps(Value::Null);
        assert_eq!(refused, 429, "{name} does not cap");
        assert_eq!(capped, before, "{name}");
    }
}

fn red(client: &Client) {
    let settings = json!({"settings": {"index": {"number_of_shards": 2, "number_of_replicas": 0,
        "routing.allocation.require._name": "nobody"}}});
    client.json(Method::PUT, "/red?wait_for_active_shards=0", settings.to_string());
}

#[test]
fn a_red_index_keeps_its_columns_and_its_count_is_no_number() {
    for name in ["es-9.2.0", "es-7.17.28", "os-2.19.6"] {
        let node = node::shared(node::version(name));
        let client = node.client();
        client.create_index("sound", r#"{"settings":{"number_of_replicas":0}}"#);
        red(&client);
        let url = node.url();
        let indices =
            cat("indices", &url).args(["--where", "health == 'red'", "-c", "index,pri,rep,docs.count"]);
        assert_eq!(text(&indices.run()), "index,pri,rep,docs.count\nred,2,0,\n", "{name}");
        let shards =
            cat("shards", &format!("{url}/red")).args(["-c", "shard,state,node,docs", "-n", "-s", "shard"]);
        assert_eq!(text(&shards.run()), "0,UNASSIGNED,,\n1,UNASSIGNED,,\n", "{name}");
        let count =
            cat("count", &format!("{url}/red,sound")).args(["-s", "index"]).take_stderr().status(5).run();
        assert!(count.stderr.contains("counting the documents of red"), "{name} {}", count.stderr);
        client.json(Method::DELETE, "/red", "");
    }
}

#[test]
fn an_answer_that_breaks_off_is_not_the_end() {
    let body = json!([{"index": "a"}, {"index": "b"}, {"index": "c"}]);
    let whole = || Reply::value(200, &body);
    let es = Script::new().on("GET", "/_cat/indices", whole().cut_after(20)).start();
    let run = cat("indices", &es.url()).args(["-c", "index", "-n"]).status(5).take_stderr();
    let outcome = run.run();
    assert_eq!(text(&outcome), "a\n");
    assert!(outcome.stderr.contains("broke off before the end of the answer"), "{}", outcome.stderr);

    // What nobody has seen yet is asked for again.
    let es = Script::new()
        .on("GET", "/_cat/indices", whole().cut_after(20))
        .on("GET", "/_cat/indices", whole())
        .start();
    let run = cat("indices", &es.url()).args(["-c", "index", "-n", "-s", "index:desc"]).take_stderr();
    assert_eq!(text(&run.run()), "c\nb\na\n");
}

#[test]
fn what_is_no_report_is_an_error() {
    for (kind, body) in
        [("application/json", "{\"acknowledged\":true}"), ("text/html", "<html>"), ("application/json", "")]
    {
        let es = Script::new().on("GET", "/_cat/indices", Reply::new(200, kind, body)).start();
        let run = cat("indices", &es.url()).args(["-n"]).status(1).take_stderr().run();
        let error = format!("es-cat: error: asking for indices: the answer of {} cannot be read", es.url());
        assert!(run.stderr.starts_with(&error), "{}", run.stderr);
        assert!(run.stdout.is_empty());
    }
}

/// 50,000 shards as they come, and sorted.
#[test]
fn memory_stays_within_bounds() {
    let mut body = String::from("[");
    for n in 0..50_000_u64 {
        let comma = if n == 0 { "" } else { "," };
        write!(
            body,
            "{comma}{{\"index\":\"logs-application-2016.{:05}\",\"shard\":\"{}\",\"prirep\":\"p\",\"state\":\"STARTED\",\
             \"docs\":\"{}\",\"store\":\"{}\",\"ip\":\"10.20.30.{}\",\"node\":\"data-node-{:03}.example.org\"}}",
            n / 5, n % 5, n * 7919 % 1_000_003, n * 104_729, n % 250, n % 250,
        )
        .unwrap();
    }
    body.push(']');
    for args in [&["-n"][..], &["-n", "-s", "store:desc,index"], &["--table", "-n"]] {
        let es = Script::new().on("GET", "/_cat/shards", Reply::json(200, body.clone())).start();
        let outcome = cat("shards", &es.url()).args(args).run();
        assert_eq!(outcome.lines().len(), 50_000);
        let most = if args[0] == "--table" { 128 << 20 } else { 64 << 20 };
        assert!(outcome.peak("es-cat") <= most, "{args:?}: {} bytes", outcome.peak("es-cat"));
    }
}

/// Of as many documents as 5,000,000 and one shard more.
#[test]
fn counts_are_asked_for_index_by_index() {
    let names = ["empty", "full", "more"];
    let counts = [0_u64, 4_999_999, 5_000_000];
    let indices: serde_json::Map<_, _> = names.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
    let mut es = Script::new().on(
        "GET",
        "/logs-*/_search_shards",
        Reply::value(200, &json!({"indices": indices, "shards": []})),
    );
    for (name, count) in names.iter().zip(counts) {
        let counted =
            json!({"count": count, "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0}});
        es = es.on("POST", &format!("/{name}/_count"), Reply::value(200, &counted));
    }
    let es = es.start();
    let script = format!(
        r#"es-cat count {} -n --tsv | awk -F'\t' '{{print $1, int($2 / 5000000) + 1}}'"#,
        es.target("logs-*"),
    );
    es_tests::command::Run::shell(&script).stdout("empty 1\nfull 1\nmore 2\n").run();

    // As before 5.1: the indices are told only by their shards.
    let counted = json!({"count": 3, "_shards": {"total": 1, "successful": 1, "failed": 0}});
    let found = json!({"shards": [[{"index": "a", "shard": 0}], [{"index": "a", "shard": 1}]]});
    let es = Script::new()
        .on("GET", "/*/_search_shards", Reply::value(200, &found))
        .on("POST", "/a/_count", Reply::value(200, &counted))
        .start();
    assert_eq!(text(&cat("count", &es.url()).run()), "index,count\na,3\n");

    let part = json!({"count": 3, "_shards": {"total": 2, "successful": 1, "skipped": 0, "failed": 1}});
    let found = json!({"indices": {"a": {}}, "shards": []});
    let es = Script::new()
        .on("GET", "/a/_search_shards", Reply::value(200, &found))
        .on("POST", "/a/_count", Reply::value(200, &part))
        .start();
    let run = cat("count", &es.target("a")).args(["--json"]).status(5).take_stderr().run();
    assert_eq!(rows(&run), [json!({"index": "a", "count": null})]);
}
