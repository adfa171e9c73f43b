//! `repo cleanup` and `repo remove`: what deletes files that nobody needs, and what forgets a repository.

use es_core::cli::Exit;
use es_core::cli::rows::{Fields, Kind, put, shown};
use es_core::http::{Method, Repeat};
use serde::Deserialize;

use super::fault::explain;
use super::looking::{settings, settings_fields};
use crate::args::{Cleanup, Remove};
use crate::busy;
use crate::cluster::{Cluster, Shell};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::repository::{self, Repository};

#[derive(Debug, Deserialize)]
struct Answer {
    results: Results,
}

#[derive(Debug, Deserialize)]
struct Results {
    deleted_bytes: u64,
    deleted_blobs: u64,
}

pub(super) fn cleanup(args: &Cleanup, shell: Shell<'_>) -> Result<Exit, Error> {
    let (cluster, name) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let flavor = cluster.flavor()?;
    if !flavor.cleans_repositories() {
        return Err(Error::Failed {
            what: format!("{} cannot clean up a repository: it came with Elasticsearch 7.4", flavor.name()),
            hint: Some("deleting a snapshot there removes what only that one needed".into()),
        });
    }
    let what = format!("cleaning up the repository {name}");
    let path = format!("{}/_cleanup", repository::path(&name));
    let mut deadline = Deadline::new(shell.stop, args.timeout);
    let answer = busy::wait(&cluster, &mut deadline, |cluster| {
        cluster.send(Method::Post, &path, None, Repeat::Unsafe, &what)
    });
    let Answer { results } = answer.map_err(|e| explain(e, ""))?;
    let fields = Fields::new(vec![
        shown("deleted_blobs", Kind::Int, "how many files are gone"),
        shown("deleted_bytes", Kind::Bytes, "their size"),
    ]);
    let row = put(
        &fields,
        [
            ("deleted_blobs", Some(results.deleted_blobs.to_string())),
            ("deleted_bytes", Some(results.deleted_bytes.to_string())),
        ],
    );
    args.look.print(fields.shown(), &[row], shell.stop)?;
    Ok(Exit::Done)
}

pub(super) fn remove(args: &Remove, shell: Shell<'_>) -> Result<Exit, Error> {
    let (cluster, name) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let found = Repository::get(&cluster, &name)?;
    let fields = settings_fields();
    args.look.print(fields.shown(), &settings(&found, &fields), shell.stop)?;
    if !args.yes {
        let text =
            format!("{name} would be unregistered, and its files stay; nothing was done: --yes does it");
        shell.report.tell(&text);
        return Ok(Exit::Done);
    }
    repository::unregister(&cluster, &name)?;
    shell.report.tell(&format!("{name}: unregistered; its files stay in {}", found.place()));
    Ok(Exit::Done)
}
