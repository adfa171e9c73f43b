//! A small model of a search server: what our tools ask is answered from documents in memory, what they send
//! is stored, and rules say what goes wrong.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard};

use serde_json::Value;

use super::authority::{Authority, Trust};
use super::bulk::{Item, Refusal};
use super::call::Call;
use super::index::{Doc, Index, Op};
use super::journal::Journal;
use super::listener::Service;
use super::page::Page;
use super::product::Product;
use super::reply::Reply;
use super::rules::{Act, Rule, Rules};
use super::server::Server;
use super::view::View;
use super::wire::{Head, Request, Upload};

pub struct Cluster {
    pub(crate) product: Product,
    authorization: Option<String>,
    rules: Rules,
    routes: Mutex<Vec<(String, String, Reply)>>,
    journal: Journal,
    state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) indices: BTreeMap<String, Index>,
    /// Open PITs and scrolls by id.
    pub(crate) views: BTreeMap<String, View>,
    pub(crate) rotates_ids: bool,
    may_leave_contexts: bool,
    made: u64,
}

impl Cluster {
    pub fn elasticsearch(number: &str) -> Self {
        Self::of(Product::new(false, number))
    }

    pub fn opensearch(number: &str) -> Self {
        Self::of(Product::new(true, number))
    }

    fn of(product: Product) -> Self {
        Self {
            product,
            authorization: None,
            rules: Rules::default(),
            routes: Mutex::default(),
            journal: Journal::default(),
            state: Mutex::default(),
        }
    }

    /// Only requests with exactly this `Authorization` are let in, the others get 401.
    #[must_use]
    pub fn authorization(mut self, value: &str) -> Self {
        self.authorization = Some(value.to_owned());
        self
    }

    pub fn start(self) -> Server<Self> {
        Server::start(self, None)
    }

    pub fn start_tls(self, authority: &Authority, trust: Trust) -> Server<Self> {
        Server::start(self, Some((authority, trust)))
    }

    /// Something goes wrong with such requests.
    pub fn on(&self, call: Call) -> Rule<'_> {
        Rule::new(&self.rules, call)
    }

    /// Answers a request the model does not know, as often as it comes. The path is without the query.
    pub fn route(&self, method: &str, path: &str, reply: Reply) {
        let route = (method.to_owned(), path.to_owned(), reply);
        self.routes.lock().expect("no panic while held").push(route);
    }

    pub fn index(&self, name: &str, shards: usize) {
        self.state().add_index(name, shards);
    }

    /// Makes an index of one shard of the documents of another, as `_shrink` does: their numbers meet.
    #[track_caller]
    pub fn shrink(&self, from: &str, name: &str) {
        let mut state = self.state();
        let uuid = format!("uuid-{}", state.next());
        let shrunk = state.named(from).shrunk(uuid);
        state.indices.insert(name.to_owned(), shrunk);
    }

    /// Sets what `GET index/_mapping` and `_settings` answer (the settings below `index`).
    #[track_caller]
    pub fn describe(&self, name: &str, mappings: Value, settings: Value) {
        let mut state = self.state();
        let index = state.named(name);
        index.mappings = mappings;
        index.settings = settings;
    }

    /// Adds an alias; the filter is null for none.
    #[track_caller]
    pub fn alias(&self, name: &str, alias: &str, filter: Value) {
        self.state().named(name).aliases.insert(alias.to_owned(), filter);
    }

    /// Stores a document, whatever its bytes are. The same id again is an update.
    #[track_caller]
    pub fn put(&self, name: &str, id: &str, source: impl AsRef<[u8]>) {
        self.put_routed(name, id, None, source);
    }

    #[track_caller]
    pub fn put_routed(&self, name: &str, id: &str, routing: Option<&str>, source: impl AsRef<[u8]>) {
        let stored = self.state().named(name).apply(Op::Index, id, routing, source.as_ref(), None);
        assert!(stored.is_ok(), "{name} takes no documents");
    }

    /// Stores so many documents with the ids `0`, `1` and so on.
    #[track_caller]
    pub fn fill(&self, name: &str, count: usize, source: impl Fn(usize) -> String) {
        for n in 0..count {
            self.put(name, &n.to_string(), source(n));
        }
    }

    #[track_caller]
    pub fn close_index(&self, name: &str) {
        self.state().named(name).closed = true;
    }

    #[track_caller]
    pub fn block_writes(&self, name: &str, blocked: bool) {
        self.state().named(name).blocked = blocked;
    }

    #[track_caller]
    pub fn delete_index(&self, name: &str) {
        assert!(self.state().indices.remove(name).is_some(), "no index {name}");
    }

    pub fn has_index(&self, name: &str) -> bool {
        self.state().indices.contains_key(name)
    }

    /// The documents of an index by shard and id.
    #[track_caller]
    pub fn docs(&self, name: &str) -> Vec<Doc> {
        self.state().named(name).docs().map(|doc| (**doc).clone()).collect()
    }

    /// The bytes of the documents by id.
    #[track_caller]
    pub fn sources(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        self.docs(name).into_iter().map(|doc| (doc.id, doc.source)).collect()
    }

    /// All in, each once: so many documents, none of them written a second time.
    #[track_caller]
    pub fn assert_each_once(&self, name: &str, count: usize) {
        let docs = self.docs(name);
        let again: Vec<_> = docs.iter().filter(|doc| doc.version > 1).map(|doc| &doc.id).collect();
        assert!(again.is_empty(), "written more than once: {again:?}");
        assert_eq!(docs.len(), count, "documents in {name}");
    }

    /// All requests so far, in the order they came.
    pub fn requests(&self) -> Vec<Request> {
        self.journal.requests()
    }

    /// The requests of one kind.
    pub fn calls(&self, call: Call) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(|request| Call::of(&request.head, &request.json()) == call);
        requests
    }

    /// The ids of open PITs and scrolls.
    pub fn open_contexts(&self) -> Vec<String> {
        self.state().views.keys().cloned().collect()
    }

    /// Cursors may be left open at the end, as after a kill.
    pub fn may_leave_contexts(&self) {
        self.state().may_leave_contexts = true;
    }

    /// Forgets all PITs and scrolls, as a restart does.
    pub fn drop_contexts(&self) {
        self.state().views.clear();
    }

    /// Every page of a PIT comes with a new id, and only that one is good from then on.
    pub fn rotate_ids(&self) {
        self.state().rotates_ids = true;
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A test that fails within a rule or an assertion says so itself.
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub(crate) fn problem(&self, problem: String) {
        self.journal.problem(problem);
    }

    fn act(&self, call: Call, request: &Request, act: Option<Act>) -> Reply {
        let nothing = |_: &mut Page| {};
        let nobody = |_: &Item| None::<Refusal>;
        match act {
            None => self.serve(call, request, &nothing, &nobody),
            Some(Act::Instead(reply)) => reply,
            Some(Act::Before(change)) => {
                change(self);
                self.serve(call, request, &nothing, &nobody)
            }
            Some(Act::After(change)) => change(self.serve(call, request, &nothing, &nobody)),
            Some(Act::Page(change)) => self.serve(call, request, &*change, &nobody),
            Some(Act::Items(refuse)) => self.serve(call, request, &nothing, &*refuse),
        }
    }

    fn serve(
        &self,
        call: Call,
        request: &Request,
        spoil: &dyn Fn(&mut Page),
        refuse: &dyn Fn(&Item) -> Option<Refusal>,
    ) -> Reply {
        let routes = self.routes.lock().expect("no panic while held").clone();
        let known = routes.into_iter().find(|(m, path, _)| *m == request.method && *path == request.path);
        if let Some((_, _, reply)) = known {
            return reply;
        }
        let answer = match call {
            Call::Root => Ok(self.root()),
            Call::Shards => self.search_shards(request),
            Call::OpenPit => self.open_pit(request),
            Call::ClosePit => Ok(self.close_pit(request)),
            Call::Page | Call::Total => self.page(request, spoil),
            Call::OpenScroll => self.open_scroll(request, spoil),
            Call::NextScroll => self.next_scroll(request, spoil),
            Call::CloseScroll => Ok(self.close_scroll(request)),
            Call::Mapping | Call::Settings | Call::Alias | Call::GetIndex | Call::IndexExists => {
                self.describe_indices(call, request)
            }
            Call::CreateIndex => self.create_index(request),
            Call::Count => self.count(request),
            Call::Refresh => self.refresh(request),
            Call::Mget => self.mget(request),
            Call::Bulk => self.bulk(request, refuse),
            Call::Other => Ok(self.other(request)),
        };
        answer.unwrap_or_else(|refusal| *refusal)
    }
}

impl State {
    /// An index that must be there.
    #[track_caller]
    fn named(&mut self, name: &str) -> &mut Index {
        self.indices.get_mut(name).unwrap_or_else(|| panic!("the test has no index {name}"))
    }

    pub(crate) fn add_index(&mut self, name: &str, shards: usize) -> &mut Index {
        let uuid = format!("uuid-{}", self.next());
        self.indices.entry(name.to_owned()).or_insert_with(|| Index::new(uuid, shards))
    }

    /// A number for whatever is made.
    pub(crate) fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }
}

impl Service for Cluster {
    fn answer(&self, head: Head, upload: &mut Upload<'_>) -> io::Result<Reply> {
        let mut request = Request::unread(head);
        let mut call = Call::of(&request.head, &Value::Null);
        // A fault during the upload is decided on the head alone.
        if Call::needs_body(&request.head) || self.rules.need_body(call) {
            request = Request::new(request.head, upload.read_all()?)?;
            call = Call::of(&request.head, &request.json());
        }
        if self.authorization.is_some() && request.header("authorization") != self.authorization.as_deref() {
            self.journal.request(request);
            upload.read_all()?;
            return Ok(Reply::unauthorized());
        }
        let act = self.rules.decide(call, &request);
        if let Some(Act::Instead(reply)) = &act
            && let Some(bytes) = reply.unread
        {
            self.journal.request(request);
            upload.read_some(bytes)?;
            return Ok(reply.clone());
        }
        if !upload.consumed {
            request = Request::new(request.head, upload.read_all()?)?;
        }
        self.journal.request(request.clone());
        Ok(self.act(call, &request, act))
    }

    fn problems(&self) -> Vec<String> {
        let mut problems = self.journal.problems();
        problems.extend(self.rules.unused());
        let state = self.state();
        if !state.may_leave_contexts {
            problems.extend(state.views.keys().map(|id| format!("a cursor left open: {id}")));
        }
        problems
    }
}
