//! A strict script: these requests, in this order, and no others.

use std::collections::VecDeque;
use std::io;
use std::sync::Mutex;

use super::authority::{Authority, Trust};
use super::journal::Journal;
use super::listener::Service;
use super::reply::Reply;
use super::server::Server;
use super::wire::{Head, Request, Upload};
use crate::command::pattern::matches;

#[derive(Default)]
pub struct Script {
    steps: Mutex<VecDeque<Step>>,
    /// What comes after all steps is answered so.
    rest: Option<Reply>,
    journal: Journal,
}

struct Step {
    method: String,
    target: String,
    reply: Box<Answer>,
}

/// From all requests before this one.
type Answer = dyn Fn(&[Request]) -> Reply + Send + Sync;

impl Script {
    pub fn new() -> Self {
        Self::default()
    }

    /// Expects a request and answers it. A target without `?` leaves the query open, `[..]` in it any part.
    #[must_use]
    pub fn on(self, method: &str, target: &str, reply: Reply) -> Self {
        self.told(method, target, move |_| reply.clone())
    }

    /// The same, where the answer depends on what was asked before: names that the client makes up.
    #[must_use]
    pub fn told(
        self,
        method: &str,
        target: &str,
        reply: impl Fn(&[Request]) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let step = Step { method: method.into(), target: target.into(), reply: Box::new(reply) };
        self.steps.lock().expect("no panic while held").push_back(step);
        self
    }

    /// However often it is asked after all of these, it answers so.
    #[must_use]
    pub fn then_always(mut self, reply: Reply) -> Self {
        self.rest = Some(reply);
        self
    }

    pub fn start(self) -> Server<Self> {
        Server::start(self, None)
    }

    pub fn start_tls(self, authority: &Authority, trust: Trust) -> Server<Self> {
        Server::start(self, Some((authority, trust)))
    }

    /// All requests so far whose body was read.
    pub fn requests(&self) -> Vec<Request> {
        self.journal.requests()
    }
}

impl Service for Script {
    fn answer(&self, head: Head, upload: &mut Upload<'_>) -> io::Result<Reply> {
        let step = self.steps.lock().expect("no panic while held").pop_front();
        if let (None, Some(rest)) = (&step, &self.rest) {
            self.journal.request(Request::new(head, upload.read_all()?)?);
            return Ok(rest.clone());
        }
        let Some(step) = step.filter(|step| step.expects(&head)) else {
            let problem = format!("unexpected request: {} {}", head.method, shown(&head));
            self.journal.problem(problem.clone());
            upload.read_all()?;
            return Ok(Reply::new(500, "text/plain", problem));
        };
        let reply = (step.reply)(&self.journal.requests());
        match reply.unread {
            Some(bytes) => upload.read_some(bytes)?,
            None => self.journal.request(Request::new(head, upload.read_all()?)?),
        }
        Ok(reply)
    }

    fn problems(&self) -> Vec<String> {
        let mut problems = self.journal.problems();
        let steps = self.steps.lock().expect("no panic while held");
        problems.extend(steps.iter().map(|s| format!("request that never came: {} {}", s.method, s.target)));
        problems
    }
}

impl Step {
    fn expects(&self, head: &Head) -> bool {
        let target = if self.target.contains('?') { shown(head) } else { head.path.clone() };
        self.method == head.method && matches(&self.target, &target)
    }
}

/// Path and query, decoded.
fn shown(head: &Head) -> String {
    let query: Vec<_> = head.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
    if query.is_empty() { head.path.clone() } else { format!("{}?{}", head.path, query.join("&")) }
}
