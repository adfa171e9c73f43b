//! `create`: what will be in it is looked up and said, a repository that is busy is waited for, and what comes of it is
//! judged by its state and its failed shards. `wait` follows one that runs.

use es_core::cli::Exit;
use es_core::http::{Method, retry::Repeat};
use es_core::server::snapshot;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::args::{Create, Wait};
use crate::busy;
use crate::catalog;
use crate::cluster::{Cluster, Shell, snapshot_path};
use crate::counts::{Counts, write};
use crate::date_math;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::follow::{follow, judge, pending, print};
use crate::indices;

const DEFAULT_NAME: &str = "<snapshot-{now{yyyy.MM.dd-HH.mm.ss}}>";

pub(crate) fn create(args: &Create, shell: Shell<'_>) -> Result<Exit, Error> {
    let typed = args.name.as_deref().unwrap_or(DEFAULT_NAME);
    let name = date_math::resolve(typed, Timestamp::now());
    let name = name.map_err(|why| Error::usage(format!("NAME {typed}: {why}")))?;
    check_name(&name)?;
    let (cluster, repository) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let expression = if args.indices.is_empty() { "*".to_owned() } else { args.indices.join(",") };
    let body = body(args, &expression);

    let indices = indices::named(&cluster, &expression, args.ignore_unavailable)?;
    refuse_taken(&cluster, &repository, &name)?;
    if let Some(indices) = &indices {
        shell.report.tell(&format!("{repository}/{name}: {}", indices::told(indices)));
        if indices.is_empty() && !args.indices.is_empty() {
            return Err(Error::failed(format!("there is no index that {expression} names")));
        }
    }
    if args.how.dry_run {
        let names: Vec<_> = indices.iter().flatten().map(|index| format!("{}\n", index.index)).collect();
        es_core::record::sink::Sink::stdout(shell.stop)?.write(names.concat().as_bytes())?;
        return Ok(Exit::Done);
    }
    let open = indices.iter().flatten().filter(|index| !index.is_closed());
    let open: Vec<_> = open.map(|index| index.index.clone()).collect();
    let before = match &args.manifest {
        Some(_) => Some(Counts::take(&cluster, &open)?),
        None => None,
    };

    let mut deadline = Deadline::new(shell.stop, args.how.timeout);
    begin(&cluster, &repository, &name, &body, &mut deadline)?;
    if args.how.no_wait {
        shell.report.tell(&format!("it is being made; to follow it: es-snap wait {} {name}", cluster.place));
        let made = snapshot::Snapshot { name, ..snapshot::Snapshot::default() };
        print(&cluster, &made, false)?;
        return Ok(Exit::Done);
    }
    let made = follow(&cluster, &repository, &name, &mut deadline)?;
    let exit = judge(shell.report, &repository, &made)?;
    print(&cluster, &made, args.how.json)?;
    if let (Some(path), Some(before)) = (&args.manifest, before) {
        let after = Counts::take(&cluster, before.0.keys())?;
        write(path, &before, &after, &made.indices, shell.stop)?;
    }
    Ok(exit)
}

pub(crate) fn wait(args: &Wait, shell: Shell<'_>) -> Result<Exit, Error> {
    let (cluster, repository) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let names = match &args.name {
        Some(name) => vec![catalog::find(&cluster, &repository, name)?.name],
        None => {
            let running = snapshot::list(&cluster.client, &repository, "_current")?;
            running.into_iter().map(|snapshot| snapshot.name).collect()
        }
    };
    if names.is_empty() {
        shell.report.tell(&format!("nothing is being made in {repository}"));
    }
    let mut deadline = Deadline::new(shell.stop, args.timeout);
    let mut exit = Exit::Done;
    for name in names {
        let made = follow(&cluster, &repository, &name, &mut deadline)?;
        exit = exit.worse(judge(shell.report, &repository, &made)?);
        print(&cluster, &made, args.json)?;
    }
    Ok(exit)
}

/// What servers refuse, said before anything is sent.
fn check_name(name: &str) -> Result<(), Error> {
    let bad = name.chars().find(|c| c.is_whitespace() || c.is_control() || "\\/*?\"<>|,#".contains(*c));
    let why = match bad {
        _ if name.is_empty() => "it is empty".to_owned(),
        Some(c) => format!("it cannot hold {c:?}"),
        None if name.starts_with('_') => "it cannot begin with _".to_owned(),
        None if name == catalog::LATEST => "it means the newest snapshot that succeeded".to_owned(),
        None if name.chars().any(char::is_uppercase) => "it must be in lower case".to_owned(),
        None => return Ok(()),
    };
    Err(Error::usage(format!("NAME {name}: {why}")))
}

/// What defaults differ in from version to version is always said.
fn body(args: &Create, expression: &str) -> Value {
    let mut body = json!({
        "indices": expression,
        "ignore_unavailable": args.ignore_unavailable,
        // Closed and hidden ones too, as the preview shows them; OpenSearch would leave out the closed.
        "expand_wildcards": "all",
        "include_global_state": !args.no_global_state,
        "partial": args.partial,
    });
    if !args.metadata.is_empty() {
        let noted: Map<_, _> =
            args.metadata.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
        body["metadata"] = noted.into();
    }
    if !args.feature_states.is_empty() {
        body["feature_states"] = json!(args.feature_states);
    }
    body
}

/// A name that is taken is found out before, so that what runs under it later is ours.
fn refuse_taken(cluster: &Cluster, repository: &str, name: &str) -> Result<(), Error> {
    match catalog::there(cluster, repository, name)? {
        None => Ok(()),
        Some(there) => Err(Error::Failed {
            what: format!(
                "{repository}/{name} is there already ({}); nothing was changed",
                there.state.name()
            ),
            hint: Some("a date in the name, as in '<nightly-{now/d}>', makes it new each time".into()),
        }),
    }
}

/// Sends it. While the repository is busy with another, it is sent again.
fn begin(
    cluster: &Cluster,
    repository: &str,
    name: &str,
    body: &Value,
    deadline: &mut Deadline,
) -> Result<(), Error> {
    let what = format!("making {repository}/{name}");
    let path = format!("{}?wait_for_completion=false", snapshot_path(repository, name));
    busy::wait(cluster, deadline, |cluster| {
        // Not to be repeated by the client: the second would be told that the name is taken.
        let sent = cluster.send::<Value>(Method::Put, &path, Some(body), Repeat::Unsafe, &what);
        let Err(error) = sent else { return Ok(()) };
        if !error.is_lost() {
            return Err(error);
        }
        // The name was free before, so what is there now is ours.
        match catalog::there(cluster, repository, name) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(error),
            Err(_) => Err(pending(cluster, repository, name).may_have_begun(error)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_servers_refuse_are_not_sent() {
        for name in ["nightly-2026.11.21", "a", "1", "ü"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in ["", "A", "_a", "a b", "a,b", "a/b", "a*", "a#", "latest", "a\n"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
