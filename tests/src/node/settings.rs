//! How a node is to be started, where it is not as usual.

use std::path::{Path, PathBuf};

use super::Product;
use crate::s3::S3;

/// The user of a node with security, who may do everything.
pub const USER: &str = "admin";
pub const PASSWORD: &str = "es-tests-password";
/// Of `PASSWORD`, at bcrypt's lowest cost: a node may be asked by many short-lived clients.
const PASSWORD_HASH: &str = "$2a$04$zCpU.GNKMXSlFgah2FdPiu.4MiEHKHqhPcaGwfIOwXSQuJukl/YnO";

/// Compiles fast rather than well: a server is up in two thirds of the time.
pub(super) const QUICK_START: &str = "-XX:TieredStopAtLevel=1";

#[derive(Clone, Debug)]
pub struct Settings {
    pub(super) lines: Vec<String>,
    pub(super) files: Vec<(&'static str, String)>,
    pub(super) keystore: Vec<(String, String)>,
    pub(super) repositories: Vec<PathBuf>,
    pub(super) heap: &'static str,
    pub(super) optimise: bool,
    pub(super) security: bool,
    pub(super) tls: bool,
    pub(super) name: &'static str,
    pub(super) cluster: Cluster,
}

/// Whether other nodes are looked for.
#[derive(Clone, Debug)]
pub(super) enum Cluster {
    Alone,
    /// The first node, which elects itself.
    First,
    /// Another, which asks the first: the address of its transport, and where its snapshots are.
    Joins {
        transport: String,
        snapshots: PathBuf,
    },
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            lines: Vec::new(),
            files: Vec::new(),
            keystore: Vec::new(),
            repositories: Vec::new(),
            heap: "1g",
            optimise: false,
            security: false,
            tls: false,
            name: "node",
            cluster: Cluster::Alone,
        }
    }
}

impl Settings {
    pub fn new() -> Self {
        Self::default()
    }

    /// A line of the server's yml file: `set("thread_pool.write.queue_size", 1)`.
    pub fn set(mut self, key: &str, value: impl std::fmt::Display) -> Self {
        self.lines.push(format!("{key}: {value}"));
        self
    }

    /// A file in the server's config folder, where settings find it by its bare name.
    pub fn file(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.files.push((name, text.into()));
        self
    }

    /// A secret setting, which is in no file that can be read and on no command line. OpenSearch only.
    pub fn keystore(mut self, key: &str, value: &str) -> Self {
        self.keystore.retain(|(known, _)| known != key);
        self.keystore.push((key.to_owned(), value.to_owned()));
        self
    }

    /// A client of that S3 server with its keys, for repositories that name it: the usual one is `default`. A later
    /// `keystore` may give it others.
    ///
    /// Tests with repositories of this type on one node must take turns: when one is changed or removed, the server
    /// closes the clients of all, and whoever is just deleting objects gets an error.
    pub fn s3(self, client: &str, s3: &S3) -> Self {
        let key = |name: &str| format!("s3.client.{client}.{name}");
        self.set(&key("endpoint"), s3.endpoint())
            .set(&key("path_style_access"), true)
            .set(&key("region"), "us-east-1")
            .keystore(&key("access_key"), s3.access_key())
            .keystore(&key("secret_key"), s3.secret_key())
    }

    /// Repositories of the type fs may be in this folder too, which becomes the server's: other nodes may have it as
    /// well. A test that deletes or damages a file there is the same user, or root.
    pub fn repositories(mut self, folder: impl Into<PathBuf>) -> Self {
        self.repositories.push(folder.into());
        self
    }

    /// Its name, where several are to be told apart.
    pub fn name(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// The first node of a cluster.
    pub(super) fn first(mut self) -> Self {
        self.cluster = Cluster::First;
        self
    }

    /// A node of the cluster whose first node listens there. All keep their snapshots in one folder.
    pub(super) fn joins(mut self, transport: String, snapshots: PathBuf) -> Self {
        self.cluster = Cluster::Joins { transport, snapshots };
        self
    }

    /// Only with a password, that of [`USER`], or an API key made with it. Elasticsearch only.
    pub fn security(mut self) -> Self {
        self.security = true;
        self
    }

    /// HTTPS with this certificate and key, in PEM; it needs security, so that comes with it.
    pub fn tls(self, certificate: &str, key: &str) -> Self {
        let mut with = self
            .security()
            .file("http.crt", certificate)
            .file("http.key", key)
            .set("xpack.security.http.ssl.enabled", true)
            .set("xpack.security.http.ssl.certificate", "http.crt")
            .set("xpack.security.http.ssl.key", "http.key");
        with.tls = true;
        with
    }

    /// As Java writes it: `2g`. 1 GB where it is not said.
    pub fn heap(mut self, heap: &'static str) -> Self {
        self.heap = heap;
        self
    }

    /// Let Java compile as well as it can, for measurements; the default starts faster.
    pub fn optimised(mut self) -> Self {
        self.optimise = true;
        self
    }

    /// `temp` is the server's to write, so it may not hold its config: newer versions refuse to start then.
    pub(super) fn java_options(&self, temp: &Path) -> Vec<String> {
        let mut options = vec![
            "-Xms128m".to_owned(),
            format!("-Xmx{}", self.heap),
            "-XX:+UseSerialGC".to_owned(),
            "-Djava.awt.headless=true".to_owned(),
            "-Dfile.encoding=UTF-8".to_owned(),
            format!("-Djava.io.tmpdir={}", temp.display()),
        ];
        if !self.optimise {
            options.push(QUICK_START.to_owned());
        }
        options
    }

    /// What makes the file realm know [`USER`].
    pub(super) fn realm(&self) -> Vec<(&'static str, String)> {
        vec![("users", format!("{USER}:{PASSWORD_HASH}\n")), ("users_roles", format!("superuser:{USER}\n"))]
    }

    /// What fills the keystore. Every character is escaped, so that none has a meaning there.
    pub(super) fn keystore_properties(&self) -> Option<(&'static str, String)> {
        let entry = |(key, value): &(String, String)| {
            let value: String = value.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            format!("{key}={value}\n")
        };
        let text: String = self.keystore.iter().map(entry).collect();
        (!text.is_empty()).then_some(("keystore.properties", text))
    }

    pub(super) fn unsupported(&self, product: Product) -> Option<&'static str> {
        match product {
            Product::Elasticsearch => {
                (!self.keystore.is_empty()).then_some("a keystore: it is filled for OpenSearch alone")
            }
            Product::OpenSearch => {
                self.security.then_some("security: its plugin is not among the registry's jars")
            }
        }
    }
}
