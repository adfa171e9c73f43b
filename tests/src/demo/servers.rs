//! The two servers of the demo: of another make and age where the installed JDKs allow it.

use std::io::{self, Write};
use std::thread;

use super::Error;
use crate::node::{self, Node, Settings, Version};

/// In the order in which they are tried. Any JDK from 17 on runs one of each.
const OLD: [&str; 2] = ["es-7.17.28", "es-8.19.0"];
const NEW: [&str; 2] = ["os-3.8.0", "os-2.19.6"];

pub(super) struct Servers {
    pub(super) old: Node,
    pub(super) new: Node,
}

impl Servers {
    pub(super) fn start(old: Option<&str>, new: Option<&str>) -> Result<Servers, Error> {
        let (old, new) = (candidates(old, &OLD)?, candidates(new, &NEW)?);
        let (old, new) = thread::scope(|scope| {
            let new = scope.spawn(|| first(&new));
            let old = first(&old);
            (old, new.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        Ok(Servers { old: old?, new: new? })
    }

    /// Lets them run on, and says how to end them.
    pub(super) fn leave(self, out: &mut dyn Write) -> io::Result<()> {
        let folders = [self.old.folder().to_owned(), self.new.folder().to_owned()];
        writeln!(
            out,
            "\nThe servers run on:\n  old  {}\n  new  {}",
            describe(&self.old),
            describe(&self.new)
        )?;
        writeln!(out, "The files of the demo are in {}.", folders[0].join("demo").display())?;
        let groups = [self.old, self.new].map(|node| node.leave().map(|group| format!("-{group}")));
        let groups = groups.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let [old, new] = folders.each_ref().map(|folder| folder.display());
        writeln!(
            out,
            "To stop them and remove all they have:\n  kill -9 -- {groups}; sleep 1; rm -r {old} {new}"
        )
    }
}

/// `Elasticsearch 7.17.28 at http://127.0.0.1:9200`
pub(super) fn describe(node: &Node) -> String {
    format!("{} at {}", node.version(), node.url())
}

fn candidates(asked: Option<&str>, usual: &[&str]) -> Result<Vec<&'static Version>, Error> {
    let Some(name) = asked else { return Ok(usual.iter().map(|name| node::version(name)).collect()) };
    let known = || node::all().iter().map(Version::name);
    match node::all().iter().find(|version| version.name() == name) {
        Some(version) => Ok(vec![version]),
        None => Err(Error::NoServer { name: name.to_owned(), known: known().collect::<Vec<_>>().join(", ") }),
    }
}

/// The first that a JDK here runs; if none does, the last one says which JDK it wants.
fn first(versions: &[&'static Version]) -> Result<Node, node::Error> {
    let settings = Settings::new();
    let mut started = Node::start(versions[0], &settings);
    for version in &versions[1..] {
        if !matches!(started, Err(node::Error::NoJdk { .. })) {
            break;
        }
        started = Node::start(version, &settings);
    }
    started
}
