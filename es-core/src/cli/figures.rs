//! Numbers as people read them.

use std::time::Duration;

/// `1,000,000`
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `35 MB`, in powers of 1,000, as disks and networks are measured.
pub fn size(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    match units.iter().find(|(_, unit)| bytes >= *unit) {
        None => format!("{bytes} B"),
        Some((name, unit)) if bytes / unit >= 10 => format!("{} {name}", grouped((bytes + unit / 2) / unit)),
        Some((name, unit)) => {
            let tenths = (bytes * 10 + unit / 2) / unit;
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
    }
}

/// `41.2 s`, `12 min 5 s`, `3 h 20 min`
pub fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    match whole {
        0..=59 => format!("{:.1} s", time.as_secs_f64()),
        60..=3599 => format!("{} min {} s", whole / 60, whole % 60),
        3600.. => format!("{} h {} min", whole / 3600, whole / 60 % 60),
    }
}

/// Per second; a time too short to measure counts as a millisecond.
pub fn rate(count: u64, time: Duration) -> u64 {
    let millis = time.as_millis().max(1);
    u64::try_from(u128::from(count) * 1000 / millis).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_read_them() {
        let table = [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")];
        for (n, text) in table {
            assert_eq!(grouped(n), text);
        }
        let table = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (9_950, "10.0 kB"),
            (35_400_000, "35 MB"),
            (2_640_000_000, "2.6 GB"),
            (1_234_000_000_000, "1,234 GB"),
        ];
        for (n, text) in table {
            assert_eq!(size(n), text);
        }
        let table = [(41_230, "41.2 s"), (725_000, "12 min 5 s"), (12_000_000, "3 h 20 min"), (3, "0.0 s")];
        for (millis, text) in table {
            assert_eq!(seconds(Duration::from_millis(millis)), text);
        }
        assert_eq!(rate(1_000_000, Duration::from_millis(41_200)), 24_271);
        assert_eq!(rate(5, Duration::ZERO), 5_000);
    }
}
