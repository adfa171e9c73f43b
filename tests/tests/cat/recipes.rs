//! The recipes of the manual and the README, and the example of every report, typed as they stand there, on a real
//! cluster of three nodes; what each shows is compared with what a second client finds.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use es_tests::client::Client;
use es_tests::command::{Outcome, Run};
use es_tests::node::{self, Node, Settings};
use reqwest::Method;
use serde_json::{Value, json};

use super::text;

const NAMES: [&str; 3] = ["node one, a", "node-2", "node-3"];
/// So few bytes in a second that a shard is still on its way when it is looked at.
const SLOW: &str = "20kb";
/// The servers know their sizes anew every ten seconds, and a shard begins to move at once.
const SOON: Duration = Duration::from_secs(120);

struct Cluster {
    nodes: Vec<Node>,
    client: Client,
}

impl Cluster {
    fn start() -> Cluster {
        // No shard moves but the one that a recipe looks at.
        let settings = Settings::new()
            .heap("512m")
            .set("node.attr.rack", "\"r1, east\"")
            .set("cluster.routing.rebalance.enable", "none");
        let nodes = Node::cluster(node::version("es-9.2.0"), &settings, &NAMES).unwrap();
        let client = nodes[0].client();
        let cluster = Cluster { nodes, client };
        cluster.fill();
        cluster
    }

    fn fill(&self) {
        let index = |name: &str, primaries: u32, replicas: u32| {
            let settings = json!({"settings": {"index": {"number_of_shards": primaries, "number_of_replicas": replicas,
                "merge.policy.deletes_pct_allowed": 50}}});
            self.client.create_index(name, &settings.to_string());
        };
        let docs = |count: usize| {
            let text =
                |n: usize| (0..40).map(|i| format!("{:x} ", n * 7919 + i * 104_729)).collect::<String>();
            let doc = |n| format!("{{\"index\":{{\"_id\":\"{n}\"}}}}\n{{\"text\":\"{}\"}}\n", text(n));
            (0..count).map(doc).collect::<String>()
        };
        index("logs-a", 2, 1);
        index("logs-b", 1, 1);
        index("logs-c", 1, 1);
        index("moving", 1, 0);
        self.client.bulk("logs-a", docs(4000));
        self.client.bulk("logs-c", docs(50));
        self.client.bulk("moving", docs(20_000));
        self.client.refresh("*");
        let gone = (0..1600).map(|n| format!("{{\"delete\":{{\"_id\":\"{n}\"}}}}\n"));
        self.client.bulk("logs-a", gone.collect::<String>());
        self.client.json(Method::POST, "/_flush", "");
        self.client.refresh("*");
        // One replica more than there are nodes for.
        index("logs-u", 1, 3);
        let location = self.nodes[0].snapshots().join("backup");
        let repository = json!({"type": "fs", "settings": {"location": location}});
        self.client.json(Method::PUT, "/_snapshot/backup", repository.to_string());
        self.client.json(
            Method::PUT,
            "/_snapshot/backup/one?wait_for_completion=true",
            r#"{"indices":"logs-c"}"#,
        );
        self.rest("");
    }

    /// Waits until no shard is on its way and the master has nothing left to do.
    fn rest(&self, also: &str) {
        let path = format!(
            "/_cluster/health?wait_for_no_initializing_shards=true&wait_for_no_relocating_shards=true\
             &wait_for_events=languid&timeout=240s{also}"
        );
        let health = self.get(&path);
        assert_eq!(health["timed_out"], false, "{health}");
    }

    fn get(&self, path: &str) -> Value {
        self.client.json(Method::GET, path, "")
    }

    fn run(&self, script: &str) -> Outcome {
        // A URL of a page is a server of its own.
        let script = script.replace("http://old:9200", &self.nodes[0].url());
        let run = Run::shell(&format!("set -e\n{script}\n")).env("ES_URL", self.nodes[1].url());
        let outcome = run.take_stdout().take_stderr().run();
        for unexpected in ["error:", "warning:"] {
            assert!(!outcome.stderr.contains(unexpected), "{script}\n{}", outcome.stderr);
        }
        outcome
    }

    /// The shards that are somewhere: index, name of the node, bytes.
    fn shards(&self) -> Vec<(String, String, u64)> {
        let nodes = self.get("/_nodes");
        let stats = self.get("/_stats/store?level=shards");
        let mut found = Vec::new();
        for (index, stats) in stats["indices"].as_object().unwrap() {
            for shard in
                stats["shards"].as_object().unwrap().values().flat_map(|copies| copies.as_array().unwrap())
            {
                let node = shard["routing"]["node"].as_str().unwrap();
                let name = nodes["nodes"][node]["name"].as_str().unwrap();
                let bytes = shard["store"]["size_in_bytes"].as_u64().unwrap();
                found.push((index.clone(), name.to_owned(), bytes));
            }
        }
        found.sort();
        found
    }

    /// The shards, and what a script shows while they have these sizes.
    fn shown_of_shards(&self, script: &str) -> (Vec<(String, String, u64)>, String) {
        let until = Instant::now() + SOON;
        loop {
            let before = self.shards();
            let shown = text(&self.run(script));
            if self.shards() == before {
                return (before, shown);
            }
            assert!(Instant::now() < until, "sizes change all the time");
        }
    }

    /// Sends the shard of `moving` to another node, slowly.
    fn move_shard(&self) {
        let limit = json!({"transient": {"indices.recovery.max_bytes_per_sec": SLOW}});
        self.client.json(Method::PUT, "/_cluster/settings", limit.to_string());
        let from = self.shards().into_iter().find(|(index, _, _)| index == "moving").unwrap().1;
        let to = NAMES.into_iter().find(|name| *name != from).unwrap();
        let step = json!({"move": {"index": "moving", "shard": 0, "from_node": from, "to_node": to}});
        self.client.json(Method::POST, "/_cluster/reroute", json!({"commands": [step]}).to_string());
    }

    /// What a recipe shows is what there is. The recipes that are known are taken off the list.
    fn check(&self, script: &str, left: &mut Vec<&str>) {
        let Some(at) = left.iter().position(|part| script.contains(part)) else {
            self.run(script);
            return;
        };
        match left.remove(at) {
            "nodes -c name,disk.avail" => {
                let shown = text(&self.run(script));
                let tables: Vec<_> = shown.split("name,").skip(1).collect();
                assert_eq!(tables.len(), 2, "{shown}");
                for table in tables {
                    let rows: Vec<_> = table.lines().skip(1).collect();
                    let worth = rows.iter().map(|row| {
                        row.trim_start_matches("\"node one, a\"")
                            .split(',')
                            .nth(1)
                            .unwrap()
                            .parse::<u64>()
                            .unwrap()
                    });
                    assert!(rows.len() == 3 && worth.is_sorted_by(|a, b| a >= b), "{table}");
                }
            }
            "--watch" => {
                let shown = text(&self.run(script));
                let lines: Vec<_> = shown.lines().collect();
                assert_eq!(lines[0], "time,node_name,name,active,queue,rejected,rejected.diff");
                // Three nodes, two pools: three rounds and one row.
                let rounds: std::collections::BTreeSet<_> =
                    lines[1..].iter().map(|line| &line[..24]).collect();
                assert_eq!((lines.len(), rounds.len()), (20, 4), "{shown}");
            }
            "_forcemerge" => {
                let stats = self.get("/_stats/docs");
                let deleted =
                    |index: &str| stats["indices"][index]["primaries"]["docs"]["deleted"].as_u64().unwrap();
                assert!(deleted("logs-a") > 1000 && deleted("logs-c") == 0);
                assert_eq!(text(&self.run(&script.replace("curl", "echo \"$index\"; true"))), "logs-a\n");
                let shown = text(&self.run(script));
                assert!(shown.contains("\"failed\":0"), "{shown}");
            }
            "-s store:desc --top 10" => {
                let (shards, shown) = self.shown_of_shards(script);
                let mut sizes: Vec<_> = shards.into_iter().map(|(_, _, bytes)| bytes).collect();
                sizes.sort_by(|a, b| b.cmp(a));
                let column = |row: &str| row.split(',').nth(3).unwrap().parse::<u64>().unwrap();
                let shown: Vec<_> = shown.lines().skip(1).map(column).collect();
                assert_eq!(shown, sizes[..10]);
            }
            "shards[$1]++" => {
                let (shards, shown) = self.shown_of_shards(script);
                let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
                for (_, node, bytes) in shards {
                    let (count, sum) = sums.entry(node).or_default();
                    (*count, *sum) = (*count + 1, *sum + bytes);
                }
                let wanted = sums.iter().map(|(node, (count, sum))| format!("{node}\t{count}\t{sum}"));
                let mut shown: Vec<_> = shown.lines().map(str::to_owned).collect();
                shown.sort();
                assert_eq!(shown, wanted.collect::<Vec<_>>());
            }
            "UNASSIGNED\"' \\" => {
                let shown = text(&self.run(script));
                let row = shown.lines().nth(1).unwrap();
                assert!(
                    row.starts_with("logs-u,0,r,INDEX_CREATED,") && shown.lines().count() == 2,
                    "{shown}"
                );
            }
            "stage != \"done\"' \\" => {
                self.move_shard();
                let recovers =
                    || self.get("/moving/_recovery")["moving"]["shards"].to_string().contains("\"INDEX\"");
                let until = Instant::now() + SOON;
                while !recovers() {
                    assert!(Instant::now() < until, "the shard does not move");
                    thread::sleep(Duration::from_millis(100));
                }
                let shown = text(&self.run(script));
                let row = shown
                    .lines()
                    .find(|row| row.starts_with("moving,0,peer,"))
                    .unwrap_or_else(|| panic!("{shown}"));
                let percent: f64 = row.split(',').rev().nth(1).unwrap().parse().unwrap();
                assert!(percent < 100.0, "{row}");
                let shards = text(&self.run("es-cat shards moving -n --tsv -c state,node,relocating.node"));
                let names: Vec<_> = shards.trim_end().split('\t').collect();
                assert!(
                    names[0] == "RELOCATING" && names[1..].iter().all(|name| NAMES.contains(name)),
                    "{shards}"
                );
                let settings = json!({"transient": {"indices.recovery.max_bytes_per_sec": null}});
                self.client.json(Method::PUT, "/_cluster/settings", settings.to_string());
            }
            "uniq -c" => {
                let all = self.get("/_segments");
                let count = |index: &Value| -> usize {
                    let copies = index["shards"]
                        .as_object()
                        .unwrap()
                        .values()
                        .flat_map(|copies| copies.as_array().unwrap());
                    copies.map(|copy| copy["segments"].as_object().unwrap().len()).sum()
                };
                let wanted: BTreeMap<_, _> = all["indices"]
                    .as_object()
                    .unwrap()
                    .iter()
                    .map(|(name, index)| (name.clone(), count(index)))
                    .filter(|(_, count)| *count > 0)
                    .collect();
                let shown = text(&self.run(script));
                let pair = |line: &str| {
                    let (count, name) = line.trim().split_once(' ').unwrap();
                    (name.to_owned(), count.parse().unwrap())
                };
                assert_eq!(shown.lines().map(pair).collect::<BTreeMap<_, usize>>(), wanted);
            }
            "old.txt" => {
                // Nothing is a month old; and of what is older than an index, exactly that.
                let names =
                    || self.get("/_all/_settings").as_object().unwrap().keys().cloned().collect::<Vec<_>>();
                let before = names();
                self.run(script);
                assert_eq!(names(), before);
                let created = self.get("/logs-c/_settings?human=true")["logs-c"]["settings"]["index"]["creation_date_string"].clone();
                let older = script
                    .replace("30d", created.as_str().unwrap())
                    .replace("-sfX DELETE", "-sfX DELETE -o deleted.txt");
                let outcome = self.run(&older);
                assert_eq!(String::from_utf8(outcome.folder.read("old.txt")).unwrap(), "logs-a\nlogs-b\n");
                let left: Vec<_> = before
                    .into_iter()
                    .filter(|name| !["logs-a", "logs-b"].contains(&name.as_str()))
                    .collect();
                assert_eq!(names(), left);
                self.client.create_index("logs-b", "");
            }
            "count == 0" => {
                let mut names: Vec<_> = text(&self.run(script)).lines().map(str::to_owned).collect();
                names.sort();
                assert_eq!(names, ["logs-b", "logs-u"]);
            }
            "sum += $1" => {
                let stats = self.get("/_nodes/stats/fs");
                let nodes = stats["nodes"].as_object().unwrap().values();
                let total: u64 =
                    nodes.map(|node| node["fs"]["total"]["total_in_bytes"].as_u64().unwrap()).sum();
                let shown = text(&self.run(script));
                let lines: Vec<_> = shown.lines().collect();
                assert_eq!(lines.len(), 1 + 3 + 1, "{shown}");
                // awk adds in doubles, and shows six digits of large ones.
                let sum: f64 = lines[4].parse().unwrap();
                assert!((sum / total as f64 - 1.0).abs() < 1e-5, "{shown}: {total}");
            }
            "int($2 / 5000000) + 1 }" => {
                let mut lines: Vec<_> = text(&self.run(script)).lines().map(str::to_owned).collect();
                lines.sort();
                assert!(
                    lines.iter().all(|line| line.starts_with("logs-") && line.ends_with('1')),
                    "{lines:?}"
                );
            }
            "--wait-for" => {
                self.client.json(Method::DELETE, "/logs-u", "");
                let shown = text(&self.run(script));
                assert!(shown.contains("es-tests,green,3,3,"), "{shown}");
            }
            "end_time > 2d" => {
                let shown = text(&self.run(script));
                assert!(shown.lines().nth(1).unwrap().starts_with("backup,one,SUCCESS,"), "{shown}");
            }
            part => panic!("what should {part} show?"),
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// What calls es-cat between two marks.
fn between(text: &str, start: &str, end: &str) -> Vec<String> {
    let blocks = text.split(start).skip(1).map(|rest| rest.split(end).next().unwrap());
    blocks.filter(|block| block.contains("es-cat ")).map(str::to_owned).collect()
}

/// What an operator asks for, in the order of the manual, by a part of each.
const RECIPES: [&str; 14] = [
    "nodes -c name,disk.avail",
    "--watch",
    "_forcemerge",
    "-s store:desc --top 10",
    "shards[$1]++",
    "UNASSIGNED\"' \\",
    "stage != \"done\"' \\",
    "uniq -c",
    "old.txt",
    "count == 0",
    "sum += $1",
    "int($2 / 5000000) + 1 }",
    "--wait-for",
    "end_time > 2d",
];

#[test]
fn recipes_show_what_there_is_on_a_cluster_of_three_nodes() {
    let cluster = Cluster::start();
    let mut left = RECIPES.to_vec();
    let manual = between(&read("man/frame/es-cat.roff"), "\n.EX\n", "\n.EE");
    for script in &manual {
        cluster.check(script, &mut left);
    }
    assert!(left.is_empty(), "recipes that the manual lacks: {left:?}");
    let readme = between(&read("README.md"), "\n```sh\n", "\n```");
    let help = es_cat::command().get_after_long_help().unwrap().to_string();
    let examples: Vec<_> = help.lines().skip(1).map(str::trim).collect();
    assert!(readme.len() == 1 && examples.len() == super::REPORTS.len(), "{readme:?} {examples:?}");
    cluster.client.create_index("logs", "");
    cluster.rest("&wait_for_status=green");
    for script in readme.iter().map(String::as_str).chain(examples) {
        cluster.run(script);
    }
}
