//! Blocks of hit lines on their way from the readers to the one sink, compressed in parallel if they are to be.

use std::io;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use es_core::cli::progress::Progress;
use es_core::record::Stop;
use es_core::record::buffer::Spares;
use es_core::record::ordered::{Workers, ordered};
use es_core::record::sink::{self, Sink};
use libdeflater::{CompressionLvl, Compressor};

use crate::error::Error;

/// Within a core's second-level cache, and large enough for a pipe of 1 MB.
pub(crate) const BLOCK: usize = 256 << 10;
/// Independent gzip members or zstd frames of this size cost half a percent of the file.
const MEMBER: usize = 1 << 20;

/// How soon a wait for the next block notices that the run is to end.
const TICK: Duration = Duration::from_millis(50);

/// Whole hit lines.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) bytes: Vec<u8>,
    pub(crate) count: u64,
}

/// Where readers put their blocks.
#[derive(Clone)]
pub(crate) enum Feed<'o> {
    /// Each writes its own: what a core has made is not handed to another.
    Direct(&'o Outlet<'o>),
    /// To the thread that sums them up or has them compressed meanwhile.
    Queue { blocks: Sender<Block>, spares: Spares<Vec<u8>> },
}

impl Feed<'_> {
    /// Hands a block on and empties it. Waits while the output is blocked; `Break` when there is no output any more.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(crate) fn put(&self, block: &mut Block) -> Result<ControlFlow<()>, sink::Error> {
        match self {
            Feed::Direct(outlet) => {
                outlet.put(&block.bytes, block.count, block.bytes.len() as u64)?;
            }
            Feed::Queue { blocks, spares } => {
                let bytes = spares.take();
                if blocks.send(std::mem::replace(block, Block { bytes, count: 0 })).is_err() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        // A giant is let go.
        block.bytes.clear();
        block.bytes.shrink_to(BLOCK * 4);
        block.count = 0;
        Ok(ControlFlow::Continue(()))
    }
}

/// How the output is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Plain,
    Gzip(u8),
    Zstd(u8),
}

/// Makes gzip members or zstd frames; each thread has one.
enum Packer {
    Plain,
    Gzip(Compressor),
    Zstd(u8),
}

impl Packer {
    fn new(codec: Codec) -> Packer {
        match codec {
            Codec::Plain => Packer::Plain,
            Codec::Gzip(level) => {
                let level = CompressionLvl::new(level.into()).unwrap_or_default();
                Packer::Gzip(Compressor::new(level))
            }
            Codec::Zstd(level) => Packer::Zstd(level),
        }
    }

    fn pack(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Packer::Plain => Ok(bytes.to_vec()),
            Packer::Gzip(compressor) => {
                let mut out = vec![0; compressor.gzip_compress_bound(bytes.len())];
                let length = compressor.gzip_compress(bytes, &mut out).map_err(io::Error::other)?;
                out.truncate(length);
                Ok(out)
            }
            Packer::Zstd(level) => zstd::bulk::compress(bytes, (*level).into()),
        }
    }
}

/// The output, and what it has taken.
pub(crate) struct Outlet<'a> {
    taken: Mutex<Taken>,
    progress: &'a Progress,
}

struct Taken {
    sink: Sink,
    count: u64,
    bytes: u64,
}

impl<'a> Outlet<'a> {
    pub(crate) fn new(sink: Sink, progress: &'a Progress) -> Outlet<'a> {
        Outlet { taken: Mutex::new(Taken { sink, count: 0, bytes: 0 }), progress }
    }

    /// The output, the documents that were written, and the bytes of their lines.
    pub(crate) fn into_taken(self) -> (Sink, u64, u64) {
        let Taken { sink, count, bytes } = self.taken.into_inner().unwrap_or_else(PoisonError::into_inner);
        (sink, count, bytes)
    }

    /// `length` is that of the lines, `bytes` are what they became.
    fn put(&self, bytes: &[u8], count: u64, length: u64) -> Result<(), sink::Error> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.sink.write(bytes)?;
        taken.count += count;
        taken.bytes += length;
        self.progress.add(count, length);
        Ok(())
    }
}

/// The end of the queue from which blocks are written.
pub(crate) struct Queue {
    blocks: Receiver<Block>,
    spares: Spares<Vec<u8>>,
}

impl Queue {
    /// For the blocks of so many readers.
    pub(crate) fn new<'o>(readers: usize) -> (Feed<'o>, Queue) {
        let (blocks_in, blocks_out) = bounded(readers * 2);
        let spares = Spares::default();
        (Feed::Queue { blocks: blocks_in, spares: spares.clone() }, Queue { blocks: blocks_out, spares })
    }

    /// Writes until every reader is done.
    pub(crate) fn run(self, outlet: &Outlet<'_>, codec: Codec, stop: &Stop) -> Result<(), Error> {
        if codec == Codec::Plain {
            for block in &self.blocks {
                outlet.put(&block.bytes, block.count, block.bytes.len() as u64)?;
                self.spares.give(block.bytes);
            }
            return Ok(());
        }
        let mut empty = true;
        let next = || Ok(self.gather(stop));
        let worker = || {
            let mut packer = Packer::new(codec);
            move |block: Block| {
                let length = block.bytes.len() as u64;
                (packer.pack(&block.bytes), block.count, length)
            }
        };
        let failed = |why| sink::Error::Write { name: "compressed data".into(), why };
        let workers = Workers::new(available_parallelism().map_or(1, usize::from));
        ordered(workers, stop, next, worker, |(member, count, length)| {
            empty = false;
            Ok::<_, Error>(outlet.put(&member.map_err(failed)?, count, length)?)
        })?;
        if empty {
            // A file of no bytes is not a gzip file, and readers of it complain.
            outlet.put(&Packer::new(codec).pack(b"").map_err(failed)?, 0, 0)?;
        }
        Ok(())
    }

    /// The next block, if there is one before the run is to end: where a write fails, readers may wait for a server.
    fn next(&self, stop: &Stop) -> Option<Block> {
        loop {
            match self.blocks.recv_timeout(TICK) {
                Ok(block) => return Some(block),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) if stop.requested() => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Blocks together until they make a member.
    fn gather(&self, stop: &Stop) -> Option<Block> {
        let mut member = self.next(stop)?;
        while member.bytes.len() < MEMBER {
            let Some(block) = self.next(stop) else { break };
            member.bytes.extend_from_slice(&block.bytes);
            member.count += block.count;
            self.spares.give(block.bytes);
        }
        Some(member)
    }
}
