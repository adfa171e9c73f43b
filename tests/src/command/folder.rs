//! A temporary folder of a test: working files, an empty home, a place for temporary files. Removed when
//! the last user drops it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

pub struct Folder {
    root: TempDir,
    work: PathBuf,
}

impl Folder {
    /// A folder to be shared by the commands of a test.
    pub fn shared() -> Arc<Self> {
        Arc::new(Self::new())
    }

    pub(crate) fn new() -> Self {
        let root = tempfile::Builder::new().prefix("es-test-").tempdir().expect("a temporary folder");
        let work = root.path().join("work");
        for dir in [&work, &root.path().join("home"), &root.path().join("tmp")] {
            fs::create_dir(dir).expect("a folder within the temporary folder");
        }
        Self { root, work }
    }

    /// The working directory of the commands.
    pub fn path(&self) -> &Path {
        &self.work
    }

    pub fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    pub fn tmp(&self) -> PathBuf {
        self.root.path().join("tmp")
    }

    /// Writes a working file and gives its path.
    #[track_caller]
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.work.join(name);
        fs::write(&path, bytes).unwrap_or_else(|e| panic!("writing {name}: {e}"));
        path
    }

    #[track_caller]
    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.work.join(name)).unwrap_or_else(|e| panic!("reading {name}: {e}"))
    }

    /// The names of the working files, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(&self.work)
            .expect("the working folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// A run that failed left neither the file nor anything that was to become it: nothing in the folder
    /// has a name that starts with it.
    #[track_caller]
    pub fn assert_no_file(&self, name: &str) {
        let left: Vec<_> = self.names().into_iter().filter(|n| n.starts_with(name)).collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }
}
