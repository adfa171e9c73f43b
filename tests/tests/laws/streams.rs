//! The same bytes are the same records however they arrive; what does not arrive whole is never taken for whole.

use std::io::{Read, Write};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use es_tests::command::{Folder, Run};
use es_tests::fault::{Cluster, Doc, Server};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::records::{self, Rejected};
use crate::{cases, tally};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Gzip,
    Zstd,
}

impl Form {
    fn pack(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Form::Plain => bytes.to_vec(),
            Form::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
            Form::Zstd => zstd::encode_all(bytes, 1).unwrap(),
        }
    }

    /// As much as can be had of what was cut off.
    fn unpack(self, bytes: &[u8]) -> Vec<u8> {
        let mut reader: Box<dyn Read> = match self {
            Form::Plain => Box::new(bytes),
            Form::Gzip => Box::new(MultiGzDecoder::new(bytes)),
            Form::Zstd => Box::new(zstd::Decoder::new(bytes).unwrap()),
        };
        let (mut all, mut byte) = (Vec::new(), [0]);
        while let Ok(1) = reader.read(&mut byte) {
            all.push(byte[0]);
        }
        all
    }
}

/// Hit lines that do not compress to nothing.
fn lines(from: usize, to: usize) -> Vec<u8> {
    let noise = |n: usize| format!("{:x}", (n as u128 + 1).wrapping_pow(31));
    let line = |n: usize| format!("{{\"_id\":\"{n}\",\"_source\":{{\"n\":{n}.0,\"x\":\"{}\"}}}}\n", noise(n));
    (from..to).map(line).collect::<String>().into_bytes()
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn a_compressed_file_that_was_cut_fails_after_all_that_is_whole(
        form in select(vec![Form::Gzip, Form::Zstd]),
        ends in vec(1_usize..1500, 1..4),
        cut in any::<Index>(),
    ) {
        let mut packed = Vec::new();
        let (mut bounds, mut from) = (vec![0], 0);
        for count in ends {
            packed.extend(form.pack(&lines(from, from + count)));
            bounds.push(packed.len());
            from += count;
        }
        let cut = cut.index(packed.len());
        let readable = form.unpack(&packed[..cut]);
        let whole = readable.iter().filter(|b| **b == b'\n').count();
        let folder = Folder::shared();
        folder.write("dump", &packed[..cut]);

        let es = Cluster::elasticsearch("9.2.0").start();
        es.index("logs", 1);
        let run = Run::new("es-bulk").in_folder(&folder).args([&es.target("logs"), "dump", "-q"]);
        if bounds.contains(&cut) {
            // Nothing shows that there was more.
            run.run();
        } else {
            run.status(1).stderr(format!("es-bulk: error: dump is damaged after line {whole} [..]\n")).run();
        }
        es.assert_each_once("logs", whole);
        let sources = es.sources("logs");
        for line in lines(0, whole).split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            let text = std::str::from_utf8(line).unwrap();
            let (head, source) = text.strip_suffix('}').unwrap().split_once(",\"_source\":").unwrap();
            let id = head.strip_prefix("{\"_id\":\"").unwrap().trim_end_matches('"');
            prop_assert_eq!(&sources[id], source.as_bytes());
        }
    }
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn input_that_comes_in_parts_is_the_same(
        form in select(vec![Form::Plain, Form::Gzip, Form::Zstd]),
        input in records::input(),
        cuts in vec(any::<Index>(), 1..8),
    ) {
        let packed = form.pack(&input.bytes);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(packed.len())).collect();
        cuts.extend([0, packed.len()]);
        cuts.sort_unstable();
        let parts: Vec<&[u8]> = cuts.windows(2).map(|pair| &packed[pair[0]..pair[1]]).collect();
        prop_assert_eq!(load(&parts, &input), load(&[&packed], &input));
        if !input.pairs {
            prop_assert_eq!(edit(&parts), edit(&[&packed]));
        }
    }
}

/// What es-bulk stores and what it rejects.
fn load(parts: &[&[u8]], input: &records::Input) -> (Vec<(String, Vec<u8>)>, Vec<Rejected>) {
    let es: Server<Cluster> = tally::cluster();
    let folder = Folder::shared();
    let run = Run::new("es-bulk").in_folder(&folder).take_stderr();
    let run = run.args([&es.target("logs"), "--rejects", "bad.ndjson", "--id-seed", "x"]);
    feed(if input.rejected.is_empty() { run } else { run.status(3) }, parts);
    let mut stored: Vec<_> = es.docs("logs").into_iter().map(|Doc { id, source, .. }| (id, source)).collect();
    let mut rejected: Vec<_> = tally::rejects(&folder, "bad.ndjson").into_iter().map(|(_, r)| r).collect();
    stored.sort();
    rejected.sort();
    (stored, rejected)
}

/// What es-xform writes, whatever it thinks of the rest.
fn edit(parts: &[&[u8]]) -> Vec<u8> {
    let folder: Arc<Folder> = Folder::shared();
    let script = "es-xform -q --rejects bad.ndjson '.edited = 1' || [ $? = 3 ]";
    feed(Run::shell(script).in_folder(&folder).take_stdout().take_stderr(), parts)
}

/// Writes each part once the one before had time to be read.
fn feed(run: Run, parts: &[&[u8]]) -> Vec<u8> {
    let mut running = run.stdin_open().start();
    for part in parts {
        running.write(part);
        thread::sleep(Duration::from_millis(3));
    }
    running.close_stdin();
    running.wait().stdout
}
