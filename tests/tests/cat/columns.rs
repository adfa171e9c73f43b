//! The columns themselves: one file holds those of every report, for every server.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use es_tests::command::Run;

use super::{REPORTS, columns, text};

/// What there is unless somebody asks, and after it what can be asked for.
#[test]
fn reports_have_the_columns_that_they_had() {
    let mut golden = String::new();
    for report in REPORTS {
        writeln!(golden, "# {report}").unwrap();
        for column in columns(report) {
            let word = |name: &str| column[name].as_str().unwrap_or_default().to_owned();
            let mark = if column["shown"] == true { "" } else { "+" };
            writeln!(golden, "{mark}{} {} {}", word("name"), word("type"), word("only")).unwrap();
        }
    }
    let golden: String = golden.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/es-cat-columns.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &golden).unwrap();
    }
    let before = fs::read_to_string(&path).unwrap_or_default();
    let differs = before.lines().zip(golden.lines()).find(|(was, is)| was != is);
    assert!(before == golden, "{differs:?}: UPDATE_GOLDEN=1 writes it anew");
}

#[test]
fn columns_are_listed_without_a_server() {
    let list = Run::new("es-cat").args(["repositories", "--columns"]).stdout(
        "name,type,shown,only,source,description\n\
         id,text,true,,id,name\n\
         type,text,true,,type,kind of repository\n",
    );
    list.run();
    let table = Run::new("es-cat").args(["thread_pool", "--columns", "--table"]).take_stdout().run();
    assert!(text(&table).starts_with("name               type  shown  only"), "{}", text(&table));
}

#[test]
fn a_column_that_there_is_not_is_told_before_anything_is_sent() {
    for (args, why) in [
        (
            &["indices", "-c", "store.sise"][..],
            "-c: there is no column `store.sise`, did you mean `store.size`",
        ),
        (
            &["indices", "-s", "docs.delted:desc"],
            "--sort: there is no column `docs.delted`, did you mean `docs.deleted`",
        ),
        (
            &["nodes", "--where", "head.percent > 5"],
            "there is no column `head.percent`, did you mean `heap.percent`",
        ),
    ] {
        // Nothing listens there.
        let run =
            Run::new("es-cat").args(args).args(["--url", "http://127.0.0.1:1"]).take_stderr().status(2).run();
        assert!(run.stderr.contains(why), "{}", run.stderr);
    }
}
