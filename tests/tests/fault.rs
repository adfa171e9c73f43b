//! The fault server does what its rules say, seen by a client that is not ours.

#![allow(clippy::unwrap_used, reason = "clippy knows only the functions marked as tests")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use es_tests::fault::{Authority, Call, Cluster, Refusal, Reply, Script, Server, Trust};
use reqwest::blocking::{Client, Response};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use serde_json::{Value, json};

/// The text of the failure that must come.
fn failure(test: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(test)).expect_err("must fail");
    panic.downcast_ref::<String>().expect("a formatted message").clone()
}

fn send(method: &str, url: &str, body: impl Into<Vec<u8>>) -> reqwest::Result<Response> {
    let method = method.parse().unwrap();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?
        .request(method, url)
        .body(body.into())
        .send()
}

fn ask(method: &str, url: &str, body: &Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let text = send(method, url, body).unwrap().text().unwrap();
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn status(method: &str, url: &str, body: &str) -> u16 {
    send(method, url, body).unwrap().status().as_u16()
}

/// A cluster with so many documents in one shard.
fn filled(count: usize) -> Server<Cluster> {
    let es = Cluster::elasticsearch("9.2.0").start();
    es.index("logs", 1);
    es.fill("logs", count, |n| format!("{{\"n\":{n}}}"));
    es
}

fn open_pit(es: &Server<Cluster>, shard: usize) -> String {
    let url = es.target(&format!("logs/_pit?keep_alive=5m&preference=_shards:{shard}"));
    ask("POST", &url, &Value::Null)["id"].as_str().unwrap().to_owned()
}

fn close_pit(es: &Server<Cluster>, id: &str) {
    assert_eq!(ask("DELETE", &es.target("_pit"), &json!({"id": id}))["num_freed"], 1);
}

/// A bulk of documents with the ids 0, 1 and so on.
fn bodies(count: usize) -> String {
    (0..count).map(|n| format!("{{\"create\":{{\"_id\":\"{n}\"}}}}\n{{\"n\":{n}}}\n")).collect()
}

#[test]
fn a_script_is_strict() {
    let script = || Script::new().on("GET", "/", Reply::value(200, &json!({"a": 1})));
    let server = script().start();
    assert_eq!(ask("GET", &server.target("?pretty"), &Value::Null), json!({"a": 1}));
    assert_eq!(server.requests()[0].param("pretty"), Some(""));
    server.finish();

    let text = failure(|| script().start().finish());
    assert!(text.contains("never came: GET /"), "{text}");
    let text = failure(|| {
        let server = script().start();
        assert_eq!(status("GET", &server.target("other"), ""), 500);
    });
    assert!(text.contains("unexpected request: GET /other"), "{text}");
    let text = failure(|| {
        let server = Script::new().on("GET", "/a?b=1", Reply::empty(200)).start();
        assert_eq!(status("GET", &server.target("a?b=2"), ""), 500);
    });
    assert!(text.contains("GET /a?b=2"), "{text}");
}

/// Reads up to and with `end`: an answer may come in several pieces.
fn read_until(stream: &mut TcpStream, end: &[u8]) {
    let mut read = Vec::new();
    while !read.ends_with(end) {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        read.push(byte[0]);
    }
}

#[test]
fn bodies_come_in_every_form() {
    let answer = || Reply::json(200, "{}");
    let server = Script::new().on("POST", "/a", answer()).on("POST", "/b", answer()).start();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .write_all(b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
        .unwrap();
    read_until(&mut stream, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n").unwrap();
    read_until(&mut stream, b"{}");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"packed").unwrap();
    let packed = gzip.finish().unwrap();
    // The connection is kept for a second request.
    let head =
        format!("POST /b HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len());
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&packed).unwrap();
    read_until(&mut stream, b"{}");
    let requests = server.requests();
    assert_eq!([&requests[0].body[..], &requests[1].body[..]], [&b"abcde"[..], b"packed"]);
    assert_eq!(requests[1].raw, packed);
}

#[test]
fn answers_are_cut_lost_held_and_spoiled() {
    let server = Script::new()
        .on("GET", "/cut", Reply::json(200, "0123456789").cut_after(4))
        .on("GET", "/chunks", Reply::json(200, "0123456789").chunked())
        .on("GET", "/cut-chunks", Reply::json(200, "0123456789").chunked().cut_half())
        .on("GET", "/lost", Reply::closed())
        .on("GET", "/reset", Reply::reset())
        .on("GET", "/gzip", Reply::json(200, "x".repeat(1000)).broken_gzip())
        .on("GET", "/held", Reply::json(200, "late").held(Duration::from_millis(300)))
        .on("GET", "/moved", Reply::redirect(301, "http://127.0.0.1:1/"))
        .on("GET", "/later", Reply::too_busy().retry_after(7))
        .start();
    let get = |path: &str| send("GET", &server.target(path), "");
    let body = |path: &str| get(path).and_then(Response::text);
    assert!(body("cut").is_err());
    assert_eq!(body("chunks").unwrap(), "0123456789");
    assert!(body("cut-chunks").is_err());
    assert!(get("lost").is_err());
    assert!(format!("{:?}", get("reset").unwrap_err()).contains("ConnectionReset"));
    let gzip = get("gzip").unwrap();
    assert_eq!(gzip.headers()["content-encoding"], "gzip");
    let bytes = gzip.bytes().unwrap();
    assert!(flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut Vec::new()).is_err());
    let began = Instant::now();
    assert_eq!(body("held").unwrap(), "late");
    assert!(began.elapsed() >= Duration::from_millis(300));
    assert_eq!(get("moved").unwrap().headers()["location"], "http://127.0.0.1:1/");
    assert_eq!(get("later").unwrap().headers()["retry-after"], "7");
}

#[test]
fn a_cut_answer_arrives_up_to_the_cut() {
    let server = Script::new().on("GET", "/", Reply::json(200, "0123456789").cut_after(4)).start();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.contains("content-length: 10\r\n") && text.ends_with("\r\n\r\n0123"), "{text}");
}

#[test]
fn uploads_are_broken_off() {
    let es = Cluster::elasticsearch("8.19.0").start();
    es.on(Call::Bulk).larger_than(1_000_000).times(2).reset_after(100_000);
    es.on(Call::Bulk).larger_than(1_000_000).nth(3).drop_unread();
    es.on(Call::Bulk).larger_than(1_000_000).nth(4).reply(Reply::empty(413));
    let url = es.target("logs/_bulk");
    let large = format!("{{\"create\":{{}}}}\n{{\"a\":\"{}\"}}\n", "x".repeat(30_000_000));
    for _ in 0..3 {
        assert!(send("POST", &url, large.clone()).is_err());
    }
    let refused = send("POST", &url, large).unwrap();
    assert_eq!(refused.status(), 413);
    assert_eq!(refused.text().unwrap(), "");
    assert!(!es.has_index("logs"));
    assert_eq!(status("POST", &url, &bodies(1)), 200);
    assert_eq!(es.calls(Call::Bulk).len(), 5);
}

#[test]
fn a_stalled_answer_does_not_hold_up_the_end_of_the_test() {
    let began = Instant::now();
    let server = Script::new().on("GET", "/", Reply::json(200, "{}").held(Duration::from_secs(3600))).start();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    assert!(stream.read(&mut [0; 10]).is_err());
    server.finish();
    assert!(began.elapsed() < Duration::from_secs(120));
}

#[test]
fn the_seq_cursor_reads_every_document_of_every_shard_once() {
    for es in
        [Cluster::elasticsearch("7.17.28"), Cluster::elasticsearch("9.2.0"), Cluster::opensearch("2.19.6")]
    {
        let es = es.start();
        es.index("logs", 3);
        es.fill("logs", 100, |n| format!("{{\"n\":{n}}}"));
        es.put("logs", "7", "{\"n\":-1}");
        let shards =
            ask("GET", &es.target("logs/_search_shards"), &Value::Null)["shards"].as_array().unwrap().len();
        let opensearch = es.url() == es.url()
            && ask("GET", &es.url(), &Value::Null)["version"]["distribution"] == "opensearch";
        let mut seen = Vec::new();
        for shard in 0..shards {
            let (open, key) = if opensearch { ("_search/point_in_time", "pit_id") } else { ("_pit", "id") };
            let url = es.target(&format!("logs/{open}?keep_alive=5m&preference=_shards:{shard}"));
            let pit = ask("POST", &url, &Value::Null)[key].clone();
            let search = |body: &mut Value| {
                body["pit"] = json!({"id": pit, "keep_alive": "5m"});
                ask("POST", &es.target("_search"), body)
            };
            let last =
                search(&mut json!({"size": 1, "sort": [{"_seq_no": "desc"}], "track_total_hits": true}));
            let total = last["hits"]["total"]["value"].as_u64().unwrap();
            let max = last["hits"]["hits"][0]["sort"][0].as_i64().unwrap();
            let (mut after, mut read) = (-1, 0);
            while after < max {
                let window = json!({"range": {"_seq_no": {"gt": after, "lte": after + 10}}});
                let page = search(&mut json!({
                    "size": 10, "query": {"bool": {"filter": [window]}}, "sort": [{"_seq_no": "asc"}],
                    "track_total_hits": false,
                }));
                assert_eq!(page["_shards"]["total"], 1);
                for hit in page["hits"]["hits"].as_array().unwrap() {
                    seen.push(hit["_id"].as_str().unwrap().to_owned());
                    read += 1;
                }
                after += 10;
            }
            assert_eq!(read, total);
            let (close, body) = if opensearch {
                ("_search/point_in_time", json!({"pit_id": [pit]}))
            } else {
                ("_pit", json!({"id": pit}))
            };
            ask("DELETE", &es.target(close), &body);
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 100);
    }
}

#[test]
fn hits_carry_the_bytes_they_were_given() {
    let es = filled(0);
    let nasty =
        [b"{\"a\":1.0,\"a\":\"\xff\xfe\",".as_slice(), b"\"deep\":", "[".repeat(2000).as_bytes()].concat();
    es.put_routed("logs", "quote\"d", Some("r"), &nasty);
    let id = open_pit(&es, 0);
    let body =
        json!({"pit": {"id": id}, "version": true, "seq_no_primary_term": true, "sort": ["_shard_doc"]});
    let page = send("POST", &es.target("_search"), body.to_string()).unwrap().bytes().unwrap();
    assert!(page.windows(nasty.len()).any(|window| window == nasty));
    let head = b"{\"_index\":\"logs\",\"_id\":\"quote\\\"d\",\"_version\":1,\"_seq_no\":0,\"_primary_term\":1,\"_score\":null,\"_routing\":\"r\",\"_source\":";
    assert!(page.windows(head.len()).any(|window| window == head));
    close_pit(&es, &id);
}

#[test]
fn a_scroll_moves_on_even_when_its_answer_is_lost() {
    let es = filled(10);
    es.on(Call::NextScroll).lose();
    let first = ask("POST", &es.target("logs/_search?scroll=5m"), &json!({"size": 4, "sort": ["_doc"]}));
    let next = json!({"scroll_id": first["_scroll_id"], "scroll": "5m"});
    assert!(send("POST", &es.target("_search/scroll"), next.to_string()).is_err());
    let third = ask("POST", &es.target("_search/scroll"), &next);
    assert_eq!(third["hits"]["hits"].as_array().unwrap().len(), 2);
    assert_eq!(third["hits"]["hits"][0]["_source"]["n"], 8);
    assert_eq!(ask("DELETE", &es.target("_search/scroll"), &next)["num_freed"], 1);
    assert_eq!(status("POST", &es.target("_search/scroll"), &next.to_string()), 404);
}

#[test]
fn pages_are_spoiled_by_rule() {
    let es = filled(5);
    es.rotate_ids();
    es.on(Call::Page).nth(2).page(|page| page.fail_shards(1));
    es.on(Call::Page).nth(3).page(|page| page.timed_out = true);
    es.on(Call::Page).nth(4).page(|page| page.shards = None);
    es.on(Call::Page).nth(5).page(|page| page.shards_late = true);
    es.on(Call::Page).nth(6).page(|page| page.shorten(2));
    es.on(Call::Page).nth(7).page(|page| page.lose_shard());
    let mut id = open_pit(&es, 0);
    let mut page = || {
        let page = ask("POST", &es.target("_search"), &json!({"pit": {"id": id}, "size": 5}));
        let before = std::mem::replace(&mut id, page["pit_id"].as_str().unwrap().to_owned());
        assert_ne!(before, id);
        page
    };
    let good = page();
    assert_eq!(good["_shards"], json!({"total": 1, "successful": 1, "skipped": 0, "failed": 0}));
    let failed = page();
    assert_eq!(failed["_shards"]["failed"], 1);
    assert_eq!(failed["_shards"]["failures"][0]["reason"]["type"], "es_rejected_execution_exception");
    assert_eq!(page()["timed_out"], true);
    assert_eq!(page()["_shards"], Value::Null);
    assert_eq!(page(), {
        let mut late = good.clone();
        late["pit_id"] = es.open_contexts()[0].as_str().into();
        late
    });
    assert_eq!(page()["hits"]["hits"].as_array().unwrap().len(), 3);
    assert_eq!(page()["_shards"]["total"], 0);
    close_pit(&es, &id);
}

#[test]
fn bulks_are_applied_item_by_item() {
    let es = Cluster::opensearch("3.8.0").start();
    es.on(Call::Bulk).items(|item| (item.id.as_deref() == Some("3")).then(Refusal::mapper_parsing));
    es.on(Call::Bulk).nth(2).lose();
    let url = es.target("logs/_bulk");
    let bulk = |body: &str| {
        let text = send("POST", &url, body).unwrap().text().unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        let items = answer["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|item| item.as_object().unwrap().values().next().unwrap()["status"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(bulk(&bodies(4)), [201, 201, 201, 400]);
    assert!(send("POST", &url, bodies(6)).is_err(), "applied, answer lost");
    es.assert_each_once("logs", 6);
    assert_eq!(bulk(&bodies(6)), [409; 6]);
    let ops = "{\"index\":{\"_id\":\"0\"}}\n{\"n\": 1.0}\n{\"delete\":{\"_id\":\"1\"}}\n{\"delete\":{\"_id\":\"9\"}}\n\
               {\"update\":{\"_id\":\"2\"}}\n{\"doc\":{\"x\":1}}\n{\"create\":{}}\n{\"a\":\n{\"index\":{\"_id\":\"0\",\"version\":1,\"version_type\":\"external\"}}\n{}\n";
    assert_eq!(bulk(ops), [200, 200, 404, 200, 400, 409]);
    let sources = es.sources("logs");
    assert_eq!(sources["0"], b"{\"n\": 1.0}");
    assert_eq!(sources["2"], b"{\"n\":2,\"x\":1}");
    assert_eq!(sources.len(), 5);
    for bad in ["", "{\"create\":{}}\n{}", "{\"create\":{}\n{}\n", "{\"create\":{\"_type\":\"t\"}}\n{}\n"] {
        assert_eq!(status("POST", &url, bad), 400, "{bad}");
    }
    es.block_writes("logs", true);
    assert_eq!(bulk(&bodies(1)), [403]);
    es.close_index("logs");
    assert_eq!(bulk(&bodies(1)), [400]);
    let text = failure(|| es.assert_each_once("logs", 5));
    assert!(text.contains("more than once"), "{text}");
}

#[test]
fn rules_hold_for_a_number_of_requests_or_for_a_time() {
    let es = filled(0);
    es.on(Call::Count).nth(2).times(2).reply(Reply::unavailable());
    es.on(Call::Root).during(Duration::from_secs(3)).reply(Reply::bad_gateway());
    es.on(Call::Bulk).when(|request| request.has("poison")).always().reply(Reply::error(400, "a", "b"));
    es.on(Call::Refresh).before(|cluster| cluster.delete_index("logs"));
    let counts: Vec<u16> = (0..4).map(|_| status("GET", &es.target("logs/_count"), "")).collect();
    assert_eq!(counts, [200, 503, 503, 200]);
    assert_eq!(status("GET", &es.url(), ""), 502);
    std::thread::sleep(Duration::from_millis(3200));
    assert_eq!(status("GET", &es.url(), ""), 200);
    assert_eq!(status("POST", &es.target("logs/_bulk"), &bodies(1)), 200);
    assert_eq!(status("POST", &es.target("logs/_bulk"), "{\"create\":{}}\n{\"a\":\"poison\"}\n"), 400);
    assert_eq!(status("POST", &es.target("logs/_refresh"), ""), 404);
}

#[test]
fn what_was_prepared_and_did_not_happen_fails() {
    let text = failure(|| filled(0).on(Call::Bulk).lose());
    assert!(text.contains("a rule for Bulk was used 0 times of 1"), "{text}");
    let text = failure(|| drop(open_pit(&filled(1), 0)));
    assert!(text.contains("a cursor left open: pit-"), "{text}");
    let text = failure(|| {
        status("GET", &filled(1).target("_made/up"), "");
    });
    assert!(text.contains("does not know GET /_made/up"), "{text}");
    let es = filled(1);
    open_pit(&es, 0);
    es.may_leave_contexts();
}

#[test]
fn products_differ_as_real_ones_do() {
    let old = Cluster::opensearch("1.3.20").start();
    old.index("logs", 1);
    assert_eq!(status("POST", &old.target("logs/_search/point_in_time?keep_alive=1m"), ""), 405);
    let es = filled(1);
    assert_eq!(status("POST", &es.target("logs/_search/point_in_time?keep_alive=1m"), ""), 405);
    assert_eq!(status("POST", &es.target("none/_pit?keep_alive=1m"), ""), 404);
    let answer = ask("POST", &old.target("logs/_search"), &json!({"sort": ["_shard_doc"]}));
    assert_eq!(answer["error"]["root_cause"][0]["type"], "query_shard_exception");
    assert_eq!(status("POST", &es.target("logs/_search"), "{\"size\":10001}"), 400);
}

#[test]
fn indices_are_named_described_and_made() {
    let es = filled(2);
    es.describe("logs", json!({"properties": {"n": {"type": "long"}}}), json!({"refresh_interval": "5s"}));
    es.alias("logs", "recent", json!({"term": {"n": 1}}));
    let shards = ask("GET", &es.target("recent/_search_shards"), &Value::Null);
    assert_eq!(shards["indices"]["logs"], json!({"aliases": ["recent"], "filter": {"term": {"n": 1}}}));
    assert_eq!(ask("GET", &es.target("recent/_count"), &Value::Null)["count"], 1);
    let about = ask("GET", &es.target("l*"), &Value::Null);
    assert_eq!(about["logs"]["settings"]["index"]["refresh_interval"], "5s");
    assert_eq!(about["logs"]["mappings"]["properties"]["n"]["type"], "long");
    assert_eq!(status("HEAD", &es.target("none"), ""), 404);
    assert_eq!(status("PUT", &es.target("new"), "{\"settings\":{\"index\":{\"number_of_shards\":3}}}"), 200);
    assert_eq!(status("PUT", &es.target("new"), ""), 400);
    let settings = ask("GET", &es.target("new/_settings"), &Value::Null);
    assert_eq!(settings["new"]["settings"]["index"]["number_of_shards"], 3);
    let found = ask("POST", &es.target("logs/_mget"), &json!({"ids": ["1", "9"]}));
    assert_eq!(found["docs"][0]["_source"], json!({"n": 1}));
    assert_eq!(found["docs"][1]["found"], false);
}

#[test]
fn only_the_right_credentials_are_let_in() {
    let es = Cluster::elasticsearch("9.2.0").authorization("ApiKey abc").start();
    assert_eq!(status("GET", &es.url(), ""), 401);
    let client = Client::new();
    assert_eq!(client.get(es.url()).header("Authorization", "ApiKey abc").send().unwrap().status(), 200);
}

#[test]
fn tls_is_verified_by_the_authority_and_can_ask_for_a_client_certificate() {
    let (ours, other) = (Authority::new(), Authority::new());
    let get = |es: &Server<Cluster>, trusted: &Authority, shown: Option<&Authority>| {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(trusted.roots());
        let config = match shown {
            None => config.with_no_client_auth(),
            Some(authority) => {
                let cert = CertificateDer::from_pem_slice(authority.client_cert.as_bytes()).unwrap();
                let key = PrivateKeyDer::from_pem_slice(authority.client_key.as_bytes()).unwrap();
                config.with_client_auth_cert(vec![cert], key).unwrap()
            }
        };
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let session = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(session, TcpStream::connect(es.address())?);
        stream.write_all(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?;
        let mut line = vec![0; 15];
        stream.read_exact(&mut line)?;
        std::io::Result::Ok(String::from_utf8(line).unwrap())
    };
    let message = |answer: std::io::Result<String>| answer.unwrap_err().to_string();
    let es = Cluster::elasticsearch("9.2.0").start_tls(&ours, Trust::Everyone);
    assert!(es.url().starts_with("https://127.0.0.1:"));
    assert_eq!(get(&es, &ours, None).unwrap(), "HTTP/1.1 200 OK");
    assert!(message(get(&es, &other, None)).contains("UnknownIssuer"));
    let es = Cluster::elasticsearch("9.2.0").start_tls(&ours, Trust::OwnClients);
    assert!(message(get(&es, &ours, None)).contains("CertificateRequired"));
    assert!(get(&es, &ours, Some(&other)).is_err());
    assert_eq!(get(&es, &ours, Some(&ours)).unwrap(), "HTTP/1.1 200 OK");
}
