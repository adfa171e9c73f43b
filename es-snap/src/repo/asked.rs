//! What `repo add` was asked for, and what becomes of a repository that is there already. Pure.

use es_core::http::mask::is_secret;
use serde_json::Value;

use crate::args::Add;
use crate::error::Error;
use crate::repository::{Repository, Settings};

/// What the options say, read and checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) kind: Option<String>,
    pub(super) set: Settings,
    pub(super) unset: Vec<String>,
}

const READONLY: &str = "readonly";

impl Asked {
    pub(super) fn of(args: &Add) -> Result<Asked, Error> {
        let body = match &args.body {
            Some(text) => parse(text)?,
            None => Repository::default(),
        };
        let kind = args.kind.clone().or(Some(body.kind).filter(|kind| !kind.is_empty()));
        let mut asked = Asked { kind, set: body.settings, unset: args.unset.clone() };
        for (key, value) in &args.set {
            let value = value_of(key, value, args.allow_secrets)?;
            if asked.set.insert(key.clone(), value.into()).is_some() {
                return Err(Error::usage(format!("--set {key}: it is given twice")));
            }
        }
        if let Some(key) = asked.unset.iter().find(|key| asked.set.contains_key(*key)) {
            return Err(Error::usage(format!("--unset {key}: it is also given a value")));
        }
        if args.readonly {
            asked.set.insert(READONLY.into(), Value::from("true"));
        }
        if args.writable {
            if asked.set.get(READONLY).is_some_and(|value| crate::repository::text(value) == "true") {
                return Err(Error::usage("--writable contradicts the setting readonly"));
            }
            asked.unset.push(READONLY.into());
        }
        Ok(asked)
    }

    pub(super) fn secrets(&self) -> Vec<&str> {
        self.set.keys().filter(|key| is_secret(key)).map(String::as_str).collect()
    }

    /// The repository as it is to be.
    pub(super) fn over(&self, before: Option<&Repository>) -> Result<Repository, Error> {
        let kind = self.kind.clone().or_else(|| before.map(|before| before.kind.clone()));
        let kind = kind.ok_or_else(|| {
            Error::usage("TYPE is missing, and there is no such repository whose type could stay")
        })?;
        // The settings of another type are not its own.
        let same = before.filter(|before| before.kind == kind);
        let mut settings = same.map(|before| before.settings.clone()).unwrap_or_default();
        settings.retain(|key, _| !self.unset.contains(key));
        settings.extend(self.set.clone());
        let wanted = Repository { kind, settings };
        let lacking = needed(&wanted.kind).iter().find(|key| !wanted.settings.contains_key(**key));
        match lacking {
            Some(key) => {
                Err(Error::usage(format!("a repository of type {} needs --set {key}=VALUE", wanted.kind)))
            }
            None => Ok(wanted),
        }
    }
}

/// The settings without which there is none of this type.
fn needed(kind: &str) -> &'static [&'static str] {
    match kind {
        "fs" => &["location"],
        "s3" | "gcs" => &["bucket"],
        "url" => &["url"],
        "hdfs" => &["uri", "path"],
        "source" => &["delegate_type"],
        _ => &[],
    }
}

fn parse(typed: &str) -> Result<Repository, Error> {
    let text = match typed.strip_prefix('@') {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|why| Error::System { what: format!("read {path}"), why })?,
        None => typed.to_owned(),
    };
    // The text itself is not repeated: it may hold secrets.
    serde_json::from_str(&text)
        .map_err(|e| Error::usage(format!("--body is not {{\"type\":…,\"settings\":{{…}}}}: {e}")))
}

/// Secrets may come from a file, so that nobody sees them among the processes.
fn value_of(key: &str, value: &str, secrets: bool) -> Result<String, Error> {
    match value.strip_prefix('@').filter(|_| secrets && is_secret(key)) {
        Some(path) => Ok(es_core::cli::secrets::from_file(path.as_ref())?.expose().to_owned()),
        None => Ok(value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Settings {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect()
    }

    fn fs(pairs: &[(&str, &str)]) -> Repository {
        Repository { kind: "fs".into(), settings: settings(pairs) }
    }

    #[test]
    fn settings_that_are_not_named_stay() {
        let before = fs(&[("location", "/a"), ("compress", "true"), ("x", "1")]);
        let asked = Asked {
            kind: None,
            set: settings(&[("compress", "false"), ("y", "2")]),
            unset: vec!["x".into()],
        };
        let wanted = asked.over(Some(&before)).unwrap();
        assert_eq!(wanted, fs(&[("location", "/a"), ("compress", "false"), ("y", "2")]));
    }

    #[test]
    fn what_cannot_be_registered_is_not_sent() {
        let asked = |kind: Option<&str>, pairs| Asked {
            kind: kind.map(str::to_owned),
            set: settings(pairs),
            unset: vec![],
        };
        for (asked, why) in [
            (asked(Some("fs"), &[]), "location"),
            (asked(Some("s3"), &[("location", "/a")]), "bucket"),
            (asked(Some("source"), &[("location", "/a")]), "delegate_type"),
            (asked(None, &[("location", "/a")]), "TYPE"),
        ] {
            assert!(asked.over(None).unwrap_err().to_string().contains(why), "{asked:?}");
        }
        // Another type takes nothing over.
        let before = fs(&[("location", "/a")]);
        assert!(asked(Some("s3"), &[]).over(Some(&before)).is_err());
        assert!(asked(Some("fs"), &[]).over(Some(&before)).is_ok());
        assert!(asked(Some("cos"), &[]).over(None).is_ok(), "of a plugin that is not known here");
    }
}
