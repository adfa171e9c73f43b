//! What came of a restore that has begun: it is followed to its end, or said to go on.

use std::collections::BTreeSet;

use es_core::cli::Exit;
use es_core::cli::figures::{grouped, seconds};
use es_core::http::target::encode_segment;
use es_core::server::refresh;
use serde::Deserialize;

use super::follow::{Expected, Followed, Until, follow};
use super::preview::{Item, Kind};
use super::shown::print_result;
use crate::args::Restore;
use crate::cluster::Cluster;
use crate::counts::count;
use crate::deadline::{Deadline, Over};
use crate::error::Error;
use crate::listed::{SHOWN, listed, listed_by};
use crate::pending::Pending;

/// Follows it, and says what came of it.
pub(crate) fn wait(
    args: &Restore,
    cluster: &Cluster,
    items: &[Item],
    deadline: &mut Deadline<'_>,
) -> Result<Exit, Error> {
    let report = cluster.shell.report;
    let pending = pending(cluster, items);
    let expected = expected(cluster, items).map_err(|e| pending.goes_on(e, deadline))?;
    let names = listed(expected.iter().map(|expected| expected.target.as_str()));
    let followed = match follow(cluster, &expected, deadline, Until::FirstLoss) {
        Ok(Ok(followed)) => followed,
        Ok(Err(Over::TimedOut)) => {
            let what = format!("after {} the restore still runs: {names}", seconds(deadline.elapsed()));
            return Err(Error::TimedOut { what, follow: Some(pending.follow) });
        }
        Ok(Err(Over::Stopped)) => return Err(pending.or_undone(&names).goes_on(Error::Stopped, deadline)),
        Err(e) => return Err(pending.or_undone(&names).goes_on(e, deadline)),
    };
    if !followed.losses.is_empty() {
        return Err(failure(&followed));
    }
    let mut exit = Exit::Done;
    let empty: u64 = followed.standings.values().map(|standing| standing.empty).sum();
    if empty > 0 {
        report.warn(&format!(
            "{} shards are not in the snapshot: they were made without documents",
            grouped(empty)
        ));
        exit = Exit::Partial;
    }
    let counted = args.how.wait.expect.is_some() || args.how.look.format(true).is_some();
    let documents: Option<Vec<u64>> = match counted {
        true => {
            Some(expected.iter().map(|index| documents(cluster, &index.target)).collect::<Result<_, _>>()?)
        }
        false => None,
    };
    print_result(args, cluster.shell, &expected, items, &followed, documents.as_deref())?;
    let sum: Option<u64> = documents.map(|documents| documents.iter().sum());
    if let (Some(expect), Some(sum)) = (args.how.wait.expect, sum)
        && !expect.holds(sum)
    {
        report.warn(&format!("expected {expect} documents, and there are {}", grouped(sum)));
        exit = exit.worse(Exit::Check);
    }
    report.tell(&format!(
        "{} indices, {} shards in {}",
        grouped(expected.len() as u64),
        grouped(followed.standings.values().map(|standing| standing.shards).sum()),
        seconds(deadline.elapsed())
    ));
    Ok(exit)
}

/// A restore that makes these. Of many indices it is followed among all others.
pub(super) fn pending<'a>(cluster: &Cluster<'a>, items: &[Item]) -> Pending<'a> {
    let host = cluster.client.host();
    let follow = match items.len() {
        0..=SHOWN => {
            let names: Vec<_> = items.iter().map(|item| item.target.as_str()).collect();
            format!("es-cat recovery {host}/{}", names.join(","))
        }
        _ => format!("es-cat recovery {host}"),
    };
    Pending { shell: cluster.shell, what: "the restore".into(), follow }
}

fn documents(cluster: &Cluster, index: &str) -> Result<u64, Error> {
    refresh(&cluster.client, index)?;
    Ok(count(cluster, index)?)
}

/// The indices that are to come; those of a data stream are what the server now has.
fn expected(cluster: &Cluster, items: &[Item]) -> Result<Vec<Expected>, Error> {
    let plain = items.iter().filter(|item| item.kind != Kind::Stream);
    let mut expected: Vec<_> =
        plain.map(|item| Expected { target: item.target.clone(), lacks: item.lacks.clone() }).collect();
    for stream in items.iter().filter(|item| item.kind == Kind::Stream) {
        let path = format!("/_data_stream/{}", encode_segment(&stream.target));
        let streams: Streams = cluster.get(&path, "asking for the indices of a data stream")?;
        for Backing { index_name } in streams.data_streams.into_iter().flat_map(|stream| stream.indices) {
            if expected.iter().all(|expected| expected.target != index_name) {
                expected.push(Expected { target: index_name, lacks: BTreeSet::new() });
            }
        }
    }
    Ok(expected)
}

#[derive(Deserialize)]
struct Streams {
    data_streams: Vec<Stream>,
}

#[derive(Deserialize)]
struct Stream {
    indices: Vec<Backing>,
}

#[derive(Deserialize)]
struct Backing {
    index_name: String,
}

fn failure(followed: &Followed) -> Error {
    let losses: Vec<_> = followed.losses.iter().map(ToString::to_string).collect();
    let names: BTreeSet<_> = followed.losses.iter().map(|loss| loss.target.as_str()).collect();
    Error::Failed {
        what: format!("the restore failed: {}", listed_by("; ", losses.iter().map(String::as_str))),
        hint: Some(format!(
            "before it is tried again, delete what is left of {}; what is not named here may go on",
            listed(names.into_iter())
        )),
    }
}
