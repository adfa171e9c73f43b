//! `verify`: what a snapshot is worth, from a look at what is written about it to a restore of all that is in it. One
//! line says it; that something could not be looked at is not that it is bad, and neither is it good.

mod age;
pub(crate) mod deep;
mod disk;
pub(crate) mod drill;
mod look;
mod marker;
pub(crate) mod sweep;
pub(crate) mod verdict;

use es_core::cli::figures::grouped;
use es_core::cli::{Exit, Fault};
use es_core::record::sink::Sink;
use es_core::server::snapshot::{Snapshot, State};

use crate::args::Verify;
use crate::catalog;
use crate::cluster::{Cluster, Shell};
use crate::error::Error;
use crate::repository;
use crate::restore::picks;
use age::age;
use sweep::sweep;
use verdict::{Found, Verdict, verdict_record, word};

pub(crate) fn verify(args: &Verify, shell: Shell<'_>) -> Result<Exit, Error> {
    let Some(name) = &args.snapshot else { return sweep(args, shell) };
    let (cluster, repository) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let mut what = format!("{repository}/{name}");
    let mut verdict = Verdict::default();
    match checks(args, &cluster, &repository, name, &mut what, &mut verdict) {
        Ok(()) => {
            print(args, shell, &what, &verdict)?;
            Ok(verdict.exit())
        }
        // A run that was stopped, or only showed its first request, has no verdict.
        Err(e) if e.is_stop() || e.shown().is_some() || shell.stop.requested() => Err(e),
        Err(e) => {
            let line = format!("{} - {what}: {e}", word(e.exit()));
            let record = verdict_record(&what, e.exit(), &line);
            let text = if args.json { record.to_string() } else { es_core::cli::one_line(&line) };
            Sink::stdout(shell.stop)?.write(format!("{text}\n").as_bytes())?;
            Err(e)
        }
    }
}

fn print(args: &Verify, shell: Shell<'_>, what: &str, verdict: &Verdict) -> Result<(), Error> {
    let text = match args.json {
        true => verdict.records(what).iter().map(|record| format!("{record}\n")).collect(),
        false => format!("{}\n", es_core::cli::one_line(&verdict.line(what))),
    };
    Ok(Sink::stdout(shell.stop)?.write(text.as_bytes())?)
}

fn checks(
    args: &Verify,
    cluster: &Cluster,
    repository: &str,
    name: &str,
    what: &mut String,
    verdict: &mut Verdict,
) -> Result<(), Error> {
    let snapshot = match catalog::find(cluster, repository, name) {
        Ok(snapshot) => snapshot,
        Err(e) if is_missing(&e) => {
            let text =
                if e.refusal().is_some() { "it is not in the repository".into() } else { e.to_string() };
            verdict.add("state", Found::Fail, text);
            return Ok(());
        }
        Err(e) => return Err(e),
    };
    *what = format!("{repository}/{}", snapshot.name);
    state(&snapshot, verdict);
    read_by_all(cluster, repository, verdict)?;
    wanted(args, &snapshot, verdict)?;
    if let Some(max) = args.max_age {
        match snapshot.start {
            Some(start) => age(verdict, "age", "it", start, max),
            None => verdict.add("age", Found::Fail, "nobody knows how old it is"),
        }
    }
    if args.deep {
        deep::deep(cluster, repository, verdict)?;
    }
    if args.drill.drill {
        match snapshot.state {
            State::Success | State::Partial => drill::drill(args, cluster, repository, &snapshot, verdict)?,
            State::InProgress | State::Failed | State::Incompatible | State::Other(_) => {
                verdict.add("drill", Found::Fail, "there is nothing to restore");
            }
        }
    }
    Ok(())
}

/// The repository could be read, and this snapshot, or any that is good, is not in it.
fn is_missing(error: &Error) -> bool {
    match error.refusal() {
        Some(refusal) => refusal.kind == "snapshot_missing_exception",
        None => matches!(error, Error::NoneSucceeded { .. }),
    }
}

fn state(snapshot: &Snapshot, verdict: &mut Verdict) {
    let (shards, failed) = (snapshot.shards.total, snapshot.shards.failed.unwrap_or(0));
    for failure in &snapshot.failures {
        verdict.about(
            "shards",
            Found::Partial,
            &failure.index,
            Some(failure.shard_id),
            failure.reason.clone(),
        );
    }
    let text = match shards {
        Some(shards) => format!(
            "{}, {} indices, {} shards",
            snapshot.state.name(),
            grouped(snapshot.indices.len() as u64),
            grouped(shards)
        ),
        None => format!("{}, {} indices", snapshot.state.name(), grouped(snapshot.indices.len() as u64)),
    };
    let text = if failed > 0 { format!("{text}, {} of them failed", grouped(failed)) } else { text };
    let found = match &snapshot.state {
        State::Success if failed == 0 && snapshot.failures.is_empty() => Found::Pass,
        State::Success | State::Partial => Found::Partial,
        State::InProgress | State::Failed | State::Incompatible | State::Other(_) => Found::Fail,
    };
    verdict.add("state", found, text);
}

/// Every node must reach the repository, or a restore fails on those that do not.
fn read_by_all(cluster: &Cluster, name: &str, verdict: &mut Verdict) -> Result<(), Error> {
    let nodes = repository::verify(cluster, name).map_err(Error::of_reading)?;
    if nodes.is_empty() {
        let what = format!("verifying the repository {name}: no node has answered");
        return Err(Error::Unfinished { what, hint: None });
    }
    verdict.add("repository", Found::Pass, format!("read by {} nodes", grouped(nodes.len() as u64)));
    Ok(())
}

/// Each that was named must be there.
fn wanted(args: &Verify, snapshot: &Snapshot, verdict: &mut Verdict) -> Result<(), Error> {
    let names = snapshot.indices.iter().chain(&snapshot.data_streams).map(String::as_str);
    for expression in args.indices.iter().filter(|expression| !expression.starts_with('-')) {
        let found = picks::pick(std::slice::from_ref(expression), names.clone(), true)?;
        if found.names.is_empty() && found.passed_over.is_empty() {
            verdict.about("indices", Found::Fail, expression, None, "it is not in the snapshot".into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use es_core::server::snapshot::{Failure, Shards};

    #[test]
    fn a_state_is_good_in_part_or_not_at_all() {
        let failure = Failure { index: "a".into(), shard_id: 1, reason: "node left".into(), node_id: None };
        for (state, failed, failures, exit) in [
            (State::Success, 0, vec![], Exit::Done),
            (State::Success, 1, vec![], Exit::Partial),
            (State::Partial, 1, vec![failure], Exit::Partial),
            (State::Failed, 2, vec![], Exit::Check),
            (State::InProgress, 0, vec![], Exit::Check),
            (State::Incompatible, 0, vec![], Exit::Check),
            (State::Other("LATER".into()), 0, vec![], Exit::Check),
        ] {
            let shards = Shards { total: Some(2), failed: Some(failed), successful: None };
            let snapshot = Snapshot { state: state.clone(), shards, failures, ..Snapshot::default() };
            let mut verdict = Verdict::default();
            super::state(&snapshot, &mut verdict);
            assert_eq!(verdict.exit(), exit, "{state:?}");
        }
    }
}
