//! Signals become the stop flag. Requests in flight get a second to end and are then cut; a second signal ends the
//! process at once.

use std::io;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::{Handle, Signals as Incoming};

use super::exit::Exit;
use super::report::Report;
use crate::http::Client;
use crate::record::Stop;
use crate::record::stop::Why;

/// How long requests in flight have after a signal.
pub const GRACE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(20);

type Cut = Box<dyn Fn() + Send>;

/// Listens until dropped.
pub struct Signals {
    handle: Handle,
    thread: Option<JoinHandle<()>>,
    cuts: Arc<Mutex<Vec<Cut>>>,
    ends: Arc<AtomicBool>,
}

impl std::fmt::Debug for Signals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signals").finish_non_exhaustive()
    }
}

/// The flag that signals set; without it a run does not begin.
///
/// # Errors
/// The status to end with.
pub fn stop_flag(report: &Report) -> Result<Stop, ExitCode> {
    Stop::new().inspect(|stop| report.heed(stop)).map_err(|why| {
        report.error(&format!("cannot open a pipe: {why}"), None, Exit::Failed);
        Exit::Failed.leave()
    })
}

/// What a signal cut short fails in many ways; the signal is the reason for all of them.
///
/// # Errors
/// The run's own, where no signal came.
pub fn or_signal<E>(stop: &Stop, outcome: Result<Exit, E>) -> Result<Exit, E> {
    match stop.why() {
        Some(Why::Signal(n)) => Ok(Exit::Signal(n)),
        Some(Why::Failure) | None => outcome,
    }
}

impl Signals {
    /// # Errors
    /// When the system refuses the handlers or the thread.
    pub fn listen(stop: &Stop) -> io::Result<Signals> {
        // A file that grows over the limit (`ulimit -f`) is an error of its write, not the end of the process.
        signal_hook::flag::register(SIGXFSZ, Arc::default())?;
        // What the shell or `nohup` ignores for us stays ignored.
        let ignored = ignored();
        let heard = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|n| ignored & (1 << (n - 1)) == 0);
        let incoming = Incoming::new(heard)?;
        let handle = incoming.handle();
        let cuts = Arc::new(Mutex::new(Vec::new()));
        let ends = Arc::new(AtomicBool::new(false));
        let stop = stop.clone();
        let listener = Listener { incoming, stop, cuts: Arc::clone(&cuts), ends: Arc::clone(&ends) };
        let thread = std::thread::Builder::new().name("signals".into()).spawn(|| listener.run())?;
        Ok(Signals { handle, thread: Some(thread), cuts, ends })
    }

    /// Cuts this client's requests when a signal is a second old.
    pub fn cuts(&self, client: &Client) {
        let client = client.clone();
        self.at_the_end_of_grace(move || client.cut());
    }

    /// For work that does not look at the stop flag: `tell` says so, and the process ends, when a signal is a second
    /// old.
    pub fn ends(&self, tell: impl Fn() + Send + 'static) {
        self.ends.store(true, Ordering::SeqCst);
        self.at_the_end_of_grace(tell);
    }

    fn at_the_end_of_grace(&self, cut: impl Fn() + Send + 'static) {
        if let Ok(mut cuts) = self.cuts.lock() {
            cuts.push(Box::new(cut));
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.handle.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A bit for each signal that this process ignores, where the system tells (Linux).
fn ignored() -> u64 {
    std::fs::read_to_string("/proc/self/status").map_or(0, |status| ignored_in(&status))
}

fn ignored_in(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

struct Listener {
    incoming: Incoming,
    stop: Stop,
    cuts: Arc<Mutex<Vec<Cut>>>,
    ends: Arc<AtomicBool>,
}

impl Listener {
    fn run(mut self) {
        let Some(signal) = self.incoming.forever().next() else { return };
        self.stop.request(Why::Signal(signal));
        let until = Instant::now() + GRACE;
        while Instant::now() < until {
            if self.incoming.is_closed() {
                return;
            }
            self.incoming.pending().for_each(end_now);
            std::thread::sleep(TICK);
        }
        if let Ok(cuts) = self.cuts.lock() {
            cuts.iter().for_each(|cut| cut());
        }
        if self.ends.load(Ordering::SeqCst) {
            end_now(signal);
        }
        self.incoming.forever().for_each(end_now);
    }
}

fn end_now(signal: i32) {
    // These three end the process by default, so this does not come back.
    let _ = signal_hook::low_level::emulate_default_handler(signal);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_is_read_from_the_system() {
        assert_eq!(ignored_in("Name:\tx\nSigBlk:\t00\nSigIgn:\t0000000000001001\n"), 0x1001);
        assert_eq!(ignored_in("nothing"), 0);
        assert_eq!(ignored() & (1 << (signal_hook::consts::SIGPIPE - 1)), 1 << 12, "as every Rust program");
    }

    /// One test for both, because a signal reaches all of this process's listeners.
    #[test]
    fn a_signal_stops_the_run_and_cuts_its_requests_a_second_later() {
        // Whoever runs the tests may have it ignored, and then nobody would listen to it.
        signal_hook::flag::register(SIGHUP, Arc::default()).unwrap();
        let stop = Stop::new().unwrap();
        let signals = Signals::listen(&stop).unwrap();
        let (tell, told) = std::sync::mpsc::channel();
        signals.at_the_end_of_grace(move || {
            let _ = tell.send(Instant::now());
        });
        let start = Instant::now();
        signal_hook::low_level::raise(SIGHUP).unwrap();
        let cut = told.recv_timeout(Duration::from_secs(60)).expect("they are cut");
        assert!(cut - start >= GRACE, "the requests have their second");
        assert_eq!(stop.why(), Some(Why::Signal(SIGHUP)));
        drop(signals);
    }
}
