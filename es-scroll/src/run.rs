//! Does what was planned: asks what there is, reads it with several readers into one sink, and accounts for it.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Mutex, PoisonError};
use std::thread::scope;
use std::time::{Duration, Instant};

use es_core::cli::signals::{or_signal, stop_flag};
use es_core::cli::{Exit, Fault, Report, Signals, Summary, Tally, finish};
use es_core::record::Stop;
use es_core::record::sink::Sink;
use es_core::record::stop::Why;
use es_core::server::session::Session;
use es_core::server::{self, Flavor, Keeper};

use crate::args::Args;
use crate::blocks::{Codec, Feed, Outlet, Queue};
use crate::error::Error;
use crate::manifest::{self, Manifest};
use crate::plan::Plan;
use crate::readers::{Readers, State, Work};
use crate::schemas::Schemas;
use crate::units::Units;
use crate::unseen;
use crate::ways::Ways;

pub(crate) fn main(args: Args) -> ExitCode {
    let report = Report::start(crate::NAME, &args.talk);
    let (start, mut account) = (Instant::now(), Account::default());
    let stop = match stop_flag(&report) {
        Ok(stop) => stop,
        Err(status) => return status,
    };
    let outcome = match Signals::listen(&stop) {
        Ok(signals) => run(&args, &report, &stop, &signals, &mut account),
        Err(why) => Err(Error::System { what: "listen for signals", why }),
    };
    if matches!(&outcome, Err(Error::Output(es_core::record::sink::Error::Closed))) {
        account.notes.push("incomplete: output closed".into());
    }
    let outcome = or_signal(&stop, outcome);
    let stopped = matches!(stop.why(), Some(Why::Signal(_)));
    let summary = (account.began || stopped).then(|| Summary {
        tally: Tally { read: account.count, written: account.count, ..Tally::default() },
        bytes: account.bytes,
        took: start.elapsed(),
        notes: account.notes,
        ..Summary::default()
    });
    finish(&report, &stop, outcome, summary)
}

/// What the summary tells.
#[derive(Default)]
struct Account {
    /// Reading was about to start: before that, there is nothing to sum up.
    began: bool,
    count: u64,
    bytes: u64,
    notes: Vec<String>,
}

fn run(
    args: &Args,
    report: &Report,
    stop: &Stop,
    signals: &Signals,
    account: &mut Account,
) -> Result<Exit, Error> {
    let plan = Plan::from_args(args, stop)?;
    let (client, index) = args.conn.open(Some(&args.target), stop, plan.connections())?;
    signals.cuts(&client);
    if index.is_empty() {
        return Err(Error::usage("the target names no index; * or _all means every one"));
    }
    let flavor = Flavor::ask(&client)?;
    let mut units = Units::resolve(&client, &index)?;
    flavor.warn_if_assumed();
    if let Some((number, of)) = plan.share {
        units.share(number, of)?;
    }
    let schemas = Schemas::fetch(&client, &units, args.ids)?;
    if args.schema_only {
        schemas.print(stop)?;
        return Ok(Exit::Done);
    }
    let mut unread = Vec::new();
    if args.refresh {
        match server::refresh(&client, &index).map_err(Error::from) {
            Err(error) if args.allow_partial && error.is_of_a_shard() => {
                log::warn!("{error}");
                unread.push(error.to_string());
            }
            refreshed => refreshed?,
        }
    } else {
        unseen::warn(&client, &index, &units);
    }
    if units.missing > 0 {
        let text = format!("{} shards of {index} have no copy that can be read", units.missing);
        if !args.allow_partial {
            return Err(Error::Unassigned(text));
        }
        log::warn!("{text}");
        unread.push(text);
    }
    let ways = Ways::new(&plan, &flavor, &units, &index)?;
    let sink = match &plan.output {
        Some(output) => Sink::create(&output.file, args.force, stop)?,
        None => Sink::stdout(stop)?,
    };
    // What cannot be written is found out before the reading. Of pipes and devices there is none.
    let manifest = match plan.output.as_ref().filter(|_| sink.is_file()) {
        Some(output) => Some((output, Sink::create(&output.manifest, output.replace, stop)?)),
        None => None,
    };
    account.began = true;

    let seconds = |time: Duration| format!("{}s", time.as_secs().max(1));
    let session = Session {
        client: &client,
        closer: client.closer().map_err(server::Error::from)?,
        flavor: &flavor,
        stop,
        keeper: Keeper::default(),
        pit_keep_alive: seconds(plan.pit_keep_alive),
        pit_opening: seconds(plan.pit_opening),
        scroll_keep_alive: seconds(plan.scroll_keep_alive),
        page_size: args.page_size,
    };
    let progress = report.progress(0);
    let (way, mut opened) = ways.begin(&session);
    let queue = way.asks.iter().map(|ask| Work { ask, opened: opened.take() }).collect();
    let jobs = plan.readers(way.asks.len());
    let readers = Readers {
        session: &session,
        api: way.api,
        ids: args.ids,
        left: args.max_docs.map(AtomicU64::new),
        allow_partial: args.allow_partial,
        reading: AtomicUsize::new(0),
        progress: &progress,
        state: Mutex::new(State { queue, unread, error: None }),
        announced: AtomicU64::new(0),
    };
    let outlet = Outlet::new(sink, &progress);
    let is_direct = plan.output.is_none() && plan.codec == Codec::Plain;
    let (feed, blocks) = match (!is_direct).then(|| Queue::new(jobs)) {
        None => (Feed::Direct(&outlet), None),
        Some((feed, blocks)) => (feed, Some(blocks)),
    };
    let written = scope(|threads| {
        let keeper = threads.spawn(|| {
            session.keeper.run(&client, &session.pit_keep_alive, plan.pit_keep_alive / 3);
        });
        let running: Vec<_> = (0..jobs)
            .map(|_| {
                let (readers, feed) = (&readers, feed.clone());
                threads.spawn(move || readers.run(&feed))
            })
            .collect();
        drop(feed);
        let written = blocks.map_or(Ok(()), |blocks| blocks.run(&outlet, plan.codec, stop));
        if written.is_err() {
            readers.end();
        }
        for reader in running {
            reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
        session.keeper.end();
        let _ = keeper.join();
        written
    });
    let mut sink;
    (sink, account.count, account.bytes) = outlet.into_taken();
    progress.finish();
    let state = readers.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Each side stops the other when it fails: what the other then says is not the reason.
    match (written, state.error) {
        (Err(error), _) if !error.is_stop() => return Err(error),
        (_, Some(error)) | (Err(error), None) => return Err(error),
        (Ok(()), None) => {}
    }
    if stop.requested() {
        return Err(es_core::record::sink::Error::Stopped.into());
    }
    let written = sink.seal()?;
    if let (Some((output, mut manifest)), Some(sha256)) = (manifest, &written.sha256) {
        let content = Manifest {
            es_tools: env!("CARGO_PKG_VERSION"),
            target: &index,
            server: flavor.name(),
            query: plan.query.filters.iter().map(AsRef::as_ref).collect(),
            share: args.share.as_deref(),
            partial: !state.unread.is_empty(),
            time: jiff::Timestamp::now().to_string(),
            count: account.count,
            bytes: written.bytes,
            sha256,
            indices: &schemas.indices,
        };
        content.write(&mut manifest)?;
        manifest::publish(sink, manifest, output)?;
    } else {
        sink.publish()?;
    }
    let mut exit = Exit::Done;
    if !state.unread.is_empty() {
        account.notes.push(format!("incomplete: {} of the shards not read whole", state.unread.len()));
        exit = Exit::Partial;
    }
    if let Some(expect) = plan.expect.filter(|expect| !expect.holds(account.count)) {
        report.warn(&format!("there are {} documents, not {expect}", account.count));
        exit = exit.worse(Exit::Check);
    }
    Ok(exit)
}
