//! One column of a report, and how it is written down in the tables of `reports`.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use super::kind::Kind;

/// What a column is, whatever the server.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: Cow<'static, str>,
    pub kind: Kind,
    pub about: Cow<'static, str>,
    /// It is there unless others are asked for.
    pub shown: bool,
    /// What servers call it, where that is not its name.
    pub names: Option<&'static [&'static str]>,
    pub only: Only,
    /// It only grows, so that the differences between two times tell more than it does.
    pub counter: bool,
    /// With the other keys it says which row is which, from one time to the next.
    pub key: bool,
    /// Of a cell that holds two values.
    pub part: Option<Part>,
}

/// The node of a shard that moves is written `NAME -> IP ID NAME`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Where it is.
    From,
    /// Where it goes.
    To,
}

impl Part {
    /// Names hold spaces and arrows; an address after the arrow tells which is the one.
    pub fn of(self, cell: &str) -> &str {
        let moves = cell.match_indices(" -> ").find_map(|(at, arrow)| {
            let mut to = cell[at + arrow.len()..].splitn(3, ' ');
            let (ip, _id) = (to.next()?, to.next()?);
            ip.parse::<IpAddr>().ok()?;
            Some((&cell[..at], to.next()?))
        });
        match (self, moves) {
            (Part::From, None) => cell,
            (Part::To, None) => "",
            (Part::From, Some((from, _))) => from,
            (Part::To, Some((_, to))) => to,
        }
    }
}

/// Which servers have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    Everywhere,
    /// From this major version on.
    Elasticsearch(u32),
    OpenSearch(u32),
}

/// A column that is there unless others are asked for.
pub const fn shown(name: &'static str, kind: Kind, about: &'static str) -> Column {
    let mut column = more(name, kind, about);
    column.shown = true;
    column
}

/// A column for those who ask for it.
pub const fn more(name: &'static str, kind: Kind, about: &'static str) -> Column {
    Column {
        name: Cow::Borrowed(name),
        kind,
        about: Cow::Borrowed(about),
        shown: false,
        names: None,
        only: Only::Everywhere,
        counter: false,
        key: false,
        part: None,
    }
}

impl Column {
    pub const fn named(mut self, names: &'static [&'static str]) -> Column {
        self.names = Some(names);
        self
    }

    pub const fn only(mut self, only: Only) -> Column {
        self.only = only;
        self
    }

    pub const fn counter(mut self) -> Column {
        self.counter = true;
        self
    }

    pub const fn key(mut self) -> Column {
        self.key = true;
        self
    }

    pub const fn part(mut self, part: Part) -> Column {
        self.part = Some(part);
        self
    }

    /// A column that the server has and our table has not.
    pub fn unknown(name: String, about: String) -> Column {
        Column { name: name.into(), about: about.into(), ..more("", Kind::Other, "") }
    }

    /// What it is called in requests and answers.
    pub fn server_names(&self) -> Vec<&str> {
        self.names.map_or_else(|| vec![&*self.name], <[_]>::to_vec)
    }
}

impl fmt::Display for Only {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Only::Everywhere => Ok(()),
            Only::Elasticsearch(major) => write!(f, "Elasticsearch {major}+"),
            Only::OpenSearch(major) => write!(f, "OpenSearch {major}+"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_that_moves_is_on_one_node_and_goes_to_another() {
        for (cell, from, to) in [
            ("node-1", "node-1", ""),
            ("n 1 -> 10.0.0.2 mZ7DU2ikQAaZ5LFfhYUr4A n 2, b", "n 1", "n 2, b"),
            ("a -> b -> ::1 mZ7DU2ikQAaZ5LFfhYUr4A c -> d", "a -> b", "c -> d"),
            ("a -> b", "a -> b", ""),
            ("", "", ""),
        ] {
            assert_eq!((Part::From.of(cell), Part::To.of(cell)), (from, to), "{cell}");
        }
    }
}
