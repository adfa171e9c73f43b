//! The schemas of the indices that are read.

use std::collections::BTreeMap;

use es_core::http::Client;
use es_core::record::Stop;
use es_core::record::sink::Sink;
use serde::Serialize;

use crate::error::Error;
use crate::schema::{Schema, Source};
use crate::units::Units;

/// As `--schema-only` prints them.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Schemas {
    pub(crate) indices: BTreeMap<String, Schema>,
}

impl Schemas {
    /// Those that may be asked for, and a word on documents that are not what was once sent.
    pub(crate) fn fetch(client: &Client, units: &Units, ids: bool) -> Result<Schemas, Error> {
        let mut schemas = Schemas::default();
        if units.units.iter().any(|unit| unit.shard.is_none()) {
            return Ok(schemas);
        }
        for index in units.indices() {
            let Some(schema) = Schema::fetch(client, index)? else { continue };
            match schema.source() {
                Source::Whole => {}
                Source::Disabled if ids => {}
                Source::Disabled => {
                    return Err(Error::Missing(format!(
                        "{index} keeps no documents: its mapping disables _source"
                    )));
                }
                Source::Pruned => {
                    log::warn!("{index} keeps only a part of its documents: its mapping prunes _source");
                }
                Source::Synthetic => {
                    log::warn!(
                        "{index} has synthetic _source: the server writes documents anew, not as they were sent"
                    );
                }
            }
            schemas.indices.insert(index.to_owned(), schema);
        }
        Ok(schemas)
    }

    pub(crate) fn print(&self, stop: &Stop) -> Result<(), Error> {
        let printed = serde_json::to_vec_pretty(self);
        let mut text = printed.map_err(|why| Error::System { what: "write the schema", why: why.into() })?;
        text.push(b'\n');
        Ok(Sink::stdout(stop)?.write(&text)?)
    }
}
