//! Cells of tab-separated rows, as all tools write them: a tab ends a value and a line feed ends a row, and nothing else
//! does.

/// Appends a cell with its tabs, line breaks and backslashes escaped.
pub fn escape(cell: &[u8], out: &mut Vec<u8>) {
    for byte in cell {
        match byte {
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\\' => out.extend_from_slice(b"\\\\"),
            byte => out.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tsv_has_one_line_a_row_whatever_the_values() {
        let mut out = Vec::new();
        escape(b"a\tb\nc\\d\re", &mut out);
        assert_eq!(out, b"a\\tb\\nc\\\\d\\re");
    }
}
