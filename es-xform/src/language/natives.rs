//! The native functions of the full language: what the prelude needs beyond jq itself, and the builtins in which jq
//! and jaq differ. The prelude gives them their names.

use jaq_core::box_iter::box_once;
use jaq_core::native::{Fun, bome, run, v};
use jaq_core::{Bind, Cv, Exn, RunPtr, ValXs};
use jaq_json::{Rc, Val};

use super::json::{Answer, Error, Json};
use crate::edit::OnClash;

pub(crate) mod deleting;
mod formats;
pub(crate) mod lookup;
mod matches;
pub(crate) mod paths;
mod renaming;
mod strings;
mod values;

use lookup::Data;

type Run = RunPtr<Data>;

/// A function of its input and of so many values.
macro_rules! of {
    ($name:expr, |$value:ident| $answer:expr) => {
        ($name, 0, |cv| {
            let $value = cv.1.0;
            bome($answer)
        })
    };
    ($name:expr, |$value:ident, $a:ident| $answer:expr) => {
        ($name, 1, |mut cv| {
            let $a = cv.0.pop_var().0;
            let $value = cv.1.0;
            bome($answer)
        })
    };
    ($name:expr, |$value:ident, $a:ident, $b:ident| $answer:expr) => {
        ($name, 2, |mut cv| {
            let $b = cv.0.pop_var().0;
            let $a = cv.0.pop_var().0;
            let $value = cv.1.0;
            bome($answer)
        })
    };
}

const OF_VALUES: [(&str, usize, Run); 37] = [
    of!("length", |value| values::length(&value)),
    of!("__utf8bytelength", |value| values::utf8_length(&value)),
    of!("has", |value, key| values::has(&value, &key)),
    of!("contains", |value, part| values::contains(&value, &part)),
    of!("bsearch", |value, wanted| values::bsearch(&value, &wanted)),
    of!("__nan", |_value| Ok(Json::from(f64::NAN))),
    of!("__infinite", |_value| Ok(Json::from(f64::INFINITY))),
    of!("__isnormal", |value| Ok(Json::from(values::is_normal(&value)))),
    of!("__type", |value| Ok(values::type_name(&value))),
    of!("tojson", |value| Ok(values::json_text(value))),
    of!("fromjson", |value| strings::from_json(&value)),
    of!("__tonumber", |value| strings::number(value)),
    of!("__implode", |value| strings::implode(&value)),
    of!("__join", |value, separator| strings::join(&value, &separator)),
    of!("__split", |value, separator| strings::split(value, separator)),
    of!("indices", |value, wanted| strings::indices(&value, &wanted)),
    of!("__ltrimstr", |value, prefix| Ok(Json(strings::trimmed_left(value, &prefix)))),
    of!("__rtrimstr", |value, suffix| Ok(Json(strings::trimmed_right(value, &suffix)))),
    of!("__startswith", |value, prefix| strings::starts(&value, &prefix)),
    of!("__endswith", |value, suffix| strings::ends(&value, &suffix)),
    of!("__csv", |value| formats::csv(&value)),
    of!("__tsv", |value| formats::tsv(&value)),
    of!("__sh", |value| formats::sh(&value)),
    of!("__base64d", |value| formats::base64_decoded(&value)),
    of!("__test", |value, re, flags| matches::test(&value, &re, &flags)),
    of!("__match", |value, re, flags| matches::matches(&value, &re, &flags)),
    of!("__capture", |value, re, flags| matches::captures(&value, &re, &flags)),
    of!("__scan", |value, re, flags| matches::scan(&value, &re, &flags)),
    of!("__splits", |value, re, flags| matches::splits(&value, &re, &flags)),
    of!("__setpath", |value, path, new| set(value, &path, new)),
    of!("__delpaths", |value, paths| {
        let mut value = value;
        deleting::delete_all(&mut value, &paths).map(|()| Json(value))
    }),
    of!("__is_there", |value, paths| renaming::is_there(&value, &paths)),
    of!("__rename_error", |value, from, to| renaming::rename(value, &from, &to, OnClash::Error)),
    of!("__rename_replace", |value, from, to| renaming::rename(value, &from, &to, OnClash::Replace)),
    of!("__rename_skip", |value, from, to| renaming::rename(value, &from, &to, OnClash::Skip)),
    of!("__matches", |name, pattern| strings::matches(&name, &pattern)),
    ("__range", 3, |mut cv| {
        let by = cv.0.pop_var();
        let to = cv.0.pop_var();
        let from = cv.0.pop_var();
        Box::new(values::range(from, to, by).map(|answer| answer.map_err(Exn::from)))
    }),
];

/// The native functions; which `rename` is there depends on what to do about clashes.
pub(crate) fn functions(on_clash: OnClash) -> impl Iterator<Item = Fun<Data>> {
    let chosen = match on_clash {
        OnClash::Error => "__rename_error",
        OnClash::Replace => "__rename_replace",
        OnClash::Skip => "__rename_skip",
    };
    let of_values = OF_VALUES.into_iter().filter_map(move |(name, arity, function)| match name {
        name if name == chosen => Some(("__rename", v(arity), function)),
        name if name.starts_with("__rename_") => None,
        name => Some((name, v(arity), function)),
    });
    let of_paths = || [Bind::Fun(()), Bind::Fun(())].into();
    let assign: (_, Box<[Bind]>, Run) = ("__assign", [Bind::Fun(()), Bind::Var(())].into(), assign);
    let modify: (_, Box<[Bind]>, Run) = ("__modify", of_paths(), modify);
    let pattern_function_flags = [Bind::Var(()), Bind::Fun(()), Bind::Var(())].into();
    let substitute: (_, Box<[Bind]>, Run) = ("__sub", pattern_function_flags, matches::substitute);
    of_values.chain([assign, modify, substitute]).map(run::<Data>).chain([lookup::row()])
}

fn set(mut value: Val, path: &Val, new: Val) -> Answer {
    let path = paths::steps(path)?;
    match paths::change(&mut value, path, &mut |_| Ok(Some(new.clone()))) {
        Ok(_) => Ok(Json(value)),
        Err(error) => Err(error.get_err().unwrap_or_else(|_| Error::str("no value"))),
    }
}

/// `l = $r`: every place that `l` leads to in the value as it was.
fn assign(mut cv: Cv<'_, Data>) -> ValXs<'_, Json> {
    let new = cv.0.pop_var().0;
    let (places, context) = cv.0.pop_fun();
    let mut value = cv.1.0.clone();
    for found in places.paths((context, (cv.1, Default::default()))) {
        let changed = found.and_then(|(_, path)| {
            paths::change(&mut value, &steps(path.iter()), &mut |_| Ok(Some(new.clone())))
        });
        if let Err(error) = changed {
            return box_once(Err(error));
        }
    }
    box_once(Ok(Json(value)))
}

/// `l |= f`: the first output of `f`; places for which it gives nothing go, all at the end.
fn modify(mut cv: Cv<'_, Data>) -> ValXs<'_, Json> {
    let (f, f_context) = cv.0.pop_fun();
    let (places, context) = cv.0.pop_fun();
    let mut value = cv.1.0.clone();
    let mut gone = Vec::new();
    for found in places.paths((context, (cv.1, Default::default()))) {
        let changed = found.and_then(|(_, path)| {
            let path = steps(path.iter());
            let kept = paths::change(&mut value, &path, &mut |old| {
                let new = f.run((f_context.clone(), Json(old))).next().transpose()?;
                Ok(new.map(|new| new.0))
            })?;
            if !kept {
                gone.push(Val::Arr(Rc::new(path)));
            }
            Ok(())
        });
        if let Err(error) = changed {
            return box_once(Err(error));
        }
    }
    let gone = Val::Arr(Rc::new(gone));
    bome(deleting::delete_all(&mut value, &gone).map(|()| Json(value)))
}

/// A path from its start: jaq has the last step first.
fn steps<'p>(reversed: impl Iterator<Item = &'p Json>) -> Vec<Val> {
    let mut steps: Vec<Val> = reversed.map(|step| step.0.clone()).collect();
    steps.reverse();
    steps
}
