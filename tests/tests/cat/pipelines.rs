//! What people pipe `_cat` into, each on a case where it picks what it should not, and the same by es-cat. The answers
//! are canned: as the server writes the text, and as it gives the same rows as JSON.

use es_tests::command::{Folder, Run};
use es_tests::fault::{Reply, Script, Server};
use serde_json::{Value, json};

/// A pipeline and what becomes of it.
struct Case {
    /// The text that the old pipeline reads, in a file `text`.
    text: &'static str,
    old: &'static str,
    picks: &'static str,
    report: &'static str,
    rows: fn() -> Value,
    /// What follows `es-cat REPORT URL`.
    new: &'static str,
    right: &'static str,
}

/// As versions from 5 on write it, without a header.
const INDICES: &str = "\
green  open  logs-2016.04.09 u1 1 1     800 5000 988.4gb 494.2gb
green  open  logs-2016.04.10 u2 1 1 5000000   20   1.2tb 600.0gb
yellow open  done-red        u3 1 1      10    0 900.0mb 900.0mb
       close old             u4
red    open  empty           u5 1 1       0    0     20b     20b
green  open  metrics         u6 1 1      90  100   1.1gb   1.1gb
";

const HEADED: &str = "\
health status index          uuid pri rep docs.count docs.deleted store.size pri.store.size
green  open  logs-2016.04.09 u1 1 1     800 5000 988.4gb 494.2gb
green  open  logs-2016.04.10 u2 1 1 5000000   20   1.2tb 600.0gb
yellow open  done-red        u3 1 1      10    0 900.0mb 900.0mb
       close old             u4
red    open  empty           u5 1 1       0    0     20b     20b
green  open  metrics         u6 1 1      90  100   1.1gb   1.1gb
";

fn indices() -> Value {
    let index = |health: Option<&str>, status: &str, index: &str, numbers: Option<[&str; 3]>| {
        let [count, deleted, size] = numbers.map_or([None; 3], |numbers| numbers.map(Some));
        json!({"health": health, "status": status, "index": index, "docs.count": count, "docs.deleted": deleted, "store.size": size})
    };
    json!([
        index(Some("green"), "open", "logs-2016.04.09", Some(["800", "5000", "1061286434406"])),
        index(Some("green"), "open", "logs-2016.04.10", Some(["5000000", "20", "1319413953331"])),
        index(Some("yellow"), "open", "done-red", Some(["10", "0", "943718400"])),
        index(None, "close", "old", None),
        index(Some("red"), "open", "empty", Some(["0", "0", "20"])),
        index(Some("green"), "open", "metrics", Some(["90", "100", "1181116006"])),
    ])
}

const SHARDS: &str = "\
a 0 p STARTED    10 1kb 10.0.0.1 node one
a 0 r UNASSIGNED
b 0 p UNASSIGNED
c 0 p RELOCATING 10 1kb 10.0.0.1 node one -> 10.0.0.2 mZ7DU2ikQAaZ5LFfhYUr4A node two
";

fn shards() -> Value {
    let shard = |index: &str, prirep: &str, state: &str, node: Option<&str>| json!({"index": index, "shard": "0", "prirep": prirep, "state": state, "node": node});
    json!([
        shard("a", "p", "STARTED", Some("node one")),
        shard("a", "r", "UNASSIGNED", None),
        shard("b", "p", "UNASSIGNED", None),
        shard("c", "p", "RELOCATING", Some("node one -> 10.0.0.2 mZ7DU2ikQAaZ5LFfhYUr4A node two")),
    ])
}

fn allocation() -> Value {
    let node = |name: &str, used: &str| json!({"node": name, "shards": "5", "disk.indices": used});
    json!([node("n1", "1061286434406"), node("n2", "1319413953331"), node("n3", "943718400")])
}

fn health() -> Value {
    json!([{"cluster": "es", "status": "yellow", "unassign": "7", "unassign.pri": "0"}])
}

fn recovery() -> Value {
    let shard = |index: &str, stage: &str| json!({"index": index, "shard": "0", "stage": stage});
    json!([shard("logs", "done"), shard("done-red", "index")])
}

fn aliases() -> Value {
    let alias = |alias: &str, index: &str| json!({"alias": alias, "index": index, "filter": "-"});
    json!([alias("logs", "v2"), alias("archive", "logs-2015")])
}

fn snapshots() -> Value {
    let snapshot = |name: &str, state: &str, end: u64| json!({"snapshot": name, "state": state, "end_time_in_millis": end * 1000});
    let all = [
        ("s1", "SUCCESS", 10),
        ("s2", "SUCCESS", 20),
        ("s3", "SUCCESS", 30),
        ("s4", "FAILED", 40),
        ("s5", "PARTIAL", 50),
    ];
    json!({"snapshots": all.map(|(name, state, end)| snapshot(name, state, end))})
}

fn nodes() -> Value {
    let node = |name: &str, avail: &str, heap: &str| json!({"name": name, "disk.avail": avail, "heap.current": heap});
    json!([node("n1", "1061286434406", "943718400"), node("n 2", "1319413953331", "1181116006")])
}

fn pools() -> Value {
    let pool = |node: &str, queue: &str| json!({"node_name": node, "name": "search", "queue": queue});
    json!([pool("n1", "5"), pool("n2", "5"), pool("n3", "0")])
}

fn dated() -> Value {
    let index = |name: &str, made: &str| json!({"index": name, "creation.date": made});
    // 2016-04-09, 2016-12-01, and another application's of 2015-01-01.
    json!([
        index("logs-2016.4.9", "1460160000000"),
        index("logs-2016.12.1", "1480550400000"),
        index("x-2015.1.1", "1420070400000")
    ])
}

const LARGEST: &str = "-n -c index -s store.size:desc --top 1";

#[rustfmt::skip]
const CASES: [(u32, Case); 24] = [
    (1, Case { text: INDICES, old: "sort -rk 7 text | awk '{print $3}' | head -n 1", picks: "logs-2016.04.10",
        report: "indices", rows: indices, new: "-n -c index -s docs.deleted:desc --top 1", right: "logs-2016.04.09" }),
    (2, Case { text: INDICES, old: "sort -rnk 7 text | awk '{print $3}' | head -n 1", picks: "logs-2016.04.10",
        report: "indices", rows: indices, new: "-n -c index -s docs.deleted:desc --top 1", right: "logs-2016.04.09" }),
    (3, Case { text: INDICES, old: "sort -rnk 8 text | awk '{print $3}' | head -n 1", picks: "logs-2016.04.09",
        report: "indices", rows: indices, new: LARGEST, right: "logs-2016.04.10" }),
    (4, Case { text: HEADED, old: "sort -n -k 6 text | awk '{print $3}' | tail -n 1", picks: "done-red",
        report: "indices", rows: indices, new: "-n -c index -s docs.count:desc --top 1", right: "logs-2016.04.10" }),
    (5, Case { text: HEADED, old: "sort -k9 -hr text | awk '{print $3}' | head -n 1", picks: "logs-2016.04.09",
        report: "indices", rows: indices, new: LARGEST, right: "logs-2016.04.10" }),
    (6, Case { text: HEADED, old: "sort -k9 -h text | awk '{print $3}' | tail -n 1", picks: "logs-2016.04.09",
        report: "indices", rows: indices, new: LARGEST, right: "logs-2016.04.10" }),
    (7, Case { text: INDICES, old: "tr '[kmg]b' '[KMG] ' < text | sort -k9hb | awk '{print $3}' | tail -n 1", picks: "loGs-2016.04.09",
        report: "indices", rows: indices, new: LARGEST, right: "logs-2016.04.10" }),
    (8, Case { text: INDICES, old: "sort text | awk '{print $3}' | head -n 1", picks: "u4",
        report: "indices", rows: indices, new: "-n -c index -s index --top 1", right: "done-red" }),
    (9, Case { text: INDICES, old: "cut -d' ' -f3 text | sort -u | tr '\\n' ' '", picks: " open ",
        report: "indices", rows: indices, new: "-n -c index -s index | head -n 2 | tr '\\n' ' '", right: "done-red empty " }),
    (10, Case { text: INDICES, old: "awk '$3 ~ /^(u4|old)$/ {print $3}' text", picks: "u4",
        report: "indices", rows: indices, new: "-n -c index --where 'index =~ \"^(u4|old)$\"'", right: "old" }),
    (11, Case { text: INDICES, old: "grep red text | awk '{print $3}' | tr '\\n' ' '", picks: "done-red empty ",
        report: "indices", rows: indices, new: "-n -c index --where 'health == \"red\"'", right: "empty" }),
    // Old servers pad the last cell too; a closed index has no documents to count.
    (12, Case { text: "done-red 10 \nold         \nempty     0 \n", old: "grep ' 0$' text | awk '{print $1}'", picks: "",
        report: "indices", rows: indices, new: "-n -c index --where 'docs.count == 0'", right: "empty" }),
    (13, Case { text: SHARDS, old: "grep UNASSIGNED text | awk '{print $1}' | tr '\\n' ' '", picks: "a b ",
        report: "shards", rows: shards, new: "-n -c index --where 'state == \"UNASSIGNED\" and prirep == \"p\"'", right: "b" }),
    (14, Case { text: SHARDS, old: "grep UNASSIGNED text | awk '{print $1 \",\" $2}' | tr '\\n' ' '", picks: "a,0 b,0 ",
        report: "shards", rows: shards, new: "-n -c index,shard --where 'state == \"UNASSIGNED\" and prirep == \"p\"'", right: "b,0" }),
    (15, Case { text: SHARDS, old: "awk '{print $1, $2, $8}' text | tail -n 1", picks: "c 0 node",
        report: "shards", rows: shards, new: "-n --tsv -c index,shard,node | tail -n 1", right: "c\t0\tnode one" }),
    (16, Case { text: "5 988.4gb n1\n5 1.2tb n2\n3 900mb n3\n", old: "awk '{ sum += $2 } END { print sum }' text", picks: "1889.6",
        report: "allocation", rows: allocation, new: "-n -c disk.indices | awk '{ sum += $1 } END { printf \"%.0f\\n\", sum }'", right: "2381644106137" }),
    // A column came in before it.
    (17, Case { text: "1460000000 03:33:20 es yellow 3 3 5 5 0 0 0 7 0 - 41.7%\n", old: "awk '{print $11}' text", picks: "0",
        report: "health", rows: health, new: "-n -c unassign", right: "7" }),
    (18, Case { text: "logs 0 1s peer done\ndone-red 0 2s peer index\n", old: "grep -v done text || true", picks: "",
        report: "recovery", rows: recovery, new: "-n -c index --where 'stage != \"done\"'", right: "done-red" }),
    (19, Case { text: "logs v2 - - -\narchive logs-2015 - - -\n", old: "awk '/logs/ {print $2}' text | tr '\\n' ' '", picks: "v2 logs-2015 ",
        report: "aliases", rows: aliases, new: "-n -c index --where 'alias == \"logs\"'", right: "v2" }),
    // Of those to be deleted when two are kept.
    (20, Case { text: "s1\ns2\ns3\ns4\ns5\n", old: "head -n -2 text | tr '\\n' ' '", picks: "s1 s2 s3 ",
        report: "snapshots", rows: snapshots, new: "-n -c id --where 'status == \"SUCCESS\"' -s end_time:desc | tail -n +3", right: "s1" }),
    (21, Case { text: "n1 mdi 988.4gb 900mb\nn 2 mdi 1.2tb 1.1gb\n", old: "sort -hrk 3 text | head -n 1", picks: "n1 mdi 988.4gb 900mb",
        report: "nodes", rows: nodes, new: "-n -c name,heap.current -s disk.avail:desc --top 1", right: "n 2,1181116006" }),
    (22, Case { text: "n1 5 0\nn2 5 0\nn3 0 0\n", old: "sort -unk 2,3 text | awk '$2 > 0 {print $1}'", picks: "n1",
        report: "thread_pool", rows: pools, new: "-n -c node_name --where 'queue > 0' | tr '\\n' ' '", right: "n1 n2 " }),
    (23, Case { text: "logs-2016.4.9\nlogs-2016.12.1\nx-2015.1.1\n", old: "awk '$1 < \"logs-2016.5.1\"' text | tr '\\n' ' '", picks: "logs-2016.4.9 logs-2016.12.1 ",
        report: "indices", rows: dated, new: "-n -c index --where 'creation.date < 2016-05-01' -s index | tr '\\n' ' '", right: "logs-2016.4.9 x-2015.1.1 " }),
    (24, Case { text: INDICES,
        old: "awk 'function b(s) { if (s ~ /kb/) return s * 1024; if (s ~ /mb/) return s * 1048576; if (s ~ /gb/) return s * 1073741824; return s + 0 }
            { if (b($9) > most) { most = b($9); name = $3 } } END { print name }' text",
        picks: "logs-2016.04.09", report: "indices", rows: indices, new: LARGEST, right: "logs-2016.04.10" }),
];

fn server(report: &str, rows: &Value) -> Server<Script> {
    let rows = Reply::value(200, rows);
    match report {
        "snapshots" => Script::new()
            .on("GET", "/_snapshot/_all", Reply::value(200, &json!({"backup": {"type": "fs"}})))
            .on("GET", "/_snapshot/backup/_all", rows)
            .start(),
        report => Script::new().on("GET", &format!("/_cat/{report}"), rows).start(),
    }
}

#[test]
fn what_is_piped_today_picks_wrongly_and_es_cat_does_not() {
    let mut wrong = Vec::new();
    for (number, case) in CASES {
        let folder = Folder::shared();
        folder.write("text", case.text);
        let picked = |script: &str| {
            let outcome = Run::shell(script).in_folder(&folder).take_stdout().take_stderr().run();
            let shown = String::from_utf8(outcome.stdout).unwrap();
            shown.strip_suffix('\n').map(str::to_owned).unwrap_or(shown)
        };
        // Without pipefail, as they are typed: what ends early is not the matter here.
        let old = picked(&format!("set +o pipefail\n{}", case.old));
        let es = server(case.report, &(case.rows)());
        let new = picked(&format!("es-cat {} {} {}", case.report, es.url(), case.new));
        if (old.as_str(), new.as_str()) != (case.picks, case.right) {
            wrong.push(format!("row {number}: today {old:?}, es-cat {new:?}"));
        }
        assert_ne!(case.picks, case.right, "row {number} shows nothing");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Row 26: without quotes the shell takes the `&` of a URL for its own; what was asked for is a variable, and the
/// columns are the default ones. Options are no part of a URL.
#[test]
fn columns_that_are_options_survive_the_shell() {
    let old = "curl() { case $1 in *h=index*) echo index ;; *) echo all columns ;; esac; }
        curl http://localhost:9200/_cat/indices?v&h=index
        wait";
    Run::shell(old).stdout("all columns\n").run();
    let es = server("indices", &indices());
    let new = format!("es-cat indices {} -c index --top 1", es.url());
    Run::shell(&new).stdout("index\nlogs-2016.04.09\n").run();
}
