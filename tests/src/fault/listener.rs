//! Accepts connections and gives each a thread that reads requests and writes replies until told to stop.

use std::collections::BTreeMap;
use std::io::{self, BufReader};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::reply::{Ending, Reply};
use super::wire::{Head, Upload, Wire};

/// Decides what is answered. An error closes the connection.
pub(crate) trait Service: Send + Sync + 'static {
    fn answer(&self, head: Head, upload: &mut Upload<'_>) -> io::Result<Reply>;

    /// What went against the test's expectations so far, looked at when all is over.
    fn problems(&self) -> Vec<String>;
}

pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    stopped: bool,
    /// Every open connection, by the number it came with.
    sockets: BTreeMap<usize, TcpStream>,
    accepted: usize,
}

impl Listener {
    pub(crate) fn start(service: Arc<dyn Service>, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        let accepting = Arc::clone(&shared);
        let acceptor = thread::spawn(move || {
            let mut threads = Vec::new();
            while let Ok((socket, _)) = listener.accept()
                && let Some(number) = accepting.keep(&socket)
            {
                let (service, tls, shared) = (Arc::clone(&service), tls.clone(), Arc::clone(&accepting));
                // Errors are the client's going away, which it may, or a failed handshake, which it sees.
                threads.push(thread::spawn(move || {
                    drop(serve(socket, &*service, tls, &shared, number));
                }));
            }
            for thread in threads {
                thread.join().expect("a connection's thread does not panic");
            }
        });
        Self { address, shared, acceptor: Some(acceptor) }
    }

    /// Closes all connections and waits for their threads.
    pub(crate) fn stop(&mut self) {
        let Some(acceptor) = self.acceptor.take() else { return };
        self.shared.stop();
        // The acceptor looks at the flag when somebody comes.
        drop(TcpStream::connect(self.address));
        acceptor.join().expect("the acceptor does not panic");
    }
}

impl Shared {
    /// Notes a new connection, so that it can be closed. `None` once stopped.
    fn keep(&self, socket: &TcpStream) -> Option<usize> {
        let mut state = self.state.lock().expect("no panic while held");
        state.accepted += 1;
        let number = state.accepted;
        state.sockets.insert(number, socket.try_clone().expect("a second handle"));
        (!state.stopped).then_some(number)
    }

    fn stop(&self) {
        let mut state = self.state.lock().expect("no panic while held");
        state.stopped = true;
        for socket in state.sockets.values() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
    }

    /// Sleeps, but not past the end of the test.
    fn hold(&self, time: Duration) {
        let state = self.state.lock().expect("no panic while held");
        drop(self.changed.wait_timeout_while(state, time, |state| !state.stopped));
    }

    /// Lets go of the second handle, without which closing would not reach the client.
    fn forget(&self, number: usize) {
        self.state.lock().expect("no panic while held").sockets.remove(&number);
    }
}

fn serve(
    socket: TcpStream,
    service: &dyn Service,
    tls: Option<Arc<ServerConfig>>,
    shared: &Shared,
    number: usize,
) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let raw = socket.try_clone()?;
    let wire: Box<dyn Wire> = match tls {
        Some(config) => {
            let session = ServerConnection::new(config).map_err(io::Error::other)?;
            Box::new(StreamOwned::new(session, socket))
        }
        None => Box::new(socket),
    };
    let mut stream = BufReader::with_capacity(64 * 1024, wire);
    let ended = talk(&mut stream, service, shared);
    if let Ok(Ending::Reset) = ended {
        rustix::net::sockopt::set_socket_linger(&raw, Some(Duration::ZERO))?;
    }
    shared.forget(number);
    ended.map(drop)
}

/// Answers requests until one of the two wants to close.
fn talk(stream: &mut BufReader<Box<dyn Wire>>, service: &dyn Service, shared: &Shared) -> io::Result<Ending> {
    while let Some(head) = Head::read(stream)? {
        let mut upload = Upload::new(&head, stream);
        let reply = service.answer(head.clone(), &mut upload)?;
        let consumed = upload.consumed;
        shared.hold(reply.held);
        reply.write(&head, stream.get_mut())?;
        if reply.end != Ending::Whole || !consumed || head.says("connection", "close") {
            return Ok(reply.end);
        }
    }
    Ok(Ending::Whole)
}
