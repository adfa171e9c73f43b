//! From each layer's own errors to an exit status and a cure. Exhaustive: a new variant must choose both.

use std::error::Error as StdError;
use std::io::{self, Write};
use std::process::ExitCode;

use super::exit::Exit;
use super::report::Report;
use super::summary::Summary;
use crate::http;
use crate::record::stop::Why;
use crate::record::{Stop, lines, sink};
use crate::server;

/// An error that ends a run.
pub trait Fault: StdError {
    /// The error of a layer below, where this is nothing but that.
    fn below(&self) -> Option<&dyn Fault> {
        None
    }

    /// `Exit::Done` is for what is no fault after all, such as a reader of our output that has seen enough; it is
    /// not printed.
    fn exit(&self) -> Exit;

    /// What the person can do about it, when that is known.
    fn hint(&self) -> Option<String> {
        self.below()?.hint()
    }

    /// The error only repeats that the run was stopped, which the summary says already.
    fn is_stop(&self) -> bool {
        self.below().is_some_and(Fault::is_stop)
    }

    /// What was asked to be shown instead of being done (`--curl`): it goes to standard output.
    fn shown(&self) -> Option<&str> {
        self.below()?.shown()
    }
}

/// What this layer itself finds wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line, the environment or the configuration cannot be used. Nothing was sent.
    #[error("{0}")]
    Usage(String),

    /// Neither the target nor anything else names a server.
    #[error("TARGET is missing, and neither --url, ES_URL nor a profile names a server")]
    NoServer,

    /// It holds the text that was typed.
    #[error("`{0}` is {what}, and stands where TARGET should be", what = if .0 == "-" { "standard input" } else { "a file" })]
    FileAsTarget(String),

    #[error(transparent)]
    Http(#[from] http::Error),
}

impl Fault for Error {
    fn below(&self) -> Option<&dyn Fault> {
        match self {
            Error::Usage(_) | Error::NoServer | Error::FileAsTarget(_) => None,
            Error::Http(e) => Some(e),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Error::Usage(_) | Error::NoServer | Error::FileAsTarget(_) => Exit::Usage,
            Error::Http(e) => e.exit(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Error::Usage(_) => None,
            Error::NoServer => Some("TARGET is a server or an index, as in http://localhost:9200/logs".into()),
            Error::FileAsTarget(_) => Some(
                "TARGET is a server or an index, as in http://localhost:9200/logs; for an index of this name write \
                 its server too"
                    .into(),
            ),
            Error::Http(e) => e.hint(),
        }
    }
}

impl Fault for lines::Error {
    fn exit(&self) -> Exit {
        match self {
            lines::Error::Open { .. } | lines::Error::Read { .. } | lines::Error::Damaged { .. } => {
                Exit::Failed
            }
            lines::Error::Stopped => Exit::Unfinished,
        }
    }

    fn is_stop(&self) -> bool {
        matches!(self, lines::Error::Stopped)
    }
}

impl Fault for sink::Error {
    fn exit(&self) -> Exit {
        match self {
            sink::Error::Closed => Exit::Done,
            sink::Error::Stopped => Exit::Unfinished,
            sink::Error::Exists(_) => Exit::Usage,
            sink::Error::Locked(_) | sink::Error::Write { .. } => Exit::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        matches!(self, sink::Error::Exists(_)).then(|| "--force replaces it".into())
    }

    fn is_stop(&self) -> bool {
        matches!(self, sink::Error::Stopped)
    }
}

impl Fault for http::Error {
    fn exit(&self) -> Exit {
        match self {
            http::Error::Unreachable { .. }
            | http::Error::Lost { .. }
            | http::Error::TimedOut { .. }
            | http::Error::Stopped => Exit::Unfinished,
            http::Error::Tls { .. } | http::Error::Redirect { .. } | http::Error::Answer { .. } => {
                Exit::Failed
            }
            http::Error::Shown(_) => Exit::Done,
            http::Error::Config(_) => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            http::Error::Unreachable { host, .. }
                if !host[host.find("//").map_or(0, |i| i + 2)..].contains(':') =>
            {
                Some(format!("{host} has no port; a node listens on 9200 unless it was set otherwise"))
            }
            http::Error::Unreachable { host, .. } => {
                Some(format!("check that a server listens there: curl -v {host}"))
            }
            http::Error::Tls { why, .. } => Some(tls_hint(why).to_owned()),
            http::Error::Redirect { location, .. } => {
                Some(format!("if {location} is the right server, name it in the URL"))
            }
            http::Error::Answer { host, .. } if host.starts_with("http://") => {
                Some("does the server speak https? write https:// in the URL".into())
            }
            http::Error::TimedOut { .. } => Some(
                "--request-timeout sets how long a server may stay silent; before its first answer \
                     --connect-timeout does too"
                    .into(),
            ),
            http::Error::Lost { why, .. } if why.contains("https?") => {
                Some("if it does, write https:// in the URL".into())
            }
            http::Error::Lost { .. } => Some("--retry-max-time sets how long it is tried again".into()),
            http::Error::Answer { .. }
            | http::Error::Stopped
            | http::Error::Shown(_)
            | http::Error::Config(_) => None,
        }
    }

    fn is_stop(&self) -> bool {
        matches!(self, http::Error::Stopped)
    }

    fn shown(&self) -> Option<&str> {
        match self {
            http::Error::Shown(command) => Some(command),
            http::Error::Unreachable { .. }
            | http::Error::Lost { .. }
            | http::Error::TimedOut { .. }
            | http::Error::Tls { .. }
            | http::Error::Redirect { .. }
            | http::Error::Answer { .. }
            | http::Error::Stopped
            | http::Error::Config(_) => None,
        }
    }
}

impl Fault for server::Error {
    fn below(&self) -> Option<&dyn Fault> {
        match self {
            server::Error::Http(e) => Some(e),
            server::Error::Refused { .. }
            | server::Error::Busy { .. }
            | server::Error::Partial { .. }
            | server::Error::CursorLost { .. }
            | server::Error::Count { .. }
            | server::Error::Unreadable { .. }
            | server::Error::NotASearchServer { .. } => None,
        }
    }

    fn exit(&self) -> Exit {
        match self {
            server::Error::Http(e) => e.exit(),
            server::Error::Busy { .. } | server::Error::Partial { .. } | server::Error::CursorLost { .. } => {
                Exit::Unfinished
            }
            server::Error::Refused { .. }
            | server::Error::Count { .. }
            | server::Error::Unreadable { .. }
            | server::Error::NotASearchServer { .. } => Exit::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            server::Error::Http(e) => e.hint(),
            server::Error::Refused { refusal, .. } => credentials_hint(refusal.status).map(str::to_owned),
            server::Error::Busy { .. } => Some("--retry-max-time sets how long it is asked again".into()),
            server::Error::CursorLost { .. } => {
                Some("start again: a view that is opened anew is of another point in time".into())
            }
            server::Error::Partial { .. }
            | server::Error::Count { .. }
            | server::Error::Unreadable { .. }
            | server::Error::NotASearchServer { .. } => None,
        }
    }
}

fn tls_hint(why: &str) -> &'static str {
    let why = why.to_ascii_lowercase();
    if why.contains("received fatal alert") && (why.contains("certificate") || why.contains("unknownca")) {
        // What the server says of ours. Java's servers call a missing one bad.
        "the server wants a client certificate that it can verify: --cert FILE --key FILE"
    } else if why.contains("invalidcontenttype") || why.contains("corrupt message") {
        "does the server speak plain http? write http:// in the URL"
    } else if why.contains("certificate") {
        "--cacert FILE names the authority that signed the server's certificate; -k asks for no proof at all"
    } else {
        "--cacert, --cert and --key name one's own certificates"
    }
}

/// The hint for an answer that refuses who we are, for those who judge answers.
pub fn credentials_hint(status: u16) -> Option<&'static str> {
    match status {
        401 => Some("-u NAME, --api-key-file FILE or a profile (-P NAME) says who you are"),
        403 => Some("this user or key lacks a privilege that is needed here"),
        _ => None,
    }
}

/// The last words of a run, and its status: that of the error, of the counts, or of the signal, whichever says
/// most. The summary is the last line.
pub fn finish<E: Fault>(
    report: &Report,
    stop: &Stop,
    outcome: Result<Exit, E>,
    summary: Option<Summary>,
) -> ExitCode {
    let mut exit = outcome.as_ref().map_or_else(Fault::exit, |exit| *exit);
    if let Some(summary) = &summary {
        exit = exit.worse(summary.tally.exit());
    }
    if let Some(Why::Signal(n)) = stop.why() {
        exit = exit.worse(Exit::Signal(n));
    }
    if let Err(e) = &outcome {
        if let Some(shown) = e.shown() {
            // A reader that has gone away wants no more of it.
            let _ = writeln!(io::stdout(), "{shown}");
        } else if e.exit() != Exit::Done && !e.is_stop() {
            report.error(&chain(e), e.hint().as_deref(), exit);
        }
    }
    if let Some(summary) = &summary {
        report.summary(summary, exit);
    }
    exit.leave()
}

/// An error with its causes, where they say more than it does itself.
fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(e) = cause {
        let more = e.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = e.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_its_status_and_cure() {
        let host: std::sync::Arc<str> = "http://h:9200".into();
        let tls = |why: &str| http::Error::Tls { host: host.clone(), why: why.into() };
        let table = [
            (http::Error::Unreachable { host: "http://h".into(), why: String::new() }, 5, "9200"),
            (http::Error::Unreachable { host: host.clone(), why: String::new() }, 5, "curl -v http://h:9200"),
            (http::Error::Lost { host: host.clone(), why: String::new(), sending: false }, 5, ""),
            (tls("invalid peer certificate: UnknownIssuer"), 1, "--cacert"),
            (tls("received fatal alert: CertificateRequired"), 1, "--cert FILE"),
            (tls("received fatal alert: BadCertificate"), 1, "--cert FILE"),
            (tls("received fatal alert: UnknownCA"), 1, "--cert FILE"),
            (tls("invalid peer certificate: Expired"), 1, "--cacert FILE"),
            (
                http::Error::Redirect { host: host.clone(), status: 302, location: "http://x/".into() },
                1,
                "http://x/",
            ),
            (http::Error::Config("x".into()), 2, ""),
        ];
        for (error, exit, hint) in table {
            assert_eq!(error.exit().number(), exit, "{error}");
            assert!(error.hint().unwrap_or_default().contains(hint), "{error}: {:?}", error.hint());
        }
    }
}
