//! Which of the names of a snapshot an expression means: names, patterns with `*`, and `-name` for what is left out of
//! those before it.

use std::collections::BTreeSet;

use es_core::server::wildcard::matches;

use crate::error::Error;

/// What was picked, and the names that a pattern would have picked but for their dot: systems keep their own things
/// under such names, and restoring those is to be asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Picks {
    pub(crate) names: BTreeSet<String>,
    pub(crate) passed_over: BTreeSet<String>,
}

/// What `expressions` mean among `names`. A plain name that is not there is an error unless `lenient`.
pub(crate) fn pick<'a>(
    expressions: &[String],
    names: impl Iterator<Item = &'a str> + Clone,
    lenient: bool,
) -> Result<Picks, Error> {
    let mut picks = Picks::default();
    for expression in expressions {
        if let Some(out) = expression.strip_prefix('-').filter(|_| !picks.names.is_empty()) {
            picks.names.retain(|name| !matches(out, name));
            picks.passed_over.retain(|name| !matches(out, name));
            continue;
        }
        let pattern = if expression == "_all" { "*" } else { expression };
        let found: BTreeSet<_> =
            names.clone().filter(|name| matches(pattern, name)).map(str::to_owned).collect();
        if found.is_empty() && !lenient {
            return Err(Error::failed(format!("the snapshot has no index {expression}")));
        }
        let is_plain =
            |name: &String| pattern.starts_with('.') || !name.starts_with('.') || !pattern.contains('*');
        let (plain, dotted): (Vec<_>, Vec<_>) = found.into_iter().partition(is_plain);
        picks.names.extend(plain);
        picks.passed_over.extend(dotted);
    }
    picks.passed_over.retain(|name| !picks.names.contains(name));
    Ok(picks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_pick_from_what_there_is() {
        let names = ["a-1", "a-2", "b", ".sys"];
        let pick = |expressions: &[&str]| {
            let expressions: Vec<_> = expressions.iter().map(|&e| e.to_owned()).collect();
            pick(&expressions, names.iter().copied(), false).map(|p| {
                (p.names.into_iter().collect::<Vec<_>>(), p.passed_over.into_iter().collect::<Vec<_>>())
            })
        };
        let owned = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>();
        for (expressions, picked, passed_over) in [
            (&["*"][..], &["a-1", "a-2", "b"][..], &[".sys"][..]),
            (&["_all", ".sys"], &[".sys", "a-1", "a-2", "b"], &[]),
            (&["a-*", "-a-2"], &["a-1"], &[]),
            (&[".*"], &[".sys"], &[]),
            (&["*s*"], &[], &[".sys"]),
        ] {
            let found = pick(expressions).unwrap();
            assert_eq!(found, (owned(picked), owned(passed_over)), "{expressions:?}");
        }
        assert!(pick(&["c"]).is_err() && pick(&["c*"]).is_err() && pick(&["-a-1"]).is_err());
    }
}
