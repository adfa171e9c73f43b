//! What was typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;
use es_core::cli::report::Talk;

use crate::edit::OnClash;
use crate::form::{From, To};

/// Edit documents of a stream
///
/// Reads hit lines (as es-scroll and elasticdump write them) or plain documents, one a line, runs PROGRAM on each and
/// writes what comes of it, in order. The program is jq's language; `.` is the document. Renames, removals and
/// assignments are done on the bytes: what no edit names leaves as it came, byte for byte.
#[derive(Clone, Debug, Parser)]
#[command(name = "es-xform", version, after_long_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Args {
    /// The program, in jq's language (with -f: the first FILE)
    #[arg(value_name = "PROGRAM")]
    pub(crate) program: Option<OsString>,

    /// Files to read, one after the other; gzip and zstd are recognised (default: standard input, as is -)
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Read the program from a file, which may hold # comments
    #[arg(short = 'f', long, value_name = "FILE")]
    pub(crate) from_file: Option<PathBuf>,

    /// What the input is (default: hit lines or documents, told by the first line)
    #[arg(long, value_name = "FORM", value_enum)]
    pub(crate) from: Option<From>,

    /// What to write (default: hit lines stay hit lines, documents stay documents, pairs stay pairs)
    #[arg(long, value_name = "FORM", value_enum)]
    pub(crate) to: Option<To>,

    /// Make VALUE the string $NAME in the program
    #[arg(long, num_args = 2, value_names = ["NAME", "VALUE"], action = clap::ArgAction::Append)]
    pub(crate) arg: Vec<String>,

    /// Make the JSON value JSON $NAME in the program
    #[arg(long, num_args = 2, value_names = ["NAME", "JSON"], action = clap::ArgAction::Append)]
    pub(crate) argjson: Vec<String>,

    /// Make a CSV or TSV file with a header the object $NAME: rows by their first column
    #[arg(long, num_args = 2, value_names = ["NAME", "FILE"], action = clap::ArgAction::Append)]
    pub(crate) table: Vec<OsString>,

    /// What rename does where its target is there already
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    pub(crate) on_clash: OnClash,

    /// Make the whole line `.`, docinfo and all, instead of the document
    #[arg(long)]
    pub(crate) whole: bool,

    /// Show the first N records before and after the program, and stop; nothing is written
    #[arg(long, value_name = "N")]
    pub(crate) preview: Option<u64>,

    /// Tell how the program will be run, and stop
    #[arg(long)]
    pub(crate) explain: bool,

    /// Write the records that could not be handled to a new FILE, each with the reason
    #[arg(long, value_name = "FILE", help_heading = "Refused records")]
    pub(crate) rejects: Option<PathBuf>,

    /// Stop, with status 1, when more than N records could not be handled (0: at the first)
    #[arg(long, value_name = "N", help_heading = "Refused records")]
    pub(crate) max_rejects: Option<u64>,

    /// Refuse lines longer than this, at least 256K; they are read past, not held
    #[arg(long, value_name = "SIZE", default_value = "100M", help_heading = "Refused records")]
    pub(crate) max_line: String,

    /// Worker threads (default: one a core, at most 4); the order is kept
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,

    #[command(flatten)]
    pub(crate) talk: Talk,
}

const EXAMPLES: &str = "\
Examples:
  Rename, remove and set fields on the way from one cluster to another:
    es-scroll http://old:9200/logs | es-xform 'rename(.host; .hostname) | del(.tmp) | .env = \"prod\"' \\
      | es-bulk http://new:9200/logs --create-index

  Keep errors only, in another index:
    es-xform 'select(.status >= 500) | ._index = \"errors\"' dump.ndjson.gz

  Nest a field, and take another out of an object:
    es-xform 'rename(.client_ip; .client.ip) | rename(.meta.user; .user)'

  Anything else that jq can say; one document may become several:
    es-xform '.items[] as $i | ._id += \"-\\($i.sku)\" | . + $i | del(.items)'

  See what becomes of the first records, and how a program will be run:
    es-xform --preview 3 'rename(.host; .hostname) | del(.tmp)' dump.ndjson.gz
    es-xform --explain 'del(.tmp) | .n += 1'";
