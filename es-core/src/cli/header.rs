//! Headers as they are typed after -H, or stand in a file.

use std::path::Path;

use super::error::Error;
use super::secrets;
use crate::http::Secret;

pub(super) fn parse_headers(given: &[String]) -> Result<Vec<(String, Secret)>, Error> {
    let mut headers = Vec::new();
    for text in given {
        match text.strip_prefix('@') {
            None => headers.push(parse_header(text)?),
            Some(file) => {
                for line in secrets::private_text(Path::new(file))?.lines().filter(|l| !l.trim().is_empty()) {
                    headers.push(parse_header(line)?);
                }
            }
        }
    }
    Ok(headers)
}

/// The message has no more of it than its name, for the value may be secret.
fn parse_header(text: &str) -> Result<(String, Secret), Error> {
    let Some((name, value)) = text.split_once(':') else {
        return Err(Error::Usage("a header is written as 'Name: value'".into()));
    };
    let (name, value) = (name.trim(), value.trim());
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if name.is_empty() || !name.bytes().all(token) {
        return Err(Error::Usage("a header is written as 'Name: value'".into()));
    }
    if value.bytes().any(|b| (b < b' ' && b != b'\t') || b == 0x7f) {
        return Err(Error::Usage(format!("the value of the header {name} holds control characters")));
    }
    Ok((name.to_owned(), Secret::new(value)))
}
