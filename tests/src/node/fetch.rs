//! Puts a server together in the cache, once: Maven downloads, the JDK's `jar` unpacks, its `javac` compiles our part.
//!
//! A server is made in the folder `part` and renamed when it is whole, all under a lock: two processes may ask at
//! once, and one that is killed leaves nothing that looks ready.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::{FlockOperation, flock};
use sha2::{Digest, Sha256};

use super::jdk::Jdk;
use super::{Error, Product, Version};

const ES_POM: &str = include_str!("../../nodes/elasticsearch/pom.xml");
const ES_PLUGIN: &str = include_str!("../../nodes/elasticsearch/RootPlugin.java");
const ES_PLUGIN_DESCRIPTOR: &str = include_str!("../../nodes/elasticsearch/plugin-descriptor.properties");
const ES_REINDEX_DESCRIPTOR: &str =
    include_str!("../../nodes/elasticsearch/reindex/plugin-descriptor.properties");
const ES_REINDEX_POLICY: &str = include_str!("../../nodes/elasticsearch/reindex/plugin-security.policy");
const OS_POM: &str = include_str!("../../nodes/opensearch/pom.xml");
const OS_NODE: &str = include_str!("../../nodes/opensearch/OsNode.java");

/// The folder of the server, fetched if it is not there yet.
pub(super) fn server(version: &Version, jdk: &Jdk) -> Result<PathBuf, Error> {
    let cache = cache_folder();
    let ready = cache.join(format!("{}-{}", version.name(), recipe(version)));
    if ready.is_dir() {
        return Ok(ready);
    }
    let lock = lock(&cache)?;
    if ready.is_dir() {
        return Ok(ready);
    }
    let part = cache.join("part");
    if part.exists() {
        fs::remove_dir_all(&part).map_err(Error::io("remove", &part))?;
    }
    fs::create_dir(&part).map_err(Error::io("make", &part))?;
    let kitchen = Kitchen { version, jdk, part: &part, lock };
    match version.product {
        Product::Elasticsearch => kitchen.elasticsearch()?,
        Product::OpenSearch => kitchen.opensearch()?,
    }
    make_readable(&part).map_err(Error::io("open", &part))?;
    fs::rename(&part, &ready).map_err(Error::io("make", &ready))?;
    Ok(ready)
}

/// `$ES_TEST_NODES`, else the user's cache. Root's servers run as another user, who cannot look into root's home.
fn cache_folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("ES_TEST_NODES") {
        return folder.into();
    }
    if rustix::process::geteuid().is_root() {
        return "/var/tmp/es-tools-nodes".into();
    }
    let home = || Path::new(&std::env::var_os("HOME").unwrap_or_default()).join(".cache");
    std::env::var_os("XDG_CACHE_HOME").map_or_else(home, PathBuf::from).join("es-tools-nodes")
}

/// Changes when anything does that a server is made of, so that an old one is not taken for it.
fn recipe(version: &Version) -> String {
    let mut hash = Sha256::new();
    let files: &[&str] = match version.product {
        Product::Elasticsearch => {
            &[ES_POM, ES_PLUGIN, ES_PLUGIN_DESCRIPTOR, ES_REINDEX_DESCRIPTOR, ES_REINDEX_POLICY]
        }
        Product::OpenSearch => &[OS_POM, OS_NODE],
    };
    for text in files.iter().chain(version.maven) {
        hash.update(text);
        hash.update([0]);
    }
    hash.finalize()[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Waits until no other process fetches. What is in the cache gets run, so it must be ours.
fn lock(cache: &Path) -> Result<File, Error> {
    fs::create_dir_all(cache).map_err(Error::io("make", cache))?;
    let owner = fs::metadata(cache).map_err(Error::io("read", cache))?.uid();
    if owner != rustix::process::geteuid().as_raw() {
        return Err(Error::Io {
            what: "trust",
            path: cache.to_path_buf(),
            source: std::io::Error::other("it belongs to another user"),
        });
    }
    fs::set_permissions(cache, fs::Permissions::from_mode(0o755)).map_err(Error::io("open", cache))?;
    let path = cache.join("fetch.lock");
    let lock = File::create(&path).map_err(Error::io("make", &path))?;
    flock(&lock, FlockOperation::LockExclusive).map_err(|e| Error::io("lock", &path)(e.into()))?;
    Ok(lock)
}

/// One server in the making.
struct Kitchen<'a> {
    version: &'a Version,
    jdk: &'a Jdk,
    part: &'a Path,
    lock: File,
}

impl Kitchen<'_> {
    fn elasticsearch(&self) -> Result<(), Error> {
        let number = self.version.number;
        self.download_all(ES_POM)?;
        let zip = self.download().join(format!("elasticsearch-{number}.zip"));
        self.run("jar", Command::new(self.jdk.tool("jar")).current_dir(self.part).arg("xf").arg(&zip))?;
        fs::remove_file(&zip).map_err(Error::io("remove", &zip))?;
        let home = self.part.join("server");
        let unpacked = self.part.join(format!("elasticsearch-{number}"));
        fs::rename(&unpacked, &home).map_err(Error::io("rename", &unpacked))?;

        if self.version.maven.contains(&"-Preindex") {
            let module = home.join("modules/reindex");
            fs::rename(self.download(), &module).map_err(Error::io("make", &module))?;
            self.write(&module.join("plugin-descriptor.properties"), ES_REINDEX_DESCRIPTOR)?;
            self.write(&module.join("plugin-security.policy"), ES_REINDEX_POLICY)?;
        } else {
            fs::remove_dir(self.download()).map_err(Error::io("remove", self.download()))?;
        }
        if self.version.major() >= 8 {
            let plugin = home.join("plugins/es-tests");
            let classes = self.part.join("classes");
            self.compile("RootPlugin.java", ES_PLUGIN, &home.join("lib"), &classes)?;
            self.write(&plugin.join("plugin-descriptor.properties"), ES_PLUGIN_DESCRIPTOR)?;
            let jar = plugin.join("es-tests.jar");
            self.run(
                "jar",
                Command::new(self.jdk.tool("jar")).arg("cf").arg(jar).arg("-C").arg(classes).arg("."),
            )?;
        }
        Ok(())
    }

    fn opensearch(&self) -> Result<(), Error> {
        self.download_all(OS_POM)?;
        let lib = self.part.join("lib");
        fs::rename(self.download(), &lib).map_err(Error::io("make", &lib))?;
        self.compile("OsNode.java", OS_NODE, &lib, &self.part.join("classes"))
    }

    fn download(&self) -> PathBuf {
        self.part.join("download")
    }

    /// Everything the pom names, into one folder.
    fn download_all(&self, pom: &str) -> Result<(), Error> {
        let file = self.part.join("pom.xml");
        self.write(&file, pom)?;
        let mut mvn = Command::new("mvn");
        mvn.args(["--batch-mode", "--quiet", "--update-snapshots", "-Dstyle.color=never", "--file"])
            .arg(file);
        mvn.args(self.version.maven);
        mvn.arg("org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies");
        mvn.arg("-DincludeScope=runtime").arg(format!("-DoutputDirectory={}", self.download().display()));
        self.run("mvn", mvn.env("JAVA_HOME", &self.jdk.home))
    }

    /// For the oldest JDK of the version: the cache outlives a change of JDK.
    fn compile(&self, name: &str, source: &str, lib: &Path, classes: &Path) -> Result<(), Error> {
        let file = self.part.join(name);
        self.write(&file, source)?;
        let mut javac = Command::new(self.jdk.tool("javac"));
        javac.args(["-nowarn", "-proc:none", "--release"]).arg(self.version.jdk.start().to_string());
        javac.arg("-cp").arg(lib.join("*")).arg("-d").arg(classes).arg(file);
        self.run("javac", &mut javac)
    }

    /// `${server}` in the text becomes the version's number.
    fn write(&self, path: &Path, text: &str) -> Result<(), Error> {
        let folder = path.parent().expect("a file has a folder");
        fs::create_dir_all(folder).map_err(Error::io("make", folder))?;
        fs::write(path, text.replace("${server}", self.version.number)).map_err(Error::io("write", path))
    }

    /// The program holds the lock too: should we be killed, nobody else fetches before it has ended.
    fn run(&self, program: &str, command: &mut Command) -> Result<(), Error> {
        let server = self.version.to_string();
        let lock = self.lock.try_clone().map_err(Error::io("lock", self.part))?;
        let done = command.stdin(lock).output().map_err(|source| Error::NoProgram {
            program: program.to_owned(),
            server: server.clone(),
            source,
        })?;
        if done.status.success() {
            return Ok(());
        }
        let text = [done.stdout, done.stderr].concat();
        let says = complaint(&String::from_utf8_lossy(&text)).to_owned();
        Err(Error::Fetch { program: program.to_owned(), server, says })
    }
}

/// The line that says what failed: Maven's first error, which its warnings may precede, or the first line of others.
fn complaint(text: &str) -> &str {
    // Maven resets the terminal's colours even where it was told to use none.
    let mut lines = text.lines().map(|line| line.trim_start_matches("\x1b[0m").trim());
    let error = lines.clone().find_map(|line| line.strip_prefix("[ERROR] "));
    error.or_else(|| lines.find(|line| !line.is_empty())).unwrap_or("nothing")
}

/// Lets every user read it, whatever our umask, and run what stands in a folder `bin`: `jar` keeps no modes.
fn make_readable(path: &Path) -> std::io::Result<()> {
    let executable = path.is_dir() || path.parent().is_some_and(|folder| folder.ends_with("bin"));
    fs::set_permissions(path, fs::Permissions::from_mode(if executable { 0o755 } else { 0o644 }))?;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            make_readable(&entry?.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_says_what_failed_is_found() {
        for (text, line) in [
            ("\x1b[0m[ERROR] no such artifact\n[ERROR] \n[ERROR] see -e\n", "no such artifact"),
            ("[WARNING] old\n[ERROR] no such artifact\n", "no such artifact"),
            (
                "\nRootPlugin.java:3: error: cannot find symbol\n  import x;\n",
                "RootPlugin.java:3: error: cannot find symbol",
            ),
            ("", "nothing"),
        ] {
            assert_eq!(complaint(text), line);
        }
    }
}
