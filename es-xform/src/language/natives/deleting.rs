//! Deleting what lies at paths, with jq's meaning: all of them mean the value as it was.

use jaq_json::{Rc, Val};

use super::paths::{Slice, index, steps};
use crate::language::complaint::{cannot_index, kind};
use crate::language::json::Error;

/// Deletes what lies at the paths.
pub(crate) fn delete_all(value: &mut Val, paths: &Val) -> Result<(), Error> {
    let Val::Arr(paths) = paths else { return Err(Error::str("Paths must be specified as an array")) };
    let mut sorted = paths.iter().map(steps).collect::<Result<Vec<_>, _>>()?;
    sorted.sort();
    delete(value, &sorted)
}

/// The same of sorted paths.
pub(crate) fn delete(place: &mut Val, mut paths: &[&[Val]]) -> Result<(), Error> {
    if paths.first().is_some_and(|path| path.is_empty()) {
        *place = Val::Null;
        return Ok(());
    }
    let mut here = Vec::new();
    while let Some((path, _)) = paths.split_first() {
        let step = &path[0];
        let same = paths.iter().take_while(|path| path[0] == *step).count();
        let (group, rest) = paths.split_at(same);
        match path.len() {
            // With the whole, its parts go too.
            1 => here.push(step),
            _ => {
                let deeper: Vec<&[Val]> = group.iter().map(|path| &path[1..]).collect();
                delete_within(place, step, &deeper)?;
            }
        }
        paths = rest;
    }
    delete_steps(place, &here)
}

fn delete_within(place: &mut Val, step: &Val, deeper: &[&[Val]]) -> Result<(), Error> {
    match (&mut *place, step) {
        (Val::Obj(fields), Val::TStr(_)) => match fields.get(step) {
            Some(_) => match Rc::make_mut(fields).get_mut(step) {
                Some(field) => delete(field, deeper),
                None => Ok(()),
            },
            None => Ok(()),
        },
        (Val::Arr(items), Val::Num(number)) => match index(number, items.len()) {
            Some(Ok(at)) if at < items.len() => delete(&mut Rc::make_mut(items)[at], deeper),
            _ => Ok(()),
        },
        (Val::Arr(items), Val::Obj(_)) => {
            let range = Slice::of(step).within(items.len())?;
            let mut inner: Val = items[range.clone()].iter().cloned().collect();
            delete(&mut inner, deeper)?;
            if let Val::Arr(inner) = inner {
                Rc::make_mut(items).splice(range, inner.iter().cloned());
            }
            Ok(())
        }
        (Val::Null, _) => Ok(()),
        (place, step) => Err(cannot_index(place, step)),
    }
}

fn delete_steps(place: &mut Val, gone: &[&Val]) -> Result<(), Error> {
    match place {
        _ if gone.is_empty() => {}
        Val::Null => {}
        Val::Obj(fields) => {
            for step in gone {
                match step {
                    Val::TStr(_) if fields.contains_key(*step) => {
                        Rc::make_mut(fields).shift_remove(*step);
                    }
                    Val::TStr(_) => {}
                    step => {
                        return Err(Error::str(format_args!("Cannot delete {} field of object", kind(step))));
                    }
                }
            }
        }
        Val::Arr(items) => {
            let mut goes = vec![false; items.len()];
            for step in gone {
                match step {
                    Val::Num(number) => {
                        if let Some(Ok(at)) = index(number, items.len())
                            && at < items.len()
                        {
                            goes[at] = true;
                        }
                    }
                    Val::Obj(_) => goes[Slice::of(step).within(items.len())?].fill(true),
                    step => {
                        let words = format!("Cannot delete {} element of array", kind(step));
                        return Err(Error::str(words));
                    }
                }
            }
            let mut goes = goes.into_iter();
            Rc::make_mut(items).retain(|_| !goes.next().unwrap_or(false));
        }
        other => return Err(Error::str(format_args!("Cannot delete fields from {}", kind(other)))),
    }
    Ok(())
}
