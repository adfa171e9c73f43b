//! Deleting snapshots: many at once where the server can, one by one where not. A repository that is busy is waited
//! for, what is gone already is no error, and after an answer that was lost it is looked at what is still there.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use es_core::http::target::encode_segment;
use es_core::http::{Method, Repeat};
use serde_json::Value;

use crate::busy;
use crate::catalog;
use crate::cluster::Cluster;
use crate::deadline::{Deadline, Over};
use crate::error::Error;

/// Of the names in one request: servers take lines of 4 KB.
const LINE: usize = 3000;

/// What became of the names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Removal {
    pub(crate) deleted: Vec<String>,
    /// They were not there any more.
    pub(crate) gone: Vec<String>,
}

/// Deletes these snapshots; returns when they are deleted. The names are taken as they are: none is a pattern.
/// `timeout` is for all of it.
pub(crate) fn remove(
    cluster: &Cluster,
    repository: &str,
    names: &[String],
    timeout: Option<Duration>,
) -> Result<Removal, Error> {
    if names.is_empty() {
        return Ok(Removal::default());
    }
    let line = if cluster.flavor()?.deletes_snapshots_at_once() { LINE } else { 0 };
    let mut todo = VecDeque::from(batches(names, line));
    let mut done = Removal::default();
    let mut deadline = Deadline::new(cluster.shell.stop, timeout);
    let cluster = &cluster.until(&deadline);
    let mut told = false;
    while let Some(mut batch) = todo.pop_front() {
        let Err(error) = send(cluster, repository, &batch) else {
            done.deleted.append(&mut batch);
            continue;
        };
        match error.refusal() {
            Some(refusal) if refusal.kind == "snapshot_missing_exception" => {
                let before = batch.len();
                let left = still_there(cluster, repository, batch, &mut done.gone)?;
                // What is listed and cannot be found has lost its files: asking again would not end.
                if left.len() == before {
                    return Err(Error::lost(&error));
                }
                todo.extend((!left.is_empty()).then_some(left));
                continue;
            }
            Some(refusal) if busy::is_busy(refusal) => {
                if !told {
                    busy::tell(cluster, &error);
                    told = true;
                }
                todo.push_front(batch);
            }
            Some(_) => return Err(unfinished(error, &done)),
            None if error.is_lost() => {
                cluster.shell.report.warn(&format!("{error}; looking at what is still there"));
                let left = still_there(cluster, repository, batch, &mut done.deleted)?;
                todo.extend((!left.is_empty()).then_some(left));
            }
            None => return Err(unfinished(error, &done)),
        }
        match deadline.pause() {
            Ok(()) => {}
            Err(Over::Stopped) => return Err(Error::Stopped),
            Err(Over::TimedOut) => {
                let left: usize = todo.iter().map(Vec::len).sum();
                return Err(Error::TimedOut {
                    what: format!("{repository}: {left} snapshots could not be deleted in time: {error}"),
                    follow: Some(format!("es-snap list {repository}")),
                });
            }
        }
    }
    Ok(done)
}

/// As many names together as fit, at least one.
fn batches(names: &[String], line: usize) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::new();
    let mut room = 0;
    for name in names {
        let length = encode_segment(name).len() + 1;
        match all.last_mut().filter(|_| length <= room) {
            Some(batch) => batch.push(name.clone()),
            None => {
                all.push(vec![name.clone()]);
                room = line;
            }
        }
        room = room.saturating_sub(length);
    }
    all
}

fn send(cluster: &Cluster, repository: &str, batch: &[String]) -> Result<(), Error> {
    let names: Vec<_> = batch.iter().map(|name| encode_segment(name)).collect();
    let path = format!("/_snapshot/{}/{}", encode_segment(repository), names.join(","));
    let what = match batch {
        [name] => format!("deleting {repository}/{name}"),
        names => format!("deleting {} snapshots of {repository}", names.len()),
    };
    // What comes of it is looked at here; a second request would find nothing and call that a failure.
    cluster.send::<Value>(Method::Delete, &path, None, Repeat::Unsafe, &what).map(drop)
}

/// What of the batch the repository still has; the rest is added to `gone`.
fn still_there(
    cluster: &Cluster,
    repository: &str,
    batch: Vec<String>,
    gone: &mut Vec<String>,
) -> Result<Vec<String>, Error> {
    let there: BTreeSet<_> = catalog::brief(cluster, repository)?.into_iter().map(|one| one.name).collect();
    let (left, missing): (Vec<_>, Vec<_>) = batch.into_iter().partition(|name| there.contains(name));
    gone.extend(missing);
    Ok(left)
}

/// What was deleted before is said too.
fn unfinished(error: Error, done: &Removal) -> Error {
    match (done.deleted.len(), error.refusal()) {
        (1.., Some(_)) => Error::Failed {
            what: format!("{error}; {} snapshots were deleted before", done.deleted.len()),
            hint: None,
        },
        (0, Some(_)) | (_, None) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_together_as_far_as_a_line_takes_them() {
        let names: Vec<String> = (0..5).map(|n| format!("n-{n}")).collect();
        let sizes = |line| batches(&names, line).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(sizes(0), [1, 1, 1, 1, 1]);
        assert_eq!(sizes(8), [2, 2, 1]);
        assert_eq!(sizes(LINE), [5]);
        let long = vec!["ü".repeat(700), "a".into()];
        assert_eq!(batches(&long, LINE).len(), 2, "as encoded");
    }
}
