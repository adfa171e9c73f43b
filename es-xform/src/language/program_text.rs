//! Terms of a program as text for the full language: what each means where `.` is the record's pair, and where it is
//! any other value. Everything goes into parentheses, so that no precedence needs thought.

use std::fmt::Write as _;

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::path::{Opt, Part, Path};

use super::docinfo::{At, Done, Writer};
use crate::program::error::Error;
use crate::program::outputs;
use crate::program::terms::{self, Assignment, DOCINFO, Jq, SERVERS_OWN};

impl<'s> Writer<'s, '_> {
    /// A term that gives a value, or a path when it stands where a path is wanted.
    pub(crate) fn value(&mut self, term: &Jq<'s>, at: At) -> Done {
        match term {
            Term::Id => self.push(document(at)),
            Term::Recurse => {
                self.push(document(at));
                self.push(" | ..");
            }
            Term::Num(digits) => {
                // As jaq reads them.
                self.push(if digits.starts_with('.') { "0" } else { "" });
                self.push(digits);
            }
            Term::Str(format, parts) => self.string(*format, parts, at)?,
            Term::Arr(None) => self.push("[]"),
            Term::Arr(Some(items)) => {
                self.push("[");
                self.value(items, at)?;
                self.push("]");
            }
            Term::Obj(fields) => self.object(fields, at)?,
            Term::Neg(number) => {
                self.push("-");
                self.in_parens(|w| w.value(number, at))?;
            }
            Term::BinOp(left, op, right) => self.operation(left, op, right, at)?,
            Term::Label(name, body) => {
                write!(self.out, "label {name} | ").expect("strings take all");
                self.in_parens(|w| w.value(body, at))?;
            }
            Term::Break(name) => write!(self.out, "break {name}").expect("strings take all"),
            Term::Fold(word, source, pattern, args) => self.fold(word, source, pattern, args, at)?,
            Term::TryCatch(body, catch) => {
                self.push("try ");
                self.in_parens(|w| w.value(body, at))?;
                if let Some(catch) = catch {
                    self.push(" catch ");
                    self.in_parens(|w| w.value(catch, At::Elsewhere))?;
                }
            }
            Term::IfThenElse(branches, otherwise) => {
                for (i, (test, then)) in branches.iter().enumerate() {
                    self.push(if i == 0 { "if " } else { " elif " });
                    self.in_parens(|w| w.value(test, at))?;
                    self.push(" then ");
                    self.in_parens(|w| w.value(then, at))?;
                }
                self.push(" else ");
                match otherwise {
                    Some(otherwise) => self.in_parens(|w| w.value(otherwise, at))?,
                    None => self.push(document(at)),
                }
                self.push(" end");
            }
            Term::Def(defs, body) => {
                self.definitions(defs)?;
                self.in_parens(|w| w.value(body, at))?;
            }
            Term::Call(name, args) => self.call(name, args, at)?,
            Term::Var(name) => self.variable(name),
            Term::Path(head, Path(parts)) => self.path(head, parts, at)?,
        }
        Ok(())
    }

    fn variable(&mut self, name: &str) {
        if self.variables.table(name).is_some() {
            self.whole_tables.push(name.to_owned());
        }
        self.push(name);
    }

    /// The document after an assignment.
    fn assigned(&mut self, left: &Jq<'s>, op: Assignment, right: &Jq<'s>, at: At) -> Done {
        self.in_parens(|w| w.assignment(left, op, right, at))?;
        if at == At::Pair {
            self.push(" | .[0]");
        }
        Ok(())
    }

    fn operation(&mut self, left: &Jq<'s>, op: &BinaryOp<&'s str>, right: &Jq<'s>, at: At) -> Done {
        match op {
            BinaryOp::Pipe(None) if at == At::Pair && self.gives_record(left) => {
                self.in_parens(|w| w.record(left))?;
                self.push(" | ");
                self.in_parens(|w| w.value(right, at))
            }
            BinaryOp::Pipe(None) => {
                self.in_parens(|w| w.value(left, at))?;
                self.push(" | ");
                self.in_parens(|w| w.value(right, At::Elsewhere))
            }
            BinaryOp::Pipe(Some(pattern)) => self.binding(left, pattern, at, &|w| w.value(right, at)),
            BinaryOp::Assign => self.assigned(left, Assignment::Set, right, at),
            BinaryOp::Update => self.assigned(left, Assignment::Update, right, at),
            BinaryOp::UpdateMath(math) => self.assigned(left, Assignment::Math(*math), right, at),
            BinaryOp::UpdateAlt => self.assigned(left, Assignment::Default, right, at),
            BinaryOp::Comma => self.infix(left, ", ", right, at),
            BinaryOp::Alt => self.infix(left, " // ", right, at),
            BinaryOp::Or => self.infix(left, " or ", right, at),
            BinaryOp::And => self.infix(left, " and ", right, at),
            BinaryOp::Math(op) => self.cross(left, &format!(" {} ", op.as_str()), right, at),
            BinaryOp::Cmp(op) => self.cross(left, &format!(" {} ", op.as_str()), right, at),
        }
    }

    /// An operator whose outputs jq gives in the order of the right side first.
    fn cross(&mut self, left: &Jq<'s>, op: &str, right: &Jq<'s>, at: At) -> Done {
        if outputs::is_one(left) || outputs::is_one(right) {
            return self.infix(left, op, right, at);
        }
        self.in_parens(|w| w.value(right, at))?;
        self.push(" as $__right | ");
        self.in_parens(|w| w.value(left, at))?;
        self.push(op);
        self.push("$__right");
        Ok(())
    }

    fn infix(&mut self, left: &Jq<'s>, op: &str, right: &Jq<'s>, at: At) -> Done {
        self.in_parens(|w| w.value(left, at))?;
        self.push(op);
        self.in_parens(|w| w.value(right, at))
    }

    fn string(&mut self, format: Option<&'s str>, parts: &[StrPart<&'s str, Jq<'s>>], at: At) -> Done {
        // Where several parts have several outputs, jq takes those of the last part for the outer loop.
        let terms = parts.iter().enumerate().filter_map(|(i, part)| match part {
            StrPart::Term(term) if !outputs::is_one(term) => Some((i, term)),
            StrPart::Term(_) | StrPart::Str(_) | StrPart::Char(_) => None,
        });
        let several: Vec<(usize, &Jq<'s>)> = terms.collect();
        let bound = if several.len() > 1 { &several[..] } else { &[] };
        for (i, term) in bound.iter().rev() {
            self.in_parens(|w| w.value(term, at))?;
            write!(self.out, " as $__part{i} | ").expect("strings take all");
        }
        if let Some(format) = format {
            self.push(format);
            self.push(" ");
        }
        self.push("\"");
        for (i, part) in parts.iter().enumerate() {
            match part {
                StrPart::Term(_) if bound.iter().any(|(known, _)| *known == i) => {
                    write!(self.out, "\\($__part{i})").expect("strings take all");
                }
                StrPart::Str(text) => self.push(text),
                StrPart::Char(c) => {
                    self.push(&terms::quoted_inner(&c.to_string()));
                }
                StrPart::Term(term) => {
                    self.push("\\(");
                    self.value(term, at)?;
                    self.push(")");
                }
            }
        }
        self.push("\"");
        Ok(())
    }

    fn object(&mut self, fields: &[(Jq<'s>, Option<Jq<'s>>)], at: At) -> Done {
        self.push("{");
        for (i, (name, value)) in fields.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            match (name, value) {
                (Term::Var(name), None) => self.variable(name),
                (Term::Num(number), Some(_)) => return Err(Error::Key((*number).to_owned())),
                (name, Some(value)) => {
                    self.in_parens(|w| w.value(name, at))?;
                    self.push(": ");
                    self.in_parens(|w| w.value(value, at))?;
                }
                // `{a}` means `{a: .a}`.
                (name, None) => {
                    self.in_parens(|w| w.value(name, at))?;
                    self.push(": ");
                    let field = (Part::Index(name.clone()), Opt::Essential);
                    self.in_parens(|w| w.path(&Term::Id, &[field], at))?;
                }
            }
        }
        self.push("}");
        Ok(())
    }

    fn path(&mut self, head: &Jq<'s>, parts: &[(Part<Jq<'s>>, Opt)], at: At) -> Done {
        if let (Term::Var(name), Some(((Part::Index(key), opt), rest))) = (head, parts.split_first())
            && self.variables.table(name).is_some()
        {
            // A row, or an error where there is none.
            write!(self.out, "__row(\"{}\"; ", &name[1..]).expect("strings take all");
            self.value(key, at)?;
            self.push(if matches!(opt, Opt::Optional) { ")?" } else { ")" });
            return self.parts(rest, at);
        }
        let first = match (head, parts.first()) {
            (Term::Id, Some((Part::Index(name), _))) => terms::string(name),
            _ => None,
        };
        match (head, at, first.as_deref()) {
            (Term::Id, At::Pair, Some(name)) if DOCINFO.contains(&name) => {
                self.names_docinfo = true;
                self.push(".[1]");
            }
            (Term::Id, At::Pair, Some("_source")) => return Err(Error::Source),
            (Term::Id, At::Pair, Some(name)) if SERVERS_OWN.contains(&name) => {
                return Err(Error::ServersOwn(name.to_owned()));
            }
            (Term::Id, _, _) => self.push(document(at)),
            (head, _, _) => self.in_parens(|w| w.value(head, at))?,
        }
        self.parts(parts, at)
    }

    fn parts(&mut self, parts: &[(Part<Jq<'s>>, Opt)], at: At) -> Done {
        for (part, opt) in parts {
            self.push("[");
            match part {
                Part::Index(index) => self.value(index, at)?,
                Part::Range(None, None) => {}
                Part::Range(from, to) => {
                    if let Some(from) = from {
                        self.in_parens(|w| w.value(from, at))?;
                    }
                    self.push(":");
                    if let Some(to) = to {
                        self.in_parens(|w| w.value(to, at))?;
                    }
                }
            }
            self.push("]");
            match opt {
                Opt::Optional => self.push("?"),
                Opt::Essential => {}
            }
        }
        Ok(())
    }
}

fn document(at: At) -> &'static str {
    match at {
        At::Pair => ".[0]",
        At::Elsewhere => ".",
    }
}
