use super::*;
use crate::http::Secret;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use clap::Parser;

#[derive(clap::Parser)]
struct Tool {
    #[command(flatten)]
    conn: Conn,
    target: Option<String>,
}

/// What each server is sent, as `address: authorization`, for a command line and an environment.
fn sent(line: &str, env: &[(&str, &str)]) -> Result<Vec<String>, String> {
    let words = std::iter::once("tool").chain(line.split_whitespace());
    let tool = Tool::try_parse_from(words).map_err(|e| e.to_string())?;
    let env = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let plan = tool.conn.plan(tool.target.as_deref(), None, &env).map_err(|e| e.to_string())?;
    let authorization = |host: &Host| {
        let header = host.headers.iter().find(|(name, _)| name == "authorization");
        header.map_or(String::new(), |(_, value)| value.expose().to_owned())
    };
    Ok(plan.hosts.iter().map(|host| format!("{}: {}", host.name, authorization(host))).collect())
}

fn basic(user: &str, password: &str) -> String {
    let who = Credentials::Basic { user: user.into(), password: Secret::new(password) };
    who.header().unwrap().expose().to_owned()
}

fn private(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    file
}

#[test]
fn where_the_server_comes_from() {
    let config =
        private("[profile.p]\nurl = ['http://p1', 'http://p2']\n[profile.bare]\ncompressed = true\n");
    let config = config.path().to_str().unwrap();
    let env = [("ES_URL", "http://e1,http://e2"), ("ES_CONFIG", config), ("ES_PROFILE", "p")];
    let table = [
        ("logs", &env[..], "http://e1: ,http://e2: "),
        ("logs", &env[1..], "http://p1: ,http://p2: "),
        ("logs", &[], "http://localhost:9200: "),
        ("-P p logs", &env[..2], "http://p1: ,http://p2: "),
        ("-P bare logs", &env[..2], "http://localhost:9200: "),
        ("-P p --url http://o1,http://o2 --url http://o3 logs", &env, "http://o1: ,http://o2: ,http://o3: "),
        ("-P p http://t/logs", &env, "http://t: "),
        // Without a target.
        ("", &env[..], "http://e1: ,http://e2: "),
        ("-P p", &env, "http://p1: ,http://p2: "),
        ("", &env[1..], "http://p1: ,http://p2: "),
        ("--url http://o", &[], "http://o: "),
    ];
    for (line, env, servers) in table {
        assert_eq!(sent(line, env).unwrap().join(","), servers, "{line}");
    }
}

#[test]
fn a_pattern_that_is_left_out_means_all_of_the_default_server_where_nothing_names_another() {
    let conn = |line: &str| Tool::try_parse_from(line.split_whitespace()).unwrap().conn;
    let url = |name: &str| (name == "ES_URL").then(|| "http://e1".to_owned());
    let table: [(&str, Env<'_>, &str); 3] = [
        ("tool", &|_| None, "http://localhost:9200"),
        ("tool", &url, "http://e1"),
        ("tool --url http://o", &url, "http://o"),
    ];
    for (line, env, server) in table {
        let plan = conn(line).plan(None, Some(Server::default()), env).unwrap();
        assert_eq!((&*plan.hosts[0].name, plan.hosts.len()), (server, 1), "{line}");
    }
    assert!(matches!(conn("tool").plan(None, None, &|_| None), Err(Error::NoServer)));
}

#[test]
fn a_profile_has_its_say_only_where_nothing_before_it_has() {
    let config = private(
        "[profile.header]\nurl = ['http://p']\nheader = ['authorization: Bearer tok', 'x-a: b']\n\
         [profile.asks]\nurl = ['http://p']\nuser = 'alice'\n\
         [profile.gone]\nurl = ['http://p']\nuser = 'alice'\npassword_file = '/nowhere/at/all'\n",
    );
    let config = ("ES_CONFIG", config.path().to_str().unwrap());
    let table = [
        ("-P header logs", "Bearer tok".to_owned()),
        ("-P header -u o:op logs", basic("o", "op")),
        ("-P header http://a:b@p/logs", basic("a", "b")),
        ("-P asks -u o:op logs", basic("o", "op")),
        ("-P asks --curl logs", basic("alice", "")),
        ("-P gone -u o:op logs", basic("o", "op")),
        ("-P gone http://elsewhere/logs", String::new()),
    ];
    for (line, sent_there) in table {
        let hosts = sent(line, &[config]).unwrap();
        assert_eq!(hosts[0].split_once(": ").unwrap().1, sent_there, "{line}");
    }
    let env = [config, ("ES_PROFILE", "header"), ("ES_URL", "http://p"), ("ES_API_KEY", "id:key")];
    assert_eq!(
        sent("logs", &env).unwrap(),
        [format!("http://p: {}", Credentials::api_key("id:key").header().unwrap().expose())]
    );
    let gone = sent("-P gone logs", &[config]).unwrap_err();
    assert!(gone.contains("profile `gone`: /nowhere/at/all"), "{gone}");
}

#[test]
fn credentials_go_where_they_belong() {
    let config =
        private("[profile.p]\nurl = ['http://p1', 'http://pu:pp@p2']\nuser = 'pro'\npassword = 'file'\n");
    let netrc = private("machine n1 login nu password np\n");
    let env = [
        ("ES_URL", "http://e1,http://eu:ep@e2"),
        ("ES_USER", "env"),
        ("ES_PASSWORD", "pw"),
        ("ES_CONFIG", config.path().to_str().unwrap()),
        ("ES_PROFILE", "p"),
        ("NETRC", netrc.path().to_str().unwrap()),
    ];
    let env_pw = basic("env", "pw");
    let opt = basic("o", "op");
    let table = [
        // The environment's go to the hosts of ES_URL, however these are named, and nowhere else.
        ("logs", vec![format!("http://e1: {env_pw}"), format!("http://e2: {}", basic("eu", "ep"))]),
        ("http://e1/logs", vec![format!("http://e1: {env_pw}")]),
        ("http://e1:80/logs", vec![format!("http://e1:80: {env_pw}")]),
        ("http://e2/logs", vec![format!("http://e2: {}", basic("eu", "ep"))]),
        ("http://e1:9200/logs", vec!["http://e1:9200: ".into()]),
        ("https://e1/logs", vec!["https://e1: ".into()]),
        ("http://other/logs", vec!["http://other: ".into()]),
        // A profile's go to its servers; with -P the environment has no say.
        ("http://p1/logs", vec![format!("http://p1: {}", basic("pro", "file"))]),
        (
            "-P p logs",
            vec![format!("http://p1: {}", basic("pro", "file")), format!("http://p2: {}", basic("pu", "pp"))],
        ),
        ("-P p http://e1/logs", vec!["http://e1: ".into()]),
        // A URL's go to its server.
        (
            "--url http://a:b@u1,http://u2 logs",
            vec![format!("http://u1: {}", basic("a", "b")), "http://u2: ".into()],
        ),
        ("http://a:b@e1/logs", vec![format!("http://e1: {}", basic("a", "b"))]),
        // The options' go everywhere.
        ("-u o:op logs", vec![format!("http://e1: {opt}"), format!("http://e2: {opt}")]),
        ("-u o:op http://a:b@x/logs", vec![format!("http://x: {opt}")]),
        ("--netrc http://n1:9200/logs", vec![format!("http://n1:9200: {}", basic("nu", "np"))]),
        ("--netrc http://n2/logs", vec!["http://n2: ".into()]),
        ("-H Authorization:mine http://e1/logs", vec!["http://e1: ".into()]),
    ];
    for (line, expected) in table {
        assert_eq!(sent(line, &env).unwrap(), expected, "{line}");
    }
}

#[test]
fn credentials_from_files() {
    let key = private("VuaCf:ui2lp\n");
    let token = private("tok\n");
    let password = private("op\n");
    let table = [
        (format!("--api-key-file {} http://x/l", key.path().display()), "ApiKey VnVhQ2Y6dWkybHA=".to_owned()),
        (format!("--bearer-file {} http://x/l", token.path().display()), "Bearer tok".to_owned()),
        (format!("-u o --password-file {} http://x/l", password.path().display()), basic("o", "op")),
    ];
    for (line, header) in table {
        assert_eq!(sent(&line, &[]).unwrap(), [format!("http://x: {header}")], "{line}");
    }
    let key_env = [("ES_URL", "http://x"), ("ES_API_KEY", "a:b")];
    assert_eq!(sent("l", &key_env).unwrap(), ["http://x: ApiKey YTpi"]);
}

#[test]
fn what_cannot_be_used_is_said_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("records");
    std::fs::write(&file, "").unwrap();
    let env = [("ES_URL", "http://x"), ("ES_USER", "u")];
    let table = [
        (String::new(), &[][..], "TARGET is missing"),
        ("logs.ndjson.gz".to_owned(), &[], "is a file"),
        ("-".into(), &[], "is standard input"),
        (file.display().to_string(), &[], "is a file"),
        ("--url http://a http://b/logs".into(), &[], "both TARGET and --url"),
        ("--url a:9200 logs".into(), &[], "write http://a:9200"),
        ("-P nope logs".into(), &[("HOME", "/no/such")], "/no/such/.config/es-tools/config.toml"),
        ("-P nope logs".into(), &[], "neither ES_CONFIG nor HOME"),
        ("logs".into(), &env, "ES_PASSWORD is not"),
        ("logs".into(), &[("ES_URL", "x:9200")], "ES_URL: "),
        ("-H nothing logs".into(), &[], "'Name: value'"),
        ("-u a:b --bearer-file x logs".into(), &[], "cannot be used with"),
        ("--password-file x logs".into(), &[], "--user"),
        ("--connect-timeout soon logs".into(), &[], "`soon` is not a time"),
    ];
    for (line, env, why) in table {
        let message = sent(&line, env).unwrap_err();
        assert!(message.contains(why), "{line}: {message}");
    }
}

#[test]
fn a_profile_does_not_take_certificates_elsewhere() {
    let config =
        private("[profile.p]\nurl = 'https://p'\ninsecure = true\ncert = 'c.pem'\nrequest_timeout = '7s'\n");
    let env = |name: &str| (name == "ES_CONFIG").then(|| config.path().display().to_string());
    let settings = |line: &str| {
        let tool = Tool::try_parse_from(std::iter::once("tool").chain(line.split_whitespace())).unwrap();
        tool.conn.plan(tool.target.as_deref(), None, &env).unwrap().settings
    };
    let home = settings("-P p logs");
    assert!(home.tls.insecure && home.tls.cert.is_some());
    let away = settings("-P p https://other/logs");
    assert!(!away.tls.insecure && away.tls.cert.is_none());
    assert_eq!(away.request_timeout, Duration::from_secs(7));
    assert_eq!(settings("-P p --request-timeout 8s logs").request_timeout, Duration::from_secs(8));
}

#[test]
fn nothing_of_the_plan_prints_a_secret() {
    let tool = Tool::try_parse_from(["tool", "-H", "X-Key: s3cret", "http://u:s3cret@h/logs"]).unwrap();
    let plan = tool.conn.plan(tool.target.as_deref(), None, &|_| None).unwrap();
    assert!(!format!("{plan:?}").contains("s3cret"));
    assert!(!format!("{plan:?}").contains(&basic("u", "s3cret")));
}
