//! Which product and version a server is, and what follows from it. The one place with version numbers: everybody
//! else asks what the server can do.

use serde::Deserialize;

use super::error::Error;
use super::refusal::Refusal;
use crate::http::{Call, Client};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    Elasticsearch,
    OpenSearch,
}

/// How points in time are opened and closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PitForm {
    /// `POST /INDEX/_pit`, `DELETE /_pit`.
    Elasticsearch,
    /// `POST /INDEX/_search/point_in_time`, `DELETE /_search/point_in_time`.
    OpenSearch,
}

/// A server as it said it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flavor {
    pub product: Product,
    version: (u32, u32),
    /// As the server writes it.
    pub number: String,
    /// The server would not say, so it is taken for the newest Elasticsearch: the words for it.
    assumed: Option<String>,
}

/// What a server can do with a snapshot that another has made, as far as that is certain before it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    TooOld,
    TooNew,
    Perhaps,
}

/// What is believed of a server that does not tell: the newest known.
const NEWEST: (u32, u32) = (9, 2);

#[derive(Deserialize)]
struct Root {
    version: Version,
}

#[derive(Deserialize)]
struct Version {
    number: String,
    distribution: Option<String>,
}

impl Flavor {
    /// Asks `GET /`. A server that refuses only this (security, a proxy) is taken for the newest known; whether it is
    /// one shows in what is asked next, and then [`warn_if_assumed`](Self::warn_if_assumed) says so.
    ///
    /// # Errors
    /// When there is no answer, or one that no Elasticsearch or OpenSearch gives.
    pub fn ask(client: &Client) -> Result<Flavor, Error> {
        let answer = client.call(&Call::get("/"))?;
        let (status, host) = (answer.status, answer.host.clone());
        let body = answer.bytes(1 << 20)?;
        match status {
            200 => Flavor::parse(&body).ok_or(Error::NotASearchServer { host }),
            401 | 403 | 404 | 405 => {
                let number = format!("{}.{}", NEWEST.0, NEWEST.1);
                let words = format!(
                    "{host} does not tell its version ({status} on /): taken for Elasticsearch {number}"
                );
                Ok(Flavor { product: Product::Elasticsearch, version: NEWEST, number, assumed: Some(words) })
            }
            _ => Err(Error::refused("asking for the version", host, Refusal::parse(status, &body))),
        }
    }

    /// To be called once when the server has answered something else, so that the run goes on with what was assumed:
    /// before that, an error would be all there is to say.
    pub fn warn_if_assumed(&self) {
        if let Some(words) = &self.assumed {
            log::warn!("{words}");
        }
    }

    fn parse(body: &[u8]) -> Option<Flavor> {
        let Root { version: Version { number, distribution } } = serde_json::from_slice(body).ok()?;
        let product = match distribution.as_deref() {
            Some("opensearch") => Product::OpenSearch,
            _ => Product::Elasticsearch,
        };
        let mut parts = number.split(['.', '-']);
        let mut part = || parts.next()?.parse().ok();
        let version = (part()?, part()?);
        Some(Flavor { product, version, number, assumed: None })
    }

    /// Points in time: Elasticsearch 7.10, OpenSearch 2.4.
    pub fn pit(&self) -> Option<PitForm> {
        match self.product {
            Product::Elasticsearch if self.version >= (7, 10) => Some(PitForm::Elasticsearch),
            Product::OpenSearch if self.version >= (2, 4) => Some(PitForm::OpenSearch),
            Product::Elasticsearch | Product::OpenSearch => None,
        }
    }

    /// The sort key `_shard_doc`, without which only one shard at a time is read by `_doc`: Elasticsearch 7.12,
    /// OpenSearch 3.3.
    pub fn shard_doc(&self) -> bool {
        match self.product {
            Product::Elasticsearch => self.version >= (7, 12),
            Product::OpenSearch => self.version >= (3, 3),
        }
    }

    /// The parameter `allow_partial_search_results`: Elasticsearch 6.3.
    pub fn refuses_partial_results(&self) -> bool {
        self.product == Product::OpenSearch || self.version >= (6, 3)
    }

    /// Whether bulk actions carry a `_type`: Elasticsearch before 7.
    pub fn types(&self) -> bool {
        self.product == Product::Elasticsearch && self.version < (7, 0)
    }

    /// Whether documents may have a `_parent` of another type: Elasticsearch before 6.
    pub fn parents(&self) -> bool {
        self.product == Product::Elasticsearch && self.version < (6, 0)
    }

    /// Index templates of their own API (`_index_template`): Elasticsearch 7.8.
    pub fn composable_templates(&self) -> bool {
        self.product == Product::OpenSearch || self.version >= (7, 8)
    }

    /// Data streams: Elasticsearch 7.9.
    pub fn data_streams(&self) -> bool {
        self.product == Product::OpenSearch || self.version >= (7, 9)
    }

    /// Lists of snapshots from the repository's index alone (`verbose=false`): Elasticsearch 5.5.
    pub fn lists_snapshots_briefly(&self) -> bool {
        self.product == Product::OpenSearch || self.version >= (5, 5)
    }

    /// The removal of what no snapshot needs from a repository: Elasticsearch 7.4.
    pub fn cleans_repositories(&self) -> bool {
        self.product == Product::OpenSearch || self.version >= (7, 4)
    }

    /// Several snapshots deleted by one request: Elasticsearch 7.8.
    pub fn deletes_snapshots_at_once(&self) -> bool {
        self.product == Product::OpenSearch || self.version >= (7, 8)
    }

    /// Whether a snapshot made by a server of `version` can be restored here: indices of this major version and the
    /// one before can. OpenSearch 1 is to Elasticsearch 7 what 2 is to 1. Elasticsearch from 8.3 on takes older ones
    /// where its licence says so, so that only it can tell.
    pub fn reads(&self, version: &str) -> Reads {
        let major = |text: &str| text.split('.').next()?.parse::<i64>().ok();
        let (Some(made), here) = (major(version), i64::from(self.version.0)) else { return Reads::Perhaps };
        let (made, archives) = match self.product {
            Product::OpenSearch if here < 5 && (5..=7).contains(&made) => (made - 6, false),
            Product::OpenSearch => (made, false),
            Product::Elasticsearch => (made, self.version >= (8, 3) && made >= 5),
        };
        match made {
            _ if made > here => Reads::TooNew,
            _ if made < here - 1 && !archives => Reads::TooOld,
            _ => Reads::Perhaps,
        }
    }

    /// Reading through a whole repository (`_verify_integrity`): Elasticsearch 8.16.
    pub fn verifies_integrity(&self) -> bool {
        self.product == Product::Elasticsearch && self.version >= (8, 16)
    }

    /// `Elasticsearch 9.2.0`.
    pub fn name(&self) -> String {
        match self.product {
            Product::Elasticsearch => format!("Elasticsearch {}", self.number),
            Product::OpenSearch => format!("OpenSearch {}", self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flavor(body: &str) -> Flavor {
        Flavor::parse(body.as_bytes()).unwrap()
    }

    #[test]
    fn what_is_done_with_repositories_came_in_steps() {
        for (number, can) in [
            ("5.4.3", (false, false, false)),
            ("5.6.16", (true, false, false)),
            ("7.7.1", (true, true, false)),
            ("7.8.0", (true, true, true)),
        ] {
            let flavor = flavor(&format!(r#"{{"version":{{"number":"{number}"}}}}"#));
            let brief = flavor.lists_snapshots_briefly();
            assert_eq!(
                (brief, flavor.cleans_repositories(), flavor.deletes_snapshots_at_once()),
                can,
                "{number}"
            );
        }
    }

    #[test]
    fn servers_are_known_by_what_they_say() {
        let es = |number: &str| flavor(&format!(r#"{{"version":{{"number":"{number}"}}}}"#));
        let os =
            |n: &str| flavor(&format!(r#"{{"version":{{"distribution":"opensearch","number":"{n}"}}}}"#));
        let cases = [
            (es("6.8.23"), None, false, true),
            (es("7.9.3"), None, false, false),
            (es("7.10.2"), Some(PitForm::Elasticsearch), false, false),
            (es("7.17.28"), Some(PitForm::Elasticsearch), true, false),
            (es("9.2.0-SNAPSHOT"), Some(PitForm::Elasticsearch), true, false),
            (es("10.0.0"), Some(PitForm::Elasticsearch), true, false),
            (os("1.3.20"), None, false, false),
            (os("2.19.6"), Some(PitForm::OpenSearch), false, false),
            (os("3.8.0"), Some(PitForm::OpenSearch), true, false),
        ];
        for (flavor, pit, shard_doc, types) in cases {
            assert_eq!(
                (flavor.pit(), flavor.shard_doc(), flavor.types()),
                (pit, shard_doc, types),
                "{flavor:?}"
            );
        }
        assert_eq!(Flavor::parse(b"<html>"), None);
        assert_eq!(Flavor::parse(br#"{"version":{"number":"x"}}"#), None);
    }
    #[test]
    fn snapshots_of_the_major_version_before_can_be_read() {
        let es = |n: &str| flavor(&format!(r#"{{"version":{{"number":"{n}"}}}}"#));
        let os =
            |n: &str| flavor(&format!(r#"{{"version":{{"distribution":"opensearch","number":"{n}"}}}}"#));
        for (here, made, reads) in [
            (es("7.17.28"), "6.8.23", Reads::Perhaps),
            (es("7.17.28"), "5.6.16", Reads::TooOld),
            (es("7.17.28"), "9.3.90-alpha1", Reads::TooNew),
            (es("9.2.0"), "7.17.25-8.0.0", Reads::Perhaps),
            (es("9.2.0"), "2.4.6", Reads::TooOld),
            (os("3.8.0"), "1.3.20", Reads::TooOld),
            (os("3.8.0"), "2.19.6", Reads::Perhaps),
            (os("3.8.0"), "7.10.2", Reads::TooOld),
            (os("2.19.6"), "7.10.2", Reads::Perhaps),
            (os("1.3.20"), "6.8.0", Reads::Perhaps),
            (os("1.3.20"), "3.8.0", Reads::TooNew),
            (os("1.3.20"), "", Reads::Perhaps),
        ] {
            assert_eq!(here.reads(made), reads, "{} reads {made}", here.name());
        }
    }
}
