//! `repo add`: what is there is read, what would differ is shown, what is in the place already is looked up; then it is
//! registered and every node verifies it, or all is put back.

use es_core::cli::Exit;
use es_core::cli::rows::Fields;

use super::asked::Asked;
use super::undo::Undo;
use super::{change, fault, keystore, probe};
use crate::args::Add;
use crate::cluster::{Cluster, Shell};
use crate::error::Error;
use crate::repository::{self, Repository};

const RULE: &str = "one cluster alone may write to a repository, or its snapshots are destroyed";

pub(super) fn add(args: &Add, shell: Shell<'_>) -> Result<Exit, Error> {
    let asked = Asked::of(args)?;
    let (cluster, name) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let secrets = asked.secrets();
    if !secrets.is_empty() && !args.allow_secrets {
        let client = asked.set.get("client").map(repository::text);
        let kind = asked.kind.as_deref().unwrap_or_default();
        // Only for the name of a command: that of a server that does not answer stays open.
        return Err(keystore::refuse(kind, client.as_deref(), &secrets, cluster.flavor().ok()));
    }
    let before = Repository::find(&cluster, &name)?;
    let wanted = asked.over(before.as_ref())?;
    let changes = change::between(before.as_ref(), &wanted);
    let fields = Fields::new(change::columns());
    args.look.print(fields.shown(), &change::rows(&changes, &fields), shell.stop)?;

    let told = match &before {
        Some(_) if !change::any(&changes) => "registered so already",
        Some(_) if change::overrides(&changes) && !args.yes => {
            return Err(Error::Failed {
                what: format!("{name} is registered otherwise; nothing was changed"),
                hint: Some("--yes changes it".into()),
            });
        }
        Some(_) => "changed",
        None => "registered",
    };
    let undo = if change::any(&changes) {
        let only_read = before.as_ref().is_some_and(Repository::is_readonly);
        if (change::moves(&changes) || only_read) && !wanted.is_readonly() {
            one_writer(&cluster, &name, &wanted, args.writable)?;
        }
        let undo = Undo::new(&cluster, &name, before)?;
        wanted.register(&cluster, &name).map_err(|e| fault::explain(e, &wanted.kind))?;
        Some(undo)
    } else {
        None
    };
    let nodes = repository::verify(&cluster, &name).map_err(|e| fault::explain(e, &wanted.kind))?;
    if let Some(undo) = undo {
        undo.keep();
    }
    let nodes = match nodes.len() {
        1 => "1 node".to_owned(),
        n => format!("{n} nodes"),
    };
    shell.report.tell(&format!("{name}: {told}; {nodes} verified it"));
    Ok(Exit::Done)
}

/// Snapshots that are there already are perhaps another cluster's, so the person has to say.
fn one_writer(cluster: &Cluster, name: &str, wanted: &Repository, writable: bool) -> Result<(), Error> {
    let found = match probe::snapshots(cluster, wanted) {
        Ok(found) => found,
        // It was said, and what is there could not be looked up: registering will tell why.
        Err(error) if writable && !matches!(error, Error::Server(_)) => return Err(error),
        Err(_) if writable => return Ok(()),
        Err(error) => return Err(fault::explain(error, &wanted.kind)),
    };
    match (found, writable) {
        (0, _) => Ok(()),
        (found, true) => {
            let place = wanted.place();
            cluster.shell.report.warn(&format!("there are {found} snapshots in {place} already: {RULE}"));
            Ok(())
        }
        (found, false) => Err(Error::Failed {
            what: format!(
                "{}: there are {found} snapshots already; {name} was not registered",
                wanted.place()
            ),
            hint: Some(format!(
                "{RULE}: say --readonly if another cluster writes to it, --writable if this one is the only one"
            )),
        }),
    }
}
