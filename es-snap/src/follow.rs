//! Waits until a snapshot is whole, and says what came of it. Its state is that of `GET _snapshot`; how far it is comes
//! from `_status`.

use std::time::Duration;

use es_core::cli::figures::{grouped, seconds};
use es_core::cli::rows::Fields;
use es_core::cli::{Exit, Report};
use es_core::record::sink::Sink;
use es_core::server::snapshot::{Snapshot, State};

use crate::catalog;
use crate::cluster::Cluster;
use crate::columns;
use crate::deadline::{Deadline, Over};
use crate::error::Error;
use crate::pending::Pending;
use crate::progress;

/// The failures that are shown; the rest are counted.
const SHOWN: usize = 10;

/// Asks until it ends. What ends the run before leaves it running, and says how to follow it.
pub(crate) fn follow(
    cluster: &Cluster,
    repository: &str,
    name: &str,
    deadline: &mut Deadline,
) -> Result<Snapshot, Error> {
    let pending = pending(cluster, repository, name);
    match until_it_ends(&cluster.until(deadline), repository, name, deadline) {
        Ok(Ok(Some(snapshot))) => Ok(snapshot),
        Ok(Ok(None)) => {
            let what = format!("{repository}/{name} is gone: it was deleted while it was being made");
            Err(Error::failed(what))
        }
        Ok(Err(Over::Stopped)) => Err(pending.goes_on(Error::Stopped, deadline)),
        Ok(Err(Over::TimedOut)) => {
            let what = format!(
                "waiting for {repository}/{name}: after {} it is still being made",
                seconds(deadline.elapsed())
            );
            Err(Error::TimedOut { what, follow: Some(pending.follow) })
        }
        Err(error) => Err(pending.goes_on(error, deadline)),
    }
}

/// A snapshot that is being made.
pub(crate) fn pending<'a>(cluster: &Cluster<'a>, repository: &str, name: &str) -> Pending<'a> {
    Pending {
        shell: cluster.shell,
        what: format!("{repository}/{name}"),
        follow: format!("es-snap wait {} {name}", cluster.place),
    }
}

/// None: it is there no more.
fn until_it_ends(
    cluster: &Cluster,
    repository: &str,
    name: &str,
    deadline: &mut Deadline,
) -> Result<Result<Option<Snapshot>, Over>, Error> {
    let gauge = cluster.shell.report.gauge();
    loop {
        let snapshot = catalog::there(cluster, repository, name)?;
        if snapshot.as_ref().is_none_or(|snapshot| snapshot.state != State::InProgress) {
            return Ok(Ok(snapshot));
        }
        // Nothing depends on it: the next answer may have it.
        if let Ok(Some(status)) = progress::of(cluster, repository, name) {
            let progress = status.progress();
            gauge.set(progress.ended(), progress.shards.total);
            gauge.say(&progress.text(deadline.elapsed()));
        }
        if let Err(over) = deadline.pause() {
            return Ok(Err(over));
        }
    }
}

/// What came of it, said on standard error; the shards that it lacks one by one.
pub(crate) fn judge(report: &Report, repository: &str, snapshot: &Snapshot) -> Result<Exit, Error> {
    let name = format!("{repository}/{}", snapshot.name);
    let failed = snapshot.shards.failed.unwrap_or(0).max(snapshot.failures.len() as u64);
    let total = snapshot.shards.total.unwrap_or(0);
    match (&snapshot.state, failed) {
        (State::Success, 0) => {
            report.tell(&told(&name, snapshot));
            Ok(Exit::Done)
        }
        (State::Success | State::Partial, _) => {
            lacks(report, snapshot);
            report.warn(&format!(
                "{name} is partial: it lacks {} of {} shards",
                grouped(failed),
                grouped(total)
            ));
            Ok(Exit::Partial)
        }
        (State::Failed, _) => {
            lacks(report, snapshot);
            let reason = snapshot.reason.as_deref().unwrap_or("the server does not say why");
            Err(Error::Failed {
                what: format!("{name} failed: {reason}"),
                hint: Some("with --partial what can be had is kept".into()),
            })
        }
        (State::InProgress | State::Incompatible | State::Other(_), _) => {
            Err(Error::failed(format!("{name} is {}, which is no backup", snapshot.state.name())))
        }
    }
}

fn told(name: &str, snapshot: &Snapshot) -> String {
    let took = snapshot.duration.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
    format!(
        "{name}: {} indices, {} shards{}",
        grouped(snapshot.indices.len() as u64),
        grouped(snapshot.shards.total.unwrap_or(0)),
        took.map_or(String::new(), |took| format!(" in {}", seconds(took)))
    )
}

fn lacks(report: &Report, snapshot: &Snapshot) {
    for failure in snapshot.failures.iter().take(SHOWN) {
        report.warn(&format!("[{}][{}]: {}", failure.index, failure.shard_id, failure.reason));
    }
    let more = snapshot.failures.len().saturating_sub(SHOWN);
    if more > 0 {
        report.warn(&format!("and {} more; es-snap show --failures has them all", grouped(more as u64)));
    }
}

/// The result for scripts: its name, or with `json` all that `list` has.
pub(crate) fn print(cluster: &Cluster, snapshot: &Snapshot, json: bool) -> Result<(), Error> {
    if !json {
        let line = format!("{}\n", snapshot.name);
        return Ok(Sink::stdout(cluster.shell.stop)?.write(line.as_bytes())?);
    }
    let fields = Fields::new(columns::snapshots());
    let look = es_core::cli::rows::Look { json, ..es_core::cli::rows::Look::default() };
    Ok(look.print(fields.shown(), &[columns::row(snapshot, &fields)], cluster.shell.stop)?)
}
