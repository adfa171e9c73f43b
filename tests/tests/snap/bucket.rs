//! Between two clusters through a bucket: the keys are in the keystores of the nodes and in nothing that is printed.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use es_tests::command::{Outcome, Run};
use es_tests::node::{self, Node, Settings};
use es_tests::s3::S3;
use reqwest::Method;
use serde_json::json;

use super::jobs::configured;
use super::{index, rows};

struct Stage {
    s3: S3,
    /// Another, which a test stops.
    other: S3,
    source: Node,
    destination: Node,
}

/// One for all tests, which take turns: OpenSearch closes the clients of all repositories when one changes.
fn stage() -> MutexGuard<'static, Stage> {
    static STAGE: OnceLock<Mutex<Stage>> = OnceLock::new();
    let stage = STAGE.get_or_init(|| {
        let (s3, other) = (S3::start(), S3::start());
        let settings = Settings::new().s3("default", &s3);
        let source =
            settings.clone().s3("liar", &s3).keystore("s3.client.liar.secret_key", other.secret_key());
        let source = source.s3("other", &other);
        let start = |settings: &Settings| Node::start(node::version("os-3.8.0"), settings).unwrap();
        let (source, destination) = thread::scope(|scope| {
            let source = scope.spawn(|| start(&source));
            let destination = start(&settings);
            (source.join().unwrap(), destination)
        });
        Mutex::new(Stage { s3, other, source, destination })
    });
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    /// Runs it, and looks for the keys in all that it said.
    fn run(&self, run: Run) -> Outcome {
        let outcome = run.take_stdout().take_stderr().run();
        let stdout = String::from_utf8_lossy(&outcome.stdout);
        for secret in [self.s3.secret_key(), self.s3.access_key(), self.other.secret_key()] {
            assert!(!stdout.contains(secret) && !outcome.stderr.contains(secret), "{}", outcome.stderr);
        }
        outcome
    }
}

fn snap(args: &str) -> Run {
    Run::shell(&format!("es-snap {args}"))
}

#[test]
fn what_one_cluster_backs_up_another_restores() {
    let stage = stage();
    stage.s3.bucket("prod-backups");
    let (source, destination) = (stage.source.url(), stage.destination.url());
    index(&stage.source, "journey", 2, 300);

    // As the manual has it.
    let frame = Path::new(env!("CARGO_MANIFEST_DIR")).join("../man/frame/es-snap.roff");
    let frame = fs::read_to_string(frame).unwrap();
    let line = frame.lines().find(|line| line.starts_with("es-snap repo add bucket s3 ")).unwrap();
    stage.run(Run::shell(line).env("ES_URL", &source));
    let settings = line.strip_prefix("es-snap repo add bucket ").unwrap();

    let folder = configured(&format!(
        "[profile.prod]\nurl = ['http://127.0.0.1:1', '{source}']\n\
         [profile.standby]\nurl = ['http://127.0.0.1:1', '{destination}']\n\
         [job.journey]\nsource = 'prod'\ndestination = 'standby'\nrepo = 'bucket'\n\
         indices = ['journey']\nsnapshot = '<journey-{{now/y}}>'\n"
    ));
    let made = stage.run(snap("backup journey -v --log-json").in_folder(&folder));
    let name = String::from_utf8(made.stdout).unwrap().trim_end().to_owned();

    // One writes: the other has to say that it only reads.
    let refused = stage.run(snap(&format!("repo add {destination}/bucket {settings}")).status(1));
    assert!(refused.stderr.contains("--readonly"), "{}", refused.stderr);
    assert_eq!(stage.destination.client().get("/_snapshot/bucket").0, 404, "nothing is left registered");

    let back = stage.run(snap("recover journey -vv").in_folder(&folder));
    assert_eq!(String::from_utf8(back.stdout).unwrap(), "journey\n");
    assert_eq!(stage.destination.client().count("journey"), 300);
    let repository = stage.destination.client().json(Method::GET, "/_snapshot/bucket", "");
    assert_eq!(repository["bucket"]["settings"]["readonly"], "true", "{repository}");
    let listed = rows(&stage.run(snap(&format!("list {destination}/bucket --json"))));
    assert_eq!((&listed[0]["snapshot"], &listed[0]["state"]), (&json!(name), &json!("SUCCESS")));

    // Again: the name is taken, and nothing is changed.
    let again = stage.run(snap("recover journey").in_folder(&folder).status(1));
    assert!(again.stderr.contains("journey"), "{}", again.stderr);
    assert_eq!(stage.destination.client().count("journey"), 300);
    let write = stage.run(snap(&format!("create {destination}/bucket mine")).status(1));
    assert!(write.stderr.contains("read"), "{}", write.stderr);
    stage.run(snap(&format!("repo show {source}/bucket --json")));
    stage.run(snap(&format!("verify {destination}/bucket latest --json")));
}

#[test]
fn wrong_keys_missing_buckets_and_stores_that_are_down_are_told_apart() {
    let mut stage = stage();
    stage.s3.bucket("mine");
    let source = stage.source.url();
    for (name, settings, why) in [
        ("liar", "--set bucket=mine --set client=liar", "signature"),
        ("nowhere", "--set bucket=nowhere", "bucket does not exist"),
        ("stranger", "--set bucket=mine --set client=nobody", "Unknown s3 client name [nobody]"),
    ] {
        let run = stage.run(snap(&format!("repo add {source}/{name} s3 {settings}")).status(1));
        assert!(run.stderr.contains(why), "{name}: {}", run.stderr);
        assert_eq!(stage.source.client().get(&format!("/_snapshot/{name}")).0, 404, "{name} is left");
    }
    let secret = format!("repo add {source}/secret s3 --set bucket=mine --set secret_key=5tr1ct1y");
    let refused = stage.run(snap(&secret).status(2));
    assert!(refused.stderr.contains("keystore"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("5tr1ct1y"), "{}", refused.stderr);

    stage.other.bucket("there");
    stage.run(snap(&format!("repo add {source}/other s3 --set bucket=there --set client=other")));
    index(&stage.source, "short", 1, 3);
    stage.run(snap(&format!("create {source}/other one --indices short")));
    stage.other.stop();
    // That the nodes cannot use it is the answer that `repo verify` asks for; of a snapshot it says nothing.
    for (command, status) in [("verify {} latest", 5), ("verify {} one", 5), ("repo verify {}", 4)] {
        let run = stage.run(snap(&command.replace("{}", &format!("{source}/other"))).status(status));
        assert!(
            run.stderr.contains("refused") || run.stdout.windows(7).any(|w| w == b"refused"),
            "{command}: {}",
            run.stderr
        );
    }
    stage.run(snap(&format!("create {source}/other two --indices short --retry-max-time 0s")).status(1));
    stage.other.resume();
    stage.run(snap(&format!("verify {source}/other latest")));
}
