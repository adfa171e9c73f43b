//! What a person would look at in what a drill has restored: counts, fields, dates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use es_core::cli::figures::grouped;
use es_core::http::target::encode_segment;
use es_core::http::{Method, Repeat};
use es_core::server::{Refusal, refresh};
use serde_json::{Value, json};

use super::age::age;
use super::verdict::{Found, Verdict};
use crate::args::Verify;
use crate::cluster::Cluster;
use crate::counts::{Line, count, count_of};
use crate::error::Error;

/// What the counts are compared with.
pub(crate) enum Compare {
    Live,
    Manifest(BTreeMap<String, Line>),
}

/// # Errors
/// When the manifest cannot be read.
pub(crate) fn compare(typed: &Path) -> Result<Compare, Error> {
    if typed == Path::new("live") {
        return Ok(Compare::Live);
    }
    let shown = typed.display();
    let text =
        std::fs::read_to_string(typed).map_err(|why| Error::System { what: format!("read {shown}"), why })?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let lines = lines.map(|(at, line)| {
        let line: Line = serde_json::from_str(line)
            .map_err(|e| Error::failed(format!("line {} of {shown} is not of a manifest: {e}", at + 1)))?;
        Ok((line.index.clone(), line))
    });
    Ok(Compare::Manifest(lines.collect::<Result<_, Error>>()?))
}

/// Looks at those that have come.
pub(crate) fn look(
    args: &Verify,
    cluster: &Cluster,
    targets: &BTreeMap<String, &str>,
    lost: &BTreeSet<String>,
    compare: Option<&Compare>,
    verdict: &mut Verdict,
) -> Result<(), Error> {
    let whole: Vec<_> = targets.iter().filter(|(target, _)| !lost.contains(*target)).collect();
    let mut sum = 0;
    for (target, index) in &whole {
        refresh(&cluster.client, target)?;
        let documents = count(cluster, target)?;
        sum += documents;
        let range = match compare {
            None => None,
            Some(Compare::Live) => live(cluster, index)?,
            Some(Compare::Manifest(lines)) => lines.get(**index).map(|line| (line.min, line.max)),
        };
        let tolerance = args.drill.tolerance.unwrap_or(0.0);
        let found = match (compare.is_some(), range) {
            (false, _) => Found::Pass,
            (true, Some(range)) if within(documents, range, tolerance) => Found::Pass,
            (true, _) => Found::Fail,
        };
        let text = match (compare.is_some(), range) {
            (false, _) => format!("{} documents", grouped(documents)),
            (true, None) => format!("{} documents, and nothing to compare them with", grouped(documents)),
            (true, Some((min, max))) if min == max => {
                format!("{} documents of {}", grouped(documents), grouped(min))
            }
            (true, Some((min, max))) => {
                format!("{} documents of {} to {}", grouped(documents), grouped(min), grouped(max))
            }
        };
        verdict.about("count", found, index, None, text);
        if let Some(expect) = args.drill.expect_each
            && !expect.holds(documents)
        {
            let text = format!("{} documents, and {expect} were expected", grouped(documents));
            verdict.about("expect", Found::Fail, index, None, text);
        }
    }
    if lost.is_empty() {
        match args.drill.expect {
            Some(expect) if !expect.holds(sum) => {
                verdict.add(
                    "expect",
                    Found::Fail,
                    format!("{} documents, and {expect} were expected", grouped(sum)),
                );
            }
            Some(_) | None => verdict.add("count", Found::Pass, format!("{} documents", grouped(sum))),
        }
    }
    let targets: Vec<_> = whole.iter().map(|(target, _)| target.as_str()).collect();
    for field in &args.drill.field {
        let query = json!({"query": {"exists": {"field": field}}});
        let mut has = false;
        for target in &targets {
            has = has || count_of(cluster, target, Some(&query))? > 0;
        }
        let (found, text) = match has {
            true => (Found::Pass, format!("{field} is there")),
            false => (Found::Fail, format!("no document has {field}")),
        };
        verdict.add("field", found, text);
    }
    if let (Some(field), Some(max)) = (&args.drill.newest, args.max_age) {
        let dates =
            targets.iter().map(|target| newest(cluster, target, field)).collect::<Result<Vec<_>, _>>()?;
        match dates.into_iter().flatten().max() {
            Some(date) => age(verdict, "newest", &format!("the newest {field}"), date, max),
            None => verdict.add("newest", Found::Fail, format!("no document has a date in {field}")),
        }
    }
    Ok(())
}

/// How many the cluster has under the old name. None where it is gone.
fn live(cluster: &Cluster, index: &str) -> Result<Option<(u64, u64)>, Error> {
    match count(cluster, index) {
        Ok(count) => Ok(Some((count, count))),
        Err(e) if e.refusal().is_some_and(Refusal::is_gone) => Ok(None),
        Err(e) => Err(e.into()),
    }
}

/// Whether a count lies between these, or as many percent outside.
fn within(count: u64, (min, max): (u64, u64), tolerance: f64) -> bool {
    let off = |bound: u64| {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of it, not less than nothing"
        )]
        let part = (bound as f64 * tolerance / 100.0) as u64;
        part
    };
    count >= min.saturating_sub(off(min)) && count <= max.saturating_add(off(max))
}

/// The newest date of a field, in milliseconds.
fn newest(cluster: &Cluster, index: &str, field: &str) -> Result<Option<i64>, Error> {
    let body = json!({"size": 0, "aggs": {"newest": {"max": {"field": field}}}});
    let path = format!("/{}/_search?allow_partial_search_results=false", encode_segment(index));
    let what = format!("looking for the newest {field} of {index}");
    let answer: Value = cluster.send(Method::Post, &path, Some(&body), Repeat::Safe, &what)?;
    let value = answer.pointer("/aggregations/newest/value").and_then(Value::as_f64);
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of dates are far below 2^53")]
    let millis = value.map(|millis| millis as i64);
    Ok(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_may_be_off_by_so_many_percent() {
        for (count, range, tolerance, is) in [
            (100, (100, 100), 0.0, true),
            (99, (100, 100), 0.0, false),
            (99, (100, 100), 1.0, true),
            (98, (100, 100), 1.0, false),
            (101, (100, 100), 1.0, true),
            (5, (3, 9), 0.0, true),
            (0, (0, 0), 0.0, true),
            (1, (0, 0), 50.0, false),
        ] {
            assert_eq!(within(count, range, tolerance), is, "{count} {range:?} {tolerance}");
        }
    }
}
