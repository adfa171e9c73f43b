//! `backup` and `recover`: what `[job.NAME]` in the configuration says.

use es_core::cli::Talk;

use super::create::Making;
use super::restore::How;

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

    #[command(flatten)]
    pub(crate) how: Making,

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

    #[command(flatten)]
    pub(crate) how: How,

    #[command(flatten)]
    pub(crate) talk: Talk,
}
