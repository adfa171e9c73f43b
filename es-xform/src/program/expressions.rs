//! Terms that give one value, as expressions: done on bytes where that is enough, else by the full language on the
//! fields that they read.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::path::{Opt, Part, Path as Parts};

use super::names::{Names, Node};
use super::rules::{Base, Reader};
use super::terms::{self, DOCINFO, Jq};
use super::{constants, outputs, reads};
use crate::edit::native::Native;
use crate::edit::{Expr, From, Path, Piece, Reads};
use crate::language::docinfo;

impl Reader<'_> {
    /// `None` where the term may give no value, or several.
    pub(super) fn expr(&mut self, term: &Jq<'_>, base: Base) -> Option<Expr> {
        if let Some(text) = constants::text(term, self.variables) {
            return Some(Expr::Constant(self.names.add_constant(&text)));
        }
        if let Some(path) = self.path(term, base) {
            return Some(Expr::Field(path));
        }
        let done_on_bytes = match term {
            Term::Str(None, parts) => self.text(parts, base),
            Term::Obj(fields) => self.object(fields, base),
            Term::BinOp(left, op, right) => self.operation(left, op, right, base),
            Term::IfThenElse(branches, otherwise) => self.choice(branches, otherwise.as_deref(), base),
            Term::Call("has", args) => self.has(&Term::Id, args, base),
            Term::Path(head, Parts(parts)) => self.row(head, parts, base),
            call => self.native(Expr::Field(here()), call),
        };
        match done_on_bytes {
            Some(expr) => Some(expr),
            None => self.language(term, base),
        }
    }

    /// A path of names.
    pub(super) fn path(&mut self, term: &Jq<'_>, base: Base) -> Option<Path> {
        let names = terms::names(term)?;
        let from = match names.first() {
            Some(first) if base.docinfo && DOCINFO.contains(&first.as_str()) => From::Line,
            _ => From::Here,
        };
        let mut at = if from == From::Line { Names::ROOT } else { base.node };
        let mut steps = Vec::new();
        for name in &names {
            at = self.names.add(at, name);
            steps.push(at);
        }
        Some(Path { from, steps: steps.into() })
    }

    fn boxed(&mut self, term: &Jq<'_>, base: Base) -> Option<Box<Expr>> {
        self.expr(term, base).map(Box::new)
    }

    fn operation(&mut self, left: &Jq<'_>, op: &BinaryOp<&str>, right: &Jq<'_>, base: Base) -> Option<Expr> {
        Some(match op {
            BinaryOp::Cmp(cmp) => Expr::Compare(self.boxed(left, base)?, *cmp, self.boxed(right, base)?),
            BinaryOp::And => Expr::And(self.boxed(left, base)?, self.boxed(right, base)?),
            BinaryOp::Or => Expr::Or(self.boxed(left, base)?, self.boxed(right, base)?),
            BinaryOp::Alt => Expr::Either(self.boxed(left, base)?, self.boxed(right, base)?),
            BinaryOp::Math(math) => Expr::Math(self.boxed(left, base)?, *math, self.boxed(right, base)?),
            BinaryOp::Pipe(None) => return self.piped(left, right, base),
            BinaryOp::Pipe(Some(_))
            | BinaryOp::Comma
            | BinaryOp::Assign
            | BinaryOp::Update
            | BinaryOp::UpdateMath(_)
            | BinaryOp::UpdateAlt => return None,
        })
    }

    /// `left | right` where the right side is a chain of functions that are done on bytes.
    fn piped(&mut self, left: &Jq<'_>, right: &Jq<'_>, base: Base) -> Option<Expr> {
        match right {
            Term::BinOp(first, BinaryOp::Pipe(None), rest) => {
                let piped = Term::BinOp(Box::new(left.clone()), BinaryOp::Pipe(None), first.clone());
                self.piped(&piped, rest, base)
            }
            Term::Call("has", args) => self.has(left, args, base),
            Term::Call("not", args) if args.is_empty() => Some(Expr::Not(self.boxed(left, base)?)),
            call => {
                let left = match left {
                    Term::BinOp(l, BinaryOp::Pipe(None), r) => self.piped(l, r, base)?,
                    left => self.expr(left, base)?,
                };
                self.native(left, call)
            }
        }
    }

    fn native(&mut self, of: Expr, call: &Jq<'_>) -> Option<Expr> {
        let Term::Call(name, args) = call else { return None };
        if let ("not", []) = (*name, &args[..]) {
            return Some(Expr::Not(Box::new(of)));
        }
        let native = self.function(name, args)?;
        let language = self.add_language(docinfo::translate_value(call, false, self.variables)?);
        Some(Expr::Of(Box::new(of), native, language))
    }

    fn function(&self, name: &str, args: &[Jq<'_>]) -> Option<Native> {
        let text = |arg: &Jq<'_>| constants::string_of(arg, self.variables);
        Some(match (name, args) {
            ("tostring", []) => Native::ToString,
            ("tonumber", []) => Native::ToNumber,
            ("ascii_downcase", []) => Native::Downcase,
            ("ascii_upcase", []) => Native::Upcase,
            ("type", []) => Native::Type,
            ("startswith", [start]) => Native::StartsWith(text(start)?),
            ("endswith", [end]) => Native::EndsWith(text(end)?),
            ("ltrimstr", [start]) => Native::TrimStart(text(start)?),
            ("rtrimstr", [end]) => Native::TrimEnd(text(end)?),
            ("test", [pattern]) => Native::Test { pattern: text(pattern)?, flags: String::new() },
            ("test", [pattern, flags]) => Native::Test { pattern: text(pattern)?, flags: text(flags)? },
            ("sub" | "gsub", [pattern, by]) => {
                let flags = if name == "gsub" { "g" } else { "" };
                Native::Replace { pattern: text(pattern)?, flags: flags.to_owned(), by: text(by)? }
            }
            _ => return None,
        })
    }

    /// The functions that a chain of calls consists of, if they give strings for strings.
    pub(super) fn natives(&self, term: &Jq<'_>) -> Option<Vec<Native>> {
        match term {
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                let mut all = self.natives(left)?;
                all.extend(self.natives(right)?);
                Some(all)
            }
            Term::Call(name, args) => match self.function(name, args)? {
                Native::ToNumber
                | Native::StartsWith(_)
                | Native::EndsWith(_)
                | Native::Type
                | Native::Test { .. } => None,
                text @ (Native::ToString
                | Native::Downcase
                | Native::Upcase
                | Native::TrimStart(_)
                | Native::TrimEnd(_)
                | Native::Replace { .. }) => Some(vec![text]),
            },
            _ => None,
        }
    }

    fn has(&mut self, of: &Jq<'_>, args: &[Jq<'_>], base: Base) -> Option<Expr> {
        let [name] = args else { return None };
        let name = constants::string_of(name, self.variables)?;
        let path = self.path(of, base).or_else(|| matches!(of, Term::Id).then(here))?;
        let at = path.steps.last().copied().unwrap_or(base.node);
        let node = self.names.add(at, &name);
        Some(Expr::Has(path, node))
    }

    /// `$table[key]` and `$table[key].column`.
    fn row(&mut self, head: &Jq<'_>, parts: &[(Part<Jq<'_>>, Opt)], base: Base) -> Option<Expr> {
        let Term::Var(name) = head else { return None };
        let (key, column) = match parts {
            [(Part::Index(key), Opt::Essential)] => (key, None),
            [(Part::Index(key), Opt::Essential), (Part::Index(column), Opt::Essential)] => {
                (key, Some(terms::string(column)?))
            }
            _ => return None,
        };
        let (name, table) = self.variables.tables().into_iter().find(|(known, _)| **known == name[1..])?;
        Some(Expr::Row { table, name, key: self.boxed(key, base)?, column })
    }

    fn text(&mut self, parts: &[StrPart<&str, Jq<'_>>], base: Base) -> Option<Expr> {
        let mut pieces = Vec::new();
        for part in parts {
            let plain = match part {
                StrPart::Str(text) => (*text).to_owned(),
                StrPart::Char(c) => c.to_string(),
                StrPart::Term(term) => {
                    pieces.push(Piece::Value(self.expr(term, base)?));
                    continue;
                }
            };
            let text = terms::quoted_inner(&plain);
            pieces.push(Piece::Constant(self.names.add_constant(text.as_bytes())));
        }
        Some(Expr::Text(pieces))
    }

    fn object(&mut self, fields: &[(Jq<'_>, Option<Jq<'_>>)], base: Base) -> Option<Expr> {
        let mut made = Vec::new();
        let mut seen = Vec::new();
        for (name, value) in fields {
            let (name, value) = match (name, value) {
                (Term::Var(name), None) => {
                    ((*name).strip_prefix('$')?.to_owned(), self.expr(&Term::Var(name), base)?)
                }
                (name, Some(value)) => (terms::string(name)?, self.expr(value, base)?),
                (name, None) => {
                    let text = terms::string(name)?;
                    (text, self.expr(&terms::field(name), base)?)
                }
            };
            if seen.contains(&name) {
                return None;
            }
            made.push((self.names.add_constant(terms::quoted(&name).as_bytes()), value));
            seen.push(name);
        }
        Some(Expr::Object(made))
    }

    fn choice(
        &mut self,
        branches: &[(Jq<'_>, Jq<'_>)],
        otherwise: Option<&Jq<'_>>,
        base: Base,
    ) -> Option<Expr> {
        let branches = branches
            .iter()
            .map(|(test, then)| Some((self.expr(test, base)?, self.expr(then, base)?)))
            .collect::<Option<_>>()?;
        let otherwise = match otherwise {
            Some(term) => self.boxed(term, base)?,
            None => Box::new(Expr::Field(here())),
        };
        Some(Expr::If { branches, otherwise })
    }

    fn language(&mut self, term: &Jq<'_>, base: Base) -> Option<Expr> {
        if !outputs::is_one(term) {
            return None;
        }
        let full = docinfo::translate_value(term, base.docinfo, self.variables)?;
        let reads = match reads::of(term) {
            None => Reads::All,
            Some(paths) => {
                let own = paths.iter().filter(|path| !(base.docinfo && DOCINFO.contains(&path[0].as_str())));
                Reads::Fields(own.map(|path| self.steps_of(path, base)).collect())
            }
        };
        let program = self.add_language(full);
        Some(Expr::Language { program, reads })
    }

    fn steps_of(&mut self, names: &[String], base: Base) -> Box<[Node]> {
        let mut at = base.node;
        names
            .iter()
            .map(|name| {
                at = self.names.add(at, name);
                at
            })
            .collect()
    }
}

/// `.`
fn here() -> Path {
    Path { from: From::Here, steps: Box::default() }
}
