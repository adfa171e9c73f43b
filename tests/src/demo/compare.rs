//! Reads an index back with the second client and compares every document, byte for byte, with what it must be.

use super::{Error, data};
use crate::client::Client;

/// `wanted` makes the document of a number, or says that there must be none. Gives back how many there are.
pub(super) fn compare(
    client: &Client,
    index: &str,
    documents: u64,
    wanted: impl Fn(u64) -> Option<String>,
) -> Result<u64, Error> {
    let mut missing: Vec<bool> = (0..documents).map(|number| wanted(number).is_some()).collect();
    let (mut count, mut wrong) = (0, None);
    client.for_each(index, |hit| {
        count += 1;
        let number = data::number(hit.id.trim_matches('"'));
        let known = number.and_then(|number| usize::try_from(number).ok()).and_then(|at| missing.get_mut(at));
        let first = known.is_some_and(|missing| std::mem::replace(missing, false));
        if !first {
            wrong.get_or_insert_with(|| format!("document {} should not be there", hit.id));
        } else if number.and_then(&wanted) != hit.source {
            wrong.get_or_insert_with(|| format!("document {} is {:?}", hit.id, hit.source));
        }
    });
    if let Some(number) = missing.iter().position(|missing| *missing) {
        wrong.get_or_insert_with(|| format!("document \"{}\" is missing", data::id(number as u64)));
    }
    match wrong {
        Some(why) => Err(Error::Differs { index: index.to_owned(), why }),
        None => Ok(count),
    }
}
