//! Work on pieces of a stream in parallel with their order kept: one reader thread, some workers, and the caller
//! as the writer. Every queue is bounded, so a slow writer slows the reader.

use std::io;
use std::thread::{Builder, scope};

use crossbeam_channel::{Sender, bounded};

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
/// something, and hands the results to `put` in the order of the pieces.
///
/// # Errors
/// The first error of `put`, which also asks `stop` to end a `next` that may be waiting; else the error of `next`,
/// after everything before it was put; else that of starting a thread.
pub fn ordered<I, O, E, W>(
    workers: Workers,
    stop: &Stop,
    mut next: impl FnMut() -> Result<Option<I>, E> + Send,
    worker: impl Fn() -> W + Sync,
    mut put: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E>
where
    I: Send,
    O: Send,
    E: Send + From<io::Error>,
    W: FnMut(I) -> O,
{
    let depth = workers.count * 2;
    let (work_in, work_out) = bounded::<(I, Sender<O>)>(depth);
    let (order_in, order_out) = bounded(depth);
    scope(|threads| {
        for _ in 0..workers.count {
            let (work_out, worker) = (work_out.clone(), &worker);
            Builder::new().stack_size(workers.stack).spawn_scoped(threads, move || {
                let mut work = worker();
                for (piece, done) in work_out {
                    // Nobody waits for it once the writer has failed.
                    let _ = done.send(work(piece));
                }
            })?;
        }
        drop(work_out);
        let reader = threads.spawn(move || {
            while let Some(piece) = next()? {
                let (done, result) = bounded(1);
                if order_in.send(result).is_err() || work_in.send((piece, done)).is_err() {
                    break;
                }
            }
            Ok(())
        });
        let mut written = Ok(());
        // A result that never comes means that its worker panicked; the scope passes that on.
        for result in order_out.iter().map_while(|result| result.recv().ok()) {
            written = put(result);
            if written.is_err() {
                stop.request(Why::Failure);
                break;
            }
        }
        drop(order_out);
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        written.and(read)
    })
}

/// The same by one worker and no other thread: a piece stays in the cache of one core, which takes less time of the
/// processor, while nothing is read or written beside the work.
///
/// # Errors
/// The first of `next` or `put`, else that of starting the thread.
pub fn alone<I, O, E, W>(
    stack: usize,
    mut next: impl FnMut() -> Result<Option<I>, E> + Send,
    worker: impl FnOnce() -> W + Send,
    mut put: impl FnMut(O) -> Result<(), E> + Send,
) -> Result<(), E>
where
    E: Send + From<io::Error>,
    W: FnMut(I) -> O,
{
    scope(|threads| {
        let thread = Builder::new().stack_size(stack).spawn_scoped(threads, move || {
            let mut work = worker();
            while let Some(piece) = next()? {
                put(work(piece))?;
            }
            Ok(())
        })?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_worker_needs_no_order() {
        for (fail_at, until, ends) in [(None, 499, "read"), (Some(60), 29, "write")] {
            let (mut at, mut out) = (0, Vec::new());
            let next = || {
                at += 1;
                if at == 500 { Err(io::Error::other("read")) } else { Ok(Some(at)) }
            };
            let put = |n: u32| {
                if Some(n) == fail_at {
                    return Err(io::Error::other("write"));
                }
                out.push(n);
                Ok(())
            };
            let result = alone(1 << 20, next, || |n: u32| n * 2, put);
            assert_eq!(result.unwrap_err().to_string(), ends);
            assert_eq!(out, (1..=until).map(|n| n * 2).collect::<Vec<_>>());
        }
    }

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
        let (out, result) = run(2, Some(20));
        assert_eq!(out.len(), 9);
        assert_eq!(result.unwrap_err().to_string(), "write");
    }
}
