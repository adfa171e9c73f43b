//! What will be done: every check that needs no record is made here.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use es_core::record::lines;
use es_core::record::size::{SizeError, parse_bytes};

use crate::args::Args;
use crate::edit::OnClash;
use crate::form::{From, To};
use crate::language::filter::Filter;
use crate::program::{self, Program, Root, Variables};
use crate::table::{self, Table};

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) program: Program,
    pub(crate) on_clash: OnClash,
    pub(crate) from: Option<From>,
    pub(crate) to: Option<To>,
    /// Show this many records instead.
    pub(crate) preview: Option<u64>,
    pub(crate) files: Vec<PathBuf>,
    pub(crate) rejects: Option<PathBuf>,
    pub(crate) max_rejects: Option<u64>,
    pub(crate) max_line: usize,
    pub(crate) jobs: usize,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("no program: name one, or a file that holds one with -f")]
    NoProgram,
    #[error("the program is not UTF-8")]
    NotText,
    #[error("cannot read the program {}: {why}", file.display())]
    Unreadable { file: PathBuf, why: io::Error },
    #[error(transparent)]
    Program(#[from] program::Error),
    #[error("--table {name}: {why}")]
    Table { name: String, why: table::Error },
    #[error("standard input is a table already: name a FILE for the records")]
    TableIsInput,
    #[error("--max-line: {0}")]
    Size(#[from] SizeError),
    #[error("standard input is a terminal: name a FILE, or pipe records in")]
    Terminal,
    #[error("no such file: {}", .0.display())]
    NoFile(PathBuf),
    #[error("--rejects {}: it is a file to be read", .0.display())]
    RejectsAreInput(PathBuf),
    #[error("--rejects {}: it holds something already", .0.display())]
    RejectsExist(PathBuf),
}

impl Error {
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Error::Program(e) => e.hint(),
            Error::NoFile(_) => {
                Some("the first argument is the program; es-xform . FILE passes records as they are")
            }
            Error::NoProgram => Some("es-xform . passes records as they are"),
            Error::RejectsExist(_) => Some("move it away: records of another run would be lost"),
            Error::NotText
            | Error::Unreadable { .. }
            | Error::Size(_)
            | Error::Table { .. }
            | Error::TableIsInput
            | Error::Terminal
            | Error::RejectsAreInput(_) => None,
        }
    }
}

/// What a command line asks for.
#[derive(Debug)]
pub(crate) enum Asked {
    Run(Box<Plan>),
    /// `--explain`: these lines.
    Explain(Vec<String>),
}

impl Plan {
    pub(crate) fn from_args(args: Args) -> Result<Asked, Error> {
        let mut files = args.files;
        let text = match (args.from_file, args.program) {
            (Some(file), first) => {
                files.splice(0..0, first.map(PathBuf::from));
                std::fs::read_to_string(&file).map_err(|why| Error::Unreadable { file, why })?
            }
            (None, Some(text)) => text.into_string().map_err(|_| Error::NotText)?,
            (None, None) => return Err(Error::NoProgram),
        };
        let mut variables = Variables::default();
        for pair in args.arg.chunks_exact(2) {
            variables.add_text(&pair[0], &pair[1])?;
        }
        for pair in args.argjson.chunks_exact(2) {
            variables.add_json(&pair[0], &pair[1])?;
        }
        for pair in args.table.chunks_exact(2) {
            let name = pair[0].to_string_lossy().into_owned();
            let table =
                Table::read(Path::new(&pair[1])).map_err(|why| Error::Table { name: name.clone(), why })?;
            variables.add_table(&name, table)?;
        }
        let root = if args.whole { Root::Line } else { Root::Document };
        let program = Program::read(&text, root, variables)?;
        // Names that are not defined come to light here, not in a worker.
        if program.edits.is_none() || !program.languages.is_empty() {
            Filter::compile(&program.full, &program.variables, args.on_clash)?;
        }
        if args.explain {
            return Ok(Asked::Explain(program.explanation));
        }
        let from_stdin = files.is_empty() || files.iter().any(|file| file.as_os_str() == "-");
        if from_stdin && args.table.chunks_exact(2).any(|pair| pair[1] == "-") {
            return Err(Error::TableIsInput);
        }
        if from_stdin && io::stdin().is_terminal() {
            return Err(Error::Terminal);
        }
        if let Some(missing) = files.iter().find(|file| file.as_os_str() != "-" && !file.exists()) {
            return Err(Error::NoFile(missing.clone()));
        }
        if let Some(rejects) = &args.rejects {
            if files.iter().any(|file| same_file(file, rejects)) {
                return Err(Error::RejectsAreInput(rejects.clone()));
            }
            if std::fs::metadata(rejects).is_ok_and(|there| there.is_file() && there.len() > 0) {
                return Err(Error::RejectsExist(rejects.clone()));
            }
        }
        let cores = || std::thread::available_parallelism().map_or(1, usize::from).min(4);
        Ok(Asked::Run(Box::new(Plan {
            program,
            on_clash: args.on_clash,
            from: args.from,
            preview: args.preview,
            // Pairs stay pairs, as hit lines stay hit lines.
            to: args.to.or((args.from == Some(From::Bulk)).then_some(To::Bulk)),
            files,
            rejects: args.rejects,
            max_rejects: args.max_rejects,
            max_line: lines::limit(parse_bytes(&args.max_line)?),
            jobs: args.jobs.map_or_else(cores, usize::from),
        })))
    }
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
