//! `resolve`: from a file of a repository to the snapshot.

use std::time::Duration;

use es_core::record::size::parse_time;

use super::shared::Shared;

/// Tell which snapshot a file of a repository belongs to
///
/// For what is told that snap-UUID.dat was written: prints the snapshot's name. It comes before the repository's index
/// names the snapshot, so it is asked again until --timeout. The base path before it may be any; keys that are encoded
/// as in S3's events are understood; files of single shards (indices/.../snap-UUID.dat) are refused, with status 2.
///
/// With --files no server is asked: the repository's own index-N is read. Keys for S3 are those of the environment:
/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN; without them it is asked as anybody.
#[derive(Debug, clap::Args)]
#[command(allow_missing_positional = true)]
#[command(after_long_help = "\
Examples:
  es-snap resolve backups prod/snap-3jfTJLy5R4edK4xwbxwG4g.dat
  es-snap resolve snap-3jfTJLy5R4edK4xwbxwG4g.dat --files /mnt/backups
  es-snap resolve \"$key\" --files s3://our-backups/prod --timeout 5m
  name=$(es-snap resolve backups \"$key\" --base-path prod -q)")]
pub(crate) struct Resolve {
    /// The repository, or its URL, such as http://localhost:9200/backups
    #[arg(value_name = "REPO", conflicts_with = "files", required_unless_present = "files")]
    pub(crate) repository: Option<String>,

    /// The key or path of a file snap-UUID.dat
    #[arg(value_name = "KEY", required = true, allow_hyphen_values = true)]
    pub(crate) event: String,

    /// Read the repository's files instead of asking a server
    #[arg(long, value_name = "PATH|s3://BUCKET/BASE")]
    pub(crate) files: Option<String>,

    /// KEY must lie in this base path, and directly there
    #[arg(long, value_name = "PATH")]
    pub(crate) base_path: Option<String>,

    /// The address of S3 [env: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL] [default: Amazon's]
    #[arg(long, value_name = "URL", requires = "files")]
    pub(crate) endpoint: Option<String>,

    /// Its region [env: AWS_REGION, AWS_DEFAULT_REGION] [default: us-east-1]
    #[arg(long, value_name = "NAME", requires = "files")]
    pub(crate) region: Option<String>,

    /// How long to wait for the snapshot to be named; 0s asks once
    #[arg(long, value_name = "TIME", value_parser = parse_time, default_value = "2m")]
    pub(crate) timeout: Duration,

    /// Print the snapshot as a JSON object instead of its name
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) shared: Shared,
}
