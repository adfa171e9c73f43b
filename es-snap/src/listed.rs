//! Names and faults in a message, not too many of them.

use es_core::cli::figures::grouped;

/// What is wrong is shown up to this; the rest is counted.
pub(crate) const SHOWN: usize = 10;

pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    listed_by(", ", names)
}

pub(crate) fn listed_by<'a>(between: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    let more = names.len().saturating_sub(SHOWN);
    let mut text = names[..names.len() - more].join(between);
    if more > 0 {
        text.push_str(&format!("{between}and {} more", grouped(more as u64)));
    }
    text
}
