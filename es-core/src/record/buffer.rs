//! Memory that is used again and again: fresh memory and zeros written into it cost as much as the work on the bytes.

use std::fmt;
use std::io::{self, Read};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes, and room behind them that was filled with zeros once.
#[derive(Clone, Debug, Default)]
pub struct Buffer {
    room: Vec<u8>,
    end: usize,
}

impl Buffer {
    /// One read of at most `most` bytes onto the end; 0 at the end of what is read.
    ///
    /// # Errors
    /// Those of the read; the bytes stay as they were.
    pub(super) fn read(&mut self, reader: &mut impl Read, most: usize) -> io::Result<usize> {
        let end = self.end + most;
        if self.room.len() < end {
            self.room.resize(end, 0);
        }
        let read = reader.read(&mut self.room[self.end..end])?;
        self.end += read;
        Ok(read)
    }

    pub(super) fn clear(&mut self) {
        self.end = 0;
    }

    /// Keeps the bytes before `at` and moves those after it to `rest`, which is empty.
    pub(super) fn split_off_into(&mut self, at: usize, rest: &mut Buffer) {
        let bytes = &self.room[at..self.end];
        match rest.room.get_mut(..bytes.len()) {
            Some(room) => room.copy_from_slice(bytes),
            None => {
                rest.room.clear();
                rest.room.extend_from_slice(bytes);
            }
        }
        rest.end = bytes.len();
        self.end = at;
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.end = self.end.min(length);
    }

    /// How much memory it holds.
    pub(super) fn capacity(&self) -> usize {
        self.room.capacity()
    }

    pub(super) fn into_vec(mut self) -> Vec<u8> {
        self.room.truncate(self.end);
        self.room
    }
}

impl Deref for Buffer {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.room[..self.end]
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(room: Vec<u8>) -> Buffer {
        Buffer { end: room.len(), room }
    }
}

/// What waits to be used again; clones share it. There are never more than were in use at a time.
pub struct Spares<T>(Arc<Mutex<Vec<T>>>);

impl<T: Default> Spares<T> {
    /// One that was given back, else a new one.
    pub fn take(&self) -> T {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    pub fn give(&self, spare: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(spare);
    }
}

impl<T> Clone for Spares<T> {
    fn clone(&self) -> Spares<T> {
        Spares(Arc::clone(&self.0))
    }
}

impl<T> Default for Spares<T> {
    fn default() -> Spares<T> {
        Spares(Arc::default())
    }
}

impl<T> fmt::Debug for Spares<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spares").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_before_is_not_seen_again() {
        let mut buffer = Buffer::default();
        assert_eq!(buffer.read(&mut &b"abcdef"[..], 4).unwrap(), 4);
        let mut rest = Buffer::from(b"xyz".to_vec());
        rest.clear();
        buffer.split_off_into(3, &mut rest);
        assert_eq!((&*buffer, &*rest), (&b"abc"[..], &b"d"[..]));
        assert_eq!(rest.read(&mut &b"ef"[..], 100).unwrap(), 2);
        assert_eq!(&*rest, b"def");
        rest.truncate(2);
        assert_eq!(rest.read(&mut &b""[..], 100).unwrap(), 0);
        assert_eq!(rest.into_vec(), b"de");
    }

    #[test]
    fn a_spare_is_used_again() {
        let spares = Spares::<Vec<u8>>::default();
        spares.clone().give(vec![1]);
        assert_eq!((spares.take(), spares.take()), (vec![1], vec![]));
    }
}
