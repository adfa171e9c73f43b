//! A fault server that is up: a script or a model behind a port. It derefs to what it serves.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;

use super::authority::{Authority, Trust};
use super::listener::{Listener, Service};

/// Ends with the test: `finish` or a drop checks that everything happened as prepared.
#[expect(private_bounds, reason = "what can be served is closed: a script or a model")]
pub struct Server<S: Service> {
    service: Arc<S>,
    listener: Listener,
    scheme: &'static str,
    finished: bool,
}

#[expect(private_bounds, reason = "what can be served is closed: a script or a model")]
impl<S: Service> Server<S> {
    pub(crate) fn start(service: S, tls: Option<(&Authority, Trust)>) -> Self {
        let service = Arc::new(service);
        let scheme = if tls.is_some() { "https" } else { "http" };
        let config = tls.map(|(authority, trust)| authority.server_config(trust));
        let listener = Listener::start(Arc::clone(&service) as Arc<dyn Service>, config);
        Self { service, listener, scheme, finished: false }
    }

    pub fn address(&self) -> SocketAddr {
        self.listener.address
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address())
    }

    /// A target: the URL with an index expression.
    pub fn target(&self, index: &str) -> String {
        format!("{}/{index}", self.url())
    }

    /// Stops, and fails if something did not happen as prepared.
    #[track_caller]
    pub fn finish(mut self) {
        self.check();
    }

    #[track_caller]
    fn check(&mut self) {
        self.finished = true;
        self.listener.stop();
        let problems = self.service.problems();
        assert!(problems.is_empty(), "the fault server saw:\n- {}", problems.join("\n- "));
    }
}

impl<S: Service> Deref for Server<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.service
    }
}

impl<S: Service> Drop for Server<S> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.listener.stop();
        } else if !self.finished {
            self.check();
        }
    }
}
