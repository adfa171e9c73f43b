//! A term as one would type it, for the words in which a program is explained and counted.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::ops::Math;
use jaq_core::path::{Opt, Part, Path};

use super::terms::{self, Jq};

pub(crate) fn typed(term: &Jq<'_>) -> String {
    within(term, 0)
}

/// How tightly an operator binds; what binds less than its surroundings goes into parentheses.
fn strength(op: &BinaryOp<&str>) -> u8 {
    match op {
        BinaryOp::Pipe(_) => 1,
        BinaryOp::Comma => 2,
        BinaryOp::Alt => 3,
        BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => 4,
        BinaryOp::Or => 5,
        BinaryOp::And => 6,
        BinaryOp::Cmp(_) => 7,
        BinaryOp::Math(Math::Add | Math::Sub) => 8,
        BinaryOp::Math(Math::Mul | Math::Div | Math::Rem) => 9,
    }
}

fn sign(op: &BinaryOp<&str>) -> String {
    match op {
        BinaryOp::Pipe(None) => "|".to_owned(),
        BinaryOp::Pipe(Some(pattern)) => format!("as {} |", bound(pattern)),
        BinaryOp::Comma => ",".to_owned(),
        BinaryOp::Alt => "//".to_owned(),
        BinaryOp::Or => "or".to_owned(),
        BinaryOp::And => "and".to_owned(),
        BinaryOp::Math(math) => math.as_str().to_owned(),
        BinaryOp::Cmp(cmp) => cmp.as_str().to_owned(),
        BinaryOp::Assign => "=".to_owned(),
        BinaryOp::Update => "|=".to_owned(),
        BinaryOp::UpdateMath(math) => format!("{}=", math.as_str()),
        BinaryOp::UpdateAlt => "//=".to_owned(),
    }
}

fn within(term: &Jq<'_>, least: u8) -> String {
    match term {
        Term::BinOp(left, op, right) => {
            let own = strength(op);
            let right_least = if own <= 3 { own } else { own + 1 };
            let (left, sign, right) = (within(left, own + 1), sign(op), within(right, right_least));
            let text = match op {
                BinaryOp::Comma => format!("{left}, {right}"),
                _ => format!("{left} {sign} {right}"),
            };
            if own < least { format!("({text})") } else { text }
        }
        Term::Id => ".".to_owned(),
        Term::Recurse => "..".to_owned(),
        Term::Num(digits) => (*digits).to_owned(),
        Term::Str(format, parts) => {
            let format = format.map(|name| format!("{name} ")).unwrap_or_default();
            format!("{format}{}", string(parts))
        }
        Term::Arr(None) => "[]".to_owned(),
        Term::Arr(Some(items)) => format!("[{}]", typed(items)),
        Term::Obj(fields) => {
            let fields: Vec<String> = fields.iter().map(field).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Term::Neg(number) => format!("-{}", within(number, 10)),
        Term::Label(name, body) => format!("(label {name} | {})", typed(body)),
        Term::Break(name) => format!("break {name}"),
        Term::Fold(word, source, pattern, args) => {
            format!("{word} {} as {} ({})", within(source, 10), bound(pattern), joined(args))
        }
        Term::TryCatch(body, None) => format!("try {}", within(body, 10)),
        Term::TryCatch(body, Some(catch)) => format!("try {} catch {}", within(body, 10), within(catch, 10)),
        Term::IfThenElse(branches, otherwise) => {
            let branches: Vec<String> = branches
                .iter()
                .map(|(test, then)| format!("if {} then {}", typed(test), typed(then)))
                .collect();
            let otherwise =
                otherwise.as_ref().map(|term| format!(" else {}", typed(term))).unwrap_or_default();
            format!("{}{otherwise} end", branches.join(" el"))
        }
        Term::Def(_, body) => format!("(def …; {})", typed(body)),
        Term::Call(name, args) if args.is_empty() => (*name).to_owned(),
        Term::Call(name, args) => format!("{name}({})", joined(args)),
        Term::Var(name) => (*name).to_owned(),
        Term::Path(head, Path(parts)) => path(head, parts),
    }
}

fn joined(args: &[Jq<'_>]) -> String {
    args.iter().map(typed).collect::<Vec<_>>().join("; ")
}

fn field(field: &(Jq<'_>, Option<Jq<'_>>)) -> String {
    let name = match terms::string(&field.0) {
        Some(name) => terms::typed([name.as_str()].into_iter())[1..].to_owned(),
        None => within(&field.0, 10),
    };
    match &field.1 {
        Some(value) => format!("{name}: {}", within(value, 3)),
        None => name,
    }
}

fn path(head: &Jq<'_>, parts: &[(Part<Jq<'_>>, Opt)]) -> String {
    let mut text = match head {
        Term::Id => String::new(),
        head => within(head, 10),
    };
    for (part, opt) in parts {
        match part {
            Part::Index(index) => match terms::string(index) {
                Some(name) => text.push_str(&terms::typed([name.as_str()].into_iter())),
                None => text.push_str(&format!("{}[{}]", dot(&text), typed(index))),
            },
            Part::Range(from, to) => {
                let end = |term: &Option<Jq<'_>>| term.as_ref().map(typed).unwrap_or_default();
                let colon = if from.is_some() || to.is_some() { ":" } else { "" };
                text.push_str(&format!("{}[{}{colon}{}]", dot(&text), end(from), end(to)));
            }
        }
        match opt {
            Opt::Optional => text.push('?'),
            Opt::Essential => {}
        }
    }
    text
}

fn dot(before: &str) -> &'static str {
    if before.is_empty() { "." } else { "" }
}

fn string(parts: &[StrPart<&str, Jq<'_>>]) -> String {
    let mut text = String::from("\"");
    for part in parts {
        match part {
            StrPart::Str(plain) => text.push_str(plain),
            StrPart::Char(c) => {
                text.push_str(&terms::quoted_inner(&c.to_string()));
            }
            StrPart::Term(term) => text.push_str(&format!("\\({})", typed(term))),
        }
    }
    text.push('"');
    text
}

fn bound(pattern: &Pattern<&str>) -> String {
    match pattern {
        Pattern::Var(name) => (*name).to_owned(),
        Pattern::Arr(items) => format!("[{}]", items.iter().map(bound).collect::<Vec<_>>().join(", ")),
        Pattern::Obj(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}: {}", within(name, 10), bound(value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
    }
}
