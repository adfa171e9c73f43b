//! What is masked in what is shown: the settings of repositories may hold keys, on servers before the keystore in what
//! they answer too; and what was typed as a URL may hold a password.

use std::borrow::Cow;

const MASK: &str = "***";

/// Whether a setting of this name is a secret. Rather one too many.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let parts = ["secret", "password", "passphrase", "token", "credential", "accesskey", "apikey"];
    // That of a key management service names a key and is none.
    let named = !name.ends_with("kms_key_id");
    parts.iter().any(|part| name.contains(part))
        || named && name.split(['.', '_', '-']).any(|word| matches!(word, "key" | "sas" | "sig"))
}

/// The value of a setting as it may be shown: also without user and password in a URL.
pub fn shown<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    if is_secret(name) { MASK.into() } else { without_userinfo(value) }
}

/// What was typed as a URL, without the password in it, whatever is wrong with the rest.
pub fn typed(text: &str) -> Cow<'_, str> {
    let Some(end) = text.rfind('@') else { return text.into() };
    let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let start = if known { text.len() - rest.trim_start_matches('/').len() } else { 0 };
    match text.get(start..end).and_then(|user_info| user_info.find(':')) {
        Some(colon) => format!("{}:{MASK}{}", &text[..start + colon], &text[end..]).into(),
        None => text.into(),
    }
}

fn without_userinfo(value: &str) -> Cow<'_, str> {
    let authority = value.find("://").map(|at| at + 3);
    let Some(start) = authority else { return value.into() };
    let end = value[start..].find(['/', '?', '#']).map_or(value.len(), |at| start + at);
    match value[start..end].rfind('@') {
        Some(at) => format!("{}{MASK}{}", &value[..start], &value[start + at..]).into(),
        None => value.into(),
    }
}

/// JSON text, which may be cut anywhere, with the values of secrets masked.
pub(super) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(quote) = rest.find('"') {
        let (name, after) = string(&rest[quote..]);
        out.push_str(&rest[..quote]);
        rest = after;
        let colon = after.trim_start().strip_prefix(':').map(str::trim_start);
        let Some(value) = colon else {
            out.push_str(&without_userinfo(name));
            continue;
        };
        out.push_str(name);
        if !is_secret(name.trim_matches('"')) {
            continue;
        }
        let after = match value.chars().next() {
            Some('"') => string(value).1,
            // What lies below has names of its own.
            Some('{' | '[') | None => continue,
            Some(_) => &value[value.find([',', '}', ']']).unwrap_or(value.len())..],
        };
        out.push_str(&rest[..rest.len() - value.len()]);
        out.push_str("\"***\"");
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A string with its quotes, or what there is of it, and what follows.
fn string(text: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return text.split_at(at + 1),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_secrets() {
        for name in [
            "access_key",
            "secret_key",
            "s3.client.default.session_token",
            "sas_token",
            "key",
            "conf.fs.azure.account.key.x",
            "PASSWORD",
            "conf.hadoop.secret",
            "accessKey",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in
            ["bucket", "base_path", "client", "location", "server_side_encryption_kms_key_id", "monkey"]
        {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn values_of_secrets_are_not_shown() {
        for (text, masked) in [
            (r#"{"bucket":"b","secret_key":"s3\"cret","x":1}"#, r#"{"bucket":"b","secret_key":"***","x":1}"#),
            (r#"{"token" : 17, "a":"secret_key"}"#, r#"{"token" : "***", "a":"secret_key"}"#),
            (r#"{"s3":{"access_key":"s3cre"#, r#"{"s3":{"access_key":"***""#),
            (r#"{"secret":{"password":"p","a":"b"}}"#, r#"{"secret":{"password":"***","a":"b"}}"#),
            (r#"{"url":"ftp://u:p@h/x"}"#, r#"{"url":"ftp://***@h/x"}"#),
            (r#"{"a\"#, r#"{"a\"#),
            ("<html>", "<html>"),
        ] {
            assert_eq!(json(text), masked);
        }
        assert_eq!(shown("url", "http://u:p@h/x?y=@"), "http://***@h/x?y=@");
        assert_eq!(shown("location", "/a@b"), "/a@b");
    }

    #[test]
    fn what_was_typed_is_shown_without_its_password() {
        for (text, masked) in [
            ("http://u:p/w@h:9200/x", "http://u:***@h:9200/x"),
            ("HTTPS:/u:p@h", "HTTPS:/u:***@h"),
            ("http:u:p@h", "http:u:***@h"),
            ("u:p:/w@h/logs", "u:***@h/logs"),
            ("u:@p@h", "u:***@h"),
            ("ftp://u:p@h", "ftp:***@h"),
            ("u@h:9200", "u@h:9200"),
            ("http:@", "http:@"),
            ("logs", "logs"),
        ] {
            assert_eq!(typed(text), masked);
        }
    }
}
