//! New names for what is restored, computed as the server will: `replaceAll` of Java's regular expressions, which give
//! every match its replacement, an empty one at the end too.
//!
//! The expressions of the library here are Java's in most that people write. Where they are not, or the same text
//! means something else, the pattern is refused: a preview that is wrong is worse than none.

use regex_lite::{Captures, Regex};

#[derive(Debug)]
pub(crate) struct Rename {
    /// As the server gets them.
    pub(crate) pattern: String,
    pub(crate) replacement: String,
    regex: Regex,
    pieces: Vec<Piece>,
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Group(usize),
    Named(String),
}

impl Rename {
    /// # Errors
    /// What is wrong with them, for a message.
    pub(crate) fn new(pattern: &str, replacement: &str) -> Result<Rename, String> {
        if let Some(part) = means_something_else(pattern) {
            return Err(format!(
                "the pattern `{pattern}` holds `{part}`, which Java reads in its own way, so that the names cannot be \
                 told before"
            ));
        }
        let regex =
            Regex::new(pattern).map_err(|e| format!("the pattern `{pattern}` cannot be read: {e}"))?;
        let pieces = pieces(replacement, &regex)?;
        Ok(Rename { pattern: pattern.into(), replacement: replacement.into(), regex, pieces })
    }

    /// Whatever there is gets this name.
    pub(crate) fn to_one(name: &str) -> Result<Rename, String> {
        Rename::new("(?s).+", &quoted(name))
    }

    /// The prefix before each name.
    pub(crate) fn prefix(prefix: &str) -> Result<Rename, String> {
        Rename::new("(.+)", &format!("{}$1", quoted(prefix)))
    }

    /// Groups that the replacement does not use: the shell takes `$1` out of double quotes.
    pub(crate) fn forgets_its_groups(&self) -> bool {
        let used = self.pieces.iter().any(|piece| !matches!(piece, Piece::Text(_)));
        self.regex.captures_len() > 1 && !used
    }

    /// The new name, and how many matches it was made from.
    pub(crate) fn apply(&self, name: &str) -> (String, usize) {
        let (mut out, mut kept, mut at, mut matches) = (String::new(), 0, 0, 0);
        while at <= name.len()
            && let Some(found) = self.regex.captures_at(name, at)
            && let Some(all) = found.get(0)
        {
            matches += 1;
            out.push_str(&name[kept..all.start()]);
            self.expand(&found, &mut out);
            kept = all.end();
            // After an empty match the next begins a character later; after another it may be empty at its very end.
            let step = name[kept..].chars().next().map_or(1, char::len_utf8);
            at = if all.is_empty() { kept + step } else { kept };
        }
        out.push_str(&name[kept..]);
        (out, matches)
    }

    fn expand(&self, found: &Captures<'_>, out: &mut String) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Group(n) => out.push_str(found.get(*n).map_or("", |group| group.as_str())),
                Piece::Named(name) => out.push_str(found.name(name).map_or("", |group| group.as_str())),
            }
        }
    }
}

/// So that Java takes it as it is.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$")
}

/// What is legal here and in Java, and not the same.
fn means_something_else(pattern: &str) -> Option<&str> {
    let bytes = pattern.as_bytes();
    let mut in_class = false;
    let mut at = 0;
    while at < bytes.len() {
        let part = |len: usize| pattern.get(at..at + len).or(pattern.get(at..));
        match bytes[at] {
            b'\\' => at += 1,
            b'[' if in_class => return part(1),
            b'&' if in_class && bytes.get(at + 1) == Some(&b'&') => return part(2),
            b'[' => {
                in_class = true;
                // A bracket that closes nothing yet stands for itself.
                at += usize::from(bytes.get(at + 1) == Some(&b'^'));
                at += usize::from(bytes.get(at + 1) == Some(&b']'));
            }
            b']' => in_class = false,
            b'+' | b'*' | b'?' | b'}' if !in_class && bytes.get(at + 1) == Some(&b'+') => return part(2),
            b'(' if bytes.get(at + 1) == Some(&b'?') => match bytes.get(at + 2) {
                Some(b':' | b'<') => {}
                Some(b'i' | b's' | b'm') if matches!(bytes.get(at + 3), Some(b')' | b':')) => {}
                _ => return part(3),
            },
            _ => {}
        }
        at += 1;
    }
    None
}

/// `$1`, `${name}`, and what a backslash makes plain. Of digits as many count as name a group that there is.
fn pieces(replacement: &str, regex: &Regex) -> Result<Vec<Piece>, String> {
    let groups = regex.captures_len() - 1;
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = replacement.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                let plain = rest.next();
                text.push(
                    plain.ok_or_else(|| format!("the replacement `{replacement}` ends in a backslash"))?,
                );
            }
            '$' => {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                if rest.next_if_eq(&'{').is_some() {
                    let mut name = String::new();
                    while let Some(c) = rest.next_if(|c| *c != '}') {
                        name.push(c);
                    }
                    if rest.next().is_none() || !regex.capture_names().flatten().any(|known| known == name) {
                        return Err(format!(
                            "the pattern has no group `{name}`, which `{replacement}` names"
                        ));
                    }
                    pieces.push(Piece::Named(name));
                    continue;
                }
                let digit = |c: char| c.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
                let Some(mut group) = rest.next().and_then(digit) else {
                    return Err(format!(
                        "`$` in the replacement `{replacement}` is followed by no group; \\$ is a plain one"
                    ));
                };
                if group > groups {
                    return Err(format!("the pattern has no group {group}, which `{replacement}` names"));
                }
                while let Some(longer) = rest.peek().and_then(|c| digit(*c)).map(|digit| group * 10 + digit)
                    && longer <= groups
                {
                    group = longer;
                    rest.next();
                }
                pieces.push(Piece::Group(group));
            }
            c => text.push(c),
        }
    }
    pieces.push(Piece::Text(text));
    pieces.retain(|piece| *piece != Piece::Text(String::new()));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_what_java_makes_of_them() {
        for (pattern, replacement, name, new, matches) in [
            ("(.+)", "old-$1", "logs", "old-logs", 1),
            ("(.*)", "old-$1", "logs", "old-logsold-", 2),
            ("logs-(\\d+)", "archive-$1", "logs-2016", "archive-2016", 1),
            ("logs-(\\d+)", "archive-$1", "other", "other", 0),
            ("(?<a>[^-]+)-(?<b>.+)", "${b}-${a}", "x-y", "y-x", 1),
            ("o", "0", "foo", "f00", 2),
            ("x*", "-", "ab", "-a-b-", 3),
            ("(a)", "$12", "a", "a2", 1),
            ("(a)(x)?", "$1$2!", "a", "a!", 1),
            ("^", "pre-", "a", "pre-a", 1),
            ("$", "-post", "a", "a-post", 1),
            ("a", "\\$1", "a", "$1", 1),
            ("(?i)A", "b", "a", "b", 1),
            ("ä", "b", "ää", "bb", 2),
            ("", "-", "ä", "-ä-", 2),
        ] {
            let rename = Rename::new(pattern, replacement).unwrap();
            assert_eq!(rename.apply(name), (new.to_owned(), matches), "{pattern} {replacement} {name}");
        }
        assert_eq!(Rename::to_one("a$1\\b").unwrap().apply("x-y").0, "a$1\\b");
        assert_eq!(Rename::prefix("es-").unwrap().apply(".ds-x").0, "es-.ds-x");
    }

    #[test]
    fn what_java_reads_otherwise_is_refused() {
        for pattern in [
            "a++", "a*+", "a?+", "a{2}+", "[a&&b]", "[a[b]]", "(?=a)", "(?!a)", "(?>a)", "(?U)a", "(?x)a",
            "\\1", "\\Qa\\E", "(", "[]a[]",
        ] {
            assert!(Rename::new(pattern, "").is_err(), "{pattern}");
        }
        for pattern in ["a+?", "\\++", "[+*]+", "[]a]+", "[^]a]", "\\[a&&b\\]", "(?:a)+", "(?s:.)"] {
            assert!(Rename::new(pattern, "").is_ok(), "{pattern}");
        }
        for (pattern, replacement) in [
            ("a", "$1"),
            ("(a)", "$2"),
            ("a", "$x"),
            ("a", "$"),
            ("a", "\\"),
            ("a", "${n}"),
            ("(?<n>a)", "${n"),
        ] {
            assert!(Rename::new(pattern, replacement).is_err(), "{replacement}");
        }
    }

    #[test]
    fn a_replacement_that_the_shell_has_emptied_is_noticed() {
        let forgets = |pattern, replacement| Rename::new(pattern, replacement).unwrap().forgets_its_groups();
        assert!(forgets("(.+)", "old-"));
        assert!(!forgets("(.+)", "old-$1"));
        assert!(!forgets("^", "old-"));
        assert!(!forgets("(?:a|b)", "old"));
    }
}
