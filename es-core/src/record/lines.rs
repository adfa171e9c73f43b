//! NDJSON in: standard input and files, gzip and zstd by their first bytes, as blocks of whole lines that know where
//! they came from. A line over the limit is read past, not held. What is damaged is told after everything whole
//! before it was handed on.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use memchr::{memchr, memchr_iter, memrchr};

use super::block::{Block, Place};
use super::buffer::{Buffer, Spares};
use super::input::{Form, Input, is_stop};
use super::stop::Stop;

/// How much is read at once: within a core's second-level cache, and large enough for a pipe of 1 MB.
const BLOCK: usize = 256 << 10;
/// A limit on the length of lines cannot be smaller than what is read at once.
pub const MIN_MAX_LINE: usize = BLOCK;
/// How much of a line over the limit is kept, to show what it was.
const HEAD: usize = 1 << 10;

/// The longest line that is kept where so many bytes are asked for: not less than [`MIN_MAX_LINE`], nor more than any
/// memory has.
pub fn limit(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX).clamp(MIN_MAX_LINE, usize::MAX >> 1)
}

/// What the input consists of.
#[derive(Debug)]
pub enum Piece {
    /// Whole lines; the last of a file may lack its line break.
    Block(Block),
    /// A line longer than the limit: its length and its first bytes.
    TooLong { place: Place, length: u64, head: Vec<u8> },
}

/// A file that was read to its end.
#[derive(Clone, Debug)]
pub struct Ended {
    pub file: Arc<Path>,
    /// Of the bytes as they are stored, in hexadecimal.
    pub sha256: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot open {}: {why}", file.display())]
    Open { file: PathBuf, why: io::Error },
    #[error("cannot read {}: {why}", place.file.display())]
    Read { place: Place, why: io::Error },
    /// The file is not whole: cut inside a gzip or zstd member, a checksum that does not fit, garbage after a member.
    #[error("{} is damaged after line {} (byte {} of its content): {why}", place.file.display(), place.line - 1, place.offset)]
    Damaged { place: Place, why: io::Error },
    /// The run is to end.
    #[error("stopped")]
    Stopped,
}

/// The lines of some files, one after the other.
pub struct Lines {
    files: std::vec::IntoIter<PathBuf>,
    max_line: usize,
    digest: bool,
    stop: Stop,
    open: Option<Open>,
    ended: Vec<Ended>,
    spares: Spares<Buffer>,
}

impl Lines {
    /// No file means standard input, as does `-`. `max_line` is taken as [`limit`] has it. With `digest`, the files that
    /// are read to their end are summed up.
    pub fn new(files: Vec<PathBuf>, max_line: usize, digest: bool, stop: &Stop) -> Lines {
        let files = if files.is_empty() { vec![PathBuf::from("-")] } else { files };
        let max_line = limit(max_line as u64);
        Lines {
            files: files.into_iter(),
            max_line,
            digest,
            stop: stop.clone(),
            open: None,
            ended: Vec::new(),
            spares: Spares::default(),
        }
    }

    /// The next lines; `None` at the end of the last file.
    ///
    /// # Errors
    /// Where a file cannot be read to its end; the whole lines before that point have been given.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, Error> {
        loop {
            let Some(open) = &mut self.open else {
                let Some(file) = self.files.next() else { return Ok(None) };
                self.open = Some(Open::new(&file, self.digest, &self.stop, &self.spares)?);
                continue;
            };
            if let Some(piece) = open.next_piece(self.max_line)? {
                return Ok(Some(piece));
            }
            if let Some(Open { input, place, .. }) = self.open.take() {
                self.ended.extend(input.sha256().map(|sha256| Ended { file: place.file, sha256 }));
            }
        }
    }

    /// The next bytes as they come, cut anywhere: of text whose records are not lines. No limit applies.
    ///
    /// # Errors
    /// Where a file cannot be read to its end; what came before that point has been given.
    pub fn next_bytes(&mut self) -> Result<Option<(Place, Vec<u8>)>, Error> {
        loop {
            let Some(open) = &mut self.open else {
                let Some(file) = self.files.next() else { return Ok(None) };
                self.open = Some(Open::new(&file, self.digest, &self.stop, &self.spares)?);
                continue;
            };
            if let Some(bytes) = open.next_bytes()? {
                return Ok(Some(bytes));
            }
            self.open = None;
        }
    }

    /// Whether the next lines are being waited for, and nothing came for so long. Of a file, never.
    pub fn is_quiet(&self, time: Duration) -> bool {
        self.open.as_ref().is_some_and(|open| open.broken.is_none() && open.input.is_quiet(time))
    }

    /// The files that were read to their end, if they were to be summed up.
    pub fn ended(&self) -> &[Ended] {
        &self.ended
    }
}

struct Open {
    input: Input,
    /// Where the next byte to be handed on stands.
    place: Place,
    /// The start of a line whose end was not read yet.
    rest: Buffer,
    spares: Spares<Buffer>,
    /// What ended the input; told once the whole lines before it were given.
    broken: Option<io::Error>,
}

impl Open {
    fn new(file: &Path, digest: bool, stop: &Stop, spares: &Spares<Buffer>) -> Result<Open, Error> {
        match Input::open(file, digest, stop) {
            Ok(input) => {
                let place = Place { file: file.into(), line: 1, offset: 0 };
                Ok(Open { input, place, rest: Buffer::default(), spares: spares.clone(), broken: None })
            }
            Err(why) if is_stop(&why) => Err(Error::Stopped),
            Err(why) => Err(Error::Open { file: file.to_owned(), why }),
        }
    }

    fn next_piece(&mut self, max_line: usize) -> Result<Option<Piece>, Error> {
        if let Some(why) = self.broken.take() {
            return Err(self.error(why));
        }
        let mut bytes = std::mem::take(&mut self.rest);
        loop {
            // A line that outgrows the block doubles it, up to one byte over the limit.
            let room = (BLOCK - bytes.len().min(BLOCK)).max(bytes.len()).min(max_line + 1 - bytes.len());
            match self.input.append(&mut bytes, room) {
                Ok(0) if bytes.is_empty() => return Ok(None),
                Ok(0) => return Ok(Some(Piece::Block(self.block(bytes)))),
                Ok(_) if bytes.len() < BLOCK && !self.input.is_live() => {}
                Ok(_) => match memrchr(b'\n', &bytes) {
                    Some(last) => {
                        self.rest = self.split_off(&mut bytes, last + 1);
                        return Ok(Some(Piece::Block(self.block(bytes))));
                    }
                    None if bytes.len() > max_line => return Ok(Some(self.read_past(bytes))),
                    None => {}
                },
                Err(why) => {
                    let Some(last) = memrchr(b'\n', &bytes) else { return Err(self.error(why)) };
                    self.broken = Some(why);
                    bytes.truncate(last + 1);
                    return Ok(Some(Piece::Block(self.block(bytes))));
                }
            }
        }
    }

    fn next_bytes(&mut self) -> Result<Option<(Place, Vec<u8>)>, Error> {
        let mut bytes = Buffer::default();
        while self.broken.is_none() {
            let room = BLOCK - bytes.len();
            match self.input.append(&mut bytes, room) {
                Ok(0) => break,
                Ok(_) if bytes.len() < BLOCK && !self.input.is_live() => {}
                Ok(_) => break,
                Err(why) => self.broken = Some(why),
            }
        }
        match self.broken.take() {
            Some(why) if bytes.is_empty() => Err(self.error(why)),
            why => {
                self.broken = why;
                let place = self.place.clone();
                self.place.line += memchr_iter(b'\n', &bytes).count() as u64;
                self.place.offset += bytes.len() as u64;
                Ok((!bytes.is_empty()).then(|| (place, bytes.into_vec())))
            }
        }
    }

    /// The rest of a line whose start is longer than the limit.
    fn read_past(&mut self, mut bytes: Buffer) -> Piece {
        let place = self.place.clone();
        let head = bytes[..HEAD].to_vec();
        let mut length = 0;
        let mut broken_off = false;
        let end = loop {
            match memchr(b'\n', &bytes) {
                Some(end) => break end,
                None if broken_off => break bytes.len(),
                None => length += bytes.len() as u64,
            }
            bytes.clear();
            match self.input.append(&mut bytes, BLOCK) {
                Ok(0) => broken_off = true,
                Ok(_) => {}
                Err(why) => {
                    self.broken = Some(why);
                    broken_off = true;
                }
            }
        };
        length += end as u64;
        if !broken_off {
            self.rest = self.split_off(&mut bytes, end + 1);
        }
        self.place.line += 1;
        self.place.offset += length + u64::from(!broken_off);
        Piece::TooLong { place, length, head }
    }

    /// What begins at `at`, in memory of its own.
    fn split_off(&self, bytes: &mut Buffer, at: usize) -> Buffer {
        let mut rest = self.spares.take();
        bytes.split_off_into(at, &mut rest);
        rest
    }

    fn block(&mut self, bytes: Buffer) -> Block {
        let block = Block::of(bytes, self.place.clone(), &self.spares);
        self.place.line += block.breaks() as u64;
        self.place.offset += block.bytes().len() as u64;
        block
    }

    fn error(&self, why: io::Error) -> Error {
        let place = self.place.clone();
        match self.input.form {
            _ if is_stop(&why) => Error::Stopped,
            // What the system says is about reading; what the decoders say is about the content.
            Form::Gzip | Form::Zstd if why.raw_os_error().is_none() => Error::Damaged { place, why },
            Form::Plain | Form::Gzip | Form::Zstd => Error::Read { place, why },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    use super::super::input::hex;
    use super::*;

    /// Lines with number, offset and text; number and length of those too long; what ended the input.
    type Read = (Vec<(u64, u64, Vec<u8>)>, Vec<(u64, u64)>, Option<Error>);

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// What a file of these bytes gives: its lines with their places, and the error at its end.
    fn read(content: &[u8], max_line: usize) -> Read {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        let stop = Stop::new().unwrap();
        let mut input = Lines::new(vec![file.path().to_owned()], max_line, true, &stop);
        let (mut lines, mut long) = (Vec::new(), Vec::new());
        loop {
            match input.next_piece() {
                Ok(Some(Piece::Block(block))) => {
                    lines.extend(block.lines().map(|l| (l.number, l.offset, l.bytes.to_vec())));
                }
                Ok(Some(Piece::TooLong { place, length, .. })) => long.push((place.line, length)),
                Ok(None) => {
                    assert_eq!(input.ended()[0].sha256, hex(&Sha256::digest(content)));
                    return (lines, long, None);
                }
                Err(e) => return (lines, long, Some(e)),
            }
        }
    }

    #[test]
    fn lines_know_their_places() {
        let (lines, ..) = read(b"a\r\n\n  \nbb\nlast", usize::MAX >> 1);
        assert_eq!(lines, [(1, 0, b"a".to_vec()), (4, 7, b"bb".to_vec()), (5, 10, b"last".to_vec())]);
        assert_eq!(read(b"", 1).0, []);
    }

    #[test]
    fn bytes_come_whole_and_what_is_damaged_is_told_after_them() {
        let text: Vec<u8> = (0..100_000).flat_map(|n| format!("{n}\r\"\n").into_bytes()).collect();
        let whole = gzip(&text);
        for (content, cut) in [(&text[..], false), (&whole, false), (&whole[..whole.len() - 3], true)] {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), content).unwrap();
            let stop = Stop::new().unwrap();
            let mut input = Lines::new(vec![file.path().to_owned(); 2], 1, false, &stop);
            let mut read = Vec::new();
            let end = loop {
                match input.next_bytes() {
                    Ok(Some((place, bytes))) => {
                        assert_eq!(place.offset, (read.len() % text.len()) as u64);
                        read.extend(bytes);
                    }
                    end => break end,
                }
            };
            assert_eq!(matches!(end, Err(Error::Damaged { .. })), cut);
            assert!(read.starts_with(&text[..text.len() - 1]) && (cut || read.len() == 2 * text.len()));
        }
    }

    #[test]
    fn members_and_frames_follow_one_another() {
        let two = [gzip(b"a\nb"), gzip(b"c\nd\n")].concat();
        assert_eq!(read(&two, 1).0.iter().map(|l| &l.2[..]).collect::<Vec<_>>(), [&b"a"[..], b"bc", b"d"]);
        let two =
            [zstd::encode_all(&b"a\nb"[..], 1).unwrap(), zstd::encode_all(&b"c\n"[..], 1).unwrap()].concat();
        assert_eq!(read(&two, 1).0.iter().map(|l| &l.2[..]).collect::<Vec<_>>(), [&b"a"[..], b"bc"]);
    }

    #[test]
    fn what_is_whole_before_the_damage_is_given() {
        let text: Vec<u8> = (0..100_000).flat_map(|n| format!("line {n}\n").into_bytes()).collect();
        for whole in [gzip(&text), zstd::encode_all(&text[..], 1).unwrap()] {
            let (lines, _, error) = read(&whole[..whole.len() / 2], 1);
            let Some(Error::Damaged { place, .. }) = error else { panic!("{error:?}") };
            assert!(lines.len() > 1000 && lines.len() < 100_000);
            assert_eq!(place.line, lines.len() as u64 + 1);
            let garbage = [&whole[..], b"garbage"].concat();
            let (lines, _, error) = read(&garbage, 1);
            assert!(matches!(error, Some(Error::Damaged { .. })), "{error:?}");
            assert_eq!(lines.len(), 100_000);
        }
    }

    #[test]
    fn a_line_over_the_limit_is_read_past_and_one_at_the_limit_is_not() {
        let limit = MIN_MAX_LINE * 3;
        let line = |n: usize| [vec![b'x'; n], b"\n".to_vec()].concat();
        let text = [line(3), line(limit), line(limit + 1), line(5), line(limit * 4)].concat();
        let (lines, long, _) = read(&text, limit);
        assert_eq!(lines.iter().map(|l| (l.0, l.2.len())).collect::<Vec<_>>(), [(1, 3), (2, limit), (4, 5)]);
        assert_eq!(long, [(3, limit as u64 + 1), (5, limit as u64 * 4)]);
        assert_eq!(lines[2].1, (4 + limit + 1 + limit + 2) as u64);
        let (lines, long, _) = read(&text[..text.len() - 1], limit);
        assert_eq!((lines.len(), long[1]), (3, (5, limit as u64 * 4)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn every_line_arrives_whatever_its_length(lengths in proptest::collection::vec(1..600_000usize, 1..12)) {
            let text: Vec<u8> = lengths.iter().flat_map(|n| [vec![b'x'; *n], b"\n".to_vec()].concat()).collect();
            let (lines, long, error) = read(&text, 500_000);
            prop_assert!(error.is_none());
            let kept: Vec<_> = lengths.iter().copied().filter(|n| *n <= 500_000).collect();
            prop_assert_eq!(lines.iter().map(|l| l.2.len()).collect::<Vec<_>>(), kept);
            prop_assert_eq!(long.len(), lengths.iter().filter(|n| **n > 500_000).count());
        }
    }
}
