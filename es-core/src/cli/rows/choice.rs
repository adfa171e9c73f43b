//! `-c` and `-s`: which of the columns that there are, and in which order of rows.

use super::column::Column;
use super::fields::Fields;
use super::sort::Key;
use crate::cli::Error;

/// As many names fit a message.
const NAMED: usize = 20;

/// The columns of `-c`; `+NAME` adds one to those that are there anyway.
///
/// # Errors
/// When there is no such column.
pub fn choose(choice: &[String], there: &[Column]) -> Result<Vec<Column>, Error> {
    let (added, only): (Vec<_>, Vec<_>) =
        choice.iter().map(|name| name.trim()).partition(|name| name.starts_with('+'));
    let mut chosen: Vec<Column> = Vec::new();
    if only.is_empty() {
        chosen.extend(there.iter().filter(|column| column.shown).cloned());
    }
    for name in only.into_iter().chain(added.into_iter().map(|name| &name[1..])) {
        let column = find(name, there).map_err(|why| Error::Usage(format!("-c: {why}")))?;
        if !chosen.iter().any(|other| other.name == column.name) {
            chosen.push(column.clone());
        }
    }
    Ok(chosen)
}

/// The keys of `-s`, such as `store.size:desc`; their columns are added to `fields`.
///
/// # Errors
/// When there is no such column or direction.
pub fn keys(sort: &[String], there: &[Column], fields: &mut Fields) -> Result<Vec<Key>, Error> {
    let key = |typed: &String| {
        let (name, direction) = typed.trim().split_once(':').unwrap_or((typed.trim(), "asc"));
        let descending = match direction {
            "asc" => false,
            "desc" => true,
            other => {
                return Err(Error::Usage(format!("--sort {typed}: `{other}` is neither asc nor desc")));
            }
        };
        let column = find(name, there).map_err(|why| Error::Usage(format!("--sort: {why}")))?;
        Ok(Key { place: fields.need(column), descending })
    };
    sort.iter().map(key).collect()
}

/// The column of this name.
///
/// # Errors
/// The words for it, with the column that was likely meant.
pub fn find<'a>(name: &str, there: &'a [Column]) -> Result<&'a Column, String> {
    there.iter().find(|column| column.name == name).ok_or_else(|| unknown(name, there))
}

fn unknown(name: &str, there: &[Column]) -> String {
    let likeness = |column: &&Column| {
        let part = column.name.split('.').any(|part| part == name) || name.contains(&*column.name);
        strsim::normalized_damerau_levenshtein(name, &column.name) + if part { 0.4 } else { 0.0 }
    };
    let nearest = there.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let nearest = nearest.filter(|column| likeness(column) > 0.5);
    let meant = match nearest {
        Some(column) => format!(", did you mean `{}`", column.name),
        None => {
            let names: Vec<_> = there.iter().map(|column| &*column.name).take(NAMED).collect();
            let more = if there.len() > NAMED { ", ..." } else { "" };
            format!("; there are {}{more}", names.join(", "))
        }
    };
    format!("there is no column `{name}`{meant}")
}
