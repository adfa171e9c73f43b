//! Faults by rule: which request, how often, and what goes wrong.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::bulk::{Item, Refusal};
use super::call::Call;
use super::cluster::Cluster;
use super::page::Page;
use super::reply::Reply;
use super::wire::Request;

/// What goes wrong. All but `Instead` let the model do its work.
#[derive(Clone)]
pub(crate) enum Act {
    Instead(Reply),
    Before(Arc<dyn Fn(&Cluster) + Send + Sync>),
    After(Arc<dyn Fn(Reply) -> Reply + Send + Sync>),
    Page(Arc<dyn Fn(&mut Page) + Send + Sync>),
    Items(Arc<Refuse>),
}

type Refuse = dyn Fn(&Item) -> Option<Refusal> + Send + Sync;
type Test = Box<dyn Fn(&Request) -> bool + Send + Sync>;

/// A rule being made. It counts when one of the methods that say what goes wrong is called.
#[must_use = "a rule does nothing until it says what goes wrong"]
pub struct Rule<'a> {
    rules: &'a Rules,
    call: Call,
    larger: Option<usize>,
    test: Option<Test>,
    first: usize,
    times: usize,
    during: Option<Duration>,
    optional: bool,
}

impl<'a> Rule<'a> {
    pub(crate) fn new(rules: &'a Rules, call: Call) -> Self {
        Self { rules, call, larger: None, test: None, first: 1, times: 1, during: None, optional: false }
    }

    /// The n-th such request since the rule was made, counted from 1. The first by default.
    pub fn nth(mut self, n: usize) -> Self {
        self.first = n;
        self
    }

    /// So many in a row. One by default.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// All from there on.
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// All from there on, until so much time has passed since the first.
    pub fn during(mut self, time: Duration) -> Self {
        self.during = Some(time);
        self.always()
    }

    /// It may be that no such request comes.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Only requests with a longer body, as `Content-Length` has it.
    pub fn larger_than(mut self, bytes: usize) -> Self {
        self.larger = Some(bytes);
        self
    }

    /// Only requests that pass this test. The body is read before the rule is applied.
    pub fn when(mut self, test: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Self {
        self.test = Some(Box::new(test));
        self
    }

    /// This answer comes instead, and nothing is done.
    pub fn reply(self, reply: Reply) {
        self.act(Act::Instead(reply));
    }

    /// The request is read, not applied, and the connection closed.
    pub fn drop_request(self) {
        self.reply(Reply::closed());
    }

    /// The connection is closed before the body is read.
    pub fn drop_unread(self) {
        self.reply(Reply::closed().after_reading(0));
    }

    /// The connection is reset when so much of the body has come.
    pub fn reset_after(self, bytes: usize) {
        self.reply(Reply::reset().after_reading(bytes));
    }

    /// The request is applied, and its answer lost.
    pub fn lose(self) {
        self.after(Reply::lost);
    }

    /// The request is applied, and only the first bytes of its answer arrive.
    pub fn cut(self, bytes: usize) {
        self.after(move |reply| reply.cut_after(bytes));
    }

    /// The request is applied, and its answer comes later.
    pub fn hold(self, time: Duration) {
        self.after(move |reply| reply.held(time));
    }

    /// The request is applied, and its answer changed.
    pub fn after(self, change: impl Fn(Reply) -> Reply + Send + Sync + 'static) {
        self.act(Act::After(Arc::new(change)));
    }

    /// Something happens to the cluster just before the request is applied.
    pub fn before(self, change: impl Fn(&Cluster) + Send + Sync + 'static) {
        self.act(Act::Before(Arc::new(change)));
    }

    /// The page that is answered is changed.
    pub fn page(self, change: impl Fn(&mut Page) + Send + Sync + 'static) {
        self.act(Act::Page(Arc::new(change)));
    }

    /// Some items of the bulk are refused and not applied.
    pub fn items(self, refuse: impl Fn(&Item) -> Option<Refusal> + Send + Sync + 'static) {
        self.act(Act::Items(Arc::new(refuse)));
    }

    fn act(self, act: Act) {
        let Self { rules, call, larger, test, first, times, during, optional } = self;
        let last = first.saturating_add(times - 1);
        let entry =
            Entry { call, larger, test, first, last, during, optional, began: None, seen: 0, used: 0, act };
        rules.0.lock().expect("no panic while held").push(entry);
    }
}

/// The rules in the order they were made. The first that applies to a request is taken.
#[derive(Default)]
pub(crate) struct Rules(Mutex<Vec<Entry>>);

struct Entry {
    call: Call,
    larger: Option<usize>,
    test: Option<Test>,
    first: usize,
    last: usize,
    during: Option<Duration>,
    optional: bool,
    began: Option<Instant>,
    seen: usize,
    used: usize,
    act: Act,
}

impl Rules {
    /// Does a rule want to look at the body of such a request?
    pub(crate) fn need_body(&self, call: Call) -> bool {
        let entries = self.0.lock().expect("no panic while held");
        entries.iter().any(|entry| entry.call == call && entry.test.is_some())
    }

    /// What goes wrong with this request. Every rule that it matches counts it.
    pub(crate) fn decide(&self, call: Call, request: &Request) -> Option<Act> {
        let mut decided = None;
        for entry in self.0.lock().expect("no panic while held").iter_mut() {
            if entry.matches(call, request) {
                entry.seen += 1;
                if decided.is_none() && entry.applies() {
                    entry.used += 1;
                    decided = Some(entry.act.clone());
                }
            }
        }
        decided
    }

    /// The rules that were not used as often as they say.
    pub(crate) fn unused(&self) -> Vec<String> {
        let entries = self.0.lock().expect("no panic while held");
        let unused = entries.iter().filter(|entry| entry.used < entry.expected());
        unused
            .map(|e| format!("a rule for {:?} was used {} times of {}", e.call, e.used, e.expected()))
            .collect()
    }
}

impl Entry {
    fn matches(&self, call: Call, request: &Request) -> bool {
        let size = request.length().unwrap_or(request.raw.len());
        self.call == call
            && self.larger.is_none_or(|limit| size > limit)
            && self.test.as_ref().is_none_or(|test| test(request))
    }

    fn applies(&mut self) -> bool {
        if self.seen < self.first || self.seen > self.last {
            return false;
        }
        let began = *self.began.get_or_insert_with(Instant::now);
        self.during.is_none_or(|time| began.elapsed() < time)
    }

    fn expected(&self) -> usize {
        match self.last {
            _ if self.optional => 0,
            usize::MAX => 1,
            last => last - self.first + 1,
        }
    }
}
