//! `prune` and `delete`: each shows what it would do, and does it with `--yes`.

use es_core::cli::Exit;
use es_core::cli::figures::grouped;
use es_core::cli::rows::{Fields, Kind, Row, put, shown};
use es_core::server::snapshot::Snapshot;
use es_core::server::wildcard::matches;
use jiff::Timestamp;

use crate::args::{Delete, Prune};
use crate::catalog;
use crate::cluster::{Cluster, Shell};
use crate::error::Error;
use crate::keep::{Rules, Verdict, judge};
use crate::removal::remove;

pub(crate) fn prune(args: &Prune, shell: Shell<'_>) -> Result<Exit, Error> {
    let rules = Rules {
        last: args.last,
        hourly: args.hourly,
        daily: args.daily,
        weekly: args.weekly,
        monthly: args.monthly,
        yearly: args.yearly,
        within: args.within,
        failed_within: args.failed_within,
    };
    let (cluster, repository) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let mut snapshots = catalog::select(&cluster, &repository, &[])?;
    snapshots.retain(|one| args.all || args.pattern.iter().any(|pattern| matches(pattern, &one.name)));
    let verdicts = judge(&snapshots, &rules, Timestamp::now());
    let fields = fields();
    let rows = snapshots.iter().zip(&verdicts).map(|(snapshot, verdict)| {
        let (action, reason) = match verdict {
            Verdict::Keep(reason) => ("keep", reason),
            Verdict::Delete(reason) => ("delete", reason),
        };
        row(snapshot, action, reason, &fields)
    });
    args.look.print(fields.shown(), &rows.collect::<Vec<_>>(), shell.stop)?;
    let judged = snapshots.iter().zip(&verdicts);
    let gone = judged.filter(|(_, verdict)| matches!(verdict, Verdict::Delete(_)));
    let names: Vec<_> = gone.map(|(snapshot, _)| snapshot.name.clone()).collect();
    let kept = snapshots.len() - names.len();
    act(&cluster, &repository, &names, kept, args.yes, args.timeout)
}

pub(crate) fn delete(args: &Delete, shell: Shell<'_>) -> Result<Exit, Error> {
    let (cluster, repository) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    for name in &args.names {
        let why = match name.as_str() {
            "_all" | "*" => "is every snapshot there is; prune deletes by rules",
            // Every run would delete another.
            catalog::LATEST => "means another snapshot each time; name the one that is meant",
            _ => continue,
        };
        return Err(Error::usage(format!("`{name}` {why}")));
    }
    let there = catalog::select(&cluster, &repository, &[])?;
    let named = |pattern: &String, one: &Snapshot| pattern.split(',').any(|part| matches(part, &one.name));
    let missing: Vec<_> = args
        .names
        .iter()
        .filter(|name| !there.iter().any(|one| named(name, one)) && !name.contains('*'))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() && !args.yes {
        return Err(Error::failed(format!("{repository} has no snapshot {}", missing.join(", "))));
    }
    for name in missing {
        shell.report.tell(&format!("{repository}/{name} is not there"));
    }
    let chosen: Vec<_> =
        there.iter().filter(|one| args.names.iter().any(|pattern| named(pattern, one))).collect();
    let fields = fields();
    let rows: Vec<_> = chosen.iter().map(|one| row(one, "delete", "named", &fields)).collect();
    args.look.print(fields.shown(), &rows, shell.stop)?;
    let names: Vec<_> = chosen.iter().map(|one| one.name.clone()).collect();
    act(&cluster, &repository, &names, there.len() - names.len(), args.yes, args.timeout)
}

fn act(
    cluster: &Cluster,
    repository: &str,
    names: &[String],
    kept: usize,
    yes: bool,
    timeout: Option<std::time::Duration>,
) -> Result<Exit, Error> {
    let (going, kept) = (grouped(names.len() as u64), grouped(kept as u64));
    let report = cluster.shell.report;
    if !yes {
        let text = match names.len() {
            0 => format!("{repository}: nothing to delete, {kept} kept"),
            _ => format!(
                "{repository}: {going} would be deleted, {kept} kept; nothing was done: --yes does it"
            ),
        };
        report.tell(&text);
        return Ok(Exit::Done);
    }
    let done = remove(cluster, repository, names, timeout)?;
    let mut text = format!("{repository}: {} deleted, {kept} kept", grouped(done.deleted.len() as u64));
    if !done.gone.is_empty() {
        text += &format!(", {} were gone already", grouped(done.gone.len() as u64));
    }
    report.tell(&text);
    Ok(Exit::Done)
}

fn fields() -> Fields {
    Fields::new(vec![
        shown("snapshot", Kind::Text, "the name"),
        shown("state", Kind::Text, "only SUCCESS counts"),
        shown("start_time", Kind::Time, "when it began"),
        shown("action", Kind::Text, "keep or delete"),
        shown("reason", Kind::Text, "why"),
    ])
}

fn row(snapshot: &Snapshot, action: &str, reason: &str, fields: &Fields) -> Row {
    put(
        fields,
        [
            ("snapshot", Some(snapshot.name.clone())),
            ("state", Some(snapshot.state.name().to_owned())),
            ("start_time", snapshot.start.map(|start| start.to_string())),
            ("action", Some(action.to_owned())),
            ("reason", Some(reason.to_owned())),
        ],
    )
}
