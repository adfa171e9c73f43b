//! The files that are written: a dump, and the manifest that goes with it.

use std::path::{Path, PathBuf};

use es_core::record::sink;

use crate::args::Args;
use crate::error::Error;

/// The file to be written.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) file: PathBuf,
    pub(crate) manifest: PathBuf,
    /// A manifest that is there may be replaced: one beside the dump is left of another, or is asked to be.
    pub(crate) replace: bool,
}

impl Output {
    pub(crate) fn from_args(args: &Args) -> Result<Option<Output>, Error> {
        let kept = |file: &Path| file.is_file() && !args.force;
        let exists = |file: &Path| Err(Error::from(sink::Error::Exists(file.to_owned())));
        match (args.output.as_deref().filter(|file| file.as_os_str() != "-"), &args.manifest) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Error::usage("--manifest: there is none of standard output")),
            (Some(file), _) if kept(file) => exists(file),
            (Some(file), None) => {
                Ok(Some(Output { manifest: beside(file), file: file.to_owned(), replace: true }))
            }
            (Some(file), Some(manifest)) if file == manifest => {
                Err(Error::usage("--manifest and -o name the same file"))
            }
            (Some(file), Some(_)) if file.exists() && !file.is_file() => Err(Error::usage(format!(
                "--manifest: there is none of {}, which is no file",
                file.display()
            ))),
            (Some(_), Some(manifest)) if kept(manifest) => exists(manifest),
            (Some(file), Some(manifest)) => {
                Ok(Some(Output { file: file.to_owned(), manifest: manifest.to_owned(), replace: args.force }))
            }
        }
    }
}

/// `FILE.manifest`.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".manifest");
    name.into()
}
