//! Tables, and the laws against a model that asks of each snapshot alone what the rules say in words.

use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;
use serde_json::json;

use super::*;

const NOW: &str = "2026-11-21T18:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn snapshot(name: &str, start: &str, state: State) -> Snapshot {
    let start: Timestamp = start.parse().unwrap();
    Snapshot { name: name.into(), start: Some(start.as_millisecond()), state, ..Snapshot::default() }
}

fn rules() -> Rules {
    Rules { failed_within: Duration::from_secs(7 * 86_400), ..Rules::default() }
}

/// The names of those that are kept.
fn kept(snapshots: &[Snapshot], rules: &Rules) -> Vec<String> {
    let judged = judge(snapshots, rules, now());
    let kept = snapshots.iter().zip(judged).filter(|(_, verdict)| matches!(verdict, Verdict::Keep(_)));
    kept.map(|(snapshot, _)| snapshot.name.clone()).collect()
}

#[test]
fn each_rule_keeps_the_newest_of_each_of_its_periods() {
    let good = |name, start| snapshot(name, start, State::Success);
    let all = [
        good("a", "2025-12-31T23:59:59Z"),
        good("b", "2026-01-01T00:00:00Z"),
        good("c", "2026-10-31T12:00:00Z"),
        good("d", "2026-11-15T23:00:00Z"), // a Sunday
        good("e", "2026-11-16T01:00:00Z"), // a Monday
        good("f", "2026-11-20T10:00:00Z"),
        good("g", "2026-11-20T10:59:59Z"),
        good("h", "2026-11-21T17:00:00Z"),
    ];
    for (rules, names) in [
        (Rules { last: Some(3), ..rules() }, "fgh"),
        (Rules { hourly: Some(3), ..rules() }, "egh"),
        (Rules { daily: Some(2), ..rules() }, "gh"),
        (Rules { weekly: Some(2), ..rules() }, "dh"),
        (Rules { monthly: Some(2), ..rules() }, "ch"),
        (Rules { yearly: Some(9), ..rules() }, "ah"),
        (Rules { within: Some(Duration::from_secs(86_400)), ..rules() }, "h"),
        (Rules { within: Some(Duration::from_secs(60)), ..rules() }, "h"),
        (Rules { last: Some(1), yearly: Some(2), ..rules() }, "ah"),
        (rules(), "h"),
    ] {
        assert_eq!(kept(&all, &rules).concat(), names, "{rules:?}");
    }
    let verdicts = judge(&all, &Rules { last: Some(1), daily: Some(1), ..rules() }, now());
    assert_eq!(verdicts[7], Verdict::Keep("last, daily".into()));
    assert_eq!(verdicts[0], Verdict::Delete("no rule keeps it".into()));
}

#[test]
fn what_is_no_whole_snapshot_counts_for_nothing() {
    let policy = |key: &str| {
        let mut made = snapshot("p", "2026-01-01T00:00:00Z", State::Success);
        made.metadata = json!({key: "nightly"}).as_object().cloned();
        made
    };
    let at = |start, state| snapshot("s", start, state);
    let whole = snapshot("whole", "2026-11-01T00:00:00Z", State::Success);
    for (one, stays) in [
        (at("2026-10-01T00:00:00Z", State::Partial), false),
        (at("2026-10-01T00:00:00Z", State::Failed), false),
        (at("2026-11-02T00:00:00Z", State::Failed), true), // newer than the whole one
        (at("2026-11-20T00:00:00Z", State::Partial), true),
        (at("2026-10-01T00:00:00Z", State::InProgress), true),
        (at("2026-10-01T00:00:00Z", State::Incompatible), true),
        (at("2026-10-01T00:00:00Z", State::Other("LATER".into())), true),
        (policy("policy"), true),
        (policy("sm_policy"), true),
        (Snapshot { start: None, ..whole.clone() }, true),
        (at("2026-10-01T00:00:00Z", State::Success), false),
    ] {
        let verdict = &judge(&[one.clone(), whole.clone()], &Rules { last: Some(1), ..rules() }, now())[0];
        assert_eq!(matches!(verdict, Verdict::Keep(_)), stays, "{one:?}: {verdict:?}");
    }
    // Nothing whole: nothing goes.
    let failed = [at("2026-01-01T00:00:00Z", State::Failed), at("2026-02-01T00:00:00Z", State::Partial)];
    assert_eq!(kept(&failed, &Rules { last: Some(1), ..rules() }).len(), 2);
}

fn state() -> impl Strategy<Value = State> {
    prop_oneof![
        6 => Just(State::Success),
        1 => Just(State::Partial),
        1 => Just(State::Failed),
        1 => Just(State::InProgress),
        1 => Just(State::Incompatible),
    ]
}

fn snapshots() -> impl Strategy<Value = Vec<Snapshot>> {
    // Some close together, some years apart, some in the future.
    let start = prop_oneof![0..400_000_i64, 0..40_000_000_i64, 0..300_000_000_i64, -50_000..0_i64];
    let one = (start, state(), prop::bool::weighted(0.1), prop::bool::weighted(0.05));
    prop::collection::vec(one, 0..60).prop_map(|all| {
        let one = |(n, (ago, state, policy, unknown)): (usize, (i64, State, bool, bool))| Snapshot {
            name: format!("s{n:02}"),
            start: (!unknown).then_some(now().as_millisecond() - ago * 1000),
            state,
            metadata: policy.then(|| json!({"policy": "p"}).as_object().cloned()).flatten(),
            ..Snapshot::default()
        };
        all.into_iter().enumerate().map(one).collect()
    })
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let count = || prop::option::weighted(0.4, 1..9_usize);
    let within = prop::option::weighted(0.3, 1..3_000_000_u64);
    ((count(), count(), count()), (count(), count(), count()), within, 0..2_000_000_u64).prop_map(
        |((last, hourly, daily), (weekly, monthly, yearly), within, failed)| Rules {
            last,
            hourly,
            daily,
            weekly,
            monthly,
            yearly,
            within: within.map(Duration::from_secs),
            failed_within: Duration::from_secs(failed),
        },
    )
}

/// The period that a snapshot lies in, as a calendar writes it.
fn named(start: i64, rule: &str) -> String {
    let at = Timestamp::from_millisecond(start).unwrap().to_zoned(TimeZone::UTC);
    let week = at.date().iso_week_date();
    match rule {
        "hourly" => at.strftime("%Y-%m-%d %H").to_string(),
        "daily" => at.strftime("%Y-%m-%d").to_string(),
        "weekly" => format!("{:04}-{:02}", week.year(), week.week()),
        "monthly" => at.strftime("%Y-%m").to_string(),
        "yearly" => at.strftime("%Y").to_string(),
        other => panic!("{other}"),
    }
}

/// What the manual says, snapshot by snapshot.
fn model(all: &[Snapshot], at: usize, rules: &Rules) -> bool {
    let this = &all[at];
    let Some(start) = this.start.filter(|_| this.metadata.is_none()) else { return true };
    let age = |start: i64| now().as_millisecond() - start;
    let is_whole =
        |one: &&Snapshot| one.state == State::Success && one.metadata.is_none() && one.start.is_some();
    let whole: Vec<_> = all.iter().filter(is_whole).collect();
    let order = |one: &Snapshot| (one.start.unwrap(), one.name.clone());
    let newer: Vec<_> = whole.iter().filter(|other| order(other) > order(this)).collect();
    match this.state {
        State::Success => {}
        State::Partial | State::Failed => {
            let newer = whole.iter().any(|other| other.start >= this.start);
            return !newer || age(start) <= rules.failed_within.as_millis() as i64;
        }
        State::InProgress | State::Incompatible | State::Other(_) => return true,
    }
    let by_period = |rule: &str, limit: Option<usize>| {
        let mine = named(start, rule);
        let newest = newer.iter().all(|other| named(other.start.unwrap(), rule) != mine);
        let later: BTreeSet<_> = newer.iter().map(|other| named(other.start.unwrap(), rule)).collect();
        newest && later.len() < limit.unwrap_or(0)
    };
    newer.is_empty()
        || newer.len() < rules.last.unwrap_or(0)
        || by_period("hourly", rules.hourly)
        || by_period("daily", rules.daily)
        || by_period("weekly", rules.weekly)
        || by_period("monthly", rules.monthly)
        || by_period("yearly", rules.yearly)
        || rules.within.is_some_and(|within| age(start) <= within.as_millis() as i64)
}

proptest! {
    #[test]
    fn what_is_kept_is_what_the_rules_say_in_words(all in snapshots(), rules in any_rules()) {
        let judged = judge(&all, &rules, now());
        prop_assert_eq!(judged.len(), all.len());
        for (at, verdict) in judged.iter().enumerate() {
            prop_assert_eq!(matches!(verdict, Verdict::Keep(_)), model(&all, at, &rules), "{:?}", &all[at]);
        }
    }

    #[test]
    fn a_second_run_removes_nothing_more(all in snapshots(), rules in any_rules()) {
        let judged = judge(&all, &rules, now());
        let left: Vec<_> = all.into_iter().zip(judged).filter(|(_, verdict)| matches!(verdict, Verdict::Keep(_))).map(|(one, _)| one).collect();
        let again = judge(&left, &rules, now());
        prop_assert!(again.iter().all(|verdict| matches!(verdict, Verdict::Keep(_))));
    }
}

#[test]
fn weeks_begin_on_mondays_in_every_year() {
    let mut day = date(2015, 1, 1);
    while day < date(2030, 1, 10) {
        let start = day.to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond();
        let next = start + DAY;
        let same = (start.div_euclid(DAY) + 3).div_euclid(7) == (next.div_euclid(DAY) + 3).div_euclid(7);
        assert_eq!(same, named(start, "weekly") == named(next, "weekly"), "{day}");
        day = day.tomorrow().unwrap();
    }
}
