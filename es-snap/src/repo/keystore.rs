//! Where secrets belong: into the keystore of every node, never into settings that every reader of the cluster sees.

use es_core::server::flavor::{Flavor, Product};

use crate::error::Error;

/// The error for secrets among the settings of a repository of this type, with the recipe.
pub(super) fn refuse(kind: &str, client: Option<&str>, secrets: &[&str], flavor: Option<&Flavor>) -> Error {
    let what = format!(
        "{}: a secret does not belong in the settings of a repository, where others can read it",
        secrets.join(", ")
    );
    Error::Secret { what, recipe: recipe(kind, client.unwrap_or("default"), flavor) }
}

fn recipe(kind: &str, client: &str, flavor: Option<&Flavor>) -> String {
    let tool = match flavor.map(|flavor| flavor.product) {
        Some(Product::OpenSearch) => "bin/opensearch-keystore",
        Some(Product::Elasticsearch) => "bin/elasticsearch-keystore",
        None => "bin/elasticsearch-keystore or bin/opensearch-keystore",
    };
    let names: Vec<String> = match kind {
        "s3" => ["access_key", "secret_key", "session_token"]
            .iter()
            .map(|key| format!("s3.client.{client}.{key}"))
            .collect(),
        "azure" => {
            ["account", "key", "sas_token"].iter().map(|key| format!("azure.client.{client}.{key}")).collect()
        }
        "gcs" => {
            return after(&format!(
                "{tool} add-file gcs.client.{client}.credentials_file service-account.json"
            ));
        }
        _ => {
            return format!(
                "the manual of the plugin for {kind} says which names it takes in the keystore ({tool}); \
                 --allow-secrets sends them as settings"
            );
        }
    };
    after(&format!("{tool} add {} (the last only if there is one)", names.join(" ")))
}

fn after(command: &str) -> String {
    format!(
        "on every node: {command}; then POST /_nodes/reload_secure_settings, and no restart is needed; \
         --allow-secrets is for servers that have no keystore"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_recipe() {
        for (kind, client, wanted) in [
            (
                "s3",
                None,
                "add s3.client.default.access_key s3.client.default.secret_key s3.client.default.session_token",
            ),
            ("s3", Some("cold"), "s3.client.cold.access_key"),
            ("azure", None, "add azure.client.default.account azure.client.default.key"),
            ("gcs", None, "add-file gcs.client.default.credentials_file"),
            ("hdfs", None, "the plugin for hdfs"),
        ] {
            let Error::Secret { what, recipe } = refuse(kind, client, &["secret_key"], None) else {
                panic!()
            };
            assert!(what.starts_with("secret_key: "), "{what}");
            assert!(recipe.contains(wanted), "{recipe}");
        }
    }
}
