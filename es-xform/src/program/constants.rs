//! Terms that are the same for every record, as JSON texts.

use jaq_core::load::parse::{BinaryOp, Term};

use super::terms::{Jq, quoted, string};
use super::variables::Variables;

/// The JSON text of a constant; numbers stay as typed.
pub(super) fn text(term: &Jq<'_>, variables: &Variables) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write_constant(term, variables, &mut out)?;
    Some(out)
}

fn write_constant(term: &Jq<'_>, variables: &Variables, out: &mut Vec<u8>) -> Option<()> {
    match term {
        Term::Num(digits) => {
            // jq reads `007` and `1.`, JSON does not.
            serde_json::from_str::<&serde_json::value::RawValue>(digits).ok()?;
            out.extend_from_slice(digits.as_bytes());
        }
        Term::Neg(number) => match &**number {
            Term::Num(_) => {
                out.push(b'-');
                write_constant(number, variables, out)?;
            }
            _ => return None,
        },
        Term::Str(..) => push_string(&string(term)?, out),
        Term::Call(word @ ("true" | "false" | "null"), args) if args.is_empty() => {
            out.extend_from_slice(word.as_bytes());
        }
        Term::Var(name) => out.extend_from_slice(variables.text(name)?.as_bytes()),
        Term::Arr(None) => out.extend_from_slice(b"[]"),
        Term::Arr(Some(items)) => {
            out.push(b'[');
            write_items(items, variables, out)?;
            out.push(b']');
        }
        Term::Obj(fields) => {
            let mut seen = Vec::new();
            out.push(b'{');
            for (name, value) in fields {
                let name = string(name)?;
                if seen.contains(&name) {
                    return None;
                }
                if !seen.is_empty() {
                    out.push(b',');
                }
                push_string(&name, out);
                out.push(b':');
                write_constant(value.as_ref()?, variables, out)?;
                seen.push(name);
            }
            out.push(b'}');
        }
        _ => return None,
    }
    Some(())
}

fn write_items(items: &Jq<'_>, variables: &Variables, out: &mut Vec<u8>) -> Option<()> {
    match items {
        Term::BinOp(left, BinaryOp::Comma, right) => {
            write_items(left, variables, out)?;
            out.push(b',');
            write_items(right, variables, out)
        }
        item => write_constant(item, variables, out),
    }
}

fn push_string(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(quoted(text).as_bytes());
}

/// The text of a constant string.
pub(super) fn string_of(term: &Jq<'_>, variables: &Variables) -> Option<String> {
    serde_json::from_slice(&text(term, variables)?).ok()
}
