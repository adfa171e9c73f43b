//! `--preview`: the first records before and after the program, as lines of which those that differ are marked.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use es_core::cli::exit::Exit;
use es_core::cli::one_line;
use es_core::record::Stop;
use es_core::record::lines::Lines;
use es_core::record::sink::Sink;
use similar::{ChangeTag, TextDiff};

use crate::blocks::{Done, Worker};
use crate::error::Error;
use crate::form::From;
use crate::form::leaving::Writer;
use crate::piece::{Records, Work};
use crate::plan::Plan;
use crate::program::{Program, Root, Variables};
use crate::run::STACK;
use crate::source::Source;
use crate::transform::{self, Transform};
use pretty::pretty;
use singles::{Single, singles};

mod pretty;
mod singles;

/// How long two records are compared for the fewest differences; after it, they are shown with more.
const PATIENCE: Duration = Duration::from_millis(500);

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[0m";

/// Shows what becomes of the first `most` records; nothing after them is read.
pub(crate) fn run(plan: &Plan, most: u64, colour: bool, stop: &Stop) -> Result<Exit, Error> {
    let show = || show(plan, most, colour, stop);
    std::thread::scope(|threads| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(threads, show)?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    Ok(Exit::Done)
}

fn show(plan: &Plan, most: u64, colour: bool, stop: &Stop) -> Result<(), Error> {
    let identity = Program::read(".", plan.program.root, Variables::default())?;
    let mut before = worker(plan, &identity)?;
    let mut after = worker(plan, &plan.program)?;
    let lines = Lines::new(plan.files.clone(), plan.max_line, false, stop);
    let mut source = Source::new(plan.from, lines, plan.max_line);
    let mut out = Sink::stdout(stop)?;
    let mut shown = 0;
    while shown < most
        && let Some(work) = source.next_work()?
    {
        for Single { place, raw, records } in singles(work.piece) {
            let (was, now) = (alone(&mut before, records.clone()), alone(&mut after, records));
            if shown == most || was.tally.read == 0 {
                // A control line is no record.
                continue;
            }
            shown += 1;
            let file = match place.file.as_os_str() == "-" {
                true => String::new(),
                false => format!("{}, ", place.file.display()),
            };
            let head = format!("record {shown}, {file}line {} (byte {})", place.line, place.offset);
            out.write(Page { colour }.record(&head, &raw, &was, &now).as_bytes())?;
        }
    }
    Ok(())
}

fn worker<'p>(plan: &Plan, program: &'p Program) -> Result<Worker<'p>, Error> {
    let mut transform = Transform::new(program, plan.on_clash)?;
    transform.certain = plan.from.is_some_and(From::is_certain);
    transform.nameless = plan.to.is_some();
    let whole = program.root == Root::Line;
    Ok(Worker::new(transform, Writer::new(None, whole, &Arc::default()), plan.max_line))
}

fn alone(worker: &mut Worker<'_>, records: Records) -> Done {
    worker.work(Work { number: 0, piece: records }, Vec::new())
}

/// How it is shown.
#[derive(Clone, Copy)]
struct Page {
    colour: bool,
}

impl Page {
    fn record(self, head: &str, raw: &[u8], was: &Done, now: &Done) -> String {
        let before = match was.rejects.is_empty() {
            true => outputs(&was.bytes).into_iter().flatten().collect(),
            false => vec![one_line(&String::from_utf8_lossy(&raw[..raw.len().min(1000)]))],
        };
        let after = outputs(&now.bytes);
        let became = match (now.rejects.first(), after.len()) {
            (Some(reject), _) => format!(": rejected: {}", one_line(&reject.fault.to_string())),
            (None, 0) => ": dropped".to_owned(),
            (None, 1) => String::new(),
            (None, count) => format!(": {count} records"),
        };
        let mut text = self.painted(BOLD, &format!("{}{became}", one_line(head)));
        match (now.rejects.is_empty(), after.is_empty()) {
            (false, _) => text.extend(before.iter().map(|line| format!("  {line}\n"))),
            (true, true) => self.difference(&before, &[], &mut text),
            (true, false) => {
                for (i, output) in after.iter().enumerate() {
                    if after.len() > 1 {
                        text.push_str(&self.painted(BOLD, &format!("{} of {}", i + 1, after.len())));
                    }
                    self.difference(&before, output, &mut text);
                }
            }
        }
        text.push('\n');
        text
    }

    fn difference(self, before: &[String], after: &[String], text: &mut String) {
        // The comma after a field says nothing about the field.
        let bare = |lines: &[String]| -> Vec<String> {
            lines.iter().map(|line| line.strip_suffix(',').unwrap_or(line).to_owned()).collect()
        };
        let (old, new) = (bare(before), bare(after));
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        let difference = TextDiff::configure().timeout(PATIENCE).diff_slices(&old, &new);
        for change in difference.iter_all_changes() {
            let line = |lines: &[String], at: Option<usize>| {
                at.and_then(|at| lines.get(at)).cloned().unwrap_or_default()
            };
            match change.tag() {
                ChangeTag::Equal => text.push_str(&format!("  {}\n", line(after, change.new_index()))),
                ChangeTag::Delete => {
                    text.push_str(&self.painted(RED, &format!("- {}", line(before, change.old_index()))));
                }
                ChangeTag::Insert => {
                    text.push_str(&self.painted(GREEN, &format!("+ {}", line(after, change.new_index()))));
                }
            }
        }
    }

    fn painted(self, colour: &str, line: &str) -> String {
        match self.colour {
            true => format!("{colour}{line}{PLAIN}\n"),
            false => format!("{line}\n"),
        }
    }
}

/// The records that were written, each as lines that a terminal can be given.
fn outputs(bytes: &[u8]) -> Vec<Vec<String>> {
    let lines = |record| pretty(record).iter().map(|line| one_line(&String::from_utf8_lossy(line))).collect();
    transform::lines(bytes).map(lines).collect()
}

/// Whether standard output is looked at by a person who wants colours.
pub(crate) fn wants_colour() -> bool {
    io::IsTerminal::is_terminal(&io::stdout())
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
