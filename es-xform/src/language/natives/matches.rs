//! What programs get of regular expressions: whether one matches, the matches, and the pieces between them.

use std::rc::Rc;

use jaq_core::box_iter::box_once;
use jaq_core::{Cv, Exn, ValXs};
use jaq_json::Val;

use crate::language::complaint::{one, two};
use crate::language::json::{Answer, Error, Json};
use crate::language::natives::lookup::Data;
use crate::language::pattern::{Match, Pattern};

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

/// `sub`: each match becomes what a function makes of its named groups. Where that is several texts, each is the
/// beginning of an output of its own.
pub(crate) fn substitute(mut cv: Cv<'_, Data>) -> ValXs<'_, Json> {
    let flags = cv.0.pop_var().0;
    let (made, context) = cv.0.pop_fun();
    let pattern = cv.0.pop_var().0;
    let made = |named: Val| made.run((context.clone(), Json(named)));
    match substituted(&cv.1.0, &pattern, &flags, made) {
        Ok(outputs) => Box::new(outputs.into_iter().map(|output| Ok(Json(output)))),
        Err(error) => box_once(Err(error)),
    }
}

fn substituted<'a, I: Iterator<Item = Result<Json, Exn<'a, Json>>>>(
    value: &Val,
    pattern: &Val,
    flags: &Val,
    made: impl Fn(Val) -> I,
) -> Result<Vec<Val>, Exn<'a, Json>> {
    let search = Search::read(value, pattern, flags, "")?;
    let mut outputs: Vec<Vec<u8>> = Vec::new();
    let mut from = 0;
    for found in search.found()? {
        let between = &search.text[from..found.start];
        for (i, new) in made(search.named(&found)).enumerate() {
            if i == outputs.len() {
                outputs.push(Vec::new());
            }
            outputs[i].extend_from_slice(between.as_bytes());
            match new?.0 {
                Val::TStr(new) => outputs[i].extend_from_slice(&new),
                Val::Null => {}
                other => {
                    let between = Val::from(between.to_owned());
                    return Err(two(&between, &other, "cannot be added").into());
                }
            }
        }
        from = found.end;
    }
    if outputs.is_empty() {
        return Ok(vec![value.clone()]);
    }
    let rest = &search.text.as_bytes()[from..];
    Ok(outputs.into_iter().map(|output| Val::utf8_str([&output, rest].concat())).collect())
}
