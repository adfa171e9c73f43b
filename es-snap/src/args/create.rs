//! `create` and `wait`.

use std::path::PathBuf;
use std::time::Duration;

use es_core::record::size::parse_time;

use super::shared::Shared;

/// Make a snapshot, and wait until it is whole
///
/// Prints its name. Status 3: it is PARTIAL, and the shards it lacks are named. A name that is taken is an error, so
/// running it twice changes nothing. Ctrl-C leaves it running and says how to follow it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap create backups '<nightly-{now/d}>' --indices 'logs-*,-logs-tmp*'
  es-snap create backups --dry-run
  name=$(es-snap create backups -q --no-global-state --manifest /var/backups/counts.ndjson)
  es-snap create backups before-upgrade --metadata ticket=OPS-17 --timeout 2h")]
pub(crate) struct Create {
    /// The repository, or its URL, such as http://localhost:9200/backups
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// Its name; <name-{now/d}> puts a date in [default: <snapshot-{now{yyyy.MM.dd-HH.mm.ss}}>]
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Which indices: names and patterns, with commas between; -NAME leaves out [default: all]
    #[arg(long, value_name = "INDEX,...", value_delimiter = ',', allow_hyphen_values = true)]
    pub(crate) indices: Vec<String>,

    /// Indices that are named and missing are left out
    #[arg(long)]
    pub(crate) ignore_unavailable: bool,

    /// Without the state of the cluster: settings, templates, pipelines
    #[arg(long)]
    pub(crate) no_global_state: bool,

    /// Shards that cannot be had are left out: a snapshot that is PARTIAL rather than FAILED
    #[arg(long)]
    pub(crate) partial: bool,

    /// Note this with the snapshot (Elasticsearch 7.3, OpenSearch)
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub(crate) metadata: Vec<(String, String)>,

    /// Which features' own indices, or none (Elasticsearch 7.12)
    #[arg(long, value_name = "NAME,...", value_delimiter = ',', hide_short_help = true)]
    pub(crate) feature_states: Vec<String>,

    /// Write how many documents each index has to FILE, for verify --drill --compare FILE
    ///
    /// A line for each index, with the counts before and after: {"index":"logs","min":7,"max":9}.
    #[arg(long, value_name = "FILE", conflicts_with = "no_wait")]
    pub(crate) manifest: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) how: Making,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// What `backup` takes too.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Making {
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
}

/// Wait until a snapshot that is being made is whole
///
/// With the same status as create would have.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap wait backups nightly-2016.04.01 --timeout 1h
  es-snap wait backups")]
pub(crate) struct Wait {
    /// The repository, or its URL
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// The snapshot [default: all that run in the repository]
    #[arg(value_name = "SNAPSHOT")]
    pub(crate) name: Option<String>,

    /// Give up waiting after TIME, with status 6 [default: never]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) timeout: Option<Duration>,

    /// Print each snapshot as a JSON object instead of its name
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

pub(super) fn pair(text: &str) -> Result<(String, String), &'static str> {
    let pair = text.split_once('=').filter(|(key, _)| !key.is_empty());
    pair.map(|(key, value)| (key.to_owned(), value.to_owned())).ok_or("write KEY=VALUE")
}
