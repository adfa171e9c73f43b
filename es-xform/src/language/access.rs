//! How jaq reaches into a value: its fields, items, slices and paths, with jq's meaning and words.

use jaq_core::Exn;
use jaq_core::box_iter::box_once;
use jaq_core::path::Opt;
use jaq_core::val::Range;
use jaq_json::{Map, Num, Rc, Val};

use super::complaint::{self, cannot_iterate};
use super::json::{Answer, Error, Json};
use super::natives::deleting;
use super::natives::paths::{self, Slice};
use super::value;

fn owned<T: Clone>(shared: Rc<T>) -> T {
    Rc::try_unwrap(shared).unwrap_or_else(|shared| (*shared).clone())
}

impl jaq_core::ValT for Json {
    fn from_num(text: &str) -> Answer {
        Val::from_num(text).map(Json).map_err(complaint::plain)
    }

    fn from_map<I: IntoIterator<Item = (Json, Json)>>(fields: I) -> Answer {
        let mut map = Map::default();
        for (name, value) in fields {
            match name.0 {
                Val::TStr(_) => map.insert(name.0, value.0),
                other => {
                    let words = format!("Object keys must be strings, not {}", complaint::kind(&other));
                    return Err(Error::str(words));
                }
            };
        }
        Ok(Json(Val::obj(map)))
    }

    fn key_values(self) -> Box<dyn Iterator<Item = Result<(Json, Json), Error>>> {
        match self.0 {
            Val::Arr(items) => {
                let items = owned(items).into_iter().enumerate();
                Box::new(items.map(|(at, item)| Ok((Json::from(at), Json(item)))))
            }
            Val::Obj(fields) => {
                Box::new(owned(fields).into_iter().map(|(name, value)| Ok((Json(name), Json(value)))))
            }
            other => box_once(Err(cannot_iterate(&other))),
        }
    }

    fn values(self) -> Box<dyn Iterator<Item = Answer>> {
        match self.0 {
            Val::Arr(items) => Box::new(owned(items).into_iter().map(|item| Ok(Json(item)))),
            Val::Obj(fields) => Box::new(owned(fields).into_iter().map(|(_, value)| Ok(Json(value)))),
            other => box_once(Err(cannot_iterate(&other))),
        }
    }

    fn index(self, step: &Json) -> Answer {
        paths::step(&self.0, &step.0).map(Json)
    }

    fn range(self, range: Range<&Json>) -> Answer {
        let bound = |bound: Option<&Json>| bound.map_or(Val::Null, |bound| bound.0.clone());
        let (start, end) = (bound(range.start), bound(range.end));
        paths::slice(&self.0, Slice { start: &start, end: &end }).map(Json)
    }

    fn map_values<'a, I: Iterator<Item = Result<Json, Exn<'a, Json>>>>(
        self,
        opt: Opt,
        f: impl Fn(Json) -> I,
    ) -> Result<Json, Exn<'a, Json>> {
        match self.0 {
            Val::Arr(items) => {
                let items = owned(items).into_iter().filter_map(|item| f(Json(item)).next());
                items.collect()
            }
            Val::Obj(fields) => {
                let fields = owned(fields).into_iter();
                let fields =
                    fields.filter_map(|(name, value)| f(Json(value)).next().map(|new| Ok((name, new?.0))));
                Ok(Json(Val::obj(fields.collect::<Result<Map, Exn<Json>>>()?)))
            }
            other => {
                let error = cannot_iterate(&other);
                opt.fail(Json(other), |_| Exn::from(error))
            }
        }
    }

    fn map_index<'a, I: Iterator<Item = Result<Json, Exn<'a, Json>>>>(
        mut self,
        step: &Json,
        opt: Opt,
        f: impl Fn(Json) -> I,
    ) -> Result<Json, Exn<'a, Json>> {
        let changed = paths::change(&mut self.0, std::slice::from_ref(&step.0), &mut |old| {
            f(Json(old)).next().map(|new| new.map(|new| new.0)).transpose()
        });
        match (changed, opt) {
            (Ok(true), _) => Ok(self),
            (Ok(false), _) => {
                deleting::delete(&mut self.0, &[std::slice::from_ref(&step.0)])?;
                Ok(self)
            }
            (Err(_), Opt::Optional) => Ok(self),
            (Err(error), Opt::Essential) => Err(error),
        }
    }

    fn map_range<'a, I: Iterator<Item = Result<Json, Exn<'a, Json>>>>(
        self,
        range: Range<&Json>,
        opt: Opt,
        f: impl Fn(Json) -> I,
    ) -> Result<Json, Exn<'a, Json>> {
        let step = Json::from(range.start.cloned()..range.end.cloned());
        self.map_index(&step, opt, f)
    }

    fn as_bool(&self) -> bool {
        !matches!(self.0, Val::Null | Val::Bool(false))
    }

    /// The text of `tostring`; of what no document can hold, jaq's.
    fn into_string(self) -> Json {
        match self.0 {
            Val::BStr(text) | Val::TStr(text) => Json(Val::TStr(text)),
            other => Json(value::text(&other).map_or_else(|_| other.into_string(), Val::utf8_str)),
        }
    }
}

impl jaq_std::ValT for Json {
    fn into_seq<S: FromIterator<Json>>(self) -> Result<S, Json> {
        match self.0 {
            Val::Arr(items) => Ok(owned(items).into_iter().map(Json).collect()),
            other => Err(Json(other)),
        }
    }

    fn is_int(&self) -> bool {
        matches!(self.0, Val::Num(Num::Int(_) | Num::BigInt(_)))
    }

    fn as_isize(&self) -> Option<isize> {
        jaq_std::ValT::as_isize(&self.0)
    }

    fn as_f64(&self) -> Option<f64> {
        jaq_std::ValT::as_f64(&self.0)
    }

    fn is_utf8_str(&self) -> bool {
        matches!(self.0, Val::TStr(_))
    }

    fn as_bytes(&self) -> Option<&[u8]> {
        jaq_std::ValT::as_bytes(&self.0)
    }

    fn as_sub_str(&self, sub: &[u8]) -> Json {
        Json(jaq_std::ValT::as_sub_str(&self.0, sub))
    }

    fn from_utf8_bytes(text: impl AsRef<[u8]> + Send + 'static) -> Json {
        Json(<Val as jaq_std::ValT>::from_utf8_bytes(text))
    }
}
