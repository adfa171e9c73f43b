//! The types of columns: how a value of a server becomes ours, what it is worth in comparisons, how people read it.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::record::size::{parse_bytes, parse_time};
use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A whole number.
    Int,
    /// A number with a fraction.
    Number,
    Bytes,
    Ms,
    Percent,
    /// UTC, as ISO 8601 with milliseconds, so that texts compare as times do.
    Time,
    /// Texts, with commas between.
    List,
    /// `true` or `false`.
    Flag,
    /// A column that our table does not know: text, which compares as a number where it is one.
    Other,
}

/// What a value is worth in comparisons; numbers come before texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth<'a> {
    /// In billionths, so that whole numbers and fractions compare exactly.
    Number(i128),
    Text(&'a str),
}

const BILLION: i128 = 1_000_000_000;

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Int => "int",
            Kind::Number => "number",
            Kind::Bytes => "bytes",
            Kind::Ms => "ms",
            Kind::Percent => "percent",
            Kind::Time => "time",
            Kind::List => "list",
            Kind::Flag => "flag",
            Kind::Other => "other",
        }
    }

    pub fn is_number(self) -> bool {
        match self {
            Kind::Int | Kind::Number | Kind::Bytes | Kind::Ms | Kind::Percent => true,
            Kind::Text | Kind::Time | Kind::List | Kind::Flag | Kind::Other => false,
        }
    }

    /// Adds a server's value to `out` as ours. False: there is none.
    pub fn take(self, raw: &str, out: &mut String) -> bool {
        let trimmed = raw.trim();
        // What the reports write for "nothing", where another value would stand.
        let nothing = matches!(trimmed, "" | "-" | "n/a" | "N/A");
        match self {
            Kind::Flag if trimmed.is_empty() => return false,
            Kind::Flag => out.push_str(if matches!(trimmed, "*" | "true") { "true" } else { "false" }),
            _ if nothing => return false,
            Kind::Text | Kind::Other => out.push_str(raw),
            Kind::Int | Kind::Number => out.push_str(trimmed),
            Kind::Percent => out.push_str(trimmed.trim_end_matches('%')),
            Kind::Bytes => match parse_bytes(trimmed) {
                Ok(bytes) if !is_digits(trimmed) => out.push_str(&bytes.to_string()),
                Ok(_) | Err(_) => out.push_str(trimmed),
            },
            Kind::Ms => match parse_time(trimmed) {
                Ok(time) if !is_digits(trimmed) => out.push_str(&time.as_millis().to_string()),
                Ok(_) | Err(_) => out.push_str(trimmed),
            },
            Kind::Time => return take_time(trimmed, out),
            Kind::List => {
                let inner = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
                let inner = inner.unwrap_or(trimmed);
                if inner.is_empty() {
                    return false;
                }
                for (i, part) in inner.split(", ").enumerate() {
                    out.extend((i > 0).then_some(','));
                    out.push_str(part);
                }
            }
        }
        true
    }

    pub fn worth(self, value: &str) -> Worth<'_> {
        let number = match self {
            Kind::Int | Kind::Number | Kind::Bytes | Kind::Ms | Kind::Percent | Kind::Other => decimal(value),
            Kind::Text | Kind::Time | Kind::List | Kind::Flag => None,
        };
        number.map_or(Worth::Text(value), Worth::Number)
    }

    pub fn compare(self, a: &str, b: &str) -> Ordering {
        self.worth(a).cmp(&self.worth(b))
    }

    /// As people read it: with units.
    pub fn human(self, value: &str) -> Cow<'_, str> {
        match self {
            Kind::Bytes => value.parse().map_or(value.into(), |bytes| bytes_for_people(bytes).into()),
            Kind::Ms => value.parse().map_or(value.into(), |ms| time_for_people(ms).into()),
            Kind::Percent => format!("{value}%").into(),
            Kind::Text | Kind::Int | Kind::Number | Kind::Time | Kind::List | Kind::Flag | Kind::Other => {
                value.into()
            }
        }
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// Seconds or milliseconds since 1970, or ISO 8601. The beginning of 1970 is what servers write for "not yet".
fn take_time(text: &str, out: &mut String) -> bool {
    let time = if is_digits(text) {
        let number = text.parse::<i64>().ok();
        // Eleven digits of seconds reach into the year 5138, eleven of milliseconds only into 1973.
        number.and_then(|n| match text.len() {
            ..=11 => Timestamp::from_second(n).ok(),
            _ => Timestamp::from_millisecond(n).ok(),
        })
    } else {
        text.parse().ok()
    };
    match time {
        Some(time) if time == Timestamp::UNIX_EPOCH => return false,
        Some(time) => show_time(time, out),
        None => out.push_str(text),
    }
    true
}

/// Always with milliseconds.
pub fn show_time(time: Timestamp, out: &mut String) {
    // Writing into a text does not fail.
    let _ = DateTimePrinter::new().precision(Some(3)).print_timestamp(&time, out);
}

/// In billionths.
pub fn decimal(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = is_digits(whole) && is_digits(part) && !whole.is_empty() && whole.len() <= 28;
    if !plain {
        // `1.0E-4`, as Java writes what is small or large; no size or count comes so.
        let number: f64 = text.parse().ok().filter(|n: &f64| n.is_finite() && n.abs() < 1e20)?;
        return Some((number * 1e9) as i128);
    }
    let part = &part[..part.len().min(9)];
    let scale = 10_i128.pow(9 - u32::try_from(part.len()).unwrap_or(9));
    let part = if part.is_empty() { 0 } else { part.parse::<i128>().ok()? * scale };
    Some(sign * (whole.parse::<i128>().ok()? * BILLION + part))
}

/// `1.1GB`, in powers of 1,024, as `--where` reads it.
fn bytes_for_people(bytes: u64) -> String {
    let units = ["B", "KB", "MB", "GB", "TB", "PB"];
    scaled(bytes, &[1, 1 << 10, 1 << 20, 1 << 30, 1 << 40, 1 << 50], &units)
}

/// `1.3s`, as `--where` reads it.
fn time_for_people(ms: u64) -> String {
    scaled(ms, &[1, 1_000, 60_000, 3_600_000, 86_400_000], &["ms", "s", "m", "h", "d"])
}

fn scaled(value: u64, steps: &[u64], names: &[&str]) -> String {
    let place = steps.iter().rposition(|step| value >= *step).unwrap_or(0);
    if place == 0 {
        return format!("{value}{}", names[0]);
    }
    let mut place = place;
    let tenths =
        |place: usize| (u128::from(value) * 10 + u128::from(steps[place]) / 2) / u128::from(steps[place]);
    // 1023.96 KB are shown as 1.0MB.
    if steps
        .get(place + 1)
        .is_some_and(|next| tenths(place) * u128::from(steps[place]) >= 10 * u128::from(*next))
    {
        place += 1;
    }
    let tenths = tenths(place);
    format!("{}.{}{}", tenths / 10, tenths % 10, names[place])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(kind: Kind, raw: &str) -> Option<String> {
        let mut out = String::new();
        kind.take(raw, &mut out).then_some(out)
    }

    #[test]
    fn values_of_servers_become_plain() {
        for (kind, raw, ours) in [
            (Kind::Text, "a b", Some("a b")),
            (Kind::Text, "-", None),
            (Kind::Text, "", None),
            (Kind::Text, "n/a", None),
            (Kind::Int, " 42", Some("42")),
            (Kind::Int, "-1", Some("-1")),
            (Kind::Bytes, "943718400", Some("943718400")),
            (Kind::Bytes, "900mb", Some("943718400")),
            (Kind::Bytes, "1.5gb", Some("1610612736")),
            (Kind::Ms, "1500", Some("1500")),
            (Kind::Ms, "1.5s", Some("1500")),
            (Kind::Ms, "300micros", Some("300micros")),
            (Kind::Percent, "37.5%", Some("37.5")),
            (Kind::Percent, "-", None),
            (Kind::Time, "1795273209691", Some("2026-11-21T15:00:09.691Z")),
            (Kind::Time, "1795273209", Some("2026-11-21T15:00:09.000Z")),
            (Kind::Time, "2026-11-21T15:00:09.7Z", Some("2026-11-21T15:00:09.700Z")),
            (Kind::Time, "0", None),
            (Kind::List, "[a-*, b-*]", Some("a-*,b-*")),
            (Kind::List, "[]", None),
            (Kind::Flag, "*", Some("true")),
            (Kind::Flag, "-", Some("false")),
            (Kind::Flag, "m", Some("false")),
        ] {
            assert_eq!(taken(kind, raw).as_deref(), ours, "{kind:?} {raw:?}");
        }
    }

    #[test]
    fn values_compare_by_what_they_are() {
        for (kind, less, more) in [
            (Kind::Bytes, "943718400", "1181116006"),
            (Kind::Int, "9", "10"),
            (Kind::Int, "-2", "1"),
            (Kind::Number, "0.09", "0.1"),
            (Kind::Number, "1.0E-4", "0.001"),
            (Kind::Int, "9007199254740992", "9007199254740993"),
            (Kind::Text, "10", "9"),
            (Kind::Other, "9", "10"),
            // As texts, "1a" would stand between the two.
            (Kind::Other, "10", "1a"),
            (Kind::Other, "9", "1a"),
            (Kind::Int, "10", "none"),
            (Kind::Time, "2026-11-21T15:00:09.691Z", "2026-11-21T15:00:10.000Z"),
        ] {
            assert_eq!(kind.compare(less, more), Ordering::Less, "{kind:?} {less} {more}");
            assert_eq!(kind.compare(more, less), Ordering::Greater, "{kind:?} {more} {less}");
            assert_eq!(kind.compare(more, more), Ordering::Equal);
        }
    }

    #[test]
    fn people_read_units() {
        for (kind, value, shown) in [
            (Kind::Bytes, "0", "0B"),
            (Kind::Bytes, "1023", "1023B"),
            (Kind::Bytes, "1024", "1.0KB"),
            (Kind::Bytes, "943718400", "900.0MB"),
            (Kind::Bytes, "1048575", "1.0MB"),
            (Kind::Bytes, "1319413953331", "1.2TB"),
            (Kind::Ms, "45", "45ms"),
            (Kind::Ms, "1300", "1.3s"),
            (Kind::Ms, "90000", "1.5m"),
            (Kind::Percent, "37.5", "37.5%"),
            (Kind::Int, "1234567", "1234567"),
        ] {
            assert_eq!(kind.human(value), shown);
        }
    }
}
