//! What will be done: everything that was typed, checked against itself and the files there are. Nothing is sent.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use es_core::cli::Expect;
use es_core::http::Client;
use es_core::record::Stop;
use es_core::record::kind::Kind;
use es_core::record::lines;
use rustix::termios::isatty;

use crate::args::{Args, Conflicts, From, OpChoice, VersionType};
use crate::error::Error;
use crate::field::FieldPath;
use crate::manifest::Manifest;
use crate::record::Wanted;
use crate::rejects::Limits;
use crate::schema::Schema;

pub(crate) struct Plan {
    pub(crate) client: Client,
    /// Everything goes there; None: each record to its own `_index`.
    pub(crate) index: Option<String>,
    /// Standard input is `-`.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) manifests: Vec<Manifest>,
    pub(crate) from: Option<Kind>,
    pub(crate) wanted: Wanted,
    pub(crate) upsert: bool,
    pub(crate) id: Option<FieldPath>,
    pub(crate) routing: Option<FieldPath>,
    pub(crate) id_seed: Option<String>,
    pub(crate) conflicts: Option<Conflicts>,
    pub(crate) pipeline: Option<String>,
    pub(crate) require_alias: bool,
    pub(crate) refresh: bool,
    pub(crate) kind: Option<String>,
    pub(crate) schema: Option<Schema>,
    pub(crate) jobs: usize,
    pub(crate) bulk_size: usize,
    pub(crate) bulk_docs: usize,
    pub(crate) rejects: Option<PathBuf>,
    pub(crate) limits: Limits,
    pub(crate) max_line: usize,
    pub(crate) expect: Option<Expect>,
}

impl Plan {
    /// # Errors
    /// When something that was typed cannot be used, or a file is not what it should be.
    pub(crate) fn new(args: Args, stop: &Stop) -> Result<Plan, Error> {
        let Args { target, files, from, loading, index: missing, requests, refused, conn, talk: _ } = args;
        let (client, index) = conn.open(target.as_deref(), stop, usize::from(requests.jobs))?;
        if index.contains(['*', ',']) || index == "_all" {
            return Err(usage(format!(
                "`{index}` means several indices; records go to one, or each to its own `_index`"
            )));
        }
        let files = if files.is_empty() { vec![PathBuf::from("-")] } else { files };
        let stdin = files.iter().any(|file| file == Path::new("-"));
        if stdin && isatty(io::stdin()) {
            return Err(usage("standard input is a terminal; name a FILE or pipe records in".into()));
        }
        if loading.id_seed.is_some() && !stdin {
            return Err(usage(
                "--id-seed is for standard input; the ids of files come from their names".into(),
            ));
        }
        if from == Some(From::Source) && index.is_empty() {
            return Err(usage("documents without `_index` need an index in TARGET".into()));
        }
        if loading.upsert && loading.op != OpChoice::Update {
            return Err(usage("--upsert goes with --op update".into()));
        }
        if loading.version_type.is_some() && !matches!(loading.op, OpChoice::Index | OpChoice::Delete) {
            return Err(usage("--version-type goes with --op index or delete".into()));
        }
        let wanted = Wanted {
            op: loading.op,
            index_given: !index.is_empty(),
            version_type: loading.version_type.map(|kind| match kind {
                VersionType::External => &b"\"external\""[..],
                VersionType::ExternalGte => b"\"external_gte\"",
            }),
        };
        let mut manifests = Vec::new();
        for file in files.iter().filter(|file| *file != Path::new("-")) {
            if file.extension().is_some_and(|end| end == "manifest") {
                return Err(usage(format!("{} is a manifest; load the file beside it", file.display())));
            }
            manifests.extend(Manifest::beside(file)?);
        }
        if let Some(rejects) = &refused.rejects {
            refuse_same_file(rejects, &files)?;
        }
        let schema = match &missing.create_index {
            None => None,
            Some(file) => Some(Schema::read(file.as_deref(), &missing.set)?),
        };
        let limits = Limits {
            most: refused.max_rejects.unwrap_or(if refused.rejects.is_some() { u64::MAX } else { 999 }),
            hopeless: refused.rejects.is_none() && refused.max_rejects.is_none(),
        };
        let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX >> 1).max(1);
        Ok(Plan {
            client,
            index: Some(index).filter(|index| !index.is_empty()),
            files,
            manifests,
            from: from.map(|from| match from {
                From::Hit => Kind::Hit,
                From::Bulk => Kind::Action,
                From::Source => Kind::Bare,
            }),
            wanted,
            upsert: loading.upsert,
            id: loading.id.as_deref().map(FieldPath::new),
            routing: loading.routing.as_deref().map(FieldPath::new),
            id_seed: loading.id_seed,
            conflicts: loading.conflicts,
            pipeline: loading.pipeline,
            require_alias: loading.require_alias,
            refresh: loading.refresh,
            kind: loading.kind,
            schema,
            jobs: usize::from(requests.jobs),
            bulk_size: size(requests.bulk_size),
            bulk_docs: usize::try_from(requests.bulk_docs).unwrap_or(usize::MAX),
            rejects: refused.rejects,
            limits,
            max_line: lines::limit(refused.max_line),
            expect: refused.expect,
        })
    }

    /// Whether the order of records matters from the first on: where all are creates, the first of an id wins wherever
    /// it is sent from.
    pub(crate) fn ordered(&self) -> bool {
        self.wanted.op != OpChoice::Create
    }

    /// How long nothing may get through.
    pub(crate) fn retry_max(&self) -> Duration {
        self.client.retry_max()
    }

    /// What messages call the place where everything goes.
    pub(crate) fn target(&self) -> String {
        match &self.index {
            Some(index) => index.clone(),
            None => self.client.host().to_string(),
        }
    }
}

fn usage(text: String) -> Error {
    Error::Usage(text)
}

fn refuse_same_file(rejects: &Path, files: &[PathBuf]) -> Result<(), Error> {
    let Ok(there) = std::fs::metadata(rejects) else { return Ok(()) };
    let same = |file: &&PathBuf| {
        std::fs::metadata(file).is_ok_and(|file| (file.dev(), file.ino()) == (there.dev(), there.ino()))
    };
    match files.iter().filter(|_| there.is_file()).find(same) {
        Some(file) => Err(usage(format!("--rejects {} is an input of this load", file.display()))),
        None => Ok(()),
    }
}
