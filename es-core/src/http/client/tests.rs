//! The client against servers of a few lines that do one thing wrong.

use super::*;
use crate::http::{Body, Method, Phase, Proxy, Server};
use crate::record::stop::Why;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, SocketAddrV4, TcpListener, TcpStream};
use std::os::fd::IntoRawFd;
use std::sync::atomic::AtomicUsize;
use std::thread;

mod tls;

/// Far more than a slow machine needs, far less than what is waited for where something is wrong.
const SOON: Duration = Duration::from_secs(30);

/// Listens on a port of its own, and does `serve` with each connection and its number.
struct Peer {
    url: String,
    met: Arc<AtomicUsize>,
    left: Arc<AtomicUsize>,
}

impl Peer {
    fn new(serve: impl Fn(TcpStream, usize) + Send + Sync + 'static) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (met, left): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let (count, gone) = (Arc::clone(&met), Arc::clone(&left));
        let serve = Arc::new(serve);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (serve, gone) = (Arc::clone(&serve), Arc::clone(&gone));
                let number = count.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || {
                    serve(stream.unwrap(), number);
                    gone.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        Peer { url, met, left }
    }

    /// One answer to each connection, then its end.
    fn answering(answers: &[&str]) -> Peer {
        let answers: Vec<String> = answers.iter().map(|text| (*text).to_owned()).collect();
        Peer::new(move |mut stream, number| {
            request(&mut stream);
            stream.write_all(answers[number].as_bytes()).unwrap();
        })
    }

    fn met(&self) -> usize {
        self.met.load(Ordering::SeqCst)
    }

    /// Waits until it has closed so many connections.
    fn wait_until_left(&self, count: usize) {
        wait_until(|| self.left.load(Ordering::SeqCst) >= count);
    }
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// Head and body of the next request; empty when the connection has ended.
fn request(stream: &mut impl Read) -> (String, Vec<u8>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            Ok(_) | Err(_) => return (String::new(), Vec::new()),
        }
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |n| n.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    (head, body)
}

fn wait_until(holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < SOON * 2, "it never holds");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Times that a slow machine does not come near.
fn patient() -> Settings {
    Settings {
        connect_timeout: Duration::from_secs(60),
        request_timeout: Duration::from_secs(60),
        retry_max: Duration::from_secs(600),
        ..Settings::default()
    }
}

fn client_with(urls: &[&str], settings: Settings) -> (Client, Stop) {
    let hosts = urls.iter().map(|url| Host::new(Server::parse(url).unwrap().0, Vec::new())).collect();
    let stop = Stop::new().unwrap();
    (Client::new(hosts, settings, &stop).unwrap(), stop)
}

fn client(url: &str) -> Client {
    client_with(&[url], patient()).0
}

/// A port that is bound for as long as we run, so that nobody else is given it. Only who says so listens there.
fn claimed() -> SocketAddr {
    use rustix::net::{AddressFamily, SocketType, bind, getsockname, socket, sockopt};
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    sockopt::set_socket_reuseaddr(&socket, true).unwrap();
    bind(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = getsockname(&socket).unwrap().try_into().unwrap();
    let _ = socket.into_raw_fd();
    address
}

/// Where nobody listens.
fn nobody() -> String {
    format!("http://{}", claimed())
}

fn body(answer: Answer) -> Result<String, Error> {
    answer.bytes(1 << 20).map(|bytes| String::from_utf8(bytes).unwrap())
}

fn next_scroll() -> Call<'static> {
    Call::post("/_search/scroll", Body::Json(b"{}"), Repeat::Unsafe)
}

#[test]
fn a_refused_connection_fails_at_once_and_nothing_was_sent() {
    let start = Instant::now();
    let error = client(&nobody()).call(&Call::get("/")).unwrap_err();
    assert!(matches!(&error, Error::Unreachable { why, .. } if why == "connection refused"), "{error:?}");
    assert!(error.nothing_sent());
    assert!(start.elapsed() < SOON, "the first contact is not waited for");
}

#[test]
fn a_host_that_does_not_exist_is_unreachable() {
    let error = client("http://no-such-host.invalid:9200").call(&Call::get("/")).unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
}

#[test]
fn the_next_server_is_taken_and_kept() {
    let peer = Peer::new(|mut stream, _| {
        while !request(&mut stream).0.is_empty() {
            stream.write_all(OK.as_bytes()).unwrap();
        }
    });
    let (client, _) = client_with(&[&nobody(), &peer.url], patient());
    // Even what must not be repeated: nothing was sent to the first.
    assert_eq!(client.once(&next_scroll()).unwrap().status, 200);
    assert_eq!(*client.host(), *peer.url);
    assert_eq!(client.call(&Call::get("/")).unwrap().status, 200);
    assert_eq!(*client.host(), *peer.url);
}

#[test]
fn a_lost_answer_is_asked_for_again_only_where_that_is_safe() {
    for (answer, name) in [("", "none"), ("HTTP/1.1 200 OK\r\ncontent-le", "half a head")] {
        let peer = Peer::answering(&[answer, OK]);
        let error = client(&peer.url).call(&next_scroll()).unwrap_err();
        assert!(matches!(error, Error::Lost { sending: false, .. }), "{name}: {error:?}");
        assert!(!error.nothing_sent());
        assert_eq!(peer.met(), 1, "{name}");

        let peer = Peer::answering(&[answer, OK]);
        assert_eq!(body(client(&peer.url).call(&Call::get("/")).unwrap()).unwrap(), "{}", "{name}");
        assert_eq!(peer.met(), 2, "{name}");
    }
}

#[test]
fn a_body_that_ends_early_is_an_error_of_its_read() {
    let answers = [
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"hits\":",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"hit\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"",
    ];
    for answer in answers {
        let peer = Peer::answering(&[answer]);
        let error = body(client(&peer.url).call(&Call::get("/")).unwrap()).unwrap_err();
        assert!(matches!(error, Error::Lost { sending: false, .. }), "{answer}: {error:?}");
    }
}

#[test]
fn a_server_that_stalls_is_given_up_by_phase() {
    let table = [
        ("", Phase::Answer, 200),
        ("HTTP/1.1 200 OK\r\n", Phase::Answer, 200),
        // The whole head has to come within this.
        ("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{", Phase::Read, 3000),
    ];
    for (start, expected, limit) in table {
        let peer = Peer::new(move |mut stream, _| {
            request(&mut stream);
            stream.write_all(start.as_bytes()).unwrap();
            thread::sleep(Duration::from_secs(600));
        });
        let call = Call { timeout: Some(Duration::from_millis(limit)), ..next_scroll() };
        let error = client(&peer.url).call(&call).and_then(body).unwrap_err();
        assert!(matches!(error, Error::TimedOut { phase, .. } if phase == expected), "{start}: {error:?}");
    }
}

#[test]
fn a_server_that_takes_no_more_is_given_up() {
    let peer = Peer::new(|stream, _| {
        thread::sleep(Duration::from_secs(600));
        drop(stream);
    });
    let large = vec![b' '; 32 << 20];
    let call = Call {
        timeout: Some(Duration::from_millis(300)),
        ..Call::post("/_bulk", Body::Ndjson(&large), Repeat::Unsafe)
    };
    let error = client(&peer.url).call(&call).unwrap_err();
    assert!(matches!(error, Error::TimedOut { phase: Phase::Send, .. }), "{error:?}");
}

#[test]
fn a_redirect_is_an_error_that_shows_where_to() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Peer::answering(&[OK]);
        let answer =
            format!("HTTP/1.1 {status} Moved\r\nlocation: {}/x\r\ncontent-length: 0\r\n\r\n", elsewhere.url);
        let peer = Peer::answering(&[&answer]);
        let error = client(&peer.url).call(&Call::post("/x", Body::Json(b"{}"), Repeat::Safe)).unwrap_err();
        assert!(error.to_string().contains(&elsewhere.url), "{error}");
        assert!(matches!(error, Error::Redirect { status: s, .. } if s == status), "{error:?}");
        assert_eq!(elsewhere.met(), 0);
    }
}

#[test]
fn a_connection_closed_while_idle_is_replaced() {
    let peer = Peer::new(|mut stream, _| {
        request(&mut stream);
        stream.write_all(OK.as_bytes()).unwrap();
    });
    let client = client(&peer.url);
    for count in 1..=3 {
        assert_eq!(body(client.once(&next_scroll()).unwrap()).unwrap(), "{}");
        peer.wait_until_left(count);
    }
    assert_eq!(peer.met(), 3);
}

#[test]
fn connections_are_kept() {
    let peer = Peer::new(|mut stream, _| {
        while !request(&mut stream).0.is_empty() {
            stream.write_all(OK.as_bytes()).unwrap();
        }
    });
    let client = client(&peer.url);
    for timeout in [None, Some(Duration::from_secs(50)), None] {
        assert_eq!(body(client.call(&Call { timeout, ..Call::get("/") }).unwrap()).unwrap(), "{}");
    }
    assert_eq!(peer.met(), 1);
}

#[test]
fn cut_ends_requests_in_flight_and_not_the_closers() {
    let heads = [
        "",
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n",
        // Its end is that of the connection, which must not look like one.
        "HTTP/1.1 200 OK\r\n\r\n{",
    ];
    for head in heads {
        let in_flight = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&in_flight);
        let peer = Peer::new(move |mut stream, number| {
            request(&mut stream);
            // A closer that was given up has closed its end.
            let _ = stream.write_all(if number == 0 { head } else { OK }.as_bytes());
            if number == 0 {
                told.store(true, Ordering::SeqCst);
                thread::sleep(Duration::from_secs(600));
            }
        });
        let client = client(&peer.url);
        let closer = client.closer().unwrap();
        let flight = thread::spawn({
            let client = client.clone();
            move || client.call(&Call::get("/")).and_then(body)
        });
        wait_until(|| in_flight.load(Ordering::SeqCst));
        // It usually waits for the rest of the answer by now.
        thread::sleep(Duration::from_millis(100));
        let start = Instant::now();
        client.cut();
        let error = flight.join().unwrap().unwrap_err();
        assert!(matches!(error, Error::Lost { .. }), "{head}: {error:?}");
        assert!(start.elapsed() < SOON, "{head}");
        assert!(matches!(client.call(&Call::get("/")), Err(Error::Stopped)), "{head}");
        // It has a second for each.
        let closes = || closer.call(&Call::get("/")).map(|answer| answer.status);
        assert!((0..20).any(|_| closes().is_ok_and(|status| status == 200)), "{head}");
    }
}

#[test]
fn gzip_goes_both_ways_when_asked_for() {
    let peer = Peer::new(|mut stream, _| {
        let (head, sent) = request(&mut stream);
        assert!(head.contains("accept-encoding: gzip") && head.contains("content-encoding: gzip"), "{head}");
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&sent[..]).read_to_end(&mut plain).unwrap();
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&plain).unwrap();
        let packed = packer.finish().unwrap();
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.len());
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&packed).unwrap();
    });
    let (client, _) = client_with(&[&peer.url], Settings { compressed: true, ..patient() });
    let text = "{\"a\":1}\n".repeat(10_000);
    let answer = client.call(&Call::post("/_bulk", Body::Ndjson(text.as_bytes()), Repeat::Safe)).unwrap();
    assert_eq!(body(answer).unwrap(), text);
}

#[test]
fn a_cut_gzip_body_is_an_error() {
    let peer = Peer::new(|mut stream, _| {
        request(&mut stream);
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all("{\"a\":1}\n".repeat(10_000).as_bytes()).unwrap();
        let packed = packer.finish().unwrap();
        // The length is that of what comes, so only the gzip itself tells that there should be more.
        let half = &packed[..packed.len() / 2];
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", half.len());
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(half).unwrap();
    });
    let (client, _) = client_with(&[&peer.url], Settings { compressed: true, ..patient() });
    let error = client.call(&Call::get("/")).and_then(body).unwrap_err();
    assert!(matches!(error, Error::Answer { .. }), "{error:?}");
}

#[test]
fn nothing_is_packed_unless_asked_for() {
    let peer = Peer::new(|mut stream, _| {
        let (head, sent) = request(&mut stream);
        assert!(!head.contains("encoding"), "{head}");
        assert!(head.contains("content-type: application/x-ndjson\r\n"), "{head}");
        assert!(head.contains("user-agent: es-tools/"), "{head}");
        assert_eq!(sent, b"{}\n");
        stream.write_all(OK.as_bytes()).unwrap();
    });
    let call = Call::post("/_bulk", Body::Ndjson(b"{}\n"), Repeat::Safe);
    assert_eq!(body(client(&peer.url).call(&call).unwrap()).unwrap(), "{}");
}

#[test]
fn a_delete_has_a_body_when_it_is_given_one() {
    let peer = Peer::new(|mut stream, number| {
        let (head, sent) = request(&mut stream);
        assert!(head.starts_with("DELETE /_pit HTTP/1.1\r\n"), "{head}");
        assert_eq!(sent, if number == 0 { &b"{\"id\":\"x\"}"[..] } else { b"" });
        stream.write_all(OK.as_bytes()).unwrap();
    });
    let client = client(&peer.url);
    for body in [Body::Json(b"{\"id\":\"x\"}"), Body::None] {
        let call = Call { method: Method::Delete, path: "/_pit", body, repeat: Repeat::Safe, timeout: None };
        assert_eq!(client.once(&call).unwrap().status, 200);
        peer.wait_until_left(peer.met());
    }
}

#[test]
fn a_hundred_headers_are_taken_and_more_are_refused_in_clear_words() {
    let answer = |n: usize| {
        let mut answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n".to_owned();
        (0..n).for_each(|i| answer.push_str(&format!("warning: 299 server \"deprecated thing {i}\"\r\n")));
        answer + "\r\n{}"
    };
    let peer = Peer::answering(&[&answer(120), &answer(300)]);
    assert_eq!(body(client(&peer.url).once(&Call::get("/")).unwrap()).unwrap(), "{}");
    let error = client(&peer.url).once(&Call::get("/")).unwrap_err();
    assert!(matches!(error, Error::Answer { .. }), "{error:?}");
}

#[test]
fn an_answer_that_comes_while_a_large_body_goes_out_is_read() {
    let large = vec![b' '; 32 << 20];
    let call = Call::post("/_bulk", Body::Ndjson(&large), Repeat::Safe);
    // Says 413, leaves a moment, and closes with most of the body unread, which resets the connection.
    let peer = Peer::new(|mut stream, _| {
        let mut start = [0; 1000];
        stream.read_exact(&mut start).unwrap();
        stream
            .write_all(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .unwrap();
        thread::sleep(Duration::from_millis(200));
    });
    let client_1 = client(&peer.url);
    match client_1.once(&call) {
        Ok(answer) => assert_eq!(answer.status, 413),
        Err(error) => assert!(matches!(error, Error::Lost { sending: true, .. }), "{error:?}"),
    }
    // Closes its sending side first, so that the answer is certain to come.
    let peer = Peer::new(|mut stream, _| {
        let mut start = [0; 1000];
        stream.read_exact(&mut start).unwrap();
        stream
            .write_all(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let _ = io::copy(&mut stream, &mut io::sink());
    });
    assert_eq!(client(&peer.url).once(&call).unwrap().status, 413);
}

#[test]
fn a_connection_that_breaks_under_a_large_body_says_so() {
    let large = vec![b' '; 32 << 20];
    let peer = Peer::new(|mut stream, _| {
        let mut start = [0; 1000];
        stream.read_exact(&mut start).unwrap();
    });
    let call = Call::post("/_bulk", Body::Ndjson(&large), Repeat::Unsafe);
    let error = client(&peer.url).call(&call).unwrap_err();
    assert!(matches!(error, Error::Lost { sending: true, .. }), "{error:?}");
    assert_eq!(peer.met(), 1);
}

#[test]
fn not_now_is_asked_again_and_the_last_answer_kept() {
    let busy = "HTTP/1.1 503 Busy\r\nretry-after: 1\r\ncontent-length: 4\r\n\r\nbusy";
    let peer = Peer::answering(&[busy, OK]);
    let start = Instant::now();
    assert_eq!(client(&peer.url).call(&Call::get("/")).unwrap().status, 200);
    assert!(start.elapsed() >= Duration::from_secs(1), "the server asked for a second");

    let busy = "HTTP/1.1 429 Busy\r\ncontent-length: 4\r\n\r\nbusy";
    let peer = Peer::answering(&[busy; 1000]);
    let (client_2, _) =
        client_with(&[&peer.url], Settings { retry_max: Duration::from_millis(300), ..patient() });
    let answer = client_2.call(&Call::get("/")).unwrap();
    assert_eq!((answer.status, body(answer).unwrap()), (429, "busy".into()));

    let late = "HTTP/1.1 429 Busy\r\nretry-after: 9999\r\ncontent-length: 4\r\n\r\nlate";
    let peer = Peer::answering(&[busy, busy, late]);
    let answer = client(&peer.url).call(&Call::get("/")).unwrap();
    assert_eq!((answer.status, body(answer).unwrap()), (429, "late".into()), "later than anybody waits");
    assert_eq!(peer.met(), 3);

    let peer = Peer::answering(&[busy]);
    assert_eq!(client(&peer.url).call(&next_scroll()).unwrap().status, 429);
    let peer = Peer::answering(&["HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"]);
    assert_eq!(client(&peer.url).call(&Call::get("/")).unwrap().status, 500);
}

#[test]
fn a_server_that_was_there_is_waited_for() {
    let address = claimed();
    let listener = TcpListener::bind(address).unwrap();
    let serve = |listener: TcpListener| {
        let (mut stream, _) = listener.accept().unwrap();
        request(&mut stream);
        stream.write_all(OK.as_bytes()).unwrap();
    };
    let first = thread::spawn(move || serve(listener));
    let client = client(&format!("http://{address}"));
    assert_eq!(body(client.call(&Call::get("/")).unwrap()).unwrap(), "{}");
    first.join().unwrap();
    let later = thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        serve(TcpListener::bind(address).unwrap());
    });
    // Refused meanwhile, so nothing was sent and even this may be repeated.
    assert_eq!(client.call(&next_scroll()).unwrap().status, 200);
    later.join().unwrap();
}

#[test]
fn a_stop_ends_the_waiting_between_attempts() {
    let busy = "HTTP/1.1 503 Busy\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n";
    let peer = Peer::answering(&[busy]);
    let (client, stop) = client_with(&[&peer.url], patient());
    let waiting = thread::spawn(move || client.call(&Call::get("/")));
    peer.wait_until_left(1);
    thread::sleep(Duration::from_millis(100));
    let start = Instant::now();
    stop.request(Why::Signal(15));
    assert!(matches!(waiting.join().unwrap(), Err(Error::Stopped)));
    assert!(start.elapsed() < SOON);
}

#[test]
fn a_stop_ends_a_connect_that_nobody_answers() {
    // A queue of one that is full: further connections are neither taken nor refused.
    let socket =
        rustix::net::socket(rustix::net::AddressFamily::INET, rustix::net::SocketType::STREAM, None).unwrap();
    rustix::net::bind(&socket, &SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    rustix::net::listen(&socket, 0).unwrap();
    let listener = TcpListener::from(socket);
    let address = listener.local_addr().unwrap();
    let fill: Vec<_> =
        (0..4).map(|_| TcpStream::connect_timeout(&address, Duration::from_millis(100))).collect();
    assert!(fill.iter().any(Result::is_err), "the queue is full");

    let settings = Settings { connect_timeout: Duration::from_secs(600), ..patient() };
    let (client_1, stop) = client_with(&[&format!("http://{address}")], settings);
    let waiting = thread::spawn(move || client_1.once(&Call::get("/")));
    thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    stop.request(Why::Signal(2));
    assert!(matches!(waiting.join().unwrap(), Err(Error::Stopped)));
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());

    let settings = Settings { connect_timeout: Duration::from_millis(300), ..patient() };
    let (client_2, _) = client_with(&[&format!("http://{address}")], settings);
    let error = client_2.call(&Call::get("/")).unwrap_err();
    assert!(matches!(&error, Error::Unreachable { why, .. } if why == "no connection in time"), "{error:?}");
}

/// Takes CONNECT and passes bytes on to `behind`, or says no.
fn proxy(behind: Option<String>) -> Peer {
    Peer::new(move |mut stream, _| {
        let (head, _) = request(&mut stream);
        assert!(head.starts_with("CONNECT "), "{head}");
        let Some(behind) = &behind else {
            stream.write_all(b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n").unwrap();
            return;
        };
        let mut server = TcpStream::connect(behind.trim_start_matches("http://")).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let (mut from, mut to) = (stream.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || io::copy(&mut from, &mut to));
        let _ = io::copy(&mut server, &mut stream);
        let _ = stream.shutdown(Shutdown::Both);
    })
}

#[test]
fn a_proxy_is_gone_through() {
    let through = |proxy: &Peer, url: &str, except: Option<&str>| {
        let proxy = Proxy { except: except.map(str::to_owned), ..Proxy::named(&proxy.url).unwrap() };
        client_with(&[url], Settings { proxy: Some(proxy), ..patient() }).0
    };
    let server = Peer::answering(&[OK, OK]);
    let open = proxy(Some(server.url.clone()));
    assert_eq!(through(&open, "http://es.test:9200", None).once(&next_scroll()).unwrap().status, 200);
    assert_eq!((open.met(), server.met()), (1, 1));
    let direct = through(&open, &server.url, Some("localhost, 127.0.0.1"));
    assert_eq!(direct.once(&next_scroll()).unwrap().status, 200);
    assert_eq!((open.met(), server.met()), (1, 2));

    // What the proxy was told is no part of the request, so nothing was sent.
    let closed = proxy(None);
    let error = through(&closed, "http://es.test:9200", None).once(&next_scroll()).unwrap_err();
    assert!(error.nothing_sent(), "{error:?}");
    let lost = Peer::answering(&[""]);
    let open = proxy(Some(lost.url.clone()));
    let error = through(&open, "http://es.test:9200", None).once(&next_scroll()).unwrap_err();
    assert!(matches!(error, Error::Lost { .. }), "{error:?}");
}

#[test]
fn an_answer_longer_than_its_limit_is_refused() {
    let peer = Peer::answering(&[OK, OK]);
    let answer = || client(&peer.url).once(&Call::get("/")).unwrap();
    assert!(matches!(answer().bytes(1), Err(Error::Answer { .. })));
    assert_eq!(answer().bytes(2).unwrap(), b"{}");
}

#[test]
fn what_is_to_be_shown_is_not_sent() {
    let peer = Peer::answering(&[OK]);
    let (client, _) = client_with(&[&peer.url], Settings { show: true, ..patient() });
    let error = client.call(&Call::get("/logs")).unwrap_err();
    assert!(
        matches!(&error, Error::Shown(command) if *command == format!("curl {}/logs", peer.url)),
        "{error:?}"
    );
    assert_eq!(peer.met(), 0);
}

#[test]
fn a_server_that_never_answered_is_not_asked_for_long() {
    let peer = Peer::answering(&[""; 10]);
    let error = client(&peer.url).call(&Call::get("/")).unwrap_err();
    assert!(error.to_string().contains("https?"), "{error}");
    assert_eq!(peer.met(), 3);
}
