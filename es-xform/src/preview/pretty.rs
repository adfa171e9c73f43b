//! A JSON text over several lines, for people: only the space between tokens is changed, so that numbers and escapes
//! are seen as they are.

/// The lines of a JSON text that is known to be one.
pub(crate) fn pretty(text: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = vec![Vec::new()];
    let (mut depth, mut at) = (0_usize, 0);
    let new_line = |lines: &mut Vec<Vec<u8>>, depth: usize| lines.push(vec![b' '; depth * 2]);
    while let Some(&byte) = text.get(at) {
        let line = lines.len() - 1;
        let end = match byte {
            b'"' => string_end(text, at),
            _ => at + 1,
        };
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'{' | b'[' => {
                lines[line].push(byte);
                let next = text[end..].iter().position(|b| !b.is_ascii_whitespace()).map(|next| end + next);
                if let Some(close) = next.filter(|next| matches!(text[*next], b'}' | b']')) {
                    lines[line].push(text[close]);
                    at = close + 1;
                    continue;
                }
                depth += 1;
                new_line(&mut lines, depth);
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut lines, depth);
                lines[line + 1].push(byte);
            }
            b',' => {
                lines[line].push(byte);
                new_line(&mut lines, depth);
            }
            b':' => lines[line].extend_from_slice(b": "),
            _ => lines[line].extend_from_slice(&text[at..end]),
        }
        at = end;
    }
    lines
}

/// The index after the string that starts at `at`.
fn string_end(text: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', text.get(end..).unwrap_or_default()) {
        match text[end + found] {
            b'"' => return end + found + 1,
            _ => end += found + 2,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_space_between_tokens_changes() {
        let text = br#" {"a\"{,": 1.0E5,"b" :[ ], "c":{"d":[null,{}]},"e":"x\\"} "#;
        let lines: Vec<_> =
            pretty(text).iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        let expected = [
            "{",
            r#"  "a\"{,": 1.0E5,"#,
            r#"  "b": [],"#,
            r#"  "c": {"#,
            r#"    "d": ["#,
            "      null,",
            "      {}",
            "    ]",
            "  },",
            r#"  "e": "x\\""#,
            "}",
        ];
        assert_eq!(lines, expected);
    }
}
