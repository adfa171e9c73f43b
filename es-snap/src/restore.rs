//! `restore`: what will be made is known, and found to be possible, before anything is sent; it is done when every
//! primary shard is there, and what cannot come is told with its reason.

pub(crate) mod explain;
pub(crate) mod follow;
pub(crate) mod picks;
pub(crate) mod preview;
pub(crate) mod recovery;
pub(crate) mod rename;
pub(crate) mod request;
mod room;
mod shown;
mod wait;

use es_core::cli::Exit;
use serde_json::{Map, Value};

use crate::args::Restore;
use crate::catalog;
use crate::cluster::{Cluster, Shell};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::listed::{listed, listed_by};
use preview::{Item, Kind, There};
use rename::Rename;
use request::{Request, setting};
use room::Room;
use shown::{print_names, print_preview};
use wait::wait;

pub(crate) fn restore(args: &Restore, shell: Shell<'_>) -> Result<Exit, Error> {
    let rename = rename(args)?;
    if let Some(rename) = rename.as_ref().filter(|rename| rename.forgets_its_groups()) {
        shell.report.warn(&format!(
            "the pattern `{}` has groups, and the replacement `{}` names none: in double quotes the shell takes $1 away",
            rename.pattern, rename.replacement
        ));
    }
    let (cluster, repository) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let snapshot = catalog::find(&cluster, &repository, &args.snapshot)?;
    preview::check(&cluster, &repository, &snapshot)?;
    let lenient = args.how.what.ignore_unavailable || args.which.all;
    let picks = preview::choose(&snapshot, &args.which.expressions(), lenient)?;
    if !picks.passed_over.is_empty() {
        let names = listed(picks.passed_over.iter().map(String::as_str));
        shell.report.warn(&format!("left out, because only those who name them mean them: {names}"));
    }
    if args.one.is_some() && picks.names.len() > 1 {
        let names = listed(picks.names.iter().map(String::as_str));
        return Err(Error::usage(format!(
            "--as names one index, and these are {}: {names}",
            picks.names.len()
        )));
    }
    let items = preview::items(&snapshot, &picks.names, rename.as_ref(), &preview::names(&cluster)?);
    if items.is_empty() {
        return Err(Error::failed(format!("{repository}/{} has none of these indices", snapshot.name)));
    }
    if args.how.dry_run || (args.how.close_existing && !args.how.yes) {
        print_preview(args, &items, shell)?;
    }
    refuse(args, &items)?;
    if args.how.dry_run {
        return Ok(Exit::Done);
    }
    let taken = items.iter().filter(|item| item.there.is_some());
    let taken: Vec<_> = taken.map(|item| item.target.as_str()).collect();
    if !taken.is_empty() && !args.how.yes {
        return Err(Error::usage(format!("--yes closes and overwrites {}", listed(taken.into_iter()))));
    }

    let request = Request {
        repository: &repository,
        snapshot: &snapshot.name,
        indices: picks.names.iter().map(String::as_str).collect(),
        rename: rename.as_ref(),
        settings: settings(args),
        ignored: args.how.what.ignore_setting.iter().map(|name| setting(name)).collect(),
        aliases: args.how.what.aliases,
        global_state: args.how.what.global_state,
        partial: args.how.what.partial,
    };
    let open = items.iter().filter(|item| item.there == Some(There::Open));
    let mut room = Room::make(&cluster, open.map(|item| item.target.clone()))?;
    let mut deadline = Deadline::new(shell.stop, args.how.wait.timeout);
    if let Err(error) = request.send(&cluster) {
        if !error.is_lost() {
            return Err(error);
        }
        match preview::names(&cluster) {
            // The names were free before, so what has them now is ours.
            Ok(names) if taken.is_empty() => {
                if !items.iter().any(|item| names.contains_key(&item.target)) {
                    return Err(error);
                }
            }
            Ok(_) | Err(_) => {
                room.may_be_used();
                return Err(wait::pending(&cluster, &items).may_have_begun(error));
            }
        }
    }
    room.used();
    if args.how.wait.no_wait {
        print_names(items.iter().filter(|item| item.kind != Kind::Stream).map(|item| &*item.target), shell)?;
        return Ok(Exit::Done);
    }
    wait(args, &cluster, &items, &mut deadline)
}

fn rename(args: &Restore) -> Result<Option<Rename>, Error> {
    let rename = match (&args.one, &args.how.rename[..]) {
        (Some(name), _) => Rename::to_one(name),
        (None, [pattern, replacement]) => Rename::new(pattern, replacement),
        (None, _) => return Ok(None),
    };
    rename.map(Some).map_err(|why| Error::usage(format!("--rename: {why}")))
}

fn settings(args: &Restore) -> Map<String, Value> {
    let set = args.how.what.set.iter().map(|(name, value)| (setting(name), value.as_str().into()));
    let mut settings: Map<_, Value> = set.collect();
    if let Some(replicas) = args.how.what.replicas {
        settings.insert(setting("number_of_replicas"), replicas.into());
        // Where replicas follow the number of nodes, their number alone is without effect.
        settings.insert(setting("auto_expand_replicas"), "false".into());
    }
    settings
}

/// Everything that stands against it, together.
fn refuse(args: &Restore, items: &[Item]) -> Result<(), Error> {
    let mut problems = preview::problems(items);
    let (mut hint, closes) = (None, args.how.close_existing);
    for item in items {
        match (item.there, item.kind) {
            (None, _) => {}
            (Some(There::Open | There::Closed), Kind::Index) if closes => {}
            (Some(there), _) => {
                problems.push(format!(
                    "{} would become {}, which is there ({})",
                    item.index,
                    item.target,
                    there.name()
                ));
                hint = Some("--as or --rename gives other names; --close-existing restores over an index");
            }
        }
        if !item.lacks.is_empty() && !args.how.what.partial {
            let shards: Vec<_> = item.lacks.iter().map(u64::to_string).collect();
            problems.push(format!(
                "{} is not whole in the snapshot: it lacks shard {}",
                item.index,
                shards.join(", ")
            ));
            hint = hint.or(Some("--partial makes the shards that are missing without documents"));
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    let what = format!("nothing was restored: {}", listed_by("; ", problems.iter().map(String::as_str)));
    Err(Error::Failed { what, hint: hint.map(str::to_owned) })
}
