//! The pattern language for stderr: text is itself, `[..]` is any text within a line, a line `[...]` is any
//! number of whole lines, a line `[counts]` any number of lines that tell how often a rule of es-xform was at work.
//! Times and rates can be left open; nothing else is normalised.

/// Does the whole text match the whole pattern, line breaks included?
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<&str> = pattern.split_inclusive('\n').collect();
    let text: Vec<&str> = text.split_inclusive('\n').collect();
    lines_match(&pattern, &text)
}

fn lines_match(pattern: &[&str], text: &[&str]) -> bool {
    match (pattern, text) {
        ([], _) => text.is_empty(),
        ([first, rest @ ..], _) if first.trim_end() == "[...]" => {
            (0..=text.len()).any(|skipped| lines_match(rest, &text[skipped..]))
        }
        ([first, rest @ ..], _) if first.trim_end() == "[counts]" => {
            let counts =
                text.iter().take_while(|line| line_matches("es-xform: [..]: [..] of [..]\n", line)).count();
            (0..=counts).any(|skipped| lines_match(rest, &text[skipped..]))
        }
        (_, []) => false,
        ([first, rest @ ..], [line, lines @ ..]) => line_matches(first, line) && lines_match(rest, lines),
    }
}

fn line_matches(pattern: &str, line: &str) -> bool {
    let Some((head, rest)) = pattern.split_once("[..]") else { return pattern == line };
    let Some(line) = line.strip_prefix(head) else { return false };
    line.char_indices().map(|(i, _)| i).chain([line.len()]).any(|i| line_matches(rest, &line[i..]))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn text_is_itself_and_wildcards_stay_within_their_lines() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "noise\n", false),
            ("a\n", "a\n", true),
            ("a\n", "a", false),
            ("a\n", "a\nb\n", false),
            ("a.c\n", "abc\n", false),
            ("[..] read\n", "10 read\n", true),
            ("[..] read\n", "10 written\n", false),
            ("x [..] s ([..]/s)\n", "x 1.2 s (5 docs/s)\n", true),
            ("x [..]\n", "x one\nx two\n", false),
            ("a[..]\n", "b\n", false),
            ("[...]\nend\n", "end\n", true),
            ("[...]\nend\n", "1\n2\nend\n", true),
            ("[...]\nend\n", "1\n2\n", false),
            ("a\n[...]\n", "a\n", true),
            ("a\n[...]\n", "b\n", false),
            ("[counts]\nend\n", "end\n", true),
            ("[counts]\nend\n", "es-xform: keep if .a: 1 of 2\nend\n", true),
            ("[counts]\nend\n", "es-xform: warning\nend\n", false),
            ("é[..]ü\n", "éöü\n", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern:?} on {text:?}");
        }
    }
}
