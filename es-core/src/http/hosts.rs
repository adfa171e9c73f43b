//! Several servers, one at a time: the first that answers is kept, and the next is tried when it stops answering.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::address::Server;
use super::auth::Secret;

/// A server with what is sent to it alone.
#[derive(Clone, Debug)]
pub struct Host {
    /// Shown in messages: the address without credentials.
    pub name: Arc<str>,
    pub server: Server,
    pub headers: Vec<(String, Secret)>,
}

impl Host {
    pub fn new(server: Server, headers: Vec<(String, Secret)>) -> Host {
        Host { name: server.to_string().into(), server, headers }
    }
}

/// Never empty.
#[derive(Debug)]
pub(super) struct Hosts {
    list: Vec<Host>,
    current: AtomicUsize,
}

impl Hosts {
    pub(super) fn new(list: Vec<Host>) -> Option<Hosts> {
        (!list.is_empty()).then_some(Hosts { list, current: AtomicUsize::new(0) })
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The one to ask now, and its place, by which `leave` knows it.
    pub(super) fn current(&self) -> (usize, &Host) {
        let place = self.current.load(Ordering::Relaxed) % self.list.len();
        (place, &self.list[place])
    }

    /// Goes on to the next, unless another thread that saw the same failure has done so already.
    pub(super) fn leave(&self, place: usize) {
        let next = (place + 1) % self.list.len();
        let _ = self.current.compare_exchange(place, next, Ordering::Relaxed, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_seen_twice_moves_on_once() {
        let list = ["http://a", "http://b", "http://c"]
            .map(|url| Host::new(Server::parse(url).unwrap().0, Vec::new()));
        let hosts = Hosts::new(list.to_vec()).unwrap();
        let (place, host) = hosts.current();
        assert_eq!(&*host.name, "http://a");
        hosts.leave(place);
        hosts.leave(place);
        assert_eq!(&*hosts.current().1.name, "http://b");
        hosts.leave(1);
        hosts.leave(2);
        assert_eq!(&*hosts.current().1.name, "http://a");
    }
}
