//! On a terminal: a table with units and colours that fits, drawn anew while it is watched.

use std::fs::File;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use es_tests::command::{bin, terminal};
use es_tests::fault::{Reply, Script};
use serde_json::json;

/// A command on a terminal of this width.
fn start(args: &[&str], width: u16, env: &[(&str, &str)]) -> (Child, File) {
    let (ours, theirs) = terminal(width);
    let mut command = Command::new(bin("es-cat"));
    command.args(args).env_clear().envs(env.iter().copied());
    command.stdin(Stdio::null()).stdout(theirs.try_clone().unwrap()).stderr(theirs);
    (command.spawn().unwrap(), ours)
}

/// All that it shows, to its end. A terminal adds a carriage return to each line.
fn shown(args: &[&str], width: u16, env: &[(&str, &str)]) -> String {
    let (mut child, mut ours) = start(args, width, env);
    let mut bytes = Vec::new();
    // It ends with an error once nobody has the other end any more.
    let _ = ours.read_to_end(&mut bytes);
    assert!(child.wait().unwrap().success(), "{}", String::from_utf8_lossy(&bytes));
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

fn body() -> Reply {
    Reply::value(
        200,
        &json!([
            {"health": "red", "index": "logs-2016.04.09", "docs.count": "12", "store.size": "1319413953331"},
            {"health": "green", "index": "a", "docs.count": null, "store.size": "512"},
        ]),
    )
}

const COLUMNS: [&str; 2] = ["-c", "health,index,docs.count,store.size"];

#[test]
fn a_terminal_gets_a_table() {
    let run = |width, env: &[(&str, &str)]| {
        let es = Script::new().on("GET", "/_cat/indices", body()).start();
        shown(&[&["indices", &es.url()], &COLUMNS[..]].concat(), width, env)
    };
    assert_eq!(
        run(80, &[]),
        "health  index            docs.count  store.size\n\
         \u{1b}[31mred\u{1b}[0m     logs-2016.04.09          12       1.2TB\n\
         \u{1b}[32mgreen\u{1b}[0m   a                                  512B\n"
    );
    assert_eq!(run(20, &[("NO_COLOR", "1")]), "health  index\nred     logs-2016.04\ngreen   a\n");
    // Who asks for data gets it there too.
    let es = Script::new().on("GET", "/_cat/indices", body()).start();
    let csv = shown(&["indices", &es.url(), "-c", "index,store.size", "--csv"], 80, &[]);
    assert_eq!(csv, "index,store.size\nlogs-2016.04.09,1319413953331\na,512\n");
}

#[test]
fn a_table_that_is_watched_is_drawn_anew() {
    let es = Script::new()
        .on("GET", "/_cat/indices", body())
        .on("GET", "/_cat/indices", body())
        .on("GET", "/_cat/indices", body().held(Duration::from_secs(60)))
        .start();
    let url = es.url();
    let (mut child, mut ours) = start(&["indices", &url, "-c", "index", "--watch", "50ms"], 80, &[]);
    let deadline = Instant::now() + Duration::from_secs(60);
    while es.requests().len() < 3 {
        assert!(Instant::now() < deadline, "it does not ask again");
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let mut bytes = Vec::new();
    let _ = ours.read_to_end(&mut bytes);
    let once = "\u{1b}[H\u{1b}[Jindex\nlogs-2016.04.09\na\n";
    assert_eq!(String::from_utf8(bytes).unwrap().replace("\r\n", "\n"), once.repeat(2));
}
