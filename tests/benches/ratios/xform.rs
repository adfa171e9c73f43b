//! es-xform against programs that do the same edits on the same hit lines, and against `cat`, which does none; and
//! two of its workers against one, and against two processes with half the work each, which is what the machine can do
//! at a time. In this process, its edits against copying the lines.

use es_tests::command::{Folder, Run};

use crate::contest::{Side, time};
use crate::documents::Shape;
use crate::table::Measure;
use crate::table::Target::{self, AtMost};
use crate::{Bench, MEMORY, Scale, Stand};

const PROGRAM: &str =
    r#"rename(.service; .app) | rename(.host.name; .host.id) | del(.agent.id) | .stage = "prod""#;

/// What does the same edits: its name, its command, and its script.
const PEERS: [(&str, &str, &str, &str); 4] = [
    ("jq -c", "jq -c -f", "edit.jq", include_str!("peers/edit.jq")),
    ("jaq -c", "jaq -c -f", "edit.jq", include_str!("peers/edit.jq")),
    ("Python, orjson", "python3", "edit.py", include_str!("peers/edit.py")),
    ("Node", "node", "edit.js", include_str!("peers/edit.js")),
];

pub(crate) fn benches() -> Vec<Bench> {
    let peers = &["jq", "jaq", "python3", "orjson", "node"];
    let compare = |(name, shape)| {
        Bench::new(format!("xform/{name}"), peers, move |stand| compare_processes(stand, shape))
    };
    let edit = |(name, shape)| Bench::new(format!("inner/edit-{name}"), &[], move |stand| edit(stand, shape));
    Shape::ALL.map(compare).into_iter().chain(Shape::ALL.map(edit)).collect()
}

fn compare_processes(stand: &mut Stand<'_>, shape: Shape) {
    // The fast ones get more of it, so that their time is long enough to be measured.
    let (bytes, more) = stand.scale.pick((20_000_000, 40), (100_000, 1));
    let lines = shape.lines(bytes);
    let work = lines.len() as f64 / 1e9;
    let folder = Folder::shared();
    folder.write("lines", lines);
    folder.write("program", PROGRAM);
    for (_, _, file, script) in PEERS {
        folder.write(file, script);
    }
    let files = " lines".repeat(more);
    let fast = |command: &str| {
        Side::command(&folder, work * more as f64, format!("exec {command}{files} > /dev/null"))
    };
    let peer = |(_, command, file, _): &(&str, &str, &str, &str)| format!("exec {command} {file} < lines");
    if stand.scale == Scale::Full {
        let told = |script: &str| Run::shell(script).in_folder(&folder).take_stdout().run().stdout;
        // Numbers and escapes are the peers' own; what was edited is the same.
        let edited = r#"grep '"stage":"prod"' | grep -v '"service":' | grep -c '"app":'"#;
        let ours = told(&format!("es-xform -q -f program lines | {edited}"));
        for one in &PEERS {
            let theirs = told(&format!("({}) | {edited}", peer(one)));
            assert!(ours == theirs, "{} does not edit all documents", one.0);
        }
    }
    let half = format!("es-xform -q -j1 -f program{} > /dev/null", " lines".repeat(more.div_ceil(2)));
    let halves = format!("{half} & {half} && wait $!");
    let mut sides = vec![
        fast("es-xform -q -j1 -f program"),
        fast("es-xform -q -j2 -f program"),
        Side::command(&folder, work * more as f64, halves),
        fast("cat"),
    ];
    sides.extend(PEERS.iter().map(|one| Side::command(&folder, work, format!("{} > /dev/null", peer(one)))));
    let costs = stand.scale.contest(5, sides);
    let peers = ["one worker", "two processes", "cat"].into_iter().chain(PEERS.iter().map(|one| one.0));
    let columns = [&costs[0]].into_iter().chain(costs.iter().skip(2));
    for (own, jobs) in costs.iter().zip(["-j1", "-j2"]) {
        let name = format!("{} {jobs}", stand.name);
        for (theirs, peer) in columns.clone().zip(peers.clone()) {
            for measure in [Measure::Cpu, Measure::Wall] {
                let target = match (peer, measure) {
                    ("jq -c", Measure::Cpu) => AtMost(1.0 / 40.0),
                    ("one worker", Measure::Wall) => AtMost(1.0 / 1.5),
                    ("two processes", Measure::Wall) if jobs == "-j2" => AtMost(1.25),
                    _ => Target::None,
                };
                if (jobs, peer) != ("-j1", "one worker") {
                    let [own, theirs] = [own, theirs].map(|costs| measure.of(costs));
                    stand.figures(&name, measure, &own, Some((peer, &theirs)), target);
                }
            }
        }
        stand.figures(&name, Measure::Peak, &Measure::Peak.of(own), None, AtMost(MEMORY));
    }
}

fn edit(stand: &mut Stand<'_>, shape: Shape) {
    // More than the caches hold, so that copying is measured by what it takes from memory.
    let (bytes, times) = stand.scale.pick((40_000_000, 5), (100_000, 1));
    let lines = shape.lines(bytes);
    let work = (lines.len() * times) as f64 / 1e9;
    let each = |out: &mut Vec<u8>, edit: &mut dyn FnMut(&[u8], &mut Vec<u8>)| {
        out.clear();
        let mut at = 0;
        for end in memchr::memchr_iter(b'\n', &lines) {
            edit(&lines[at..end], out);
            at = end + 1;
        }
    };
    let run = |edit: &mut dyn FnMut(&[u8], &mut Vec<u8>)| {
        let mut out = Vec::with_capacity(lines.len() * 2);
        each(&mut out, edit);
        time(times, || each(std::hint::black_box(&mut out), edit))
    };
    let ours = || {
        let mut cost = None;
        es_xform::in_memory(PROGRAM, |edit| cost = Some(run(edit)));
        cost.expect("the program is one")
    };
    let copy = || {
        run(&mut |line, out| {
            out.extend_from_slice(line);
            out.push(b'\n');
        })
    };
    let costs = stand.scale.contest(7, vec![Side::new(work, ours), Side::new(work, copy)]);
    // At least 0.15 of the speed.
    stand.against(Measure::Cpu, &costs, 1, "copying", AtMost(1.0 / 0.15));
}
