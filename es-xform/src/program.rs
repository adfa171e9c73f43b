//! A program, read and judged before the first record: what it may not contain, whether it is a list of edits, and
//! if not, its text for the full language.

use jaq_core::load::parse::Term;
use jaq_core::load::{Lexer, Parser};

use names::Names;
use terms::Jq;

use crate::edit::Rule;
use crate::language::docinfo;

mod constants;
pub(crate) mod error;
mod expressions;
pub(crate) mod full;
pub(crate) mod names;
pub(crate) mod outputs;
mod places;
mod reads;
mod rules;
pub(crate) mod terms;
pub(crate) mod tokens;
mod typed;
pub(crate) mod variables;

pub(crate) use error::Error;
pub(crate) use full::{Full, Root};
pub(crate) use variables::Variables;

#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) root: Root,
    pub(crate) names: Names,
    /// The program as edits, if it is nothing else.
    pub(crate) edits: Option<Vec<Rule>>,
    /// What each rule does, in words; its number is its place here.
    pub(crate) rules: Vec<String>,
    /// What the full language computes for the edits.
    pub(crate) languages: Vec<Full>,
    pub(crate) full: Full,
    /// What `--explain` prints.
    pub(crate) explanation: Vec<String>,
    pub(crate) variables: Variables,
}

impl Program {
    /// Reads a program.
    ///
    /// # Errors
    /// Where it cannot be read, or names what no program for a stream of records may.
    pub(crate) fn read(text: &str, root: Root, variables: Variables) -> Result<Program, Error> {
        let syntax = |at: &str, what: String| {
            let before = &text[..tokens::offset(text, at)];
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            Error::Syntax { line, column, what }
        };
        let tokens = Lexer::new(text).lex().map_err(|errors| {
            let (expected, at) = errors.into_iter().next().expect("a failed lexer says why");
            syntax(at, format!("{} expected", expected.as_str()))
        })?;
        if let Some(token) = tokens.first()
            && let "import" | "include" | "module" = token.0
        {
            return Err(Error::Refused(token.0.to_owned()));
        }
        let lines: Vec<String> = (1..=text.lines().count()).map(|line| line.to_string()).collect();
        let tokens = tokens::Source { text, lines: &lines }.for_jaq(tokens, false);
        let term = if tokens.is_empty() {
            // As for jq, nothing but space and comments is the identity.
            Term::Id
        } else {
            Parser::new(&tokens).parse(|parser| parser.term()).map_err(|errors| {
                let (expected, found) = errors.into_iter().next().expect("a failed parser says why");
                match found {
                    Some(token) => {
                        syntax(token.0, format!("`{}` where {} is expected", token.0, expected.as_str()))
                    }
                    None => syntax(&text[text.len()..], format!("{} expected", expected.as_str())),
                }
            })?
        };
        refuse(&term)?;
        variables.refuse_shadows(&term)?;
        let full = docinfo::translate(&term, root, &variables)?;
        let mut names = names_of(root, terms::any(&term, &mut docinfo::is_docinfo));
        let (edits, rules, languages, explanation) = match rules::read(&term, root, &variables, &mut names) {
            Ok(read) => {
                let lines = match read.words.is_empty() {
                    true => vec!["nothing to do: every record passes as it is".to_owned()],
                    false => std::iter::once("as edits on the bytes of each record:".to_owned())
                        .chain(read.words.iter().map(|words| format!("  {words}")))
                        .collect(),
                };
                (Some(read.list), read.words, read.languages, lines)
            }
            Err(more) => {
                names = names_of(root, true);
                let lines = vec![
                    format!("through the full language: {}", more.0),
                    "values and the order of keys are kept; space, escapes and repeated keys of changed documents are not".to_owned(),
                ];
                (None, Vec::new(), Vec::new(), lines)
            }
        };
        Ok(Program { root, names, edits, rules, languages, full, explanation, variables })
    }

    /// The program through the full language, whatever it is.
    #[cfg(test)]
    pub(crate) fn into_full(self) -> Program {
        Program { names: names_of(self.root, true), edits: None, rules: Vec::new(), ..self }
    }
}

/// The names that are read whatever the program says: the document of a line, and the docinfo if that can change.
fn names_of(root: Root, docinfo: bool) -> Names {
    let mut names = Names::new();
    if root == Root::Document {
        names.add(Names::ROOT, "_source");
        if docinfo {
            for key in terms::DOCINFO {
                names.add(Names::ROOT, key);
            }
        }
    }
    names
}

/// What reaches beyond the record, or ends the process.
const REFUSED: [&str; 15] = [
    "input",
    "inputs",
    "input_filename",
    "input_line_number",
    "env",
    "halt",
    "halt_error",
    "debug",
    "debug_empty",
    "stderr",
    "stderr_empty",
    "get_search_list",
    "modulemeta",
    "$ENV",
    "$__prog_args",
];

fn refuse(term: &Jq<'_>) -> Result<(), Error> {
    // Names of our own start so: a program must neither use nor shadow them.
    let own = |name: &str| name.starts_with("__") || name.starts_with("$__");
    let mut refused = None;
    terms::any(term, &mut |term| {
        let name = match term {
            Term::Call(name, _) | Term::Var(name) => Some(*name),
            Term::Def(defs, _) => defs.iter().map(|def| def.name).find(|name| own(name)),
            _ => None,
        };
        refused = name.filter(|name| REFUSED.contains(name) || own(name)).map(str::to_owned);
        refused.is_some()
    });
    refused.map_or(Ok(()), |name| Err(Error::Refused(name)))
}
