//! Blocks of hit lines on their way from the readers to the one sink, compressed in parallel if they are to be.

use std::io;
use std::thread::available_parallelism;

use crossbeam_channel::{Receiver, Sender, bounded};
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

/// Whole hit lines.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) bytes: Vec<u8>,
    pub(crate) count: u64,
}

/// Where readers put their blocks.
#[derive(Clone)]
pub(crate) struct Feed {
    blocks: Sender<Block>,
    spares: Spares<Vec<u8>>,
}

/// Gives memory back, unless a giant made it more than is usual.
fn give_back(bytes: Vec<u8>, spares: &Spares<Vec<u8>>) {
    if bytes.capacity() <= BLOCK * 4 {
        spares.give(bytes);
    }
}

impl Feed {
    /// Hands a block on, and gives an empty one for it. Waits while the output is blocked; `None` when there is no
    /// output any more.
    pub(crate) fn swap(&self, block: Block) -> Option<Block> {
        self.blocks.send(block).ok()?;
        let mut bytes = self.spares.take();
        bytes.clear();
        bytes.reserve(BLOCK * 2);
        Some(Block { bytes, count: 0 })
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

/// The end of the channel that writes.
pub(crate) struct Outlet {
    blocks: Receiver<Block>,
    spares: Spares<Vec<u8>>,
    /// Documents that the sink has taken, and the bytes of their lines.
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

pub(crate) fn channel(readers: usize) -> (Feed, Outlet) {
    let (blocks_in, blocks_out) = bounded(readers * 2);
    let spares = Spares::default();
    let feed = Feed { blocks: blocks_in, spares: spares.clone() };
    (feed, Outlet { blocks: blocks_out, spares, count: 0, bytes: 0 })
}

impl Outlet {
    /// Writes until every reader is done.
    pub(crate) fn run(
        &mut self,
        sink: &mut Sink,
        codec: Codec,
        stop: &Stop,
        progress: &Progress,
    ) -> Result<(), Error> {
        let mut done = |count: u64, bytes: u64| {
            self.count += count;
            self.bytes += bytes;
            progress.add(count, bytes);
        };
        if codec == Codec::Plain {
            for block in &self.blocks {
                sink.write(&block.bytes)?;
                done(block.count, block.bytes.len() as u64);
                give_back(block.bytes, &self.spares);
            }
            return Ok(());
        }
        let (blocks, spares) = (&self.blocks, &self.spares);
        let mut empty = true;
        let next = || Ok(gather(blocks, spares));
        let worker = || {
            let mut packer = Packer::new(codec);
            move |block: Block| {
                let length = block.bytes.len() as u64;
                (packer.pack(&block.bytes), block.count, length)
            }
        };
        let workers = Workers::new(available_parallelism().map_or(1, usize::from));
        ordered(workers, stop, next, worker, |(member, count, length)| {
            empty = false;
            let failed = |why| sink::Error::Write { name: "compressed data".into(), why };
            sink.write(&member.map_err(failed)?)?;
            done(count, length);
            Ok::<_, Error>(())
        })?;
        if empty {
            // A file of no bytes is not a gzip file, and readers of it complain.
            let failed = |why| sink::Error::Write { name: "compressed data".into(), why };
            sink.write(&Packer::new(codec).pack(b"").map_err(failed)?)?;
        }
        Ok(())
    }
}

/// Blocks together until they make a member.
fn gather(blocks: &Receiver<Block>, spares: &Spares<Vec<u8>>) -> Option<Block> {
    let mut member = blocks.recv().ok()?;
    while member.bytes.len() < MEMBER {
        let Ok(block) = blocks.recv() else { break };
        member.bytes.extend_from_slice(&block.bytes);
        member.count += block.count;
        give_back(block.bytes, spares);
    }
    Some(member)
}
