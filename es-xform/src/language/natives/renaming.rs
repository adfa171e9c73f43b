//! `rename` in the full language.

use jaq_json::Val;

use crate::edit::OnClash;
use crate::fault::Fault;
use crate::language::json::{Answer, Error, Json};
use crate::language::natives::deleting::delete;
use crate::language::natives::paths::{change, get, steps};

/// Whether one of the paths leads to something.
pub(crate) fn is_there(value: &Val, paths: &Val) -> Answer {
    for path in steps(paths)? {
        if get(value, steps(path)?).is_some() {
            return Ok(Json::from(true));
        }
    }
    Ok(Json::from(false))
}

/// `from` and `to` are the paths that the arguments gave.
pub(crate) fn rename(mut value: Val, from: &Val, to: &Val, on_clash: OnClash) -> Answer {
    let ([from], [to]) = (steps(from)?, steps(to)?) else {
        return Err(Error::str("rename takes one path to another"));
    };
    let (from_steps, to_steps) = (steps(from)?, steps(to)?);
    let Some(moved) = get(&value, from_steps).cloned() else { return Ok(Json(value)) };
    if from == to {
        return Ok(Json(value));
    }
    if !to_steps.starts_with(from_steps) && get(&value, to_steps).is_some() {
        match on_clash {
            OnClash::Error => {
                let (from, to) = (typed(from_steps), typed(to_steps));
                return Err(Error::str(Fault::Clash { from, to }));
            }
            OnClash::Skip => return Ok(Json(value)),
            OnClash::Replace => {}
        }
    }
    delete(&mut value, &[from_steps])?;
    match change(&mut value, to_steps, &mut |_| Ok(Some(moved.clone()))) {
        Ok(_) => Ok(Json(value)),
        Err(error) => Err(error.get_err().unwrap_or_else(|_| Error::str("no value"))),
    }
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
