//! What a term of a jq program says where it says something fixed: constants and paths of names.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::ops::Math;
use jaq_core::path::{Opt, Part, Path};

pub(crate) type Jq<'a> = Term<&'a str>;

/// The docinfo that a program may name.
pub(crate) const DOCINFO: [&str; 3] = ["_index", "_id", "_routing"];

/// Docinfo that belongs to the server: it is passed on or dropped, never set.
pub(crate) const SERVERS_OWN: [&str; 7] =
    ["_type", "_parent", "_version", "_seq_no", "_primary_term", "_score", "_ignored"];

/// The text of a string without interpolation.
pub(crate) fn string(term: &Jq<'_>) -> Option<String> {
    let Term::Str(None, parts) = term else { return None };
    let mut text = String::new();
    for part in parts {
        match part {
            StrPart::Str(s) => text.push_str(s),
            StrPart::Char(c) => text.push(*c),
            StrPart::Term(_) => return None,
        }
    }
    Some(text)
}

/// The names of `.a."b.c"["d"]`: a path that does not fail in silence.
pub(crate) fn names(term: &Jq<'_>) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for (part, opt) in parts(term)? {
        match (part, opt) {
            (Part::Index(name), Opt::Essential) => names.push(string(name)?),
            (Part::Index(_) | Part::Range(..), _) => return None,
        }
    }
    Some(names)
}

/// The steps of a path from `.`.
pub(crate) fn parts<'t, 's>(term: &'t Jq<'s>) -> Option<Vec<&'t (Part<Jq<'s>>, Opt)>> {
    match term {
        Term::Id => Some(Vec::new()),
        Term::Path(head, Path(parts)) => {
            let mut all = self::parts(head)?;
            all.extend(parts);
            Some(all)
        }
        _ => None,
    }
}

/// `rename(.items[].a; .items[].b)` means `.items?[]? |= rename(.a; .b)`: absent stays absent.
pub(crate) fn rename_of_items<'s>(args: &[Jq<'s>]) -> Option<Jq<'s>> {
    let [from, to] = args else { return None };
    let (from, to) = (parts(from)?, parts(to)?);
    let within = |parts: &[&(Part<Jq<'s>>, Opt)]| {
        parts.iter().rposition(|(part, _)| matches!(part, Part::Range(None, None)))
    };
    let last = within(&from)?;
    let same = within(&to)? == last && from[..=last].iter().zip(&to).all(|(a, b)| same_part(&a.0, &b.0));
    if !same || from.len() == last + 1 || to.len() == last + 1 {
        return None;
    }
    let path = |parts: &[&(Part<Jq<'s>>, Opt)]| {
        Term::Path(Box::new(Term::Id), Path(parts.iter().map(|(part, opt)| (part.clone(), *opt)).collect()))
    };
    let way = from[..=last].iter().map(|(part, _)| (part.clone(), Opt::Optional)).collect();
    let rename = Term::Call("rename", vec![path(&from[last + 1..]), path(&to[last + 1..])]);
    let way = Term::Path(Box::new(Term::Id), Path(way));
    Some(Term::BinOp(Box::new(way), BinaryOp::Update, Box::new(rename)))
}

fn same_part(a: &Part<Jq<'_>>, b: &Part<Jq<'_>>) -> bool {
    match (a, b) {
        (Part::Index(a), Part::Index(b)) => string(a).is_some() && string(a) == string(b),
        (Part::Range(None, None), Part::Range(None, None)) => true,
        _ => false,
    }
}

/// What `.key |= f` does to the key of an entry.
pub(crate) fn key_update<'t, 's>(term: &'t Jq<'s>) -> Option<&'t Jq<'s>> {
    match term {
        Term::BinOp(to, BinaryOp::Update, by) if names(to)? == ["key"] => Some(by),
        _ => None,
    }
}

/// `.name`, as `{name}` means it.
pub(crate) fn field<'s>(name: &Jq<'s>) -> Jq<'s> {
    Term::Path(Box::new(Term::Id), Path(vec![(Part::Index(name.clone()), Opt::Essential)]))
}

/// `[]` of a path.
pub(crate) fn each<'s>() -> Path<Jq<'s>> {
    Path(vec![(Part::Range(None, None), Opt::Essential)])
}

/// The paths of a list of paths; `.a | .b, .c` are two.
pub(crate) fn list<'s>(term: &Jq<'s>) -> Vec<Jq<'s>> {
    match term {
        Term::BinOp(left, BinaryOp::Comma, right) => {
            let mut items = list(left);
            items.extend(list(right));
            items
        }
        Term::BinOp(left, BinaryOp::Pipe(None), right) => {
            let (left, right) = (list(left), list(right));
            let pipe = |l: &Jq<'s>, r: &Jq<'s>| {
                Term::BinOp(Box::new(l.clone()), BinaryOp::Pipe(None), Box::new(r.clone()))
            };
            left.iter().flat_map(|l| right.iter().map(move |r| pipe(l, r))).collect()
        }
        item => vec![item.clone()],
    }
}

/// What an assignment does to the places on its left.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Assignment {
    /// `=`
    Set,
    /// `|=`
    Update,
    /// `+=` and its like.
    Math(Math),
    /// `//=`
    Default,
}

/// `None` for the operators that assign nothing.
pub(crate) fn assignment(op: &BinaryOp<&str>) -> Option<Assignment> {
    match op {
        BinaryOp::Assign => Some(Assignment::Set),
        BinaryOp::Update => Some(Assignment::Update),
        BinaryOp::UpdateMath(math) => Some(Assignment::Math(*math)),
        BinaryOp::UpdateAlt => Some(Assignment::Default),
        BinaryOp::Pipe(_)
        | BinaryOp::Comma
        | BinaryOp::Alt
        | BinaryOp::Or
        | BinaryOp::And
        | BinaryOp::Math(_)
        | BinaryOp::Cmp(_) => None,
    }
}

/// A text as JSON writes it.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The same without the quotes, to stand within others.
pub(crate) fn quoted_inner(text: &str) -> String {
    let quoted = quoted(text);
    quoted[1..quoted.len() - 1].to_owned()
}

/// A path as one would type it.
pub(crate) fn typed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for name in names {
        let mut bytes = name.bytes();
        let plain = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
            && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_');
        text.push('.');
        match plain {
            true => text.push_str(name),
            false => text.push_str(&quoted(name)),
        }
    }
    text
}

/// Whether `found` is true of the term or of one within it.
pub(crate) fn any(term: &Jq<'_>, found: &mut impl FnMut(&Jq<'_>) -> bool) -> bool {
    if found(term) {
        return true;
    }
    let mut hit = false;
    each_within(term, &mut |inner| hit = hit || any(inner, found));
    hit
}

fn each_within<'t, 's>(term: &'t Jq<'s>, f: &mut dyn FnMut(&'t Jq<'s>)) {
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Arr(None) | Term::Break(_) | Term::Var(_) => {}
        Term::Str(_, parts) => {
            for part in parts {
                match part {
                    StrPart::Term(inner) => f(inner),
                    StrPart::Str(_) | StrPart::Char(_) => {}
                }
            }
        }
        Term::Arr(Some(inner)) | Term::Neg(inner) | Term::Label(_, inner) => f(inner),
        Term::Obj(fields) => {
            for (name, value) in fields {
                f(name);
                value.iter().for_each(&mut *f);
            }
        }
        Term::BinOp(left, op, right) => {
            f(left);
            if let BinaryOp::Pipe(Some(pattern)) = op {
                each_in_pattern(pattern, f);
            }
            f(right);
        }
        Term::Fold(_, source, pattern, args) => {
            f(source);
            each_in_pattern(pattern, f);
            args.iter().for_each(f);
        }
        Term::TryCatch(body, catch) => {
            f(body);
            catch.iter().for_each(|catch| f(catch));
        }
        Term::IfThenElse(branches, otherwise) => {
            for (test, then) in branches {
                f(test);
                f(then);
            }
            otherwise.iter().for_each(|otherwise| f(otherwise));
        }
        Term::Def(defs, body) => {
            defs.iter().for_each(|def| f(&def.body));
            f(body);
        }
        Term::Call(_, args) => args.iter().for_each(f),
        Term::Path(head, Path(parts)) => {
            f(head);
            for (part, _) in parts {
                match part {
                    Part::Index(index) => f(index),
                    Part::Range(from, to) => from.iter().chain(to).for_each(&mut *f),
                }
            }
        }
    }
}

fn each_in_pattern<'t, 's>(
    pattern: &'t jaq_core::load::parse::Pattern<&'s str>,
    f: &mut dyn FnMut(&'t Jq<'s>),
) {
    use jaq_core::load::parse::Pattern;
    match pattern {
        Pattern::Var(_) => {}
        Pattern::Arr(items) => items.iter().for_each(|item| each_in_pattern(item, f)),
        Pattern::Obj(fields) => {
            for (name, value) in fields {
                f(name);
                each_in_pattern(value, f);
            }
        }
    }
}
