//! What drills have made is deleted: at the end of each, and what killed ones left by `--sweep`.

use std::time::Duration;

use es_core::cli::Exit;
use es_core::http::target::encode_segment;
use es_core::http::{Method, Repeat};
use es_core::record::sink::Sink;
use es_core::record::stop::Wake;
use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::marker::{STATE, marked};
use crate::args::Verify;
use crate::cluster::{Cluster, Shell};
use crate::error::Error;

/// The indices of one drill. Dropped, they are deleted.
pub(crate) struct Copies<'a> {
    /// No signal keeps it from deleting.
    cluster: Cluster<'a>,
    prefix: String,
    /// Whether the server has answered: if not, they may still come.
    pub(crate) answered: bool,
    done: bool,
}

/// A restore whose answer did not come is looked for so often.
const LOOKS: u32 = 10;
const BETWEEN: Duration = Duration::from_millis(300);

impl<'a> Copies<'a> {
    /// Of a drill with this prefix, which is its own.
    pub(crate) fn of(cluster: &Cluster<'a>, prefix: &str) -> Result<Copies<'a>, Error> {
        Ok(Copies { cluster: cluster.closer()?, prefix: prefix.to_owned(), answered: false, done: false })
    }

    /// Deletes them; an error says how to delete what is left.
    pub(crate) fn delete(mut self) -> Result<(), Error> {
        self.done = true;
        self.clean().map_err(|error| error.with_hint(self.left()))
    }

    fn left(&self) -> String {
        let (prefix, place) = (&self.prefix, &self.cluster.place);
        format!("{prefix}* is left: es-snap verify {place} --sweep --older 0 --yes deletes it")
    }

    fn clean(&self) -> Result<(), Error> {
        for look in 1.. {
            let state: Value = self.cluster.get(STATE, "looking for the indices of the drill")?;
            let ours = marked(&state).into_iter().filter(|(name, _)| name.starts_with(&self.prefix));
            let ours: Vec<_> = ours.collect();
            for (name, _) in &ours {
                delete(&self.cluster, name)?;
            }
            if (self.answered && ours.is_empty()) || look == LOOKS {
                break;
            }
            if !self.answered {
                std::thread::sleep(BETWEEN);
            }
        }
        Ok(())
    }
}

impl Drop for Copies<'_> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        if let Err(e) = self.clean() {
            self.cluster.shell.report.warn(&format!("{e}; {}", self.left()));
        }
    }
}

pub(crate) fn sweep(args: &Verify, shell: Shell<'_>) -> Result<Exit, Error> {
    let (cluster, _) = Cluster::open(&args.shared.conn, &args.repository, shell)?;
    let state: Value = cluster.get(STATE, "looking for what drills have left")?;
    let now = Timestamp::now().as_millisecond();
    let older = i64::try_from(args.older.as_millis()).unwrap_or(i64::MAX);
    let left = marked(&state).into_iter().filter(|(_, began)| now.saturating_sub(*began) >= older);
    let left: Vec<_> = left.map(|(name, _)| name).collect();
    let mut out = Sink::stdout(shell.stop)?;
    for name in &left {
        if args.yes {
            if shell.stop.sleep(Duration::ZERO) == Wake::Stopped {
                return Err(Error::Stopped);
            }
            delete(&cluster, name)?;
        }
        out.write(format!("{name}\n").as_bytes())?;
    }
    if !args.yes && !left.is_empty() {
        shell.report.tell("nothing was deleted; --yes deletes them");
    }
    Ok(Exit::Done)
}

/// One that is gone is what was wanted.
fn delete(cluster: &Cluster, index: &str) -> Result<(), Error> {
    let path = format!("/{}", encode_segment(index));
    let sent =
        cluster.send::<IgnoredAny>(Method::Delete, &path, None, Repeat::Safe, &format!("deleting {index}"));
    match sent {
        Err(e) if e.refusal().is_none_or(|refusal| refusal.status != 404) => Err(e),
        Ok(_) | Err(_) => Ok(()),
    }
}
