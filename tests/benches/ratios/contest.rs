//! Commands run in turn, again and again, so that what else the machine does meets all of them alike.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use es_tests::command::{Folder, Run};

/// What a run cost: seconds, and bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
    /// The largest of its processes.
    pub(crate) peak: f64,
}

/// How much is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    Full,
    /// Every benchmark once, with next to no data and without peers.
    Tiny,
}

/// One of those that run in turn.
pub(crate) struct Side<'a> {
    run: Box<dyn FnMut() -> Cost + 'a>,
    /// A run does so much; costs are given by one of it.
    work: f64,
}

/// One command.
pub(crate) struct Command<'a> {
    pub(crate) script: String,
    pub(crate) folder: &'a Arc<Folder>,
}

impl Command<'_> {
    /// # Panics
    /// When it fails: what it cost would mean nothing.
    pub(crate) fn cost(&self) -> Cost {
        let run = Run::shell(&self.script).in_folder(self.folder).within(Duration::from_secs(3600));
        let outcome = run.take_stdout().take_stderr().run();
        let peak = outcome.peaks().values().max().copied().unwrap_or_default();
        Cost { cpu: outcome.cpu.as_secs_f64(), wall: outcome.elapsed.as_secs_f64(), peak: peak as f64 }
    }
}

impl<'a> Side<'a> {
    pub(crate) fn new(work: f64, run: impl FnMut() -> Cost + 'a) -> Side<'a> {
        Side { run: Box::new(run), work }
    }

    /// A shell command, whose output should go nowhere.
    pub(crate) fn command(folder: &'a Arc<Folder>, work: f64, script: String) -> Side<'a> {
        let command = Command { script, folder };
        Side::new(work, move || command.cost())
    }
}

impl Scale {
    pub(crate) fn pick<T>(self, full: T, tiny: T) -> T {
        match self {
            Scale::Full => full,
            Scale::Tiny => tiny,
        }
    }

    /// What `rounds` of all sides cost, by side; the first is ours.
    pub(crate) fn contest(self, rounds: usize, mut sides: Vec<Side<'_>>) -> Vec<Vec<Cost>> {
        let mut costs = vec![Vec::new(); sides.len()];
        let (rounds, taking_part) = self.pick((rounds, sides.len()), (1, 1));
        for _ in 0..rounds {
            for (side, costs) in sides.iter_mut().zip(&mut costs).take(taking_part) {
                let Cost { cpu, wall, peak } = (side.run)();
                costs.push(Cost { cpu: cpu / side.work, wall: wall / side.work, peak });
            }
        }
        costs
    }
}

/// The CPU time that this thread takes for it.
pub(crate) fn time(times: usize, mut work: impl FnMut()) -> Cost {
    let now = || {
        let told = fs::read_to_string("/proc/thread-self/schedstat").expect("the times of this thread");
        let nanoseconds = told.split(' ').next().and_then(|first| first.parse::<f64>().ok());
        nanoseconds.expect("a time first") / 1e9
    };
    let start = now();
    for _ in 0..times {
        work();
    }
    Cost { cpu: now() - start, ..Cost::default() }
}
