//! What will be done, all checks of the command line made.

use std::time::Duration;

use es_core::cli::Expect;
use es_core::record::Stop;
use es_core::record::hit::Meta;
use es_core::record::size::parse_time;
use es_core::server::cursor::Api;
use jiff::Timestamp;

use crate::args::{Args, Compress, MetaName};
use crate::blocks::Codec;
use crate::error::Error;
use crate::output::Output;
use crate::query::Query;
use crate::units::parse_share;

/// The PIT is renewed while nothing is asked, so a short time does; a scroll is not.
const PIT_KEEP_ALIVE: Duration = Duration::from_secs(5 * 60);
/// It is asked for the total at once, which gives it the rest.
const PIT_OPENING: Duration = Duration::from_secs(60);
const SCROLL_KEEP_ALIVE: Duration = Duration::from_secs(30 * 60);
/// Readers at a time, if nobody says.
const MOST_JOBS: usize = 8;

/// Everything but what the server must be asked for.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) query: Query,
    pub(crate) meta: Meta,
    pub(crate) api: Option<Api>,
    pub(crate) jobs: Option<usize>,
    pub(crate) pit_keep_alive: Duration,
    pub(crate) pit_opening: Duration,
    pub(crate) scroll_keep_alive: Duration,
    pub(crate) share: Option<(usize, usize)>,
    pub(crate) expect: Option<Expect>,
    pub(crate) output: Option<Output>,
    pub(crate) codec: Codec,
}

impl Plan {
    pub(crate) fn from_args(args: &Args, stop: &Stop) -> Result<Plan, Error> {
        let keep_alive = args.keep_alive.as_deref().map(parse_time).transpose();
        let keep_alive = keep_alive.map_err(|e| Error::usage(format!("--keep-alive: {e}")))?;
        let output = Output::from_args(args)?;
        Ok(Plan {
            query: Query::from_args(args, Timestamp::now(), stop)?,
            meta: Meta {
                version: args.meta.contains(&MetaName::Version),
                seq_no: args.meta.contains(&MetaName::SeqNo),
            },
            api: args.api.wanted(),
            jobs: args.jobs.map(usize::from),
            pit_keep_alive: keep_alive.unwrap_or(PIT_KEEP_ALIVE),
            pit_opening: keep_alive.unwrap_or(PIT_OPENING).min(PIT_OPENING),
            scroll_keep_alive: keep_alive.unwrap_or(SCROLL_KEEP_ALIVE),
            share: args.share.as_deref().map(parse_share).transpose()?,
            expect: args.expect,
            codec: codec(args, output.as_ref())?,
            output,
        })
    }

    /// How many readers there will be.
    pub(crate) fn readers(&self, units: usize) -> usize {
        self.jobs.unwrap_or(MOST_JOBS).min(units).max(1)
    }

    /// How many connections that may take, before the units are known.
    pub(crate) fn connections(&self) -> usize {
        self.jobs.unwrap_or(MOST_JOBS) + 1
    }
}

fn codec(args: &Args, output: Option<&Output>) -> Result<Codec, Error> {
    let name = output.and_then(|output| output.file.extension()).and_then(|end| end.to_str());
    let format = args.compress.or(match name {
        Some("gz") => Some(Compress::Gz),
        Some("zst") => Some(Compress::Zst),
        Some(_) | None => None,
    });
    match (format, args.level) {
        (None, None) => Ok(Codec::Plain),
        (None, Some(_)) => Err(Error::usage("--level: nothing is compressed; see --compress")),
        (Some(Compress::Gz), Some(10..)) => Err(Error::usage("--level: gzip has levels 1 to 9")),
        (Some(Compress::Gz), level) => Ok(Codec::Gzip(level.unwrap_or(6))),
        (Some(Compress::Zst), level) => Ok(Codec::Zstd(level.unwrap_or(3))),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn the_name_of_the_file_decides_how_it_is_compressed() {
        let codec = |args: &[&str]| {
            let args = Args::parse_from([&["es-scroll", "logs"], args].concat());
            Plan::from_args(&args, &Stop::new().unwrap()).map(|plan| plan.codec).map_err(|e| e.to_string())
        };
        assert_eq!(codec(&[]), Ok(Codec::Plain));
        assert_eq!(codec(&["-o", "no-such-a.ndjson"]), Ok(Codec::Plain));
        assert_eq!(codec(&["-o", "no-such-a.gz", "--level", "2"]), Ok(Codec::Gzip(2)));
        assert_eq!(codec(&["-o", "no-such-a.ndjson.zst"]), Ok(Codec::Zstd(3)));
        assert_eq!(codec(&["--compress", "gz"]), Ok(Codec::Gzip(6)));
        assert!(codec(&["--level", "2"]).is_err());
        assert!(codec(&["--compress", "gz", "--level", "12"]).is_err());
    }
}
