//! Records as they are to leave (`--to`): what the program made of one, a hit line, becomes a document alone, an
//! action and its document, or a row. Without `--to` nothing is read again.

use std::sync::Arc;

use es_core::record::action::{Action, ActionLine, Op, others};
use es_core::record::hit::{Hit, Meta};
use es_core::record::kind::{Kind, kind_of};

use super::To;
use super::pairs;
use super::sheet::{Sheet, Turns};
use crate::fault::Fault;
use crate::rejected::Before;
use crate::transform::{self, Became, Transform};

/// A record to be handled.
pub(crate) struct Given<'a> {
    pub(crate) line: &'a [u8],
    pub(crate) kind: Kind,
    /// The action that it came with.
    pub(crate) action: Option<&'a Action<'a>>,
}

/// Writes what a program makes of records.
pub(crate) struct Writer {
    form: Form,
    /// The program works on whole lines, which may become anything.
    whole: bool,
    made: Vec<u8>,
}

enum Form {
    AsItCame,
    Hit,
    Source,
    Bulk,
    Rows(Sheet),
}

impl Writer {
    pub(crate) fn new(to: Option<To>, whole: bool, turns: &Arc<Turns>) -> Writer {
        let form = match to {
            None => Form::AsItCame,
            Some(To::Hit) => Form::Hit,
            Some(To::Source) => Form::Source,
            Some(To::Bulk) => Form::Bulk,
            Some(To::Csv) => Form::Rows(Sheet::new(super::cells::Dialect::Csv, turns)),
            Some(To::Tsv) => Form::Rows(Sheet::new(super::cells::Dialect::Tsv, turns)),
        };
        Writer { form, whole, made: Vec::new() }
    }

    /// A piece of the input begins; may wait for those before it.
    pub(crate) fn begin(&mut self, number: u64) {
        if let Form::Rows(sheet) = &mut self.form {
            sheet.begin(number);
        }
    }

    pub(crate) fn end(&mut self) {
        if let Form::Rows(sheet) = &mut self.form {
            sheet.end();
        }
    }

    /// A control line. Neither servers nor readers of rows know any.
    pub(crate) fn mark(&self, line: &[u8], out: &mut Vec<u8>) {
        match self.form {
            Form::AsItCame | Form::Hit | Form::Source => {
                out.extend_from_slice(line);
                out.push(b'\n');
            }
            Form::Bulk | Form::Rows(_) => {}
        }
    }

    /// Appends what becomes of a record; on a fault nothing is appended.
    pub(crate) fn write(
        &mut self,
        transform: &mut Transform<'_>,
        given: &Given<'_>,
        out: &mut Vec<u8>,
    ) -> Result<Became, Fault> {
        if matches!(self.form, Form::AsItCame) {
            return transform.line(given.line, given.kind, out);
        }
        let mut made = std::mem::take(&mut self.made);
        made.clear();
        let start = out.len();
        transform.keep_counts();
        let became = transform.line(given.line, given.kind, &mut made).and_then(|became| {
            match became {
                Became::Mark => self.mark(given.line, out),
                Became::Records(_) | Became::Nothing => self.lines(&made, given, out)?,
            }
            Ok(became)
        });
        if became.is_err() {
            transform.take_back_counts();
            out.truncate(start);
        }
        self.made = made;
        became
    }

    fn lines(&mut self, made: &[u8], given: &Given<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
        let lines = transform::lines(made);
        if let Form::Rows(sheet) = &mut self.form {
            let hits = lines.map(|line| read(line, self.whole, given.kind)).collect::<Result<Vec<_>, _>>()?;
            return sheet.write(&hits, out);
        }
        for line in lines {
            let hit = read(line, self.whole, given.kind)?;
            let source = || hit.source.ok_or(Fault::NoSource);
            match &self.form {
                Form::Source => out.extend_from_slice(source()?),
                Form::Bulk => {
                    write_action(&hit, given.action, out)?;
                    out.extend_from_slice(source()?);
                }
                Form::Hit | Form::AsItCame | Form::Rows(_) => {
                    if let Some(name) = given.action.and_then(pairs::without_place) {
                        return Err(Fault::NoPlace(String::from_utf8_lossy(name).into_owned()));
                    }
                    if hit.index.is_none() && hit.id.is_none() {
                        return Err(Fault::NoDocinfo);
                    }
                    match given.action {
                        Some(_) => {
                            hit.write_line(Meta { version: true, seq_no: true }, out);
                            out.pop();
                        }
                        None => out.extend_from_slice(line),
                    }
                }
            }
            out.push(b'\n');
        }
        Ok(())
    }
}

/// What the program made. Where its `.` was the line, that may be a document, too.
fn read<'a>(line: &'a [u8], whole: bool, kind: Kind) -> Result<Hit<'a>, Fault> {
    if !whole || kind_of(line)? == Some(Kind::Hit) {
        return Ok(Hit::parse(line)?);
    }
    // A pair that names neither index nor id is a hit line all the same.
    let hit = Hit::parse(line).ok().filter(|hit| kind == Kind::Hit && hit.source.is_some());
    Ok(hit.unwrap_or(Hit { source: Some(line.trim_ascii()), ..Hit::default() }))
}

/// The action line of a record: with the operation and the parameters it came with, or to create it.
fn write_action(hit: &Hit<'_>, action: Option<&Action<'_>>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let before = hit.reject.map(Before::read).unwrap_or_default();
    let op = action.map(|action| action.op).or(before.op()).unwrap_or(Op::Create);
    match op {
        Op::Create | Op::Index => {}
        Op::Update | Op::Delete => return Err(Fault::NotWhole(op.name())),
    }
    let version_type = action.and_then(|action| action.version_type).or(before.version_type);
    let mut line = ActionLine::begin(out, op);
    line.part(b"_index", hit.index);
    // Servers since 8 refuse a type, and hit lines of old ones have one.
    line.part(b"_type", hit.kind.filter(|_| action.is_some()));
    line.part(b"_id", hit.id);
    line.part(b"routing", hit.routing);
    line.part(b"parent", hit.parent);
    line.part(b"version", hit.version.filter(|_| action.is_some() || version_type.is_some()));
    line.part(b"version_type", version_type);
    let parameters = action.map(|action| action.meta).or(before.action).unwrap_or(b"{}");
    for (name, value) in others(parameters) {
        line.part(name, Some(value));
    }
    line.end();
    Ok(())
}
