//! What the tools cost, as ratios: against the programs that people would use instead, against the servers' own
//! `_reindex`, and pages at the end of a shard against those at its start. All sides run in turn in one run, because
//! figures of a machine mean nothing by themselves.
//!
//! `cargo bench` runs all and needs the peers; `cargo bench -- FILTER…` those whose name has one of the texts in it;
//! `cargo bench -- --tiny` each once, with next to no data and without peers. The status is 1 when a target is
//! missed.
#![forbid(unsafe_code)]

mod agreement;
mod bulk;
mod canned;
mod cat;
mod contest;
mod documents;
mod forms;
mod gzip;
mod inner;
mod pages;
mod reindex;
mod scroll;
mod shard;
mod table;
mod xform;

use std::io::{self, Write};
use std::process::{Command, ExitCode, Stdio};

use contest::{Cost, Scale};
use table::{Measure, Table, Target};

/// A benchmark.
struct Bench {
    name: String,
    /// The programs it runs besides ours.
    peers: &'static [&'static str],
    run: Box<dyn Fn(&mut Stand<'_>)>,
}

/// Where a benchmark takes place.
struct Stand<'a> {
    name: &'a str,
    scale: Scale,
    table: &'a mut Table,
}

impl Bench {
    fn new(name: String, peers: &'static [&'static str], run: impl Fn(&mut Stand<'_>) + 'static) -> Bench {
        Bench { name, peers, run: Box::new(run) }
    }
}

impl Stand<'_> {
    /// Our costs against those of one of the other sides.
    fn against(&mut self, measure: Measure, costs: &[Vec<Cost>], side: usize, peer: &str, target: Target) {
        let [ours, theirs] = [0, side].map(|side| measure.of(&costs[side]));
        self.figures(self.name, measure, &ours, Some((peer, &theirs)), target);
    }

    /// Our costs alone.
    fn alone(&mut self, measure: Measure, costs: &[Vec<Cost>], target: Target) {
        self.figures(self.name, measure, &measure.of(&costs[0]), None, target);
    }

    /// Figures of one round each, ours and those of a peer. Tiny ones would tell nothing.
    fn figures(
        &mut self,
        name: &str,
        measure: Measure,
        ours: &[f64],
        theirs: Option<(&str, &[f64])>,
        target: Target,
    ) {
        match (self.scale, theirs) {
            (Scale::Tiny, _) => {}
            (Scale::Full, Some(theirs)) => self.table.against(name, measure, ours, theirs, target),
            (Scale::Full, None) => self.table.alone(name, measure, ours, target),
        }
    }
}

/// What every tool may take besides bodies in flight and long records.
const MEMORY: f64 = (64 << 20) as f64;

fn main() -> ExitCode {
    let mut scale = Scale::Full;
    let mut filters = Vec::new();
    for arg in std::env::args().skip(1) {
        match &*arg {
            // Cargo's own word.
            "--bench" => {}
            "--tiny" => scale = Scale::Tiny,
            option if option.starts_with('-') => return fail(&[format!("no such option: {option}")], 2),
            _ => filters.push(arg),
        }
    }
    let mut benches: Vec<Bench> = [
        scroll::benches(),
        xform::benches(),
        forms::benches(),
        bulk::benches(),
        gzip::benches(),
        inner::benches(),
        reindex::benches(),
        shard::benches(),
        cat::benches(),
        agreement::benches(scale),
    ]
    .into_iter()
    .flatten()
    .collect();
    benches.retain(|bench| filters.is_empty() || filters.iter().any(|text| bench.name.contains(&**text)));
    if benches.is_empty() {
        return fail(&[format!("no benchmark has a name with {}", filters.join(" or "))], 2);
    }
    let missing = match scale {
        Scale::Full => missing_peers(&benches),
        Scale::Tiny => Vec::new(),
    };
    if !missing.is_empty() {
        return fail(&missing, 1);
    }
    let mut table = Table::default();
    for bench in &benches {
        (bench.run)(&mut Stand { name: &bench.name, scale, table: &mut table });
        if scale == Scale::Tiny {
            let _ = writeln!(io::stderr(), "ratios: ran {}", bench.name);
        }
    }
    match table.missed() {
        0 => ExitCode::SUCCESS,
        missed => fail(&[format!("{missed} targets missed")], 1),
    }
}

/// A line for each program that is not to be found.
fn missing_peers(benches: &[Bench]) -> Vec<String> {
    let mut peers: Vec<_> = benches.iter().flat_map(|bench| bench.peers).collect();
    peers.sort();
    peers.dedup();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let missing = |peer: &str| match peer {
        "orjson" => {
            let python = Command::new("python3").args(["-c", "import orjson"]).stderr(Stdio::null()).status();
            (!python.is_ok_and(|status| status.success())).then_some("no module of python3")
        }
        program => {
            let found = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
            (!found).then_some("not in the PATH")
        }
    };
    let told = |peer: &&str| {
        missing(peer).map(|why| format!("{peer} is {why}, and there is nothing to compare with"))
    };
    peers.into_iter().filter_map(told).collect()
}

fn fail(lines: &[String], status: u8) -> ExitCode {
    for line in lines {
        let _ = writeln!(io::stderr(), "ratios: error: {line}");
    }
    ExitCode::from(status)
}
