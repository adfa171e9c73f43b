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

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::path::{Opt, Part, Path};

use crate::program::{Error, Full, Root};
use crate::terms::{self, DOCINFO, Jq, SERVERS_OWN};

/// The program as text for the full language.
///
/// # Errors
/// Where it names what it may not, or names docinfo where that could mean two things.
pub(crate) fn translate(term: &Jq<'_>, root: Root) -> Result<Full, Error> {
    let plain = |term| {
        let mut writer = Writer::default();
        writer.value(term, At::Elsewhere)?;
        Ok(writer.out)
    };
    match root {
        Root::Line => Ok(Full { text: plain(term)?, paired: false }),
        Root::Document => {
            let mut writer = Writer::default();
            writer.record(term)?;
            match writer.names_docinfo {
                true => Ok(Full { text: writer.out, paired: true }),
                false => Ok(Full { text: plain(term)?, paired: false }),
            }
        }
    }
}

/// What `.` is where a term stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// The pair of document and docinfo.
    Pair,
    /// Any other value.
    Elsewhere,
}

/// Builtins whose first argument is computed before their input is looked at.
const TAKES_VALUE: [&str; 18] = [
    "test",
    "match",
    "capture",
    "scan",
    "split",
    "splits",
    "sub",
    "gsub",
    "startswith",
    "endswith",
    "ltrimstr",
    "rtrimstr",
    "has",
    "contains",
    "inside",
    "index",
    "rindex",
    "join",
];

/// Builtins whose outputs come from their arguments alone; `true` where a second argument sees something else.
const FROM_ARGUMENTS: [(&str, usize, usize); 11] = [
    ("first", 1, 1),
    ("last", 1, 1),
    ("isempty", 1, 1),
    ("error", 1, 1),
    ("add", 1, 1),
    ("limit", 2, 2),
    ("range", 1, 1),
    ("range", 2, 2),
    ("range", 3, 3),
    ("any", 2, 1),
    ("all", 2, 1),
];

#[derive(Default)]
struct Writer<'s> {
    out: String,
    names_docinfo: bool,
    /// Functions that the program defines: they are not the builtins of the same name.
    defined: Vec<&'s str>,
}

type Done = Result<(), Error>;

impl<'s> Writer<'s> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn in_parens(&mut self, write: impl FnOnce(&mut Self) -> Done) -> Done {
        self.push("(");
        write(self)?;
        self.push(")");
        Ok(())
    }

    /// A term that takes a record (the pair) and gives records.
    fn record(&mut self, term: &Jq<'s>) -> Done {
        match term {
            Term::Id => self.push("."),
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                self.in_parens(|w| w.record(left))?;
                self.push(" | ");
                self.in_parens(|w| w.record(right))?;
            }
            Term::BinOp(left, BinaryOp::Pipe(Some(pattern)), right) => {
                self.in_parens(|w| w.value(left, At::Pair))?;
                self.push(" as ");
                self.pattern(pattern)?;
                self.push(" | ");
                self.in_parens(|w| w.record(right))?;
            }
            Term::BinOp(left, BinaryOp::Comma, right) => {
                self.in_parens(|w| w.record(left))?;
                self.push(", ");
                self.in_parens(|w| w.record(right))?;
            }
            Term::BinOp(left, op, right) if is_assignment(op) => {
                self.assignment(left, op, right, At::Pair)?;
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
    fn keeps_record(&self, name: &str, args: &[Jq<'s>]) -> bool {
        let known =
            matches!((name, args.len()), ("select" | "del" | "error", 1) | ("rename", 2) | ("empty", 0));
        known && !self.defined.contains(&name)
    }

    /// A term that gives a value, or a path when it stands where a path is wanted.
    fn value(&mut self, term: &Jq<'s>, at: At) -> Done {
        match term {
            Term::Id => self.push(document(at)),
            Term::Recurse => {
                self.push(document(at));
                self.push(" | ..");
            }
            Term::Num(digits) => self.push(digits),
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
            Term::Fold(word, source, pattern, args) => {
                write!(self.out, "{word} ").expect("strings take all");
                self.in_parens(|w| w.value(source, at))?;
                self.push(" as ");
                self.pattern(pattern)?;
                let mut first = true;
                self.arguments(args, |w, arg| {
                    let at = if std::mem::take(&mut first) { at } else { At::Elsewhere };
                    w.value(arg, at)
                })?;
            }
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
            Term::Var(name) => self.push(name),
            Term::Path(head, Path(parts)) => self.path(head, parts, at)?,
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
            BinaryOp::Pipe(Some(pattern)) => {
                self.in_parens(|w| w.value(left, at))?;
                self.push(" as ");
                self.pattern(pattern)?;
                self.push(" | ");
                self.in_parens(|w| w.value(right, at))
            }
            BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => {
                self.in_parens(|w| w.assignment(left, op, right, at))?;
                if at == At::Pair {
                    self.push(" | .[0]");
                }
                Ok(())
            }
            BinaryOp::Comma => self.infix(left, ", ", right, at),
            BinaryOp::Alt => self.infix(left, " // ", right, at),
            BinaryOp::Or => self.infix(left, " or ", right, at),
            BinaryOp::And => self.infix(left, " and ", right, at),
            BinaryOp::Math(op) => self.infix(left, &format!(" {} ", op.as_str()), right, at),
            BinaryOp::Cmp(op) => self.infix(left, &format!(" {} ", op.as_str()), right, at),
        }
    }

    fn infix(&mut self, left: &Jq<'s>, op: &str, right: &Jq<'s>, at: At) -> Done {
        self.in_parens(|w| w.value(left, at))?;
        self.push(op);
        self.in_parens(|w| w.value(right, at))
    }

    /// Whether the term, in a value, gives the record it got, so that what follows still sees the docinfo.
    fn gives_record(&self, term: &Jq<'s>) -> bool {
        match term {
            Term::Id => true,
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                self.gives_record(left) && self.gives_record(right)
            }
            Term::BinOp(_, op, _) => is_assignment(op),
            Term::Call(name, args) => self.keeps_record(name, args),
            _ => false,
        }
    }

    /// `left op right` as jq means it; `.` is what is changed.
    fn assignment(&mut self, left: &Jq<'s>, op: &BinaryOp<&'s str>, right: &Jq<'s>, at: At) -> Done {
        let change = |w: &mut Self, by: &dyn Fn(&mut Self) -> Done| {
            // jaq's own operator walks an iteration once; ours makes what is missing on the way to one field.
            match terms::any(left, &mut is_iteration) {
                true => {
                    w.in_parens(|w| w.value(left, at))?;
                    w.push(" |= ");
                    w.in_parens(by)
                }
                false => {
                    w.push("__modify(");
                    w.value(left, at)?;
                    w.push("; ");
                    by(w)?;
                    w.push(")");
                    Ok(())
                }
            }
        };
        match op {
            BinaryOp::Assign => {
                self.push("__assign(");
                self.value(left, at)?;
                self.push("; ");
                self.value(right, at)?;
                self.push(")");
                Ok(())
            }
            BinaryOp::Update => change(self, &|w| w.value(right, At::Elsewhere)),
            BinaryOp::UpdateMath(math) => {
                self.in_parens(|w| w.value(right, at))?;
                self.push(" as $__by | ");
                change(self, &|w| {
                    write!(w.out, ". {} $__by", math.as_str()).expect("strings take all");
                    Ok(())
                })
            }
            BinaryOp::UpdateAlt => {
                self.in_parens(|w| w.value(right, at))?;
                self.push(" as $__by | ");
                change(self, &|w| {
                    w.push(". // $__by");
                    Ok(())
                })
            }
            BinaryOp::Pipe(_)
            | BinaryOp::Comma
            | BinaryOp::Alt
            | BinaryOp::Or
            | BinaryOp::And
            | BinaryOp::Math(_)
            | BinaryOp::Cmp(_) => Ok(()),
        }
    }

    fn string(&mut self, format: Option<&'s str>, parts: &[StrPart<&'s str, Jq<'s>>], at: At) -> Done {
        if let Some(format) = format {
            self.push(format);
            self.push(" ");
        }
        self.push("\"");
        for part in parts {
            match part {
                StrPart::Str(text) => self.push(text),
                StrPart::Char(c) => {
                    let quoted = serde_json::Value::from(c.to_string()).to_string();
                    self.push(&quoted[1..quoted.len() - 1]);
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
                (Term::Var(name), None) => self.push(name),
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

    fn call(&mut self, name: &str, args: &[Jq<'s>], at: At) -> Done {
        if at == At::Elsewhere {
            self.push(name);
            return self.arguments(args, |w, arg| w.value(arg, at));
        }
        if self.keeps_record(name, args) && matches!(name, "select" | "del" | "rename") {
            self.push(name);
            self.arguments(args, |w, arg| w.value(arg, at))?;
            self.push(" | .[0]");
            return Ok(());
        }
        let builtin = !self.defined.contains(&name);
        let from_arguments = FROM_ARGUMENTS.iter().find(|(n, arity, _)| *n == name && *arity == args.len());
        if let Some((_, _, see_record)) = from_arguments.filter(|_| builtin) {
            self.push(name);
            let mut place = 0;
            return self.arguments(args, |w, arg| {
                place += 1;
                w.value(arg, if place <= *see_record { At::Pair } else { At::Elsewhere })
            });
        }
        let names_docinfo = |arg: &Jq<'s>| terms::any(arg, &mut is_docinfo);
        let Some(unclear) = args.iter().rposition(names_docinfo) else {
            self.push(".[0] | ");
            self.push(name);
            return self.arguments(args, |w, arg| w.value(arg, At::Elsewhere));
        };
        if unclear > 0 || !builtin || !TAKES_VALUE.contains(&name) {
            return Err(Error::Unclear(docinfo_in(&args[unclear]), format!("an argument of `{name}`")));
        }
        self.in_parens(|w| w.value(&args[0], at))?;
        self.push(" as $__arg | .[0] | ");
        self.push(name);
        let mut first = true;
        self.arguments(args, |w, arg| match std::mem::take(&mut first) {
            true => {
                w.push("$__arg");
                Ok(())
            }
            false => w.value(arg, At::Elsewhere),
        })
    }

    fn arguments(&mut self, args: &[Jq<'s>], mut write: impl FnMut(&mut Self, &Jq<'s>) -> Done) -> Done {
        if args.is_empty() {
            return Ok(());
        }
        self.push("(");
        for (i, arg) in args.iter().enumerate() {
            if i > 0 {
                self.push("; ");
            }
            write(self, arg)?;
        }
        self.push(")");
        Ok(())
    }

    fn definitions(&mut self, defs: &[Def<&'s str, Jq<'s>>]) -> Done {
        self.defined.extend(defs.iter().map(|def| def.name));
        for def in defs {
            if terms::any(&def.body, &mut is_docinfo) {
                return Err(Error::Unclear(
                    docinfo_in(&def.body),
                    format!("the definition of `{}`", def.name),
                ));
            }
            write!(self.out, "def {}", def.name).expect("strings take all");
            if !def.args.is_empty() {
                write!(self.out, "({})", def.args.join("; ")).expect("strings take all");
            }
            self.push(": ");
            self.value(&def.body, At::Elsewhere)?;
            self.push("; ");
        }
        Ok(())
    }

    fn pattern(&mut self, pattern: &Pattern<&'s str>) -> Done {
        match pattern {
            Pattern::Var(name) => self.push(name),
            Pattern::Arr(items) => {
                self.push("[");
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        self.push(", ");
                    }
                    self.pattern(item)?;
                }
                self.push("]");
            }
            Pattern::Obj(fields) => {
                self.push("{");
                for (i, (name, value)) in fields.iter().enumerate() {
                    if i > 0 {
                        self.push(", ");
                    }
                    self.in_parens(|w| w.value(name, At::Elsewhere))?;
                    self.push(": ");
                    self.pattern(value)?;
                }
                self.push("}");
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

fn is_assignment(op: &BinaryOp<&str>) -> bool {
    match op {
        BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => true,
        BinaryOp::Pipe(_)
        | BinaryOp::Comma
        | BinaryOp::Alt
        | BinaryOp::Or
        | BinaryOp::And
        | BinaryOp::Math(_)
        | BinaryOp::Cmp(_) => false,
    }
}

/// A path that may lead to many places, or to places chosen by what is there.
fn is_iteration(term: &Jq<'_>) -> bool {
    match term {
        Term::Recurse | Term::Call(..) => true,
        Term::Path(_, Path(parts)) => parts.iter().any(|(part, _)| matches!(part, Part::Range(..))),
        _ => false,
    }
}

/// `._id`, or `_id` in `{_id}`.
fn is_docinfo(term: &Jq<'_>) -> bool {
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

fn docinfo_in(term: &Jq<'_>) -> String {
    let mut found = None;
    terms::any(term, &mut |term| {
        found = docinfo_name(term);
        found.is_some()
    });
    format!(".{}", found.unwrap_or_default())
}
