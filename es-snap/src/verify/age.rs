//! How old a snapshot or what is in it may be.

use std::time::Duration;

use jiff::Timestamp;

use super::verdict::{Found, Verdict};

/// How old `date` is, against how old it may be.
pub(super) fn age(verdict: &mut Verdict, name: &'static str, what: &str, date: i64, max: Duration) {
    let millis = Timestamp::now().as_millisecond().saturating_sub(date);
    let age = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
    let found = if age <= max { Found::Pass } else { Found::Fail };
    verdict.add(name, found, format!("{what} is {} old", told(age)));
}

/// `5 s`, `12 min`, `26 h`, `9 d`.
fn told(age: Duration) -> String {
    match age.as_secs() {
        s @ 0..=119 => format!("{s} s"),
        s @ 120..=7_199 => format!("{} min", s / 60),
        s @ 7_200..=259_199 => format!("{} h", s / 3600),
        s => format!("{} d", s / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_one_unit() {
        let told: Vec<_> = [5, 720, 93_600, 800_000].map(|s| told(Duration::from_secs(s))).into();
        assert_eq!(told, ["5 s", "12 min", "26 h", "9 d"]);
    }
}
