//! The error object of a server, in all the forms it comes in, as one type and one reason.

use serde_json::Value;

/// Why a server would not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    /// The server's name for it, such as `index_not_found_exception`; empty where it has none.
    pub kind: String,
    pub reason: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.status)?;
        match (self.kind.is_empty(), self.reason.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => write!(f, " {}", self.reason),
            (false, true) => write!(f, " {}", self.kind),
            (false, false) => write!(f, " {}: {}", self.kind, self.reason),
        }
    }
}

impl Refusal {
    /// From the body of an answer. A body that is no JSON (a proxy's page) becomes the start of its text.
    pub fn parse(status: u16, body: &[u8]) -> Refusal {
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return Refusal { status, kind: String::new(), reason: text_of(body) };
        };
        match value.get("error") {
            Some(error) => Refusal::of_error(status, error),
            // Hosted services put a proxy before the server that speaks like this.
            None => {
                let reason = ["message", "Message"].iter().find_map(|key| value.get(key)?.as_str());
                Refusal { status, kind: String::new(), reason: reason.unwrap_or_default().to_owned() }
            }
        }
    }

    /// There is no such index any more, or it was closed.
    pub fn is_gone(&self) -> bool {
        self.status == 404 || self.kind == "index_closed_exception"
    }

    /// From the error object of an answer, an item or a shard: text before 2.0, an object since. "All shards
    /// failed" says nothing; the failure of the first of them does.
    pub fn of_error(status: u16, error: &Value) -> Refusal {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(reason) = error.as_str() {
            return Refusal { status, kind: String::new(), reason: reason.to_owned() };
        }
        let shard = error.pointer("/failed_shards/0/reason").filter(|cause| cause.is_object());
        let cause = shard.unwrap_or(error);
        let mut reason = text(cause.get("reason"));
        // The reason of a document that does not fit its mapping is told by what caused it; that of a repository that
        // cannot be read by the last of several causes.
        let mut below = cause.get("caused_by");
        while let Some(deeper) = below {
            // The reasons of these are a bare path.
            let lead = match text(deeper.get("type")).as_str() {
                "access_denied_exception" => "access denied: ",
                "no_such_file_exception" => "no such file: ",
                _ => "",
            };
            let said = text(deeper.get("reason"));
            if !said.is_empty() && !reason.contains(&said) {
                reason = format!("{reason}: {lead}{said}");
            }
            below = deeper.get("caused_by");
        }
        Refusal { status, kind: text(cause.get("type")), reason }
    }
}

fn text_of(body: &[u8]) -> String {
    let start = &body[..body.len().min(200)];
    String::from_utf8_lossy(start).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_gives_type_and_reason() {
        for (body, text) in [
            (r#"{"error":{"type":"a_exception","reason":"why"},"status":400}"#, "400 a_exception: why"),
            (
                r#"{"error":{"type":"search_phase_execution_exception","reason":"all shards failed","failed_shards":[{"shard":0,"reason":{"type":"b","reason":"c","caused_by":{"type":"d","reason":"e"}}}]}}"#,
                "400 b: c: e",
            ),
            (
                r#"{"error":{"type":"a","reason":"b","caused_by":{"type":"c","reason":"d","caused_by":{"type":"access_denied_exception","reason":"/e"}}}}"#,
                "400 a: b: d: access denied: /e",
            ),
            (
                r#"{"error":"IndexMissingException[[x] missing]","status":404}"#,
                "400 IndexMissingException[[x] missing]",
            ),
            (r#"{"message":"Forbidden"}"#, "400 Forbidden"),
            ("<html>\n <body>Bad Gateway</body>", "400 <html> <body>Bad Gateway</body>"),
            ("", "400"),
        ] {
            assert_eq!(Refusal::parse(400, body.as_bytes()).to_string(), text);
        }
    }
}
