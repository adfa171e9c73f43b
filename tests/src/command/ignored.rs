//! Signals that whoever runs the tests has set to be ignored, as shells do for jobs in the background and `nohup` does.
//! Every command would inherit that, and rightly not end on them; tests of how it ends need the default back.

use std::sync::Once;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// A signal that is handled here has its default again in a program that is started, by what POSIX says of `exec`.
/// Signals that are not ignored are left alone, so that Ctrl-C still ends the tests.
pub(super) fn restore_defaults() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            if ignored & (1 << (signal - 1)) != 0 {
                // Where it cannot be done, the test that needs it fails and tells.
                let _ = signal_hook::flag::register(signal, std::sync::Arc::default());
            }
        }
    });
}
