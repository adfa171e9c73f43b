//! `repo`: the repositories of a cluster.

use std::time::Duration;

use clap::Subcommand;
use es_core::cli::rows::Look;
use es_core::record::size::parse_time;

use super::shared::Shared;

/// Register, look at, check, clean and unregister repositories
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Repo {
    #[command(subcommand)]
    pub(crate) command: RepoCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RepoCommand {
    Add(Add),
    Show(ShowRepo),
    List(ListRepos),
    Verify(VerifyRepo),
    Cleanup(Cleanup),
    Remove(Remove),
}

impl RepoCommand {
    pub(crate) fn shared(&self) -> &Shared {
        match self {
            RepoCommand::Add(args) => &args.shared,
            RepoCommand::Show(args) => &args.shared,
            RepoCommand::List(args) => &args.shared,
            RepoCommand::Verify(args) => &args.shared,
            RepoCommand::Cleanup(args) => &args.shared,
            RepoCommand::Remove(args) => &args.shared,
        }
    }
}

/// Register a repository, or change the settings of one
///
/// Prints each setting, as it was and as it is. Of a repository that is there already, settings that are not named stay,
/// and --yes is needed to change one. All nodes verify it; where that fails everything is put back as it was.
///
/// One cluster alone may write to a repository, or it is destroyed. So where there are snapshots already, --readonly or
/// --writable has to be said.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap repo add backups fs --set location=/mnt/backups
  es-snap repo add backups s3 --set bucket=our-backups --set base_path=prod
  es-snap repo add http://new:9200/backups s3 --set bucket=our-backups --set base_path=prod --readonly
  es-snap repo add backups --set max_restore_bytes_per_sec=200mb --unset compress --yes
  es-snap repo add slim source --set delegate_type=fs --set location=/mnt/slim
  es-snap repo add backups --body @repository.json")]
pub(crate) struct Add {
    /// Its name, or its URL, such as http://localhost:9200/backups
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// fs, s3, url, gcs, azure, hdfs, source, or that of another plugin [default: as it is]
    #[arg(value_name = "TYPE")]
    pub(crate) kind: Option<String>,

    /// A setting; once for each
    #[arg(long, value_name = "KEY=VALUE", value_parser = super::create::pair)]
    pub(crate) set: Vec<(String, String)>,

    /// Drop a setting that is there
    #[arg(long, value_name = "KEY")]
    pub(crate) unset: Vec<String>,

    /// Type and settings as the server takes them: {"type":"fs","settings":{...}}
    #[arg(long, value_name = "JSON|@FILE", conflicts_with = "kind")]
    pub(crate) body: Option<String>,

    /// This cluster only reads it; another may write to it
    #[arg(long, conflicts_with = "writable")]
    pub(crate) readonly: bool,

    /// This cluster alone writes to it, though there are snapshots already
    #[arg(long)]
    pub(crate) writable: bool,

    /// Change settings that are there
    #[arg(long)]
    pub(crate) yes: bool,

    /// Send secrets as settings: for servers that have no keystore
    ///
    /// A VALUE of @FILE is then read from FILE, so that ps does not show it.
    #[arg(long, hide_short_help = true)]
    pub(crate) allow_secrets: bool,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// Show the settings of a repository
///
/// Secrets in them are masked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap repo show backups
  es-snap repo show backups --json | jq -r 'select(.setting == \"location\") | .value'")]
pub(crate) struct ShowRepo {
    /// The repository, or its URL
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// List the repositories of a cluster
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap repo list
  es-snap repo list http://localhost:9200
  es-snap repo list 'backup*' --json")]
pub(crate) struct ListRepos {
    /// Only these; or a server's URL
    #[arg(value_name = "PATTERN", default_value = "_all", hide_default_value = true)]
    pub(crate) pattern: String,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// Have every node read and write in a repository
///
/// Lists the nodes. It proves that the nodes reach the store and may use it, and nothing of what is in there. Status 4:
/// a node cannot.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap repo verify backups
  es-snap repo verify http://localhost:9200/backups --json")]
pub(crate) struct VerifyRepo {
    /// The repository, or its URL
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// Delete files in a repository that no snapshot needs
///
/// They are what interrupted work left. A server does the same whenever it deletes a snapshot. Elasticsearch 7.4 and
/// later, OpenSearch.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap repo cleanup backups
  es-snap repo cleanup backups --json | jq .deleted_bytes")]
pub(crate) struct Cleanup {
    /// The repository, or its URL
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// Give up waiting for the repository after TIME, with status 6 [default: never]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) timeout: Option<Duration>,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

/// Unregister a repository; its files stay
///
/// Shows what it is, and does nothing without --yes. What is printed is enough to add it again, but for secrets.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap repo remove backups
  es-snap repo remove http://localhost:9200/backups --yes")]
pub(crate) struct Remove {
    /// The repository, or its URL
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// Do what is shown
    #[arg(long)]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) look: Look,

    #[command(flatten)]
    pub(crate) shared: Shared,
}
