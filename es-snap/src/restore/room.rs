//! Room for a restore over indices that are there: they are closed, and opened again unless the restore begins.

use es_core::http::target::encode_segment;
use es_core::http::{Method, Repeat};
use serde::de::IgnoredAny;

use crate::cluster::Cluster;
use crate::error::Error;

pub(crate) struct Room<'a> {
    /// No signal keeps it from opening them again.
    cluster: Cluster<'a>,
    closed: Vec<String>,
    /// How what is opened again is told.
    told: &'static str,
}

impl<'a> Room<'a> {
    pub(crate) fn make(cluster: &Cluster<'a>, open: impl Iterator<Item = String>) -> Result<Room<'a>, Error> {
        let mut room = Room { cluster: cluster.closer()?, closed: Vec::new(), told: "is open again" };
        for index in open {
            // Noted first: one that is open is opened again without harm, should the answer be lost.
            room.closed.push(index.clone());
            let path = format!("/{}/_close", encode_segment(&index));
            cluster.send::<IgnoredAny>(
                Method::Post,
                &path,
                None,
                Repeat::Safe,
                &format!("closing {index}"),
            )?;
        }
        Ok(room)
    }

    /// The restore may have begun. To open what is being restored changes nothing.
    pub(crate) fn may_be_used(&mut self) {
        self.told = "is open again, unless it is being restored";
    }

    /// The restore has begun: it opens them.
    pub(crate) fn used(mut self) {
        self.closed.clear();
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        for index in &self.closed {
            let path = format!("/{}/_open", encode_segment(index));
            let what = format!("opening {index} again");
            match self.cluster.send::<IgnoredAny>(Method::Post, &path, None, Repeat::Safe, &what) {
                Ok(_) => self.cluster.shell.report.warn(&format!("{index} {}", self.told)),
                Err(e) => self.cluster.shell.report.warn(&format!("{e}; it is still closed")),
            }
        }
    }
}
