//! A server that costs next to nothing: it answers what the tools ask with what was prepared, in few system calls,
//! and takes every bulk. It runs inside the benchmark, so its CPU time is nobody's.

use std::io::{self, BufRead, BufReader, IoSlice, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};

use crate::pages::Pages;

/// How the body of an answer is delimited.
#[derive(Clone, Copy)]
pub(crate) enum Framing {
    Length,
    /// In chunks of so many bytes.
    Chunked(usize),
}

/// A running server; dropped, it takes no more connections.
pub(crate) struct Canned {
    address: SocketAddr,
    over: Arc<AtomicBool>,
}

/// What it serves: an index of equal shards.
struct Stock {
    pages: Pages,
    shards: usize,
    framing: Framing,
}

impl Canned {
    /// Each of the shards has all of the pages.
    pub(crate) fn start(pages: Pages, shards: usize, framing: Framing) -> Canned {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stock, over) = (Arc::new(Stock { pages, shards, framing }), Arc::new(AtomicBool::new(false)));
        let ended = Arc::clone(&over);
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept()
                && !ended.load(Ordering::Relaxed)
            {
                let stock = Arc::clone(&stock);
                // A client that goes away says by its own exit status whether it was done.
                thread::spawn(move || drop(stock.serve(stream)));
            }
        });
        Canned { address, over }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Canned {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // The acceptor looks at the flag when somebody comes.
        drop(TcpStream::connect(self.address));
    }
}

impl Stock {
    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::with_capacity(256 << 10, stream);
        while let Some((line, length)) = head(&mut reader)? {
            let mut words = line.split(' ');
            let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            match (method, path.rsplit('/').next().unwrap_or_default()) {
                ("POST", "_bulk") => {
                    let lines = count_lines(&mut reader, length)?;
                    let item = r#"{"create":{"status":201}}"#;
                    let items = vec![item; lines / 2].join(",");
                    let body = format!(r#"{{"errors":false,"items":[{items}]}}"#);
                    send(reader.get_mut(), Framing::Length, &[body.as_bytes()])?;
                }
                ("POST", "_search") => {
                    let mut body = vec![0; length];
                    reader.read_exact(&mut body)?;
                    self.search(reader.get_mut(), &serde_json::from_slice(&body)?)?;
                }
                // What curl is given: /pages/SHARD/NUMBER?SIZE
                ("GET", number) if path.starts_with("/pages/") => {
                    let (number, size) = (parsed(number)?, parsed(query)?);
                    self.page(reader.get_mut(), number * size..(number + 1) * size, false)?;
                }
                (_, name) => {
                    io::copy(&mut (&mut reader).take(length as u64), &mut io::sink())?;
                    let body = self.describe(name).to_string();
                    send(reader.get_mut(), Framing::Length, &[body.as_bytes()])?;
                }
            }
        }
        Ok(())
    }

    /// Answers the search as es-scroll sends it: a window of numbers, or the last document and the total.
    fn search(&self, stream: &mut TcpStream, body: &Value) -> io::Result<()> {
        let number = |path: &str| body.pointer(path).and_then(Value::as_i64);
        let count = self.pages.count();
        let range = "/query/bool/filter/0/range/_seq_no";
        match (number(&format!("{range}/gte")), number(&format!("{range}/lte")), number("/size")) {
            (Some(first), Some(last), Some(size)) => {
                let from = number("/search_after/0").map_or(first, |after| after + 1) as usize;
                self.page(stream, from..(from + size as usize).min((last + 1) as usize), false)
            }
            (None, None, Some(1)) => self.page(stream, count - 1..count, true),
            _ => Err(io::Error::other(format!("an unexpected search: {body}"))),
        }
    }

    fn page(&self, stream: &mut TcpStream, places: std::ops::Range<usize>, counted: bool) -> io::Result<()> {
        let (head, hits, tail) = self.pages.page(places, counted);
        send(stream, self.framing, &[head.as_bytes(), hits, tail.as_bytes()])
    }

    /// The answers to all that is asked before and after documents.
    fn describe(&self, name: &str) -> Value {
        match name {
            "" => json!({ "version": { "number": "8.19.0" } }),
            "_search_shards" => {
                let shard = |number| json!([{ "index": "logs", "shard": number, "state": "STARTED" }]);
                let shards: Vec<_> = (0..self.shards).map(shard).collect();
                json!({ "nodes": {}, "indices": { "logs": {} }, "shards": shards })
            }
            "_settings" => json!({ "logs": { "settings": { "index": { "uuid": "u" } } } }),
            "_pit" => json!({ "id": "p", "succeeded": true }),
            index => json!({ index: { "aliases": {}, "mappings": {}, "settings": { "index": {} } } }),
        }
    }
}

/// The request line and the length of the body; `None` at the end of the connection.
fn head(reader: &mut BufReader<TcpStream>) -> io::Result<Option<(String, usize)>> {
    let (mut first, mut length) = (String::new(), 0);
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = parsed(value)?,
            Some(_) => {}
            None => return Ok(Some((first, length))),
        }
    }
}

fn parsed(text: &str) -> io::Result<usize> {
    text.parse().map_err(|_| io::Error::other(format!("{text} is no number")))
}

fn count_lines(reader: &mut BufReader<TcpStream>, length: usize) -> io::Result<usize> {
    let (mut left, mut lines) = (length, 0);
    while left > 0 {
        let bytes = reader.fill_buf()?;
        let taken = bytes.len().min(left);
        if taken == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        lines += bytes[..taken].iter().filter(|byte| **byte == b'\n').count();
        reader.consume(taken);
        left -= taken;
    }
    Ok(lines)
}

fn send(stream: &mut TcpStream, framing: Framing, parts: &[&[u8]]) -> io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let length: usize = parts.iter().map(|part| part.len()).sum();
    match framing {
        Framing::Length => {
            let head = format!("{head}content-length: {length}\r\n\r\n");
            let mut slices = vec![IoSlice::new(head.as_bytes())];
            slices.extend(parts.iter().map(|part| IoSlice::new(part)));
            write_all(stream, &mut slices)
        }
        Framing::Chunked(size) => {
            let mark = format!("\r\n{size:x}\r\n");
            let head = format!("{head}transfer-encoding: chunked\r\n");
            // Each part is chunked for itself; only its last chunk is not of the full size.
            let rests: Vec<_> = parts.iter().map(|part| format!("\r\n{:x}\r\n", part.len() % size)).collect();
            let mut slices = vec![IoSlice::new(head.as_bytes())];
            for (part, rest) in parts.iter().zip(&rests) {
                for chunk in part.chunks(size) {
                    let mark = if chunk.len() == size { &mark } else { rest };
                    slices.extend([IoSlice::new(mark.as_bytes()), IoSlice::new(chunk)]);
                }
            }
            slices.push(IoSlice::new(b"\r\n0\r\n\r\n"));
            write_all(stream, &mut slices)
        }
    }
}

fn write_all(stream: &mut TcpStream, mut slices: &mut [IoSlice<'_>]) -> io::Result<()> {
    while !slices.is_empty() {
        let written = stream.write_vectored(slices)?;
        IoSlice::advance_slices(&mut slices, written);
    }
    Ok(())
}
