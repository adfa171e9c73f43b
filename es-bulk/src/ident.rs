//! Ids for documents that have none, made from where they stand, so that loading a file twice finds them again.
//! The scheme is part of the interface: it never changes.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// How long an id is with its quotes.
const LEN: usize = 22;

/// What the ids of one stream begin with.
#[derive(Clone, Debug)]
pub(crate) struct Seed(Sha256);

impl Seed {
    /// The base name of a file without `.gz` or `.zst`, for the same data may be stored compressed or not.
    pub(crate) fn file(path: &Path) -> Seed {
        let name = path.file_name().unwrap_or(path.as_os_str()).as_encoded_bytes();
        let name = name.strip_suffix(b".gz").or(name.strip_suffix(b".zst")).unwrap_or(name);
        Seed::text(name)
    }

    pub(crate) fn text(text: &[u8]) -> Seed {
        let mut hash = Sha256::new();
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
        Seed(hash)
    }

    /// Different in every run.
    pub(crate) fn random() -> Seed {
        // Each has keys from the system's source of randomness.
        let draw = || RandomState::new().build_hasher().finish().to_le_bytes();
        Seed::text(&[draw(), draw()].concat())
    }

    /// The id, as JSON text: the first 15 bytes of SHA-256 over the length (8 bytes, little-endian) and bytes of
    /// the name, the offset (8 bytes, little-endian) in the decompressed content, and the document, in base64url.
    pub(crate) fn id(&self, offset: u64, document: &[u8]) -> [u8; LEN] {
        let mut hash = self.0.clone();
        hash.update(offset.to_le_bytes());
        hash.update(document);
        let sum = hash.finalize();
        let mut id = [b'"'; LEN];
        // 15 bytes are 20 letters, which fit.
        let _ = BASE64_URL_SAFE_NO_PAD.encode_slice(&sum[..15], &mut id[1..LEN - 1]);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_frozen() {
        let id = |seed: Seed| String::from_utf8(seed.id(42, br#"{"a":1}"#).to_vec()).unwrap();
        let plain = id(Seed::file(Path::new("/data/logs.ndjson")));
        assert_eq!(plain, FROZEN);
        assert_eq!(id(Seed::file(Path::new("logs.ndjson.gz"))), plain);
        assert_eq!(id(Seed::file(Path::new("x/logs.ndjson.zst"))), plain);
        assert_eq!(id(Seed::text(b"logs.ndjson")), plain);
        assert_ne!(id(Seed::file(Path::new("logs2.ndjson"))), plain);
        assert_ne!(id(Seed::random()), id(Seed::random()));
    }

    const FROZEN: &str = "\"cNqeaRzK5JE3sGXwTqiK\"";

    #[test]
    fn place_and_bytes_both_count() {
        let seed = Seed::text(b"x");
        assert_ne!(seed.id(0, b"{}"), seed.id(1, b"{}"));
        assert_ne!(seed.id(0, b"{}"), seed.id(0, b"{ }"));
    }
}
