//! `list`: the snapshots of a repository.

use es_core::cli::Exit;
use es_core::cli::rows::{Fields, choice, sort};

use crate::args::List;
use crate::catalog;
use crate::cluster::{Cluster, Shell};
use crate::columns;
use crate::error::Error;

pub(crate) fn list(args: &List, shell: Shell<'_>) -> Result<Exit, Error> {
    let there = columns::snapshots();
    let mut fields = Fields::new(choice::choose(&args.choice, &there)?);
    let keys = choice::keys(&args.sort, &there, &mut fields)?;
    let (cluster, repository) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let snapshots = catalog::select(&cluster, &repository, &args.names)?;
    let mut rows: Vec<_> = snapshots.iter().map(|snapshot| columns::row(snapshot, &fields)).collect();
    sort::sort(&mut rows, &keys, &fields);
    args.look.print(fields.shown(), &rows, shell.stop)?;
    Ok(Exit::Done)
}
