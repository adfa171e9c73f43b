//! Regular expressions with jq's flags and jq's way through a text: offsets count characters, and after a match the
//! search goes on where it ended, also for an empty one.

use std::cell::RefCell;
use std::rc::Rc;

use fancy_regex::{Captures, Regex, RegexBuilder};

/// How many compiled patterns a thread keeps; programs have few, but may compute them.
const KEPT: usize = 32;

thread_local! {
    static COMPILED: RefCell<Vec<Rc<Pattern>>> = const { RefCell::new(Vec::new()) };
}

#[derive(Debug)]
pub(crate) struct Pattern {
    text: String,
    flags: String,
    regex: Regex,
    global: bool,
}

/// A match, or a group of one; byte offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// What each group matched.
    pub(crate) groups: Vec<Option<(usize, usize)>>,
}

impl Pattern {
    /// The compiled form of a pattern, from earlier if this thread had it.
    ///
    /// # Errors
    /// In jq's words, for flags that there are not and for what is no regular expression.
    pub(crate) fn get(text: &str, flags: &str) -> Result<Rc<Pattern>, String> {
        let known = |kept: &RefCell<Vec<Rc<Pattern>>>| {
            kept.borrow().iter().find(|known| known.text == text && known.flags == flags).cloned()
        };
        if let Some(known) = COMPILED.with(known) {
            return Ok(known);
        }
        let new = Rc::new(Pattern::compile(text, flags)?);
        COMPILED.with_borrow_mut(|kept| {
            if kept.len() == KEPT {
                kept.remove(0);
            }
            kept.push(Rc::clone(&new));
        });
        Ok(new)
    }

    fn compile(text: &str, flags: &str) -> Result<Pattern, String> {
        let mut builder = RegexBuilder::new(text);
        let mut global = false;
        for flag in flags.chars() {
            match flag {
                'g' => global = true,
                'i' => _ = builder.case_insensitive(true),
                'x' => _ = builder.ignore_whitespace(true),
                // `s` is how `^` and `$` are understood anyway.
                's' => {}
                'm' | 'p' => _ = builder.dot_matches_new_line(true),
                'n' => _ = builder.find_not_empty(true),
                'l' => _ = builder.leftmost_longest(true),
                _ => return Err(format!("{flags} is not a valid modifier string")),
            }
        }
        match builder.build() {
            Ok(regex) => Ok(Pattern { text: text.to_owned(), flags: flags.to_owned(), regex, global }),
            Err(why) => Err(format!("Regex failure: {why}")),
        }
    }

    /// The names of the groups, without the whole.
    pub(crate) fn names(&self) -> impl Iterator<Item = Option<&str>> {
        self.regex.capture_names().skip(1)
    }

    /// # Errors
    /// When it is not decided within bounds.
    pub(crate) fn is_in(&self, text: &str) -> Result<bool, String> {
        self.regex.is_match(text).map_err(|why| format!("Regex failure: {why}"))
    }

    /// The matches in `text`, all or the first one, as the flags say.
    ///
    /// # Errors
    /// When it is not decided within bounds.
    pub(crate) fn matches(&self, text: &str) -> Result<Vec<Match>, String> {
        let mut found = Vec::new();
        let mut from = 0;
        while from <= text.len() {
            let captures = self.regex.captures_from_pos(text, from);
            let Some(captures) = captures.map_err(|why| format!("Regex failure: {why}"))? else { break };
            let Some(one) = read(&captures) else { break };
            from = match one.start == one.end {
                true => next_character(text, one.end),
                false => one.end,
            };
            found.push(one);
            if !self.global {
                break;
            }
        }
        Ok(found)
    }
}

fn read(captures: &Captures<'_, str>) -> Option<Match> {
    let whole = captures.get(0)?;
    let empty = whole.start() == whole.end();
    let group = |i: usize| match captures.get(i) {
        // As jq: around nothing, every group is there and empty.
        _ if empty => Some((whole.start(), whole.start())),
        group => group.map(|group| (group.start(), group.end())),
    };
    Some(Match { start: whole.start(), end: whole.end(), groups: (1..captures.len()).map(group).collect() })
}

fn next_character(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, pattern: &str, flags: &str) -> Vec<(usize, usize)> {
        let matches = Pattern::get(pattern, flags).unwrap().matches(text).unwrap();
        matches.into_iter().map(|one| (one.start, one.end)).collect()
    }

    #[test]
    fn an_empty_match_moves_on_by_a_character() {
        assert_eq!(found("é", "", "g"), [(0, 0), (2, 2)]);
        assert_eq!(found("aab", "a*", "g"), [(0, 2), (2, 2), (3, 3)]);
        assert_eq!(found("aab", "a*", "gn"), [(0, 2)]);
        assert_eq!(found("aab", "a*", ""), [(0, 2)]);
    }

    #[test]
    fn flags_are_those_of_jq() {
        assert_eq!(found("A\nb", "a.b", "ip"), [(0, 3)]);
        assert_eq!(found("a\nb", "^b", "s"), []);
        assert_eq!(found("ab", "a b", "x"), [(0, 2)]);
        assert!(Pattern::get("a", "q").is_err());
        assert!(Pattern::get("(", "").is_err());
    }

    #[test]
    fn groups_may_be_missing() {
        let one = Pattern::get("(a)|(b)", "").unwrap().matches("b").unwrap().remove(0);
        assert_eq!(one.groups, [None, Some((0, 1))]);
    }
}
