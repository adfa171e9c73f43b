//! Scrolls: the first page may be asked for again, and nothing after it.

use es_tests::command::Run;
use es_tests::fault::{Call, Cluster, Reply, Rule, Server};

use super::{assert_part, assert_whole, cluster, dump, filled};

type Fault = (&'static str, fn(Rule<'_>), &'static str);

const FAULTS: [Fault; 9] = [
    (
        "failed shards",
        |rule| rule.page(|page| page.fail_shards(1)),
        "1 of 1 shards failed: [logs][0] es_rejected",
    ),
    ("fewer shards", |rule| rule.page(|page| page.lose_shard()), "1 of 1 shards gone"),
    ("timed out", |rule| rule.page(|page| page.timed_out = true), "a search that timed out"),
    ("429", |rule| rule.reply(Reply::too_busy()), "429 es_rejected_execution_exception"),
    ("503", |rule| rule.reply(Reply::unavailable()), "503 cluster_block_exception"),
    ("502", |rule| rule.reply(Reply::bad_gateway()), "502 <html>"),
    ("cut", |rule| rule.cut(3000), "broke off before the end of the answer"),
    ("cut, chunked", |rule| rule.after(|reply| reply.chunked().cut_after(3000)), "broke off"),
    ("lost", |rule| rule.lose(), "broke off before the end of the answer"),
];

type Way = fn(&Server<Cluster>) -> Run;

/// By scroll, from a server that has better, and from one that has not.
fn scrolls() -> [(Server<Cluster>, Way); 2] {
    [(cluster(), |es| dump(es).args(["--api", "scroll"])), (filled(Cluster::opensearch("1.3.20")), dump)]
}

#[test]
fn a_scroll_reads_everything() {
    for (es, dump) in scrolls() {
        let outcome = dump(&es).stderr("es-scroll: 400 read: 400 written; [..]\n").run();
        assert_whole(&es, &outcome.stdout);
        assert!(es.calls(Call::OpenPit).is_empty());
    }
}

#[test]
fn a_fault_of_a_later_page_ends_it() {
    for (name, fault, reason) in FAULTS {
        for (es, dump) in scrolls() {
            fault(es.on(Call::NextScroll).nth(2));
            let outcome = dump(&es).args(["-j", "1"]).take_stderr().status(5).run();
            assert_part(&es, &outcome);
            let error = outcome
                .stderr
                .lines()
                .find(|line| line.starts_with("es-scroll: error: "))
                .unwrap_or_default();
            assert!(error.contains(reason), "{name}: {}", outcome.stderr);
            assert!(outcome.stderr.contains("\nes-scroll: hint: "), "{name}: {}", outcome.stderr);
            assert_eq!(es.calls(Call::NextScroll).len(), 2, "{name}: nothing is asked again");
        }
    }
}

#[test]
fn a_fault_of_the_first_page_passes() {
    for (name, fault, _) in FAULTS {
        for (es, dump) in scrolls() {
            if name == "lost" {
                // The scroll of a lost answer is not known.
                es.may_leave_contexts();
            }
            fault(es.on(Call::OpenScroll));
            match name {
                // Hits were given, and there is no going on after them.
                "cut" | "cut, chunked" => {
                    assert_part(&es, &dump(&es).args(["-j", "1"]).take_stderr().status(5).run());
                }
                _ => assert_whole(&es, &dump(&es).take_stderr().run().stdout),
            }
        }
    }
}

#[test]
fn fewer_hits_than_announced_are_a_failure() {
    for (es, dump) in scrolls() {
        es.on(Call::NextScroll).nth(2).page(|page| page.shorten(1));
        let outcome = dump(&es).take_stderr().args(["-j", "1"]).status(1).run();
        assert_part(&es, &outcome);
        assert!(outcome.stderr.contains(" hits came, "), "{}", outcome.stderr);
    }
    // An empty page too early looks like the end.
    for (es, dump) in scrolls() {
        es.on(Call::NextScroll).nth(2).page(|page| page.hits.clear());
        assert_part(&es, &dump(&es).take_stderr().args(["-j", "1"]).status(1).run());
    }
}

#[test]
fn a_first_page_that_names_no_scroll_is_read_once() {
    for (es, dump) in scrolls() {
        es.may_leave_contexts();
        es.on(Call::OpenScroll).always().page(|page| page.scroll_id = None);
        let outcome = dump(&es).args(["-j", "1"]).take_stderr().status(1).run();
        assert_part(&es, &outcome);
        assert!(outcome.stderr.contains("it names no scroll"), "{}", outcome.stderr);
        assert_eq!(es.calls(Call::OpenScroll).len(), 1);
    }
}

#[test]
fn a_scroll_that_is_gone_cannot_be_opened_anew() {
    for (es, dump) in scrolls() {
        es.on(Call::NextScroll).nth(2).before(Cluster::drop_contexts);
        let outcome = dump(&es).args(["-j", "1"]).take_stderr().status(5).run();
        assert!(outcome.stderr.contains("search_context_missing_exception"), "{}", outcome.stderr);
    }
}

#[test]
fn a_scroll_without_a_page_size_takes_a_look_first() {
    for (es, _) in scrolls() {
        let outcome = Run::new("es-scroll")
            .arg(es.target("logs"))
            .args(["--api", "scroll"])
            .take_stdout()
            .stderr("es-scroll: 400 read: 400 written; [..]\n")
            .run();
        assert_whole(&es, &outcome.stdout);
        assert_eq!(es.calls(Call::OpenScroll).len(), 2, "one a shard");
    }
}
