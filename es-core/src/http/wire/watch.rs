//! Watches a connection for how far its request has come, which the library's errors do not tell.

use std::cell::Cell;
use std::io;

use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// How far the request of this thread has come. ureq runs a request on the thread that asks for it, so this is
/// the request's own; nothing else links a request to the connection it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Nothing,
    Some,
    /// The connection broke while the request was going out.
    Broken,
}

thread_local! {
    pub(super) static SENT: Cell<Sent> = const { Cell::new(Sent::Nothing) };
}

/// What is said while connecting, to a proxy or in a handshake, is no part of the request.
#[derive(Debug)]
pub(super) struct Fresh<C>(pub(super) C);

impl<C: Connector<()>> Connector<()> for Fresh<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let outcome = self.0.connect(details, chained);
        SENT.set(Sent::Nothing);
        outcome
    }
}

/// Puts a watch on every connection, below its TLS, which would keep a broken pipe to itself.
#[derive(Debug)]
pub(super) struct Watched;

impl<In: Transport> Connector<In> for Watched {
    type Out = Watch<In>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        Ok(chained.map(|inner| Watch { inner, broken: false }))
    }
}

/// Notes when a request begins to go out. When the connection breaks under it, the rest is thrown away and the
/// answer is still read: a server that refuses a large body says 413 and closes, one that refuses a certificate
/// says so and closes.
#[derive(Debug)]
pub(super) struct Watch<T> {
    inner: T,
    broken: bool,
}

impl<T: Transport> Transport for Watch<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if self.broken {
            return Ok(());
        }
        SENT.set(Sent::Some);
        match self.inner.transmit_output(amount, timeout) {
            Err(ureq::Error::Io(e))
                if matches!(e.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset) =>
            {
                self.broken = true;
                SENT.set(Sent::Broken);
                Ok(())
            }
            outcome => outcome,
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        !self.broken && self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
