//! The harness that runs commands is itself trusted only as far as it can fail.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use es_tests::command::{End, Folder, Run, Signal};

/// For what ends by a signal, and without one never.
const SOON: Duration = Duration::from_secs(120);
/// A limit that must pass.
const SHORT: Duration = Duration::from_millis(500);

/// The text of the failure that must come.
fn failure(test: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(test)).expect_err("must fail");
    panic.downcast_ref::<String>().expect("a formatted message").clone()
}

#[test]
fn what_was_not_expected_fails() {
    for (script, part) in [
        ("echo out", "stdout is not"),
        ("echo err >&2", "stderr does not"),
        ("exit 3", "Exit(3)"),
        ("kill -9 $$", "Signal(9)"),
        ("false | cat", "Exit(1)"),
    ] {
        let text = failure(|| drop(Run::shell(script).run()));
        assert!(text.contains(part) && text.contains(script), "{script}: {text}");
    }
}

#[test]
fn what_was_expected_passes() {
    Run::shell("cat; echo 3 read in 0.2 s >&2; exit 3")
        .stdin("a\nb")
        .stdout("a\nb")
        .stderr("3 read in [..] s\n")
        .status(3)
        .run();
    Run::shell("kill -TERM $$").signal(Signal::TERM).run();
}

#[test]
fn the_environment_holds_nothing_of_ours() {
    let outcome = Run::shell("env | sed 's/=.*//' | sort; test -z \"$(ls -A $HOME)\"")
        .env("EXTRA", "1")
        .stdout("EXTRA\nHOME\nLC_ALL\nPATH\nPWD\nSHLVL\nTMPDIR\n_\n")
        .run();
    assert_eq!(outcome.end, End::Exit(0));
}

#[test]
fn a_hang_is_a_failure_that_shows_what_was_printed_and_kills_the_group() {
    let folder = Folder::shared();
    let script = "sleep 600 & echo $! > pid; echo so far; wait";
    let mut running = Run::shell(script).in_folder(&folder).start();
    running.wait_until("its line", |r| r.stdout_so_far() == b"so far\n");
    let text = failure(|| drop(running.wait_within(SHORT)));
    assert!(text.contains("hangs") && text.contains("so far"), "{text}");
    let pid = String::from_utf8(folder.read("pid")).unwrap();
    let state = || std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    let ended = || state().is_empty() || state().contains(") Z ");
    // A signal is sent at once; a busy machine may take a while to act on it.
    let until = Instant::now() + SOON;
    while !ended() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(ended(), "the sleep lives on: {}", state());
}

#[test]
fn output_held_by_a_process_left_behind_is_a_hang() {
    let running = Run::shell("sleep 600 &").start();
    let state = || std::fs::read_to_string(format!("/proc/{}/stat", running.pid())).unwrap();
    let until = Instant::now() + SOON;
    while !state().contains(") Z ") {
        assert!(Instant::now() < until, "the shell does not end: {}", state());
        std::thread::sleep(Duration::from_millis(10));
    }
    let text = failure(|| drop(running.wait_within(SHORT)));
    assert!(text.contains("left behind"), "{text}");
}

#[test]
fn signals_reach_a_command_in_the_background() {
    let script = "trap 'echo got it; exit 130' INT; echo ready; while :; do sleep 0.05; done";
    let mut running = Run::shell(script).stdout("ready\ngot it\n").status(130).start();
    running.wait_until("ready", |r| r.stdout_so_far() == b"ready\n");
    running.signal(Signal::INT);
    let outcome = running.wait_within(SOON);
    assert!(outcome.elapsed < SOON);
}

#[test]
fn an_end_that_comes_before_what_was_waited_for_fails() {
    let text = failure(|| {
        Run::shell("exit 0").start().wait_until("never", |_| false);
    });
    assert!(text.contains("ended before: never"), "{text}");
}

#[test]
fn stdin_can_stay_silent_and_stdout_unread() {
    let mut running = Run::shell("read line; echo $line").stdin_open().stdout("now\n").start();
    running.write(b"now\n");
    running.wait();

    let running = Run::shell("head -c 1000000 /dev/zero; echo never >&2").stdout_unread();
    let running = running.signal(Signal::KILL).start();
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(running.stderr_so_far(), "", "the writer blocks on its full pipe");
    running.signal_all(Signal::KILL);
    running.wait();
}

#[test]
fn memory_and_cpu_are_measured() {
    let script = "a=$(head -c 30000000 /dev/zero | tr '\\0' x); for i in {1..100000}; do :; done; echo grown; read -r _";
    let mut running = Run::shell(script).stdin_open().stdout("grown\n").status(1).start();
    running.wait_until("its line", |r| r.stdout_so_far() == b"grown\n");
    running.close_stdin();
    let outcome = running.wait();
    assert!(outcome.peak("bash") > 30_000_000, "{}", outcome.peak("bash"));
    assert!(outcome.cpu > Duration::from_millis(50), "{:?}", outcome.cpu);
    Run::shell(script)
        .memory_limit(20_000_000)
        .status(2)
        .stderr("[...]\n[..]cannot allocate [..]\n[...]\n")
        .run();
}

#[test]
fn a_pipeline_finds_our_tools_and_stops_at_the_first_failure() {
    assert!(es_tests::command::bin("es-bulk").is_file());
    Run::shell("command -v es-scroll es-xform es-bulk | wc -l").stdout("3\n").run();
    Run::shell("exit 4 | cat").status(4).run();
}

#[test]
fn leftovers_of_a_file_are_seen() {
    let folder = Folder::shared();
    folder.assert_no_file("dump.gz");
    folder.write("dump.gz.part", "");
    let text = failure(|| folder.assert_no_file("dump.gz"));
    assert!(text.contains("dump.gz.part"), "{text}");
}
