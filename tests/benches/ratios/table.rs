//! The table: what was measured, on our side and on the other, and whether the ratio is what it should be.

use std::fmt;
use std::io::{self, Write};

use crate::contest::Cost;

/// What a row compares.
#[derive(Clone, Copy)]
pub(crate) enum Measure {
    /// CPU time by amount of data.
    Cpu,
    /// CPU time of a whole run.
    CpuTime,
    Wall,
    Peak,
    Size,
    /// Time of one page.
    Page,
}

/// The most that a row may show: of the ratio where there is a peer, else of the figure itself.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    AtMost(f64),
    /// Shown for what it is.
    None,
}

/// The rows so far. They are printed as they come, for a whole run takes many minutes.
#[derive(Default)]
pub(crate) struct Table {
    rows: usize,
    missed: usize,
}

impl Measure {
    fn name(self) -> &'static str {
        match self {
            Measure::Cpu | Measure::CpuTime => "CPU",
            Measure::Wall => "wall",
            Measure::Peak => "memory",
            Measure::Size => "size",
            Measure::Page => "page",
        }
    }

    fn unit(self) -> (f64, &'static str) {
        match self {
            Measure::Cpu => (1.0, "s/GB"),
            Measure::CpuTime | Measure::Wall => (1.0, "s"),
            Measure::Peak => (1.0 / f64::from(1 << 20), "MiB"),
            Measure::Size => (1e-6, "MB"),
            Measure::Page => (1e3, "ms"),
        }
    }

    pub(crate) fn of(self, costs: &[Cost]) -> Vec<f64> {
        let pick = |cost: &Cost| match self {
            Measure::Cpu | Measure::CpuTime => cost.cpu,
            Measure::Wall | Measure::Page => cost.wall,
            Measure::Peak | Measure::Size => cost.peak,
        };
        costs.iter().map(pick).collect()
    }
}

impl Table {
    /// Our figures against a peer's of the same rounds.
    pub(crate) fn against(
        &mut self,
        bench: &str,
        measure: Measure,
        ours: &[f64],
        (peer, theirs): (&str, &[f64]),
        target: Target,
    ) {
        let ratios: Vec<_> = ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
        let [own, other, ratio] = [ours, theirs, &ratios].map(Spread::of);
        let (scale, unit) = measure.unit();
        let mark = self.judge(ratio.median, target);
        self.row(
            [bench, measure.name(), &own.show(scale, unit), &format!("{peer} {}", other.show(scale, unit))],
            [
                &format!("{} ({}..{})", Ratio(ratio.median), Ratio(ratio.min), Ratio(ratio.max)),
                &target.show(Ratio),
                mark,
            ],
        );
    }

    /// Figures that are judged by themselves.
    pub(crate) fn alone(&mut self, bench: &str, measure: Measure, ours: &[f64], target: Target) {
        let own = Spread::of(ours);
        let (scale, unit) = measure.unit();
        let mark = self.judge(own.median, target);
        let target = target.show(|most| format!("{} {unit}", Figure(most * scale)));
        self.row([bench, measure.name(), &own.show(scale, unit), "-"], ["-", &target, mark]);
    }

    /// How many targets were missed.
    pub(crate) fn missed(&self) -> usize {
        self.missed
    }

    fn judge(&mut self, value: f64, target: Target) -> &'static str {
        match target {
            Target::None => "",
            Target::AtMost(most) if value <= most => "ok",
            Target::AtMost(_) => {
                self.missed += 1;
                "MISSED"
            }
        }
    }

    fn row(&mut self, [bench, measure, ours, theirs]: [&str; 4], [ratio, target, mark]: [&str; 3]) {
        let show = |row: [&str; 7]| {
            let [bench, measure, ours, theirs, ratio, target, mark] = row;
            let row =
                format!("{bench:<23} {measure:<6} {ours:<25} {theirs:<40} {ratio:<20} {target:<11} {mark}");
            writeln!(io::stdout(), "{}", row.trim_end()).expect("somebody reads the table");
        };
        if self.rows == 0 {
            show(["benchmark", "", "ours", "theirs", "ours / theirs", "target", ""]);
        }
        self.rows += 1;
        show([bench, measure, ours, theirs, ratio, target, mark]);
    }
}

impl Target {
    fn show<T: fmt::Display>(self, figure: impl Fn(f64) -> T) -> String {
        match self {
            Target::AtMost(most) => format!("<= {}", figure(most)),
            Target::None => String::new(),
        }
    }
}

/// The middle of some figures, and how far they lie apart.
#[derive(Clone, Copy)]
struct Spread {
    min: f64,
    median: f64,
    max: f64,
}

impl Spread {
    fn of(figures: &[f64]) -> Spread {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        Spread { min: sorted[0], median: sorted[sorted.len() / 2], max: sorted[sorted.len() - 1] }
    }

    fn show(self, scale: f64, unit: &str) -> String {
        let [min, median, max] = [self.min, self.median, self.max].map(|figure| Figure(figure * scale));
        format!("{median} ({min}..{max}) {unit}")
    }
}

/// With three digits that mean something.
struct Figure(f64);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match self.0 {
            100.0.. => 0,
            10.0.. => 1,
            _ => 2,
        };
        write!(f, "{:.digits$}", self.0)
    }
}

/// Small ones as people say them: a fortieth.
struct Ratio(f64);

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0.0..0.2 => write!(f, "1/{:.0}", 1.0 / self.0),
            0.9..1.1 => write!(f, "{:.3}", self.0),
            other => write!(f, "{}", Figure(other)),
        }
    }
}
