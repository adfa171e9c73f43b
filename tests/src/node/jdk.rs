//! Finds an installed JDK that a server runs on: `JAVA_HOME`, variables like `JDK17` and `JAVA_HOME_17_X64`,
//! `/usr/lib/jvm`, and the `java` on the path, in this order.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::{Error, Version};

#[derive(Clone, Debug)]
pub(super) struct Jdk {
    pub(super) home: PathBuf,
    major: u32,
}

impl Jdk {
    /// The first one found that fits.
    pub(super) fn find(version: &Version) -> Result<Jdk, Error> {
        let installed = installed();
        match installed.iter().find(|jdk| version.jdk.contains(&jdk.major)) {
            Some(jdk) => Ok(jdk.clone()),
            None => Err(Error::NoJdk {
                server: version.to_string(),
                wanted: one_of(&version.jdk),
                found: listed(&installed),
            }),
        }
    }

    pub(super) fn tool(&self, name: &str) -> PathBuf {
        self.home.join("bin").join(name)
    }
}

fn installed() -> Vec<Jdk> {
    let mut homes: Vec<PathBuf> = std::env::var_os("JAVA_HOME").into_iter().map(PathBuf::from).collect();
    let mut named: Vec<_> = std::env::vars_os()
        .filter(|(key, _)| key.to_str().is_some_and(|k| k.starts_with("JAVA_HOME_") || k.starts_with("JDK")))
        .collect();
    named.sort();
    homes.extend(named.into_iter().map(|(_, home)| home.into()));

    let mut system: Vec<PathBuf> =
        fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    system.sort();
    homes.append(&mut system);

    let path = std::env::var_os("PATH").unwrap_or_default();
    let java = std::env::split_paths(&path).filter_map(|folder| folder.join("java").canonicalize().ok());
    homes.extend(java.filter_map(|java| Some(java.parent()?.parent()?.to_path_buf())));

    let mut jdks: Vec<Jdk> = Vec::new();
    for home in homes.iter().filter_map(|home| home.canonicalize().ok()) {
        if let Some(major) = major(&home)
            && jdks.iter().all(|jdk| jdk.home != home)
        {
            jdks.push(Jdk { home, major });
        }
    }
    jdks
}

/// The major version of the JDK in this folder. A JRE, without a compiler, is none.
fn major(home: &Path) -> Option<u32> {
    if !home.join("bin/javac").is_file() || !home.join("bin/jar").is_file() {
        return None;
    }
    major_of_release(&fs::read_to_string(home.join("release")).ok()?)
}

/// Reads `JAVA_VERSION="17.0.15"` out of a release file; up to 8 it is `"1.8.0_452"`.
fn major_of_release(release: &str) -> Option<u32> {
    let version = release.lines().find_map(|line| line.strip_prefix("JAVA_VERSION="))?.trim_matches('"');
    let version = version.strip_prefix("1.").unwrap_or(version);
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn one_of(majors: &RangeInclusive<u32>) -> String {
    match (majors.start(), majors.end()) {
        (first, last) if first == last => format!("JDK {first}"),
        (first, last) => format!("a JDK from {first} to {last}"),
    }
}

fn listed(jdks: &[Jdk]) -> String {
    if jdks.is_empty() {
        return "found none".to_owned();
    }
    let jdks: Vec<_> = jdks.iter().map(|jdk| format!("{} in {}", jdk.major, jdk.home.display())).collect();
    format!("found only {}", jdks.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_the_release_file() {
        for (release, major) in [
            ("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.15\"\nOS_NAME=\"Linux\"\n", Some(17)),
            ("JAVA_VERSION=\"25\"\n", Some(25)),
            ("JAVA_VERSION=\"26-ea\"\n", Some(26)),
            ("JAVA_VERSION=\"1.8.0_452\"\n", Some(8)),
            ("IMPLEMENTOR=\"x\"\n", None),
            ("", None),
        ] {
            assert_eq!(major_of_release(release), major, "{release:?}");
        }
    }
}
