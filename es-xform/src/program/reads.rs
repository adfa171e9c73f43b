//! Which fields of `.` a term looks at, so that no more than these need to be decoded for it.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::path::{Part, Path};

use super::terms::{self, Jq};

/// Builtins that look at nothing but what their arguments give.
const OF_ARGUMENTS: [(&str, usize); 10] = [
    ("true", 0),
    ("false", 0),
    ("null", 0),
    ("now", 0),
    ("nan", 0),
    ("infinite", 0),
    ("error", 1),
    ("add", 1),
    ("isempty", 1),
    ("pow", 2),
];

/// The paths of what is read; `None`: all of it.
pub(crate) fn of(term: &Jq<'_>) -> Option<Vec<Vec<String>>> {
    let mut paths = Vec::new();
    collect(term, &mut paths)?;
    paths.sort();
    // Sorted, what a path begins with stands before it.
    paths.dedup_by(|longer, shorter| longer.starts_with(shorter));
    Some(paths)
}

fn collect(term: &Jq<'_>, paths: &mut Vec<Vec<String>>) -> Option<()> {
    match term {
        Term::Id | Term::Recurse | Term::Label(..) | Term::Def(..) => None,
        Term::Num(_) | Term::Var(_) | Term::Arr(None) | Term::Break(_) => Some(()),
        Term::Str(_, parts) => parts.iter().try_for_each(|part| match part {
            StrPart::Str(_) | StrPart::Char(_) => Some(()),
            StrPart::Term(term) => collect(term, paths),
        }),
        Term::Arr(Some(of)) | Term::Neg(of) => collect(of, paths),
        Term::Obj(fields) => fields.iter().try_for_each(|(name, value)| match value {
            Some(value) => {
                collect(name, paths)?;
                collect(value, paths)
            }
            None if matches!(name, Term::Var(_)) => Some(()),
            // `{a}` reads `.a`.
            None => {
                paths.push(vec![terms::string(name)?]);
                Some(())
            }
        }),
        Term::BinOp(left, op, right) => match op {
            // The right side sees what the left one gives.
            BinaryOp::Pipe(None) => collect(left, paths),
            BinaryOp::Pipe(Some(_))
            | BinaryOp::Comma
            | BinaryOp::Alt
            | BinaryOp::Or
            | BinaryOp::And
            | BinaryOp::Math(_)
            | BinaryOp::Cmp(_) => {
                collect(left, paths)?;
                collect(right, paths)
            }
            BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => None,
        },
        Term::Fold(_, source, _, args) => {
            collect(source, paths)?;
            collect(args.first()?, paths)
        }
        Term::TryCatch(body, _) => collect(body, paths),
        Term::IfThenElse(branches, otherwise) => {
            branches.iter().try_for_each(|(test, then)| {
                collect(test, paths)?;
                collect(then, paths)
            })?;
            // Without `else`, all passes.
            collect(otherwise.as_deref()?, paths)
        }
        Term::Call(name, args) if OF_ARGUMENTS.contains(&(*name, args.len())) => {
            args.iter().try_for_each(|arg| collect(arg, paths))
        }
        Term::Call(..) => None,
        Term::Path(head, Path(parts)) => {
            let inner = parts.iter().flat_map(|(part, _)| match part {
                Part::Index(index) => vec![index],
                Part::Range(from, to) => from.iter().chain(to).collect(),
            });
            inner
                .into_iter()
                .filter(|index| terms::string(index).is_none())
                .try_for_each(|i| collect(i, paths))?;
            if let Some(parts) = terms::parts(term) {
                let names: Vec<String> = parts
                    .iter()
                    .map_while(|(part, _)| match part {
                        Part::Index(name) => terms::string(name),
                        Part::Range(..) => None,
                    })
                    .collect();
                if names.is_empty() {
                    return None;
                }
                paths.push(names);
                return Some(());
            }
            collect(head, paths)
        }
    }
}
