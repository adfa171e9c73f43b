//! Which documents, how many, and what of them.

use es_tests::command::{Folder, Run};
use es_tests::fault::{Call, Reply};
use serde_json::{Value, json};

use super::{COUNT, assert_part, assert_whole, cluster, dump, hit_lines, sorted};

#[test]
fn no_more_than_so_many() {
    for (most, api) in [("0", "seq"), ("1", "pit"), ("70", "seq"), ("70", "scroll"), ("399", "seq")] {
        let es = cluster();
        let run = dump(&es).args(["--max-docs", most, "--api", api]);
        let outcome = run.stderr(format!("es-scroll: {most} read[..]\n")).run();
        assert_part(&es, &outcome);
        assert_eq!(outcome.lines().len().to_string(), most);
    }
    let es = cluster();
    assert_whole(&es, &dump(&es).args(["--max-docs", "500"]).take_stderr().run().stdout);
}

#[test]
fn the_shares_together_are_the_whole() {
    let es = cluster();
    es.index("other", 3);
    es.fill("other", 30, |n| format!("{{\"n\":{n}}}"));
    for (target, of) in [("logs", 1), ("logs", 2), ("logs,other", 2), ("logs,other", 5)] {
        let mut all = Vec::new();
        for number in 1..=of {
            let run =
                Run::new("es-scroll").arg(es.target(target)).args(["--share", &format!("{number}/{of}")]);
            all.extend(run.take_stdout().take_stderr().run().stdout);
        }
        let wanted: Vec<_> = target.split(',').flat_map(|index| hit_lines(&es, index)).collect();
        assert_eq!(sorted(&all), wanted);
    }
    let run = dump(&es).args(["--share", "1/3"]).stdout("").status(2);
    run.stderr("es-scroll: error: --share 1/3: there are only 2 shards to deal out\n").run();

    // A shard without a copy: each machine may see it otherwise.
    let shard = |n: usize| json!([{"index": "logs", "shard": n}]);
    let found = json!({"indices": {"logs": {}}, "shards": [[], shard(1)]});
    es.on(Call::Shards).always().reply(Reply::value(200, &found));
    for options in [&[][..], &["--allow-partial"]] {
        let run = dump(&es).args(["--share", "1/1"]).args(options).stdout("").status(5);
        run.stderr("es-scroll: error: --share 1/1: 1 of the shards have no copy [..]\nes-scroll: hint: without [..]\n")
            .run();
    }
}

#[test]
fn docinfo_alone_or_with_more() {
    let es = cluster();
    es.put_routed("logs", "again", Some("r"), "{}");
    es.put_routed("logs", "again", Some("r"), "{}");
    let ids = dump(&es).arg("--ids").take_stderr().run();
    let wanted = hit_lines(&es, "logs").into_iter().map(|line| {
        let end = line.windows(11).position(|part| part == b",\"_source\":").unwrap();
        [&line[..end], b"}\n"].concat()
    });
    assert_eq!(sorted(&ids.stdout), sorted(&wanted.collect::<Vec<_>>().concat()));

    let meta = dump(&es).args(["--meta", "version,seq_no"]).take_stderr().run();
    let line = meta.lines().into_iter().map(|line| serde_json::from_slice::<Value>(line).unwrap());
    let again = line.into_iter().find(|line| line["_id"] == "again").unwrap();
    let doc = es.docs("logs").into_iter().find(|doc| doc.id == "again").unwrap();
    let wanted = json!({"_index": "logs", "_id": "again", "_routing": "r", "_version": 2, "_seq_no": doc.seq,
        "_primary_term": 1, "_source": {}});
    assert_eq!(again, wanted);
}

#[test]
fn queries_and_aliases_choose() {
    let es = cluster();
    es.alias("logs", "recent", json!({"range": {"n": {"gte": 300}}}));
    let from = |n: usize| {
        let all = hit_lines(&es, "logs");
        let number = |line: &[u8]| serde_json::from_slice::<Value>(line).unwrap()["_source"]["n"].as_f64();
        all.into_iter().filter(|line| number(line).unwrap() >= n as f64).collect::<Vec<_>>()
    };
    let query = r#"{"query":{"range":{"n":{"gte":350}}}}"#;
    let folder = Folder::shared();
    folder.write("query.json", query);
    for api in ["seq", "pit", "scroll"] {
        let run = || dump(&es).args(["--api", api]).take_stderr().in_folder(&folder);
        assert_eq!(sorted(&run().args(["-d", query]).run().stdout), from(350));
        assert_eq!(sorted(&run().args(["-d", "@query.json"]).run().stdout), from(350));
        assert_eq!(sorted(&run().args(["-d", "@-"]).stdin(query).run().stdout), from(350));
    }
    for (options, wanted) in [(&[][..], from(300)), (&["-d", query], from(350))] {
        let run = Run::new("es-scroll").arg(es.target("recent")).args(options);
        assert_eq!(sorted(&run.take_stdout().take_stderr().run().stdout), wanted);
    }
    assert_eq!(from(300).len(), 100);
}

#[test]
fn a_count_that_was_not_expected_is_told() {
    let es = cluster();
    for range in ["400", "..400", "1..", "300..500"] {
        assert_whole(&es, &dump(&es).args(["--expect", range]).take_stderr().run().stdout);
    }
    let run = dump(&es).args(["--expect", "401.."]).status(4);
    let stderr =
        "es-scroll: warning: there are 400 documents, not 401..\nes-scroll: 400 read: 400 written; [..]\n";
    assert_whole(&es, &run.stderr(stderr).run().stdout);
    dump(&es).args(["--expect", "some"]).stdout("").take_stderr().status(2).run();
}

#[test]
fn what_cannot_be_read_is_left_out_only_when_that_is_allowed() {
    let shard = |es: &es_tests::fault::Cluster, call: Call| {
        es.on(call)
            .always()
            .when(|request| request.param("preference") == Some("_shards:1"))
            .reply(Reply::unavailable());
    };
    for (api, call) in [("seq", Call::OpenPit), ("scroll", Call::OpenScroll)] {
        let es = cluster();
        shard(&es, call);
        let run = || dump(&es).args(["--api", api, "--retry-max-time", "200ms"]).take_stderr();
        let outcome = run().status(5).run();
        assert!(outcome.stderr.contains("[logs][1]"), "{}", outcome.stderr);
        let outcome = run().args(["--allow-partial", "-o", "a"]).status(3).run();
        assert!(outcome.stderr.contains("[logs][1]"), "{}", outcome.stderr);
        assert!(
            outcome.stderr.ends_with("; incomplete: 1 of the shards not read whole\n"),
            "{}",
            outcome.stderr
        );
        let there = es.docs("logs").into_iter().filter(|doc| doc.shard == 0).count();
        assert_eq!(sorted(&outcome.folder.read("a")).len(), there);
        let manifest: Value = serde_json::from_slice(&outcome.folder.read("a.manifest")).unwrap();
        assert_eq!((&manifest["partial"], &manifest["count"]), (&json!(true), &json!(there)));
    }
    // A shard that fails in the middle: what came of it stays.
    let es = cluster();
    es.on(Call::Page).nth(3).always().page(|page| page.fail_shards(1));
    let run = dump(&es).args(["-j", "1", "--allow-partial", "--retry-max-time", "200ms"]).take_stderr();
    let outcome = run.status(3).run();
    assert_part(&es, &outcome);
    for shard in ["reading [logs][0]", "reading [logs][1]", "2 of the shards not read whole"] {
        assert!(outcome.stderr.contains(shard), "{}", outcome.stderr);
    }
}

#[test]
fn the_schema_alone() {
    let es = cluster();
    let mapping = json!({"properties": {"z": {"type": "long"}, "a": {"type": "text"}}});
    es.describe("logs", mapping.clone(), json!({"number_of_shards": "2", "blocks": {"write": "true"}}));
    es.alias("logs", "recent", json!({"term": {"a": 1}}));
    let outcome = dump(&es).arg("--schema-only").run();
    let schema: Value = serde_json::from_slice(&outcome.stdout).unwrap();
    let wanted = json!({
        "aliases": {"recent": {"filter": {"term": {"a": 1}}}},
        "mappings": mapping,
        "settings": {"index": {"number_of_shards": "2", "number_of_replicas": "0"}},
    });
    assert_eq!(schema, json!({"indices": {"logs": wanted}}));
    assert!(es.calls(Call::OpenPit).is_empty());
}

#[test]
fn a_target_that_is_a_file_is_refused() {
    let folder = Folder::shared();
    folder.write("logs", "");
    for target in ["logs", "dump.ndjson.gz", "a.json", "b.csv"] {
        let run = Run::new("es-scroll").arg(target).in_folder(&folder);
        let outcome = run.take_stderr().status(2).run();
        assert!(outcome.stderr.contains(target), "{}", outcome.stderr);
    }
}

#[test]
fn a_way_that_the_server_does_not_have_is_refused() {
    let es = super::filled(es_tests::fault::Cluster::opensearch("1.3.20"));
    for api in ["seq", "pit"] {
        let run = dump(&es).args(["--api", api]).stdout("").status(1);
        run.stderr(format!("es-scroll: error: OpenSearch 1.3.20 cannot be read with --api {api} here\n"))
            .run();
    }
    assert_eq!(es.docs("logs").len(), COUNT);
}
