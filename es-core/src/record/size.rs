//! Sizes and times as people write them: `8M`, `100k`, `5m`, `1.5s`. Byte units are powers of 1,024, with or without
//! `b` or `iB`, as in Elasticsearch; a time without a unit is seconds, as in curl.

use std::time::Duration;

/// A size or time that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SizeError {
    #[error("`{0}` is not a size: write a number of bytes, or one with a unit such as 512k, 8M or 2G")]
    Bytes(String),
    #[error("`{0}` is not a time: write a number with a unit such as 500ms, 10s, 5m, 2h or 7d")]
    Time(String),
}

const BYTES: [(&str, u64); 5] = [("t", 1 << 40), ("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10), ("", 1)];
/// In nanoseconds.
const TIMES: [(&str, u64); 7] = [
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// # Errors
/// When it is not a number with a known unit, or is more than 64 bits hold.
pub fn parse_bytes(text: &str) -> Result<u64, SizeError> {
    let wrong = || SizeError::Bytes(text.to_owned());
    let (number, unit) = split(text).ok_or_else(wrong)?;
    let unit = unit.to_ascii_lowercase();
    let unit = unit.strip_suffix("ib").filter(|rest| !rest.is_empty()).unwrap_or(&unit);
    let unit = unit.strip_suffix('b').unwrap_or(unit);
    let (_, factor) = BYTES.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
    scale(number, *factor).ok_or_else(wrong)
}

/// # Errors
/// When it is not a number with a known unit, or is more than 584 years.
pub fn parse_time(text: &str) -> Result<Duration, SizeError> {
    let wrong = || SizeError::Time(text.to_owned());
    let (number, unit) = split(text).ok_or_else(wrong)?;
    let unit = if unit.is_empty() { "s" } else { unit };
    let (_, factor) = TIMES.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
    scale(number, *factor).map(Duration::from_nanos).ok_or_else(wrong)
}

/// In the largest unit that is exact, so that `parse_bytes` gives the same number back.
pub fn show_bytes(bytes: u64) -> String {
    let (unit, factor) = largest(&BYTES, bytes);
    format!("{}{}", bytes / factor, unit.to_ascii_uppercase())
}

/// In the largest unit that is exact, so that `parse_time`, and a server, reads the same time.
pub fn show_time(time: Duration) -> String {
    let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    if nanos == 0 {
        return "0s".into();
    }
    let (unit, factor) = largest(&TIMES, nanos);
    format!("{}{unit}", nanos / factor)
}

fn largest<'a>(units: &[(&'a str, u64)], value: u64) -> (&'a str, u64) {
    let exact = units.iter().find(|(_, factor)| value > 0 && value.is_multiple_of(*factor));
    exact.or(units.last()).copied().unwrap_or(("", 1))
}

/// The number and what follows it; a space may stand between.
fn split(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    number.starts_with(|c: char| c.is_ascii_digit()).then_some((number, unit.trim_start()))
}

/// Exact: `1.5` is 15 tenths, never a float.
fn scale(number: &str, factor: u64) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if part.contains('.') || part.len() > 18 || (number.contains('.') && part.is_empty()) {
        return None;
    }
    let tenths = 10_u128.pow(u32::try_from(part.len()).ok()?);
    let part = if part.is_empty() { 0 } else { part.parse::<u128>().ok()? };
    let value = whole.parse::<u64>().ok()?;
    let value = (u128::from(value) * tenths + part) * u128::from(factor) / tenths;
    u64::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_people_write_them() {
        let table = [
            ("0", 0),
            ("1", 1),
            ("8M", 8 << 20),
            ("8mb", 8 << 20),
            ("8 MiB", 8 << 20),
            ("100k", 100 << 10),
            ("1.5G", 3 << 29),
            ("2T", 2 << 40),
            ("17b", 17),
            ("0.3k", 307),
            ("18446744073709551615", u64::MAX),
        ];
        for (text, bytes) in table {
            assert_eq!(parse_bytes(text), Ok(bytes), "{text}");
        }
        for text in ["", "M", "-1", "8X", "8MM", "1.2.3M", "1.M", ".5M", "8ib", "99999999T", "1e3", "8M 9"] {
            let error = parse_bytes(text).unwrap_err();
            assert_eq!(error, SizeError::Bytes(text.into()));
            assert!(error.to_string().contains("8M"), "the message shows a right value");
        }
    }

    #[test]
    fn times_as_people_write_them() {
        let table = [
            ("0", 0),
            ("10", 10_000),
            ("10s", 10_000),
            ("1.5s", 1_500),
            ("500ms", 500),
            ("5m", 300_000),
            ("2h", 7_200_000),
            ("7d", 604_800_000),
        ];
        for (text, millis) in table {
            assert_eq!(parse_time(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "5M", "10 minutes", "-5s", "1e3s", "9999999999d"] {
            assert_eq!(parse_time(text), Err(SizeError::Time(text.into())), "{text}");
        }
    }

    #[test]
    fn what_is_shown_reads_back() {
        for bytes in [0, 1, 1023, 1024, 1025, 8 << 20, (8 << 20) + 1, 3 << 29, u64::MAX] {
            assert_eq!(parse_bytes(&show_bytes(bytes)), Ok(bytes));
        }
        for nanos in [0, 1, 999, 1_500_000_000, 60_000_000_000, 90_000_000_000, 86_400_000_000_000] {
            let time = Duration::from_nanos(nanos);
            assert_eq!(parse_time(&show_time(time)), Ok(time));
        }
        assert_eq!((show_bytes(8 << 20).as_str(), show_bytes(1000).as_str()), ("8M", "1000"));
        assert_eq!(
            [300, 90, 0].map(|s| show_time(Duration::from_secs(s))),
            ["5m", "90s", "0s"].map(str::to_owned)
        );
    }
}
