//! Ctrl-C and its kin, at the worst of times: the run ends soon, by the signal, with its cursors closed and its file
//! gone.

use std::time::Duration;

use es_tests::command::{Run, Running, Signal};
use es_tests::fault::{Call, Cluster, Reply, Server};

use super::{assert_part, cluster, dump, hit_lines};

const BOTH: [Signal; 2] = [Signal::INT, Signal::TERM];
/// A second or two, and what a busy machine adds.
const SOON: Duration = Duration::from_secs(120);
/// What is waited for without a signal.
const LONG: Duration = Duration::from_secs(600);

/// Signals when this many requests of the kind have come, and nothing more can happen. Where all after the first are held,
/// there are three: whichever of the two shards was served, both are waited for.
fn when(running: &mut Running, es: &Server<Cluster>, call: Call, count: usize, signal: Signal) {
    running.wait_until("the requests", |_| es.calls(call).len() >= count);
    std::thread::sleep(Duration::from_millis(100));
    running.signal_all(signal);
}

#[test]
fn a_silent_server_does_not_hold_the_end_back() {
    for signal in BOTH {
        for (api, call) in [("seq", Call::Page), ("pit", Call::Page), ("scroll", Call::NextScroll)] {
            for file in [None, Some("a"), Some("a.gz")] {
                let es = cluster();
                es.on(call).nth(2).always().hold(LONG);
                let run = dump(&es).args(["--api", api]).take_stderr().signal(signal);
                let run = file.iter().fold(run, |run, file| run.args(["-o", file]));
                let mut running = run.start();
                when(&mut running, &es, call, 3, signal);
                let outcome = running.wait_within(SOON);
                outcome.folder.assert_no_file("a");
                match file {
                    None => assert_part(&es, &outcome),
                    Some(_) => assert!(outcome.stdout.is_empty()),
                }
                assert!(!outcome.stderr.contains("error:"), "{}", outcome.stderr);
            }
        }
    }
}

#[test]
fn a_server_silent_from_the_start_does_not_hold_the_end_back() {
    for (call, open) in
        [(Call::Root, false), (Call::Shards, false), (Call::OpenPit, true), (Call::Total, false)]
    {
        let es = cluster();
        if open {
            // What an answer that is cut off has opened is not known.
            es.may_leave_contexts();
        }
        es.on(call).always().hold(LONG);
        let mut running = dump(&es).args(["-o", "a"]).take_stderr().signal(Signal::INT).start();
        when(&mut running, &es, call, 1, Signal::INT);
        running.wait_within(SOON).folder.assert_no_file("a");
    }
}

#[test]
fn a_server_that_does_not_even_close_does_not_hold_the_end_back() {
    let es = cluster();
    es.may_leave_contexts();
    es.on(Call::Page).nth(2).always().hold(LONG);
    es.on(Call::ClosePit).always().reply(Reply::closed().held(LONG));
    let mut running = dump(&es).take_stderr().signal(Signal::INT).start();
    when(&mut running, &es, Call::Page, 3, Signal::INT);
    let outcome = running.wait_within(SOON);
    assert_part(&es, &outcome);
    assert!(outcome.stderr.contains("a cursor stays open until its keep-alive ends"), "{}", outcome.stderr);
}

#[test]
fn a_pipe_that_nobody_reads_does_not_hold_the_end_back() {
    for signal in BOTH {
        for api in ["seq", "pit", "scroll"] {
            let es = Cluster::elasticsearch("9.2.0").start();
            es.index("logs", 2);
            es.fill("logs", 4000, |n| format!("{{\"n\":{n},\"text\":\"{}\"}}", "x".repeat(2000)));
            let run = Run::new("es-scroll").arg(es.target("logs")).args(["--page-size", "100", "--api", api]);
            let mut running = run.stdout_unread().take_stderr().signal(signal).start();
            let mut last = (0, 0);
            running.wait_until("no more requests", |_| {
                let count = es.requests().len();
                last = if count == last.0 { (count, last.1 + 1) } else { (count, 0) };
                last.0 > 10 && last.1 > 400
            });
            running.signal_all(signal);
            let outcome = running.wait_within(SOON);
            let wanted = hit_lines(&es, "logs");
            let whole: Vec<_> = outcome.lines().into_iter().filter(|line| line.ends_with(b"\n")).collect();
            assert!(whole.iter().all(|line| wanted.iter().any(|wanted| wanted == line)));
            // What was handed over in part is not counted.
            let count: usize = outcome
                .stderr
                .split([' ', ','])
                .skip(1)
                .take_while(|word| *word != "read:")
                .fold(0, |count, word| count * 1000 + word.parse::<usize>().unwrap());
            assert!(count > 0 && count <= whole.len() && whole.len() < 4000, "{}", outcome.stderr);
        }
    }
}

#[test]
fn waits_between_attempts_end_at_once() {
    let es = cluster();
    es.on(Call::Page).nth(2).always().reply(Reply::too_busy().retry_after(60));
    let mut running = dump(&es).take_stderr().signal(Signal::INT).start();
    when(&mut running, &es, Call::Page, 3, Signal::INT);
    assert_part(&es, &running.wait_within(SOON));
}

#[test]
fn a_query_that_never_comes_does_not_hold_the_end_back() {
    let es = cluster();
    let run = dump(&es).args(["-d", "@-"]).stdin_open().stdout("").take_stderr().signal(Signal::INT);
    let mut running = run.start();
    running.write(b"{\"query\":");
    std::thread::sleep(Duration::from_millis(300));
    running.signal_all(Signal::INT);
    running.wait_within(SOON);
    assert!(es.requests().is_empty());
}

#[test]
fn a_second_signal_ends_at_once() {
    let es = cluster();
    es.may_leave_contexts();
    es.on(Call::Page).nth(2).always().hold(LONG);
    let mut running = dump(&es).args(["-o", "a"]).stdout("").take_stderr().signal(Signal::TERM).start();
    when(&mut running, &es, Call::Page, 3, Signal::INT);
    running.signal_all(Signal::TERM);
    // Without the second that requests in flight have, nobody counts.
    let outcome = running.wait_within(SOON);
    assert!(!outcome.stderr.contains("read:"), "{}", outcome.stderr);
}
