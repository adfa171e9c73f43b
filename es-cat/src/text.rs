//! A report as text, from servers that have no JSON for it. Columns are found by where their names stand, never by
//! spaces alone: names of nodes hold spaces, and what is missing is blank.

use es_core::cli::rows::fields::Fields;
use es_core::cli::rows::row::Row;

/// A table, its columns known.
pub(crate) struct Text<'a> {
    lines: Vec<&'a str>,
    /// Each column's name, and where it begins and ends, in characters.
    columns: Vec<(&'a str, usize, usize)>,
}

impl<'a> Text<'a> {
    /// The first line has the names.
    pub(crate) fn parse(text: &'a str) -> Option<Text<'a>> {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let header = lines.next()?;
        let lines: Vec<_> = lines.collect();
        // Where every line is blank, a column may end.
        let width = lines.iter().chain([&header]).map(|line| line.chars().count()).max()?;
        let mut blank = vec![true; width + 1];
        for line in lines.iter().chain([&header]) {
            line.chars().enumerate().filter(|(_, c)| *c != ' ').for_each(|(at, _)| blank[at] = false);
        }
        let names = words(header);
        let mut columns: Vec<(&str, usize, usize)> = Vec::new();
        for (i, (name, start)) in names.iter().enumerate() {
            let from = columns.last().map_or(0, |(_, _, end)| *end);
            let to = match names.get(i + 1) {
                None => width,
                // Numbers are aligned to the right and begin before their name: the last blank place before the next
                // name is just before the widest of its values.
                Some((_, next)) => {
                    let gap = start + name.chars().count()..*next;
                    gap.rev().find(|at| blank[*at])? + 1
                }
            };
            columns.push((name, from, to));
        }
        Some(Text { lines, columns })
    }

    pub(crate) fn has(&self, fields: &Fields) -> Vec<bool> {
        let mut has = vec![false; fields.all().len()];
        for place in self.columns.iter().flat_map(|(name, _, _)| fields.places(name)) {
            has[*place] = true;
        }
        has
    }

    pub(crate) fn rows<'b>(&'b self, fields: &'b Fields) -> impl Iterator<Item = Row> + 'b {
        self.lines.iter().map(|line| {
            let mut row = Row::new(fields.all().len());
            for (name, from, to) in &self.columns {
                let cell: String = line.chars().skip(*from).take(to - from).collect();
                for place in fields.places(name) {
                    row.take(*place, &fields.all()[*place], cell.trim());
                }
            }
            row
        })
    }
}

/// The words of a line with the characters that they begin at.
fn words(line: &str) -> Vec<(&str, usize)> {
    let mut words = Vec::new();
    let mut chars = line.char_indices().enumerate().peekable();
    while let Some((at, (from, c))) = chars.next() {
        if c == ' ' {
            continue;
        }
        let mut to = from + c.len_utf8();
        while let Some((_, (next, c))) = chars.next_if(|(_, (_, c))| *c != ' ') {
            to = next + c.len_utf8();
        }
        words.push((&line[from..to], at));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use es_core::cli::rows::column::shown;
    use es_core::cli::rows::kind::Kind;

    #[test]
    fn columns_are_where_their_names_are() {
        let fields = Fields::new(vec![
            shown("index", Kind::Text, "x"),
            shown("docs", Kind::Int, "x"),
            shown("store", Kind::Bytes, "x"),
            shown("node", Kind::Text, "x"),
            shown("new", Kind::Text, "x"),
        ]);
        let text = "index          docs   store node     \n\
                    logs              7     130 node one \n\
                    журнал-2016 1234567 9999999 n        \n\
                    closed                               \n";
        let text = Text::parse(text).unwrap();
        assert_eq!(text.has(&fields), [true, true, true, true, false]);
        let rows: Vec<Vec<_>> =
            text.rows(&fields).map(|row| (0..5).map(|i| row.get(i).map(str::to_owned)).collect()).collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            rows,
            [
                [some("logs"), some("7"), some("130"), some("node one"), None],
                [some("журнал-2016"), some("1234567"), some("9999999"), some("n"), None],
                [some("closed"), None, None, None, None],
            ]
        );
        assert!(Text::parse("").is_none());
        assert_eq!(Text::parse("index docs\n").unwrap().rows(&fields).count(), 0);
    }
}
