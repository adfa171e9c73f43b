//! `--where` and `--wait-for`: a small language over the columns of a row.
//!
//! ```text
//! or    = and { "or" and }          and  = not { "and" not }         not = [ "not" ] ( "(" or ")" | test )
//! test  = COLUMN ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) VALUE  |  COLUMN ( "=~" | "!~" ) "REGEX"
//! VALUE = "text" | 'text' | 12 | 1.5 | 10GB | 5m | 80% | 2016-04-01 | 7d (ago)
//! ```
//!
//! A value is read as the column's type has it. A test of what is missing is false, but for `== ""`, `!=` and `!~`.

use std::cmp::Ordering;

use es_core::cli::rows::column::Column;
use es_core::cli::rows::kind::{Kind, Worth, decimal, show_time};
use es_core::cli::rows::row::Row;
use es_core::record::size::{parse_bytes, parse_time};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex_lite::Regex;

use crate::tokens::{Token, tokens};

/// Nesting beyond this is no expression that a person types.
const DEEPEST: u32 = 100;

#[derive(Debug)]
pub(crate) enum Expression {
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Not(Box<Expression>),
    Compare { place: usize, kind: Kind, sign: Sign, value: String },
    Matches { place: usize, regex: Regex },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// Finds the place and the type of a column; the error names it and what may have been meant.
pub(crate) type Find<'a> = &'a mut dyn FnMut(&str) -> Result<(usize, Column), String>;

impl Expression {
    /// # Errors
    /// With what is wrong, and where.
    pub(crate) fn parse(text: &str, find: Find<'_>, now: Timestamp) -> Result<Expression, String> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: &tokens, at: 0, deep: 0, find, now };
        let expression = parser.or()?;
        match parser.next() {
            None => Ok(expression),
            Some(token) => Err(format!("{} stands after the end of it", token.show())),
        }
    }

    pub(crate) fn holds(&self, row: &Row) -> bool {
        match self {
            Expression::And(all) => all.iter().all(|one| one.holds(row)),
            Expression::Or(all) => all.iter().any(|one| one.holds(row)),
            Expression::Not(one) => !one.holds(row),
            Expression::Matches { place, regex } => row.get(*place).is_some_and(|cell| regex.is_match(cell)),
            Expression::Compare { place, kind, sign, value } => {
                sign.holds(row.get(*place).map(|cell| compare(*kind, cell, value)), value)
            }
        }
    }
}

impl Sign {
    /// Of a cell and a value, where there is a cell.
    fn holds(self, order: Option<Option<Ordering>>, value: &str) -> bool {
        let Some(order) = order else {
            return (self == Sign::Equal) == value.is_empty() && matches!(self, Sign::Equal | Sign::Unequal);
        };
        match (self, order) {
            // Texts where there should be numbers: they are not equal, and neither is the larger.
            (Sign::Unequal, None) => true,
            (Sign::Equal | Sign::Less | Sign::AtMost | Sign::More | Sign::AtLeast, None) => false,
            (Sign::Equal, Some(order)) => order.is_eq(),
            (Sign::Unequal, Some(order)) => order.is_ne(),
            (Sign::Less, Some(order)) => order.is_lt(),
            (Sign::AtMost, Some(order)) => order.is_le(),
            (Sign::More, Some(order)) => order.is_gt(),
            (Sign::AtLeast, Some(order)) => order.is_ge(),
        }
    }
}

fn compare(kind: Kind, cell: &str, value: &str) -> Option<Ordering> {
    match (kind.worth(cell), kind.worth(value)) {
        (Worth::Number(_), Worth::Text(_)) | (Worth::Text(_), Worth::Number(_)) => None,
        (a @ Worth::Number(_), b @ Worth::Number(_)) | (a @ Worth::Text(_), b @ Worth::Text(_)) => {
            Some(a.cmp(&b))
        }
    }
}

struct Parser<'t, 'f> {
    tokens: &'t [Token<'t>],
    at: usize,
    deep: u32,
    find: Find<'f>,
    now: Timestamp,
}

impl<'t> Parser<'t, '_> {
    fn next(&mut self) -> Option<&'t Token<'t>> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token
    }

    fn word(&mut self, word: &str) -> bool {
        let there =
            matches!(self.tokens.get(self.at), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word));
        self.at += usize::from(there);
        there
    }

    fn or(&mut self) -> Result<Expression, String> {
        let mut all = vec![self.and()?];
        while self.word("or") {
            all.push(self.and()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expression::Or(all) })
    }

    fn and(&mut self) -> Result<Expression, String> {
        let mut all = vec![self.not()?];
        while self.word("and") {
            all.push(self.not()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expression::And(all) })
    }

    fn not(&mut self) -> Result<Expression, String> {
        self.deep += 1;
        if self.deep > DEEPEST {
            return Err("it is nested too deep".into());
        }
        let expression = if self.word("not") {
            Expression::Not(self.not()?.into())
        } else if self.tokens.get(self.at) == Some(&Token::Open) {
            self.at += 1;
            let inner = self.or()?;
            match self.next() {
                Some(Token::Close) => inner,
                Some(other) => return Err(format!("`)` is missing before {}", other.show())),
                None => return Err("`)` is missing at its end".into()),
            }
        } else {
            self.test()?
        };
        self.deep -= 1;
        Ok(expression)
    }

    fn test(&mut self) -> Result<Expression, String> {
        let name = match self.next() {
            Some(Token::Word(name)) => name,
            Some(other) => return Err(format!("a column should stand where {} is", other.show())),
            None => return Err("it ends where a column should stand".into()),
        };
        let (place, column) = (self.find)(name)?;
        let sign = match self.next() {
            Some(Token::Sign(sign)) => *sign,
            Some(_) | None => {
                return Err(format!("after `{name}` one of == != < <= > >= =~ !~ should stand"));
            }
        };
        let Some(value) = self.next() else { return Err(format!("it ends after `{sign}`")) };
        let sign = match sign {
            "=~" | "!~" => {
                let Token::Text(pattern) = value else {
                    return Err(format!(
                        "a regular expression stands in quotes, as in {name} {sign} \"^logs-\""
                    ));
                };
                let regex = Regex::new(pattern).map_err(|e| format!("\"{pattern}\": {e}"))?;
                let matches = Expression::Matches { place, regex };
                return Ok(if sign == "!~" { Expression::Not(matches.into()) } else { matches });
            }
            "==" | "=" => Sign::Equal,
            "!=" => Sign::Unequal,
            "<" => Sign::Less,
            "<=" => Sign::AtMost,
            ">" => Sign::More,
            ">=" => Sign::AtLeast,
            other => return Err(format!("`{other}` is no comparison; == != < <= > >= =~ !~ are")),
        };
        let value = value_of(&column, value, self.now)?;
        Ok(Expression::Compare { place, kind: column.kind, sign, value })
    }
}

/// A value as the cells of the column have it.
fn value_of(column: &Column, token: &Token<'_>, now: Timestamp) -> Result<String, String> {
    let (text, bare) = match token {
        Token::Word(text) => (*text, true),
        Token::Text(text) => (text.as_str(), false),
        Token::Open | Token::Close | Token::Sign(_) => {
            return Err(format!("a value should stand where {} is", token.show()));
        }
    };
    if text.is_empty() {
        return Ok(String::new());
    }
    let (name, kind) = (&column.name, column.kind.name());
    let not = |example: &str| format!("{name} is of type {kind}, and `{text}` is not; write {example}");
    match column.kind {
        Kind::Int | Kind::Number => {
            decimal(text).map(|_| text.to_owned()).ok_or_else(|| not("a number such as 1000"))
        }
        Kind::Bytes => parse_bytes(text)
            .map(|bytes| bytes.to_string())
            .map_err(|_| not("a size such as 512, 900MB or 10GB")),
        Kind::Ms => match decimal(text) {
            Some(_) => Ok(text.to_owned()),
            None => parse_time(text)
                .map(|time| time.as_millis().to_string())
                .map_err(|_| not("milliseconds, or a time such as 30s or 5m")),
        },
        Kind::Percent => {
            let number = text.trim_end_matches('%');
            decimal(number).map(|_| number.to_owned()).ok_or_else(|| not("a number such as 80 or 80%"))
        }
        Kind::Time => moment(text, now).ok_or_else(|| not("2016-04-01, 2016-04-01T12:00:00Z or 7d (ago)")),
        Kind::Flag if matches!(text, "true" | "false") => Ok(text.to_owned()),
        Kind::Flag => Err(not("true or false")),
        Kind::Text | Kind::List if bare => Err(format!("a text stands in quotes: {name} == \"{text}\"")),
        Kind::Text | Kind::List | Kind::Other => Ok(text.to_owned()),
    }
}

/// A day in UTC, a time, or so long ago.
fn moment(text: &str, now: Timestamp) -> Option<String> {
    let time = if let Ok(day) = text.parse::<Date>()
        && text.len() == 10
    {
        day.to_zoned(TimeZone::UTC).ok()?.timestamp()
    } else if let Ok(ago) = parse_time(text) {
        now.checked_sub(ago).ok()?
    } else {
        text.parse().ok()?
    };
    let mut shown = String::new();
    show_time(time, &mut shown);
    Some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use es_core::cli::rows::column::shown;
    use es_core::cli::rows::fields::Fields;

    fn fields() -> Fields {
        Fields::new(vec![
            shown("index", Kind::Text, ""),
            shown("store.size", Kind::Bytes, ""),
            shown("docs.count", Kind::Int, ""),
            shown("creation.date", Kind::Time, ""),
            shown("running", Kind::Ms, ""),
            shown("disk", Kind::Percent, ""),
            shown("master", Kind::Flag, ""),
        ])
    }

    fn parse(text: &str) -> Result<Expression, String> {
        let fields = fields();
        let now = "2016-04-08T12:00:00Z".parse().unwrap();
        let mut find = |name: &str| {
            let place = fields.all().iter().position(|column| column.name == name);
            place.map(|at| (at, fields.all()[at].clone())).ok_or(format!("no column {name}"))
        };
        Expression::parse(text, &mut find, now)
    }

    fn row(values: [&str; 7]) -> Row {
        let fields = fields();
        let mut row = Row::new(7);
        values.iter().enumerate().for_each(|(at, value)| row.take(at, &fields.all()[at], value));
        row
    }

    #[test]
    fn rows_are_chosen_by_what_their_values_are_worth() {
        let row = row(["logs-1", "943718400", "9", "1460000000000", "90000", "37.5%", "*"]);
        for (text, holds) in [
            ("store.size > 899MB", true),
            ("store.size >= 1GB", false),
            ("store.size == 900mb", true),
            ("docs.count < 10", true),
            ("docs.count = 9", true),
            ("docs.count==9", true),
            ("index =~ \"^logs-\"", true),
            ("index =~ 'x|^l.*\\d$'", true),
            ("index !~ \"logs\"", false),
            ("index == \"logs-1\" and docs.count != 9", false),
            ("index == \"logs-1\" and (docs.count != 9 or store.size > 0)", true),
            ("not index == \"logs-1\" or docs.count > 8", true),
            ("not (index == \"logs-1\" or docs.count > 8)", false),
            // Or binds less than and.
            ("docs.count == 9 or docs.count == 9 and docs.count == 8", true),
            ("creation.date < 2016-04-08", true),
            ("creation.date < 7d", false),
            ("creation.date > 7d", true),
            ("creation.date >= 2016-04-07T03:33:20Z", true),
            ("running > 1m", true),
            ("running > 90000", false),
            ("disk > 37%", true),
            ("disk < 37.5", false),
            ("master == true", true),
            ("docs.count != \"\"", true),
            ("docs.count == \"\"", false),
        ] {
            assert_eq!(parse(text).unwrap().holds(&row), holds, "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_neither_equal_nor_less_nor_more() {
        let row = row(["", "", "", "", "", "", ""]);
        for (text, holds) in [
            ("docs.count == 0", false),
            ("docs.count != 0", true),
            ("docs.count < 1", false),
            ("docs.count >= 0", false),
            ("docs.count == \"\"", true),
            ("docs.count != \"\"", false),
            ("index =~ \"\"", false),
            ("index !~ \"x\"", true),
            ("not docs.count == 0", true),
        ] {
            assert_eq!(parse(text).unwrap().holds(&row), holds, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_what_is_wrong() {
        for (text, why) in [
            ("", "ends where a column"),
            ("docs.count", "after `docs.count` one of"),
            ("docs.count >", "ends after `>`"),
            ("docs.count > many", "is of type int"),
            ("docs.count > 10GB", "is of type int"),
            ("store.size > big", "10GB"),
            ("creation.date < soon", "7d (ago)"),
            ("index == logs", "index == \"logs\""),
            ("index =~ logs", "in quotes"),
            ("index =~ \"(\"", "\"(\""),
            ("index == \"logs", "has no end"),
            ("(docs.count > 1", "`)` is missing"),
            ("docs.count > 1)", "`)` stands after the end"),
            ("docs.count > 1 index == \"x\"", "`index` stands after the end"),
            ("nothing == 1", "no column nothing"),
            ("docs.count ! 1", "`!` is no comparison"),
            ("docs.count > and", "is of type int"),
            ("\"index\" == 1", "a column should stand"),
            ("master == yes", "true or false"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
        let deep = "(".repeat(10_000);
        assert!(parse(&deep).unwrap_err().contains("too deep"));
    }
}
