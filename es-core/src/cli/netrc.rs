//! `~/.netrc`, as ftp and curl read it: words, not lines.

use crate::http::Secret;

/// The login for `host`: that of its own `machine`, else of `default`.
pub(super) fn lookup(text: &str, host: &str) -> Option<(String, Secret)> {
    let mut entries = entries(text);
    let place = entries.iter().position(|e| e.machine.as_deref() == Some(host));
    let place = place.or_else(|| entries.iter().position(|e| e.machine.is_none()))?;
    let entry = entries.swap_remove(place);
    Some((entry.login?, Secret::new(entry.password.unwrap_or_default())))
}

struct Entry {
    /// None for `default`.
    machine: Option<String>,
    login: Option<String>,
    password: Option<String>,
}

fn entries(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut words = words(text).into_iter();
    while let Some(word) = words.next() {
        match (word.as_str(), entries.last_mut()) {
            ("machine", _) => entries.push(Entry { machine: words.next(), login: None, password: None }),
            ("default", _) => entries.push(Entry { machine: None, login: None, password: None }),
            ("login", Some(entry)) => entry.login = words.next(),
            ("password", Some(entry)) => entry.password = words.next(),
            ("account", Some(_)) => _ = words.next(),
            _ => {}
        }
    }
    entries
}

/// Without comments and without macros, which end at an empty line. Quotes hold what has spaces in it.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut in_macro = false;
    for line in text.lines() {
        in_macro = (in_macro && !line.trim().is_empty()) || line.trim_start().starts_with("macdef");
        if in_macro || line.trim_start().starts_with('#') {
            continue;
        }
        let mut rest = line.trim_start();
        while !rest.is_empty() {
            let (word, after) = match rest.strip_prefix('"') {
                Some(quoted) => unquote(quoted),
                None => {
                    let (word, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
                    (word.to_owned(), after)
                }
            };
            words.push(word);
            rest = after.trim_start();
        }
    }
    words
}

fn unquote(text: &str) -> (String, &str) {
    let mut word = String::new();
    let mut chars = text.char_indices();
    while let Some((i, c)) = chars.next() {
        match c {
            '"' => return (word, &text[i + 1..]),
            '\\' => word.extend(chars.next().map(|(_, c)| c)),
            c => word.push(c),
        }
    }
    (word, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_of_a_machine_or_the_default() {
        let text = "# mine\nmachine a login u1 password p1\nmachine b\n  login u2\n  password \"p \\\"2\"\n\
                    macdef init\n machine c login evil\n\nmachine c account x login u3\n default login d password e\n";
        let table = [
            ("a", Some(("u1", "p1"))),
            ("b", Some(("u2", "p \"2"))),
            ("c", Some(("u3", ""))),
            ("z", Some(("d", "e"))),
        ];
        for (host, login) in table {
            let found = lookup(text, host);
            assert_eq!(found.as_ref().map(|(u, p)| (u.as_str(), p.expose())), login, "{host}");
        }
        assert_eq!(lookup("machine a login u password p", "b"), None);
        assert_eq!(lookup("", "b"), None);
    }
}
