//! What processes use, read from `/proc`: peak memory of every process below one, by sampling, and the CPU
//! time of one that runs, or that has ended and is not yet reaped.
//!
//! `wait4` would give the peak too, but a child starts with the peak of the process that made it.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// Peak resident bytes by process name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peaks(pub(crate) BTreeMap<String, u64>);

impl Peaks {
    /// Looks at the process and at everything below it. The peak is the kernel's own (`VmHWM`), so only
    /// growth between the last look and the end is missed.
    pub(crate) fn sample(&mut self, pid: u32) {
        if let Some((name, peak)) = peak(pid) {
            let known = self.0.entry(name).or_default();
            *known = peak.max(*known);
        }
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|pid| pid.parse().ok()) {
            self.sample(child);
        }
    }
}

fn peak(pid: u32) -> Option<(String, u64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let field = |key: &str| status.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
    let kilobytes: u64 = field("VmHWM:")?.trim_end_matches(" kB").parse().ok()?;
    Some((field("Name:")?.to_owned(), kilobytes * 1024))
}

/// User and system time of a process and of the children it has waited for: of the whole tree once it has ended.
pub(crate) fn cpu(pid: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name may hold spaces and brackets: the numbers start after the last bracket, with field 3.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11..15)?.iter().filter_map(|t| t.parse::<u64>().ok()).sum();
    let hertz = rustix::param::clock_ticks_per_second();
    Some(Duration::from_secs_f64(ticks as f64 / hertz as f64))
}
