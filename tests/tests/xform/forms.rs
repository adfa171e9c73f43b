//! `--from` and `--to`: every form read and written, and records that have no place in one.

use super::{HIT, counts, one, xform};

const SOURCE: &str = r#"{"a": 1.0,"b":{"c":[1, 2]},"s":"x\u0041","n":503}"#;

#[test]
fn every_form_becomes_every_other() {
    let csv = "_index,_id,_routing,a,s\nlogs,7,a,1.0,\"x,\"\"A\"\"\"\n";
    let tsv = "_index\t_id\t_routing\ta\ts\nlogs\t7\ta\t1.0\tx,\"A\"\n";
    let document = r#"{"a":"1.0","s":"x,\"A\""}"#;
    let hit = format!("{{\"_index\":\"logs\",\"_id\":\"7\",\"_routing\":\"a\",\"_source\":{document}}}\n");
    let action = r#"{"_index":"logs","_id":"7","routing":"a"}"#;
    let created = format!("{{\"create\":{action}}}\n{document}\n");
    let indexed = format!("{{\"index\":{action}}}\n{document}\n");
    for (from, input) in [("csv", csv), ("tsv", tsv), ("hit", &hit), ("bulk", &indexed)] {
        let bulk = if from == "bulk" { &indexed } else { &created };
        for (to, output) in
            [("csv", csv), ("tsv", tsv), ("hit", &hit), ("bulk", bulk), ("source", &format!("{document}\n"))]
        {
            xform(".", input).args(["--from", from, "--to", to]).stdout(output).stderr(one("written")).run();
        }
    }
}

#[test]
fn bytes_are_kept_in_every_form_of_json() {
    xform("del(.b)", HIT)
        .args(["--to", "source"])
        .stdout(format!("{}\n", SOURCE.replace(r#""b":{"c":[1, 2]},"#, "")))
        .stderr(one("written"))
        .run();
    let pair = format!("{{\"create\":{{\"_index\":\"logs\",\"_id\":\"7\",\"routing\":\"a\"}}}}\n{SOURCE}\n");
    xform(".", HIT).args(["--to", "bulk"]).stdout(pair.clone()).stderr(one("written")).run();
    xform(".", pair)
        .args(["--from", "bulk", "--to", "hit"])
        .stdout(format!("{HIT}\n"))
        .stderr(one("written"))
        .run();
    let document = r#" {"n":0.10E1 , "big":123456789012345678901234567890, "s":"\ud800\u00e9"}"#;
    xform(".", document)
        .args(["--to", "bulk"])
        .stdout(format!("{{\"create\":{{}}}}\n{}\n", document.trim()))
        .stderr(one("written"))
        .run();
}

#[test]
fn a_document_is_one_whatever_it_looks_like() {
    for document in [HIT, r#"{"index":{}}"#, r#"{"_reject":{"x":1}}"#, r#"{"_id":1,"_source":"x"}"#] {
        xform(".", document)
            .args(["--from", "source"])
            .stdout(format!("{document}\n"))
            .stderr(one("written"))
            .run();
        xform("._index = \"i\"", document)
            .args(["--from", "source"])
            .stdout(format!("{{\"_index\":\"i\",\"_source\":{document}}}\n"))
            .stderr(one("written"))
            .run();
    }
    xform(".a = 1", format!("{HIT}\n[1]\n{{}}"))
        .args(["--from", "hit"])
        .stdout(format!("{}\n", HIT.replace("\"a\": 1.0", "\"a\": 1")))
        .stderr(
            "es-xform: rejected: line 2 (byte [..]): no record: no object at byte 0\n\
             es-xform: rejected: line 3 (byte [..]): a document without docinfo among hit lines\n"
                .to_owned()
                + &counts("3 read: 1 written, 2 rejected"),
        )
        .status(3)
        .run();
}

#[test]
fn what_has_no_place_in_a_form_is_refused() {
    for (to, input, reason) in [
        ("hit", r#"{"a":1}"#, "neither `_index` nor `_id` is left"),
        ("source", r#"{"_id":"1"}"#, "there is no `_source` to write"),
        ("bulk", r#"{"_id":"1"}"#, "there is no `_source` to write"),
        (
            "bulk",
            r#"{"_id":"1","_source":{},"_reject":{"op":"update"}}"#,
            "the action is `update`, which brings no whole document to edit",
        ),
        ("csv", "{}", "there is no field to make a column of"),
        ("csv", r#"{"a":1,"a":2}"#, "`a` is there twice"),
        ("csv", r#"{"a":"\ud800"}"#, "invalid UTF-8"),
    ] {
        let text = format!("es-xform: rejected: line 1 (byte 0): {reason}\n{}", one("rejected"));
        xform(".", input).args(["--to", to]).stderr(text).status(3).run();
    }
}

#[test]
fn a_program_on_whole_lines_writes_every_form() {
    let line = r#"{"_index":"i","_id":"1","_source":{"a":1}}"#;
    for (program, output) in [
        ("._id = \"2\"", "{\"create\":{\"_index\":\"i\",\"_id\":\"2\"}}\n{\"a\":1}\n"),
        ("._source", "{\"create\":{}}\n{\"a\":1}\n"),
    ] {
        xform(program, line).args(["--whole", "--to", "bulk"]).stdout(output).stderr(one("written")).run();
    }
}

#[test]
fn control_lines_pass_where_readers_know_them() {
    let input = "{\"_mark\":{\"n\":1}}\n{\"_id\":\"1\",\"_source\":{\"a\":1}}\n{\"_mark\":{}}\n";
    let document = "{\"a\":1}\n";
    for (to, output) in [
        ("hit", input.to_owned()),
        ("source", format!("{{\"_mark\":{{\"n\":1}}}}\n{document}{{\"_mark\":{{}}}}\n")),
        ("bulk", format!("{{\"create\":{{\"_id\":\"1\"}}}}\n{document}")),
        ("csv", "_id,a\n1,1\n".to_owned()),
    ] {
        xform(".", input).args(["--to", to]).stdout(output).stderr(one("written")).run();
    }
}

#[test]
fn several_outputs_are_several_records_of_the_form() {
    xform(r#".items[] as $i | ._id += "-\($i)" | {i: $i}"#, r#"{"_id":"1","_source":{"items":[1,2]}}"#)
        .args(["--to", "csv"])
        .stdout("_id,i\n1-1,1\n1-2,2\n")
        .stderr("[counts]\nes-xform: 1 read: 1 written; [..]; 2 records out\n")
        .run();
}

#[test]
fn a_part_can_become_the_whole_record() {
    let input = " {\"a\": {\"c\":1} ,\"b\":2} ";
    xform(".a", input).stdout("{\"c\":1}\n").stderr(one("written")).run();
    xform("--whole", input).arg(".a | .c = 2").stdout("{\"c\":2}\n").stderr(one("written")).run();
}
