//! What the prelude needs beyond the language: setting and deleting at a path, and `rename`, all with jq's meaning.
//! Unlike jaq's own, they make what is missing on the way and keep the order of the other keys.

use es_core::server::wildcard;
use jaq_core::box_iter::box_once;
use jaq_core::native::{Fun, bome, run, v};
use jaq_core::{DataT, ValT, path};
use jaq_json::{Error, Num, Rc, Val, ValR};

use crate::edit::OnClash;
use crate::fault::Fault;

/// The native functions; which `rename` is there depends on what to do about clashes.
pub(crate) fn functions<D>(on_clash: OnClash) -> impl Iterator<Item = Fun<D>>
where
    D: for<'a> DataT<V<'a> = Val>,
{
    let rename: Fun<D> = match on_clash {
        OnClash::Error => run(("__rename", v(2), |mut cv| {
            let to = cv.0.pop_var();
            bome(rename(cv.1, &cv.0.pop_var(), &to, OnClash::Error))
        })),
        OnClash::Replace => run(("__rename", v(2), |mut cv| {
            let to = cv.0.pop_var();
            bome(rename(cv.1, &cv.0.pop_var(), &to, OnClash::Replace))
        })),
        OnClash::Skip => run(("__rename", v(2), |mut cv| {
            let to = cv.0.pop_var();
            bome(rename(cv.1, &cv.0.pop_var(), &to, OnClash::Skip))
        })),
    };
    let set: Fun<D> = run(("__setpath", v(2), |mut cv| {
        let new = cv.0.pop_var();
        let path = cv.0.pop_var();
        bome(steps(&path).and_then(|path| set(cv.1, path, new)))
    }));
    let delete: Fun<D> = run(("__delpaths", v(1), |mut cv| {
        let paths = cv.0.pop_var();
        bome(delete_all(cv.1, &paths))
    }));
    let is_there: Fun<D> = run(("__is_there", v(1), |mut cv| {
        let paths = cv.0.pop_var();
        bome(is_there(&cv.1, &paths).map(Val::Bool))
    }));
    let matches: Fun<D> = run(("__matches", v(1), |mut cv| {
        let pattern = cv.0.pop_var();
        bome(matches(&cv.1, &pattern).map(Val::Bool))
    }));
    [rename, is_there, set, delete, matches].into_iter()
}

fn steps(path: &Val) -> Result<&[Val], Error> {
    match path {
        Val::Arr(steps) => Ok(steps),
        _ => Err(Error::str("a path must be an array")),
    }
}

fn kind(value: &Val) -> &'static str {
    match value {
        Val::Null => "null",
        Val::Bool(_) => "boolean",
        Val::Num(_) => "number",
        Val::BStr(_) | Val::TStr(_) => "string",
        Val::Arr(_) => "array",
        Val::Obj(_) => "object",
    }
}

fn cannot_index(value: &Val, step: &Val) -> Error {
    Error::str(format_args!("cannot index {} with {step}", kind(value)))
}

fn integer(step: &Val) -> Option<isize> {
    match step {
        Val::Num(number) => number.as_isize(),
        _ => None,
    }
}

/// `value` with `new` at `path`.
fn set(value: Val, path: &[Val], new: Val) -> ValR {
    let Some((step, rest)) = path.split_first() else { return Ok(new) };
    match (value, step) {
        (Val::Null, Val::TStr(_)) => {
            let inner = set(Val::Null, rest, new)?;
            Ok(Val::obj([(step.clone(), inner)].into_iter().collect()))
        }
        (Val::Null, Val::Num(_) | Val::Obj(_)) => set(Val::Arr(Rc::default()), path, new),
        (Val::Obj(mut object), Val::TStr(_)) => {
            let fields = Rc::make_mut(&mut object);
            match fields.get_mut(step) {
                Some(field) => *field = set(std::mem::take(field), rest, new)?,
                None => {
                    fields.insert(step.clone(), set(Val::Null, rest, new)?);
                }
            }
            Ok(Val::Obj(object))
        }
        (Val::Arr(mut array), Val::Num(Num::Int(_) | Num::BigInt(_))) => {
            let at = integer(step).ok_or_else(|| Error::str("array index too large"))?;
            let items = Rc::make_mut(&mut array);
            let at = if at < 0 { items.len().checked_add_signed(at) } else { usize::try_from(at).ok() };
            let at = at.ok_or_else(|| Error::str("out of bounds negative array index"))?;
            // As jq, which fills with nulls, but refuses to fill memory.
            if at >= 1 << 29 {
                return Err(Error::str("array index too large"));
            }
            if items.len() <= at {
                items.resize(at + 1, Val::Null);
            }
            items[at] = set(std::mem::take(&mut items[at]), rest, new)?;
            Ok(Val::Arr(array))
        }
        (array @ Val::Arr(_), Val::Obj(_)) => {
            let replaced = array.map_index(step, path::Opt::Essential, |slice| {
                box_once(set(slice, rest, new.clone()).map_err(jaq_core::Exn::from))
            });
            replaced.map_err(|e| e.get_err().unwrap_or_else(|_| Error::str("no value")))
        }
        (value, step) => Err(cannot_index(&value, step)),
    }
}

/// `value` without what lies at the paths; later ones first, so that indexes hold.
fn delete_all(value: Val, paths: &Val) -> ValR {
    let mut paths = steps(paths)?.to_vec();
    paths.sort();
    paths.dedup();
    paths.iter().rev().try_fold(value, |value, path| delete(value, steps(path)?))
}

fn delete(value: Val, path: &[Val]) -> ValR {
    let Some((step, rest)) = path.split_first() else { return Ok(Val::Null) };
    match (value, step) {
        (Val::Null, _) => Ok(Val::Null),
        (Val::Obj(mut object), Val::TStr(_)) => {
            if object.contains_key(step) {
                let fields = Rc::make_mut(&mut object);
                if rest.is_empty() {
                    fields.shift_remove(step);
                } else if let Some(field) = fields.get_mut(step) {
                    *field = delete(std::mem::take(field), rest)?;
                }
            }
            Ok(Val::Obj(object))
        }
        (Val::Arr(mut array), Val::Num(_)) => {
            let at = integer(step).ok_or_else(|| cannot_index(&Val::Arr(array.clone()), step))?;
            let at = if at < 0 { array.len().checked_add_signed(at) } else { usize::try_from(at).ok() };
            if let Some(at) = at.filter(|at| *at < array.len()) {
                let items = Rc::make_mut(&mut array);
                if rest.is_empty() {
                    items.remove(at);
                } else {
                    items[at] = delete(std::mem::take(&mut items[at]), rest)?;
                }
            }
            Ok(Val::Arr(array))
        }
        (array @ Val::Arr(_), Val::Obj(_)) => {
            let cut = array.map_index(step, path::Opt::Essential, |slice| {
                let kept = if rest.is_empty() { Ok(Val::Arr(Rc::default())) } else { delete(slice, rest) };
                box_once(kept.map_err(jaq_core::Exn::from))
            });
            cut.map_err(|e| e.get_err().unwrap_or_else(|_| Error::str("no value")))
        }
        (value, step) => {
            Err(Error::str(format_args!("cannot delete field at {} index of {}", kind(step), kind(&value))))
        }
    }
}

/// The value at a path if it is there.
fn get<'v>(value: &'v Val, path: &[Val]) -> Option<&'v Val> {
    path.iter().try_fold(value, |value, step| match value {
        Val::Obj(object) => object.get(step),
        Val::Arr(array) => array.get(usize::try_from(integer(step)?).ok()?),
        _ => None,
    })
}

/// Whether one of the paths leads to something.
fn is_there(value: &Val, paths: &Val) -> Result<bool, Error> {
    for path in steps(paths)? {
        if get(value, steps(path)?).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a name is what a pattern of names says.
fn matches(name: &Val, pattern: &Val) -> Result<bool, Error> {
    match (name, pattern) {
        (Val::TStr(name), Val::TStr(pattern)) => {
            let text = |bytes| std::str::from_utf8(bytes).ok();
            Ok(text(pattern).zip(text(name)).is_some_and(|(p, n)| wildcard::matches(p, n)))
        }
        _ => Err(Error::str("a pattern of names must be a string")),
    }
}

/// The meaning of `rename` in the full language; `from` and `to` are the paths that its arguments gave.
fn rename(value: Val, from: &Val, to: &Val, on_clash: OnClash) -> ValR {
    let ([from], [to]) = (steps(from)?, steps(to)?) else {
        return Err(Error::str("rename takes one path to another"));
    };
    let (from_steps, to_steps) = (steps(from)?, steps(to)?);
    let Some(moved) = get(&value, from_steps).cloned() else { return Ok(value) };
    if from == to {
        return Ok(value);
    }
    if !to_steps.starts_with(from_steps) && get(&value, to_steps).is_some() {
        match on_clash {
            OnClash::Error => {
                let (from, to) = (typed(from_steps), typed(to_steps));
                return Err(Error::str(Fault::Clash { from, to }));
            }
            OnClash::Skip => return Ok(value),
            OnClash::Replace => {}
        }
    }
    set(delete(value, from_steps)?, to_steps, moved)
}

fn typed(path: &[Val]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Val::TStr(name) => {
                text.push_str(&crate::program::terms::typed(
                    [String::from_utf8_lossy(name).as_ref()].into_iter(),
                ));
            }
            other => text.push_str(&format!("[{other}]")),
        }
    }
    text
}
