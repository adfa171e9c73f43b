//! The cost of a page at the end of a large shard against that at its start, by each way of reading: it should not
//! grow. Times are those that es-scroll tells of its requests, until their answers begin.

use std::time::Duration;

use es_tests::command::{Folder, Run};
use es_tests::node::Node;

use crate::contest::{Cost, Side};
use crate::reindex::{on_node, settle};
use crate::table::Measure;
use crate::table::Target::{self, AtMost};
use crate::{Bench, Stand};

const INDEX: &str = r#"{"settings":{"index":{"number_of_shards":1,"number_of_replicas":0,"refresh_interval":"30s"}},
    "mappings":{"properties":{"n":{"type":"long"},"level":{"type":"keyword"}}}}"#;
const APIS: [&str; 3] = ["seq", "pit", "scroll"];

pub(crate) fn benches() -> Vec<Bench> {
    let bench = |name| Bench::new(format!("shard/{name}"), &[], move |stand| on_node(name, stand, compare));
    ["es-7.17.28", "es-9.2.0", "os-3.8.0"].map(bench).into()
}

fn compare(stand: &mut Stand<'_>, node: &Node) {
    let (count, page) = stand.scale.pick((3_000_000, 5000), (3000, 100));
    let client = node.client();
    client.create_index("logs", INDEX);
    for start in (0..count).step_by(20_000) {
        let line = |n| format!("{{\"create\":{{}}}}\n{{\"n\":{n},\"level\":\"info\"}}\n");
        client.bulk("logs", (start..count.min(start + 20_000)).map(line).collect::<String>());
    }
    settle(&client, "logs");
    for api in APIS {
        let folder = Folder::shared();
        let script = format!("es-scroll -v --api {api} --page-size {page} {}/logs > /dev/null", node.url());
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        let side = Side::new(1.0, || {
            let run = Run::shell(&script).in_folder(&folder).within(Duration::from_secs(3600));
            let outcome = run.take_stderr().run();
            let times = page_times(&outcome.stderr);
            let some = (times.len() / 12).max(1);
            // What is new costs more the first time.
            starts.push(typical(&times[some..2 * some]));
            ends.push(typical(&times[times.len() - some..]));
            Cost { wall: outcome.elapsed.as_secs_f64(), ..Cost::default() }
        });
        let costs = stand.scale.contest(3, vec![side]);
        let target = if api == "seq" { AtMost(1.3) } else { Target::None };
        let name = format!("{} {api}", stand.name);
        stand.figures(&name, Measure::Page, &ends, Some(("the first pages", &starts)), target);
        stand.figures(&name, Measure::Wall, &Measure::Wall.of(&costs[0]), None, Target::None);
    }
}

/// Seconds until each page, from lines like `es-scroll: POST http://…/_search: 200, 7 ms`.
fn page_times(log: &str) -> Vec<f64> {
    let page = |line: &str| {
        let (request, answer) = line.rsplit_once(": 200, ")?;
        request.contains("/_search").then_some(())?;
        let milliseconds: f64 = answer.strip_suffix(" ms")?.parse().ok()?;
        Some(milliseconds / 1e3)
    };
    let times: Vec<_> = log.lines().filter_map(page).collect();
    assert!(times.len() > 10, "few pages in the log:\n{log}");
    times
}

/// The mean of the middle half: the log tells whole milliseconds.
fn typical(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let quarter = sorted.len() / 4;
    let middle = &sorted[quarter..sorted.len() - quarter];
    middle.iter().sum::<f64>() / middle.len() as f64
}
