//! es-xform as a command: what it reads, writes, says, and how it ends.

use std::time::Duration;

use es_tests::command::{Folder, Run, Signal};

/// For what ends by a signal, or at once, and otherwise takes minutes or never ends.
const SOON: Duration = Duration::from_secs(60);

mod forms;
mod pairs;
mod preview;
mod recipes;
mod rows;
mod table;

const HIT: &str = r#"{"_index":"logs","_id":"7","_routing":"a","_source":{"a": 1.0,"b":{"c":[1, 2]},"s":"x\u0041","n":503}}"#;

fn line(source: &str) -> String {
    format!("{{\"_index\":\"logs\",\"_id\":\"7\",\"_routing\":\"a\",\"_source\":{source}}}\n")
}

fn xform(program: &str, stdin: impl Into<Vec<u8>>) -> Run {
    Run::new("es-xform").arg(program).stdin(stdin)
}

/// It waits for more after this input, has written something by then, and ends when it is told to.
fn is_interrupted(args: &[&str], input: &[u8], written: &str) {
    let mut waiting =
        Run::new("es-xform").args(args).stdin_open().take_stdout().take_stderr().signal(Signal::INT).start();
    waiting.write(input);
    waiting.wait_until(written, |run| !run.stdout_so_far().is_empty());
    waiting.signal(Signal::INT);
    waiting.wait_within(SOON);
}

/// The last line, after what each rule did.
fn counts(summary: &str) -> String {
    format!("[counts]\nes-xform: {summary}; [..]\n")
}

fn one(what: &str) -> String {
    counts(&format!("1 read: 1 {what}"))
}

#[test]
fn records_pass_byte_for_byte() {
    let nasty = [
        HIT,
        r#" { "_id" : "\u0031\"/\n" , "_source" : { "1":-0, "0":-0.0,"z":1E5, "b":123456789012345678901234567890 } } "#,
        r#"{"_id":"1","_source":{"a":1,"a":2,"s":"\ud800\/\u00e9","__proto__":{},"d.e":{}},"sort":[1],"_score":null}"#,
        r#"{"_mark":{"at":"here"}}"#,
        r#"{"_index":"i","_id":"ids only"}"#,
        r#"{"_id":"1","_type":"t","_version":3,"_seq_no":1,"_primary_term":1,"_parent":"p","_source":{}}"#,
    ]
    .join("\n")
        + "\n";
    xform(".", nasty.clone()).stdout(nasty).stderr(counts("5 read: 5 written")).run();
    let bare = "{\"a\":1.0}\n {\"x\" :1} \n{}\n";
    xform(".", bare).stdout(bare).stderr(counts("3 read: 3 written")).run();
}

#[test]
fn the_full_language_keeps_the_order_of_keys() {
    let document = r#"{"z":1,"a":2,"b":3,"c":{"k":0,"l":1,"m":2},"n":1.0,"z":9}"#;
    for (program, left) in [
        ("del(.z) | .b |= .+1", r#"{"a":2,"b":4,"c":{"k":0,"l":1,"m":2},"n":1.0}"#),
        (".c |= (del(.k) | .m += 1)", r#"{"z":9,"a":2,"b":3,"c":{"l":1,"m":3},"n":1.0}"#),
        ("(.z, .b) |= empty", r#"{"a":2,"c":{"k":0,"l":1,"m":2},"n":1.0}"#),
        (r#"map_values(select(type == "number"))"#, r#"{"z":9,"a":2,"b":3,"n":1.0}"#),
        (r#"with_entries(select(.key != "a"))"#, r#"{"z":9,"b":3,"c":{"k":0,"l":1,"m":2},"n":1.0}"#),
        (r#". + {"y": 1, "a": 7}"#, r#"{"z":9,"a":7,"b":3,"c":{"k":0,"l":1,"m":2},"n":1.0,"y":1}"#),
    ] {
        let full = format!("{program} | . as $d | $d");
        xform(&full, format!("{document}\n")).stdout(format!("{left}\n")).stderr(one("written")).run();
    }
}

#[test]
fn lines_end_as_they_may() {
    xform(".", "{\"a\":1}\r\n\r\n\n{\"a\":2}")
        .stdout("{\"a\":1}\n{\"a\":2}\n")
        .stderr(counts("2 read: 2 written"))
        .run();
    xform("del(.a)", "").stderr("[counts]\nes-xform: 0 read; [..]\n").run();
    xform("del(.a)", "\n\n").stderr("[counts]\nes-xform: 0 read; [..]\n").run();
}

#[test]
fn edits_leave_every_other_byte() {
    for (program, source) in [
        ("rename(.a; .z)", r#"{"z": 1.0,"b":{"c":[1, 2]},"s":"x\u0041","n":503}"#),
        ("rename(.b.c; .d.e)", r#"{"a": 1.0,"b":{},"s":"x\u0041","n":503,"d":{"e":[1, 2]}}"#),
        ("rename(.gone; .z)", r#"{"a": 1.0,"b":{"c":[1, 2]},"s":"x\u0041","n":503}"#),
        ("del(.a, .n)", r#"{"b":{"c":[1, 2]},"s":"x\u0041"}"#),
        (
            r#".n = 5.0 | .x."y z" = {"k":[null]}"#,
            r#"{"a": 1.0,"b":{"c":[1, 2]},"s":"x\u0041","n":5.0,"x":{"y z":{"k":[null]}}}"#,
        ),
        (
            ".copy = .b | .b.c = .gone",
            r#"{"a": 1.0,"b":{"c":null},"s":"x\u0041","n":503,"copy":{"c":[1, 2]}}"#,
        ),
        ("pick(.s, .b.c)", r#"{"s":"x\u0041","b":{"c":[1, 2]}}"#),
        (r#"select(.n >= 500 and .s == "xA")"#, r#"{"a": 1.0,"b":{"c":[1, 2]},"s":"x\u0041","n":503}"#),
    ] {
        xform(program, HIT).stdout(line(source)).stderr(one("written")).run();
    }
    xform("select(.n < 500)", HIT).stderr(one("dropped")).run();
}

#[test]
fn what_is_no_number_stays_so_from_edit_to_edit() {
    for (document, program, output) in [
        (r#"{"a":-4,"b":10}"#, ".r = (.a | sqrt) + .b", r#"{"a":-4,"b":10,"r":null}"#),
        (r#"{"a":"nan","b":10}"#, ".b += (.a | tonumber)", r#"{"a":"nan","b":null}"#),
        (r#"{"a":"nan"}"#, ".a |= tonumber | .a += 1", r#"{"a":null}"#),
        (
            r#"{"a":"nan"}"#,
            ".a |= tonumber | .s = \"\\(.a)NaN\" | .t = (.a | tostring)",
            r#"{"a":null,"s":"nullNaN","t":"null"}"#,
        ),
        (r#"{"a":-4}"#, "select(.a | log)", r#"{"a":-4}"#),
        (r#"{"a":-4}"#, "if (.a | sqrt) then .ok = true else .ok = false end", r#"{"a":-4,"ok":true}"#),
        (r#"{"a":-4}"#, ".r = ((.a | log) // \"none\")", r#"{"a":-4,"r":null}"#),
        (r#"{"a":"nan"}"#, ".r = (.a | tonumber | type)", r#"{"a":"nan","r":"number"}"#),
        (
            r#"{"a":[-4,"NaN"]}"#,
            ".r = (.a | map(try sqrt catch \"\\\"NaN\")) | .q = .r",
            r#"{"a":[-4,"NaN"],"r":[null,"\"NaN"],"q":[null,"\"NaN"]}"#,
        ),
    ] {
        for program in [program.to_owned(), format!("({program}) | (., empty)")] {
            xform(&program, document).stdout(format!("{output}\n")).take_stderr().run();
        }
    }
    xform("._id = (.a | sqrt)", line(r#"{"a":-4}"#)).take_stdout().take_stderr().status(3).run();
}

#[test]
fn both_ways_say_the_same_where_paths_are_unusual() {
    for (document, program, output) in [
        (r#"{"l":[{"old":true,"n":1},{"n":2}]}"#, ".l[] |= del(select(.old))", r#"{"l":[null,{"n":2}]}"#),
        (r#"{"o":{"b":1}}"#, ".o |= del(.)", r#"{"o":null}"#),
        (r#"{"b":{"l":1}}"#, "(.b, .b.l) = {\"l\":2}", r#"{"b":{"l":{"l":2}}}"#),
    ] {
        for program in [program.to_owned(), format!("({program}) | (., empty)")] {
            xform(&program, document).stdout(format!("{output}\n")).take_stderr().run();
        }
    }
    for (document, program) in [
        (r#"{"a":1}"#, "del(select(.a == 1))"),
        (r#"{"b":1}"#, "(.b, .b.l) = {\"l\":2}"),
        // What a document says must not fill the memory.
        (r#"{"a":"12","b":12345678901}"#, ".t = .a * .b"),
        (r#"{"a":"12","b":1e19}"#, ".t = .a * .b"),
        // As a time this would be one of the year 1839.
        (r#"{"a":1475735423442398}"#, ".t = (.a | strftime(\"%Y\"))"),
        (r#"{"a":1460721600000000}"#, ".a |= gmtime"),
        (r#"{"a":-1460721600000000}"#, ".a |= localtime"),
        (r#"{"a":1e300}"#, ".a |= strflocaltime(\"%Y\")"),
    ] {
        for program in [program.to_owned(), format!("({program}) | (., empty)")] {
            xform(&program, document).stdout("").take_stderr().status(3).run();
        }
    }
    xform(".t = (.a | gmtime | mktime)", r#"{"a":253402207200}"#)
        .stdout("{\"a\":253402207200,\"t\":253402207200}\n")
        .take_stderr()
        .run();
}

#[test]
fn whole_lines_are_edited_the_same_whatever_the_order_of_their_keys() {
    for (program, expected) in [
        ("._index = \"v2\" | del(._source.x)", r#""_index":"v2","_id":"1","_source":{"a":1}"#),
        ("del(._id, ._source.x)", r#""_index":"i","_source":{"a":1}"#),
        ("rename(._id; ._old) | ._source.a = 5", r#""_index":"i","_old":"1","_source":{"a":5,"x":2}"#),
    ] {
        let usual = r#"{"_index":"i","_id":"1","_source":{"a":1,"x":2}}"#;
        xform(program, usual).arg("--whole").stdout(format!("{{{expected}}}\n")).take_stderr().run();
        let spaced = usual.replace("{\"_index\"", "{ \"_index\"");
        xform(program, spaced).arg("--whole").stdout(format!("{{ {expected}}}\n")).take_stderr().run();
    }
}

#[test]
fn docinfo_is_set_read_and_removed_both_ways() {
    let source = r#"{"a": 1.0,"b":{"c":[1, 2]},"s":"x\u0041","n":503}"#;
    for (program, docinfo) in [
        (r#"._index = "v2""#, r#""_index":"v2","_id":"7","_routing":"a""#),
        (r#"._index |= sub("^logs"; "archive")"#, r#""_index":"archive","_id":"7","_routing":"a""#),
        ("._id = .n | del(._routing)", r#""_index":"logs","_id":"503""#),
        (
            r#"if ._index == "logs" then ._routing = ._id else . end"#,
            r#""_index":"logs","_id":"7","_routing":"7""#,
        ),
        (r#"._id = "\(._index)-\(.n + 1)""#, r#""_index":"logs","_id":"logs-504","_routing":"a""#),
    ] {
        // The full language keeps the bytes of documents that it does not change, too.
        let output = format!("{{{docinfo},\"_source\":{source}}}\n");
        xform(program, HIT).stdout(output).stderr(one("written")).run();
    }
    xform(r#"._index = "i""#, r#"{"a":1.0}"#)
        .stdout("{\"_index\":\"i\",\"_source\":{\"a\":1.0}}\n")
        .stderr(one("written"))
        .run();
    xform("._id = .b", HIT).stderr(rejected("`_id` is an object, not a string")).status(3).run();
    xform("del(._id, ._index)", HIT).stderr(rejected("neither `_index` nor `_id` is left")).status(3).run();
}

fn rejected(reason: &str) -> String {
    format!("es-xform: rejected: line 1 (byte 0): {reason}\n{}", one("rejected"))
}

#[test]
fn the_full_language_runs_what_is_no_edit() {
    xform(".n |= . + 1 | .big = 12345678901234567890123 * 1 | . as $d | $d", HIT)
        .stdout(line(r#"{"a":1.0,"b":{"c":[1,2]},"s":"xA","n":504,"big":12345678901234567890123}"#))
        .stderr(one("written"))
        .run();
    xform(".x.y.z += 1 | del(.b.c[0], .a)", r#"{"a":1,"b":{"c":[1,2]},"l":"\ud800"}"#)
        .stdout("{\"b\":{\"c\":[2]},\"l\":\"\\ud800\",\"x\":{\"y\":{\"z\":1}}}\n")
        .stderr(one("written"))
        .run();
    xform("{s, when: .n} | . as $d | $d", HIT)
        .stdout(line(r#"{"s":"xA","when":503}"#))
        .stderr(one("written"))
        .run();
    xform("--whole", HIT)
        .arg(r#"._source.n = 1 | ._id |= . + "x" | . as $d | $d"#)
        .stdout(r#"{"_index":"logs","_id":"7x","_routing":"a","_source":{"a":1.0,"b":{"c":[1,2]},"s":"xA","n":1}}"#.to_owned() + "\n")
        .stderr(one("written"))
        .run();
}

#[test]
fn several_outputs_must_not_overwrite_each_other() {
    xform(r#".b.c[] as $c | ._id += "-\($c)" | {$c}"#, HIT)
        .stdout("{\"_index\":\"logs\",\"_id\":\"7-1\",\"_routing\":\"a\",\"_source\":{\"c\":1}}\n{\"_index\":\"logs\",\"_id\":\"7-2\",\"_routing\":\"a\",\"_source\":{\"c\":2}}\n")
        .stderr("[counts]\nes-xform: 1 read: 1 written; [..]; 2 records out\n")
        .run();
    xform(".b.c[] as $c | {$c}", HIT)
        .stderr(rejected("several outputs with one `_index` and `_id`: they would overwrite each other"))
        .status(3)
        .run();
    xform("empty", HIT).stderr(one("dropped")).run();
    xform(".b.c", HIT).stderr(rejected("the output is an array, not an object")).status(3).run();
}

#[test]
fn a_clash_is_refused_or_settled() {
    xform("rename(.a; .s)", HIT).stderr(rejected("cannot rename .a: .s is there already")).status(3).run();
    xform("rename(.a; .s)", HIT)
        .args(["--on-clash", "replace"])
        .stdout(line(r#"{"s": 1.0,"b":{"c":[1, 2]},"n":503}"#))
        .stderr(one("written"))
        .run();
    xform("rename(.a; .s)", HIT)
        .args(["--on-clash", "skip"])
        .stdout(format!("{HIT}\n"))
        .stderr(one("written"))
        .run();
}

#[test]
fn what_cannot_be_handled_goes_to_the_rejects_and_comes_back() {
    let folder = Folder::shared();
    let bad = "{\"_index\":\"logs\",\"_id\":\"2\",\"_source\":{\"a\":5,\"n\":1}}";
    let invalid = b"{\"_id\":\"4\",\"_source\":{\"a\":{\"b\":\"\xff\"},\"n\":1}}";
    let input = [
        HIT.replace("\"a\": 1.0", "\"a\":{}").as_bytes(),
        bad.as_bytes(),
        b"nonsense",
        b"{\"_id\":\"3\",\"x\":1}",
        invalid,
    ]
    .join(&b'\n');
    Run::new("es-xform")
        .args([".a.b = 1 | .n += 1 | . as $d | $d", "--rejects", "bad.ndjson"])
        .in_folder(&folder)
        .stdin(input)
        .stdout(line(r#"{"a":{"b":1},"b":{"c":[1,2]},"s":"xA","n":504}"#))
        .stderr(
            "es-xform: rejected: line 2 (byte [..]): Cannot index number with string \"b\"\n\
             es-xform: rejected: line 3 (byte [..]): no record: no object at byte 0\n\
             es-xform: rejected: line 4 (byte [..]): a document without docinfo among hit lines\n\
             es-xform: rejected: line 5 (byte [..]): invalid UTF-8\n"
                .to_owned()
                + &counts("5 read: 1 written, 4 rejected"),
        )
        .status(3)
        .run();
    let rejects = String::from_utf8(folder.read("bad.ndjson")).unwrap();
    let lines: Vec<serde_json::Value> = rejects.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    let about = &lines[0]["_reject"];
    assert_eq!(about["tool"], "es-xform");
    assert_eq!(about["type"], "program_error");
    assert_eq!((&about["line"], &about["file"]), (&2.into(), &"-".into()));
    assert_eq!(lines[0]["_source"], serde_json::json!({"a": 5, "n": 1}));
    assert!(lines[1]["_reject"]["base64"].is_string() && lines[1].get("_source").is_none());
    assert_eq!(lines[2]["_source"]["x"], 1);
    assert!(lines[3]["_reject"]["base64"].is_string());
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(folder.path().join("bad.ndjson")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    let script = "umask 022; : > there; es-xform -q --rejects there . || stat -c %a there";
    Run::shell(script).in_folder(&folder).stdin("x\n").stdout("600\n").run();

    // Fixed and passed on: the reason stays with the record for es-bulk, what lay in base64 is read again.
    let outcome = Run::new("es-xform")
        .args(["del(.a)", "bad.ndjson"])
        .in_folder(&folder)
        .take_stdout()
        .stderr(
            "es-xform: rejected: bad.ndjson: line 2 (byte [..]): no record: no object at byte 0\n".to_owned()
                + &counts("4 read: 3 written, 1 rejected"),
        )
        .status(3)
        .run();
    let fixed = outcome.lines();
    assert!(fixed[0].starts_with(br#"{"_index":"logs","_id":"2","_source":{"n":1},"_reject":{"#));
    assert!(fixed[2].starts_with(br#"{"_id":"4","_source":{"n":1},"_reject":{"#));
}

#[test]
fn what_was_refused_for_its_kind_does_not_become_another() {
    let inside = |from: &str, text: &str| {
        let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
        format!(
            "{{\"_reject\":{{\"tool\":\"es-bulk\",\"type\":\"other_kind\",\"from\":\"{from}\",\"base64\":\"{base64}\"}}}}\n"
        )
    };
    let (action, hit, bare) = ("{\"index\":{\"_id\":\"1\"}}", "{\"_id\":\"7\",\"_source\":{}}", "{\"b\":2}");
    for (from, text, found, expected) in [
        ("source", action, "bulk action line", "documents without docinfo"),
        ("source", hit, "hit line", "documents without docinfo"),
        ("hit", bare, "document without docinfo", "hit lines"),
        ("hit", action, "bulk action line", "hit lines"),
    ] {
        xform(".", inside(from, text))
            .stderr(format!(
                "es-xform: rejected: line 1 (byte 0): a {found} among {expected}\n{}",
                one("rejected")
            ))
            .status(3)
            .run();
    }
    for (from, text) in [("source", bare), ("hit", hit), ("bulk", "{\"index\":{}}\n{}")] {
        xform(".", inside(from, text)).take_stdout().stderr(one("written")).run();
    }
}

#[test]
fn rejects_are_never_written_over_and_limits_end_the_run() {
    let folder = Folder::shared();
    folder.write("old.ndjson", "x");
    Run::new("es-xform")
        .args([".", "--rejects", "old.ndjson"])
        .in_folder(&folder)
        .stderr("es-xform: error: --rejects old.ndjson: it holds something already\nes-xform: hint: [..]\n")
        .status(2)
        .run();
    let input = format!("{HIT}\nx\ny\n{HIT}\n");
    Run::new("es-xform")
        .args([".", "--max-rejects", "0"])
        .stdin(input.clone())
        .take_stdout()
        .take_stderr()
        .status(1)
        .run();
    Run::new("es-xform").args([".", "--max-rejects", "2", "-q"]).stdin(input).take_stdout().status(3).run();
    Run::new("es-xform")
        .args([".", "--rejects", "none.ndjson"])
        .in_folder(&folder)
        .stdin(HIT)
        .take_stdout()
        .take_stderr()
        .run();
    folder.assert_no_file("none");
}

#[test]
fn a_line_of_another_kind_is_refused() {
    for (first, second, reason) in [
        (HIT, r#"{"a":1}"#, "a document without docinfo among hit lines"),
        (r#"{"a":1}"#, HIT, "a hit line among documents without docinfo"),
        (HIT, r#"{"index":{}}"#, "a bulk action line among hit lines"),
        (HIT, r#"{"_id":"1","_source":{},"x":1}"#, "unknown key `x` beside `_source`"),
        (HIT, r#"{"_id":"1","_id":"2"}"#, "`_id` is there twice"),
        (HIT, r#"{"_id":1,"_source":{}}"#, "`_id` is a number, not a string"),
    ] {
        xform(".", format!("{first}\n{second}"))
            .stdout(format!("{first}\n"))
            .stderr(format!(
                "es-xform: rejected: line 2 (byte [..]): {reason}\n{}",
                counts("2 read: 1 written, 1 rejected")
            ))
            .status(3)
            .run();
    }
    xform(".", "{\"index\":{}}\n{\"a\":1}\n")
        .stderr(
            "es-xform: error: the input holds bulk action lines\n\
             es-xform: hint: --from bulk edits them; es-bulk --op keep loads them as they are\n\
             es-xform: 0 read; [..]\n",
        )
        .status(1)
        .run();
}

#[test]
fn a_program_is_judged_before_the_first_record() {
    for (program, error) in [
        ("._source.a = 1", "the program names `._source`\nes-xform: hint: [..]"),
        (
            "._version = 1",
            "the program names `._version`, which is the server's to set\nes-xform: hint: [..]",
        ),
        ("input", "the program uses `input`: [..]"),
        ("[inputs]", "the program uses `inputs`: [..]"),
        ("$ENV.HOME", "the program uses `$ENV`: [..]"),
        (".a = env", "the program uses `env`: [..]"),
        ("if .a then halt else . end", "the program uses `halt`: [..]"),
        ("debug", "the program uses `debug`: [..]"),
        ("import \"a\" as a; .", "the program uses `import`: [..]"),
        (".a =", "the program, line 1, column 5: term expected"),
        (".\n| .a = )", "the program, line 2, column 8: token expected"),
        (".a = $x", "the program: variable `$x` is not defined"),
        ("nope(.a)", "the program: function `nope/1` is not defined"),
        (
            "map(._id)",
            "`._id` in an argument of `map`: [..]\nes-xform: hint: bind it first: `._id as $id | …`",
        ),
    ] {
        xform(program, HIT).stderr(format!("es-xform: error: {error}\n")).status(2).run();
    }
    Run::new("es-xform").stderr("es-xform: error: no program[..]\nes-xform: hint: [..]\n").status(2).run();
    Run::new("es-xform")
        .args([".", "absent.ndjson"])
        .stderr("es-xform: error: no such file: absent.ndjson\nes-xform: hint: [..]\n")
        .status(2)
        .run();
}

#[test]
fn programs_come_from_files_and_take_variables() {
    let folder = Folder::shared();
    folder.write("p.jq", "# why\n.v = $v | .w = $w # so\n");
    folder.write("in.ndjson", "{}\n");
    Run::new("es-xform")
        .args(["-f", "p.jq", "in.ndjson", "--arg", "v", "x\"y", "--argjson", "w", "{\"n\":1.0}"])
        .in_folder(&folder)
        .stdout("{\"v\":\"x\\\"y\",\"w\":{\"n\":1.0}}\n")
        .stderr(one("written"))
        .run();
    Run::new("es-xform")
        .args(["--explain", "rename(.a; .b) | del(.\"x y\", .c.d) | select(.n > 3)"])
        .stdout("as edits on the bytes of each record:\n  rename .a to .b\n  delete .\"x y\", .c.d\n  keep if .n > 3\n")
        .run();
    Run::new("es-xform")
        .args([
            "--explain",
            "rename(.l[].a; .l[].b) | .l[] |= del(.c) | if .n then .s |= ascii_downcase else empty end",
        ])
        .stdout(
            "as edits on the bytes of each record:\n  rename .l[].a to .l[].b\n  .l[]: delete .c\n  \
             if .n: change .s by ascii_downcase\n  else: drop\n",
        )
        .run();
    Run::new("es-xform")
        .args(["--explain", "."])
        .stdout("nothing to do: every record passes as it is\n")
        .run();
    Run::new("es-xform")
        .args(["--explain", ".n += 1 | to_entries"])
        .stdout("through the full language: `to_entries` is not an edit\nvalues and the order of keys are kept; space, escapes and repeated keys of changed documents are not\n")
        .run();
}

#[test]
fn compressed_files_are_read_by_their_content() {
    let script =
        "echo '{\"a\":1}' | gzip > a; echo '{\"a\":2}' > b; es-xform -q 'del(.x)' a b - <<< '{\"a\":3}'";
    Run::shell(script).stdout("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n").run();
    let script = "for i in $(seq 2000); do echo \"{\\\"a\\\":$i$RANDOM}\"; done | gzip | head -c 3000 | es-xform . > /dev/null";
    Run::shell(script)
        .stderr("es-xform: error: cannot read the input: - is damaged after line [..]\nes-xform: [..] read: [..] written; [..]\n")
        .status(1)
        .run();
}

#[test]
fn a_line_over_the_limit_is_read_past() {
    let script = "{ echo '{\"a\":1}'; printf '{\"b\":\"'; head -c 50000000 /dev/zero | tr '\\0' x; echo '\"}'; echo '{\"a\":2}'; } \
                  | es-xform --max-line 1M --rejects bad 'del(.x)'; echo $?; wc -c < bad";
    let outcome = Run::shell(script)
        .take_stdout()
        .stderr(
            "es-xform: rejected: line 2 (byte 8): a line of 50000008 bytes is longer than --max-line\n"
                .to_owned()
                + &counts("3 read: 2 written, 1 rejected"),
        )
        .memory_limit(700 << 20)
        .run();
    let lines = outcome.lines();
    assert_eq!(&lines[..3], [&b"{\"a\":1}\n"[..], b"{\"a\":2}\n", b"3\n"]);
    let size: usize = std::str::from_utf8(lines[3]).unwrap().trim().parse().unwrap();
    assert!((1024..2048).contains(&size), "{size}");
}

#[test]
fn a_limit_beyond_all_memory_is_none() {
    for size in ["18446744073709551615", "9223372036854775807"] {
        xform("del(.x)", line("{}"))
            .args(["--max-line", size])
            .stdout(line("{}"))
            .stderr(one("written"))
            .run();
    }
}

#[test]
fn deep_documents_pass_both_ways_and_deeper_ones_are_refused() {
    let nested = |depth: usize| format!("{}{}", "{\"a\":".repeat(depth - 1), "{}") + &"}".repeat(depth - 1);
    let deep = nested(1000);
    for program in [
        "del(.x)",
        ".x |= empty",
        "rename(.x; .y) | .z.z |= empty",
        ". as $d | $d",
        "walk(.)",
        "tojson | fromjson",
        "fromstream(tostream)",
        ". as $d | ([..] | length) as $n | ([paths] | length) as $m | $d",
    ] {
        xform(program, deep.clone()).stdout(format!("{deep}\n")).stderr(one("written")).run();
        xform(program, nested(1001)).take_stderr().status(3).run();
        xform(program, nested(100_000)).take_stderr().status(3).run();
    }
    xform(".a = {\"b\": .a} | . as $d | $d", deep).take_stderr().status(3).run();
}

#[test]
fn order_is_kept_whatever_the_number_of_workers() {
    let input: String =
        (0..60_000).map(|n| format!("{{\"n\":{n},\"pad\":\"{}\"}}\n", "x".repeat(n % 70))).collect();
    let expected = input.replace("\"n\"", "\"m\"");
    for jobs in ["1", "2", "7"] {
        Run::new("es-xform")
            .args(["rename(.n; .m)", "-j", jobs])
            .stdin(input.clone())
            .stdout(expected.clone())
            .stderr(counts("60,000 read: 60,000 written"))
            .run();
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    Run::shell("{ seq 2000000 | sed 's/.*/{\"a\":1,\"b\":2}/' || true; } | es-xform 'del(.a)' | head -1")
        .stdout("{\"b\":2}\n")
        .stderr("[...]\nes-xform: [..] read: [..] written; [..]; incomplete: output closed\n[...]\n")
        .run();
}

#[test]
fn a_full_disk_is_a_failure() {
    Run::shell("{ seq 100000 | sed 's/.*/{}/' || true; } 2> /dev/null | es-xform . > /dev/full")
        .stderr("es-xform: error: cannot write the output: [..]\nes-xform: [..]\n")
        .status(1)
        .run();
}

#[test]
fn signals_end_waits() {
    for (signal, program) in [(Signal::INT, "del(.a)"), (Signal::TERM, ".a += 1")] {
        let mut waiting =
            Run::new("es-xform").arg(program).stdin_open().take_stderr().take_stdout().signal(signal).start();
        waiting.write(b"{\"b\":1,\"a\":2}\n");
        waiting.wait_until("the first record", |run| !run.stdout_so_far().is_empty());
        waiting.signal(signal);
        waiting.wait_within(SOON);
    }
    let input = "{\"a\":1}\n".repeat(2_000_000);
    let blocked =
        Run::new("es-xform").arg(".").stdin(input).stdout_unread().take_stderr().signal(Signal::INT).start();
    std::thread::sleep(Duration::from_millis(700));
    blocked.signal(Signal::INT);
    blocked.wait_within(SOON);
}

#[test]
fn a_signal_ends_a_program_that_would_never_end() {
    for jobs in ["1", "2"] {
        let mut endless = Run::new("es-xform")
            .args(["-j", jobs, "if .n == 2 then until(false; .) else .n += 1 end"])
            .stdin("{\"n\":1}\n{\"n\":2}\n")
            .stderr("es-xform: warning: cut off at work on a record; what was read last is not written\n")
            .signal(Signal::TERM)
            .start();
        endless.wait_until("it is at work", |run| run.cpu() > Duration::from_secs(1));
        endless.signal(Signal::TERM);
        endless.wait_within(SOON);
    }
}

/// They are not gathered before the second is refused.
#[test]
fn outputs_without_end_are_refused_at_the_first_that_overwrites() {
    xform("repeat(.)", HIT)
        .stderr("es-xform: rejected: line 1 (byte 0): several outputs with one `_index` and `_id`: they would overwrite each other\nes-xform: 1 read: 1 rejected; [..]\n")
        .status(3)
        .within(SOON)
        .run();
}

/// Looking for each among all before it would take minutes.
#[test]
fn a_field_may_be_there_a_hundred_thousand_times() {
    let fields: Vec<_> = (0..300_000).map(|n| format!("\"a\":{n}")).collect();
    let input = line(&format!("{{{}}}", fields.join(",")));
    for (program, output) in [
        (".b = 1 | del(.a)", line("{\"b\":1}")),
        ("rename(.a; .b) | del(.c)", line("{\"b\":299999}")),
        (".a += 1", line("{\"a\":300000}")),
    ] {
        let run = xform(program, input.clone()).stdout(output).stderr(one("written"));
        run.within(SOON).run();
    }
}

#[test]
fn the_summary_tells_what_each_rule_did() {
    let input = "{\"a\":1,\"n\":1}\n{\"n\":2}\n{\"a\":3,\"n\":3}\nx\n".repeat(1000);
    let program = "select(.n > 1) | rename(.a; .b) | if .n == 3 then del(.n) else . end";
    let run = |more: &[&str]| {
        Run::new("es-xform").arg(program).args(more).stdin(input.clone()).take_stdout().status(3)
    };
    run(&["-j", "2", "--rejects", "bad"])
        .stderr(
            "[...]\nes-xform: keep if .n > 1: 2,000 of 3,000\nes-xform: rename .a to .b: 1,000 of 2,000\n\
             es-xform: if .n == 3: delete .n: 1,000 of 1,000\n\
             es-xform: 4,000 read: 2,000 written, 1,000 dropped, 1,000 rejected; [..]\n",
        )
        .run();
    let outcome = run(&["--log-json"]).take_stderr().run();
    let last: serde_json::Value = serde_json::from_str(outcome.stderr.lines().last().unwrap()).unwrap();
    assert_eq!(last["rules"][1], serde_json::json!({"rule": "rename .a to .b", "done": 1000, "seen": 2000}));
    xform(".", "{}").take_stdout().stderr("es-xform: 1 read: 1 written; [..]\n").run();
    // Refused only when it was to be written, a record counts for no rule either.
    xform("del(.p)", "{\"a\":1,\"p\":2}\n{\"a\":1,\"b\":2,\"p\":3}\n")
        .args(["--to", "csv"])
        .stdout("a\n1\n")
        .stderr("es-xform: rejected: line 2 [..]\nes-xform: delete .p: 1 of 1\nes-xform: 2 read: 1 written, 1 rejected; [..]\n")
        .status(3)
        .run();
}

#[test]
fn messages_can_be_objects() {
    let outcome =
        Run::new("es-xform").args(["--log-json", "rename(.a; .s)"]).stdin(HIT).take_stderr().status(3).run();
    let lines: Vec<serde_json::Value> =
        outcome.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines[0]["type"].as_str(), lines[0]["reason"].as_str()), (Some("reject"), Some("clash")));
    assert_eq!(
        (lines[1]["type"].as_str(), lines[1]["rejected"].as_u64(), lines[1]["exit"].as_u64()),
        (Some("summary"), Some(1), Some(3))
    );
}
