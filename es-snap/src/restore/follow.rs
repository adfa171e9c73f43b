//! Waiting for a restore: the cluster is asked until each index is whole or will never be.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use es_core::cli::figures::size;
use es_core::http::target::encode_index;

use super::explain::explain;
use super::recovery::{Lost, Recoveries, Standing, State, Why, judge};
use crate::cluster::Cluster;
use crate::deadline::{Deadline, Over};
use crate::error::Error;

/// An index that is to come.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) target: String,
    /// Its shards that are not in the snapshot.
    pub(crate) lacks: BTreeSet<u64>,
}

/// What has become of those that were waited for.
#[derive(Debug, Default)]
pub(crate) struct Followed {
    pub(crate) standings: BTreeMap<String, Standing>,
    pub(crate) losses: Vec<Loss>,
}

/// What will not come, and why.
#[derive(Debug)]
pub(crate) struct Loss {
    pub(crate) target: String,
    pub(crate) shard: Option<u64>,
    pub(crate) why: String,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Loss { target, shard, why } = self;
        match shard {
            Some(shard) => write!(f, "{target} shard {shard}: {why}"),
            None => write!(f, "{target}: {why}"),
        }
    }
}

/// How long is waited once something is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// Not at all: the restore has failed.
    FirstLoss,
    /// Until the rest is settled too.
    AllSettled,
}

/// A server takes no longer request line than 4 kB.
const LONGEST: usize = 3000;

/// The time may be over, or a signal may come, before all is settled.
pub(crate) fn follow(
    cluster: &Cluster,
    expected: &[Expected],
    deadline: &mut Deadline<'_>,
    until: Until,
) -> Result<Result<Followed, Over>, Error> {
    let gauge = cluster.shell.report.gauge();
    let cluster = &cluster.until(deadline);
    let mut followed = Followed::default();
    let mut left: Vec<&Expected> = expected.iter().collect();
    loop {
        let mut settled = BTreeSet::new();
        for some in batches(&left) {
            let (state, recoveries) = ask(cluster, some)?;
            for Expected { target, lacks } in some {
                let before = followed.standings.remove(target).unwrap_or_default();
                let standing = judge(target, &state, &recoveries, lacks, &before.unlisted);
                if standing.is_settled() {
                    settled.insert(target.as_str());
                    followed.losses.extend(standing.lost.iter().map(|lost| told(cluster, target, lost)));
                }
                followed.standings.insert(target.clone(), standing);
            }
        }
        left.retain(|expected| !settled.contains(expected.target.as_str()));
        let sum = |of: fn(&Standing) -> u64| followed.standings.values().map(of).sum();
        gauge.set(sum(|s| s.done + s.empty), sum(|s| s.shards));
        gauge.say(&format!(" shards, {} of {}", size(sum(|s| s.bytes)), size(sum(|s| s.of_bytes))));
        let lost = until == Until::FirstLoss && !followed.losses.is_empty();
        if left.is_empty() || lost {
            return Ok(Ok(followed));
        }
        if let Err(over) = deadline.pause() {
            return Ok(Err(over));
        }
    }
}

/// The state first: what is started there is listed in an answer that was asked for later.
fn ask(cluster: &Cluster, some: &[&Expected]) -> Result<(State, Recoveries), Error> {
    let names = joined(some);
    let path = format!(
        "/_cluster/state/metadata,routing_table/{names}?ignore_unavailable=true&expand_wildcards=all&\
         filter_path=metadata.indices.*.settings.index.number_of_shards,routing_table.indices"
    );
    let state = cluster.get(&path, "asking where the shards are")?;
    match cluster.get(&format!("/{names}/_recovery"), "asking how far the restore is") {
        Ok(recoveries) => Ok((state, recoveries)),
        // Without the index nothing is listed, and the state says so too.
        Err(e) if e.refusal().is_some_and(|refusal| refusal.status == 404) => Ok((state, Recoveries::new())),
        Err(e) => Err(e),
    }
}

fn batches<'a, 'b>(all: &'a [&'b Expected]) -> impl Iterator<Item = &'a [&'b Expected]> {
    let mut rest = all;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = rest.iter().take_while(|expected| {
            bytes += encode_index(&expected.target).len() + 1;
            bytes <= LONGEST
        });
        let count = fits.count().max(1).min(rest.len());
        let (some, later) = rest.split_at(count);
        rest = later;
        (!some.is_empty()).then_some(some)
    })
}

fn joined(some: &[&Expected]) -> String {
    some.iter().map(|expected| encode_index(&expected.target)).collect::<Vec<_>>().join(",")
}

fn told(cluster: &Cluster, target: &str, lost: &Lost) -> Loss {
    let why = match (&lost.why, lost.shard) {
        (Why::Gone, _) => "it is not in the cluster".to_owned(),
        (Why::Failed(why), _) => format!("it could not be restored: {why}"),
        (Why::NotPlaced, Some(shard)) => explain(cluster, target, shard),
        (Why::NotPlaced, None) => "no node may have it".to_owned(),
        (Why::Unlisted, _) => "it vanished from the list of recoveries".to_owned(),
        (Why::Emptied, _) => "it was made anew without documents".to_owned(),
    };
    Loss { target: target.to_owned(), shard: lost.shard, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_asked_for_in_requests_that_are_not_too_long() {
        let expected: Vec<_> = (0..100)
            .map(|n| Expected { target: format!("{n:0>100}"), lacks: BTreeSet::new() })
            .chain([Expected { target: "é".repeat(1500), lacks: BTreeSet::new() }])
            .collect();
        let all: Vec<_> = expected.iter().collect();
        let counts: Vec<_> = batches(&all).map(<[_]>::len).collect();
        assert_eq!(counts, [29, 29, 29, 13, 1]);
        assert_eq!(batches(&[]).count(), 0);
    }
}
