//! What binds or changes, as text for the full language: `as`, `?//`, definitions, assignments.

use std::fmt::Write as _;

use jaq_core::load::parse::{Def, Pattern};

use super::docinfo::{At, Done, Writer, docinfo_in, is_docinfo};
use crate::program::error::Error;
use crate::program::outputs;
use crate::program::terms::{self, Assignment, Jq};
use crate::program::tokens;

impl<'s> Writer<'s, '_> {
    /// `left op right` as jq means it; `.` is what is changed.
    pub(crate) fn assignment(&mut self, left: &Jq<'s>, op: Assignment, right: &Jq<'s>, at: At) -> Done {
        match op {
            Assignment::Set => {
                self.push("__assign(");
                self.value(left, at)?;
                self.push("; ");
                self.value(right, at)?;
                self.push(")");
            }
            Assignment::Update => {
                self.push("__modify(");
                self.value(left, at)?;
                self.push("; ");
                self.value(right, At::Elsewhere)?;
                self.push(")");
            }
            Assignment::Math(math) => self.update_by(left, math.as_str(), right, at)?,
            Assignment::Default => self.update_by(left, "//", right, at)?,
        }
        Ok(())
    }

    fn update_by(&mut self, left: &Jq<'s>, op: &str, right: &Jq<'s>, at: At) -> Done {
        self.in_parens(|w| w.value(right, at))?;
        self.push(" as $__by | __modify(");
        self.value(left, at)?;
        write!(self.out, "; . {op} $__by)").expect("strings take all");
        Ok(())
    }

    /// `left as pattern | body`, with alternatives where the pattern has them.
    pub(crate) fn binding(
        &mut self,
        left: &Jq<'s>,
        pattern: &Pattern<&'s str>,
        at: At,
        body: &dyn Fn(&mut Self) -> Done,
    ) -> Done {
        let alternatives = match pattern {
            Pattern::Arr(items) => match items.split_first() {
                Some((Pattern::Var(tokens::ALTERNATIVES), alternatives)) => alternatives,
                _ => &[],
            },
            Pattern::Var(_) | Pattern::Obj(_) => &[],
        };
        let Some((last, before)) = alternatives.split_last() else {
            self.in_parens(|w| w.value(left, at))?;
            self.push(" as ");
            self.pattern(pattern)?;
            self.push(" | ");
            return body(self);
        };
        // An error, also of the body, goes on to the next pattern; all variables are there in each.
        self.push(". as $__input | ");
        self.in_parens(|w| w.value(left, at))?;
        self.push(" as $__value | ");
        let one = |w: &mut Self, pattern: &Pattern<&'s str>| {
            let mut bound = Vec::new();
            variables(pattern, &mut bound);
            let mut all = Vec::new();
            alternatives.iter().for_each(|other| variables(other, &mut all));
            w.push("$__input | ");
            for name in all.into_iter().filter(|name| !bound.contains(name)) {
                write!(w.out, "null as {name} | ").expect("strings take all");
            }
            w.push("$__value as ");
            w.pattern(pattern)?;
            w.push(" | ");
            w.in_parens(body)
        };
        for pattern in before {
            self.push("try ");
            self.in_parens(|w| one(w, pattern))?;
            self.push(" catch (");
        }
        one(self, last)?;
        before.iter().for_each(|_| self.push(")"));
        Ok(())
    }

    /// `reduce` and `foreach`: of an update with several outputs, the last one goes on.
    pub(crate) fn fold(
        &mut self,
        word: &str,
        source: &Jq<'s>,
        pattern: &Pattern<&'s str>,
        args: &[Jq<'s>],
        at: At,
    ) -> Done {
        write!(self.out, "{word} ").expect("strings take all");
        self.in_parens(|w| w.value(source, at))?;
        self.push(" as ");
        self.pattern(pattern)?;
        let mut place = 0;
        let several = args.get(1).is_some_and(|update| !outputs::is_one(update));
        if word == "foreach" && several {
            self.push("(");
            self.in_parens(|w| w.value(&args[0], at))?;
            self.push(" | [.]; [.[-1] | ");
            self.in_parens(|w| w.value(&args[1], At::Elsewhere))?;
            self.push("]; .[]");
            for out in &args[2..] {
                self.push(" | ");
                self.in_parens(|w| w.value(out, At::Elsewhere))?;
            }
            self.push(")");
            return Ok(());
        }
        self.arguments(args, |w, arg| {
            place += 1;
            match place {
                1 => w.value(arg, at),
                2 if several => {
                    w.push("__last(");
                    w.value(arg, At::Elsewhere)?;
                    w.push(")");
                    Ok(())
                }
                _ => w.value(arg, At::Elsewhere),
            }
        })
    }

    pub(crate) fn pattern(&mut self, pattern: &Pattern<&'s str>) -> Done {
        match pattern {
            // Names of our own start so.
            Pattern::Var(name) if name.starts_with("$__") => return Err(Error::Refused((*name).to_owned())),
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

    pub(crate) fn definitions(&mut self, defs: &[Def<&'s str, Jq<'s>>]) -> Done {
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
}

fn variables<'s>(pattern: &Pattern<&'s str>, names: &mut Vec<&'s str>) {
    match pattern {
        Pattern::Var(name) if names.contains(name) => {}
        Pattern::Var(name) => names.push(name),
        Pattern::Arr(items) => items.iter().for_each(|item| variables(item, names)),
        Pattern::Obj(fields) => fields.iter().for_each(|(_, value)| variables(value, names)),
    }
}
