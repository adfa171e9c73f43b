//! Requests made visible without their secrets: as a curl command (`--curl`), and in the log (`-vv`).

use std::fmt;

use super::call::{Body, Call, Method};
use super::hosts::Host;
use super::mask;
use super::settings::Settings;

/// How much of a body is shown.
const SHOWN: usize = 1 << 10;
/// A longer body stands in no command line.
const TYPED: usize = 16 << 10;

/// The command that sends the same request; secrets are left for the person to fill in.
pub(super) fn curl(host: &Host, call: &Call, settings: &Settings) -> String {
    let mut words = vec!["curl".to_owned()];
    let mut say = |option: &str, value: &str| words.push(format!("{option} {}", quoted(value)));
    match call.method {
        Method::Get | Method::Post => {}
        Method::Head => say("-I", ""),
        Method::Put | Method::Delete => say("-X", call.method.name()),
    }
    for (name, value) in &host.headers {
        let scheme = value.expose().split_once(' ').filter(|_| name.eq_ignore_ascii_case("authorization"));
        say(
            "-H",
            &format!("{name}: {}***", scheme.map_or(String::new(), |(scheme, _)| format!("{scheme} "))),
        );
    }
    let tls = &settings.tls;
    for (option, file) in [("--cacert", &tls.ca_cert), ("--cert", &tls.cert), ("--key", &tls.key)] {
        if let Some(file) = file {
            say(option, &file.display().to_string());
        }
    }
    let body = match call.body {
        Body::None => None,
        Body::Json(body) => Some(("application/json", body)),
        Body::Ndjson(body) => Some(("application/x-ndjson", body)),
    };
    match (body, call.method) {
        (Some((content, body)), method) => {
            if method == Method::Get {
                say("-X", "GET");
            }
            say("-H", &format!("content-type: {content}"));
            match std::str::from_utf8(body) {
                Ok(text) if body.len() <= TYPED && masks(call.path) => {
                    say("--data-binary", &mask::json(text));
                }
                Ok(text) if body.len() <= TYPED => say("--data-binary", text),
                Ok(_) | Err(_) => say("--data-binary", "@BODY"),
            }
        }
        (None, Method::Post) => say("-X", "POST"),
        (None, Method::Get | Method::Head | Method::Put | Method::Delete) => {}
    }
    if settings.tls.insecure {
        words.push("-k".into());
    }
    if settings.compressed {
        words.push("--compressed".into());
    }
    words.push(quoted(&format!("{}{}", host.server, call.path)));
    let mut command = words.join(" ").replace("-I ''", "-I");
    if let Some((_, body)) = body.filter(|(_, body)| body.len() > TYPED || std::str::from_utf8(body).is_err())
    {
        command.push_str(&format!("\n# BODY holds {} bytes that begin with {}", body.len(), Cut(body)));
    }
    command
}

/// For a shell.
fn quoted(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@%,=+".contains(&b);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A request as `-vv` shows it.
pub(super) struct Request<'a>(pub(super) &'a Host, pub(super) &'a Call<'a>);

impl fmt::Display for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Request(host, call) = self;
        write!(f, "> {} {}{}", call.method.name(), host.name, call.path)?;
        for (name, _) in &host.headers {
            write!(f, ", {name}: ***")?;
        }
        match call.body {
            Body::None => Ok(()),
            Body::Json(body) | Body::Ndjson(body) => {
                write!(f, ", {} bytes: {}", body.len(), start(body, masks(call.path)))
            }
        }
    }
}

/// The headers of an answer. Cookies are credentials.
pub(super) fn headers<'a>(headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let shown = |(name, value): (&str, &'a [u8])| match name {
        "set-cookie" => format!("{name}: ***"),
        name => format!("{name}: {}", Cut(value)),
    };
    headers.map(shown).collect::<Vec<_>>().join(", ")
}

/// Whether what is sent to and comes from there may hold secrets: the settings of repositories did before the keystore.
pub(super) fn masks(path: &str) -> bool {
    path.starts_with("/_snapshot")
}

/// The beginning of a body as it may be shown.
pub(super) fn start(body: &[u8], masked: bool) -> String {
    let text = Cut(body).to_string();
    if masked { mask::json(&text) } else { text }
}

/// The beginning of what may be long and may be no text.
pub(super) struct Cut<'a>(pub(super) &'a [u8]);

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = &self.0[..self.0.len().min(SHOWN)];
        f.write_str(&String::from_utf8_lossy(shown))?;
        if shown.len() < self.0.len() { f.write_str("…") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tls::Tls;
    use crate::http::{Repeat, Secret, Server};

    fn host() -> Host {
        let headers = [("authorization", "ApiKey s3cret"), ("X-Token", "s3cret")];
        let headers = headers.map(|(name, value)| (name.to_owned(), Secret::new(value))).to_vec();
        Host::new(Server::parse("https://h:9200/es").unwrap().0, headers)
    }

    #[test]
    fn a_command_that_a_shell_takes_without_secrets() {
        let settings = Settings {
            tls: Tls { insecure: true, ca_cert: Some("my ca.pem".into()), ..Tls::default() },
            ..Settings::default()
        };
        let call = Call::post("/logs/_search?x=1&y=2", Body::Json(b"{\"a\":\"it's\"}"), Repeat::Safe);
        assert_eq!(
            curl(&host(), &call, &settings),
            r#"curl -H 'authorization: ApiKey ***' -H 'X-Token: ***' --cacert 'my ca.pem' -H 'content-type: application/json' --data-binary '{"a":"it'\''s"}' -k 'https://h:9200/es/logs/_search?x=1&y=2'"#
        );
        let large = vec![b'x'; 20_000];
        let shown = curl(&host(), &Call::post("/_bulk", Body::Ndjson(&large), Repeat::Safe), &settings);
        assert!(
            shown.contains("--data-binary @BODY") && shown.contains("# BODY holds 20000 bytes"),
            "{shown}"
        );
        let get = Call::get("/");
        assert!(curl(&host(), &get, &Settings::default()).ends_with(" https://h:9200/es/"));
        let head = Call { method: Method::Head, ..get };
        assert!(curl(&host(), &head, &Settings::default()).starts_with("curl -I -H"));
    }

    #[test]
    fn the_log_shows_no_secret_and_no_long_body() {
        let body = vec![b'x'; 5_000];
        let call = Call::post("/_bulk", Body::Ndjson(&body), Repeat::Safe);
        let shown = Request(&host(), &call).to_string();
        assert!(!shown.contains("s3cret") && shown.len() < 1_300, "{shown}");
        assert!(shown.contains("5000 bytes"), "{shown}");
        let body = br#"{"type":"s3","settings":{"bucket":"b","secret_key":"s3cret"}}"#;
        let call = Call { method: Method::Put, ..Call::post("/_snapshot/r", Body::Json(body), Repeat::Safe) };
        for shown in [Request(&host(), &call).to_string(), curl(&host(), &call, &Settings::default())] {
            assert!(!shown.contains("s3cret") && shown.contains("secret_key"), "{shown}");
        }
        let answer = headers([("set-cookie", &b"s3cret"[..]), ("warning", b"299 old")].into_iter());
        assert_eq!(answer, "set-cookie: ***, warning: 299 old");
    }
}
