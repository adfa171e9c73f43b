//! `prune` and `delete`: what removes snapshots.

use std::time::Duration;

use es_core::cli::rows::Look;
use es_core::record::size::parse_time;

use super::shared::Shared;

/// Delete the snapshots that no rule keeps
///
/// Shows for each what would be done and why, and does it with --yes. A snapshot is kept if any rule keeps it. The rules
/// count whole snapshots (SUCCESS) alone, and the newest of those is never deleted. PARTIAL and FAILED ones go when they
/// are older than --failed-within and a newer whole one is there. What runs, and what a policy of the server made, is
/// left alone. Hours, days, weeks (from Monday), months and years are those of UTC, by the time a snapshot began.
#[derive(Debug, clap::Args)]
#[command(override_usage = "es-snap prune [OPTIONS] <REPO> <--match <PATTERN>|--all> <--keep-RULE <N>>...")]
#[command(after_long_help = "\
Examples:
  es-snap prune backups --match 'nightly-*' --keep-last 7 --keep-weekly 5 --keep-monthly 12
  es-snap prune backups --match 'nightly-*' --keep-within 14d --yes
  es-snap prune backups --all --keep-last 30 --json | jq -r 'select(.action == \"delete\") | .snapshot'")]
#[command(group(clap::ArgGroup::new("which").required(true).args(["pattern", "all"])))]
#[command(group(
    clap::ArgGroup::new("keep")
        .required(true)
        .multiple(true)
        .args(["last", "hourly", "daily", "weekly", "monthly", "yearly", "within"])
))]
pub(crate) struct Prune {
    /// The repository, or its URL, such as http://localhost:9200/backups
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// Only these snapshots are looked at, counted and deleted; * stands for anything
    #[arg(long = "match", value_name = "PATTERN")]
    pub(crate) pattern: Vec<String>,

    /// All snapshots of the repository
    #[arg(long)]
    pub(crate) all: bool,

    /// Keep the newest N
    #[arg(long = "keep-last", value_name = "N", value_parser = count)]
    pub(crate) last: Option<usize>,

    /// Keep the newest of each of the last N hours that have one
    #[arg(long = "keep-hourly", value_name = "N", value_parser = count)]
    pub(crate) hourly: Option<usize>,

    /// The same for days
    #[arg(long = "keep-daily", value_name = "N", value_parser = count)]
    pub(crate) daily: Option<usize>,

    /// The same for weeks
    #[arg(long = "keep-weekly", value_name = "N", value_parser = count)]
    pub(crate) weekly: Option<usize>,

    /// The same for months
    #[arg(long = "keep-monthly", value_name = "N", value_parser = count)]
    pub(crate) monthly: Option<usize>,

    /// The same for years
    #[arg(long = "keep-yearly", value_name = "N", value_parser = count)]
    pub(crate) yearly: Option<usize>,

    /// Keep all that began within TIME before now, such as 14d
    #[arg(long = "keep-within", value_name = "TIME", value_parser = parse_time)]
    pub(crate) within: Option<Duration>,

    /// Keep what is PARTIAL or FAILED so long, to be looked into
    #[arg(long, value_name = "TIME", value_parser = parse_time, default_value = "7d")]
    pub(crate) failed_within: Duration,

    /// Do what is shown
    #[arg(long)]
    pub(crate) yes: bool,

    /// Give up waiting for the repository after TIME, with status 6 [default: never]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) timeout: Option<Duration>,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// Delete snapshots by name
///
/// Shows what would be deleted, and does it with --yes. What other snapshots need stays. A snapshot that is being made
/// is ended and deleted.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap delete backups before-upgrade
  es-snap delete backups before-upgrade 'test-*' --yes")]
pub(crate) struct Delete {
    /// The repository, or its URL, such as http://localhost:9200/backups
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// Names and patterns
    #[arg(value_name = "SNAPSHOT", required = true)]
    pub(crate) names: Vec<String>,

    /// Do what is shown
    #[arg(long)]
    pub(crate) yes: bool,

    /// Give up waiting for the repository after TIME, with status 6 [default: never]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) timeout: Option<Duration>,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

fn count(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|n| *n > 0).ok_or("write a number above 0")
}
