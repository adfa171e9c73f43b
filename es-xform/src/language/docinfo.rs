//! Turns a parsed program into the text that the full language runs. Two things change on the way.
//!
//! Assignments become calls to definitions of ours (see `prelude.jq`), because jaq's operators do not make the
//! objects on the way to a field, as jq's do.
//!
//! Where a program names docinfo, it runs on the pair `[document, docinfo]`: the paths `._index`, `._id` and
//! `._routing` lead into the second part wherever `.` is the document, everything else into the first. A stage that
//! makes another document out of it keeps the docinfo. Inside values (after a pipe within a value, in the argument
//! of `map`) `.` is something else, and `._id` is its own field.

use std::fmt::Write as _;

use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::path::{Part, Path};

use crate::program::error::Error;
use crate::program::full::{Full, Root};
use crate::program::terms::{self, DOCINFO, Jq, assignment};
use crate::program::variables::Variables;

/// The program as text for the full language.
///
/// # Errors
/// Where it names what it may not, or names docinfo where that could mean two things.
pub(crate) fn translate(term: &Jq<'_>, root: Root, variables: &Variables) -> Result<Full, Error> {
    let mut writer = Writer::new(variables);
    let mut paired = false;
    if root == Root::Document {
        writer.record(term)?;
        paired = writer.names_docinfo;
    }
    if !paired {
        writer = Writer::new(variables);
        writer.value(term, At::Elsewhere)?;
    }
    Ok(Full { text: writer.out, paired, whole_tables: writer.whole_tables })
}

/// A term that gives one value, as a program that gives it: for a part of a program that is edits for the rest.
/// `None` where the docinfo cannot be told.
pub(crate) fn translate_value(term: &Jq<'_>, docinfo: bool, variables: &Variables) -> Option<Full> {
    let mut writer = Writer::new(variables);
    if docinfo {
        writer.value(term, At::Pair).ok()?;
        if writer.names_docinfo {
            let text = format!("[({}), .[1]]", writer.out);
            return Some(Full { text, paired: true, whole_tables: writer.whole_tables });
        }
        writer = Writer::new(variables);
    }
    writer.value(term, At::Elsewhere).ok()?;
    Some(Full { text: writer.out, paired: false, whole_tables: writer.whole_tables })
}

/// What `.` is where a term stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// The pair of document and docinfo.
    Pair,
    /// Any other value.
    Elsewhere,
}

pub(crate) struct Writer<'s, 'v> {
    pub(crate) out: String,
    pub(crate) variables: &'v Variables,
    pub(crate) whole_tables: Vec<String>,
    pub(crate) names_docinfo: bool,
    /// Functions that the program defines: they are not the builtins of the same name.
    pub(crate) defined: Vec<&'s str>,
}

pub(crate) type Done = Result<(), Error>;

impl<'s, 'v> Writer<'s, 'v> {
    fn new(variables: &'v Variables) -> Writer<'s, 'v> {
        let out = String::new();
        Writer { out, variables, whole_tables: Vec::new(), names_docinfo: false, defined: Vec::new() }
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    pub(crate) fn in_parens(&mut self, write: impl FnOnce(&mut Self) -> Done) -> Done {
        self.push("(");
        write(self)?;
        self.push(")");
        Ok(())
    }

    /// A term that takes a record (the pair) and gives records.
    pub(crate) fn record(&mut self, term: &Jq<'s>) -> Done {
        if let Term::BinOp(left, op, right) = term
            && let Some(op) = assignment(op)
        {
            return self.assignment(left, op, right, At::Pair);
        }
        match term {
            Term::Id => self.push("."),
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                self.in_parens(|w| w.record(left))?;
                self.push(" | ");
                self.in_parens(|w| w.record(right))?;
            }
            Term::BinOp(left, BinaryOp::Pipe(Some(pattern)), right) => {
                self.binding(left, pattern, At::Pair, &|w| w.record(right))?;
            }
            Term::BinOp(left, BinaryOp::Comma, right) => {
                self.in_parens(|w| w.record(left))?;
                self.push(", ");
                self.in_parens(|w| w.record(right))?;
            }
            Term::Call("rename", args)
                if !self.defined.contains(&"rename") && terms::rename_of_items(args).is_some() =>
            {
                if let Some(renames) = terms::rename_of_items(args) {
                    self.record(&renames)?;
                }
            }
            Term::Call(name, args) if self.keeps_record(name, args) => {
                self.push(name);
                self.arguments(args, |w, arg| w.value(arg, At::Pair))?;
            }
            Term::IfThenElse(branches, otherwise) => {
                for (i, (test, then)) in branches.iter().enumerate() {
                    self.push(if i == 0 { "if " } else { " elif " });
                    self.in_parens(|w| w.value(test, At::Pair))?;
                    self.push(" then ");
                    self.in_parens(|w| w.record(then))?;
                }
                if let Some(otherwise) = otherwise {
                    self.push(" else ");
                    self.in_parens(|w| w.record(otherwise))?;
                }
                self.push(" end");
            }
            Term::TryCatch(body, None) => {
                self.push("try ");
                self.in_parens(|w| w.record(body))?;
            }
            Term::Fold("reduce", source, pattern, args) if matches!(&args[..], [Term::Id, _]) => {
                self.push("reduce ");
                self.in_parens(|w| w.value(source, At::Pair))?;
                self.push(" as ");
                self.pattern(pattern)?;
                self.push(" (.; ");
                self.in_parens(|w| w.record(&args[1]))?;
                self.push(")");
            }
            Term::Label(name, body) => {
                write!(self.out, "label {name} | ").expect("strings take all");
                self.in_parens(|w| w.record(body))?;
            }
            Term::Break(_) => self.value(term, At::Pair)?,
            Term::Def(defs, body) => {
                self.definitions(defs)?;
                self.in_parens(|w| w.record(body))?;
            }
            // Another document with the docinfo that it had.
            made => {
                self.push(".[1] as $__info | ");
                self.in_parens(|w| w.value(made, At::Pair))?;
                self.push(" | [., $__info]");
            }
        }
        Ok(())
    }

    /// Builtins that give the record they got, changed or not.
    pub(crate) fn keeps_record(&self, name: &str, args: &[Jq<'s>]) -> bool {
        let known =
            matches!((name, args.len()), ("select" | "del" | "error", 1) | ("rename", 2) | ("empty", 0));
        known && !self.defined.contains(&name)
    }

    /// Whether the term, in a value, gives the record it got, so that what follows still sees the docinfo.
    pub(crate) fn gives_record(&self, term: &Jq<'s>) -> bool {
        match term {
            Term::Id => true,
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                self.gives_record(left) && self.gives_record(right)
            }
            Term::BinOp(_, op, _) => assignment(op).is_some(),
            Term::Call(name, args) => self.keeps_record(name, args),
            _ => false,
        }
    }
}

/// `._id`, or `_id` in `{_id}`.
pub(crate) fn is_docinfo(term: &Jq<'_>) -> bool {
    docinfo_name(term).is_some()
}

fn docinfo_name(term: &Jq<'_>) -> Option<String> {
    let known = |name: &Jq<'_>| terms::string(name).filter(|name| DOCINFO.contains(&name.as_str()));
    match term {
        Term::Path(head, Path(parts)) if matches!(**head, Term::Id) => match parts.first() {
            Some((Part::Index(name), _)) => known(name),
            _ => None,
        },
        Term::Obj(fields) => {
            fields.iter().filter(|(_, value)| value.is_none()).find_map(|(name, _)| known(name))
        }
        _ => None,
    }
}

pub(crate) fn docinfo_in(term: &Jq<'_>) -> String {
    let mut found = None;
    terms::any(term, &mut |term| {
        found = docinfo_name(term);
        found.is_some()
    });
    format!(".{}", found.unwrap_or_default())
}
