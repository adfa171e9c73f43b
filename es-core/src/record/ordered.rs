//! Work on pieces of a stream in parallel with their order kept. Each worker takes the next piece itself, works on it
//! and hands the result on when its turn has come: a piece stays in the cache of one core from its reading to its
//! writing, and no thread is there only to pass it on. While one waits for the source or for the outlet, the others
//! work.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, panicking, scope};

use super::stop::{Stop, Why};

/// How many threads work, and how much stack each has.
#[derive(Clone, Copy, Debug)]
pub struct Workers {
    pub count: usize,
    pub stack: usize,
}

impl Workers {
    pub fn new(count: usize) -> Workers {
        Workers { count: count.max(1), stack: 2 << 20 }
    }
}

/// Takes pieces from `next` until it gives `None`, has one of the workers that `worker` makes turn each into
/// something, and hands the results to `put` in the order of the pieces. A worker that is ahead of the others goes
/// on until more results wait than there are workers, so a slow `put` slows `next`.
///
/// # Errors
/// The first error of `put`, which also asks `stop` to end a `next` that may be waiting; else the error of `next`,
/// after everything before it was put; else that of starting the first thread.
pub fn ordered<I, O, E, W>(
    workers: Workers,
    stop: &Stop,
    next: impl FnMut() -> Result<Option<I>, E> + Send,
    worker: impl Fn() -> W + Sync,
    put: impl FnMut(O) -> Result<(), E> + Send,
) -> Result<(), E>
where
    O: Send,
    E: Send + From<io::Error>,
    W: FnMut(I) -> O,
{
    let source = Mutex::new(Source { next, number: 0, ended: None });
    let queue = Queue { put, due: 0, waiting: BTreeMap::new(), ended: None };
    let outlet = Outlet { queue: Mutex::new(queue), most: workers.count, moved: Condvar::new(), stop };
    let run = || {
        let _way_out = WayOut(&outlet);
        let mut work = worker();
        let mut wanted = true;
        while wanted {
            // The lock is let go before the work.
            let taken = lock(&source).take();
            let Some((number, piece)) = taken else { break };
            wanted = outlet.put(number, work(piece));
        }
    };
    scope(|threads| {
        for n in 0..workers.count {
            match Builder::new().stack_size(workers.stack).spawn_scoped(threads, run) {
                Err(why) if n == 0 => return Err(why),
                // Fewer do the same.
                Err(_) => break,
                Ok(_) => {}
            }
        }
        Ok(())
    })?;
    let read = source.into_inner().unwrap_or_else(PoisonError::into_inner).ended;
    let written = outlet.queue.into_inner().unwrap_or_else(PoisonError::into_inner).ended;
    written.or(read).unwrap_or(Ok(()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the pieces come from, one worker at a time.
struct Source<N, E> {
    next: N,
    number: u64,
    ended: Option<Result<(), E>>,
}

impl<I, E, N: FnMut() -> Result<Option<I>, E>> Source<N, E> {
    /// The next piece and its number.
    fn take(&mut self) -> Option<(u64, I)> {
        if self.ended.is_some() {
            return None;
        }
        // A panic leaves it ended.
        self.ended = Some(Ok(()));
        match (self.next)() {
            Ok(None) => None,
            Ok(Some(piece)) => {
                self.ended = None;
                self.number += 1;
                Some((self.number - 1, piece))
            }
            Err(e) => {
                self.ended = Some(Err(e));
                None
            }
        }
    }
}

/// Where the results go.
struct Outlet<'s, P, O, E> {
    queue: Mutex<Queue<P, O, E>>,
    /// How many results may wait for those before them.
    most: usize,
    moved: Condvar,
    stop: &'s Stop,
}

struct Queue<P, O, E> {
    put: P,
    /// The number of the result that is to be put next.
    due: u64,
    waiting: BTreeMap<u64, O>,
    ended: Option<Result<(), E>>,
}

impl<O, E, P: FnMut(O) -> Result<(), E>> Outlet<'_, P, O, E> {
    /// Puts a result and those that waited for it, or leaves it to wait. Whether more are wanted.
    fn put(&self, number: u64, result: O) -> bool {
        let mut queue = lock(&self.queue);
        queue.waiting.insert(number, result);
        while queue.ended.is_none() {
            let due = queue.due;
            let Some(result) = queue.waiting.remove(&due) else { break };
            queue.due += 1;
            if let Err(e) = (queue.put)(result) {
                queue.ended = Some(Err(e));
                self.stop.request(Why::Failure);
            }
        }
        self.moved.notify_all();
        while queue.ended.is_none() && queue.waiting.len() > self.most {
            queue = self.moved.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.ended.is_none()
    }
}

/// A worker that panics leaves a result that never comes: nobody is to wait for it. The scope passes the panic on.
struct WayOut<'o, 's, P, O, E>(&'o Outlet<'s, P, O, E>);

impl<P, O, E> Drop for WayOut<'_, '_, P, O, E> {
    fn drop(&mut self) {
        if panicking() {
            lock(&self.0.queue).ended.get_or_insert(Ok(()));
            self.0.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::AtomicU64;
    use std::sync::atomic::Ordering::SeqCst;
    use std::time::Duration;

    use super::*;

    fn run(count: usize, fail_at: Option<u32>) -> (Vec<u32>, Result<(), io::Error>) {
        let stop = Stop::new().unwrap();
        let (mut at, mut out) = (0, Vec::new());
        let next = || {
            at += 1;
            if at == 500 { Err(io::Error::other("read")) } else { Ok(Some(at)) }
        };
        let worker = || {
            |n: u32| {
                if n.is_multiple_of(7) {
                    std::thread::yield_now();
                }
                n * 2
            }
        };
        let result = ordered(Workers::new(count), &stop, next, worker, |n| {
            if Some(n) == fail_at {
                return Err(io::Error::other("write"));
            }
            out.push(n);
            Ok(())
        });
        (out, result)
    }

    #[test]
    fn order_is_kept_and_what_came_before_an_error_is_put() {
        for count in [1, 2, 5] {
            let (out, result) = run(count, None);
            assert_eq!(out, (1..500).map(|n| n * 2).collect::<Vec<_>>());
            assert_eq!(result.unwrap_err().to_string(), "read");
        }
    }

    #[test]
    fn a_writer_that_fails_ends_the_run() {
        for count in [1, 2, 5] {
            let (out, result) = run(count, Some(20));
            assert_eq!(out.len(), 9);
            assert_eq!(result.unwrap_err().to_string(), "write");
        }
    }

    #[test]
    fn workers_work_at_the_same_time() {
        let stop = Stop::new().unwrap();
        let (mut read, mut put) = (0, 0);
        let both = Barrier::new(2);
        let next = || {
            read += 1;
            Ok((read <= 100).then_some(read))
        };
        let worker = || {
            |n: u32| {
                both.wait();
                n
            }
        };
        let outcome = ordered(Workers::new(2), &stop, next, worker, |n| {
            put += 1;
            assert_eq!(n, put);
            Ok::<_, io::Error>(())
        });
        outcome.unwrap();
        assert_eq!(put, 100);
    }

    #[test]
    fn workers_are_no_further_ahead_than_they_are_many() {
        let stop = Stop::new().unwrap();
        let read = AtomicU64::new(0);
        let next = || Ok(Some(read.fetch_add(1, SeqCst)).filter(|n| *n < 100));
        let worker = || {
            |n: u64| {
                if n == 0 {
                    // Until the other one waits, too.
                    let mut seen = 0;
                    while seen < read.load(SeqCst) {
                        seen = read.load(SeqCst);
                        std::thread::sleep(Duration::from_millis(50));
                    }
                    assert!(seen <= 4, "{seen} were read while the first was not put");
                }
            }
        };
        ordered(Workers::new(2), &stop, next, worker, |()| Ok::<_, io::Error>(())).unwrap();
        assert_eq!(read.into_inner(), 101);
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn nobody_waits_for_a_worker_that_panicked() {
        let stop = Stop::new().unwrap();
        let mut at = 0;
        let next = || {
            at += 1;
            Ok::<_, io::Error>(Some(at))
        };
        let worker = || {
            |n: u32| {
                assert!(n != 7, "the seventh");
                n
            }
        };
        let _ = ordered(Workers::new(3), &stop, next, worker, |_| Ok(()));
    }
}
