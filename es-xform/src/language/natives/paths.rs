//! What lies at a path: reading and changing it, with jq's meaning. What is missing on the way is made, and the order of
//! the other keys stays.

use jaq_core::Exn;
use jaq_json::{Num, Rc, Val};
use jaq_std::ValT as _;

use crate::language::complaint::cannot_index;
use crate::language::json::{Error, Json};

/// The bounds of a slice; null where there is none.
#[derive(Clone, Copy)]
pub(crate) struct Slice<'v> {
    pub(crate) start: &'v Val,
    pub(crate) end: &'v Val,
}

impl<'v> Slice<'v> {
    /// The bounds in a step of a path.
    pub(crate) fn of(step: &'v Val) -> Slice<'v> {
        let bound = |name| crate::language::value::field(step, name).unwrap_or(&Val::Null);
        Slice { start: bound("start"), end: bound("end") }
    }

    /// Within so many items: a start is rounded down, an end up.
    pub(crate) fn within(self, length: usize) -> Result<std::ops::Range<usize>, Error> {
        let number = |bound: &Val, default: f64| match bound {
            Val::Null => Ok(default),
            Val::Num(_) => Ok(bound.as_f64().filter(|n| !n.is_nan()).unwrap_or(default)),
            _ => Err(Error::str("Array/string slice indices must be integers")),
        };
        let length = length as f64;
        let absolute = |n: f64| if n < 0.0 { (n + length).max(0.0) } else { n.min(length) };
        let start = absolute(number(self.start, 0.0)?).floor();
        let end = absolute(number(self.end, length)?).ceil();
        Ok(start as usize..end.max(start) as usize)
    }
}

pub(crate) fn steps(path: &Val) -> Result<&[Val], Error> {
    match path {
        Val::Arr(steps) => Ok(steps),
        _ => Err(Error::str("Path must be specified as an array")),
    }
}

/// The index of an array that a number means, counted from the end where it is negative; `Err`: before the start.
pub(crate) fn index(number: &Num, length: usize) -> Option<Result<usize, ()>> {
    let number = match number {
        Num::Int(number) => *number,
        // As jq, which cuts what is not whole, and what is too large.
        other => {
            let float = Val::Num(other.clone()).as_f64().filter(|n| !n.is_nan())?;
            float as isize
        }
    };
    Some(match number < 0 {
        true => length.checked_add_signed(number).ok_or(()),
        false => Ok(number as usize),
    })
}

/// `value[step]`.
pub(crate) fn step(value: &Val, step: &Val) -> Result<Val, Error> {
    Ok(match (value, step) {
        (Val::Obj(fields), Val::TStr(_)) => fields.get(step).cloned().unwrap_or_default(),
        (Val::Arr(items), Val::Num(number)) => {
            let at = index(number, items.len()).and_then(Result::ok);
            at.and_then(|at| items.get(at)).cloned().unwrap_or_default()
        }
        (Val::Arr(_) | Val::TStr(_), Val::Obj(_)) => slice(value, Slice::of(step))?,
        (Val::Arr(items), Val::Arr(wanted)) => {
            let found = items.windows(wanted.len().max(1)).enumerate();
            found.filter(|(_, window)| *window == &wanted[..]).map(|(at, _)| Val::from(at)).collect()
        }
        (Val::Null, Val::TStr(_) | Val::Num(_) | Val::Obj(_)) => Val::Null,
        (value, step) => return Err(cannot_index(value, step)),
    })
}

pub(crate) fn slice(value: &Val, bounds: Slice<'_>) -> Result<Val, Error> {
    match value {
        Val::Null => Ok(Val::Null),
        Val::Arr(items) => Ok(items[bounds.within(items.len())?].iter().cloned().collect()),
        Val::TStr(text) => {
            let starts: Vec<usize> = boundaries(text).collect();
            let range = bounds.within(starts.len() - 1)?;
            Ok(Val::utf8_str(text.slice(starts[range.start]..starts[range.end])))
        }
        other => Err(cannot_index(other, &Val::obj(jaq_json::Map::default()))),
    }
}

/// Where the characters of a text begin, and where the last one ends.
pub(crate) fn boundaries(text: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let starts = text.iter().enumerate().filter(|(_, byte)| **byte & 0xc0 != 0x80);
    starts.map(|(at, _)| at).chain([text.len()])
}

/// A change of the value at a path: the new value, or none where it is to go.
type Change<'f, 'a> = &'f mut dyn FnMut(Val) -> Result<Option<Val>, Exn<'a, Json>>;

/// Gives what lies at `path` another value. `false`: there is none, and everything stays as it is.
pub(crate) fn change<'a>(place: &mut Val, path: &[Val], new: Change<'_, 'a>) -> Result<bool, Exn<'a, Json>> {
    let Some((step, rest)) = path.split_first() else {
        return Ok(match new(place.clone())? {
            Some(value) => {
                *place = value;
                true
            }
            None => false,
        });
    };
    match (&mut *place, step) {
        (Val::Null, Val::TStr(_)) => {
            let mut inner = Val::Null;
            let made = change(&mut inner, rest, new)?;
            if made {
                *place = Val::obj([(step.clone(), inner)].into_iter().collect());
            }
            Ok(made)
        }
        (Val::Null, Val::Obj(_)) => {
            let mut inner = Val::Null;
            match (change(&mut inner, rest, new)?, inner) {
                (true, inner @ Val::Arr(_)) => {
                    *place = inner;
                    Ok(true)
                }
                (true, _) => Err(not_an_array().into()),
                (false, _) => Ok(false),
            }
        }
        (Val::Null, Val::Num(_)) => {
            let mut array = Val::Arr(Rc::default());
            let made = change(&mut array, path, new)?;
            if made {
                *place = array;
            }
            Ok(made)
        }
        (Val::Obj(fields), Val::TStr(_)) => match Rc::make_mut(fields).get_mut(step) {
            Some(field) => change(field, rest, new),
            None => {
                let mut inner = Val::Null;
                let made = change(&mut inner, rest, new)?;
                if made {
                    Rc::make_mut(fields).insert(step.clone(), inner);
                }
                Ok(made)
            }
        },
        (Val::Arr(items), Val::Num(number)) => {
            let at = match index(number, items.len()) {
                Some(Ok(at)) if at < items.len() => return change(&mut Rc::make_mut(items)[at], rest, new),
                other => other,
            };
            let mut inner = Val::Null;
            if !change(&mut inner, rest, new)? {
                return Ok(false);
            }
            let items = Rc::make_mut(items);
            match at {
                None => return Err(Error::str("Cannot set array element at NaN index").into()),
                Some(Err(())) => return Err(Error::str("Out of bounds negative array index").into()),
                // As jq, which fills with nulls, but refuses to fill memory.
                Some(Ok(at)) if at >= 1 << 29 => return Err(Error::str("Array index too large").into()),
                Some(Ok(at)) => {
                    items.resize(at, Val::Null);
                    items.push(inner);
                }
            }
            Ok(true)
        }
        (Val::Arr(items), Val::Obj(_)) => {
            let range = Slice::of(step).within(items.len())?;
            let mut inner: Val = items[range.clone()].iter().cloned().collect();
            if !change(&mut inner, rest, new)? {
                return Ok(false);
            }
            let Val::Arr(inner) = inner else {
                return Err(not_an_array().into());
            };
            Rc::make_mut(items).splice(range, inner.iter().cloned());
            Ok(true)
        }
        (Val::TStr(_), Val::Obj(_)) => Err(Error::str("Cannot update string slices").into()),
        (place, step) => Err(cannot_index(place, step).into()),
    }
}

fn not_an_array() -> Error {
    Error::str("A slice of an array can only be assigned another array")
}

/// The value at a path if it is there.
pub(crate) fn get<'v>(value: &'v Val, path: &[Val]) -> Option<&'v Val> {
    path.iter().try_fold(value, |value, step| match (value, step) {
        (Val::Obj(object), _) => object.get(step),
        (Val::Arr(array), Val::Num(number)) => array.get(usize::try_from(number.as_isize()?).ok()?),
        _ => None,
    })
}
