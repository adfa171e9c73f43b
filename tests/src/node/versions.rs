//! The servers that the suites run against. Adding one is one line in the table.

use std::fmt;
use std::ops::RangeInclusive;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Product {
    Elasticsearch,
    OpenSearch,
}

/// One server version: a row of the table.
#[derive(Debug)]
pub struct Version {
    pub product: Product,
    pub number: &'static str,
    /// The JDK majors that are taken for it. Not each of them was tried, and what lies outside is not known to fail.
    pub jdk: RangeInclusive<u32>,
    /// What its pom under `tests/nodes` wants to be told besides the number.
    pub(super) maven: &'static [&'static str],
}

use Product::{Elasticsearch, OpenSearch};

#[rustfmt::skip]
pub(super) static VERSIONS: &[Version] = &[
    Version { product: Elasticsearch, number: "7.17.28", jdk: 17..=17, maven: &["-Preindex"] },
    Version { product: Elasticsearch, number: "8.19.0",  jdk: 17..=25, maven: &[] },
    Version { product: Elasticsearch, number: "9.2.0",   jdk: 21..=25, maven: &[] },
    Version { product: OpenSearch,    number: "1.3.20",  jdk: 17..=25, maven: &["-Dmodules=1.3.14", "-Dlog4j=2.17.1"] },
    Version { product: OpenSearch,    number: "2.19.6",  jdk: 17..=25, maven: &["-Dlog4j=2.21.0", "-Ppainless-spi"] },
    Version { product: OpenSearch,    number: "3.8.0",   jdk: 21..=25, maven: &["-Dlog4j=2.25.4", "-Ppainless-spi,s3"] },
];

/// Every version of the table.
pub fn all() -> &'static [Version] {
    VERSIONS
}

/// The version of this name, as in `es-9.2.0` or `os-3.8.0`.
///
/// # Panics
/// When the table has no such version.
#[track_caller]
pub fn version(name: &str) -> &'static Version {
    VERSIONS.iter().find(|v| v.name() == name).unwrap_or_else(|| panic!("no version {name} in the table"))
}

impl Version {
    /// `es-9.2.0`: short, and fit for a file name.
    pub fn name(&self) -> String {
        let product = match self.product {
            Elasticsearch => "es",
            OpenSearch => "os",
        };
        format!("{product}-{}", self.number)
    }

    /// The setting that names the nodes of a new cluster that may elect each other.
    pub(super) fn bootstrap_setting(&self) -> &'static str {
        match self.product {
            OpenSearch if self.major() >= 2 => "cluster.initial_cluster_manager_nodes",
            OpenSearch | Elasticsearch => "cluster.initial_master_nodes",
        }
    }

    /// The first part of the number.
    pub fn major(&self) -> u32 {
        let major = self.number.split('.').next().and_then(|n| n.parse().ok());
        major.expect("a version number starts with a number")
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.product, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_by_its_name() {
        assert_eq!(version("es-9.2.0").to_string(), "Elasticsearch 9.2.0");
        assert_eq!(version("os-1.3.20").major(), 1);
    }
}
