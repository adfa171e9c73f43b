//! How far a snapshot is: `GET _snapshot/REPO/NAME/_status`, whose numbers came in two forms, and grow while shards are
//! still starting. Its state is not read: it calls a partial snapshot a success.
//!
//! Up to 6.3 `stats{number_of_files, processed_files, total_size_in_bytes, processed_size_in_bytes}`, from 6.4 on
//! `stats{incremental{file_count,size_in_bytes}, processed{…}, total{…}}`, where a missing `processed` means "as many as
//! incremental" once the shards are done.

use std::collections::BTreeMap;
use std::time::Duration;

use es_core::cli::figures::{grouped, seconds, size};
use serde::Deserialize;

use crate::cluster::{Cluster, snapshot_path};
use crate::error::Error;

#[derive(Debug, Default, Deserialize)]
struct Answer {
    snapshots: Vec<Status>,
}

/// One snapshot, its indices and their shards.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Status {
    pub(crate) snapshot: String,
    pub(crate) shards_stats: Counts,
    pub(crate) stats: Stats,
    pub(crate) indices: BTreeMap<String, Index>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Index {
    pub(crate) shards_stats: Counts,
    pub(crate) stats: Stats,
    /// By number.
    pub(crate) shards: BTreeMap<String, Shard>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Shard {
    pub(crate) stage: String,
    pub(crate) stats: Stats,
    pub(crate) node: Option<String>,
    pub(crate) reason: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Counts {
    pub(crate) initializing: u64,
    pub(crate) started: u64,
    pub(crate) finalizing: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
    pub(crate) total: u64,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Stats {
    incremental: Option<Files>,
    processed: Option<Files>,
    total: Option<Files>,
    number_of_files: Option<u64>,
    processed_files: Option<u64>,
    total_size_in_bytes: Option<u64>,
    processed_size_in_bytes: Option<u64>,
    pub(crate) start_time_in_millis: i64,
    pub(crate) time_in_millis: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Files {
    pub(crate) file_count: u64,
    pub(crate) size_in_bytes: u64,
}

impl Stats {
    /// What has to be copied, because no earlier snapshot has it.
    pub(crate) fn wanted(&self) -> Files {
        let old = || Files {
            file_count: self.number_of_files.unwrap_or(0),
            size_in_bytes: self.total_size_in_bytes.unwrap_or(0),
        };
        self.incremental.unwrap_or_else(old)
    }

    /// What of it was copied. `done`: nothing is being copied any more.
    pub(crate) fn copied(&self, done: bool) -> Files {
        match (self.processed, self.incremental) {
            (Some(processed), _) => processed,
            (None, Some(wanted)) if done => wanted,
            (None, Some(_)) => Files::default(),
            (None, None) => Files {
                file_count: self.processed_files.unwrap_or(0),
                size_in_bytes: self.processed_size_in_bytes.unwrap_or(0),
            },
        }
    }

    /// Everything that a restore copies; unknown before 6.4.
    pub(crate) fn whole(&self) -> Option<Files> {
        self.total
    }
}

/// Of a snapshot, an index or a shard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) shards: Counts,
    pub(crate) wanted: Files,
    pub(crate) copied: Files,
    /// Every shard has begun, so that what is wanted grows no more.
    pub(crate) settled: bool,
}

impl Status {
    /// From the shards, one by one: those that have not begun have nothing that is wanted yet.
    pub(crate) fn progress(&self) -> Progress {
        let shards = self.indices.values().flat_map(|index| index.shards.values());
        let mut all = Progress { shards: self.shards_stats, ..Progress::default() };
        for shard in shards {
            let (wanted, copied) = (shard.stats.wanted(), shard.stats.copied(shard.is_done()));
            all.wanted.file_count += wanted.file_count;
            all.wanted.size_in_bytes += wanted.size_in_bytes;
            all.copied.file_count += copied.file_count;
            all.copied.size_in_bytes += copied.size_in_bytes;
        }
        all.settled = self.shards_stats.total > 0 && self.shards_stats.initializing == 0;
        all
    }
}

impl Shard {
    pub(crate) fn is_done(&self) -> bool {
        matches!(&*self.stage, "DONE" | "FINALIZE")
    }
}

impl Progress {
    /// The shards that are done, whatever came of them.
    pub(crate) fn ended(&self) -> u64 {
        self.shards.done + self.shards.failed
    }

    /// What stands behind `3 of 60`: ` shards, 120 of 4,000 files, 1.2 GB of 30 GB, 35 MB/s, ETA 4 min 2 s`; the totals
    /// of what is copied only when they are known.
    pub(crate) fn text(&self, took: Duration) -> String {
        let (shards, wanted, copied) = (self.shards, self.wanted, self.copied);
        let mut text = " shards".to_owned();
        if shards.failed > 0 {
            text += &format!(", {} failed", grouped(shards.failed));
        }
        if self.settled {
            text += &format!(", {} of {} files", grouped(copied.file_count), grouped(wanted.file_count));
            text += &format!(", {} of {}", size(copied.size_in_bytes), size(wanted.size_in_bytes));
        } else {
            text += &format!(", {} files, {}", grouped(copied.file_count), size(copied.size_in_bytes));
        }
        let rate = copied.size_in_bytes as f64 / took.as_secs_f64().max(0.001);
        if rate >= 1.0 {
            text += &format!(", {}/s", size(rate as u64));
            let left = wanted.size_in_bytes.saturating_sub(copied.size_in_bytes);
            if self.settled && left > 0 {
                text += &format!(", ETA {}", seconds(Duration::from_secs_f64(left as f64 / rate)));
            }
        }
        text
    }
}

/// Of one snapshot. Of one that has ended every shard's files are read, which takes the server long.
pub(crate) fn of(cluster: &Cluster, repository: &str, name: &str) -> Result<Option<Status>, Error> {
    let path = format!("{}/_status", snapshot_path(repository, name));
    let answer: Answer = cluster.get(&path, &format!("asking how far {repository}/{name} is"))?;
    Ok(answer.snapshots.into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(text: &str) -> Progress {
        serde_json::from_str::<Status>(text).unwrap().progress()
    }

    #[test]
    fn both_forms_of_numbers_are_read() {
        let old = r#"{"snapshot":"a","shards_stats":{"initializing":0,"started":1,"done":1,"total":2},
            "indices":{"i":{"shards":{"0":{"stage":"DONE","stats":{"number_of_files":4,"processed_files":4,"total_size_in_bytes":400,"processed_size_in_bytes":400}},
            "1":{"stage":"STARTED","stats":{"number_of_files":6,"processed_files":1,"total_size_in_bytes":600,"processed_size_in_bytes":50}}}}}}"#;
        let new = r#"{"snapshot":"a","shards_stats":{"initializing":0,"started":1,"done":1,"total":2},
            "indices":{"i":{"shards":{"0":{"stage":"DONE","stats":{"incremental":{"file_count":4,"size_in_bytes":400},"total":{"file_count":9,"size_in_bytes":900}}},
            "1":{"stage":"STARTED","stats":{"incremental":{"file_count":6,"size_in_bytes":600},"processed":{"file_count":1,"size_in_bytes":50}}}}}}}"#;
        for text in [old, new] {
            let progress = progress(text);
            assert_eq!((progress.wanted.file_count, progress.wanted.size_in_bytes), (10, 1000), "{text}");
            assert_eq!((progress.copied.file_count, progress.copied.size_in_bytes), (5, 450), "{text}");
            assert!(progress.settled);
            let shown = progress.text(Duration::from_secs(1));
            assert_eq!(shown, " shards, 5 of 10 files, 450 B of 1.0 kB, 450 B/s, ETA 1.2 s", "{text}");
        }
    }

    #[test]
    fn while_shards_start_nothing_is_said_of_the_end() {
        let starting = progress(
            r#"{"shards_stats":{"initializing":1,"started":1,"total":2},"indices":{"i":{"shards":{
            "0":{"stage":"INIT","stats":{"incremental":{"file_count":0,"size_in_bytes":0}}},
            "1":{"stage":"STARTED","stats":{"incremental":{"file_count":6,"size_in_bytes":600}}}}}}}"#,
        );
        assert_eq!(starting.text(Duration::from_secs(1)), " shards, 0 files, 0 B");
        assert!(!progress(r#"{"snapshot":"a"}"#).settled);
    }
}
