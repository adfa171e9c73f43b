//! `list`, `show`, `status`: looking, without changing anything.

use es_core::cli::rows::Look;

use super::Shared;

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
