//! Does what was planned: asks, once or again and again, and shows the rows.

use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use es_core::cli::rows::column::{Column, shown};
use es_core::cli::rows::fields::Fields;
use es_core::cli::rows::kind::Kind;
use es_core::cli::rows::output::Output;
use es_core::cli::rows::row::Row;
use es_core::cli::rows::sort::sort;
use es_core::cli::rows::table::{Screen, render};
use es_core::cli::signals::{or_signal, stop_flag};
use es_core::cli::{Exit, Fault, Report, Signals, finish};
use es_core::http::retry::Patience;
use es_core::http::{self, Client};
use es_core::record::Stop;
use es_core::record::sink::Sink;
use es_core::record::stop::Wake;
use es_core::server;

use crate::NAME;
use crate::args::Args;
use crate::error::Error;
use crate::plan::{Columns, Plan};
use crate::reports::{From, Report as Kinds};
use crate::rounds::{Before, Round, Taker};
use crate::source::Source;

/// Between two askings of a wait, unless `--watch` says otherwise.
const WAIT: Duration = Duration::from_secs(1);

pub(crate) fn main(args: Args) -> ExitCode {
    let report = Report::start(NAME, &args.talk);
    let stop = match stop_flag(&report) {
        Ok(stop) => stop,
        Err(status) => return status,
    };
    let outcome = match Signals::listen(&stop) {
        Ok(signals) => run(&args, &report, &stop, &signals),
        Err(why) => Err(Error::System { what: "listen for signals", why }),
    };
    let outcome = or_signal(&stop, outcome);
    finish(&report, &stop, outcome, None)
}

fn run(args: &Args, report: &Report, stop: &Stop, signals: &Signals) -> Result<Exit, Error> {
    let terminal = io::stdout().is_terminal();
    let plan = Plan::from_args(args, terminal)?;
    if args.columns {
        return list_columns(&plan, args, stop);
    }
    let redrawn = terminal && plan.format.is_none();
    let known = plan.report.columns();
    // Nothing is sent when the command line names what is not there.
    let columns = if args.all { None } else { Some(plan.columns(args, &known, redrawn)?) };
    let (client, pattern) = args.conn.open_pattern(args.pattern.as_deref(), stop, 1)?;
    signals.cuts(&client);
    let end = plan.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    let client = end.map_or_else(|| client.clone(), |end| client.until(end));
    if !pattern.is_empty() && plan.report.of.is_none() {
        let name = plan.report.name;
        return Err(Error::usage(format!("{name} takes no pattern: it shows all there is")));
    }
    let source = Source {
        client: &client,
        report: plan.report,
        pattern: &pattern,
        hidden: args.hidden,
        query: args.query_string.as_deref(),
    };
    let columns = match columns {
        Some(columns) => columns,
        None => plan.columns(args, &all_columns(plan.report, known, &source)?, redrawn)?,
    };
    let run =
        Run { args, plan: &plan, report, stop, client: &client, source: &source, columns: &columns, end };
    run.rounds(terminal)
}

struct Run<'a> {
    args: &'a Args,
    plan: &'a Plan,
    report: &'a Report,
    stop: &'a Stop,
    client: &'a Client,
    source: &'a Source<'a>,
    columns: &'a Columns,
    /// When waiting is over.
    end: Option<Instant>,
}

impl Run<'_> {
    fn rounds(&self, terminal: bool) -> Result<Exit, Error> {
        let plan = self.plan;
        let mut output = plan.format.map(|format| Output::new(format, self.stop)).transpose()?;
        let mut headed = self.args.look.no_header;
        let mut before = Before::default();
        loop {
            let started = Instant::now();
            // Rows that are to be sorted, or to be shown only if something holds, cannot go out as they come.
            let straight = self.columns.keys.is_empty() && (!plan.waits || plan.watch.is_some());
            if let Some(output) = output.as_mut().filter(|_| straight && !headed) {
                output.header(self.columns.fields.shown())?;
                headed = true;
            }
            let asked = self.ask(&mut before, output.as_mut().filter(|_| straight));
            let mut round = asked.map_err(|error| self.in_time(error))?;
            let (matched, unmet) = (round.matched, round.unmet);
            let mut rows = std::mem::take(&mut round.held);
            before.turn();
            sort(&mut rows, &self.columns.keys, &self.columns.fields);
            rows.truncate(self.args.top.unwrap_or(usize::MAX));
            let enough = plan.expect.map_or(matched > 0, |expect| expect.holds(matched));
            let met = plan.waits && unmet == 0 && enough;
            let over = self.left().is_some_and(|left| left.is_zero());
            if plan.watch.is_some() || !plan.waits || met || over {
                self.show(&rows, output.as_mut(), &mut headed, terminal)?;
            }
            match (plan.waits, plan.watch) {
                (true, _) if met => return Ok(Exit::Done),
                (true, _) if over => return Err(self.timed_out(&self.lacks(matched, unmet))),
                (false, None) => return Ok(self.judge(matched)),
                (true, _) | (false, Some(_)) => {}
            }
            let every = plan.watch.unwrap_or(WAIT);
            let next = every.saturating_sub(started.elapsed());
            if self.stop.sleep(self.left().map_or(next, |left| left.min(next))) == Wake::Stopped {
                return Err(Error::Stopped);
            }
        }
    }

    fn left(&self) -> Option<Duration> {
        self.end.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// What could not be asked until the end of the time is a wait that took too long.
    fn in_time(&self, error: Error) -> Error {
        let over = self.left().is_some_and(|left| left.is_zero());
        match over && error.exit() == Exit::Unfinished && !error.is_stop() {
            true => self.timed_out(&error.to_string()),
            false => error,
        }
    }

    /// Where nothing was shown yet, an answer that broke off is asked for again.
    fn ask<'b>(&'b self, before: &'b mut Before, output: Option<&'b mut Output>) -> Result<Round<'b>, Error> {
        let held = output.is_none();
        let mut round = Round::new(self.columns, before, output, self.args.top);
        let mut patience = Patience::new(self.client.retry_max(), Instant::now());
        loop {
            let host = self.client.host();
            let mut taker =
                Taker { round: &mut round, report: self.report, strict: self.args.strict, host: &host };
            let error = match self.source.read(&self.columns.fields, &mut taker) {
                Ok(()) => return Ok(round),
                Err(error) => error,
            };
            let broke = matches!(
                &error,
                Error::Server(server::Error::Http(http::Error::Lost { .. } | http::Error::TimedOut { .. }))
            );
            let wait = patience.wait(Instant::now(), None, 0.5).filter(|_| broke && held);
            let Some(wait) = wait.filter(|_| patience.attempts() <= 3) else { return Err(error) };
            log::warn!(target: http::RETRY, "{error}; asking again");
            if self.stop.sleep(wait) == Wake::Stopped {
                return Err(Error::Stopped);
            }
            round.restart();
        }
    }

    /// What was held. Rows that went out as they came are out.
    fn show(
        &self,
        rows: &[Row],
        output: Option<&mut Output>,
        headed: &mut bool,
        terminal: bool,
    ) -> Result<(), Error> {
        let columns = self.columns.fields.shown();
        let Some(output) = output else {
            let mut text = String::new();
            let screen = Screen::of(terminal);
            let drawn = if terminal && self.plan.watch.is_some() {
                // Home, and clear all below: less flicker than to clear first.
                text += "\x1b[H\x1b[J";
                let height =
                    rustix::termios::tcgetwinsize(io::stdout()).map_or(0, |size| usize::from(size.ws_row));
                &rows[..rows.len().min(if height > 3 { height - 2 } else { usize::MAX })]
            } else {
                rows
            };
            text += &render(columns, drawn, !self.args.look.no_header && (terminal || !*headed), screen);
            *headed = true;
            return Ok(Sink::stdout(self.stop)?.write(text.as_bytes())?);
        };
        if !*headed {
            output.header(columns)?;
            *headed = true;
        }
        rows.iter().try_for_each(|row| output.row(columns, row))?;
        Ok(output.flush()?)
    }

    fn judge(&self, matched: u64) -> Exit {
        match self.plan.expect.filter(|expect| !expect.holds(matched)) {
            None => Exit::Done,
            Some(expect) => {
                self.report.warn(&format!("there are {matched} rows, not {expect}"));
                Exit::Check
            }
        }
    }

    fn lacks(&self, matched: u64, unmet: u64) -> String {
        match (matched, unmet, self.plan.expect) {
            (0, _, None) => "there are no rows".to_owned(),
            (_, 0, Some(expect)) => format!("there are {matched} rows, not {expect}"),
            (_, _, _) => format!("it does not hold for {unmet} of {matched} rows"),
        }
    }

    fn timed_out(&self, why: &str) -> Error {
        let condition = self.args.wait_for.as_deref().unwrap_or_default();
        let time = self.plan.timeout.unwrap_or_default();
        Error::TimedOut(format!("waiting for {condition}: after {time:?} {why}"))
    }
}

/// What the server has: our columns in our order, then its others.
fn all_columns(report: &Kinds, known: Vec<Column>, source: &Source<'_>) -> Result<Vec<Column>, Error> {
    if !matches!(report.from, From::Cat(_)) {
        return Ok(known);
    }
    let there = source.help()?;
    let has = |column: &Column| there.iter().any(|(name, _)| column.server_names().contains(&&**name));
    let mut columns: Vec<_> = known.into_iter().filter(has).collect();
    // What has the name of one of ours is the same in another form.
    let is_ours = |name: &str| {
        columns.iter().any(|column| column.name == name || column.server_names().contains(&name))
    };
    let others: Vec<_> = there.iter().filter(|(name, _)| !is_ours(name)).collect();
    columns.extend(others.into_iter().map(|(name, about)| Column::unknown(name.clone(), about.clone())));
    Ok(columns)
}

/// `--columns`: the table of the report, as rows.
fn list_columns(plan: &Plan, args: &Args, stop: &Stop) -> Result<Exit, Error> {
    let fields = Fields::new(vec![
        shown("name", Kind::Text, ""),
        shown("type", Kind::Text, ""),
        shown("shown", Kind::Flag, ""),
        shown("only", Kind::Text, ""),
        shown("source", Kind::Text, ""),
        shown("description", Kind::Text, ""),
    ]);
    let rows: Vec<_> = plan
        .report
        .columns()
        .iter()
        .map(|column| {
            let source = match plan.report.from {
                From::Cat(_) => column.server_names().join(","),
                From::Count => "_count".to_owned(),
                From::Snapshots => "_snapshot".to_owned(),
            };
            let only = column.only.to_string();
            let shown = column.shown.to_string();
            let values = [&column.name, column.kind.name(), &shown, &only, &source, &column.about];
            let mut row = Row::new(values.len());
            for (at, value) in values.iter().enumerate().filter(|(_, value)| !value.is_empty()) {
                row.put(at, value);
            }
            row
        })
        .collect();
    args.look.print(fields.shown(), &rows, stop)?;
    Ok(Exit::Done)
}
