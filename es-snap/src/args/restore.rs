//! `restore`: which indices, under which names, with which settings, and how long to wait.

use std::time::Duration;

use es_core::cli::Expect;
use es_core::cli::rows::Look;
use es_core::record::size::parse_time;

use super::shared::Shared;

/// Restore indices from a snapshot
///
/// Names must be free: they are checked before anything is sent, so that a second run does nothing. It is done when
/// every primary shard is there; when one cannot come, it ends at once and says why. Prints the names of the new
/// indices, one a line.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap restore backups latest --indices 'logs-*' --rename '(.+)' 'restored-$1' --dry-run
  es-snap restore backups nightly-7 --indices logs --as logs-back --replicas 0 --expect 1000000..
  es-snap restore backups nightly-7 --all --ignore-setting 'routing.allocation.*' --timeout 2h
  es-snap restore backups nightly-7 --indices logs --close-existing --yes

The pattern of --rename is a Java regular expression and applies to each part of a name that it matches; write the
replacement in single quotes, or the shell takes $1 for its own.")]
pub(crate) struct Restore {
    /// The repository, or its URL, such as http://localhost:9200/backups
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// The snapshot's name, or `latest`
    #[arg(value_name = "SNAPSHOT")]
    pub(crate) snapshot: String,

    #[command(flatten)]
    pub(crate) which: Which,

    /// The new name, for one index
    #[arg(long = "as", value_name = "NAME", conflicts_with = "rename")]
    pub(crate) one: Option<String>,

    #[command(flatten)]
    pub(crate) how: How,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// What `recover` takes too.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct How {
    /// New names: what PATTERN matches becomes NEW; $1 is its first group
    ///
    /// PATTERN is a Java regular expression; every match in a name is replaced.
    #[arg(long, num_args = 2, value_names = ["PATTERN", "NEW"])]
    pub(crate) rename: Vec<String>,

    /// Show what would be made, and stop
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Close what has the name already, and restore over it
    #[arg(long)]
    pub(crate) close_existing: bool,

    /// Really close and overwrite
    #[arg(short, long, requires = "close_existing")]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) what: What,

    #[command(flatten)]
    pub(crate) wait: Wait,

    #[command(flatten)]
    pub(crate) look: Look,
}

/// One of them must be typed: restoring everything is to be meant.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Which {
    /// Which indices and data streams: names, patterns, -NAME for all but
    #[arg(long, value_name = "INDEX,...", value_delimiter = ',', allow_hyphen_values = true)]
    pub(crate) indices: Vec<String>,

    /// All of the snapshot, except those whose name begins with a dot
    #[arg(long)]
    pub(crate) all: bool,
}

impl Which {
    pub(crate) fn expressions(&self) -> Vec<String> {
        if self.all { vec!["*".to_owned()] } else { self.indices.clone() }
    }
}

#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "What is restored")]
pub(crate) struct What {
    /// A setting that the new indices get, such as number_of_replicas=0
    #[arg(long, value_name = "SETTING=VALUE", value_parser = pair)]
    pub(crate) set: Vec<(String, String)>,

    /// A setting that they do not keep; may be a pattern
    #[arg(long, value_name = "SETTING")]
    pub(crate) ignore_setting: Vec<String>,

    /// Number of replicas
    #[arg(long, value_name = "N")]
    pub(crate) replicas: Option<u32>,

    /// Restore their aliases too
    #[arg(long)]
    pub(crate) aliases: bool,

    /// Replace the cluster's settings, templates, pipelines and policies by the snapshot's
    #[arg(long, hide_short_help = true)]
    pub(crate) global_state: bool,

    /// Restore indices that are not whole; a missing shard is empty
    ///
    /// Such a restore ends with status 3.
    #[arg(long)]
    pub(crate) partial: bool,

    /// Pass over indices that the snapshot does not have
    #[arg(long, hide_short_help = true)]
    pub(crate) ignore_unavailable: bool,
}

#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Waiting")]
pub(crate) struct Wait {
    /// Stop waiting after TIME, with status 6 [default: never]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) timeout: Option<Duration>,

    /// Do not wait at all
    #[arg(long, conflicts_with_all = ["timeout", "expect"])]
    pub(crate) no_wait: bool,

    /// How many documents there must be: N, N.., ..M or N..M; else status 4
    #[arg(long, value_name = "RANGE")]
    pub(crate) expect: Option<Expect>,
}

fn pair(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err("write SETTING=VALUE, as in number_of_replicas=0"),
    }
}
