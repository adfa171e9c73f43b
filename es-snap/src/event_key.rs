//! From the key of a repository's file to the uuid of the snapshot. Pure.
//!
//! The file of a snapshot is `snap-UUID.dat`, directly in the base path; those of its shards are called the same and lie
//! in `indices/ID/SHARD/`. A uuid is text of base64 for URLs, so it may hold `-` and `_`, at its ends too: nothing is
//! split there.

use std::borrow::Cow;

const LEAD: &str = "snap-";
const END: &str = ".dat";

/// # Errors
/// The words for why it names no snapshot.
pub(crate) fn uuid(typed: &str, base: Option<&str>) -> Result<String, String> {
    let key = match typed.strip_prefix("s3://") {
        Some(rest) => rest.split_once('/').map_or("", |(_, key)| key),
        None => typed,
    };
    let decoded = decode(key);
    let file = match base {
        Some(base) => within(&decoded, base).or_else(|| within(key, base)),
        None => Some(decoded.rsplit('/').next().unwrap_or_default()).filter(|_| !is_of_a_shard(&decoded)),
    };
    let uuid =
        file.and_then(|file| file.strip_prefix(LEAD)?.strip_suffix(END)).filter(|uuid| !uuid.is_empty());
    match uuid {
        Some(uuid) => Ok(uuid.to_owned()),
        None if is_of_a_shard(&decoded) => Err(format!(
            "`{typed}` is the file of one shard; that of the snapshot, also called snap-UUID.dat, lies in the base path"
        )),
        None if file.is_none() => {
            Err(format!("`{typed}` does not lie directly in the base path `{}`", base.unwrap_or_default()))
        }
        None => Err(format!("`{typed}` is no file of a snapshot: snap-UUID.dat is")),
    }
}

/// What is left of a key directly in `base`.
fn within<'a>(key: &'a str, base: &str) -> Option<&'a str> {
    let (key, base) = (key.trim_start_matches('/'), base.trim_matches('/'));
    let file = if base.is_empty() { key } else { key.strip_prefix(base)?.strip_prefix('/')? };
    (!file.contains('/')).then_some(file)
}

/// `…/indices/ID/SHARD/snap-UUID.dat`
fn is_of_a_shard(key: &str) -> bool {
    let mut parts = key.rsplit('/');
    let (_file, shard, _index, indices) = (parts.next(), parts.next(), parts.next(), parts.next());
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    shard.is_some_and(number) && indices == Some("indices")
}

/// As in the events of S3: percent signs, and `+` for a space. Neither stands in a uuid.
fn decode(key: &str) -> Cow<'_, str> {
    if !key.contains(['%', '+']) {
        return key.into();
    }
    let mut out = Vec::with_capacity(key.len());
    let mut rest = key.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |at: usize| char::from(*tail.get(at)?).to_digit(16).and_then(|n| u8::try_from(n).ok());
        (rest, _) = match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => (&tail[2..], out.push(high << 4 | low)),
            (b'+', _, _) => (tail, out.push(b' ')),
            (byte, _, _) => (tail, out.push(*byte)),
        };
    }
    String::from_utf8(out).map_or(key.into(), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn every_uuid_is_found_wherever_the_file_lies(
            id in "[-_A-Za-z0-9]{22}",
            base in prop_oneof![Just(String::new()), "[-_a-z0-9/]{0,20}[a-z]/", Just("a b/ü+%/".to_owned()), Just("indices/x/".to_owned())],
            number in 0..40_u32,
        ) {
            let key = format!("{base}snap-{id}.dat");
            prop_assume!(!base.starts_with('/'));
            let encoded: String = key
                .bytes()
                .map(|b| match b {
                    b' ' => "+".to_owned(),
                    b if b.is_ascii_alphanumeric() || b"-_./".contains(&b) => char::from(b).to_string(),
                    b => format!("%{b:02X}"),
                })
                .collect();
            if !base.contains('%') {
                prop_assert_eq!(uuid(&key, None), Ok(id.clone()));
            }
            prop_assert_eq!(uuid(&key, Some(&base)), Ok(id.clone()));
            prop_assert_eq!(uuid(&encoded, None), Ok(id.clone()));
            prop_assert_eq!(uuid(&encoded, Some(&base)), Ok(id.clone()));
            prop_assert_eq!(uuid(&format!("s3://bucket/{key}"), Some(&base)), Ok(id.clone()));
            // The same name in a shard is another file.
            let shard = format!("{base}indices/{id}/{number}/snap-{id}.dat");
            for base in [None, Some(base.as_str())] {
                let refused = uuid(&shard, base).unwrap_err();
                prop_assert!(refused.contains("one shard"), "{}", refused);
            }
        }
    }

    #[test]
    fn what_is_no_snapshots_file_is_refused_with_the_reason() {
        for (key, base, why) in [
            ("snap-.dat", None, "no file of a snapshot"),
            ("meta-abc.dat", None, "no file of a snapshot"),
            ("index-12", None, "no file of a snapshot"),
            ("prod/index.latest", None, "no file of a snapshot"),
            ("", None, "no file of a snapshot"),
            ("s3://bucket", None, "no file of a snapshot"),
            ("other/snap-a.dat", Some("prod"), "base path `prod`"),
            ("prod2/snap-a.dat", Some("prod"), "base path `prod`"),
            ("prod/x/snap-a.dat", Some("prod/"), "base path `prod/`"),
            ("4f/prod/indices/x/0/snap-a.dat", Some("prod"), "one shard"),
        ] {
            let refused = uuid(key, base).unwrap_err();
            assert!(refused.contains(why), "{key}: {refused}");
        }
        // A base path that looks like a shard's, when it is said.
        assert_eq!(uuid("indices/x/0/snap-a.dat", Some("indices/x/0")), Ok("a".into()));
        assert_eq!(uuid("/mnt/backups/snap--_snap-.dat.dat", None), Ok("-_snap-.dat".into()));
    }
}
