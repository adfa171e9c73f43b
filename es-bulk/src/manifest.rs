//! The manifest beside a dump: what es-scroll says about the file it wrote, held against the file that is loaded.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::Error;

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Manifest {
    count: Option<u64>,
    bytes: Option<u64>,
    sha256: Option<String>,
    #[serde(skip)]
    file: PathBuf,
}

impl Manifest {
    /// The manifest of a file, if there is one; the file's length is held against it at once.
    ///
    /// # Errors
    /// When the file is not what the manifest says, or the manifest cannot be read.
    pub(crate) fn beside(file: &Path) -> Result<Option<Manifest>, Error> {
        let mut path = file.as_os_str().to_owned();
        path.push(".manifest");
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::Schema { file: path.into(), why: e.to_string() }),
        };
        let manifest: Manifest = serde_json::from_slice(&text)
            .map_err(|e| Error::Schema { file: path.clone().into(), why: e.to_string() })?;
        let manifest = Manifest { file: file.to_owned(), ..manifest };
        let there = std::fs::metadata(file).map(|there| there.len()).ok();
        match (manifest.bytes, there) {
            (Some(said), Some(there)) if said != there => {
                Err(manifest.wrong(format!("it has {there} bytes, and its manifest says {said}")))
            }
            _ => Ok(Some(manifest)),
        }
    }

    pub(crate) fn is_of(&self, file: &Path) -> bool {
        self.file == file
    }

    pub(crate) fn count(&self) -> Option<u64> {
        self.count
    }

    /// # Errors
    /// When what was read to the end of the file is not what was written.
    pub(crate) fn check(&self, records: u64, sha256: &str) -> Result<(), Error> {
        if self.count.is_some_and(|said| said != records) {
            let said = self.count.unwrap_or_default();
            return Err(self.wrong(format!("it has {records} records, and its manifest says {said}")));
        }
        if self.sha256.as_ref().is_some_and(|said| !said.eq_ignore_ascii_case(sha256)) {
            return Err(self.wrong("its checksum is not that of its manifest".into()));
        }
        Ok(())
    }

    fn wrong(&self, why: String) -> Error {
        Error::NotWhole { file: self.file.clone(), why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_held_against_its_manifest() {
        let folder = std::env::temp_dir().join(format!("es-bulk-manifest-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("a.ndjson");
        std::fs::write(&file, "{}\n").unwrap();
        assert!(Manifest::beside(&file).unwrap().is_none());
        std::fs::write(folder.join("a.ndjson.manifest"), r#"{"count":1,"bytes":3,"sha256":"AB","x":1}"#)
            .unwrap();
        let manifest = Manifest::beside(&file).unwrap().unwrap();
        assert!(manifest.check(1, "ab").is_ok());
        assert!(manifest.check(2, "ab").unwrap_err().to_string().contains("2 records"));
        assert!(manifest.check(1, "cd").unwrap_err().to_string().contains("checksum"));
        std::fs::write(&file, "{}").unwrap();
        assert!(Manifest::beside(&file).unwrap_err().to_string().contains("2 bytes"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
