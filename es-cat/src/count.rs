//! `count`: the documents of each index, counted one by one through `_count`. What `_cat` calls `docs.count` has nested
//! documents in it.

use std::collections::BTreeMap;

use es_core::cli::rows::fields::Fields;
use es_core::cli::rows::row::Row;
use es_core::http::target::{encode_index, encode_segment};
use es_core::http::{Body, Call, Repeat};
use es_core::server::{self, Refusal};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::answer::Take;
use crate::error::Error;
use crate::source::Source;

#[derive(Deserialize)]
struct Meant {
    /// From 5.1 on.
    indices: Option<BTreeMap<String, Index>>,
    shards: Vec<Vec<Copy>>,
}

#[derive(Default, Deserialize)]
struct Index {
    /// Those by which it was named: they may show only a part of it, by a filter or by their routing.
    #[serde(default)]
    aliases: Vec<String>,
    filter: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Copy {
    index: String,
    shard: u32,
}

impl Source<'_> {
    /// An index that cannot be counted has a row without a count; the others are counted all the same.
    pub(crate) fn count(&self, fields: &Fields, take: &mut dyn Take) -> Result<(), Error> {
        take.head(&vec![true; fields.all().len()])?;
        let mut partial = None;
        let meant = self.meant()?;
        let named = || meant.shards.iter().flatten().map(|copy| (copy.index.clone(), Index::default()));
        let indices = meant.indices.unwrap_or_else(|| named().collect());
        for (index, part) in &indices {
            let mut row = Row::new(fields.all().len());
            let mut put = |name: &str, value: &str| {
                fields.places(name).iter().for_each(|place| row.put(*place, value));
            };
            put("index", index);
            match self.documents(index, part, &meant.shards) {
                Ok(count) => put("count", &count.to_string()),
                Err(error) if error.refusal().is_some_and(Refusal::is_gone) => {
                    log::info!("{error}");
                    continue;
                }
                Err(error @ server::Error::Partial { .. }) => {
                    log::warn!("{error}");
                    partial = Some(error);
                }
                Err(error) => return Err(error.into()),
            }
            take.row(row)?;
        }
        partial.map_or(Ok(()), |error| Err(error.into()))
    }

    /// What a search would go to.
    fn meant(&self) -> Result<Meant, Error> {
        let pattern = if self.pattern.is_empty() { "*" } else { self.pattern };
        // The servers' own default passes over names that are not there.
        let path = format!(
            "/{}/_search_shards?ignore_unavailable=false&expand_wildcards={}",
            encode_index(pattern),
            self.open()
        );
        self.json(self.client.call(&Call::get(&path))?)
    }

    fn documents(&self, index: &str, part: &Index, shards: &[Vec<Copy>]) -> Result<u64, server::Error> {
        let typed = self.query.map(|query| json!({ "query_string": { "query": query } }).to_string());
        let filter = part.filter.as_deref().map(RawValue::get);
        let filters: Vec<_> = typed.as_deref().into_iter().chain(filter).collect();
        let body = format!(r#"{{"query":{{"bool":{{"filter":[{}]}}}}}}"#, filters.join(","));
        let mut path = format!("/{}/_count", encode_segment(index));
        if !part.aliases.is_empty() {
            let own = shards.iter().filter_map(|copies| copies.first()).filter(|copy| copy.index == index);
            let numbers: Vec<_> = own.map(|copy| copy.shard.to_string()).collect();
            path += &format!("?preference=_shards:{}", numbers.join(","));
        }
        let call = Call::post(&path, Body::Json(body.as_bytes()), Repeat::Safe);
        server::count(self.client, &call, &format!("counting the documents of {index}"))
    }
}
