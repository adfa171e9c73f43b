//! Files of a repository of the type fs, found and spoiled as disks and people do.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The data files of a shard of an index, the largest last.
pub(super) fn data_files(repository: &Path, index: &str, shard: u32) -> Vec<PathBuf> {
    let generation = |path: &Path| path.file_name()?.to_str()?.strip_prefix("index-")?.parse::<u64>().ok();
    let files = fs::read_dir(repository).unwrap().map(|entry| entry.unwrap().path());
    let newest = files.filter(|path| generation(path).is_some()).max_by_key(|path| generation(path)).unwrap();
    let contents: Value = serde_json::from_slice(&fs::read(newest).unwrap()).unwrap();
    let id = contents["indices"][index]["id"].as_str().unwrap();
    let shard = repository.join("indices").join(id).join(shard.to_string());
    let files = fs::read_dir(shard).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("__")).collect();
    files.sort_by_key(|path| fs::metadata(path).unwrap().len());
    files
}

/// One bit in the middle of a data file is another.
pub(super) fn flip(repository: &Path, index: &str, shard: u32) {
    let file = data_files(repository, index, shard).pop().unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, bytes).unwrap();
}

/// A data file is gone.
pub(super) fn remove(repository: &Path, index: &str, shard: u32) {
    fs::remove_file(data_files(repository, index, shard).pop().unwrap()).unwrap();
}
