//! What jq's grammar has and jaq's has not, said with what jaq has: `?//` between patterns, `$b: PATTERN` within one,
//! numbers that begin with a point, and `$__loc__`.

use jaq_core::load::lex::{StrPart, Tok, Token};

/// The first item of an array pattern whose other items are alternatives.
pub(crate) const ALTERNATIVES: &str = "$__alternatives";

type Rest<'s> = std::iter::Peekable<std::vec::IntoIter<Token<&'s str>>>;

/// The text of a program, and the numbers of its lines as text.
#[derive(Clone, Copy)]
pub(crate) struct Source<'s> {
    pub(crate) text: &'s str,
    pub(crate) lines: &'s [String],
}

/// Where a part of a text begins; its end for what is no part of it.
pub(crate) fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize).min(text.len())
}

fn sign(sign: &str) -> Token<&str> {
    Token(sign, Tok::Sym)
}

impl<'s> Source<'s> {
    /// Tokens as jaq's parser takes them.
    pub(crate) fn for_jaq(self, tokens: Vec<Token<&'s str>>, is_object: bool) -> Vec<Token<&'s str>> {
        let mut out: Vec<Token<&'s str>> = Vec::with_capacity(tokens.len());
        let mut rest = tokens.into_iter().peekable();
        while let Some(token) = rest.next() {
            let binds = matches!(token, Token("as", Tok::Word));
            let start = offset(self.text, token.0);
            let is_key = is_object && out.last().is_none_or(|last| last.0 == ",");
            match (&token, rest.peek()) {
                (_, Some(Token(_, Tok::Var | Tok::Block(_)))) if binds => {
                    out.push(token);
                    out.extend(self.patterns(&mut rest));
                }
                (Token(".", _), Some(Token(digits, Tok::Num))) if start + 1 == offset(self.text, digits) => {
                    out.push(Token(&self.text[start..start + 1 + digits.len()], Tok::Num));
                    rest.next();
                }
                (Token("$__loc__", _), _) => {
                    if is_key {
                        out.extend([Token("__loc__", Tok::Word), sign(":")]);
                    }
                    out.push(self.location(start));
                }
                _ => out.push(self.within(token)),
            }
        }
        out
    }

    /// The same of what a token holds.
    fn within(self, Token(full, token): Token<&'s str>) -> Token<&'s str> {
        let token = match token {
            Tok::Block(inner) => Tok::Block(self.for_jaq(inner, full.starts_with('{'))),
            Tok::Str(parts) => {
                let part = |part| match part {
                    StrPart::Term(token) => StrPart::Term(self.within(token)),
                    StrPart::Str(_) | StrPart::Char(_) => part,
                };
                Tok::Str(parts.into_iter().map(part).collect())
            }
            Tok::Word | Tok::Var | Tok::Fmt | Tok::Num | Tok::Sym => token,
        };
        Token(full, token)
    }

    /// A pattern; or several, as an array of them.
    fn patterns(self, rest: &mut Rest<'s>) -> Option<Token<&'s str>> {
        let first = self.pattern(rest.next()?);
        let mut all = vec![Token(ALTERNATIVES, Tok::Var), sign(","), first];
        while rest.next_if(|token| token.0 == "?").is_some() {
            all.extend(rest.next_if(|token| token.0 == "//").map(|_| sign(",")));
            all.extend(rest.next().map(|token| self.pattern(token)));
        }
        match all.len() {
            3 => all.pop(),
            _ => {
                all.push(sign("]"));
                Some(Token("[", Tok::Block(all)))
            }
        }
    }

    fn pattern(self, Token(full, token): Token<&'s str>) -> Token<&'s str> {
        let Tok::Block(inner) = token else { return Token(full, token) };
        let mut out = Vec::with_capacity(inner.len());
        let mut rest = inner.into_iter().peekable();
        let is_object = full.starts_with('{');
        while let Some(token) = rest.next() {
            let is_value = !is_object || matches!(out.last(), Some(Token(":", Tok::Sym)));
            match token {
                Token(_, Tok::Block(_)) if is_value => out.push(self.pattern(token)),
                // `$b: PATTERN` binds both.
                Token(name, Tok::Var) if !is_value && rest.peek().is_some_and(|next| next.0 == ":") => {
                    out.extend([Token(name, Tok::Var), sign(","), Token(&name[1..], Tok::Word)]);
                }
                token => out.push(self.within(token)),
            }
        }
        Token(full, Tok::Block(out))
    }

    /// `{file: "<top-level>", line: …}`
    fn location(self, at: usize) -> Token<&'s str> {
        let line = self.text[..at].matches('\n').count();
        let file = Tok::Str(vec![StrPart::Str("<top-level>")]);
        Token(
            "{",
            Tok::Block(vec![
                Token("file", Tok::Word),
                sign(":"),
                Token("\"", file),
                sign(","),
                Token("line", Tok::Word),
                sign(":"),
                Token(self.lines.get(line).map_or("0", String::as_str), Tok::Num),
                sign("}"),
            ]),
        )
    }
}
