//! `backup` and `recover`: what `[job.NAME]` in the configuration says.

use std::time::Duration;

use es_core::cli::Talk;
use es_core::cli::rows::Look;
use es_core::record::size::parse_time;

use super::restore::{How, Wait};

/// Make the snapshot that a job of the configuration describes
///
/// On the cluster of its profile `source`, in its `repo`, of its `indices`, under its `snapshot`, which may hold a date.
/// Everything else is as with create.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap backup nightly
  es-snap backup nightly --dry-run")]
pub(crate) struct Backup {
    /// The NAME of [job.NAME] in the configuration
    #[arg(value_name = "JOB")]
    pub(crate) job: String,

    /// Show what would be in it, and make nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Do not wait until it is whole
    #[arg(long)]
    pub(crate) no_wait: bool,

    /// Give up waiting after TIME, with status 6; the server goes on [default: never]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) timeout: Option<Duration>,

    /// Print the snapshot as a JSON object instead of its name
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) talk: Talk,
}

/// Restore what a job of the configuration has backed up, on the cluster of its profile `destination`
///
/// That cluster reads the repository and never writes to it: it is registered so there, with the settings that the
/// source has, or has to be. Everything else is as with restore.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap recover nightly --dry-run
  es-snap recover nightly --rename '(.+)' 'restored-$1' --replicas 0
  es-snap recover nightly nightly-2016.04.01 --close-existing --yes")]
pub(crate) struct Recover {
    /// The NAME of [job.NAME] in the configuration
    #[arg(value_name = "JOB")]
    pub(crate) job: String,

    /// The snapshot [default: the newest that succeeded of those that the job made]
    #[arg(value_name = "SNAPSHOT")]
    pub(crate) snapshot: Option<String>,

    /// New names: what the pattern matches becomes the replacement, where $1 is its first group
    #[arg(long, num_args = 2, value_names = ["PATTERN", "REPLACEMENT"])]
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
    pub(crate) how: How,

    #[command(flatten)]
    pub(crate) wait: Wait,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) talk: Talk,
}
