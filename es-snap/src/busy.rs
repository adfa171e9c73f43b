//! A repository in which others work: what servers say then, and waiting for them.

use es_core::server::Refusal;

use crate::cluster::Cluster;
use crate::deadline::{Deadline, Over};
use crate::error::Error;

/// Others work in the repository, or the cluster has no time.
pub(crate) fn is_busy(refusal: &Refusal) -> bool {
    matches!(refusal.status, 429 | 503)
        || refusal.kind == "concurrent_snapshot_execution_exception"
        // A cleanup, while anything runs in any repository.
        || refusal.kind == "illegal_state_exception" && refusal.reason.contains("annot cleanup")
}

/// That it is waited for, and why.
pub(crate) fn tell(cluster: &Cluster, error: &Error) {
    cluster.shell.report.tell(&format!("{error}; waiting until it can begin"));
}

/// Asks until it is not refused for being busy; the last refusal when the time is over.
pub(crate) fn wait<T>(
    cluster: &Cluster,
    deadline: &mut Deadline,
    ask: impl Fn(&Cluster) -> Result<T, Error>,
) -> Result<T, Error> {
    let patient = cluster.until(deadline);
    let over = |error: Error| {
        let follow = Some(format!("es-snap status {}", cluster.place));
        Error::TimedOut { what: error.to_string(), follow }
    };
    let mut told = false;
    loop {
        let error = match ask(&patient) {
            Err(error) if error.refusal().is_some_and(is_busy) => error,
            Err(error) if deadline.ended(&error) => return Err(over(error)),
            other => return other,
        };
        if !told {
            tell(cluster, &error);
            told = true;
        }
        match deadline.pause() {
            Ok(()) => {}
            Err(Over::Stopped) => return Err(Error::Stopped),
            Err(Over::TimedOut) => return Err(over(error)),
        }
    }
}
