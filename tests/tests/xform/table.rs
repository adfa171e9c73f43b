//! `--table`: rows looked up by key, in both ways a program can run.

use es_tests::command::{Folder, Run};

use super::{counts, one};

const CLIENTS: &str = "client,index,mapping\r\nacme,logs-7,\"v\"\"2\"\"\"\r\n7,logs-9,\r\n";

fn with(program: &str, table: (&str, &str), stdin: &str) -> Run {
    let folder = Folder::shared();
    folder.write(table.0, table.1);
    Run::new("es-xform").args([program, "--table", "clients", table.0]).in_folder(&folder).stdin(stdin)
}

fn hit(index: &str, source: &str) -> String {
    format!("{{\"_index\":\"{index}\",\"_id\":\"1\",\"_source\":{source}}}\n")
}

#[test]
fn documents_are_routed_by_a_table() {
    for (table, text) in [
        ("clients.csv", CLIENTS.to_owned()),
        ("clients.tsv", CLIENTS.replace(',', "\t").replace("\"v\"\"2\"\"\"", "v\"2\"")),
        ("clients", format!("\u{feff}{CLIENTS}")),
    ] {
        let records = [hit("in", r#"{"c":"acme"}"#), hit("in", r#"{"c":7}"#), hit("in", r#"{"c":"gone"}"#)];
        with("._index = $clients[.c].index", (table, &text), &records.concat())
            .stdout(hit("logs-7", r#"{"c":"acme"}"#) + &hit("logs-9", r#"{"c":7}"#))
            .stderr(
                "es-xform: rejected: line 3 (byte 93): the table clients has no key \"gone\"\n".to_owned()
                    + &counts("3 read: 2 written, 1 rejected"),
            )
            .status(3)
            .run();
    }
}

#[test]
fn what_is_no_key_is_an_error_and_can_be_caught() {
    for (program, document, outcome) in [
        (".m = $clients[.c].mapping", r#"{"c":"acme"}"#, Ok(r#"{"c":"acme","m":"v\"2\""}"#)),
        (
            ".m = $clients[.c]",
            r#"{"c":"7"}"#,
            Ok(r#"{"c":"7","m":{"client":"7","index":"logs-9","mapping":""}}"#),
        ),
        (".m = ($clients[.c]? // {index:\"other\"}).index", "{}", Ok(r#"{"m":"other"}"#)),
        (".m = (try $clients[.c].index catch \"none\")", "{}", Ok(r#"{"m":"none"}"#)),
        (".m = $clients[.n / 2].index", r#"{"n":14}"#, Ok(r#"{"n":14,"m":"logs-9"}"#)),
        (".m = [$clients[\"acme\", \"7\"].index]", "{}", Ok(r#"{"m":["logs-7","logs-9"]}"#)),
        (".m = $clients.acme.index", "{}", Ok(r#"{"m":"logs-7"}"#)),
        // Everything else means what jq means by it.
        (".m = ($clients | keys)", "{}", Ok(r#"{"m":["7","acme"]}"#)),
        (".m = [$clients[] | .index]", "{}", Ok(r#"{"m":["logs-7","logs-9"]}"#)),
        (".m = ($clients | .gone)", "{}", Ok(r#"{"m":null}"#)),
        (". + {$clients} | .clients |= length", "{}", Ok(r#"{"clients":2}"#)),
        (".m = $clients[.c].index", r#"{"c":"7.0"}"#, Err(r#""7.0""#)),
        (".m = $clients[.c].index", r#"{"c":7.5}"#, Err("7.5")),
        (".m = $clients[.c].index", "{}", Err("null")),
        (".m = $clients[.c].index", r#"{"c":{"a":[1]}}"#, Err(r#"{"a":[1]}"#)),
        (".m = $clients[.c].index", r#"{"c":true}"#, Err("true")),
    ] {
        let run = with(program, ("t.csv", CLIENTS), document);
        match outcome {
            Ok(document) => run.stdout(format!("{document}\n")).stderr(one("written")).run(),
            Err(key) => {
                let reason = format!("the table clients has no key {key}");
                let text = format!("es-xform: rejected: line 1 (byte 0): {reason}\n{}", one("rejected"));
                run.stderr(text).status(3).run()
            }
        };
    }
}

#[test]
fn a_table_that_cannot_be_used_is_told_before_the_first_record() {
    for (text, error) in [
        ("", "t: no header"),
        ("a,b\n1,2\n1,3\n", "t, line 3: the key \"1\" is there already"),
        ("a,b\n1\n", "t, line 2: a row of 1 cell under a header of 2"),
        ("a,a\n", "t, line 1: the column \"a\" is there twice"),
    ] {
        with(".", ("t", text), "{}")
            .stderr(format!("es-xform: error: --table clients: {error}\n"))
            .status(2)
            .run();
    }
    let table = ("t", "a,b\n");
    with(".m = $clients[.c]", table, "{}")
        .args(["--arg", "clients", "x"])
        .stderr("es-xform: error: the variable `$clients` is given twice\n")
        .status(2)
        .run();
    with("1 as $clients | .m = $clients", table, "{}")
        .stderr("es-xform: error: the program makes a variable `$clients` of its own, which is a table\n")
        .status(2)
        .run();
    with(".", table, "{}")
        .args(["--table", "x", "-"])
        .stderr("es-xform: error: standard input is a table already: name a FILE for the records\n")
        .status(2)
        .run();
    with(".", table, "{}")
        .args(["--table", "x", "absent.csv"])
        .stderr(
            "es-xform: error: --table x: cannot open absent.csv: No such file or directory (os error 2)\n",
        )
        .status(2)
        .run();
}

#[test]
fn a_large_table_is_read_at_once_whatever_its_form() {
    let script = "{ echo k,v; seq -f '%.0f,v' 100000; } | gzip > t.csv.gz
        seq 100000 | sed 's/.*/{\"k\":&}/' | es-xform -q '.v = $t[.k].v' --table t t.csv.gz | tail -1";
    Run::shell(script).stdout("{\"k\":100000,\"v\":\"v\"}\n").run();
}
