//! The connection options that every tool has.

use std::path::PathBuf;
use std::time::Duration;

use crate::record::size;

/// Where and how to connect.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Connection")]
pub struct Conn {
    /// Servers for a TARGET that is only an index [env: ES_URL]
    ///
    /// Several are separated by commas. The first that answers is kept; when it stops answering, the next is tried.
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    pub url: Vec<String>,

    /// Take servers and options from the configuration [env: ES_PROFILE]
    ///
    /// They stand under [profile.NAME]. With this option ES_URL and the credentials of the environment are ignored.
    #[arg(short = 'P', long, value_name = "NAME")]
    pub profile: Option<String>,

    /// User; the password is asked for [env: ES_USER, ES_PASSWORD]
    ///
    /// It is asked for on the terminal unless --password-file names it. After a colon it can be seen in ps.
    #[arg(short, long, value_name = "NAME[:PASS]", conflicts_with_all = ["api_key_file", "bearer_file"])]
    pub user: Option<String>,

    /// The password of --user is in FILE
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "user")]
    pub password_file: Option<PathBuf>,

    /// An API key is in FILE [env: ES_API_KEY]
    ///
    /// As id:key, its base64, or a cloud key. A FILE that everybody can read is refused.
    #[arg(long, value_name = "FILE", conflicts_with = "bearer_file")]
    pub api_key_file: Option<PathBuf>,

    /// A bearer token is in FILE
    #[arg(long, hide_short_help = true, value_name = "FILE")]
    pub bearer_file: Option<PathBuf>,

    /// Take user and password from ~/.netrc [env: NETRC]
    #[arg(long, hide_short_help = true)]
    pub netrc: bool,

    /// Send this header too; @FILE holds one a line
    #[arg(short = 'H', long, hide_short_help = true, value_name = "NAME: VALUE|@FILE")]
    pub header: Vec<String>,

    /// Do not verify the server's certificate
    #[arg(short = 'k', long)]
    pub insecure: bool,

    /// Believe only the authorities in FILE (PEM), not the system's
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,

    /// Our certificate, for servers that ask for one (PEM; may hold the key too)
    #[arg(long, hide_short_help = true, value_name = "FILE")]
    pub cert: Option<PathBuf>,

    /// The key of --cert (PEM)
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,

    /// Connect through this proxy; '' for none [env: https_proxy, http_proxy, all_proxy, no_proxy]
    #[arg(long, hide_short_help = true, value_name = "URL")]
    pub proxy: Option<String>,

    /// How long connecting to a server may take [default: 10s]
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = size::parse_time)]
    pub connect_timeout: Option<Duration>,

    /// How long a server may stay silent within a request [default: 5m]
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = size::parse_time)]
    pub request_timeout: Option<Duration>,

    /// How long to try again without any progress [default: 10m]
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = size::parse_time)]
    pub retry_max_time: Option<Duration>,

    /// Send and receive gzip
    #[arg(long, hide_short_help = true)]
    pub compressed: bool,

    /// Print the first request as a curl command and send nothing
    ///
    /// Secrets are masked.
    #[arg(long)]
    pub curl: bool,
}
