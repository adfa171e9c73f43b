//! `list`, `show`, `status`: looking, without changing anything.

use es_core::cli::rows::Look;

use super::shared::Shared;

/// List the snapshots of a repository
///
/// The oldest first. A state other than SUCCESS is no backup: PARTIAL lacks shards, FAILED is nothing at all.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap list backups
  es-snap list http://localhost:9200/backups 'nightly-*' -s end_time:desc
  es-snap list backups --json | jq -r 'select(.state != \"SUCCESS\") | .snapshot'")]
pub(crate) struct List {
    /// The repository, or its URL, such as http://localhost:9200/backups
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// Only these snapshots: names, patterns, `latest`
    #[arg(value_name = "SNAPSHOT")]
    pub(crate) names: Vec<String>,

    /// Only these columns, in this order; +NAME adds one to what there is
    #[arg(short = 'c', value_name = "COLUMN,...", value_delimiter = ',')]
    pub(crate) choice: Vec<String>,

    /// Sort by these columns, each ascending unless :desc follows
    #[arg(short, long, value_name = "COLUMN[:desc],...", value_delimiter = ',')]
    pub(crate) sort: Vec<String>,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// Show one snapshot: its indices, and the shards it lacks
///
/// The server reads the files of every shard for it, which takes long where there are many.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap show backups latest -s size:desc
  es-snap show backups nightly-2016.04.01 --failures --json")]
pub(crate) struct Show {
    /// The repository, or its URL
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// The snapshot: a name or `latest`
    #[arg(value_name = "SNAPSHOT")]
    pub(crate) name: String,

    /// The shards that it lacks, with the reasons, instead of its indices
    #[arg(long)]
    pub(crate) failures: bool,

    /// Sort by these columns, each ascending unless :desc follows
    #[arg(short, long, value_name = "COLUMN[:desc],...", value_delimiter = ',')]
    pub(crate) sort: Vec<String>,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// Show how far the snapshots are that are being made
///
/// Nothing is listed when nothing runs. The total of files and bytes is known once no shard is initializing.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap status backups
  es-snap status backups nightly-2016.04.01 --shards --json")]
pub(crate) struct Status {
    /// The repository, or its URL
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// Only this one, whether it runs or not
    #[arg(value_name = "SNAPSHOT")]
    pub(crate) name: Option<String>,

    /// A row for each shard
    #[arg(long)]
    pub(crate) shards: bool,

    /// Sort by these columns, each ascending unless :desc follows
    #[arg(short, long, value_name = "COLUMN[:desc],...", value_delimiter = ',')]
    pub(crate) sort: Vec<String>,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) shared: Shared,
}
