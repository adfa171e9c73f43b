//! The content of one file or of standard input, decompressed by its first bytes, with waits that the stop flag ends.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use flate2::bufread::MultiGzDecoder;
use rustix::fs::FileType;
use sha2::{Digest, Sha256};

use super::buffer::Buffer;
use super::stop::{Stop, Wake};

const BUFFER: usize = 256 << 10;
const PIPE: usize = 1 << 20;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Gzip,
    Zstd,
}

/// The content of one file, decompressed.
pub(super) struct Input {
    pub(super) form: Form,
    /// Of one that somebody may be writing this moment: what was read of it should go on at once.
    live: Option<(OwnedFd, Stop)>,
    reader: Box<dyn Read + Send>,
    digest: Option<Arc<Mutex<Sha256>>>,
}

impl Input {
    /// `-` is standard input. With `digest`, the bytes as they are stored are summed up.
    pub(super) fn open(file: &Path, digest: bool, stop: &Stop) -> io::Result<Input> {
        let mut raw = Raw::open(file, digest, stop)?;
        let mut head = Vec::new();
        Read::take(&mut raw, 4).read_to_end(&mut head)?;
        let digest = raw.digest.clone();
        let live = if raw.live { Some((raw.fd.try_clone()?, stop.clone())) } else { None };
        let form = match head[..] {
            [0x1f, 0x8b, ..] => Form::Gzip,
            // A frame, or one that decoders skip (RFC 8878, 3.1).
            [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Form::Zstd,
            // A file that was cut within its first bytes is damaged, and no record of an odd look.
            [0x1f] => Form::Gzip,
            [0x28] | [0x28, 0xb5] | [0x28, 0xb5, 0x2f] => Form::Zstd,
            _ => Form::Plain,
        };
        let whole = io::Cursor::new(head).chain(raw);
        let reader: Box<dyn Read + Send> = match form {
            Form::Plain => Box::new(whole),
            Form::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, whole))),
            Form::Zstd => Box::new(zstd::Decoder::with_buffer(BufReader::with_capacity(BUFFER, whole))?),
        };
        Ok(Input { form, live: live.filter(|_| form == Form::Plain), reader, digest })
    }

    pub(super) fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// Whether whoever writes it has written nothing for so long.
    pub(super) fn is_quiet(&self, time: Duration) -> bool {
        let quiet = |(fd, stop): &(OwnedFd, Stop)| stop.is_quiet(fd.as_fd(), time).unwrap_or(false);
        self.live.as_ref().is_some_and(quiet)
    }

    /// One read of at most `most` bytes onto the end of `bytes`; 0 at the end.
    pub(super) fn append(&mut self, bytes: &mut Buffer, most: usize) -> io::Result<usize> {
        bytes.read(&mut self.reader, most)
    }

    pub(super) fn sha256(&self) -> Option<String> {
        let sum = self.digest.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Some(hex(&sum.finalize()))
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A descriptor that is waited for through the stop flag.
struct Raw {
    fd: OwnedFd,
    live: bool,
    stop: Stop,
    digest: Option<Arc<Mutex<Sha256>>>,
}

impl Raw {
    fn open(file: &Path, digest: bool, stop: &Stop) -> io::Result<Raw> {
        let fd =
            if file == Path::new("-") { io::stdin().as_fd().try_clone_to_owned()? } else { open_file(file)? };
        let kind = FileType::from_raw_mode(rustix::fs::fstat(&fd)?.st_mode);
        if kind == FileType::Directory {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if kind == FileType::Fifo {
            // Refused where the user's share of pipe memory is used up; the pipe then stays as it is.
            let _ = rustix::pipe::fcntl_setpipe_size(&fd, PIPE);
        }
        let live = kind != FileType::RegularFile;
        Ok(Raw { fd, live, stop: stop.clone(), digest: digest.then(Arc::default) })
    }
}

fn open_file(file: &Path) -> io::Result<OwnedFd> {
    Ok(File::open(file)?.into())
}

impl Read for Raw {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.stop.wait_readable(self.fd.as_fd())? == Wake::Stopped {
            return Err(io::Error::other(Stopping));
        }
        let n = rustix::io::retry_on_intr(|| rustix::io::read(&self.fd, &mut *buf))?;
        if let Some(digest) = &self.digest {
            digest.lock().unwrap_or_else(PoisonError::into_inner).update(&buf[..n]);
        }
        Ok(n)
    }
}

/// What a read answers that the stop flag ended.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
struct Stopping;

pub(super) fn is_stop(why: &io::Error) -> bool {
    why.get_ref().is_some_and(|inner| inner.is::<Stopping>())
}
