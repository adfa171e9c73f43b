//! Pages of a point in time: each may be asked for again, so faults that pass leave no trace, and faults that stay end
//! with 5 and their reason.

use std::time::Duration;

use es_tests::command::Run;
use es_tests::fault::{Call, Cluster, Page, Reply, Rule};

use super::{assert_part, assert_whole, cluster, dump, filled, impatient};

type Fault = (&'static str, fn(Rule<'_>), &'static str);

/// What can happen to a page, and what is said of it.
const FAULTS: [Fault; 12] = [
    (
        "failed shards",
        |rule| rule.page(|page| page.fail_shards(1)),
        "1 of 1 shards failed: [logs][0] es_rejected",
    ),
    ("no shards", |rule| rule.page(|page| page.lose_shard()), "1 of 1 shards gone"),
    ("late failed shards", |rule| rule.page(late), "1 of 1 shards failed: [logs][0] es_rejected"),
    ("timed out", |rule| rule.page(|page| page.timed_out = true), "a search that timed out"),
    ("429", |rule| rule.reply(Reply::too_busy()), "429 es_rejected_execution_exception"),
    ("503", |rule| rule.reply(Reply::unavailable()), "503 cluster_block_exception"),
    ("502", |rule| rule.reply(Reply::bad_gateway()), "502 <html>"),
    ("cut", |rule| rule.cut(300), "broke off before the end of the answer"),
    ("cut in the head", |rule| rule.cut(20), "broke off before the end of the answer"),
    ("cut, chunked", |rule| rule.after(|reply| reply.chunked().cut_after(300)), "broke off"),
    ("lost", |rule| rule.lose(), "broke off before the end of the answer"),
    ("reset", |rule| rule.reply(Reply::reset()), "broke"),
];

/// Failed shards that are told after the hits, of which there are none.
fn late(page: &mut Page) {
    page.fail_shards(1);
    page.shards_late = true;
    page.hits.clear();
}

#[test]
fn a_fault_that_passes_leaves_no_trace() {
    for (name, fault, _) in FAULTS {
        for api in ["seq", "pit"] {
            let es = cluster();
            fault(es.on(Call::Page).nth(3).times(2));
            eprintln!("{name}, --api {api}");
            let dump = dump(&es).args(["--api", api]);
            assert_whole(&es, &dump.stderr("[...]\nes-scroll: 400 read: 400 written; [..]\n").run().stdout);
        }
    }
}

#[test]
fn a_fault_that_stays_ends_with_its_reason() {
    for (name, fault, reason) in FAULTS {
        let es = cluster();
        fault(es.on(Call::Page).nth(3).always());
        eprintln!("{name}");
        let outcome = impatient(&es).take_stderr().status(5).run();
        assert_part(&es, &outcome);
        let error =
            outcome.stderr.lines().find(|line| line.starts_with("es-scroll: error: ")).unwrap_or_default();
        assert!(error.contains(reason), "{name}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("\nes-scroll: hint: "), "{name}: {}", outcome.stderr);
    }
}

#[test]
fn the_count_at_the_start_is_asked_for_again_too() {
    for (name, fault, _) in FAULTS {
        eprintln!("{name}");
        let es = cluster();
        fault(es.on(Call::Total));
        assert_whole(&es, &dump(&es).take_stderr().run().stdout);
    }
}

#[test]
fn an_answer_from_no_shard_is_no_empty_shard() {
    // As of a shard that is not searched (frozen), or is there no more.
    let none = |page: &mut Page| {
        page.lose_shard();
        page.total = Some(0);
        page.hits.clear();
    };
    for (api, call) in [("seq", Call::Total), ("pit", Call::Page), ("scroll", Call::OpenScroll)] {
        let es = cluster();
        es.on(call).page(none);
        assert_whole(&es, &dump(&es).args(["--api", api]).take_stderr().run().stdout);

        es.on(call).nth(2).always().page(none);
        let outcome = impatient(&es).args(["--api", api, "-j", "1"]).take_stderr().status(5).run();
        assert!(outcome.stderr.contains("1 of 1 shards gone"), "{}", outcome.stderr);
    }
}

#[test]
fn a_point_in_time_stays_open_for_long_only_once_something_was_read_from_it() {
    for (api, first) in [("seq", Call::Total), ("pit", Call::Page)] {
        let es = cluster();
        // It is gone before its first answer.
        es.on(first).reply(Reply::error(404, "search_context_missing_exception", "No search context found"));
        let outcome = dump(&es).args(["--api", api]).stderr("es-scroll: 400 read: 400 written; [..]\n").run();
        assert_whole(&es, &outcome.stdout);
        let opened = es.calls(Call::OpenPit);
        assert_eq!(opened.len(), 3, "one for each of two shards, one in place of that which was gone");
        assert!(opened.iter().all(|request| request.head.param("keep_alive") == Some("60s")), "{opened:?}");
        let kept = |call| es.calls(call).iter().all(|request| request.json()["pit"]["keep_alive"] == "300s");
        assert!(kept(Call::Total) && kept(Call::Page));
    }
}

#[test]
fn a_server_that_is_away_for_a_while_is_waited_for() {
    for reply in [Reply::too_busy(), Reply::unavailable(), Reply::too_busy().retry_after(1)] {
        let es = cluster();
        es.on(Call::Page).nth(2).during(Duration::from_secs(2)).reply(reply.clone());
        es.on(Call::OpenPit).reply(reply);
        let outcome = dump(&es).take_stderr().run();
        assert_whole(&es, &outcome.stdout);
    }
}

#[test]
fn a_page_goes_on_after_its_last_hit_wherever_it_is_cut() {
    let es = cluster();
    for cut in (0..4000).step_by(397) {
        es.on(Call::Page).nth(2).cut(cut);
        es.on(Call::Page).nth(4).after(move |reply| reply.chunked().cut_after(cut + 100));
        let outcome = dump(&es).args(["-j", "1"]).take_stderr().run();
        assert_whole(&es, &outcome.stdout);
    }
}

#[test]
fn what_was_packed_wrongly_is_not_trusted() {
    for call in [Call::Page, Call::Total] {
        let es = cluster();
        es.on(call).always().after(Reply::broken_gzip);
        let outcome = dump(&es).arg("--compressed").take_stderr().status(1).run();
        assert!(outcome.stderr.contains(" cannot be read: "), "{}", outcome.stderr);
    }
}

#[test]
fn pages_that_never_come_whole_are_read_as_long_as_they_bring_something() {
    for (cut, compressed) in [(3000, false), (700, true)] {
        let es = cluster();
        es.on(Call::Page).always().cut(cut);
        let run = if compressed { impatient(&es).arg("--compressed") } else { impatient(&es) };
        assert_whole(&es, &run.take_stderr().run().stdout);
    }
}

#[test]
fn fewer_hits_than_announced_are_a_failure() {
    for api in ["seq", "pit"] {
        let es = cluster();
        es.on(Call::Page).nth(2).page(|page| page.shorten(1));
        let outcome = dump(&es).args(["--api", api, "-j", "1"]).take_stderr().status(1).run();
        assert_part(&es, &outcome);
        assert!(outcome.stderr.contains(" hits came, "), "{}", outcome.stderr);
    }
}

#[test]
fn hits_out_of_order_are_a_failure() {
    let es = cluster();
    es.on(Call::Page).nth(2).page(|page| page.hits.swap(0, 5));
    let outcome = dump(&es).take_stderr().status(1).run();
    assert_part(&es, &outcome);
    assert!(outcome.stderr.contains("hits are out of order"), "{}", outcome.stderr);

    // Also a hit that comes a second time.
    let es = cluster();
    es.on(Call::Page).nth(2).page(|page| page.hits[6] = page.hits[5].clone());
    let outcome = dump(&es).take_stderr().status(1).run();
    assert_part(&es, &outcome);
    assert!(outcome.stderr.contains("hits are out of order"), "{}", outcome.stderr);
}

#[test]
fn documents_that_share_numbers_are_all_read() {
    for product in
        [Cluster::elasticsearch("9.2.0"), Cluster::opensearch("2.19.6"), Cluster::opensearch("3.8.0")]
    {
        let es = product.start();
        es.index("whole", 4);
        es.fill("whole", 300, |n| format!("{{\"n\":{n},\"text\":\"{}\"}}", "x".repeat(n % 90)));
        es.shrink("whole", "logs");
        for size in ["1", "2", "7", "300", "10000"] {
            let run = Run::new("es-scroll").arg(es.target("logs")).args(["--page-size", size]);
            assert_whole(
                &es,
                &run.take_stdout().stderr("es-scroll: 300 read: 300 written; [..]\n").run().stdout,
            );
        }
        // Wherever a page is cut: it goes on among documents of one number.
        for cut in (300..2000).step_by(97) {
            es.on(Call::Page).nth(2).cut(cut);
            assert_whole(&es, &dump(&es).take_stderr().run().stdout);
        }
    }
}

#[test]
fn answers_without_shards_are_taken_and_those_with_late_shards_judged() {
    let es = cluster();
    es.on(Call::Page).always().page(|page| page.shards = None);
    assert_whole(&es, &dump(&es).take_stderr().run().stdout);

    let es = cluster();
    es.on(Call::Page).always().page(|page| page.shards_late = true);
    assert_whole(&es, &dump(&es).take_stderr().run().stdout);

    // Hits were given before the page was found bad: it cannot be asked for again, and cannot end well.
    let es = cluster();
    es.on(Call::Page).nth(2).page(|page| {
        page.fail_shards(1);
        page.shards_late = true;
        page.shorten(1);
    });
    let outcome = dump(&es).take_stderr().status(5).run();
    assert!(outcome.stderr.contains("1 of 1 shards failed"), "{}", outcome.stderr);
}

#[test]
fn the_view_that_was_named_last_is_used_and_closed() {
    for api in ["seq", "pit"] {
        let es = cluster();
        es.rotate_ids();
        assert_whole(&es, &dump(&es).args(["--api", api]).take_stderr().run().stdout);

        // Also when the page that named it was not read to its end.
        let es = cluster();
        es.rotate_ids();
        es.on(Call::Page).nth(2).cut(3000);
        es.on(Call::Page).nth(4).page(|page| page.fail_shards(1));
        assert_whole(&es, &dump(&es).args(["--api", api]).take_stderr().run().stdout);

        let es = cluster();
        es.rotate_ids();
        dump(&es).args(["--api", api, "--max-docs", "70", "-j", "1"]).take_stderr().run();
    }
}

#[test]
fn a_view_that_is_gone_cannot_be_opened_anew() {
    let es = cluster();
    es.on(Call::Page).nth(3).before(Cluster::drop_contexts);
    let outcome = dump(&es).args(["-j", "1"]).take_stderr().status(5).run();
    assert_part(&es, &outcome);
    assert!(outcome.stderr.contains("search_context_missing_exception"), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("hint: start again: a view that is opened anew is of another point in time")
    );
}

#[test]
fn the_servers_limit_on_pages_is_kept() {
    let es = cluster();
    es.on(Call::Page).times(2).when(|request| request.json()["size"] == 50).reply(Reply::error(
        400,
        "illegal_argument_exception",
        "Result window is too large, from + size must be less than or equal to: [20] but was [50]",
    ));
    assert_whole(&es, &dump(&es).take_stderr().run().stdout);
    assert!(es.calls(Call::Page).iter().any(|request| request.json()["size"] == 20));
}

#[test]
fn servers_without_a_unique_order_of_storage_are_read_shard_by_shard() {
    let es = filled(Cluster::opensearch("2.19.6"));
    for api in ["auto", "seq", "pit"] {
        es.on(Call::Page).nth(2).cut(3000);
        assert_whole(&es, &dump(&es).args(["--api", api]).take_stderr().run().stdout);
    }
}
