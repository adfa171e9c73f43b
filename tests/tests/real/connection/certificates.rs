//! Whom one believes over TLS, and who the server believes.

use std::fs;
use std::sync::Arc;

use es_tests::command::{Folder, Run};
use es_tests::fault::Authority;
use es_tests::node::{self, Node, Settings};

use super::{INDEX, admin, assert_hidden, hits, write_secret};

/// What stands in for a fault: the words of the error and of the hint.
struct Told(&'static str, &'static str);

const NOT_BELIEVED: Told =
    Told("no TLS connection: invalid peer certificate: ", "--cacert FILE names the authority");
const NOT_LET_IN: Told =
    Told("no TLS connection: received fatal alert: ", "the server wants a client certificate");

/// A folder with the certificates of the authority and of another one.
fn certificates(authority: &Authority) -> Arc<Folder> {
    let folder = Folder::shared();
    folder.write("ca.pem", &authority.ca);
    folder.write("client.pem", &authority.client_cert);
    write_secret(&folder.path().join("secret-client.key"), &authority.client_key);
    let both = format!("{}{}", authority.client_cert, authority.client_key);
    write_secret(&folder.path().join("secret-both.pem"), &both);
    let other = Authority::new();
    folder.write("other-ca.pem", &other.ca);
    folder.write("other-client.pem", &other.client_cert);
    write_secret(&folder.path().join("secret-other.key"), &other.client_key);
    folder.write("index.json", INDEX);
    folder
}

/// Both tools end with 1, and nothing was sent.
fn assert_refused(node: &Node, folder: &Arc<Folder>, args: &[&str], Told(error, hint): Told) {
    for tool in ["es-scroll", "es-bulk"] {
        let run = Run::new(tool).in_folder(folder).arg(format!("{}/kept", node.url())).args(["-u", &admin()]);
        run.args(args)
            .stdin(hits("kept"))
            .stderr(format!("{tool}: error: {}: {error}[..]\n{tool}: hint: {hint}[..]\n", node.url()))
            .status(1)
            .run();
    }
}

/// Loads the documents and reads them back.
fn assert_let_in(node: &Node, folder: &Arc<Folder>, args: &[&str], summary: &str) {
    let load = Run::new("es-bulk").in_folder(folder).args([&format!("{}/kept", node.url()), "-u", &admin()]);
    load.args(["--create-index=index.json", "--refresh"])
        .args(args)
        .stdin(hits("kept"))
        .stderr(format!("es-bulk: 3 read: 3 {summary}; [..]\n"))
        .run();
    let dump =
        Run::new("es-scroll").in_folder(folder).args([&format!("{}/kept", node.url()), "-u", &admin()]);
    dump.args(args).stdout(hits("kept")).stderr("es-scroll: 3 read: 3 written; [..]\n").run();
}

#[test]
fn a_server_is_believed_for_its_authority_or_without_proof_when_asked() {
    let authority = Authority::new();
    let settings = Settings::new().tls(&authority.server_cert, &authority.server_key);
    let node = Node::start(node::version("es-8.19.0"), &settings).unwrap();
    let folder = certificates(&authority);
    assert_refused(&node, &folder, &[], NOT_BELIEVED);
    assert_refused(&node, &folder, &["--cacert", "other-ca.pem"], NOT_BELIEVED);
    assert_let_in(&node, &folder, &["--cacert", "ca.pem"], "created");
    assert_let_in(&node, &folder, &["-k"], "skipped (already there)");

    let profile = |says: &str| {
        let text = format!(
            "[profile.prod]\nurl = '{}'\nuser = 'admin'\npassword = '{}'\n{says}\n",
            node.url(),
            node::PASSWORD
        );
        write_secret(&folder.path().join("secret-config"), &text);
        Run::new("es-scroll")
            .in_folder(&folder)
            .args(["-P", "prod", "kept"])
            .env("ES_CONFIG", "secret-config")
    };
    for says in ["cacert = 'ca.pem'", "insecure = true"] {
        profile(says).args(["-q"]).stdout(hits("kept")).run();
    }
    profile("").take_stderr().status(1).run();

    // The other scheme.
    let plain = format!("{}/kept", node.url().replace("https", "http"));
    Run::new("es-scroll")
        .args([&plain, "-u", &admin()])
        .stderr("[...]\nes-scroll: error: http://[..] (does it speak https?)\nes-scroll: hint: if it does, write https:// in the URL\n")
        .status(5)
        .run();

    let wrong = Run::new("es-scroll").in_folder(&folder).args([
        &format!("{}/kept", node.url()),
        "--cacert",
        "ca.pem",
    ]);
    let outcome = wrong.args(["-u", "admin:wrong-password", "-vv"]).take_stderr().status(1).run();
    assert!(outcome.stderr.contains(" answered 401 security_exception: "), "{}", outcome.stderr);
    let body = "< {\"error\":{\"root_cause\":[{\"type\":\"security_exception\"";
    assert!(outcome.stderr.contains(body), "{}", outcome.stderr);
    assert_hidden(&["wrong-password".into(), node::PASSWORD.into()], &outcome);
}

#[test]
fn a_server_that_wants_to_know_its_clients_lets_in_whom_it_can_verify() {
    let authority = Authority::new();
    let settings = Settings::new()
        .tls(&authority.server_cert, &authority.server_key)
        .file("clients.crt", &*authority.ca)
        .set("xpack.security.http.ssl.client_authentication", "required")
        .set("xpack.security.http.ssl.certificate_authorities", "clients.crt");
    let node = Node::start(node::version("es-9.2.0"), &settings).unwrap();
    let folder = certificates(&authority);
    let other = ["--cert", "other-client.pem", "--key", "secret-other.key", "--cacert", "ca.pem"];
    assert_refused(&node, &folder, &["--cacert", "ca.pem"], NOT_LET_IN);
    assert_refused(&node, &folder, &["-k"], NOT_LET_IN);
    assert_refused(&node, &folder, &other, NOT_LET_IN);
    let own = ["--cert", "client.pem", "--key", "secret-client.key", "--cacert", "ca.pem"];
    assert_let_in(&node, &folder, &own, "created");
    assert_let_in(&node, &folder, &["--cert", "secret-both.pem", "-k"], "skipped (already there)");

    let target = format!("{}/kept", node.url());
    let shown = Run::new("es-scroll").in_folder(&folder).args([&*target, "--curl", "-u", &admin()]).args(own);
    let outcome = shown.take_stdout().run();
    let key = fs::read_to_string(folder.path().join("secret-client.key")).unwrap();
    let line = key.lines().nth(1).unwrap().to_owned();
    assert_hidden(&[line, node::PASSWORD.into()], &outcome);
    assert!(outcome.stdout.windows(28).any(|w| w == b"--cert client.pem --key secr"));
}
