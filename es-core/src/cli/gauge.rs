//! Progress of what the server does while we wait: parts done of parts known, and a few words beside them. A hidden one
//! takes the same calls.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::one_line::one_line;
use super::progress::hidden;

/// Set by whoever asks the server how far it is.
#[derive(Debug)]
pub struct Gauge {
    bar: ProgressBar,
}

const KNOWN: &str = "{percent:>3}% {bar:24} {pos} of {len}{msg}, {elapsed}";
const OPEN: &str = "{spinner}{msg}, {elapsed}";

impl Gauge {
    /// Draws nothing.
    pub fn silent() -> Gauge {
        Gauge { bar: hidden() }
    }

    pub(super) fn drawn() -> Gauge {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
        style(&bar, OPEN);
        bar.enable_steady_tick(Duration::from_millis(500));
        Gauge { bar }
    }

    pub(super) fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }

    /// So many parts are done of those that are known now; both may fall, because servers start parts over.
    pub fn set(&self, done: u64, total: u64) {
        if total > 0 && self.bar.length() != Some(total) {
            self.bar.set_length(total);
            style(&self.bar, KNOWN);
        }
        self.bar.set_position(done);
    }

    /// What stands behind the numbers, such as ` shards, 3.1 GB of 5.0 GB`.
    pub fn say(&self, text: &str) {
        self.bar.set_message(one_line(text));
    }

    /// Takes it away; the result follows.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// The wait may end by an error too, and its message is to stand alone.
impl Drop for Gauge {
    fn drop(&mut self) {
        self.finish();
    }
}

fn style(bar: &ProgressBar, template: &str) {
    // Both templates are ours and known to be right; the bar without a style is a bar all the same.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
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
    fn a_total_may_come_late_and_what_was_done_may_be_undone() {
        let gauge = Gauge::silent();
        for (done, total) in [(0, 0), (3, 4), (1, 6)] {
            gauge.set(done, total);
        }
        gauge.say(" shards");
        assert!(gauge.bar().is_hidden());
        assert_eq!((gauge.bar().position(), gauge.bar().length()), (1, Some(6)));
    }
}
