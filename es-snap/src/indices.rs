//! The indices that an expression names now, as they will be in a snapshot.

use std::collections::BTreeMap;

use es_core::cli::figures::{grouped, size};
use es_core::http::Call;
use es_core::http::target::encode_index;
use es_core::server::{self, Held};
use serde::Deserialize;

use crate::cluster::Cluster;
use crate::error::Error;

#[derive(Debug, Deserialize)]
pub(crate) struct Index {
    pub(crate) index: String,
    status: Option<String>,
    #[serde(rename = "pri")]
    shards: Option<String>,
    #[serde(rename = "pri.store.size")]
    bytes: Option<String>,
}

impl Index {
    pub(crate) fn is_closed(&self) -> bool {
        self.status.as_deref() == Some("close")
    }
}

/// What `expression` names; `None` where it names what is missing and that is to be ignored.
pub(crate) fn named(cluster: &Cluster, expression: &str, ignore: bool) -> Result<Option<Vec<Index>>, Error> {
    let path = format!(
        "/_cat/indices/{}?format=json&bytes=b&h=index,status,pri,pri.store.size&expand_wildcards=all",
        encode_index(expression)
    );
    let what = format!("looking up {expression}");
    let found = match server::uncapped(&cluster.client, &Call::get(&path), &what)? {
        Ok(answer) => server::read(answer, Held::List, &what).map_err(Error::from),
        Err(refused) => {
            log::info!("{refused}: asking for their states");
            by_state(cluster, expression, &what)
        }
    };
    match found {
        Err(error) if ignore && error.refusal().is_some_and(|refusal| refusal.status == 404) => Ok(None),
        found => found.map(Some),
    }
}

/// The same from the cluster's state, which is given whole, but knows no sizes.
fn by_state(cluster: &Cluster, expression: &str, what: &str) -> Result<Vec<Index>, Error> {
    #[derive(Deserialize)]
    struct State {
        #[serde(default)]
        metadata: Metadata,
    }
    #[derive(Default, Deserialize)]
    struct Metadata {
        #[serde(default)]
        indices: BTreeMap<String, Stated>,
    }
    #[derive(Deserialize)]
    struct Stated {
        state: Option<String>,
        settings: Settings,
    }
    #[derive(Deserialize)]
    struct Settings {
        index: Shards,
    }
    #[derive(Deserialize)]
    struct Shards {
        number_of_shards: String,
    }
    let path = format!(
        "/_cluster/state/metadata/{}?expand_wildcards=all&filter_path=metadata.indices.*.state,metadata.indices.*.settings.index.number_of_shards",
        encode_index(expression)
    );
    let state: State = cluster.get(&path, what)?;
    let index = |(index, stated): (String, Stated)| Index {
        index,
        status: stated.state,
        shards: Some(stated.settings.index.number_of_shards),
        bytes: None,
    };
    Ok(state.metadata.indices.into_iter().map(index).collect())
}

/// How many they are, with how many shards, and how large as far as that is known.
pub(crate) fn told(indices: &[Index]) -> String {
    let sum = |of: fn(&Index) -> &Option<String>| -> Option<u64> {
        indices
            .iter()
            .filter_map(|index| of(index).as_ref()?.parse::<u64>().ok())
            .reduce(|sum, one| sum + one)
    };
    let mut told = format!(
        "{} indices, {} primary shards",
        grouped(indices.len() as u64),
        grouped(sum(|index| &index.shards).unwrap_or_default()),
    );
    if let Some(bytes) = sum(|index| &index.bytes).or(indices.is_empty().then_some(0)) {
        told += &format!(", {}", size(bytes));
    }
    told
}
