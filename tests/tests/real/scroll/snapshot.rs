//! Reading while others write: the dump is of one point in time, however slowly it is read, and whatever ends it
//! leaves nothing open.

use std::time::Duration;

use es_tests::command::{Folder, Run, Signal};

use super::{bulk, on_all};

/// More than pipes and buffers hold.
fn documents() -> String {
    bulk((0..4000).map(|n| (n.to_string(), format!("{{\"n\":{n},\"text\":\"{}\"}}", "x".repeat(3000)))))
}

#[test]
fn what_is_written_meanwhile_changes_nothing() {
    on_all(|site| {
        for api in site.apis() {
            site.index("moving", 2, "{}");
            site.client.bulk("moving", documents());
            let wanted = site.lines("moving");
            let folder = Folder::shared();
            let script = format!(
                "es-scroll {}/moving --api {api} | (until [ -e go ]; do sleep 0.1; done; cat)",
                site.url
            );
            let run = Run::shell(&script).in_folder(&folder).take_stdout();
            let mut running = run.stderr("es-scroll: 4,000 read: 4,000 written; [..]\n").start();
            running.wait_until("both shards are held", |_| site.client.open_contexts("moving") == 2);
            let change = |n: usize| match n % 3 {
                0 => format!("{{\"delete\":{{\"_id\":\"{n}\"}}}}\n"),
                1 => format!("{{\"index\":{{\"_id\":\"{n}\"}}}}\n{{\"new\":{n}}}\n"),
                _ => format!("{{\"create\":{{\"_id\":\"new {n}\"}}}}\n{{\"new\":{n}}}\n"),
            };
            site.client.bulk("moving", (0..4000).map(change).collect::<String>());
            site.client.refresh("moving");
            site.client.json(reqwest::Method::POST, "/moving/_forcemerge?max_num_segments=1", "");
            folder.write("go", "");
            let outcome = running.wait();
            site.assert_same(&outcome.stdout, &wanted, &format!("--api {api}"));
            site.assert_closed("moving");
            assert_ne!(site.lines("moving"), wanted);
        }
    });
}

#[test]
fn nothing_stays_open_when_the_reader_leaves_or_a_signal_comes() {
    on_all(|site| {
        site.index("left", 2, "{}");
        site.client.bulk("left", documents());
        site.client.refresh("left");
        for api in site.apis() {
            let script = format!("es-scroll {}/left --api {api} | head -n 3 | wc -l", site.url);
            let outcome = Run::shell(&script).stdout("3\n").take_stderr().run();
            assert!(outcome.stderr.ends_with("; incomplete: output closed\n"), "{}", outcome.stderr);
            site.assert_closed("left");

            let run = site.scroll("left", &["--api", api]).stdout_unread().take_stderr().signal(Signal::INT);
            let mut running = run.start();
            running.wait_until("both shards are held", |_| site.client.open_contexts("left") == 2);
            running.signal_all(Signal::INT);
            running.wait_within(Duration::from_secs(120));
            site.assert_closed("left");
        }
    });
}
