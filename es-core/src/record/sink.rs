//! Bytes out: standard output, a pipe or device, or a file that exists under its name only once it is whole. A write
//! that a full pipe blocks ends when the run is to end.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, FlockOperation, OFlags, RenameFlags, renameat_with};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

use super::input::hex;
use super::stop::{Stop, Wake};

const PIPE: usize = 1 << 20;
/// What a descriptor that may block takes without blocking once it is ready: POSIX's `PIPE_BUF`.
pub const ATOMIC: usize = 4096;
/// Files are written in steps of this size, so that a slow disk cannot hold back the end of a run for long.
const STEP: usize = 1 << 20;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The reader of standard output went away. It wanted no more: not a failure.
    #[error("standard output was closed")]
    Closed,
    /// The run is to end.
    #[error("stopped")]
    Stopped,
    #[error("{} exists", .0.display())]
    Exists(PathBuf),
    #[error("{} is being written by another process", .0.display())]
    Locked(PathBuf),
    #[error("cannot write {name}: {why}")]
    Write { name: String, why: io::Error },
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub bytes: u64,
    /// In hexadecimal; of files only.
    pub sha256: Option<String>,
}

/// Where bytes go.
pub struct Sink {
    fd: OwnedFd,
    way: Way,
    name: String,
    bytes: u64,
    digest: Option<Sha256>,
    file: Option<Part>,
    stop: Stop,
}

/// How the descriptor takes bytes without blocking longer than the stop flag allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Regular files and devices: they do not wait for anybody.
    Straight,
    /// Our own non-blocking end of a pipe.
    Whole,
    /// Someone else's descriptor (terminal, socket, another user's pipe): small pieces when it is ready.
    Pieces,
}

/// The file under its temporary name, which goes away unless it is published.
struct Part {
    part: PathBuf,
    path: PathBuf,
    /// It replaces what has its name.
    force: bool,
    published: bool,
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.published {
            let _ = fs::remove_file(&self.part);
        }
    }
}

impl Part {
    fn rename(&self) -> Result<(), Errno> {
        let rename = |flags| renameat_with(CWD, &self.part, CWD, &self.path, flags);
        match rename(if self.force { RenameFlags::empty() } else { RenameFlags::NOREPLACE }) {
            // Some file systems cannot do it in one step.
            Err(Errno::INVAL | Errno::NOSYS) if self.path.exists() => Err(Errno::EXIST),
            Err(Errno::INVAL | Errno::NOSYS) => rename(RenameFlags::empty()),
            renamed => renamed,
        }
    }
}

impl Sink {
    /// # Errors
    /// When standard output is closed altogether.
    pub fn stdout(stop: &Stop) -> Result<Sink, Error> {
        let name = "standard output".to_owned();
        let fd = match io::stdout().as_fd().try_clone_to_owned() {
            Ok(fd) => fd,
            Err(why) => return Err(Error::Write { name, why }),
        };
        Ok(Sink::over(fd, name, stop))
    }

    /// A file that is written as `PATH.part` and gets its name from [`publish`](Self::publish); a pipe or device
    /// there is written directly.
    ///
    /// # Errors
    /// [`Error::Exists`] for a regular file unless `force`, here or, if it comes meanwhile, when the name is given.
    pub fn create(path: &Path, force: bool, stop: &Stop) -> Result<Sink, Error> {
        let name = path.display().to_string();
        let failed = |why| Error::Write { name: name.clone(), why };
        match fs::metadata(path) {
            Ok(there) if there.is_file() && !force => return Err(Error::Exists(path.to_owned())),
            Ok(there) if there.is_file() => {}
            Ok(there) if there.is_dir() => return Err(failed(io::ErrorKind::IsADirectory.into())),
            Ok(there) => {
                let fd = open_special(path, there.file_type().is_fifo(), stop, failed)?;
                return Ok(Sink::over(fd, name, stop));
            }
            Err(_) => {}
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let fd = lock(&part).map_err(|e| match e {
            Errno::WOULDBLOCK => Error::Locked(part.clone()),
            e => Error::Write { name: part.display().to_string(), why: e.into() },
        })?;
        let file = Part { part, path: path.to_owned(), force, published: false };
        Ok(Sink { digest: Some(Sha256::new()), file: Some(file), ..Sink::over(fd, name, stop) })
    }

    /// Whether it is a file that is to get its name, no pipe or device.
    pub fn is_file(&self) -> bool {
        self.file.is_some()
    }

    fn over(fd: OwnedFd, name: String, stop: &Stop) -> Sink {
        let kind = rustix::fs::fstat(&fd).map(|stat| FileType::from_raw_mode(stat.st_mode));
        let (fd, way) = match kind {
            Ok(FileType::RegularFile | FileType::Directory) => (fd, Way::Straight),
            Ok(FileType::Fifo) => {
                // Refused where the user's share of pipe memory is used up; the pipe then stays as it is.
                let _ = rustix::pipe::fcntl_setpipe_size(&fd, PIPE);
                match own_end(&fd) {
                    Some(own) => (own, Way::Whole),
                    None => (fd, Way::Pieces),
                }
            }
            _ if rustix::termios::isatty(&fd) => (fd, Way::Pieces),
            Ok(FileType::Socket) => (fd, Way::Pieces),
            _ => (fd, Way::Straight),
        };
        Sink { fd, way, name, bytes: 0, digest: None, file: None, stop: stop.clone() }
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    /// [`Error::Closed`] only for standard output; a file or pipe named by the user is an [`Error::Write`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let step = match self.way {
                Way::Straight if self.stop.requested() => return Err(Error::Stopped),
                Way::Straight => STEP,
                Way::Whole | Way::Pieces => {
                    match self.stop.wait_writable(self.fd.as_fd()).map_err(|why| self.failed(why))? {
                        Wake::Stopped => return Err(Error::Stopped),
                        Wake::Ready if self.way == Way::Whole => rest.len(),
                        Wake::Ready => ATOMIC,
                    }
                }
            };
            match rustix::io::write(&self.fd, &rest[..rest.len().min(step)]) {
                Ok(n) => rest = &rest[n..],
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(e) => return Err(self.failed(e.into())),
            }
        }
        if let Some(digest) = &mut self.digest {
            digest.update(bytes);
        }
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Everything was written: a file is on the disk, under its temporary name, and what it holds is known.
    ///
    /// # Errors
    /// Where the disk does not take it.
    pub fn seal(&mut self) -> Result<Written, Error> {
        if self.file.is_some() {
            rustix::fs::fsync(&self.fd).map_err(|e| self.failed(e.into()))?;
        }
        let sha256 = self.digest.as_ref().map(|digest| hex(&digest.clone().finalize()));
        Ok(Written { bytes: self.bytes, sha256 })
    }

    /// Gives a sealed file its name.
    ///
    /// # Errors
    /// Where it cannot be renamed.
    pub fn publish(mut self) -> Result<(), Error> {
        if let Some(mut file) = self.file.take() {
            match file.rename() {
                Ok(()) => file.published = true,
                Err(Errno::EXIST) if file.path.is_file() => return Err(Error::Exists(file.path.clone())),
                Err(why) => return Err(self.failed(why.into())),
            }
            let folder = file.path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            // The name outlives a power cut only once the folder is on the disk; some file systems refuse to be asked.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }

    fn failed(&self, why: io::Error) -> Error {
        match why.kind() {
            io::ErrorKind::BrokenPipe if self.name == "standard output" => Error::Closed,
            _ => Error::Write { name: self.name.clone(), why },
        }
    }
}

/// The same pipe through a descriptor of our own, so that it can be non-blocking without making it so for every
/// process that shares the one we were given.
fn own_end(fd: &OwnedFd) -> Option<OwnedFd> {
    use std::os::fd::AsRawFd;
    let path = format!("/proc/self/fd/{}", fd.as_raw_fd());
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    OpenOptions::new().write(true).custom_flags(flags).open(path).ok().map(OwnedFd::from)
}

fn open_special(
    path: &Path,
    fifo: bool,
    stop: &Stop,
    failed: impl Fn(io::Error) -> Error,
) -> Result<OwnedFd, Error> {
    let flags = if fifo { OFlags::NONBLOCK } else { OFlags::empty() };
    loop {
        match OpenOptions::new().write(true).custom_flags(flags.bits().cast_signed()).open(path) {
            Ok(file) => return Ok(file.into()),
            // Nobody reads from it yet.
            Err(e) if fifo && e.raw_os_error() == Some(Errno::NXIO.raw_os_error()) => {
                if stop.sleep(std::time::Duration::from_millis(50)) == Wake::Stopped {
                    return Err(Error::Stopped);
                }
            }
            Err(why) => return Err(failed(why)),
        }
    }
}

/// What a killed run left under the name is taken over; what a running one holds is not.
fn lock(part: &Path) -> Result<OwnedFd, Errno> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let fd = rustix::fs::open(part, flags, rustix::fs::Mode::from_raw_mode(0o666))?;
    rustix::fs::flock(&fd, FlockOperation::NonBlockingLockExclusive)?;
    rustix::fs::ftruncate(&fd, 0)?;
    Ok(fd)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::time::Duration;

    use super::super::stop::Why;
    use super::*;

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (path, stop) = (folder.path().join("a"), Stop::new().unwrap());
        let mut sink = Sink::create(&path, false, &stop).unwrap();
        sink.write(b"abc").unwrap();
        assert!(matches!(Sink::create(&path, false, &stop), Err(Error::Locked(_))));
        assert!(!path.exists());
        let written = sink.seal().unwrap();
        assert_eq!(written.sha256.unwrap(), hex(&Sha256::digest(b"abc")));
        sink.publish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"abc");
        assert!(matches!(Sink::create(&path, false, &stop), Err(Error::Exists(_))));
        drop(Sink::create(&path, true, &stop).unwrap());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        assert_eq!(fs::read(&path).unwrap(), b"abc");
    }

    #[test]
    fn a_file_that_came_meanwhile_is_replaced_only_by_force() {
        let folder = tempfile::tempdir().unwrap();
        let (path, stop) = (folder.path().join("a"), Stop::new().unwrap());
        for force in [false, true] {
            let _ = fs::remove_file(&path);
            let mut sink = Sink::create(&path, force, &stop).unwrap();
            sink.write(b"new").unwrap();
            fs::write(&path, "theirs").unwrap();
            match sink.publish() {
                Err(Error::Exists(name)) => assert_eq!((name, force), (path.clone(), false)),
                published => assert!(published.is_ok() && force),
            }
            assert_eq!(fs::read(&path).unwrap(), if force { &b"new"[..] } else { b"theirs" });
            assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        }
    }

    #[test]
    fn what_a_killed_run_left_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let (path, stop) = (folder.path().join("a"), Stop::new().unwrap());
        fs::write(folder.path().join("a.part"), "old and longer").unwrap();
        let mut sink = Sink::create(&path, false, &stop).unwrap();
        sink.write(b"new").unwrap();
        sink.publish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_full_disk_is_told() {
        let stop = Stop::new().unwrap();
        let mut sink = Sink::create(Path::new("/dev/full"), false, &stop).unwrap();
        let Err(Error::Write { name, why }) = sink.write(b"x") else { panic!() };
        assert_eq!((&name[..], why.kind()), ("/dev/full", io::ErrorKind::StorageFull));
    }

    #[test]
    fn a_pipe_takes_everything_and_a_blocked_write_ends_with_the_run() {
        let (reader, writer) = rustix::pipe::pipe().unwrap();
        let stop = Stop::new().unwrap();
        let mut sink = Sink::over(writer, "standard output".into(), &stop);
        assert_eq!(sink.way, Way::Whole);
        let bytes: Vec<u8> = (0..5_000_000u32).map(|n| n as u8).collect();
        std::thread::scope(|s| {
            let read = s.spawn(|| {
                let mut got = vec![0; bytes.len()];
                File::from(reader.try_clone().unwrap()).read_exact(&mut got).unwrap();
                got
            });
            sink.write(&bytes).unwrap();
            assert!(read.join().unwrap() == bytes);
            let blocked = s.spawn(|| sink.write(&bytes));
            std::thread::sleep(Duration::from_millis(30));
            stop.request(Why::Failure);
            assert!(matches!(blocked.join().unwrap(), Err(Error::Stopped)));
        });
    }

    #[test]
    fn a_reader_that_leaves_is_told_apart() {
        let (reader, writer) = rustix::pipe::pipe().unwrap();
        let stop = Stop::new().unwrap();
        let mut sink = Sink::over(writer, "standard output".into(), &stop);
        sink.write(b"x").unwrap();
        drop(reader);
        assert!(matches!(sink.write(b"x"), Err(Error::Closed)));
    }
}
