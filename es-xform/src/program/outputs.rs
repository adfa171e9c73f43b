//! Which terms give exactly one output, or an error, whatever their input: only those can be computed beside edits.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::path::{Opt, Part, Path};

use super::terms::Jq;

/// Builtins that give one output for each output of their arguments.
const OF_VALUES: [&str; 85] = [
    "abs",
    "add",
    "all",
    "any",
    "ascii",
    "ascii_downcase",
    "ascii_upcase",
    "ceil",
    "contains",
    "date",
    "dateadd",
    "datesub",
    "endswith",
    "error",
    "explode",
    "exp",
    "exp10",
    "exp2",
    "fabs",
    "false",
    "flatten",
    "floor",
    "from_entries",
    "fromdate",
    "fromdateiso8601",
    "fromjson",
    "getpath",
    "gmtime",
    "gsub",
    "has",
    "implode",
    "index",
    "indices",
    "infinite",
    "inside",
    "isinfinite",
    "isnan",
    "isnormal",
    "join",
    "keys",
    "keys_unsorted",
    "length",
    "localtime",
    "log",
    "log10",
    "log2",
    "ltrim",
    "ltrimstr",
    "max",
    "min",
    "mktime",
    "nan",
    "not",
    "now",
    "null",
    "pow",
    "reverse",
    "rindex",
    "round",
    "rtrim",
    "rtrimstr",
    "setpath",
    "sort",
    "split",
    "sqrt",
    "startswith",
    "strflocaltime",
    "strftime",
    "strptime",
    "sub",
    "test",
    "to_entries",
    "toarray",
    "todate",
    "todateiso8601",
    "tojson",
    "tonumber",
    "tostring",
    "transpose",
    "trim",
    "trunc",
    "true",
    "type",
    "unique",
    "utf8bytelength",
];

/// Builtins that give one output whatever the outputs of their arguments are.
const OF_FILTERS: [(&str, usize); 18] = [
    ("map", 1),
    ("map_values", 1),
    ("with_entries", 1),
    ("del", 1),
    ("sort_by", 1),
    ("group_by", 1),
    ("min_by", 1),
    ("max_by", 1),
    ("unique_by", 1),
    ("add", 1),
    ("any", 1),
    ("any", 2),
    ("all", 1),
    ("all", 2),
    ("isempty", 1),
    ("pick", 1),
    ("del_keys", 1),
    ("rename", 2),
];

pub(crate) fn is_one(term: &Jq<'_>) -> bool {
    match term {
        Term::Id | Term::Num(_) | Term::Var(_) | Term::Arr(_) => true,
        Term::Str(_, parts) => parts.iter().all(|part| match part {
            StrPart::Str(_) | StrPart::Char(_) => true,
            StrPart::Term(term) => is_one(term),
        }),
        Term::Obj(fields) => {
            fields.iter().all(|(name, value)| is_one(name) && value.as_ref().is_none_or(is_one))
        }
        Term::Neg(of) => is_one(of),
        Term::BinOp(left, op, right) => match op {
            BinaryOp::Comma => false,
            // The updated value is the first output, or its place goes.
            BinaryOp::Update => true,
            BinaryOp::Pipe(Some(Pattern::Arr(_) | Pattern::Obj(_))) => false,
            BinaryOp::Pipe(_)
            | BinaryOp::Alt
            | BinaryOp::Or
            | BinaryOp::And
            | BinaryOp::Math(_)
            | BinaryOp::Cmp(_) => is_one(left) && is_one(right),
            BinaryOp::Assign | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => is_one(right),
        },
        Term::IfThenElse(branches, otherwise) => {
            branches.iter().all(|(test, then)| is_one(test) && is_one(then))
                && otherwise.as_deref().is_none_or(is_one)
        }
        Term::TryCatch(body, Some(catch)) => is_one(body) && is_one(catch),
        Term::Path(head, Path(parts)) => {
            is_one(head)
                && parts.iter().all(|(part, opt)| {
                    matches!(opt, Opt::Essential)
                        && match part {
                            Part::Index(index) => is_one(index),
                            Part::Range(None, None) => false,
                            Part::Range(from, to) => from.iter().chain(to).all(is_one),
                        }
                })
        }
        Term::Call(name, args) => {
            OF_FILTERS.contains(&(*name, args.len()))
                || OF_VALUES.contains(name)
                    && !matches!((*name, args.len()), ("indices", 0))
                    && args.iter().all(is_one)
                || name.starts_with('@') && args.is_empty()
        }
        Term::Fold("reduce", _, Pattern::Var(_), args) => args.iter().all(is_one),
        Term::Fold(..)
        | Term::TryCatch(_, None)
        | Term::Recurse
        | Term::Label(..)
        | Term::Break(_)
        | Term::Def(..) => false,
    }
}
