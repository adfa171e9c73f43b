//! Text as roff wants it.

/// A line that is printed exactly as it is typed, so that it can be copied from the page into a shell.
pub(crate) fn typed(line: &str) -> String {
    let line = line
        .replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('\'', "\\(aq")
        .replace('`', "\\(ga")
        .replace('^', "\\(ha")
        .replace('~', "\\(ti");
    if line.is_empty() || line.starts_with('.') { format!("\\&{line}") } else { line }
}

/// Prose, of which only what would be a command is changed.
pub(crate) fn text(line: &str) -> String {
    let line = line.replace('\\', "\\e");
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
}

/// Letters beyond ASCII by their numbers, for roff reads bytes.
pub(crate) fn ascii(page: &str) -> String {
    let letter = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\[u{:04X}]", c as u32) };
    page.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_printed() {
        assert_eq!(typed(r"es-xform '.a' \"), r"es\-xform \(aq.a\(aq \e");
        assert_eq!(typed(".x"), r"\&.x");
        assert_eq!(typed(""), r"\&");
        assert_eq!(text("'tis"), r"\&'tis");
        assert_eq!(ascii("…x"), r"\[u2026]x");
    }
}
