//! Real servers: fetched on first use, started on a free port, gone with the process that started them.
//!
//! `shared` is for tests that only need indices of their own, `Node::start` for those that need a node of their own.
//! There is no skipping: a server that cannot be had is an error.

mod error;
mod fetch;
mod jdk;
mod process;
mod settings;
mod versions;

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

pub use error::Error;
pub use settings::{PASSWORD, Settings, USER};
pub use versions::{Product, Version, all, version};

use crate::client::Client;
use crate::scratch::Scratch;
use jdk::Jdk;
use process::Process;
use settings::Cluster;

/// Starting takes 3 to 10 s; several at once on a busy machine take minutes.
const START: Duration = Duration::from_secs(900);

const ES_LOGGING: &str = include_str!("../../nodes/elasticsearch/log4j2.properties");

/// A running server. Dropping it stops it and removes all it has written.
#[derive(Debug)]
pub struct Node {
    version: &'static Version,
    settings: Settings,
    jdk: Jdk,
    server: PathBuf,
    folder: PathBuf,
    port: u16,
    /// None only while it is down between `kill` and `restart`.
    process: Option<Process>,
}

/// The node of this version that all tests of this process use; the first to ask waits for its start.
///
/// # Panics
/// When there is none to be had.
#[track_caller]
pub fn shared(version: &'static Version) -> &'static Node {
    static NODES: [OnceLock<Result<Node, Error>>; versions::VERSIONS.len()] =
        [const { OnceLock::new() }; versions::VERSIONS.len()];
    let row =
        all().iter().position(|v| std::ptr::eq(v, version)).expect("versions come from the table alone");
    match NODES[row].get_or_init(|| Node::start(version, &Settings::new().repositories(exchange()))) {
        Ok(node) => node,
        Err(e) => panic!("{e}"),
    }
}

/// Where all shared nodes may have repositories of the type fs: what one has written there, another may read.
pub fn exchange() -> &'static Path {
    static FOLDER: OnceLock<Scratch> = OnceLock::new();
    FOLDER.get_or_init(|| Scratch::new("es-exchange-")).path()
}

impl Node {
    /// Returns when the node answers.
    pub fn start(version: &'static Version, settings: &Settings) -> Result<Node, Error> {
        if let Some(what) = settings.unsupported(version.product) {
            return Err(Error::Unsupported { server: version.to_string(), what });
        }
        let jdk = Jdk::find(version)?;
        let server = fetch::server(version, &jdk)?;
        let temp = std::env::temp_dir();
        let folder =
            tempfile::Builder::new().prefix("es-node-").tempdir().map_err(Error::io("write to", temp))?;
        let mut node = Node {
            version,
            settings: settings.clone(),
            jdk,
            server,
            folder: folder.path().to_path_buf(),
            port: 0,
            process: None,
        };
        for folder in &node.settings.repositories {
            share(folder).map_err(Error::io("give away", folder))?;
        }
        node.write_folder()?;
        node.run()?;
        // From here on the guard removes it.
        let _ = folder.keep();
        node.wait_until_ready()?;
        Ok(node)
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        let scheme = if self.settings.tls { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    pub fn version(&self) -> &'static Version {
        self.version
    }

    /// Where it keeps all it has, its log `node.log` too.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Several nodes of one cluster, by their names; all have joined.
    ///
    /// # Panics
    /// When they do not.
    pub fn cluster(
        version: &'static Version,
        settings: &Settings,
        names: &[&'static str],
    ) -> Result<Vec<Node>, Error> {
        let mut nodes: Vec<Node> = Vec::new();
        for name in names {
            let settings = settings.clone().name(name);
            let settings = match nodes.first() {
                None => settings.first(),
                Some(first) => settings.joins(first.transport()?, first.snapshots()),
            };
            nodes.push(Node::start(version, &settings)?);
        }
        let path = format!("/_cluster/health?wait_for_nodes={}&timeout=240s", names.len());
        for node in &nodes {
            let health = node.client().json(reqwest::Method::GET, &path, "");
            assert_eq!(health["number_of_nodes"], names.len(), "{health}");
        }
        Ok(nodes)
    }

    /// Where repositories of the type fs may be, and are when they name no absolute path; one place for all nodes of
    /// a cluster.
    pub fn snapshots(&self) -> PathBuf {
        match &self.settings.cluster {
            Cluster::Alone | Cluster::First => self.folder.join("snapshots"),
            Cluster::Joins { snapshots, .. } => snapshots.clone(),
        }
    }

    /// Where other nodes reach it.
    fn transport(&self) -> Result<String, Error> {
        let path = self.folder.join("logs/transport.ports");
        let ports = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
        Ok(ports.lines().next().unwrap_or_default().to_owned())
    }

    /// The second client, which prepares the node and reads it back.
    ///
    /// # Panics
    /// With TLS, which it does not speak.
    #[track_caller]
    pub fn client(&self) -> Client {
        assert!(!self.settings.tls, "the second client has no TLS");
        let client = Client::new(&self.url());
        if self.settings.security { client.user(USER, PASSWORD) } else { client }
    }

    /// What the server has said so far.
    pub fn log(&self) -> String {
        let bytes = fs::read(self.folder.join("node.log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Ends it as `kill -9` does. `restart` brings it back.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }

    /// Starts it again after `kill`, at the same address and with what it had on disk.
    pub fn restart(&mut self) -> Result<(), Error> {
        self.kill();
        self.write_folder()?;
        self.run()?;
        self.wait_until_ready()
    }

    /// Lets it run on when we end. It is stopped by `kill -- -GROUP`, where GROUP is what this returns.
    pub fn leave(mut self) -> Option<u32> {
        self.process.take().map(Process::leave)
    }

    fn write_folder(&self) -> Result<(), Error> {
        let folders = ["config", "data", "logs", "snapshots", "tmp"];
        for folder in folders.map(|name| self.folder.join(name)) {
            fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
        }
        let config = self.folder.join("config");
        let mut files = self.settings.files.clone();
        match self.version.product {
            Product::Elasticsearch => {
                files.push(("elasticsearch.yml", self.yml()));
                files.push(("log4j2.properties", ES_LOGGING.to_owned()));
                files.push(("jvm.options", self.java_options().join("\n")));
                files.extend(self.settings.realm());
            }
            Product::OpenSearch => {
                files.push(("opensearch.yml", self.yml()));
                files.extend(self.settings.keystore_properties());
            }
        }
        for (name, text) in files {
            let path = config.join(name);
            fs::write(&path, text).map_err(Error::io("write", &path))?;
        }
        match process::as_nobody() {
            Some(user) => give(&self.folder, user).map_err(Error::io("give away", &self.folder)),
            None => Ok(()),
        }
    }

    fn yml(&self) -> String {
        let folder = self.folder.display();
        let mut lines = vec![
            "cluster.name: es-tests".to_owned(),
            format!("node.name: \"{}\"", self.settings.name),
            "network.host: 127.0.0.1".to_owned(),
            // The server takes a free port itself and writes it to a file: there is no race for it.
            format!("http.port: {}", self.port),
            "transport.port: 0".to_owned(),
            "node.portsfile: true".to_owned(),
            format!("path.data: {folder}/data"),
            format!("path.logs: {folder}/logs"),
            // A developer's disk is often nearly full, and no test may depend on it.
            "cluster.routing.allocation.disk.threshold_enabled: false".to_owned(),
            // Nor on when Java last collected what nobody needs: only what is in use counts for the limit of memory.
            "indices.breaker.total.use_real_memory: false".to_owned(),
        ];
        lines.push(match (&self.settings.cluster, self.version) {
            (Cluster::Alone, _) => "discovery.type: single-node".to_owned(),
            (Cluster::First, version) => {
                format!("{}: [\"{}\"]", version.bootstrap_setting(), self.settings.name)
            }
            (Cluster::Joins { transport, .. }, _) => format!("discovery.seed_hosts: [\"{transport}\"]"),
        });
        let own = self.snapshots();
        let repositories = std::iter::once(&own).chain(&self.settings.repositories);
        let repositories: Vec<_> = repositories.map(|folder| format!("\"{}\"", folder.display())).collect();
        lines.push(format!("path.repo: [{}]", repositories.join(", ")));
        match self.version.product {
            Product::Elasticsearch => {
                lines.push(format!("xpack.security.enabled: {}", self.settings.security));
                if self.version.major() >= 8 {
                    lines.push("xpack.security.enrollment.enabled: false".to_owned());
                    lines.push("xpack.security.autoconfiguration.enabled: false".to_owned());
                }
            }
            Product::OpenSearch => {
                lines.push("http.type: netty4".to_owned());
                lines.push("transport.type: netty4".to_owned());
            }
        }
        lines.extend(self.settings.lines.iter().cloned());
        lines.join("\n") + "\n"
    }

    fn run(&mut self) -> Result<(), Error> {
        let ports = self.ports_file();
        if ports.exists() {
            fs::remove_file(&ports).map_err(Error::io("remove", &ports))?;
        }
        let path = self.folder.join("node.log");
        let log = File::options().create(true).append(true).open(&path).map_err(Error::io("write", &path))?;
        let mut command = match self.version.product {
            Product::Elasticsearch => self.elasticsearch(),
            Product::OpenSearch => self.opensearch(),
        };
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", &self.folder);
        let process = Process::start(&command, &self.folder, log).map_err(Error::io("run", &self.server))?;
        self.process = Some(process);
        Ok(())
    }

    fn elasticsearch(&self) -> Command {
        let mut command = Command::new(self.server.join("server/bin/elasticsearch"));
        command
            .env("ES_PATH_CONF", self.folder.join("config"))
            .env("ES_TMPDIR", self.folder.join("tmp"))
            .env("ES_JAVA_HOME", &self.jdk.home)
            // From 8 on a launcher starts the server.
            .env("CLI_JAVA_OPTS", settings::QUICK_START);
        command
    }

    fn opensearch(&self) -> Command {
        let lib = self.server.join("lib/*");
        let mut command = Command::new(self.jdk.tool("java"));
        command
            .args(self.java_options())
            .arg("-Dlog4j.shutdownHookEnabled=false")
            // Where the S3 plugin looks for what it does not need, and does not start without.
            .arg(format!("-Dopensearch.path.conf={}", self.folder.join("config").display()))
            .arg("-Dopensearch.set.netty.runtime.available.processors=false")
            .arg("-cp")
            .arg(format!("{}:{}", lib.display(), self.server.join("classes").display()))
            .arg("OsNode")
            .arg(&self.folder);
        command
    }

    fn java_options(&self) -> Vec<String> {
        self.settings.java_options(&self.folder.join("tmp"))
    }

    /// Written when the node listens, having found its master.
    fn ports_file(&self) -> PathBuf {
        self.folder.join("logs/http.ports")
    }

    fn wait_until_ready(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + START;
        let mut why = format!("not up after {} s", START.as_secs());
        while Instant::now() < deadline {
            let ended = self.process.as_mut().map_or(Ok(None), Process::ended);
            match ended.map_err(Error::io("wait for", &self.folder))? {
                Some(status) => {
                    why = format!("it ended with {status}");
                    break;
                }
                None if self.answers() => return Ok(()),
                None => thread::sleep(Duration::from_millis(50)),
            }
        }
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        let log = lines[lines.len().saturating_sub(30)..].join("\n");
        Err(Error::NotReady { server: self.version.to_string(), why, log })
    }

    fn answers(&mut self) -> bool {
        let ports = fs::read_to_string(self.ports_file()).unwrap_or_default();
        let Some(port) = ports.lines().find_map(|line| line.strip_prefix("127.0.0.1:")?.parse().ok()) else {
            return false;
        };
        self.port = port;
        // The client has no TLS; a server that wrote its ports has found its master.
        self.settings.tls || self.client().is_healthy()
    }
}

/// Lets the servers write to a folder. Done once, for those that have it may be writing there.
fn share(folder: &Path) -> std::io::Result<()> {
    match process::as_nobody() {
        Some(user) if fs::metadata(folder)?.uid() != user => give(folder, user),
        Some(_) | None => Ok(()),
    }
}

/// Makes this user the owner of a folder and all that is in it.
fn give(path: &Path, user: u32) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            give(&entry?.path(), user)?;
        }
    }
    chown(path, Some(user), Some(user))
}
