//! Which server: several of them, none there, and what is somewhere else than one thinks.

use std::net::TcpListener;
use std::time::Duration;

use es_tests::command::Run;
use es_tests::fault::{Cluster, Reply};
use es_tests::node;
use es_tests::port::Port;

use super::{INDEX, hits};

/// Long enough for a busy machine, far from the minutes that a server is waited for that has once answered.
const SOON: Duration = Duration::from_secs(120);

#[test]
fn of_several_servers_the_first_that_answers_is_taken() {
    let node = node::shared(node::version("os-2.19.6"));
    node.client().create_index("addresses", INDEX);
    let nobody = Port::claim();
    let (gone, url) = (nobody.url(), node.url());

    let urls = format!("{gone},{url}");
    Run::new("es-bulk")
        .args(["--url", &urls, "addresses", "--refresh"])
        .stdin(hits("addresses"))
        .stderr(format!(
            "es-bulk: warning: {gone} cannot be reached: connection refused; trying {url}\n\
             es-bulk: 3 read: 3 created; [..]\n"
        ))
        .run();
    Run::new("es-scroll")
        .arg("addresses")
        .env("ES_URL", format!("{gone}, {url}"))
        .stdout(hits("addresses"))
        .stderr(format!(
            "es-scroll: warning: {gone} cannot be reached: connection refused; trying {url}\n\
             es-scroll: 3 read: 3 written; [..]\n"
        ))
        .run();

    // It takes connections and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", listener.local_addr().unwrap());
    Run::new("es-scroll")
        .args(["--url", &silent, "--url", &url, "addresses", "--request-timeout", "10s"])
        .stdout(hits("addresses"))
        .stderr(format!(
            "es-scroll: warning: {silent} stopped answering for 10s; trying {url}\n\
             es-scroll: 3 read: 3 written; [..]\n"
        ))
        .within(SOON)
        .run();
    assert_eq!(node.client().wait_for_contexts("addresses", 0), 0);
}

#[test]
fn where_nobody_answers_the_end_comes_soon() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", listener.local_addr().unwrap());
    let nobody = Port::claim();
    let table = [
        (nobody.url(), "cannot be reached: connection refused", "check that a server listens there: "),
        (
            "http://no-such-host.invalid:9200".to_owned(),
            "cannot be reached: ",
            "check that a server listens there: ",
        ),
        (
            "http://no-such-host.invalid".to_owned(),
            "cannot be reached: ",
            "[..] has no port; a node listens on 9200",
        ),
        (silent, "stopped answering for 1s", "--request-timeout sets "),
    ];
    for tool in ["es-scroll", "es-bulk"] {
        for (url, error, hint) in &table {
            Run::new(tool)
                .args([&format!("{url}/logs"), "--request-timeout", "1s"])
                .stdin(hits("logs"))
                .stderr(format!("[...]\n{tool}: error: {url} {error}[..]\n{tool}: hint: {hint}[..]\n"))
                .status(5)
                .within(SOON)
                .run();
        }
    }
}

#[test]
fn what_is_not_there_or_somewhere_else_is_told_before_any_document() {
    let node = node::shared(node::version("os-2.19.6"));
    let (client, url) = (node.client(), node.url());
    let https = url.replace("http:", "https:");
    for tool in ["es-scroll", "es-bulk"] {
        Run::new(tool)
            .arg(format!("{https}/logs"))
            .stdin(hits("logs"))
            .stderr(format!(
                "{tool}: error: {https}: no TLS connection: [..]\n\
                 {tool}: hint: does the server speak plain http? write http:// in the URL\n"
            ))
            .status(1)
            .run();
    }
    Run::new("es-scroll")
        .arg(format!("{url}/no-such-index"))
        .stderr(format!(
            "es-scroll: error: looking for the shards of no-such-index: {url} answered 404 \
             index_not_found_exception: no such index [no-such-index]\n"
        ))
        .status(1)
        .run();
    Run::new("es-bulk")
        .arg(format!("{url}/no-such-index"))
        .stdin(hits("logs"))
        .stderr(format!(
            "es-bulk: error: {url} has no index no-such-index\nes-bulk: hint: --create-index makes it[..]\n"
        ))
        .status(1)
        .run();
    assert_eq!(client.get("/no-such-index").0, 404);

    let elsewhere = Cluster::elasticsearch("9.2.0").start();
    elsewhere.route("GET", "/", Reply::redirect(301, &format!("{url}/")));
    for tool in ["es-scroll", "es-bulk"] {
        let host = elsewhere.url();
        Run::new(tool)
            .args([&elsewhere.target("logs"), "-u", "someone:their-password"])
            .stdin(hits("logs"))
            .stderr(format!(
                "{tool}: error: {host} answered 301 and points to {url}/, which is not followed\n\
                 {tool}: hint: if {url}/ is the right server, name it in the URL\n"
            ))
            .status(1)
            .run();
    }
    assert_eq!(elsewhere.requests().len(), 2);
}
