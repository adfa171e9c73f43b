//! `cargo demo`: the README's pipelines, typed on two real servers, and what came of them checked.

mod compare;
pub mod data;
mod error;
mod servers;
mod shell;
mod story;

use std::io::Write;
use std::time::Instant;

use clap::Parser;

pub use error::Error;
use servers::{Servers, describe};
use shell::Shell;

use crate::command::bin_dir;

/// Run the README's pipelines on two real servers and check what came of them
#[derive(Debug, Parser)]
#[command(name = "cargo demo")]
pub struct Args {
    /// Leave the servers running, and print their addresses and how to stop them
    #[arg(long)]
    pub keep: bool,

    /// How many documents of 1 KB there are
    #[arg(long, value_name = "N", default_value_t = 200_000, value_parser = clap::value_parser!(u64).range(1000..))]
    pub docs: u64,

    /// The server to move from, such as es-7.17.28 [default: the first that an installed JDK runs]
    #[arg(long, value_name = "SERVER")]
    pub old: Option<String>,

    /// The server to move to, such as os-3.8.0 [default: the first that an installed JDK runs]
    #[arg(long, value_name = "SERVER")]
    pub new: Option<String>,
}

/// Tells the story on `out`. The servers and all that was written are gone at the end, unless they are to be kept.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "Building the tools, unless they are built.")?;
    bin_dir();
    let start = Instant::now();
    writeln!(out, "Starting two servers; those that are not here yet are downloaded first.")?;
    let servers = Servers::start(args.old.as_deref(), args.new.as_deref())?;
    writeln!(out, "  old  {}\n  new  {}", describe(&servers.old), describe(&servers.new))?;

    // In a server's folder, so that it is removed with the server, whatever ends us.
    let folder = servers.old.folder().join("demo");
    std::fs::create_dir(&folder)?;
    let places = [("http://old:9200", servers.old.url()), ("http://new:9200", servers.new.url())];
    story::tell(&Shell::new(&folder, places), &servers, args.docs, out)?;
    writeln!(out, "\nAll is as it should be, after {} s.", start.elapsed().as_secs())?;
    if args.keep {
        servers.leave(out)?;
    }
    Ok(())
}
