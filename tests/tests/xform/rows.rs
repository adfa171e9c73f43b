//! CSV and TSV in and out: cells as they stand, rows in their order, and every way in which they can be wrong.

use std::fmt::Write as _;

use es_tests::command::{Folder, Run};

use super::{counts, is_interrupted, one, xform};

fn csv(program: &str, stdin: impl Into<Vec<u8>>) -> Run {
    xform(program, stdin).args(["--from", "csv"])
}

#[test]
fn rows_become_objects_of_strings() {
    csv(".k = 1", "\u{feff}name,\"a \"\"q\"\"\"\r\n\"A, Inc.\r\n\",007\r\n\r\né\\,\"\"\"\"\r\n,")
        .stdout(
            "{\"name\":\"A, Inc.\\r\\n\",\"a \\\"q\\\"\":\"007\",\"k\":1}\n{\"name\":\"é\\\\\",\"a \\\"q\\\"\":\"\\\"\",\"k\":1}\n\
             {\"name\":\"\",\"a \\\"q\\\"\":\"\",\"k\":1}\n",
        )
        .stderr(counts("3 read: 3 written"))
        .run();
    csv(".", "_id,_routing,n\n1,r,x\n2,,y\n")
        .stdout("{\"_id\":\"1\",\"_routing\":\"r\",\"_source\":{\"n\":\"x\"}}\n{\"_id\":\"2\",\"_source\":{\"n\":\"y\"}}\n")
        .stderr(counts("2 read: 2 written"))
        .run();
    xform(".", "a\tb\n1\\t2\t\\\\x\"\n")
        .args(["--from", "tsv"])
        .stdout("{\"a\":\"1\\t2\",\"b\":\"\\\\x\\\"\"}\n")
        .stderr(one("written"))
        .run();
    for nothing in ["", "\n\r\n", "a,b\n", "a,b"] {
        csv(".", nothing).stderr("[counts]\nes-xform: 0 read; [..]\n").run();
    }
}

#[test]
fn a_row_that_does_not_fit_is_refused_with_its_place() {
    let folder = Folder::shared();
    csv(".", b"_id,a\n1,x\n2\n3,\"y\nz\"\n4,x,y\n5,\xff\n,x\n\"6\"7,x\n8,x\n9,\"cut\n10,x\n".to_vec())
        .args(["--rejects", "bad"])
        .in_folder(&folder)
        .stdout("{\"_id\":\"1\",\"_source\":{\"a\":\"x\"}}\n{\"_id\":\"3\",\"_source\":{\"a\":\"y\\nz\"}}\n{\"_id\":\"8\",\"_source\":{\"a\":\"x\"}}\n")
        .stderr(
            "es-xform: rejected: line 3 (byte 10): a row of 1 cell under a header of 2\n\
             es-xform: rejected: line 6 (byte 20): a row of 3 cells under a header of 2\n\
             es-xform: rejected: line 7 (byte 26): invalid UTF-8\n\
             es-xform: rejected: line 8 (byte 30): neither `_index` nor `_id` is left\n\
             es-xform: rejected: line 9 (byte 33): text after the closing quote of a cell\n\
             es-xform: rejected: line 11 (byte 44): a quoted cell has no end\n"
                .to_owned()
                + &counts("9 read: 3 written, 6 rejected"),
        )
        .status(3)
        .run();
    let bad = String::from_utf8(folder.read("bad")).unwrap();
    assert!(bad.lines().all(|line| line.contains("\"base64\":\"")), "{bad}");
    // A record that the program refuses can be mended as what it was.
    csv(".a.b = 1", "_id,a\n1,x\n")
        .args(["--rejects", "worse"])
        .in_folder(&folder)
        .take_stderr()
        .status(3)
        .run();
    assert!(folder.read("worse").starts_with(br#"{"_id":"1","_source":{"a":"x"},"_reject":{"#));
}

#[test]
fn a_header_that_cannot_be_used_ends_the_run() {
    for (input, why) in [
        ("a,,b\n", "-, line 1: column 2 has no name"),
        ("\na,b,a\n1,2,3\n", "-, line 2: the column \"a\" is there twice"),
        ("_routing,a\n", "-, line 1: `_routing` without `_index` or `_id`"),
        ("a,\"b\n", "-, line 1: a quoted cell has no end"),
    ] {
        csv(".", input).stderr(format!("es-xform: error: {why}\nes-xform: 0 read; [..]\n")).status(1).run();
    }
}

#[test]
fn every_file_has_its_header() {
    let folder = Folder::shared();
    folder.write("a", "a,b\n1,2");
    folder.write("b", "b\n\"3\n");
    let run =
        |files: &[&str]| Run::new("es-xform").args([".", "--from", "csv"]).args(files).in_folder(&folder);
    run(&["a", "a"])
        .stdout("{\"a\":\"1\",\"b\":\"2\"}\n{\"a\":\"1\",\"b\":\"2\"}\n")
        .stderr(counts("2 read: 2 written"))
        .run();
    run(&["a", "b", "a"])
        .stdout("{\"a\":\"1\",\"b\":\"2\"}\n{\"a\":\"1\",\"b\":\"2\"}\n")
        .stderr(
            "es-xform: rejected: b: line 2 (byte 2): a quoted cell has no end\n".to_owned()
                + &counts("3 read: 2 written, 1 rejected"),
        )
        .status(3)
        .run();
}

#[test]
fn rows_are_whole_whatever_the_blocks_and_the_workers() {
    let mut input = "n,text\n".to_owned();
    for n in 0..40_000 {
        writeln!(input, "{n},\"{}\n\"\"{}\"", "x,".repeat(n % 60), "y\r\n".repeat(n % 3)).unwrap();
    }
    for jobs in ["1", "2", "7"] {
        csv(".", input.clone())
            .args(["-j", jobs, "--to", "csv"])
            .stdout(input.clone())
            .stderr(counts("40,000 read: 40,000 written"))
            .run();
    }
}

#[test]
fn the_first_record_written_makes_the_header() {
    // Blocks without any record come before it, and many after it.
    let mut input = "{\"n\":0}\n".repeat(100_000);
    input.push_str("{\"n\":1,\"b\":[1, 2],\"c\":null,\"d\":1E400}\n");
    input.push_str(&"{\"d\":true,\"n\":2,\"z\":null}\n".repeat(100_000));
    let expected = "n,b,c,d\n1,\"[1, 2]\",,1E400\n".to_owned() + &"2,,,true\n".repeat(100_000);
    for jobs in ["1", "2", "7"] {
        xform("select(.n > 0)", input.clone())
            .args(["--to", "csv", "-j", jobs])
            .stdout(expected.clone())
            .stderr(counts("200,001 read: 100,001 written, 100,000 dropped"))
            .run();
    }
    xform(".", "{\"a\":\"\\ud800\"}\n{\"b\":\"\"}\n{\"b\":1,\"c\":2}\n")
        .args(["--to", "csv"])
        .stdout("b\n\"\"\n")
        .stderr(
            "es-xform: rejected: line 1 (byte 0): invalid UTF-8\n\
             es-xform: rejected: line 3 (byte 24): column \"c\" is not in the header, which the first record made: pick() the columns\n"
                .to_owned()
                + &counts("3 read: 1 written, 2 rejected"),
        )
        .status(3)
        .run();
    xform("empty", "{}").args(["--to", "csv"]).stderr(one("dropped")).run();
}

#[test]
fn the_only_cell_of_a_row_may_be_empty() {
    let documents = "{\"a\":\"\"}\n{\"a\":\"x\"}\n{\"a\":\"\"}\n";
    for (form, rows) in [("csv", "a\n\"\"\nx\n\"\"\n"), ("tsv", "a\n\nx\n\n")] {
        let written = counts("3 read: 3 written");
        xform(".", documents).args(["--to", form]).stdout(rows).stderr(written.clone()).run();
        xform(".", rows).args(["--from", form]).stdout(documents).stderr(written).run();
        xform(".", rows).args(["--from", form, "--preview", "3"]).take_stdout().take_stderr().run();
    }
    // Where there are several, an empty line has too few.
    xform(".", "a\tb\n\n1\t2\n")
        .args(["--from", "tsv"])
        .stdout("{\"a\":\"1\",\"b\":\"2\"}\n")
        .stderr(one("written"))
        .run();
}

#[test]
fn the_limit_is_that_of_a_row_without_its_end() {
    let limit = 256 << 10;
    for end in ["\n", "\r\n"] {
        let row = |length: usize| "x".repeat(length) + end;
        csv("empty", format!("a{end}{}{}", row(limit), row(limit + 1)))
            .args(["--max-line", "1k"])
            .stderr(
                "es-xform: rejected: line 3 (byte [..]): a line of 262145 bytes is longer than --max-line\n"
                    .to_owned()
                    + &counts("2 read: 1 dropped, 1 rejected"),
            )
            .status(3)
            .run();
    }
}

#[test]
fn a_row_over_the_limit_is_read_past_and_not_held() {
    let script = "{ printf 'a,b\\n1,2\\n3,\"'; yes '\"\"long' | head -c 50000001; printf '\"\\n5,6\\n7,\"'; head -c 2000000 /dev/zero | tr '\\0' '\\n'; } \
                  | es-xform --from csv --max-line 1M .; echo $?";
    Run::shell(script)
        .stdout("{\"a\":\"1\",\"b\":\"2\"}\n{\"a\":\"5\",\"b\":\"6\"}\n3\n")
        .stderr(
            "es-xform: rejected: line 3 (byte 8): a line of 50000006 bytes is longer than --max-line\n\
             es-xform: rejected: line [..] (byte [..]): a line of 2000003 bytes is longer than --max-line\n"
                .to_owned()
                + &counts("4 read: 2 written, 2 rejected"),
        )
        .memory_limit(700 << 20)
        .run();
    let whole = "{ printf 'a\\n\"'; head -c 50000000 /dev/zero | tr '\\0' '\\n'; printf '\"\\n'; } | es-xform -q --from csv --to csv . | wc -c";
    Run::shell(whole).stdout("50000005\n").run();
}

#[test]
fn a_reader_that_goes_away_and_a_signal_end_it() {
    Run::shell("{ seq 3000000 | sed 's/$/,x/' || true; } | es-xform --from csv --to csv 'select(.x != \"5\")' | head -2")
        .stdout("1,x\n2,x\n")
        .stderr("[...]\nes-xform: [..]; incomplete: output closed\n[...]\n")
        .run();
    is_interrupted(&[".", "--from", "csv", "--to", "csv", "-j", "3"], b"a\n1\n", "the first row");
}
