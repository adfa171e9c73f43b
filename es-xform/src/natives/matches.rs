//! What programs get of regular expressions: whether one matches, the matches, and the pieces between them.

use std::rc::Rc;

use jaq_json::Val;

use crate::complaint::one;
use crate::json::{Answer, Error, Json};
use crate::pattern::{Match, Pattern};

/// A text, and the pattern for it.
struct Search<'v> {
    value: &'v Val,
    text: &'v str,
    pattern: Rc<Pattern>,
}

impl<'v> Search<'v> {
    /// `pattern` may be a pair of pattern and flags.
    fn read(value: &'v Val, pattern: &Val, flags: &Val, added: &str) -> Result<Search<'v>, Error> {
        if let (Val::Arr(both), Val::Null) = (pattern, flags)
            && let Some(pattern @ Val::TStr(_)) = both.first()
        {
            return Search::read(value, pattern, both.get(1).unwrap_or(&Val::Null), added);
        }
        let text = text(value).ok_or_else(|| one(value, "cannot be matched, as it is not a string"))?;
        let re = self::text(pattern).ok_or_else(|| one(pattern, "is not a string"))?;
        let flags = match flags {
            Val::Null => "",
            flags => self::text(flags).ok_or_else(|| one(flags, "is not a string"))?,
        };
        let pattern = match added {
            "" => Pattern::get(re, flags),
            added => Pattern::get(re, &format!("{added}{flags}")),
        };
        Ok(Search { value, text, pattern: pattern.map_err(Error::str)? })
    }

    fn found(&self) -> Result<Vec<Match>, Error> {
        self.pattern.matches(self.text).map_err(Error::str)
    }

    fn part(&self, start: usize, end: usize) -> Val {
        match self.value {
            Val::TStr(text) => Val::utf8_str(text.slice(start..end)),
            _ => Val::Null,
        }
    }

    fn group(&self, group: Option<(usize, usize)>) -> Val {
        group.map_or(Val::Null, |(start, end)| self.part(start, end))
    }

    /// How many characters there are before a byte.
    fn characters(&self, to: usize) -> Val {
        Val::from(self.text[..to].chars().count())
    }

    /// The named groups of a match, by name.
    fn named(&self, found: &Match) -> Val {
        let groups = self.pattern.names().zip(&found.groups);
        let named =
            groups.filter_map(|(name, group)| Some((Val::from(name?.to_owned()), self.group(*group))));
        Val::obj(named.collect())
    }

    fn described(&self, found: &Match) -> Val {
        let part = |group: Option<(usize, usize)>| match group {
            Some((start, end)) => [
                ("offset", self.characters(start)),
                ("length", Val::from(self.text[start..end].chars().count())),
                ("string", self.part(start, end)),
            ],
            None => [("offset", Val::from(-1isize)), ("length", Val::from(0usize)), ("string", Val::Null)],
        };
        let captures = self.pattern.names().zip(&found.groups).map(|(name, group)| {
            let name = name.map_or(Val::Null, |name| Val::from(name.to_owned()));
            object(part(*group).into_iter().chain([("name", name)]))
        });
        let captures = ("captures", captures.collect());
        object(part(Some((found.start, found.end))).into_iter().chain([captures]))
    }
}

fn object(fields: impl Iterator<Item = (&'static str, Val)>) -> Val {
    Val::obj(fields.map(|(name, value)| (Val::utf8_str(name), value)).collect())
}

fn text(value: &Val) -> Option<&str> {
    match value {
        Val::TStr(text) => std::str::from_utf8(text).ok(),
        _ => None,
    }
}

pub(crate) fn test(value: &Val, pattern: &Val, flags: &Val) -> Answer {
    let search = Search::read(value, pattern, flags, "")?;
    search.pattern.is_in(search.text).map(Json::from).map_err(Error::str)
}

/// The matches as `match` gives them.
pub(crate) fn matches(value: &Val, pattern: &Val, flags: &Val) -> Answer {
    let search = Search::read(value, pattern, flags, "")?;
    Ok(Json(search.found()?.iter().map(|found| search.described(found)).collect()))
}

/// The named groups of each match.
pub(crate) fn captures(value: &Val, pattern: &Val, flags: &Val) -> Answer {
    let search = Search::read(value, pattern, flags, "")?;
    Ok(Json(search.found()?.iter().map(|found| search.named(found)).collect()))
}

/// Of each match its groups, or the whole where it has none.
pub(crate) fn scan(value: &Val, pattern: &Val, flags: &Val) -> Answer {
    let search = Search::read(value, pattern, flags, "g")?;
    let scanned = search.found()?.into_iter().map(|found| match found.groups.is_empty() {
        true => search.part(found.start, found.end),
        false => found.groups.iter().map(|group| search.group(*group)).collect(),
    });
    Ok(Json(scanned.collect()))
}

/// What lies between the matches.
pub(crate) fn splits(value: &Val, pattern: &Val, flags: &Val) -> Answer {
    let search = Search::read(value, pattern, flags, "g")?;
    let mut from = 0;
    let mut parts = Vec::new();
    for found in search.found()? {
        parts.push(search.part(from, found.start));
        from = found.end;
    }
    parts.push(search.part(from, search.text.len()));
    Ok(Json(parts.into_iter().collect()))
}

/// For `sub`: before each match what lies between it and the one before, then its named groups; last the rest.
pub(crate) fn pieces(value: &Val, pattern: &Val, flags: &Val) -> Answer {
    let search = Search::read(value, pattern, flags, "")?;
    let mut from = 0;
    let mut pieces = Vec::new();
    for found in search.found()? {
        pieces.push([search.part(from, found.start), search.named(&found)].into_iter().collect());
        from = found.end;
    }
    pieces.push(search.part(from, search.text.len()));
    Ok(Json(pieces.into_iter().collect()))
}
