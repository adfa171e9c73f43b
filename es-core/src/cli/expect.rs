//! `--expect`: how many there must be, so that a script need not count.

use std::fmt;
use std::str::FromStr;

/// N, N.., ..M or N..M; both ends are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expect {
    from: u64,
    to: u64,
}

impl Expect {
    pub fn holds(self, count: u64) -> bool {
        (self.from..=self.to).contains(&count)
    }
}

impl FromStr for Expect {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Expect, &'static str> {
        let number = |text: &str, default: u64| match text {
            "" => Some(default),
            text => text.parse().ok(),
        };
        let parsed = match text.split_once("..") {
            None => text.parse().ok().map(|n| Expect { from: n, to: n }),
            Some(("", "")) => None,
            Some((from, to)) => {
                number(from, 0).zip(number(to, u64::MAX)).map(|(from, to)| Expect { from, to })
            }
        };
        parsed.filter(|range| range.from <= range.to).ok_or("write N, N.., ..M or N..M")
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (from, to) if from == to => write!(f, "{from}"),
            (from, u64::MAX) => write!(f, "{from}.."),
            (0, to) => write!(f, "..{to}"),
            (from, to) => write!(f, "{from}..{to}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_what_they_say() {
        for (text, low, inside, high) in
            [("5", 4, 5, 6), ("5..", 4, 99, 4), ("..5", 6, 0, 6), ("2..5", 1, 2, 6), ("0", 1, 0, 1)]
        {
            let range: Expect = text.parse().unwrap();
            assert!(range.holds(inside) && !range.holds(low) && !range.holds(high), "{text}");
            assert_eq!(range.to_string(), text);
        }
        for bad in ["", "..", "5..2", "x", "1..x", "-1"] {
            assert!(bad.parse::<Expect>().is_err(), "{bad}");
        }
    }
}
