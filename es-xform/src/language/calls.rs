//! Calls of functions as text for the full language. Where `.` is the record's pair, a function sees the document, and
//! so do its arguments, unless they are known to be computed before that.

use super::docinfo::{At, Done, Writer, docinfo_in, is_docinfo};
use crate::program::error::Error;
use crate::program::terms::{self, Jq};

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

impl<'s> Writer<'s, '_> {
    pub(crate) fn call(&mut self, name: &str, args: &[Jq<'s>], at: At) -> Done {
        if name == "rename"
            && !self.defined.contains(&name)
            && let Some(renames) = terms::rename_of_items(args)
        {
            return self.value(&renames, at);
        }
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

    pub(crate) fn arguments(
        &mut self,
        args: &[Jq<'s>],
        mut write: impl FnMut(&mut Self, &Jq<'s>) -> Done,
    ) -> Done {
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
}
