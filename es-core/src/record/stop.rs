//! The stop flag: one per process, set once, by a signal or by the first fatal error. Every thread that may wait
//! waits through it, so that a silent stdin or a full stdout never outlives a Ctrl-C. Setting it is the business
//! of `cli::signals` and of whoever meets the error; what a stop means is the tool's.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pipe::{PipeFlags, pipe_with};

/// A flag that ends waits. Clones share it.
#[derive(Clone, Debug)]
pub struct Stop(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// 0: go on; -1: a fatal error; else the number of the signal.
    why: AtomicI32,
    /// Readable from the moment the flag is set; the byte in it is never read, so every waiter sees it.
    wake_read: OwnedFd,
    wake_write: OwnedFd,
}

/// Why the run is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Some thread met an error that ends the run; its own result says which.
    Failure,
    /// The process was sent this signal.
    Signal(i32),
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    Ready,
    Stopped,
}

impl Stop {
    /// # Errors
    /// When the process has no file descriptors left for the pipe that wakes waiters.
    pub fn new() -> io::Result<Stop> {
        let (wake_read, wake_write) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        Ok(Stop(Arc::new(Inner { why: AtomicI32::new(0), wake_read, wake_write })))
    }

    /// Asks everyone to end. The first reason stays, except that a signal replaces a failure: what the person at
    /// the terminal did decides the exit status.
    pub fn request(&self, why: Why) {
        let code = match why {
            Why::Failure => -1,
            Why::Signal(n) => n,
        };
        let before = self.0.why.compare_exchange(0, code, Ordering::SeqCst, Ordering::SeqCst);
        if before == Err(-1) && code > 0 {
            self.0.why.store(code, Ordering::SeqCst);
        }
        // Only a full pipe can fail here, and a full pipe wakes as well.
        let _ = rustix::io::write(&self.0.wake_write, b"!");
    }

    pub fn requested(&self) -> bool {
        self.0.why.load(Ordering::SeqCst) != 0
    }

    pub fn why(&self) -> Option<Why> {
        match self.0.why.load(Ordering::SeqCst) {
            0 => None,
            -1 => Some(Why::Failure),
            n => Some(Why::Signal(n)),
        }
    }

    /// Waits until `fd` can be read (or is at its end), or the run is to end.
    ///
    /// # Errors
    /// What `poll` answers, interruptions aside.
    pub fn wait_readable(&self, fd: BorrowedFd<'_>) -> io::Result<Wake> {
        self.wait(fd, PollFlags::IN)
    }

    /// Waits until `fd` can be written (or its reader is gone), or the run is to end.
    ///
    /// # Errors
    /// What `poll` answers, interruptions aside.
    pub fn wait_writable(&self, fd: BorrowedFd<'_>) -> io::Result<Wake> {
        self.wait(fd, PollFlags::OUT)
    }

    /// Sleeps, unless the run is to end first.
    pub fn sleep(&self, time: Duration) -> Wake {
        let until = Instant::now() + time;
        loop {
            if self.requested() {
                return Wake::Stopped;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Wake::Ready;
            }
            let left = timespec(left);
            let mut fds = [PollFd::new(&self.0.wake_read, PollFlags::IN)];
            // An interrupted or refused poll goes round again; the flag and the clock decide, not its answer.
            let _ = poll(&mut fds, Some(&left));
        }
    }

    /// Whether there is nothing to read from `fd` for so long; not so when the run is to end meanwhile.
    ///
    /// # Errors
    /// What `poll` answers, interruptions aside.
    pub fn is_quiet(&self, fd: BorrowedFd<'_>, time: Duration) -> io::Result<bool> {
        let mut fds = [
            PollFd::from_borrowed_fd(self.0.wake_read.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(fd, PollFlags::IN),
        ];
        match poll(&mut fds, Some(&timespec(time))) {
            Ok(ready) => Ok(ready == 0),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(e) => Err(e.into()),
        }
    }

    /// Whether `fd` can be written (or its reader is gone) within so long, whatever the flag says.
    pub fn is_writable(fd: BorrowedFd<'_>, time: Duration) -> bool {
        let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::OUT)];
        poll(&mut fds, Some(&timespec(time))).is_ok_and(|ready| ready > 0)
    }

    fn wait(&self, fd: BorrowedFd<'_>, flags: PollFlags) -> io::Result<Wake> {
        loop {
            let mut fds = [
                PollFd::from_borrowed_fd(self.0.wake_read.as_fd(), PollFlags::IN),
                PollFd::from_borrowed_fd(fd, flags),
            ];
            match poll(&mut fds, None) {
                Ok(_) if self.requested() => return Ok(Wake::Stopped),
                Ok(_) if !fds[1].revents().is_empty() => return Ok(Wake::Ready),
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(e) => return Err(e.into()),
            }
        }
    }
}

fn timespec(time: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: time.subsec_nanos().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_outranks_a_failure_and_the_first_signal_stays() {
        let stop = Stop::new().unwrap();
        assert_eq!(stop.why(), None);
        stop.request(Why::Failure);
        stop.request(Why::Signal(15));
        stop.request(Why::Signal(2));
        assert_eq!(stop.why(), Some(Why::Signal(15)));
    }

    #[test]
    fn a_blocked_wait_ends_for_every_waiter() {
        let stop = Stop::new().unwrap();
        let (silent, _writer) = rustix::pipe::pipe().unwrap();
        std::thread::scope(|s| {
            let waits: Vec<_> =
                (0..3).map(|_| s.spawn(|| stop.wait_readable(silent.as_fd()).unwrap())).collect();
            let nap = s.spawn(|| stop.sleep(Duration::from_secs(60)));
            std::thread::sleep(Duration::from_millis(20));
            stop.request(Why::Failure);
            for wait in waits {
                assert_eq!(wait.join().unwrap(), Wake::Stopped);
            }
            assert_eq!(nap.join().unwrap(), Wake::Stopped);
        });
    }

    #[test]
    fn a_pipe_is_quiet_until_something_comes() {
        let stop = Stop::new().unwrap();
        let (reader, writer) = rustix::pipe::pipe().unwrap();
        let quiet = || stop.is_quiet(reader.as_fd(), Duration::from_millis(1)).unwrap();
        assert!(quiet());
        rustix::io::write(&writer, b"x").unwrap();
        assert!(!quiet());
    }

    #[test]
    fn a_pipe_at_its_end_is_ready() {
        let stop = Stop::new().unwrap();
        let (reader, writer) = rustix::pipe::pipe().unwrap();
        drop(writer);
        assert_eq!(stop.wait_readable(reader.as_fd()).unwrap(), Wake::Ready);
    }
}
