//! `backup` and `recover`: a job of the configuration as the commands that it stands for.

use std::path::PathBuf;

use es_core::cli::profile::{self, Job};
use es_core::cli::{Conn, Exit, Talk};

use crate::args::{Backup, Create, Shared};
use crate::cluster::Shell;
use crate::create;
use crate::error::Error;

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
        dry_run: args.dry_run,
        no_wait: args.no_wait,
        timeout: args.timeout,
        json: args.json,
        shared: at(needed(&args.job, "source", job.source)?, &args.talk),
    };
    create::create(&create, shell)
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
