//! `verify`: how much is to be proven, and against what.

use std::path::PathBuf;
use std::time::Duration;

use es_core::cli::Expect;
use es_core::record::size::parse_time;

use super::shared::Shared;

/// Prove that a snapshot is there, whole, young enough, and can be restored
///
/// Prints one line for cron and monitoring. Status 0: OK. 3: WARNING, the snapshot lacks shards. 4: CRITICAL, a check
/// says no. 5: UNKNOWN, the repository or the cluster could not be asked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  es-snap verify backups latest --max-age 26h
  es-snap verify backups latest --deep
  es-snap verify backups latest --drill --compare live --tolerance 1%
  es-snap verify backups latest --drill --share \"$((10#$(date +%d) % 7 + 1))/7\" --compare counts.ndjson
  es-snap verify backups latest --drill --indices 'logs-*' --field host --newest @timestamp --max-age 26h
  es-snap verify backups --sweep

A drill restores under names of its own (es-drill-RANDOM-NAME), without replicas, aliases, policies and allocation
rules, counts, and deletes what it made on every way out. SUCCESS says only that the server wrote down a snapshot:
files that are damaged or lost later are found by --deep and --drill.")]
pub(crate) struct Verify {
    /// The repository, or its URL, such as http://localhost:9200/backups
    #[arg(value_name = "REPO")]
    pub(crate) repository: String,

    /// The snapshot's name, or `latest`
    #[arg(value_name = "SNAPSHOT", required_unless_present = "sweep", conflicts_with = "sweep")]
    pub(crate) snapshot: Option<String>,

    /// Which must be in it, and which are restored in a drill: names, patterns, -NAME for all but
    #[arg(long, value_name = "INDEX,...", value_delimiter = ',', allow_hyphen_values = true)]
    pub(crate) indices: Vec<String>,

    /// How old it may be, and with --newest its newest document
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) max_age: Option<Duration>,

    /// Let the server read every file of the repository (Elasticsearch 8.16)
    #[arg(long)]
    pub(crate) deep: bool,

    /// Show what killed drills have left behind; with --yes delete it
    #[arg(long, conflicts_with_all = ["deep", "drill"])]
    pub(crate) sweep: bool,

    /// Leave drills alone that are younger
    #[arg(long, value_name = "TIME", value_parser = parse_time, default_value = "1h", hide_short_help = true)]
    pub(crate) older: Duration,

    /// Really delete
    #[arg(short, long, requires = "sweep")]
    pub(crate) yes: bool,

    /// A JSON object for each check, one a line, the verdict last
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) drill: Drill,

    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Drill")]
pub(crate) struct Drill {
    /// Restore it under other names, count, and delete it again
    #[arg(long)]
    pub(crate) drill: bool,

    /// Of the indices only this part, by turns: 1/7 today, 2/7 tomorrow
    #[arg(long, value_name = "I/N", value_parser = share, requires = "drill")]
    pub(crate) share: Option<(u64, u64)>,

    /// What the counts must be: those of the cluster now (live), or of a manifest of create
    #[arg(long, value_name = "live|FILE", requires = "drill")]
    pub(crate) compare: Option<PathBuf>,

    /// How far the counts may be off
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "compare")]
    pub(crate) tolerance: Option<f64>,

    /// How many documents there must be in all: N, N.., ..M or N..M
    #[arg(long, value_name = "RANGE", requires = "drill")]
    pub(crate) expect: Option<Expect>,

    /// How many there must be in each index
    #[arg(long, value_name = "RANGE", requires = "drill", hide_short_help = true)]
    pub(crate) expect_each: Option<Expect>,

    /// A field that at least one document must have
    #[arg(long, value_name = "NAME", requires = "drill")]
    pub(crate) field: Vec<String>,

    /// A date field whose newest value is not older than --max-age
    #[arg(long, value_name = "FIELD", requires_all = ["drill", "max_age"])]
    pub(crate) newest: Option<String>,

    /// Give up the drill after TIME, with status 6 [default: never]
    #[arg(long, value_name = "TIME", value_parser = parse_time, requires = "drill")]
    pub(crate) timeout: Option<Duration>,
}

fn share(text: &str) -> Result<(u64, u64), &'static str> {
    let parsed = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    parsed.filter(|(i, n)| (1..=*n).contains(i)).ok_or("write I/N, such as 1/7, with I from 1 to N")
}

fn percent(text: &str) -> Result<f64, &'static str> {
    let number = text.strip_suffix('%').unwrap_or(text).parse::<f64>().ok();
    number.filter(|n| (0.0..=100.0).contains(n)).ok_or("write a percentage, such as 1%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_percentages_are_read() {
        assert_eq!((share("1/7"), share("7/7")), (Ok((1, 7)), Ok((7, 7))));
        for bad in ["0/7", "8/7", "1", "/", "a/b", "1/0"] {
            assert!(share(bad).is_err(), "{bad}");
        }
        assert_eq!((percent("1%"), percent("0.5")), (Ok(1.0), Ok(0.5)));
        for bad in ["", "%", "-1", "101%", "nan"] {
            assert!(percent(bad).is_err(), "{bad}");
        }
    }
}
