//! `--from bulk`: action lines and their documents, edited as pairs.

use std::fmt::Write as _;

use es_tests::command::{Folder, Run};

use super::{counts, one, xform};

fn bulk(program: &str, stdin: impl Into<Vec<u8>>) -> Run {
    xform(program, stdin).args(["--from", "bulk"])
}

#[test]
fn the_document_is_edited_and_the_action_kept() {
    let input = "{\"index\":{\"_index\":\"i\",\"_type\":\"t\",\"_id\":\"1\",\"_routing\":\"r\",\"pipeline\":\"p\",\"if_seq_no\":3}}\r\n \
                 {\"a\": 1.0}\r\n\n{\"create\":{\"routing\":\"q\"}}\n{\"_mark\":{}}\n{\"a\":2}\n\
                 {\"index\":{\"_id\":\"\\u0033\",\"version\":7,\"version_type\":\"external\"}}\n{}";
    bulk("rename(.a; .b)", input)
        .stdout(
            "{\"index\":{\"_index\":\"i\",\"_type\":\"t\",\"_id\":\"1\",\"routing\":\"r\",\"pipeline\":\"p\",\"if_seq_no\":3}}\n\
             {\"b\": 1.0}\n{\"create\":{\"routing\":\"q\"}}\n{\"b\":2}\n\
             {\"index\":{\"_id\":\"\\u0033\",\"version\":7,\"version_type\":\"external\"}}\n{}\n",
        )
        .stderr(counts("3 read: 3 written"))
        .run();
    bulk(
        r#"._index |= . + "-v2" | ._id = "n" | .a += 1"#,
        "{\"index\":{\"_index\":\"i\",\"_id\":\"1\"}}\n{\"a\":1}",
    )
    .stdout("{\"index\":{\"_index\":\"i-v2\",\"_id\":\"n\"}}\n{\"a\":2}\n")
    .stderr(one("written"))
    .run();
}

#[test]
fn what_an_action_says_is_there_to_be_edited_whatever_it_does_not_say() {
    let bare = "{\"index\":{}}\n{\"u\":\"x\"}\n";
    let routed = "{\"index\":{\"routing\":\"q\",\"pipeline\":\"p\"}}\n{\"u\":\"x\"}\n";
    for (program, input, output) in [
        (
            "._id = \"7\" | ._routing = .u",
            bare,
            "{\"index\":{\"_id\":\"7\",\"routing\":\"x\"}}\n{\"u\":\"x\"}\n",
        ),
        ("._routing = .u", bare, "{\"index\":{\"routing\":\"x\"}}\n{\"u\":\"x\"}\n"),
        (
            "._routing |= . + .",
            routed,
            "{\"index\":{\"routing\":\"qq\",\"pipeline\":\"p\"}}\n{\"u\":\"x\"}\n",
        ),
        (
            "._index = \"i\" | ._routing = \"z\"",
            routed,
            "{\"index\":{\"_index\":\"i\",\"routing\":\"z\",\"pipeline\":\"p\"}}\n{\"u\":\"x\"}\n",
        ),
        ("del(._routing)", routed, "{\"index\":{\"pipeline\":\"p\"}}\n{\"u\":\"x\"}\n"),
        ("select(._routing == \"q\")", routed, routed),
        (
            ".r = (._routing | ascii_upcase)",
            routed,
            "{\"index\":{\"routing\":\"q\",\"pipeline\":\"p\"}}\n{\"u\":\"x\",\"r\":\"Q\"}\n",
        ),
    ] {
        bulk(program, input).stdout(output).take_stderr().run();
    }
    bulk("._source.r = ._routing", routed)
        .arg("--whole")
        .stdout("{\"index\":{\"routing\":\"q\",\"pipeline\":\"p\"}}\n{\"u\":\"x\",\"r\":\"q\"}\n")
        .stderr(one("written"))
        .run();
    bulk(".", routed).args(["--to", "csv"]).stdout("_routing,u\nq,x\n").stderr(one("written")).run();
    // A pair needs no name: where it goes may stand in the URL.
    xform("._routing = .u | del(._id)", "{\"_id\":\"1\",\"_source\":{\"u\":\"x\"}}\n")
        .args(["--to", "bulk"])
        .stdout("{\"create\":{\"routing\":\"x\"}}\n{\"u\":\"x\"}\n")
        .take_stderr()
        .run();
}

#[test]
fn what_is_no_pair_is_refused_where_it_stands() {
    let input = "{\"update\":{\"_id\":\"1\"}}\n{\"doc\":{}}\n{\"delete\":{\"_id\":\"2\"}}\n{\"a\":1}\nx\n\
                 {\"index\":{}}\n{},\"_id\":\"3\"\n{\"index\":{}}\n{}\n{\"index\":{\"_id\":\"4\"}}\n";
    let folder = Folder::shared();
    bulk(".", input)
        .args(["--rejects", "bad"])
        .in_folder(&folder)
        .stdout("{\"index\":{}}\n{}\n")
        .stderr(
            "es-xform: rejected: line 1 (byte 0): the action is `update`, which brings no whole document to edit\n\
             es-xform: rejected: line 3 (byte 34): the action is `delete`, which brings no whole document to edit\n\
             es-xform: rejected: line 4 (byte 57): a document without an action among bulk action lines\n\
             es-xform: rejected: line 5 (byte 65): no record: no object at byte 0\n\
             es-xform: rejected: line 6 (byte 67): no record: more after the record at byte 2\n\
             es-xform: rejected: line 10 (byte 109): the document of this action is missing\n"
                .to_owned()
                + &counts("7 read: 1 written, 6 rejected"),
        )
        .status(3)
        .run();
    // Nothing of it is lost on a second try, which can do no better.
    let before = folder.read("bad");
    Run::new("es-xform")
        .args([".", "bad", "--rejects", "bad2"])
        .in_folder(&folder)
        .take_stderr()
        .status(3)
        .run();
    assert_eq!(String::from_utf8_lossy(&folder.read("bad2")), String::from_utf8_lossy(&before));
}

#[test]
fn a_refused_pair_comes_back_with_all_that_its_action_said() {
    let folder = Folder::shared();
    let pair = "{\"index\":{\"_id\":\"1\",\"routing\":\"r\",\"version\":12345678901234567890,\"version_type\":\"external\",\"pipeline\":\"p\"}}\n{\"a\":1.0}\n";
    let pairs = format!("{pair}{{\"create\":{{\"routing\":\"q\"}}}}\n{{\"a\":2}}\n");
    bulk(".a.b = 1 | .x |= empty", pairs.clone())
        .args(["--rejects", "bad"])
        .in_folder(&folder)
        .take_stderr()
        .status(3)
        .run();
    let again = |program: &str, file: &str| Run::new("es-xform").args([program, file]).in_folder(&folder);
    again(".a.c = 1", "bad").args(["--rejects", "worse"]).take_stderr().status(3).run();
    for file in ["bad", "worse"] {
        again(".", file)
            .args(["--to", "bulk"])
            .stdout(pairs.clone())
            .stderr(counts("2 read: 2 written"))
            .run();
    }
}

#[test]
fn pairs_are_whole_whatever_the_blocks_and_the_workers() {
    let mut input = String::new();
    for n in 0..40_000 {
        let op = if n % 3 == 0 { "index" } else { "create" };
        writeln!(input, "{{\"{op}\":{{\"_id\":\"{n}\"}}}}\n{{\"n\":{n},\"pad\":\"{}\"}}", "x".repeat(n % 90))
            .unwrap();
    }
    let expected = input.replace("\"n\"", "\"m\"");
    for jobs in ["1", "2", "7"] {
        bulk("rename(.n; .m)", input.clone())
            .args(["-j", jobs])
            .stdout(expected.clone())
            .stderr(counts("40,000 read: 40,000 written"))
            .run();
    }
}

#[test]
fn no_pair_goes_over_the_end_of_a_file() {
    let folder = Folder::shared();
    folder.write("a", "{\"index\":{}}\n{\"n\":1}\n{\"index\":{}}\n");
    folder.write("b", "{\"create\":{}}\n{\"n\":2}");
    Run::new("es-xform")
        .args([".", "--from", "bulk", "a", "b", "a"])
        .in_folder(&folder)
        .stdout("{\"index\":{}}\n{\"n\":1}\n{\"create\":{}}\n{\"n\":2}\n{\"index\":{}}\n{\"n\":1}\n")
        .stderr(
            "es-xform: rejected: a: line 3 (byte 21): the document of this action is missing\n\
             es-xform: rejected: a: line 3 (byte 21): the document of this action is missing\n"
                .to_owned()
                + &counts("5 read: 3 written, 2 rejected"),
        )
        .status(3)
        .run();
    bulk(".", "").stderr("[counts]\nes-xform: 0 read; [..]\n").run();
}

#[test]
fn a_document_over_the_limit_takes_its_action_with_it() {
    let script = "{ printf '{\"index\":{}}\\n{}\\n{\"index\":{\"_id\":\"1\"}}\\n{\"a\":\"'; head -c 3000000 /dev/zero | tr '\\0' x
        printf '\"}\\n{\"index\":{}}\\n{\"b\":1}\\n'; } | es-xform --from bulk --max-line 1M .; echo $?";
    Run::shell(script)
        .stdout("{\"index\":{}}\n{}\n{\"index\":{}}\n{\"b\":1}\n3\n")
        .stderr(
            "es-xform: rejected: line 3 (byte 16): a line of 3000008 bytes is longer than --max-line\n"
                .to_owned()
                + &counts("3 read: 2 written, 1 rejected"),
        )
        .run();
}
