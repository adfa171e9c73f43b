//! `resolve`: the snapshot to which a file belongs, from the server or from the repository's files, asked again while
//! its index does not name the snapshot yet.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use es_core::cli::Exit;
use es_core::record::sink::Sink;
use serde_json::json;

use crate::args::Resolve;
use crate::catalog;
use crate::cluster::{Cluster, Shell};
use crate::deadline::{Deadline, Over};
use crate::error::Error;
use crate::event_key;
use crate::repository_index::{Found, Index, newest};
use crate::s3::Bucket;

/// Where the answer is looked for.
enum Source<'a> {
    Server(Cluster<'a>, String),
    Folder(PathBuf),
    Bucket(Box<Bucket>),
}

pub(crate) fn resolve(args: &Resolve, shell: Shell<'_>) -> Result<Exit, Error> {
    let uuid = event_key::uuid(&args.event, args.base_path.as_deref()).map_err(Error::usage)?;
    let mut deadline = Deadline::new(shell.stop, Some(args.timeout));
    let source = Source::of(args, shell, &deadline)?;
    let mut told = false;
    loop {
        if let Some(found) = source.find(&uuid)? {
            let text = match args.json {
                true => json!({"snapshot": found.name, "uuid": uuid, "state": found.state}).to_string(),
                false => found.name,
            };
            Sink::stdout(shell.stop)?.write(format!("{text}\n").as_bytes())?;
            return Ok(Exit::Done);
        }
        if !told && !args.timeout.is_zero() {
            shell.report.tell(&format!("{source} does not name a snapshot {uuid} yet; asking again"));
            told = true;
        }
        match deadline.pause() {
            Ok(()) => {}
            Err(Over::Stopped) => return Err(Error::Stopped),
            Err(Over::TimedOut) => {
                return Err(Error::Failed {
                    what: format!("{source} has no snapshot with the uuid {uuid}"),
                    hint: Some("it is deleted already, or of another repository, or not written yet".into()),
                });
            }
        }
    }
}

impl<'a> Source<'a> {
    fn of(args: &Resolve, shell: Shell<'a>, deadline: &Deadline<'_>) -> Result<Source<'a>, Error> {
        let conn = &args.shared.conn;
        match (&args.repository, &args.files) {
            (Some(repository), None) => {
                let (cluster, name) = Cluster::open(conn, repository, shell)?;
                Ok(Source::Server(cluster.until(deadline), name))
            }
            (None, Some(files)) => {
                let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
                let (endpoint, region) = (args.endpoint.as_deref(), args.region.as_deref());
                let bucket = Bucket::open(files, endpoint, region, conn, &env, shell.stop)?;
                Ok(bucket
                    .map_or_else(|| Source::Folder(files.into()), |bucket| Source::Bucket(bucket.into())))
            }
            (Some(_), Some(_)) | (None, None) => {
                Err(Error::usage("either REPO or --files says where to look"))
            }
        }
    }

    fn find(&self, uuid: &str) -> Result<Option<Found>, Error> {
        match self {
            Source::Server(cluster, repository) => {
                let all = catalog::brief(cluster, repository)?;
                let found = all.into_iter().find(|one| one.uuid.as_deref() == Some(uuid));
                Ok(found.map(|one| Found { state: Some(one.state.name().to_owned()), name: one.name }))
            }
            Source::Folder(path) => {
                let names = names(path)?;
                let Some(name) = newest(names.iter().map(String::as_str)) else { return Ok(None) };
                // One that is gone meanwhile has a newer one.
                match fs::read(path.join(name)) {
                    Ok(bytes) => self.read(name, &bytes, uuid),
                    Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
                    Err(why) => {
                        Err(Error::System { what: format!("read {}", path.join(name).display()), why })
                    }
                }
            }
            Source::Bucket(bucket) => {
                let names = bucket.list("index")?;
                let Some(name) = newest(names.iter().map(String::as_str)) else { return Ok(None) };
                match bucket.read(name)? {
                    Some(bytes) => self.read(name, &bytes, uuid),
                    None => Ok(None),
                }
            }
        }
    }

    fn read(&self, name: &str, bytes: &[u8], uuid: &str) -> Result<Option<Found>, Error> {
        let index =
            Index::parse(bytes).map_err(|e| Error::failed(format!("{self}: {name} is no index: {e}")))?;
        Ok(index.find(uuid))
    }
}

impl std::fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Source::Server(_, repository) => f.write_str(repository),
            Source::Folder(path) => path.display().fmt(f),
            Source::Bucket(bucket) => bucket.fmt(f),
        }
    }
}

fn names(path: &Path) -> Result<Vec<String>, Error> {
    let wrong = |why| Error::System { what: format!("read {}", path.display()), why };
    let entries = fs::read_dir(path).map_err(wrong)?;
    let names = entries.map(|entry| Ok(entry?.file_name().into_string().ok()));
    let names: Result<Vec<Option<String>>, std::io::Error> = names.collect();
    Ok(names.map_err(wrong)?.into_iter().flatten().collect())
}
