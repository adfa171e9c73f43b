//! The units of work: the shards of the indices that a target means, dealt into shares.

use std::collections::BTreeMap;

use es_core::http::target::encode_index;
use es_core::http::{Call, Client};
use es_core::server::{Held, ask};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::Error;

/// A shard of an index, or a whole expression where the shards are not told.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub(crate) index: String,
    pub(crate) shard: Option<u32>,
    /// That of the alias by which the index was named.
    pub(crate) filter: Option<Box<RawValue>>,
}

impl Unit {
    pub(crate) fn whole(expression: &str) -> Unit {
        Unit { index: expression.to_owned(), shard: None, filter: None }
    }
}

/// What a target means.
#[derive(Debug)]
pub(crate) struct Units {
    pub(crate) units: Vec<Unit>,
    /// Shards without a copy that could be read.
    pub(crate) missing: usize,
}

#[derive(Deserialize)]
struct SearchShards {
    #[serde(default)]
    indices: BTreeMap<String, IndexPart>,
    shards: Vec<Vec<Copy>>,
}

#[derive(Default, Deserialize)]
struct IndexPart {
    filter: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Copy {
    index: String,
    shard: u32,
}

impl Units {
    /// Asks which shards a search of `expression` would go to (`_search_shards`): aliases come with their filter and
    /// only the shards of their routing. Where that may not be asked, the expression is one unit.
    pub(crate) fn resolve(client: &Client, expression: &str) -> Result<Units, Error> {
        // The servers' own default passes over names that are not there.
        let path = format!("/{}/_search_shards?ignore_unavailable=false", encode_index(expression));
        let what = format!("looking for the shards of {expression}");
        match ask(client, &Call::get(&path), Held::List, &what) {
            Ok(found) => Units::of(found, expression, &client.host()),
            Err(error) if error.refusal().is_some_and(|refusal| refusal.status == 403) => {
                log::info!("the shards of {expression} may not be looked up: it is read as one");
                Ok(Units { units: vec![Unit::whole(expression)], missing: 0 })
            }
            Err(error) => Err(error.into()),
        }
    }

    fn of(mut found: SearchShards, expression: &str, host: &str) -> Result<Units, Error> {
        let missing = found.shards.iter().filter(|copies| copies.is_empty()).count();
        let mut shards: Vec<_> = found.shards.into_iter().filter_map(|mut copies| copies.pop()).collect();
        if shards.is_empty() && missing == 0 {
            return Err(Error::NoIndex { host: host.to_owned(), expression: expression.to_owned() });
        }
        shards.sort_by(|a, b| (&a.index, a.shard).cmp(&(&b.index, b.shard)));
        let unit = |copy: Copy| {
            let part = found.indices.entry(copy.index.clone()).or_default();
            Unit { filter: part.filter.clone(), index: copy.index, shard: Some(copy.shard) }
        };
        Ok(Units { units: shards.into_iter().map(unit).collect(), missing })
    }

    /// The units of share `number` (from 1) of `of`. The shards are dealt out in the order of index and number, so
    /// that every machine, asking for itself, deals the same. Where some have no copy, machines may see different ones,
    /// and nothing is dealt out.
    pub(crate) fn share(&mut self, number: usize, of: usize) -> Result<(), Error> {
        if self.missing > 0 {
            return Err(Error::Undealt { share: format!("{number}/{of}"), missing: self.missing });
        }
        let all = self.units.len();
        if of > all {
            return Err(Error::usage(format!(
                "--share {number}/{of}: there are only {all} shards to deal out"
            )));
        }
        let mut place = 0;
        self.units.retain(|_| {
            place += 1;
            (place - 1) % of == number - 1
        });
        Ok(())
    }

    /// Whether there are indices that `expression` does not name as they are.
    pub(crate) fn hides_behind(&self, expression: &str) -> bool {
        self.units.iter().any(|unit| !expression.split(',').any(|name| name == unit.index))
    }

    /// The indices, each once.
    pub(crate) fn indices(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.units.iter().map(|unit| unit.index.as_str()).collect();
        names.dedup();
        names
    }
}

/// `I/N`, from 1.
pub(crate) fn parse_share(text: &str) -> Result<(usize, usize), Error> {
    let parsed = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match parsed {
        Some((i, n)) if (1..=n).contains(&i) => Ok((i, n)),
        Some(_) | None => Err(Error::usage(format!("--share {text}: a share is I/N, from 1/N to N/N"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUND: &str = r#"{"nodes":{},"indices":{"b":{"aliases":["x"],"filter":{"term":{"a":1}}},"a":{}},
        "shards":[[{"index":"b","shard":0,"state":"STARTED"}],[{"index":"a","shard":1},{"index":"a","shard":1}],
        [{"index":"a","shard":0}],[]]}"#;

    fn units() -> Units {
        Units::of(serde_json::from_str(FOUND).unwrap(), "x", "http://h").unwrap()
    }

    fn whole() -> Units {
        Units { missing: 0, ..units() }
    }

    #[test]
    fn every_shard_is_one_unit_with_the_filter_of_its_alias() {
        let units = units();
        let list: Vec<_> = units.units.iter().map(|u| (&u.index[..], u.shard, u.filter.is_some())).collect();
        assert_eq!(list, [("a", Some(0), false), ("a", Some(1), false), ("b", Some(0), true)]);
        assert_eq!((units.missing, units.indices()), (1, vec!["a", "b"]));
    }

    #[test]
    fn the_shares_together_are_the_whole() {
        for of in 1..=3 {
            let mut all = Vec::new();
            for number in 1..=of {
                let mut share = whole();
                share.share(number, of).unwrap();
                all.extend(share.units.into_iter().map(|u| (u.index, u.shard)));
            }
            all.sort();
            assert_eq!(all, units().units.into_iter().map(|u| (u.index, u.shard)).collect::<Vec<_>>());
        }
        assert!(whole().share(1, 4).is_err());
        assert!(matches!(units().share(1, 1), Err(Error::Undealt { missing: 1, .. })));
        assert_eq!(parse_share("2/3").unwrap(), (2, 3));
        for bad in ["0/3", "4/3", "1", "a/b", "1/0", ""] {
            assert!(parse_share(bad).is_err(), "{bad}");
        }
    }
}
