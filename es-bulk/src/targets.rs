//! The indices that are loaded into: there or made at the first sight of their names, and still the same ones at
//! the end.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use es_core::http::{Body, Call, Client, Method, Repeat, target::encode_index};
use es_core::server::{self, Flavor, Refusal};
use serde_json::Value;

use crate::error::Error;
use crate::schema::Schema;
use crate::templates;

/// How much is read of answers about indices.
const ANSWER: usize = 64 << 20;
/// How long a list of names in a path may get.
const PATH: usize = 3000;

pub(crate) struct Targets {
    client: Client,
    flavor: Flavor,
    /// What missing indices are made from; None: they are refused.
    schema: Option<Schema>,
    kind: Option<String>,
    known: Mutex<Known>,
}

/// What a look at some names gave.
enum Look {
    /// The uuids of the indices behind them.
    Found(BTreeMap<String, String>),
    Nothing,
    /// It was not allowed, or gave something else.
    Unsaid,
}

#[derive(Default)]
struct Known {
    names: Vec<String>,
    /// Those under which a template makes an index with the first document.
    to_come: Vec<String>,
    /// Of the indices behind the names.
    uuids: BTreeMap<String, String>,
}

impl Targets {
    pub(crate) fn new(
        client: &Client,
        flavor: &Flavor,
        schema: Option<Schema>,
        kind: Option<String>,
    ) -> Targets {
        Targets { client: client.clone(), flavor: flavor.clone(), schema, kind, known: Mutex::default() }
    }

    /// The first sight of a name.
    ///
    /// # Errors
    /// When it names nothing and nothing may be made under it.
    pub(crate) fn admit(&self, name: &str) -> Result<(), Error> {
        match self.look(&[name])? {
            Look::Found(found) => self.remember(name, found),
            // Who may write need not be allowed to look at settings; then the bulk itself says what is missing.
            Look::Unsaid => self.remember(name, BTreeMap::new()),
            Look::Nothing => {
                if let Some(schema) = &self.schema {
                    self.create(name, schema)?;
                } else if templates::has(&self.client, &self.flavor, name)? {
                    self.known().to_come.push(name.to_owned());
                } else {
                    let host = self.client.host().to_string();
                    return Err(Error::NoIndex { host, name: name.to_owned() });
                }
                self.remember(
                    name,
                    match self.look(&[name])? {
                        Look::Found(found) => found,
                        Look::Nothing | Look::Unsaid => BTreeMap::new(),
                    },
                );
            }
        }
        Ok(())
    }

    fn remember(&self, name: &str, found: BTreeMap<String, String>) {
        let mut known = self.known();
        if known.names.is_empty() {
            self.flavor.warn_if_assumed();
        }
        known.names.push(name.to_owned());
        known.uuids.extend(found);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn names(&self) -> Vec<String> {
        self.known().names.clone()
    }

    /// Makes what was written visible to searches. Where no document came, a template made nothing.
    pub(crate) fn refresh(&self) -> Result<(), Error> {
        for name in self.names() {
            match server::refresh(&self.client, &name) {
                Err(e)
                    if e.refusal().is_some_and(|refusal| refusal.status == 404)
                        && self.known().to_come.contains(&name) => {}
                outcome => outcome?,
            }
        }
        Ok(())
    }

    /// Whether the indices are still those of the first sight.
    ///
    /// # Errors
    /// [`Error::Deleted`] where one is not.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let names = self.names();
        let mut rest = &names[..];
        while !rest.is_empty() {
            let mut length = 0;
            let fit = rest.iter().take_while(|name| {
                length += name.len() + 1;
                length < PATH
            });
            let (some, others) = rest.split_at(fit.count().max(1));
            rest = others;
            let some: Vec<_> = some.iter().map(String::as_str).collect();
            match self.look(&some)? {
                // One of them that may not be looked at hides the others.
                Look::Unsaid if some.len() > 1 => {
                    for name in some {
                        let look = self.look(&[name])?;
                        self.compare(&[name], look)?;
                    }
                }
                look @ (Look::Found(_) | Look::Nothing | Look::Unsaid) => self.compare(&some, look)?,
            }
        }
        Ok(())
    }

    fn compare(&self, names: &[&str], look: Look) -> Result<(), Error> {
        let found = match look {
            Look::Found(found) => found,
            Look::Nothing => BTreeMap::new(),
            Look::Unsaid => return Ok(()),
        };
        let mut known = self.known();
        for (name, uuid) in &found {
            if known.uuids.get(name).is_some_and(|before| before != uuid) {
                return Err(Error::Deleted { name: name.clone(), remade: true });
            }
        }
        // Behind an alias or a data stream old indices may go; an index that was named itself may not.
        let gone = names.iter().find(|name| known.uuids.contains_key(**name) && !found.contains_key(**name));
        if let Some(name) = gone {
            return Err(Error::Deleted { name: (*name).to_owned(), remade: false });
        }
        known.uuids.extend(found);
        Ok(())
    }

    fn look(&self, names: &[&str]) -> Result<Look, Error> {
        let list = encode_index(&names.join(","));
        let more = if names.len() > 1 { "?ignore_unavailable=true" } else { "" };
        let path = format!("/{list}/_settings{more}");
        let answer = self.client.call(&Call::get(&path))?;
        let (status, host) = (answer.status, answer.host.clone());
        let body = answer.bytes(ANSWER)?;
        match status {
            200 => Ok(read_uuids(&body).map_or(Look::Unsaid, Look::Found)),
            404 => Ok(Look::Nothing),
            403 => Ok(Look::Unsaid),
            _ => {
                let what = format!("looking for {}", names.join(","));
                Err(server::Error::refused(what, host, Refusal::parse(status, &body)).into())
            }
        }
    }

    fn create(&self, name: &str, schema: &Schema) -> Result<(), Error> {
        let Some((mut body, left_out)) = schema.body(name, self.flavor.types().then_some(self.type_name()))
        else {
            return Err(Error::Usage(format!(
                "the file of --create-index knows several indices, but not {name}"
            )));
        };
        if !left_out.is_empty() {
            log::warn!(
                "index {name} is created without the aliases of the index it follows: {}",
                left_out.join(", ")
            );
        }
        let path = format!("/{}", encode_index(name));
        loop {
            let text = body.to_string();
            let call = Call {
                method: Method::Put,
                path: &path,
                body: Body::Json(text.as_bytes()),
                repeat: Repeat::Safe,
                timeout: None,
            };
            let answer = self.client.call(&call)?;
            let (status, host) = (answer.status, answer.host.clone());
            let refusal = Refusal::parse(status, &answer.bytes(ANSWER)?);
            match (status, &*refusal.kind) {
                (200..=299, _) => {
                    log::info!("created index {name}");
                    return Ok(());
                }
                // Somebody was faster, or our first request did it and its answer was lost.
                (400, "resource_already_exists_exception" | "index_already_exists_exception") => {
                    return Ok(());
                }
                // Products and versions know settings of their own, such as OpenSearch's `replication.type`.
                _ => match schema.drop_unknown(&mut body, &refusal.reason) {
                    Some(setting) => {
                        log::warn!("index {name} is created without {setting}, which {host} does not know");
                    }
                    None => {
                        let what = format!("creating index {name}");
                        return Err(server::Error::refused(what, host, refusal).into());
                    }
                },
            }
        }
    }

    fn type_name(&self) -> &str {
        self.kind.as_deref().unwrap_or(if self.flavor.parents() { "doc" } else { "_doc" })
    }
}

/// `{"logs":{"settings":{"index":{"uuid":"…"}}}}`; flat before 1.0. None: these are no settings of indices.
fn read_uuids(body: &[u8]) -> Option<BTreeMap<String, String>> {
    let Ok(Value::Object(all)) = serde_json::from_slice(body) else { return None };
    let mut uuids = BTreeMap::new();
    for (name, index) in all {
        let settings = index.get("settings").filter(|settings| settings.is_object())?;
        let uuid = settings.pointer("/index/uuid").or(settings.get("index.uuid"));
        uuids.extend(uuid.and_then(Value::as_str).map(|uuid| (name, uuid.to_owned())));
    }
    Some(uuids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_nested_and_flat() {
        let nested = br#"{"a":{"settings":{"index":{"uuid":"u1"}}}}"#;
        let flat = br#"{"a":{"settings":{"index.uuid":"u1"}}}"#;
        for body in [&nested[..], flat] {
            assert_eq!(read_uuids(body), Some(BTreeMap::from([("a".to_owned(), "u1".to_owned())])));
        }
        assert_eq!(read_uuids(b"{}"), Some(BTreeMap::new()));
        for body in [&b"<html>"[..], b"", b"[]", br#"{"message":"Forbidden"}"#] {
            assert_eq!(read_uuids(body), None);
        }
    }
}
