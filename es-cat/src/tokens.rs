//! The words and signs of an expression.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    Open,
    Close,
    Sign(&'t str),
    /// A column, a number with its unit, `and`, `or`, `not`.
    Word(&'t str),
    Text(String),
}

impl Token<'_> {
    pub(crate) fn show(&self) -> String {
        match self {
            Token::Open => "`(`".into(),
            Token::Close => "`)`".into(),
            Token::Sign(text) | Token::Word(text) => format!("`{text}`"),
            Token::Text(text) => format!("\"{text}\""),
        }
    }
}

const SIGNS: [&str; 10] = ["==", "!=", "<=", ">=", "=~", "!~", "<", ">", "=", "!"];

pub(crate) fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' => {
                tokens.push(if first == '(' { Token::Open } else { Token::Close });
                1
            }
            '"' | '\'' => {
                let (text, length) = quoted(rest, first)?;
                tokens.push(Token::Text(text));
                length
            }
            _ => match SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
                Some(sign) => {
                    tokens.push(Token::Sign(sign));
                    sign.len()
                }
                None => {
                    let end = |c: char| c.is_whitespace() || "()\"'=!<>".contains(c);
                    let length = rest.find(end).unwrap_or(rest.len());
                    tokens.push(Token::Word(&rest[..length]));
                    length
                }
            },
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// A text in quotes and its length with them. A backslash stands before a quote or another backslash; else it is one of
/// a regular expression and stays.
fn quoted(rest: &str, quote: char) -> Result<(String, usize), String> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next_if(|(_, next)| *next == quote) {
                Some((_, next)) => text.push(next),
                None => text.push(c),
            },
            c if c == quote => return Ok((text, at + 1)),
            c => text.push(c),
        }
    }
    Err(format!("the text {rest} has no end"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_signs_and_texts_need_no_spaces_between_them() {
        let text = |text: &str| Token::Text(text.to_owned());
        for (typed, read) in [
            ("a.b>=10GB", vec![Token::Word("a.b"), Token::Sign(">="), Token::Word("10GB")]),
            (
                "(a=~'^x\\d\\'')",
                vec![Token::Open, Token::Word("a"), Token::Sign("=~"), text("^x\\d'"), Token::Close],
            ),
            ("a == \"\\\"b\\\" c\"", vec![Token::Word("a"), Token::Sign("=="), text("\"b\" c")]),
            (" ", vec![]),
        ] {
            assert_eq!(tokens(typed).unwrap(), read, "{typed}");
        }
        assert!(tokens("a == 'b").is_err());
    }
}
