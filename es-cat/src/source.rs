//! Where the rows of a report come from. `_cat` gives them all at once; where it refuses because they are too many,
//! `_list` gives pages, and what has no pages is asked for index by index.

use std::sync::Arc;

use es_core::cli::rows::column::shown;
use es_core::cli::rows::fields::Fields;
use es_core::cli::rows::kind::Kind;
use es_core::cli::rows::row::Row;
use es_core::http::target::{encode_index, encode_segment};
use es_core::http::{self, Answer, Call, Client};
use es_core::server::{self, Refusal};

use crate::answer::{Broken, Take, read};
use crate::error::Error;
use crate::reports::{From, Report};
use crate::text::Text;

/// Answers that are held at a time: refusals, helps, tables of old servers, lists of snapshots.
const HELD: usize = 256 << 20;
/// Of a page, as large as both lists take.
const PAGE: &str = "5000";

/// A report of a server.
pub(crate) struct Source<'a> {
    pub(crate) client: &'a Client,
    pub(crate) report: &'static Report,
    /// Of names, as typed; empty for all.
    pub(crate) pattern: &'a str,
    /// Hidden indices too.
    pub(crate) hidden: bool,
    /// That the documents of `count` must match.
    pub(crate) query: Option<&'a str>,
}

/// What an answer came to.
enum Outcome {
    Whole,
    /// The server gives no answer that is so long.
    Capped(server::Error),
}

impl Source<'_> {
    /// Every row, once.
    pub(crate) fn read(&self, fields: &Fields, take: &mut dyn Take) -> Result<(), Error> {
        match self.report.from {
            From::Cat(_) => self.cat(fields, take),
            From::Count => self.count(fields, take),
            From::Snapshots => self.snapshots(fields, take),
        }
    }

    /// The names and descriptions of all columns that the server has.
    pub(crate) fn help(&self) -> Result<Vec<(String, String)>, Error> {
        let answer = self.get(&format!("/_cat/{}?help=true", self.report.name))?;
        let host = Arc::clone(&answer.host);
        let text = answer.bytes(HELD)?;
        let text = String::from_utf8_lossy(&text);
        let column = |line: &str| {
            let mut parts = line.split(" | ").map(str::trim);
            Some((parts.next().filter(|name| !name.is_empty())?.to_owned(), parts.nth(1)?.to_owned()))
        };
        let columns: Vec<_> = text.lines().filter_map(column).collect();
        if columns.is_empty() {
            return Err(self.unreadable(host, "it lists no columns".into()));
        }
        Ok(columns)
    }

    fn cat(&self, fields: &Fields, take: &mut dyn Take) -> Result<(), Error> {
        let mut headed = false;
        let refused = match self.ask(&self.path("_cat", self.pattern, fields), fields, take, &mut headed)? {
            Outcome::Whole => return Ok(()),
            Outcome::Capped(refused) => refused,
        };
        log::info!("{refused}: asking for pages");
        if matches!(self.report.name, "indices" | "shards")
            && self.pages(&self.path("_list", self.pattern, fields), fields, take, &mut headed)?
        {
            return Ok(());
        }
        for index in self.names(refused)? {
            match self.ask(&self.path("_cat", &index, fields), fields, take, &mut headed) {
                Ok(Outcome::Whole) => {}
                Ok(Outcome::Capped(refused)) => return Err(refused.into()),
                Err(Error::Server(server::Error::Refused { refusal, .. })) if refusal.is_gone() => {
                    log::info!("{index} is gone: {refusal}");
                }
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// False: not even a page of it is given.
    fn pages(
        &self,
        path: &str,
        fields: &Fields,
        take: &mut dyn Take,
        headed: &mut bool,
    ) -> Result<bool, Error> {
        let mut next = format!("{path}&size={PAGE}");
        let mut first = true;
        loop {
            let answer = match self.uncapped(&next)? {
                Ok(answer) if first && matches!(answer.status, 400 | 404 | 405) => return Ok(false),
                Ok(answer) => self.checked(answer)?,
                Err(_) if first => return Ok(false),
                Err(refused) => return Err(refused.into()),
            };
            first = false;
            match self.rows(answer, fields, take, headed)? {
                None => return Ok(true),
                Some(token) => next = format!("{path}&size={PAGE}&next_token={}", encode_segment(&token)),
            }
        }
    }

    /// The indices that the pattern means, from pages; `refused` says why they are wanted.
    fn names(&self, refused: server::Error) -> Result<Vec<String>, Error> {
        #[derive(Default)]
        struct Names(Vec<String>);
        impl Take for Names {
            fn head(&mut self, _: &[bool]) -> Result<(), Error> {
                Ok(())
            }

            fn row(&mut self, row: Row) -> Result<(), Error> {
                self.0.extend(row.get(0).map(str::to_owned));
                Ok(())
            }
        }
        let fields = Fields::new(vec![shown("index", Kind::Text, "")]);
        let mut names = Names::default();
        let pattern = if self.pattern.is_empty() { "*" } else { self.pattern };
        let path = format!(
            "/_list/indices/{}?format=json&h=index&expand_wildcards={}",
            encode_index(pattern),
            self.open()
        );
        if self.pages(&path, &fields, &mut names, &mut false)? { Ok(names.0) } else { Err(refused.into()) }
    }

    /// What a pattern means where closed indices have nothing to show.
    pub(crate) fn open(&self) -> &'static str {
        if self.hidden { "open,hidden" } else { "open" }
    }

    fn path(&self, api: &str, pattern: &str, fields: &Fields) -> String {
        let name = self.report.name;
        let pattern = if pattern.is_empty() { String::new() } else { format!("/{}", encode_index(pattern)) };
        let mut path = format!("/{api}/{name}{pattern}?format=json&bytes=b&time=ms&h={}", fields.asked());
        if api == "_cat" {
            // Only for servers that answer in text all the same.
            path += "&v=true";
        }
        // Only where it is wanted: not all versions take it.
        if name == "indices" && self.hidden {
            path += "&expand_wildcards=all";
        }
        if let From::Cat(more) = self.report.from {
            path += more;
        }
        path
    }

    fn ask(
        &self,
        path: &str,
        fields: &Fields,
        take: &mut dyn Take,
        headed: &mut bool,
    ) -> Result<Outcome, Error> {
        match self.uncapped(path)? {
            Ok(answer) => {
                let answer = self.checked(answer)?;
                self.rows(answer, fields, take, headed)?;
                Ok(Outcome::Whole)
            }
            Err(refused) => Ok(Outcome::Capped(refused)),
        }
    }

    fn uncapped(&self, path: &str) -> Result<Result<Answer, server::Error>, Error> {
        Ok(server::uncapped(self.client, &Call::get(path), &self.what())?)
    }

    /// An answer that is none of 400 and above.
    pub(crate) fn get(&self, path: &str) -> Result<Answer, Error> {
        self.checked(self.client.call(&Call::get(path))?)
    }

    pub(crate) fn checked(&self, answer: Answer) -> Result<Answer, Error> {
        if answer.status < 400 {
            return Ok(answer);
        }
        let (status, host) = (answer.status, Arc::clone(&answer.host));
        let refusal = Refusal::parse(status, &answer.bytes(HELD)?);
        Err(server::Error::refused(self.what(), host, refusal).into())
    }

    /// The token of the next page, if there is one.
    fn rows(
        &self,
        mut answer: Answer,
        fields: &Fields,
        take: &mut dyn Take,
        headed: &mut bool,
    ) -> Result<Option<String>, Error> {
        let host = Arc::clone(&answer.host);
        if answer.content_type.as_deref().is_some_and(|kind| kind.starts_with("text/plain")) {
            let bytes = answer.bytes(HELD)?;
            let text = String::from_utf8_lossy(&bytes);
            let Some(text) = Text::parse(&text) else {
                return if text.trim().is_empty() {
                    Ok(None)
                } else {
                    Err(self.unreadable(host, "its columns cannot be told apart".into()))
                };
            };
            take.head(&text.has(fields))?;
            text.rows(fields).try_for_each(|row| take.row(row))?;
            return Ok(None);
        }
        read(&mut answer, fields, take, headed).map_err(|broken| match broken {
            Broken::Io(e) => http::Error::of_read(&host, e).into(),
            Broken::Json(why) => self.unreadable(host, why),
            Broken::Taker(e) => e,
        })
    }

    pub(crate) fn what(&self) -> String {
        let of = if self.pattern.is_empty() { String::new() } else { format!(" of {}", self.pattern) };
        format!("asking for {}{of}", self.report.name)
    }

    pub(crate) fn unreadable(&self, host: Arc<str>, why: String) -> Error {
        server::Error::Unreadable { what: self.what(), host, why }.into()
    }

    /// An answer that is held as a whole.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, answer: Answer) -> Result<T, Error> {
        let host = Arc::clone(&answer.host);
        let body = self.checked(answer)?.bytes(HELD)?;
        serde_json::from_slice(&body).map_err(|e| self.unreadable(host, e.to_string()))
    }
}
