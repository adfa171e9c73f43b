//! Which snapshots are kept, and why: snapshots, rules and the time in, a verdict for each out. Pure.
//!
//! Only whole snapshots count. A rule by time takes the newest of each period that has one, in the periods of UTC, and
//! as many periods as it is allowed; so days without a snapshot cost nothing.

use std::time::Duration;

use es_core::server::snapshot::{Snapshot, State};
use jiff::{Timestamp, tz::TimeZone};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) last: Option<usize>,
    pub(crate) hourly: Option<usize>,
    pub(crate) daily: Option<usize>,
    pub(crate) weekly: Option<usize>,
    pub(crate) monthly: Option<usize>,
    pub(crate) yearly: Option<usize>,
    pub(crate) within: Option<Duration>,
    /// How long a snapshot that is not whole is kept at least.
    pub(crate) failed_within: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// With the reasons.
    Keep(String),
    Delete(String),
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A period of time that a moment (in milliseconds since 1970) lies in, as a number that grows.
type Period = fn(i64) -> i64;

/// One verdict for each snapshot, in their order.
pub(crate) fn judge(snapshots: &[Snapshot], rules: &Rules, now: Timestamp) -> Vec<Verdict> {
    let now = now.as_millisecond();
    // Newest first, as the rules count.
    let mut whole: Vec<(usize, i64)> = (0..snapshots.len())
        .filter(|at| counts(&snapshots[*at]))
        .filter_map(|at| Some((at, snapshots[at].start?)))
        .collect();
    whole.sort_by(|a, b| (b.1, &snapshots[b.0].name).cmp(&(a.1, &snapshots[a.0].name)));

    let mut reasons: Vec<Vec<&str>> = vec![Vec::new(); snapshots.len()];
    for (at, _) in whole.iter().take(rules.last.unwrap_or(0)) {
        reasons[*at].push("last");
    }
    let periods: [(&str, Option<usize>, Period); 5] = [
        ("hourly", rules.hourly, |start| start.div_euclid(HOUR)),
        ("daily", rules.daily, |start| start.div_euclid(DAY)),
        // 1970 began on a Thursday.
        ("weekly", rules.weekly, |start| (start.div_euclid(DAY) + 3).div_euclid(7)),
        ("monthly", rules.monthly, |start| {
            let (year, month) = year_and_month(start);
            year * 12 + month
        }),
        ("yearly", rules.yearly, |start| year_and_month(start).0),
    ];
    for (name, limit, period) in periods {
        let (mut left, mut before) = (limit.unwrap_or(0), None);
        for (at, start) in &whole {
            let this = Some(period(*start));
            if left > 0 && this != before {
                reasons[*at].push(name);
                left -= 1;
            }
            before = this;
        }
    }
    if let Some(within) = rules.within {
        for (at, _) in whole.iter().filter(|(_, start)| now - start <= millis(within)) {
            reasons[*at].push("within");
        }
    }
    let newest = whole.first().copied();
    let judged = snapshots.iter().zip(reasons).enumerate();
    judged.map(|(at, (snapshot, reasons))| one(snapshot, at, &reasons, newest, rules, now)).collect()
}

fn one(
    snapshot: &Snapshot,
    at: usize,
    reasons: &[&str],
    newest: Option<(usize, i64)>,
    rules: &Rules,
    now: i64,
) -> Verdict {
    let keep = |why: &str| Verdict::Keep(why.to_owned());
    if let Some(policy) = snapshot.policy() {
        return Verdict::Keep(format!("left to the server's policy {policy}"));
    }
    let Some(start) = snapshot.start else { return keep("when it began is not known") };
    match snapshot.state {
        State::InProgress => keep("it is being made"),
        State::Success if !reasons.is_empty() => Verdict::Keep(reasons.join(", ")),
        State::Success if newest.is_some_and(|(newest, _)| newest == at) => keep("the newest whole one"),
        State::Success => Verdict::Delete("no rule keeps it".into()),
        State::Partial | State::Failed => match newest {
            _ if now - start <= millis(rules.failed_within) => keep("not whole, and new"),
            // The servers' clock moves in steps of 200 ms: what began at the same time is no older.
            Some((_, newer)) if newer >= start => Verdict::Delete("not whole, and a newer one is".into()),
            Some(_) | None => keep("not whole, and no newer one is"),
        },
        State::Incompatible | State::Other(_) => keep("what it is worth is not known"),
    }
}

/// Whether the rules are about it.
fn counts(snapshot: &Snapshot) -> bool {
    snapshot.state == State::Success && snapshot.policy().is_none()
}

fn year_and_month(start: i64) -> (i64, i64) {
    let date = Timestamp::from_millisecond(start).unwrap_or_default().to_zoned(TimeZone::UTC);
    (date.year().into(), date.month().into())
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
