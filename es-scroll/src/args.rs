//! What was typed.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use es_core::cli::{Conn, Expect, Talk};
use es_core::server::cursor::Api;

const EXAMPLES: &str = "\
Examples:
  es-scroll http://old:9200/logs > logs.ndjson
  es-scroll http://old:9200/logs -o logs.ndjson.gz
  es-scroll -P old logs -Q 'status:500' --since 7d | es-bulk -P new logs-errors --create-index
  es-scroll http://old:9200/logs --share 1/3 -o part1.ndjson.zst
  es-scroll http://old:9200/logs --schema-only > logs.json";

/// Stream every hit of a search to standard output
///
/// Dumps the documents of an index, an alias, a data stream or a pattern with their docinfo, one hit line each:
/// {"_index":"logs","_id":"7","_source":{...}}. The bytes of every document leave as they came from the server. The
/// end is reached only when the server says so and the count is what it announced; else the exit status is not 0.
#[derive(Debug, Parser)]
#[command(name = "es-scroll", version, after_long_help = EXAMPLES, max_term_width = 98)]
pub(crate) struct Args {
    /// Server and index, such as http://old:9200/logs, or only the index
    ///
    /// Without a server it is that of --url, ES_URL or a profile. The index can be a name, a list, a pattern, an alias
    /// (with its filter) or a data stream.
    #[arg(value_name = "TARGET")]
    pub(crate) target: String,

    /// Only documents that match this search body
    ///
    /// Its query, _source and runtime_mappings count. What does not choose documents or would change their order, such
    /// as size, sort or aggs, is refused with the reason.
    #[arg(short = 'd', long, value_name = "JSON|@FILE|@-", help_heading = "What")]
    pub(crate) query: Option<String>,

    /// Only documents that match, as in 'status:500 AND host:a*'
    #[arg(short = 'Q', long, value_name = "QUERY", help_heading = "What")]
    pub(crate) query_string: Option<String>,

    /// Only documents since TIME: 7d (ago), 2016-04-01 or RFC 3339
    #[arg(long, value_name = "TIME", help_heading = "What")]
    pub(crate) since: Option<String>,

    /// Only documents before TIME
    #[arg(long, value_name = "TIME", help_heading = "What")]
    pub(crate) until: Option<String>,

    /// The field that --since and --until look at
    #[arg(
        long,
        hide_short_help = true,
        value_name = "FIELD",
        default_value = "@timestamp",
        help_heading = "What"
    )]
    pub(crate) time_field: String,

    /// Only these fields of the documents
    ///
    /// The server then writes the documents anew.
    #[arg(long, value_name = "FIELD,...", value_delimiter = ',', help_heading = "What")]
    pub(crate) source_includes: Vec<String>,

    /// Without these fields
    #[arg(
        long,
        hide_short_help = true,
        value_name = "FIELD,...",
        value_delimiter = ',',
        help_heading = "What"
    )]
    pub(crate) source_excludes: Vec<String>,

    /// At most so many documents
    #[arg(long, value_name = "N", help_heading = "What")]
    pub(crate) max_docs: Option<u64>,

    /// More docinfo in each line
    #[arg(
        long,
        hide_short_help = true,
        value_name = "NAME,...",
        value_delimiter = ',',
        help_heading = "What"
    )]
    pub(crate) meta: Vec<MetaName>,

    /// Docinfo alone, without documents
    #[arg(long, conflicts_with_all = ["source_includes", "source_excludes"], help_heading = "What")]
    pub(crate) ids: bool,

    /// Print settings, mappings and aliases instead, to create the indices again
    #[arg(long, conflicts_with = "output", help_heading = "What")]
    pub(crate) schema_only: bool,

    /// Refresh first, so that what was just written is read too
    ///
    /// A dump holds what searches see. If changes wait for a refresh, a warning says so. A refresh needs the privilege
    /// of maintenance, and costs the server some work.
    #[arg(long, help_heading = "What")]
    pub(crate) refresh: bool,

    /// How to read; auto takes the best that the server can
    ///
    /// seq reads by sequence number and pit in the order of storage, both from a point in time; scroll is for where the
    /// server has nothing better.
    #[arg(long, value_name = "API", default_value = "auto", help_heading = "How")]
    pub(crate) api: ApiName,

    /// How many shards are read at a time [default: all, at most 8]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "How")]
    pub(crate) jobs: Option<u16>,

    /// How long the server keeps its view while nothing is asked [default: 5m; 30m for a scroll]
    #[arg(long, hide_short_help = true, value_name = "TIME", help_heading = "How")]
    pub(crate) keep_alive: Option<String>,

    /// Documents a page [default: pages start near 1 MB and find the size that reads fastest]
    #[arg(long, hide_short_help = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "How")]
    pub(crate) page_size: Option<u32>,

    /// Part I of N of the shards, for several machines
    ///
    /// The parts together are the whole, each shard in one of them.
    #[arg(long, value_name = "I/N", help_heading = "How")]
    pub(crate) share: Option<String>,

    /// If shards cannot be read, write what there is and exit with 3
    #[arg(long, help_heading = "How")]
    pub(crate) allow_partial: bool,

    /// So many documents there must be, else exit with 4
    ///
    /// RANGE is N, N.., ..M or N..M.
    #[arg(long, value_name = "RANGE", help_heading = "How")]
    pub(crate) expect: Option<Expect>,

    /// Write to FILE, which exists only once it is whole; .gz, .zst compress
    ///
    /// A manifest with count, checksum, settings, mappings and aliases goes to FILE.manifest.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Replace FILE if it exists
    #[arg(long, requires = "output", help_heading = "Output")]
    pub(crate) force: bool,

    /// Write the manifest to another file
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "output", help_heading = "Output")]
    pub(crate) manifest: Option<PathBuf>,

    /// Compress whatever the name of the output
    #[arg(long, hide_short_help = true, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) compress: Option<Compress>,

    /// How hard to compress [default: 6 for gz, 3 for zst]
    #[arg(long, hide_short_help = true, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=19), help_heading = "Output")]
    pub(crate) level: Option<u8>,

    #[command(flatten)]
    pub(crate) conn: Conn,

    #[command(flatten)]
    pub(crate) talk: Talk,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MetaName {
    Version,
    #[value(name = "seq_no")]
    SeqNo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ApiName {
    Auto,
    Seq,
    Pit,
    Scroll,
}

impl ApiName {
    pub(crate) fn wanted(self) -> Option<Api> {
        match self {
            ApiName::Auto => None,
            ApiName::Seq => Some(Api::Seq),
            ApiName::Pit => Some(Api::Pit),
            ApiName::Scroll => Some(Api::Scroll),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compress {
    Gz,
    Zst,
}
