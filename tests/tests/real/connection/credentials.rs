//! Every way to say who one is: it lets in, a wrong one is told, and neither shows what it held.

use std::fs;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use es_tests::client::Client;
use es_tests::command::{Folder, Run};
use es_tests::node::{self, Node, PASSWORD, Settings, USER};
use reqwest::Method;
use serde_json::{Value, json};

use super::{DOCUMENTS, INDEX, assert_hidden, hits, write_secret};

/// The service account whose bearer token a server gives out without a licence may use such names only.
const KEPT: &str = ".kibana-kept";

/// What a server knows somebody by.
struct Known {
    password: String,
    /// `id:key`
    api_key: String,
    bearer: String,
}

/// A way to say who one is.
struct Way {
    name: &'static str,
    target: String,
    args: Vec<String>,
    env: Vec<(&'static str, String)>,
}

impl Known {
    fn at(client: &Client) -> Known {
        let key = client.json(Method::POST, "/_security/api_key", r#"{"name":"tests"}"#);
        let token = "/_security/service/elastic/kibana/credential/token/tests";
        let token = client.json(Method::POST, token, "");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Known {
            password: PASSWORD.to_owned(),
            api_key: format!("{}:{}", text(&key["id"]), text(&key["api_key"])),
            bearer: text(&token["token"]["value"]),
        }
    }

    fn wrong() -> Known {
        Known {
            password: "wrong-password".into(),
            api_key: "wrong-id-of-a-key:wrong-key".into(),
            bearer: BASE64_STANDARD.encode("\0\u{1}\0\u{1}elastic/kibana/tests:wrong-bearer-value"),
        }
    }

    /// In all spellings.
    fn secrets(&self) -> Vec<String> {
        let key = self.api_key.split_once(':').unwrap().1;
        let basic = BASE64_STANDARD.encode(format!("{USER}:{}", self.password));
        let encoded = BASE64_STANDARD.encode(&self.api_key);
        vec![self.password.clone(), key.to_owned(), basic, encoded, self.bearer.clone()]
    }

    /// The files they need are put into the folder.
    fn ways(&self, url: &str, folder: &Folder) -> Vec<Way> {
        let file = |name: &str, text: &str| write_secret(&folder.path().join(format!("secret-{name}")), text);
        let profile = |name: &'static str, says: String| {
            let path = file(&format!("profile-{name}"), &format!("[profile.prod]\nurl = '{url}'\n{says}\n"));
            Way { name, ..Way::of(KEPT, &["-P", "prod"], &[("ES_CONFIG", &path)]) }
        };
        let there = format!("{url}/{KEPT}");
        let at_url = |name, args: &[&str]| Way { name, ..Way::of(&there, args, &[]) };
        let by_env = |name, env: &[(&'static str, &str)]| Way { name, ..Way::of(KEPT, &[], env) };
        let (password, key) = (&*self.password, &*self.api_key);
        let encoded = BASE64_STANDARD.encode(key);
        let basic = format!("Authorization: Basic {}", BASE64_STANDARD.encode(format!("{USER}:{password}")));
        let login = format!("login {USER} password {password}\n");
        let in_url = url.replace("//", &format!("//{USER}:{password}@"));
        let netrc = file("netrc", &format!("machine 127.0.0.1 {login}"));
        write_secret(&folder.home().join(".netrc"), &format!("default {login}"));
        fs::create_dir_all(folder.home().join(".config/es-tools")).unwrap();
        let standard = format!("[profile.prod]\nurl = ['{url}']\nuser = '{USER}'\npassword = '{password}'\n");
        write_secret(&folder.home().join(".config/es-tools/config.toml"), &standard);
        file("password", &format!("{password}\n"));
        vec![
            at_url("-u NAME:PASS", &["-u", &format!("{USER}:{password}")]),
            at_url("--password-file", &["-u", USER, "--password-file", "secret-password"]),
            by_env("ES_USER", &[("ES_URL", url), ("ES_USER", USER), ("ES_PASSWORD", password)]),
            Way { name: "URL", ..Way::of(&format!("{in_url}/{KEPT}"), &[], &[]) },
            by_env("ES_URL", &[("ES_URL", &in_url)]),
            Way { name: "--url", ..Way::of(KEPT, &["--url", &in_url], &[]) },
            at_url("--netrc", &["--netrc"]),
            Way { name: "NETRC", ..Way::of(&there, &["--netrc"], &[("NETRC", &netrc)]) },
            at_url("--api-key-file, id:key", &["--api-key-file", &file("key", key)]),
            at_url("--api-key-file, base64", &["--api-key-file", &file("encoded", &format!("{encoded}\n"))]),
            by_env("ES_API_KEY, id:key", &[("ES_URL", url), ("ES_API_KEY", key)]),
            by_env("ES_API_KEY, base64", &[("ES_URL", url), ("ES_API_KEY", &encoded)]),
            at_url("--bearer-file", &["--bearer-file", &file("bearer", &self.bearer)]),
            at_url("-H", &["-H", &basic]),
            at_url("-H @FILE", &["-H", &format!("@{}", file("header", &basic))]),
            Way { name: "-P", ..Way::of(KEPT, &["-P", "prod"], &[]) },
            Way { name: "ES_PROFILE", ..Way::of(KEPT, &[], &[("ES_PROFILE", "prod")]) },
            profile("password_file", format!("user = '{USER}'\npassword_file = 'secret-password'")),
            profile("api_key", format!("api_key = '{key}'")),
            profile("api_key_file", "api_key_file = 'secret-encoded'".into()),
            profile("bearer", format!("bearer = '{}'", self.bearer)),
            profile("header", format!("header = '{basic}'")),
        ]
    }
}

impl Way {
    fn of(target: &str, args: &[&str], env: &[(&'static str, &str)]) -> Way {
        Way {
            name: "",
            target: target.to_owned(),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            env: env.iter().map(|(key, value)| (*key, (*value).to_owned())).collect(),
        }
    }

    /// With all it can say.
    fn run(&self, tool: &str, folder: &Arc<Folder>) -> Run {
        let run = Run::new(tool).in_folder(folder).arg(&self.target).args(&self.args).take_stderr();
        self.env.iter().fold(run, |run, (key, value)| run.env(key, value))
    }
}

fn node() -> (Node, Client) {
    let node = Node::start(node::version("es-9.2.0"), &Settings::new().security()).unwrap();
    let client = node.client();
    client.create_index(KEPT, INDEX);
    (node, client)
}

#[test]
fn who_one_is_can_be_said_in_many_ways_and_none_shows_a_secret() {
    let (node, client) = node();
    let known = Known::at(&client);
    let folder = Folder::shared();
    let refused = "{\"_id\":\"refused\",\"_source\":{\"n\":\"one\"}}\n";
    let input = hits(KEPT) + refused;
    for (number, way) in known.ways(&node.url(), &folder).iter().enumerate() {
        let (dump, bad) = (format!("{number}.ndjson"), format!("{number}.bad"));
        let load = way.run("es-bulk", &folder).stdin(&*input).status(3);
        let load = load.args(["--rejects", &bad, "--refresh", "-vv", "--log-json"]).run();
        assert_hidden(&known.secrets(), &load);
        let count = if number == 0 { "\"created\":3" } else { "\"skipped\":3" };
        assert!(load.stderr.contains(count), "{}: {}", way.name, load.stderr);
        assert!(folder.read(&bad).starts_with(b"{\"_id\":\"refused\""), "{}", way.name);

        let outcome = way.run("es-scroll", &folder).args(["-o", &dump, "-vv"]).run();
        assert_hidden(&known.secrets(), &outcome);
        assert_eq!(String::from_utf8(folder.read(&dump)).unwrap(), hits(KEPT), "{}", way.name);
        assert!(folder.names().contains(&format!("{dump}.manifest")));

        for tool in ["es-scroll", "es-bulk"] {
            let outcome = way.run(tool, &folder).arg("--curl").stdin(&*input).take_stdout().run();
            assert_hidden(&known.secrets(), &outcome);
            let command = String::from_utf8(outcome.stdout).unwrap();
            assert!(command.starts_with("curl -H '"), "{}: {command}", way.name);
            assert!(
                command.to_lowercase().contains("authorization: ") && command.contains(" ***'"),
                "{command}"
            );
        }
    }
    assert_eq!(client.count(KEPT), 3);
}

#[test]
fn who_is_not_known_is_told_so_before_any_document() {
    let (node, client) = node();
    let wrong = Known::wrong();
    let folder = Folder::shared();
    let mut ways = wrong.ways(&node.url(), &folder);
    ways.push(Way { name: "nobody", ..Way::of(&format!("{}/{KEPT}", node.url()), &[], &[]) });
    for way in &ways {
        for tool in ["es-scroll", "es-bulk"] {
            let outcome = way.run(tool, &folder).stdin(hits(KEPT)).status(1).run();
            assert_hidden(&wrong.secrets(), &outcome);
            let [error, hint] = outcome.stderr.lines().collect::<Vec<_>>()[..] else {
                panic!("{}: {}", way.name, outcome.stderr)
            };
            assert!(error.starts_with(&format!("{tool}: error: looking for ")), "{}: {error}", way.name);
            assert!(error.contains(" answered 401 security_exception: "), "{}: {error}", way.name);
            assert!(error.contains(&node.url()), "{error}");
            assert!(hint.starts_with(&format!("{tool}: hint: -u NAME, ")), "{}: {hint}", way.name);
        }
    }
    assert_eq!(client.count(KEPT), 0);
}

#[test]
fn what_a_user_may_not_do_is_told_and_what_is_not_needed_is_not_missed() {
    let (node, client) = node();
    let there = |index: &str| format!("{}/{index}", node.url());
    let run_on = |index: &str, tool: &str, name: &str, privileges: &[&str]| {
        let role = json!({"indices": [{"names": [index], "privileges": privileges}]});
        client.json(Method::POST, &format!("/_security/role/{name}"), role.to_string());
        let user = json!({"password": "their-password", "roles": [name]});
        client.json(Method::POST, &format!("/_security/user/{name}"), user.to_string());
        Run::new(tool).args([&*there(index), "-u", &format!("{name}:their-password")]).stdin(hits(KEPT))
    };
    let run = |tool: &str, name: &str, privileges: &[&str]| run_on(KEPT, tool, name, privileges);
    // Each may do the least that its tool can do with.
    run("es-bulk", "writer", &["create_doc"]).stderr("es-bulk: 3 read: 3 created; [..]\n").run();
    client.refresh(KEPT);
    run("es-scroll", "reader", &["read"])
        .stdout(hits(KEPT))
        .stderr("es-scroll: 3 read: 3 written; [..]\n")
        .run();

    // An alias, and not the index behind it.
    client.create_index("behind", INDEX);
    let documents = (0..).zip(DOCUMENTS);
    let lines = documents.map(|(n, source)| format!("{{\"index\":{{\"_id\":\"{n}\"}}}}\n{source}\n"));
    client.bulk("behind", lines.collect::<String>());
    client.refresh("behind");
    client.json(Method::PUT, "/behind/_alias/sales", "");
    for (name, privileges) in [("of-alias", &["read"][..]), ("who-looks", &["read", "view_index_metadata"])] {
        for options in [&[][..], &["--api", "scroll"]] {
            let run = run_on("sales", "es-scroll", name, privileges).args(options);
            run.stdout(hits("behind")).stderr("es-scroll: 3 read: 3 written; [..]\n").run();
        }
    }

    let stranger = |tool: &str, summary: &str| {
        format!(
            "{tool}: error: [..] answered 403 security_exception: [..] is unauthorized for user [..]\n\
             {tool}: hint: this user or key lacks a privilege that is needed here\n{tool}: {summary}\n"
        )
    };
    let told = stranger("es-scroll", "0 read; [..]");
    run("es-scroll", "stranger", &["monitor"]).stderr(told).status(1).run();
    let told = stranger("es-bulk", "3 read: 3 unsent; [..]");
    run("es-bulk", "stranger", &["monitor"]).stderr(told).status(1).run();
    assert_eq!(client.count(KEPT), 3);
}
