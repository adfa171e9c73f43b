//! What ends a run before its first document: who is not let in, what is not there, servers that are none. A clear
//! text, a hint, and nothing on standard output.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use es_tests::command::{Folder, Outcome, Run};
use es_tests::fault::{Authority, Call, Cluster, Reply, Request, Script, Server, Trust};
use es_tests::port::Port;
use serde_json::{Value, json};

use super::{COUNT, assert_whole, cluster, dump, filled};

/// Nothing came out, and the error and its hint hold these words.
#[track_caller]
fn refused(run: Run, status: i32, error: &str, hint: &str) -> Outcome {
    let outcome = run.stdout("").take_stderr().status(status).run();
    let line = |start: &str| outcome.stderr.lines().find(|line| line.starts_with(start)).unwrap_or_default();
    assert!(line("es-scroll: error: ").contains(error), "{}", outcome.stderr);
    assert!(line("es-scroll: hint: ").contains(hint), "{}", outcome.stderr);
    outcome
}

fn scroll(target: &str) -> Run {
    Run::new("es-scroll").arg(target)
}

#[test]
fn who_is_not_known_is_told_how_to_say_who_they_are() {
    let es = filled(Cluster::elasticsearch("9.2.0").authorization("Basic dTpw"));
    refused(scroll(&es.target("logs")), 1, "401 security_exception: missing auth", "-u NAME");
    let wrong = scroll(&es.target("logs")).args(["-u", "u:wrong"]);
    let outcome = refused(wrong, 1, "401 security_exception: missing auth", "-u NAME");
    assert!(!outcome.stderr.contains("wrong"), "{}", outcome.stderr);
    assert_whole(&es, &dump(&es).args(["-u", "u:p"]).take_stderr().run().stdout);
}

#[test]
fn who_may_not_read_is_told_so() {
    for call in [Call::OpenPit, Call::Total, Call::Page] {
        let es = cluster();
        es.on(call).always().reply(Reply::forbidden());
        refused(scroll(&es.target("logs")), 1, "403 security_exception: action", "lacks a privilege");
    }
}

#[test]
fn who_may_read_but_not_look_around_gets_everything() {
    let es = cluster();
    es.on(Call::Root).always().reply(Reply::forbidden());
    es.on(Call::Shards).reply(Reply::forbidden());
    let outcome = dump(&es).take_stderr().run();
    assert_whole(&es, &outcome.stdout);
    assert!(outcome.stderr.contains("does not tell its version (403 on /)"), "{}", outcome.stderr);
}

/// A server where an alias may be read, and not the index behind it; whether its shards may be looked up.
fn hidden(may_look: bool) -> Server<Cluster> {
    let es = cluster();
    es.alias("logs", "sales", Value::Null);
    if may_look {
        for call in [Call::OpenPit, Call::OpenScroll, Call::Page] {
            let direct = |request: &Request| request.parts[0] == "logs";
            es.on(call).always().when(direct).optional().reply(Reply::forbidden());
        }
    } else {
        es.on(Call::Shards).always().reply(Reply::forbidden());
    }
    // A point in time can be opened by the name of the alias, but is of the index.
    let of_index = |request: &Request| !request.json()["pit"].is_null();
    es.on(Call::Page).always().when(of_index).optional().reply(Reply::forbidden());
    es
}

#[test]
fn who_may_read_an_alias_but_not_the_index_behind_it_gets_everything() {
    for may_look in [false, true] {
        for options in [&[][..], &["--api", "scroll"]] {
            let es = hidden(may_look);
            let run = Run::new("es-scroll").arg(es.target("sales")).args(["--page-size", "50"]).args(options);
            let run = run.take_stdout().stderr("es-scroll: 400 read: 400 written; [..]\n");
            assert_whole(&es, &run.run().stdout);
        }
        for options in [["--api", "pit"], ["--share", "1/2"]] {
            let es = hidden(may_look);
            let status = if !may_look && options[0] == "--share" { 2 } else { 1 };
            scroll(&es.target("sales")).args(options).stdout("").take_stderr().status(status).run();
        }
    }
}

#[test]
fn what_is_assumed_of_a_server_is_said_only_if_the_run_goes_on() {
    let es = filled(Cluster::elasticsearch("9.2.0").authorization("Basic dTpw"));
    let outcome =
        refused(scroll(&es.target("logs")), 1, "answered 401 security_exception", "says who you are");
    assert!(!outcome.stderr.contains("warning"), "{}", outcome.stderr);
    let run = Run::new("es-bulk").arg(es.target("logs")).stdin("{}\n").take_stderr().status(1).run();
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}

#[test]
fn what_is_not_there_is_named() {
    let es = cluster();
    refused(scroll(&es.target("nothing")), 1, "404 index_not_found_exception: no such index [nothing]", "");
    refused(
        scroll(&es.target("nothing*")),
        1,
        &format!("no index of {} matches nothing*", es.url()),
        "_cat/indices",
    );
    es.close_index("logs");
    refused(scroll(&es.target("logs")), 1, "index_closed_exception", "");
    refused(scroll(&es.url()), 2, "the target names no index", "");
}

#[test]
fn a_query_the_server_does_not_take_is_shown() {
    let es = cluster();
    es.on(Call::Total).always().reply(Reply::error(400, "parsing_exception", "unknown query [trem]"));
    let run = scroll(&es.target("logs")).args(["-d", r#"{"query":{"trem":{}}}"#]);
    refused(run, 1, "400 parsing_exception: unknown query [trem]", "");
}

#[test]
fn documents_that_were_not_kept_are_missed_before_the_first() {
    let es = cluster();
    es.describe("logs", json!({"_source": {"enabled": false}}), json!({}));
    refused(scroll(&es.target("logs")), 1, "logs keeps no documents: its mapping disables _source", "");
    es.describe("logs", json!({}), json!({"mapping": {"source": {"mode": "synthetic"}}}));
    let outcome = dump(&es).take_stderr().run();
    assert!(outcome.stderr.contains("warning: logs has synthetic _source"), "{}", outcome.stderr);
}

#[test]
fn redirects_are_shown_and_not_followed() {
    let elsewhere = cluster();
    let es = Script::new().on("GET", "/", Reply::redirect(302, &elsewhere.url())).start();
    refused(scroll(&es.target("logs")), 1, "which is not followed", &elsewhere.url());
    assert!(elsewhere.requests().is_empty());
}

#[test]
fn what_is_no_search_server_is_told() {
    let page = Reply::new(200, "text/html", "<html><body>Welcome</body></html>");
    let es = Script::new().on("GET", "/", page).start();
    refused(scroll(&es.target("logs")), 1, "is neither Elasticsearch nor OpenSearch", "");

    let es = cluster();
    es.on(Call::Root).always().reply(Reply::bad_gateway());
    let run = scroll(&es.target("logs")).args(["--retry-max-time", "300ms"]);
    refused(run, 5, "502 <html> <head><title>502 Bad Gateway", "--retry-max-time");
}

#[test]
fn certificates_are_verified_both_ways() {
    let (authority, other) = (Authority::new(), Authority::new());
    let es = Cluster::elasticsearch("9.2.0").start_tls(&authority, Trust::Everyone);
    es.index("logs", 1);
    es.fill("logs", COUNT, |n| format!("{{\"n\":{n}}}"));
    let run = |ca: &str| {
        let run = scroll(&es.target("logs")).args(["--cacert", "ca.pem"]);
        let folder = Folder::shared();
        folder.write("ca.pem", ca);
        run.in_folder(&folder)
    };
    refused(scroll(&es.target("logs")), 1, "no TLS connection", "--cacert FILE");
    refused(run(&other.ca), 1, "no TLS connection", "--cacert FILE");
    assert_whole(&es, &run(&authority.ca).take_stdout().take_stderr().run().stdout);
    let unverified = scroll(&es.target("logs")).arg("-k").take_stdout().take_stderr();
    assert_whole(&es, &unverified.run().stdout);
    let plain = es.target("logs").replace("https:", "http:");
    refused(scroll(&plain), 1, "the answer cannot be read", "does the server speak https?");
}

#[test]
fn a_server_that_wants_a_certificate_says_so() {
    let authority = Authority::new();
    let es = Cluster::elasticsearch("9.2.0").start_tls(&authority, Trust::OwnClients);
    es.index("logs", 1);
    es.fill("logs", COUNT, |n| format!("{{\"n\":{n}}}"));
    let folder = Folder::shared();
    folder.write("ca.pem", &authority.ca);
    folder.write("cert.pem", &authority.client_cert);
    let key = folder.write("key.pem", &authority.client_key);
    std::fs::set_permissions(key, Permissions::from_mode(0o600)).unwrap();
    let run = || scroll(&es.target("logs")).args(["--cacert", "ca.pem"]).in_folder(&folder);
    refused(
        run(),
        1,
        "no TLS connection",
        "the server wants a client certificate that it can verify: --cert FILE",
    );
    let known = run().args(["--cert", "cert.pem", "--key", "key.pem"]).take_stdout().take_stderr();
    assert_whole(&es, &known.run().stdout);
}

#[test]
fn a_refused_connection_ends_at_once() {
    let nobody = Port::claim();
    let outcome = refused(
        scroll(&format!("{}/logs", nobody.url())),
        5,
        "cannot be reached: connection refused",
        "check that a server listens there",
    );
    assert!(outcome.elapsed < Duration::from_secs(120), "{:?}", outcome.elapsed);
}

#[test]
fn a_host_without_an_address_ends_within_its_time() {
    let run = scroll("http://no-such-host.invalid:9200/logs").args(["--connect-timeout", "5s"]);
    let outcome = refused(run, 5, "no-such-host.invalid:9200 cannot be reached: ", "check that");
    assert!(outcome.elapsed < Duration::from_secs(120), "{:?}", outcome.elapsed);
}

#[test]
fn servers_that_take_connections_and_never_answer_end_within_their_times() {
    let silent = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let urls = silent.each_ref().map(|silent| format!("http://{}", silent.local_addr().unwrap()));
    let run = scroll("logs").args(["--url", &urls.join(","), "--connect-timeout", "1s"]);
    let outcome = refused(run, 5, "stopped answering for 1s", "");
    assert!(outcome.elapsed < Duration::from_secs(120), "{:?}", outcome.elapsed);
    assert!(outcome.elapsed >= Duration::from_secs(2), "both were tried: {:?}", outcome.elapsed);
}

#[test]
fn a_second_server_is_asked_when_the_first_is_not_there_or_silent() {
    let es = cluster();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = Port::claim();
    for first in [silent.local_addr().unwrap(), nobody.address()] {
        let urls = format!("http://{first},{}", es.url());
        let run = scroll("logs").args(["--url", &urls, "--connect-timeout", "5s"]);
        assert_whole(&es, &run.take_stdout().take_stderr().run().stdout);
    }
}
