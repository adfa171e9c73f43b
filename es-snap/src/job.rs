//! `backup` and `recover`: a job of the configuration as the commands that it stands for.

use std::path::PathBuf;

use es_core::cli::profile::{self, Job};
use es_core::cli::{Conn, Exit, Talk};
use es_core::server::snapshot::list;

use crate::args::{Backup, Create, Recover, Restore, Shared, Which};
use crate::catalog;
use crate::cluster::{Cluster, Shell};
use crate::create;
use crate::date_math;
use crate::error::Error;
use crate::repo::undo::Undo;
use crate::repository::{self, Repository};
use crate::restore;

pub(crate) fn backup(args: &Backup, shell: Shell<'_>) -> Result<Exit, Error> {
    let job = load(&args.job)?;
    let create = Create {
        repository: needed(&args.job, "repo", job.repo)?,
        name: job.snapshot,
        indices: job.indices,
        ignore_unavailable: false,
        no_global_state: false,
        partial: false,
        metadata: Vec::new(),
        feature_states: Vec::new(),
        manifest: None,
        how: args.how.clone(),
        shared: at(needed(&args.job, "source", job.source)?, &args.talk),
    };
    create::create(&create, shell)
}

pub(crate) fn recover(args: &Recover, shell: Shell<'_>) -> Result<Exit, Error> {
    let job = load(&args.job)?;
    let repository = needed(&args.job, "repo", job.repo)?;
    let shared = at(needed(&args.job, "destination", job.destination)?, &args.talk);
    let (cluster, repository) = Cluster::open(&shared.conn, &repository, shell)?;
    let registered = read_only(&cluster, &repository, job.source, shell)?;
    // What a dry run needs is there until its end.
    let _undo = registered.and_then(|undo| {
        let told = format!("registered {repository} on {}, to be read only", cluster.client.host());
        if args.how.dry_run {
            shell.report.tell(&format!("{told}, for this dry run"));
            return Some(undo);
        }
        shell.report.tell(&told);
        undo.keep();
        None
    });
    let snapshot = match &args.snapshot {
        Some(name) => name.clone(),
        None => newest_of(&cluster, &repository, job.snapshot.as_deref())?,
    };
    let restore = Restore {
        repository,
        snapshot,
        which: Which { all: job.indices.is_empty(), indices: job.indices },
        one: None,
        how: args.how.clone(),
        shared,
    };
    restore::restore(&restore, shell)
}

/// The repository has one writer, and that is the source: here it is only read. Where it is not registered yet, it is,
/// with the settings of the source; that can be taken back.
fn read_only<'a>(
    cluster: &Cluster<'a>,
    repository: &str,
    source: Option<String>,
    shell: Shell<'a>,
) -> Result<Option<Undo<'a>>, Error> {
    match Repository::find(cluster, repository)? {
        Some(there) if there.is_readonly() => return Ok(None),
        Some(_) => {
            return Err(Error::Failed {
                what: format!("{} could write to the repository {repository}", cluster.client.host()),
                hint: Some(format!(
                    "two writers destroy it: es-snap repo add {} --set readonly=true --yes",
                    cluster.place
                )),
            });
        }
        None => {}
    }
    let source = source.ok_or_else(|| {
        let what = format!("{} has no repository {repository}", cluster.client.host());
        Error::Failed { what, hint: Some("with the job's `source` its settings are taken from there".into()) }
    })?;
    let conn = Conn { profile: Some(source), ..Conn::default() };
    let (source, _) = Cluster::open(&conn, repository, shell)?;
    let mut found = Repository::get(&source, repository)?;
    found.settings.insert("readonly".into(), true.into());
    let undo = Undo::new(cluster, repository, None)?;
    found.register(cluster, repository)?;
    repository::verify(cluster, repository)?;
    Ok(Some(undo))
}

/// The newest whole one among those of the job's form of name.
fn newest_of(cluster: &Cluster, repository: &str, name: Option<&str>) -> Result<String, Error> {
    let pattern = name.map_or("_all".into(), date_math::pattern);
    let found = list(&cluster.client, repository, &pattern)?;
    let newest = catalog::newest(&found).map(|snapshot| snapshot.name.clone());
    newest.ok_or_else(|| {
        Error::failed(format!("{repository} has no snapshot that succeeded of those called {pattern}"))
    })
}

fn load(name: &str) -> Result<Job, Error> {
    let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let path: PathBuf = profile::path(&env).ok_or_else(|| {
        Error::usage("there is no configuration: neither ES_CONFIG nor HOME says where it is")
    })?;
    Ok(Job::load(name, &path)?)
}

fn needed(job: &str, key: &str, value: Option<String>) -> Result<String, Error> {
    value.ok_or_else(|| Error::usage(format!("[job.{job}] has no `{key}`")))
}

/// As with `-P PROFILE`.
fn at(profile: String, talk: &Talk) -> Shared {
    Shared { conn: Conn { profile: Some(profile), ..Conn::default() }, talk: talk.clone() }
}
