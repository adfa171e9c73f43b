//! One question, one JSON answer that is held whole: control requests, never documents.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::error::Error;
use super::refusal::Refusal;
use crate::http::{self, Answer, Call, Client, Repeat};

/// How long the answer to a call may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It says that something was done.
    Done,
    /// It names one thing.
    One,
    /// A list; the longest are of tens of thousands of snapshots, with the indices of each.
    List,
}

impl Held {
    fn bytes(self) -> usize {
        match self {
            Held::Done => 1 << 20,
            Held::One => 16 << 20,
            Held::List => 512 << 20,
        }
    }
}

/// Sends `call` and reads what comes; `what` is what we were doing, for the messages.
///
/// # Errors
/// When no answer came, it says no (400 and above), it is longer than it may be or not what was expected.
pub fn ask<T: DeserializeOwned>(client: &Client, call: &Call, held: Held, what: &str) -> Result<T, Error> {
    read(client.call(call)?, held, what)
}

/// The same for an answer that has come.
///
/// # Errors
/// As [`ask`].
pub fn read<T: DeserializeOwned>(answer: Answer, held: Held, what: &str) -> Result<T, Error> {
    let (status, host) = (answer.status, Arc::clone(&answer.host));
    let body = answer.bytes(held.bytes())?;
    if status >= 400 {
        return Err(Error::refused(what, host, Refusal::parse(status, &body)));
    }
    serde_json::from_slice(&body).map_err(|e| Error::Unreadable {
        what: what.to_owned(),
        host,
        why: e.to_string(),
    })
}

/// The first answer, also one that says "not now": for those who look for a reason in it.
pub(super) fn first(client: &Client, call: &Call) -> Result<Answer, http::Error> {
    // A call that may not be repeated is asked again only where nothing was sent.
    match client.call(&Call { repeat: Repeat::Unsafe, ..call.clone() }) {
        Err(http::Error::Lost { .. } | http::Error::TimedOut { .. }) => client.call(call),
        answer => answer,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;
    use crate::http::target::Target;
    use crate::http::{Host, Settings};
    use crate::record::Stop;

    /// What comes of an answer that is a text of so many bytes.
    fn asked(length: usize, held: Held) -> Result<String, Error> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            let mut stream = BufReader::new(listener.accept().unwrap().0);
            let mut line = String::new();
            while stream.read_line(&mut line).unwrap() > 2 {
                line.clear();
            }
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
            let text = format!("{head}\"{}\"", "x".repeat(length - 2));
            // Who does not want it all goes away.
            let _ = stream.get_mut().write_all(text.as_bytes());
        });
        let server = Target::parse(&url).unwrap().server.unwrap();
        let hosts = vec![Host::new(server, Vec::new())];
        let client = Client::new(hosts, Settings::default(), &Stop::new().unwrap()).unwrap();
        ask(&client, &Call::get("/"), held, "asking")
    }

    #[test]
    fn an_answer_is_held_as_far_as_its_kind_may_be_long() {
        assert_eq!(asked(1 << 20, Held::Done).unwrap().len(), (1 << 20) - 2);
        assert_eq!(asked((1 << 20) + 1, Held::One).unwrap().len(), (1 << 20) - 1);
        let error = asked((1 << 20) + 1, Held::Done).unwrap_err().to_string();
        assert!(error.ends_with("it is longer than 1048576 bytes"), "{error}");
    }
}
