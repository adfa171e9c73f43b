//! `--drill`: the snapshot is restored under names of its own, looked at as a person would, and deleted again.

use std::collections::{BTreeMap, BTreeSet};

use es_core::cli::figures::{grouped, seconds};
use es_core::server::snapshot::Snapshot;
use jiff::Timestamp;

use super::disk;
use super::look::{compare, look};
use super::marker::{self, PREFIX};
use super::sweep::Copies;
use super::verdict::{Found, Verdict};
use crate::args::Verify;
use crate::cluster::Cluster;
use crate::deadline::{Deadline, Over};
use crate::error::Error;
use crate::restore::follow::{Expected, Until, follow};
use crate::restore::preview;
use crate::restore::rename::Rename;
use crate::restore::request::Request;

pub(crate) fn drill(
    args: &Verify,
    cluster: &Cluster,
    repository: &str,
    snapshot: &Snapshot,
    verdict: &mut Verdict,
) -> Result<(), Error> {
    let compare = args.drill.compare.as_deref().map(compare).transpose()?;
    preview::check(cluster, repository, snapshot)?;
    let chosen = chosen(args, snapshot, verdict)?;
    if chosen.is_empty() {
        return Ok(());
    }
    disk::check(cluster, repository, &snapshot.name, &chosen)?;
    let prefix = format!("{PREFIX}{}-", random());
    let rename = Rename::prefix(&prefix).map_err(Error::failed)?;
    let targets: BTreeMap<String, &str> =
        chosen.iter().map(|name| (rename.apply(name).0, name.as_str())).collect();
    if let Some((target, index)) = targets.iter().find(|(target, _)| target.len() > 255) {
        return Err(Error::failed(format!(
            "{index} cannot be restored as {target}: the name has more than 255 bytes"
        )));
    }

    let request = Request {
        repository,
        snapshot: &snapshot.name,
        indices: chosen.iter().map(String::as_str).collect(),
        rename: Some(&rename),
        settings: marker::settings(Timestamp::now().as_millisecond()),
        ignored: marker::ignored(),
        aliases: false,
        global_state: false,
        partial: false,
    };
    let mut deadline = Deadline::new(cluster.shell.stop, args.drill.timeout);
    let mut copies = Copies::of(cluster, &prefix)?;
    let sent = request.send(cluster);
    match sent {
        Ok(()) => copies.answered = true,
        Err(e) if is_about_the_snapshot(&e) => {
            copies.answered = true;
            verdict.add("restore", Found::Fail, e.to_string());
            return Ok(());
        }
        Err(e) => return Err(e),
    }
    let lost = restored(cluster, &targets, &mut deadline, verdict)?;
    look(args, cluster, &targets, &lost, compare.as_ref(), verdict)?;
    copies.delete()
}

/// A restore that is refused for good is one that cannot be made; rights and servers that are busy say nothing about it.
fn is_about_the_snapshot(error: &Error) -> bool {
    match error.refusal() {
        Some(refusal) => !matches!(refusal.status, 401 | 403 | 429 | 502..=504),
        None => matches!(error, Error::Failed { .. }),
    }
}

/// Of what is asked for, this turn's part of what is whole.
fn chosen(args: &Verify, snapshot: &Snapshot, verdict: &mut Verdict) -> Result<BTreeSet<String>, Error> {
    let all = ["*".to_owned()];
    let expressions = if args.indices.is_empty() { &all[..] } else { &args.indices };
    let mut chosen = preview::choose(snapshot, expressions, true)?.names;
    // Of a data stream its indices are restored, each by itself.
    let streams: Vec<_> = snapshot.data_streams.iter().filter(|name| chosen.remove(*name)).collect();
    let of_streams =
        snapshot.indices.iter().filter(|index| streams.iter().any(|stream| preview::is_of(index, stream)));
    chosen.extend(of_streams.cloned());
    if chosen.is_empty() {
        verdict.add("drill", Found::Fail, "there is nothing to restore");
    }
    if let Some((i, n)) = args.drill.share {
        chosen.retain(|name| turn(name) % n == i - 1);
        verdict.add("drill", Found::Pass, format!("the turn of {} indices", grouped(chosen.len() as u64)));
    }
    let broken: BTreeSet<_> = snapshot.failures.iter().map(|failure| failure.index.clone()).collect();
    for index in chosen.intersection(&broken) {
        verdict.about(
            "drill",
            Found::Partial,
            index,
            None,
            "it is not whole in the snapshot, and was not restored".into(),
        );
    }
    Ok(chosen.difference(&broken).cloned().collect())
}

/// The same on every machine and in every version: FNV-1a.
fn turn(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn random() -> String {
    std::iter::repeat_with(fastrand::lowercase).take(8).collect()
}

/// Waits until each is whole or lost, and gives those that are lost.
fn restored(
    cluster: &Cluster,
    targets: &BTreeMap<String, &str>,
    deadline: &mut Deadline<'_>,
    verdict: &mut Verdict,
) -> Result<BTreeSet<String>, Error> {
    let expected: Vec<_> =
        targets.keys().map(|target| Expected { target: target.clone(), lacks: BTreeSet::new() }).collect();
    let followed = match follow(cluster, &expected, deadline, Until::AllSettled) {
        Ok(Ok(followed)) => followed,
        Err(error) if deadline.ended(&error) => {
            return Err(Error::TimedOut { what: error.to_string(), follow: None });
        }
        Err(error) => return Err(error),
        Ok(Err(Over::Stopped)) => return Err(Error::Stopped),
        Ok(Err(Over::TimedOut)) => {
            return Err(Error::TimedOut {
                what: format!(
                    "the drill was not done after {}; what it had made is deleted",
                    seconds(deadline.elapsed())
                ),
                follow: None,
            });
        }
    };
    let mut lost = BTreeSet::new();
    for loss in followed.losses {
        let index = targets.get(&loss.target).copied().unwrap_or(&loss.target);
        verdict.about("restore", Found::Fail, index, loss.shard, loss.why);
        lost.insert(loss.target);
    }
    let whole = targets.len() - lost.len();
    if lost.is_empty() {
        let took = seconds(deadline.elapsed());
        verdict.add("restore", Found::Pass, format!("{} indices restored in {took}", grouped(whole as u64)));
    }
    Ok(lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_together_are_the_whole_without_overlap() {
        let names: Vec<_> = (0..100).map(|n| format!("logs-{n}")).collect();
        for parts in 1..9 {
            let counts: Vec<_> = (0..parts)
                .map(|part| names.iter().filter(|name| turn(name) % parts == part).count())
                .collect();
            assert_eq!(counts.iter().sum::<usize>(), 100);
            assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
        }
        assert_eq!(turn("logs"), turn("logs"));
    }

    #[test]
    fn a_prefix_is_its_own_and_lower_case() {
        let (a, b) = (random(), random());
        assert!(a != b && a.len() == 8 && a.bytes().all(|byte| byte.is_ascii_lowercase()), "{a} {b}");
    }
}
