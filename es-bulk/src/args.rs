//! What was typed. Nothing is checked here but its form; what follows from it is in `plan`.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use es_core::cli::{Conn, Expect, Talk};
use es_core::record::action::Op;
use es_core::record::size::parse_bytes;

/// Load records into an index, create-only, with a pool of workers
///
/// Records are hit lines as es-scroll and elasticdump write them, bulk action pairs, or bare documents; files may be
/// gzip or zstd. By default documents are created and those that are there already are left alone, so that the same
/// load can be run twice. What the server refuses for a reason of its own is sent again; what it refuses for a
/// reason of the document goes to --rejects.
#[derive(Debug, Parser)]
#[command(name = "es-bulk", version, max_term_width = 98, args_override_self = true)]
pub(crate) struct Args {
    /// Server, index or both, such as http://new:9200/logs
    ///
    /// With an index everything goes there; without, each record goes to its `_index`. Without a server it is that of
    /// --url, ES_URL or a profile; where one of them names it and records come from standard input, TARGET may be
    /// left out.
    #[arg(value_name = "TARGET")]
    pub(crate) target: Option<String>,

    /// Files to load, plain, gzip or zstd; `-` or none is standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// What the input consists of, where its first line must not decide
    #[arg(long, hide_short_help = true, value_enum, value_name = "KIND")]
    pub(crate) from: Option<From>,

    #[command(flatten)]
    pub(crate) loading: Loading,

    #[command(flatten)]
    pub(crate) index: Index,

    #[command(flatten)]
    pub(crate) requests: Requests,

    #[command(flatten)]
    pub(crate) refused: Refused,

    #[command(flatten)]
    pub(crate) conn: Conn,

    #[command(flatten)]
    pub(crate) talk: Talk,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum From {
    /// Hit lines: `{"_index":…,"_id":…,"_source":{…}}`
    Hit,
    /// Action lines, each followed by its document
    Bulk,
    /// One document a line
    Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OpChoice {
    /// Only what is not there yet
    Create,
    /// Replace what is there
    Index,
    /// Merge into what is there
    Update,
    /// Delete by id
    Delete,
    /// Action pairs as they are
    Keep,
}

impl OpChoice {
    /// What is done with a record; none where its own action says it.
    pub(crate) fn op(self) -> Option<Op> {
        match self {
            OpChoice::Create => Some(Op::Create),
            OpChoice::Index => Some(Op::Index),
            OpChoice::Update => Some(Op::Update),
            OpChoice::Delete => Some(Op::Delete),
            OpChoice::Keep => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VersionType {
    External,
    #[value(name = "external_gte")]
    ExternalGte,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Conflicts {
    /// It is there already: leave it
    Skip,
    /// Fetch it; refuse the record if it differs in any byte
    Compare,
    /// Refuse the record
    Reject,
}

/// What is done with each record.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Loading")]
pub(crate) struct Loading {
    /// What to do with each record
    #[arg(long, value_enum, value_name = "OP", default_value = "create")]
    pub(crate) op: OpChoice,

    /// Send each record's `_version`: what is there stays if it is newer (with --op index or delete)
    ///
    /// A record that has none is refused.
    #[arg(long, hide_short_help = true, value_enum, value_name = "TYPE")]
    pub(crate) version_type: Option<VersionType>,

    /// With --op update: create what is not there
    #[arg(long, hide_short_help = true)]
    pub(crate) upsert: bool,

    /// Take the id from this field of the document
    ///
    /// `a.b` is a nested one.
    #[arg(long, value_name = "FIELD")]
    pub(crate) id: Option<String>,

    /// Take the routing from this field of the document
    #[arg(long, value_name = "FIELD")]
    pub(crate) routing: Option<String>,

    /// Make the ids of documents from standard input the same every time
    ///
    /// Those that have none get one derived from this text and their place, instead of by chance, so that loading the
    /// same input again finds them.
    #[arg(long, value_name = "TEXT")]
    pub(crate) id_seed: Option<String>,

    /// What to do when a document is there already
    ///
    /// By default it is skipped, and compared when records of several indices go to one target.
    #[arg(long, value_enum, value_name = "HOW")]
    pub(crate) conflicts: Option<Conflicts>,

    /// Send every document through this ingest pipeline of the server
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,

    /// Refuse targets that are not an alias
    #[arg(long, hide_short_help = true)]
    pub(crate) require_alias: bool,

    /// Refresh the indices at the end, so that searches find what was loaded
    #[arg(long)]
    pub(crate) refresh: bool,

    /// The type of documents that have none, on servers before 7
    #[arg(long = "type", hide_short_help = true, value_name = "TYPE")]
    pub(crate) kind: Option<String>,
}

/// The index that is missing.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Missing indices")]
pub(crate) struct Index {
    /// Create indices that are missing, with mapping and settings of FILE
    ///
    /// FILE is a manifest, what `es-scroll --schema-only` prints, an elasticdump mapping, or the body of a create
    /// request.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub(crate) create_index: Option<Option<PathBuf>>,

    /// A setting of them, such as index.number_of_shards=3
    #[arg(long, value_name = "KEY=VALUE", requires = "create_index")]
    pub(crate) set: Vec<String>,
}

/// How requests are made.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Requests")]
pub(crate) struct Requests {
    /// Requests in flight at a time
    #[arg(short, long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,

    /// Bytes in one request
    #[arg(long, value_name = "SIZE", default_value = "8M", value_parser = parse_bytes)]
    pub(crate) bulk_size: u64,

    /// Documents in one request
    #[arg(long, hide_short_help = true, value_name = "N", default_value = "10000", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) bulk_docs: u32,
}

/// What is refused.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Refused records")]
pub(crate) struct Refused {
    /// Write refused records here, with the reason
    ///
    /// es-bulk takes this file as input again, and es-xform mends it.
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,

    /// Exit with 1 at more than N refused [default: 999 without --rejects]
    #[arg(long, value_name = "N")]
    pub(crate) max_rejects: Option<u64>,

    /// Refuse lines longer than this, at least 256K; they are read past, not held
    #[arg(long, hide_short_help = true, value_name = "SIZE", default_value = "100M", value_parser = parse_bytes)]
    pub(crate) max_line: u64,

    /// So many records must be in their place at the end, else exit with 4
    ///
    /// RANGE is N, N.., ..M or N..M.
    #[arg(long, value_name = "RANGE")]
    pub(crate) expect: Option<Expect>,
}
