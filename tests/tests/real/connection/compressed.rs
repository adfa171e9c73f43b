//! `--compressed`: gzip both ways on the wire, and the same bytes at both ends.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use es_tests::command::Run;
use es_tests::node;

use super::INDEX;

/// Everything that went through, of all connections.
type Seen = Arc<Mutex<Vec<u8>>>;

/// A door before a server that remembers what went through it, until the process ends.
fn door(to: &str) -> (String, Seen, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sent, answered) = (Seen::default(), Seen::default());
    let (to, seen) =
        (to.trim_start_matches("http://").to_owned(), (Arc::clone(&sent), Arc::clone(&answered)));
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let server = TcpStream::connect(&to).unwrap();
            let ends = (client.try_clone().unwrap(), server.try_clone().unwrap());
            let (sent, answered) = (Arc::clone(&seen.0), Arc::clone(&seen.1));
            thread::spawn(move || pass(client, server, &sent));
            thread::spawn(move || pass(ends.1, ends.0, &answered));
        }
    });
    (url, sent, answered)
}

fn pass(mut from: TcpStream, mut to: TcpStream, seen: &Seen) {
    let mut buffer = [0; 16 << 10];
    let mut step = || -> io::Result<bool> {
        let read = from.read(&mut buffer)?;
        seen.lock().unwrap().extend(&buffer[..read]);
        to.write_all(&buffer[..read])?;
        Ok(read > 0)
    };
    while step().unwrap_or(false) {}
    // The other side may be gone already.
    let _ = to.shutdown(Shutdown::Write);
}

fn count(seen: &Seen, text: &str) -> usize {
    let seen = String::from_utf8_lossy(&seen.lock().unwrap()).to_lowercase();
    seen.matches(text).count()
}

#[test]
fn gzip_both_ways_keeps_every_byte() {
    for version in ["es-7.17.28", "os-3.8.0"] {
        let node = node::shared(node::version(version));
        let client = node.client();
        client.create_index("gzip-in", INDEX);
        client.create_index("gzip-out", INDEX);
        let document = |n: usize| {
            format!("{{ \"b\":{n}.0, \"a\":[{n}e5,-0.0,\"\\u00e9{}\"]}}", "secret word ".repeat(n % 50))
        };
        let pair = |n| format!("{{\"create\":{{\"_id\":\"{n}\"}}}}\n{}\n", document(n));
        client.bulk("gzip-in", (0..2000).map(pair).collect::<String>());
        let kept = client.read_all("gzip-in");

        let (url, sent, answered) = door(&node.url());
        let copy =
            format!("es-scroll -q --compressed {url}/gzip-in | es-bulk -q --compressed {url}/gzip-out");
        Run::shell(&copy).run();
        let copied = client.read_all("gzip-out");
        assert_eq!(copied.len(), 2000);
        for (kept, copied) in kept.iter().zip(&copied) {
            assert_eq!((&kept.id, &kept.source), (&copied.id, &copied.source), "{version}");
        }
        // Neither the documents that came nor those that went were to be read on the way.
        assert_eq!(count(&sent, "secret word") + count(&answered, "secret word"), 0, "{version}");
        assert!(count(&sent, "content-encoding: gzip") > 0, "{version}");
        assert!(count(&answered, "content-encoding: gzip") > 0, "{version}");

        // By default nothing is compressed.
        let (url, sent, answered) = door(&node.url());
        Run::shell(&format!("es-scroll -q {url}/gzip-in | es-bulk -q {url}/gzip-out")).run();
        assert!(count(&sent, "secret word") > 0 && count(&answered, "secret word") > 0, "{version}");
    }
}
