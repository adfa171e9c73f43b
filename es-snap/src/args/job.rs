//! `backup` and `recover`: what `[job.NAME]` in the configuration says.

use std::time::Duration;

use es_core::cli::Talk;
use es_core::record::size::parse_time;

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
