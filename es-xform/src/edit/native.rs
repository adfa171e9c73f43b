//! Functions of one value that are done on its bytes. Where the bytes alone do not tell, there is no answer here and
//! the full language gives it: what is fast must not be different.

use es_core::record::scan::unescape;

use super::order::Type;
use super::record::Record;
use super::text::Text;
use super::tree::Value;
use crate::fault::Fault;
use crate::language::pattern::Pattern;
use crate::language::value;

#[derive(Clone, Debug)]
pub(crate) enum Native {
    ToString,
    ToNumber,
    Downcase,
    Upcase,
    StartsWith(String),
    EndsWith(String),
    TrimStart(String),
    TrimEnd(String),
    Type,
    Test {
        pattern: String,
        flags: String,
    },
    /// A constant in the place of what the pattern matches.
    Replace {
        pattern: String,
        flags: String,
        by: String,
    },
}

impl Native {
    /// The result; `None` where the full language is to be asked.
    pub(crate) fn apply(&self, record: &mut Record<'_>, of: Text) -> Result<Option<Value>, Fault> {
        let bytes = record.bytes(of);
        let kind = Type::of(bytes);
        if let Native::Type = self {
            return Ok(Some(Value::Text(record.keep(format!("\"{}\"", kind.name()).as_bytes())?)));
        }
        match (self, kind) {
            (Native::ToString, Type::String) => return Ok(Some(Value::Text(of))),
            (Native::ToString, Type::Number) if bytes == value::NAN => return Ok(None),
            (Native::ToString, Type::Number | Type::True | Type::False | Type::Null) => {
                let quoted = [b"\"", bytes, b"\""].concat();
                return Ok(Some(Value::Text(record.keep(&quoted)?)));
            }
            (Native::ToNumber, Type::Number) => return Ok(Some(Value::Text(of))),
            (_, Type::String) => {}
            _ => return Ok(None),
        }
        let inner = &bytes[1..bytes.len() - 1];
        let text = unescape(inner);
        let made = match self {
            Native::Type | Native::ToString => return Ok(None),
            Native::ToNumber => {
                if !is_number(&text) {
                    return Ok(None);
                }
                let number = text.into_owned();
                return Ok(Some(Value::Text(record.keep(&number)?)));
            }
            Native::StartsWith(start) => return Ok(Some(truth(record, text.starts_with(start.as_bytes())))),
            Native::EndsWith(end) => return Ok(Some(truth(record, text.ends_with(end.as_bytes())))),
            Native::Test { pattern, flags } => {
                let Ok(text) = std::str::from_utf8(&text) else { return Ok(None) };
                let is = Pattern::get(pattern, flags).and_then(|pattern| pattern.is_in(text));
                return Ok(Some(truth(record, is.map_err(Fault::Program)?)));
            }
            Native::Replace { pattern, flags, by } => {
                let Ok(text) = std::str::from_utf8(&text) else { return Ok(None) };
                let found = Pattern::get(pattern, flags).and_then(|pattern| pattern.matches(text));
                let found = found.map_err(Fault::Program)?;
                if found.is_empty() {
                    return Ok(Some(Value::Text(of)));
                }
                let (mut replaced, mut from) = (String::with_capacity(text.len()), 0);
                for one in found {
                    replaced.push_str(&text[from..one.start]);
                    replaced.push_str(by);
                    from = one.end;
                }
                replaced.push_str(&text[from..]);
                replaced.into_bytes()
            }
            Native::Downcase if !inner.iter().any(u8::is_ascii_uppercase) && inner == &*text => {
                return Ok(Some(Value::Text(of)));
            }
            Native::Downcase => text.to_ascii_lowercase(),
            Native::Upcase => text.to_ascii_uppercase(),
            Native::TrimStart(start) => match text.strip_prefix(start.as_bytes()) {
                Some(rest) => rest.to_vec(),
                None => return Ok(Some(Value::Text(of))),
            },
            Native::TrimEnd(end) => match text.strip_suffix(end.as_bytes()) {
                Some(rest) => rest.to_vec(),
                None => return Ok(Some(Value::Text(of))),
            },
        };
        let mut quoted = Vec::with_capacity(made.len() + 2);
        value::write_string(&made, &mut quoted);
        Ok(Some(Value::Text(record.keep(&quoted)?)))
    }
}

fn truth(record: &Record<'_>, is: bool) -> Value {
    Value::Text(record.names.boolean(is))
}

/// Whether a text is a number just as JSON writes it.
fn is_number(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'-' | b'0'..=b'9'))
        && text.last().is_some_and(u8::is_ascii_digit)
        && serde_json::from_slice::<&serde_json::value::RawValue>(text).is_ok()
}
