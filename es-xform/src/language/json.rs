//! A JSON value as jq computes with it. jaq's own value follows jq but for some corners: steps by a fraction, what may
//! be indexed, division by zero, the text of a computed number, the words of errors. This one follows it there too:
//! how it is reached into is in `access`, how it is computed with in `arithmetic`.

use std::fmt;

use jaq_core::val::Range;
use jaq_json::Val;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Json(pub(crate) Val);

pub(crate) type Error = jaq_core::Error<Json>;
pub(crate) type Answer = Result<Json, Error>;

impl Json {
    pub(crate) fn text(text: impl Into<String>) -> Json {
        Json(Val::from(text.into()))
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<bool> for Json {
    fn from(b: bool) -> Json {
        Json(Val::Bool(b))
    }
}

impl From<isize> for Json {
    fn from(number: isize) -> Json {
        Json(Val::from(number))
    }
}

impl From<usize> for Json {
    fn from(number: usize) -> Json {
        Json(Val::from(number))
    }
}

impl From<f64> for Json {
    fn from(number: f64) -> Json {
        Json(Val::from(number))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json(Val::from(text))
    }
}

impl From<Range<Json>> for Json {
    fn from(range: Range<Json>) -> Json {
        let bound = |bound: Option<Json>| bound.map_or(Val::Null, |bound| bound.0);
        let fields = [("start", bound(range.start)), ("end", bound(range.end))];
        Json(Val::obj(fields.into_iter().map(|(name, value)| (Val::utf8_str(name), value)).collect()))
    }
}

impl FromIterator<Json> for Json {
    fn from_iter<I: IntoIterator<Item = Json>>(items: I) -> Json {
        Json(items.into_iter().map(|item| item.0).collect())
    }
}
