//! What a command prints: collected while it runs, and shown when a test fails.

use std::fmt;
use std::io::Read;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// An output stream, collected by a thread of its own so that the command never waits for the test.
#[derive(Default)]
pub(super) struct Stream {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Stream {
    pub(super) fn of(mut pipe: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&bytes);
        let reader = thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(n @ 1..) = pipe.read(&mut buffer) {
                sink.lock().expect("no panic while held").extend_from_slice(&buffer[..n]);
            }
        });
        Self { bytes, reader: Some(reader) }
    }

    pub(super) fn so_far(&self) -> Vec<u8> {
        self.bytes.lock().expect("no panic while held").clone()
    }

    pub(super) fn finished(&self) -> bool {
        self.reader.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

/// Output for a failure: the two ends of what is long.
pub(super) struct Shown<'a>(pub(super) &'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const END: usize = 4000;
        let (bytes, len) = (self.0, self.0.len());
        if len <= 2 * END {
            return f.write_str(&String::from_utf8_lossy(bytes));
        }
        let (head, tail) = (&bytes[..END], &bytes[len - END..]);
        let cut = len - 2 * END;
        write!(
            f,
            "{} [{cut} bytes left out] {}",
            String::from_utf8_lossy(head),
            String::from_utf8_lossy(tail)
        )
    }
}
