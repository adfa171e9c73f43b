//! The reading side: records get their index and id, and go into the batch of their lane.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use es_core::record::action::Op;
use es_core::record::lines::{Lines, Piece};
use es_core::record::scan::unescape;
use es_core::record::stop::Why;

use crate::batch::Origin;
use crate::error::Error;
use crate::ident::Seed;
use crate::lanes::Lanes;
use crate::load::Load;
use crate::record::{Record, Refused};
use crate::source::{Source, Take};

/// How long records wait for others to share their request.
const QUIET: Duration = Duration::from_secs(1);

pub(crate) struct Intake<'l> {
    load: &'l Load<'l>,
    lanes: Lanes<'l>,
    file: Arc<Path>,
    seed: Seed,
    /// Some id was made by chance.
    pub(crate) random: bool,
    /// The `_index` of records, as JSON text.
    names: HashMap<Box<[u8]>, Arc<[u8]>>,
    last_name: Option<Arc<[u8]>>,
    read: u64,
    /// Of the file that is being read.
    records: u64,
    pub(crate) bytes: u64,
    /// Records of the files that were read to their ends.
    ended: Vec<(Arc<Path>, u64)>,
}

impl<'l> Intake<'l> {
    pub(crate) fn new(load: &'l Load<'l>, lanes: Lanes<'l>) -> Intake<'l> {
        Intake {
            load,
            lanes,
            file: Path::new("-").into(),
            seed: Seed::text(b""),
            random: false,
            names: HashMap::new(),
            last_name: None,
            read: 0,
            records: 0,
            bytes: 0,
            ended: Vec::new(),
        }
    }

    /// Reads until the end or the stop. What was read goes to the workers, whatever ended it.
    pub(crate) fn run(&mut self, lines: &mut Lines) -> Result<(), Error> {
        let plan = self.load.plan;
        let mut source = Source::new(plan.wanted, plan.from);
        let mut outcome = self.read_all(&mut source, lines);
        if outcome.is_ok() && !self.load.stop.requested() {
            outcome = self.end_of_file(&mut source).and_then(|()| self.check_manifests(lines));
        }
        match &outcome {
            // What is whole is loaded all the same.
            Ok(()) | Err(Error::Input(_) | Error::NotWhole { .. }) => {}
            Err(_) => self.load.stop.request(Why::Failure),
        }
        self.lanes.send_all();
        self.count();
        outcome
    }

    fn read_all(&mut self, source: &mut Source, lines: &mut Lines) -> Result<(), Error> {
        while !self.load.stop.requested() {
            // What a slow writer sent does not wait for the rest of a batch.
            if !self.lanes.are_empty() && lines.is_quiet(QUIET) {
                self.lanes.send_all();
            }
            match lines.next_piece()? {
                None => break,
                Some(Piece::Block(block)) => {
                    self.enter(&block.place.file, source)?;
                    source.unchecked = !block.is_utf8();
                    for line in block.lines() {
                        source.line(line, self)?;
                        if self.load.stop.requested() {
                            break;
                        }
                    }
                    self.count();
                }
                Some(Piece::TooLong { place, length, head }) => {
                    self.enter(&place.file, source)?;
                    self.records += 1;
                    self.read += 1;
                    let at = source.forget_action().unwrap_or((place.line, place.offset));
                    let limit = self.load.plan.max_line as u64;
                    self.load.tally().rejected += 1;
                    self.load.progress.rejected(1);
                    self.load.rejects.too_long(&self.file, at, length, &head, limit)?;
                    self.count();
                }
            }
        }
        Ok(())
    }

    fn count(&mut self) {
        self.load.tally().read += std::mem::take(&mut self.read);
    }

    /// Lines of this file follow.
    fn enter(&mut self, file: &Arc<Path>, source: &mut Source) -> Result<(), Error> {
        if Arc::ptr_eq(file, &self.file) {
            return Ok(());
        }
        self.end_of_file(source)?;
        self.file = Arc::clone(file);
        self.records = 0;
        let seed = &self.load.plan.id_seed;
        self.seed = match (**file == *Path::new("-"), seed) {
            (false, _) => Seed::file(file),
            (true, Some(text)) => Seed::text(text.as_bytes()),
            (true, None) => Seed::random(),
        };
        Ok(())
    }

    fn end_of_file(&mut self, source: &mut Source) -> Result<(), Error> {
        source.end_of_file(self)?;
        self.ended.push((Arc::clone(&self.file), self.records));
        Ok(())
    }

    fn check_manifests(&self, lines: &Lines) -> Result<(), Error> {
        for file in lines.ended() {
            let records = self.ended.iter().find(|(ended, _)| Arc::ptr_eq(ended, &file.file));
            let manifest = self.load.plan.manifests.iter().find(|manifest| manifest.is_of(&file.file));
            if let Some(manifest) = manifest {
                manifest.check(records.map_or(0, |(_, count)| *count), &file.sha256)?;
            }
        }
        Ok(())
    }

    /// Makes the `_index` of a record the last of the names that were seen, each of which is looked at once.
    fn see(&mut self, raw: &[u8]) -> Result<(), Error> {
        if self.last_name.as_ref().is_some_and(|last| **last == *raw) {
            return Ok(());
        }
        if let Some(name) = self.names.get(raw) {
            self.last_name = Some(Arc::clone(name));
            return Ok(());
        }
        if self.load.plan.index.is_none() {
            let name = String::from_utf8_lossy(&unescape(&raw[1..raw.len() - 1])).into_owned();
            self.load.targets.admit(&name)?;
        } else if !self.names.is_empty() {
            self.load.mixed.store(true, Ordering::Relaxed);
        }
        let name: Arc<[u8]> = raw.into();
        self.names.insert(raw.into(), Arc::clone(&name));
        self.last_name = Some(name);
        Ok(())
    }

    fn refuse(&self, record: &Record<'_>, (kind, reason): (&str, &str)) -> Result<(), Error> {
        self.load.tally().rejected += 1;
        self.load.progress.rejected(1);
        self.load.rejects.record(record, &self.file, kind, reason)
    }
}

impl Take for Intake<'_> {
    fn record(&mut self, record: &Record<'_>) -> Result<(), Error> {
        self.read += 1;
        self.records += 1;
        let plan = self.load.plan;
        let document = record.source.unwrap_or_default();
        self.bytes += document.len() as u64;
        match record.index {
            Some(name) => self.see(name).inspect_err(|_| self.load.tally().unsent += 1)?,
            None if plan.index.is_some() => {}
            None => {
                let why = ("no_index", "the record has no `_index` and the target names none");
                return self.refuse(record, why);
            }
        }

        // Sent without one, the document would replace whatever is there.
        if record.version.is_none() && record.version_type.is_some_and(|kind| kind != b"\"internal\"") {
            let why = ("no_version", "a version type is asked for, and the record has no `_version`");
            return self.refuse(record, why);
        }

        let routing = plan.routing.as_ref().map(|field| (field, field.name_in(document)));
        let id = plan.id.as_ref().map(|field| (field, field.name_in(document)));
        for (field, found) in [&routing, &id].into_iter().flatten() {
            // Ids alone are what may be deleted by.
            if found.is_none() && record.source.is_some() {
                let why = format!("the document has no text or number at `{}`", field.text());
                return self.refuse(record, ("no_field", &why));
            }
        }
        let routing = routing.as_ref().and_then(|(_, found)| found.as_deref());
        let routing = routing.or(record.routing);
        let made;
        let id = match (&id, record.id) {
            (Some((_, Some(id))), _) => &id[..],
            (Some((_, None)) | None, Some(id)) => id,
            (Some((_, None)) | None, None) if matches!(record.op, Op::Create | Op::Index) => {
                self.random |= *self.file == *Path::new("-") && plan.id_seed.is_none();
                made = self.seed.id(record.offset, document);
                &made
            }
            (Some((_, None)) | None, None) => {
                let why = format!("{} needs an id, and the record has none", record.op.name());
                return self.refuse(record, ("no_id", &why));
            }
        };

        let index = record.index.filter(|_| plan.index.is_none());
        let size = document.len() + id.len() + record.meta.map_or(0, |(meta, _)| meta.len()) + 128;
        let origin = Origin { file: &self.file, name: record.index.and(self.last_name.as_ref()) };
        let batch = self.lanes.batch_for(record.op, index, id, size);
        batch.push(record, (Some(id), routing), &self.load.form, &origin);
        Ok(())
    }

    fn refused(&mut self, refused: Refused<'_>) -> Result<(), Error> {
        self.read += 1;
        self.records += 1;
        self.load.tally().rejected += 1;
        self.load.progress.rejected(1);
        let op = self.load.plan.wanted.op.op();
        self.load.rejects.lines(&refused, &self.file, op)
    }
}
