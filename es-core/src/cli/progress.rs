//! The progress bar. A hidden one takes the same calls, so callers never ask whether there is one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::figures::{grouped, rate, size};

/// Counted up by many threads; drawn some times a second.
#[derive(Clone, Debug)]
pub struct Progress {
    bar: ProgressBar,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    bytes: AtomicU64,
    rejected: AtomicU64,
    retried: AtomicU64,
}

const KNOWN: &str = "{percent:>3}% {bar:24} {docs} of {total} docs{rates}, ETA {eta}";
const OPEN: &str = "{spinner} {docs} docs{rates}";

pub(super) fn hidden() -> ProgressBar {
    ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden())
}

impl Progress {
    /// Counts and draws nothing.
    pub fn silent(total: u64) -> Progress {
        Progress::new(ProgressBar::with_draw_target(length(total), ProgressDrawTarget::hidden()))
    }

    pub(super) fn drawn(total: u64) -> Progress {
        let target = ProgressDrawTarget::stderr_with_hz(5);
        let progress = Progress::new(ProgressBar::with_draw_target(length(total), target));
        progress.style(total);
        progress.bar.enable_steady_tick(Duration::from_millis(500));
        progress
    }

    fn new(bar: ProgressBar) -> Progress {
        Progress { bar, counts: Arc::default() }
    }

    pub(super) fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }

    /// Documents done, and their bytes.
    pub fn add(&self, docs: u64, bytes: u64) {
        self.counts.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.bar.inc(docs);
    }

    pub fn rejected(&self, docs: u64) {
        self.counts.rejected.fetch_add(docs, Ordering::Relaxed);
    }

    pub fn retried(&self, docs: u64) {
        self.counts.retried.fetch_add(docs, Ordering::Relaxed);
    }

    /// More became known about the end.
    pub fn set_total(&self, total: u64) {
        self.bar.set_length(total);
        self.style(total);
    }

    /// Takes the bar away; the summary follows.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn style(&self, total: u64) {
        // Both templates are ours and known to be right; the bar without a style is a bar all the same.
        let Ok(style) = ProgressStyle::with_template(if total > 0 { KNOWN } else { OPEN }) else { return };
        let counts = Arc::clone(&self.counts);
        let rates = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
            let docs = rate(state.pos(), state.elapsed());
            let bytes = rate(of(&counts.bytes), state.elapsed());
            let _ = write!(out, ", {} docs/s, {}/s", grouped(docs), size(bytes));
            for (name, count) in [("rejected", of(&counts.rejected)), ("retried", of(&counts.retried))] {
                if count > 0 {
                    let _ = write!(out, ", {} {name}", grouped(count));
                }
            }
        };
        let docs = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = out.write_str(&grouped(state.pos()));
        };
        let all = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = out.write_str(&grouped(state.len().unwrap_or(0)));
        };
        self.bar.set_style(style.with_key("rates", rates).with_key("docs", docs).with_key("total", all));
    }
}

fn length(total: u64) -> Option<u64> {
    (total > 0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_templates_can_be_drawn() {
        for template in [KNOWN, OPEN] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }

    #[test]
    fn a_silent_progress_counts_too() {
        let progress = Progress::silent(0);
        progress.add(3, 300);
        progress.rejected(1);
        progress.set_total(10);
        assert!(progress.bar().is_hidden());
        assert_eq!((progress.bar().position(), progress.bar().length()), (3, Some(10)));
        progress.finish();
    }
}
