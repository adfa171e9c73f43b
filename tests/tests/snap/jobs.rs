//! `backup` and `recover`: jobs of the configuration.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use es_tests::command::{Folder, Run, Signal};
use es_tests::fault::{Reply, Script, Server};
use es_tests::node;
use serde_json::json;

use super::{index, registered, snapshot};

/// A folder whose user has this configuration.
pub(crate) fn configured(text: &str) -> Arc<Folder> {
    let folder = Folder::shared();
    let place = folder.home().join(".config/es-tools");
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("config.toml"), text).unwrap();
    fs::set_permissions(place.join("config.toml"), fs::Permissions::from_mode(0o600)).unwrap();
    folder
}

fn snap(command: &str, folder: &Arc<Folder>) -> Run {
    Run::new("es-snap").arg(command).in_folder(folder).take_stdout()
}

#[test]
fn a_backup_is_made_as_its_job_says_by_the_first_server_that_answers() {
    let node = node::shared(node::version("es-8.19.0"));
    registered(node, "jobs");
    index(node, "jobs-a", 1, 5);
    let folder = configured(&format!(
        "[profile.prod]\nurl = ['http://127.0.0.1:1', '{}']\n\
         [job.nightly]\nsource = 'prod'\nrepo = 'jobs'\nindices = ['jobs-*']\nsnapshot = '<nightly-{{now/y}}>'\n",
        node.url()
    ));
    let run = snap("backup", &folder).arg("nightly").take_stderr().run();
    let name = String::from_utf8(run.stdout).unwrap().trim_end().to_owned();
    assert!(run.stderr.contains("trying http://"), "{}", run.stderr);
    let made = snapshot(node, "jobs", &name);
    assert_eq!((&made["state"], &made["indices"]), (&json!("SUCCESS"), &json!(["jobs-a"])));

    let again = snap("backup", &folder).arg("nightly").take_stderr().status(1).run();
    assert!(again.stderr.contains("is there already (SUCCESS); nothing was changed"), "{}", again.stderr);
}

/// The clusters of a job as far as its repository is known on the first and not on the second.
fn standby(script: Script) -> (Server<Script>, Server<Script>, Arc<Folder>) {
    let repository = json!({"r": {"type": "s3", "settings": {"bucket": "b"}}});
    let source = Script::new().on("GET", "/_snapshot/r", Reply::value(200, &repository)).start();
    let destination = script.start();
    let folder = configured(&format!(
        "[profile.s]\nurl = '{}'\n[profile.d]\nurl = '{}'\n\
         [job.nightly]\nsource = 's'\ndestination = 'd'\nrepo = 'r'\nindices = ['a']\nsnapshot = 's'\n",
        source.url(),
        destination.url()
    ));
    (source, destination, folder)
}

fn registered_there() -> Script {
    Script::new()
        .on("GET", "/_snapshot/r", Reply::error(404, "repository_missing_exception", "[r] missing"))
        .on("PUT", "/_snapshot/r?verify=false", Reply::json(200, "{}"))
}

#[test]
fn a_registration_that_did_not_serve_a_recovery_is_taken_back() {
    let verified = || Reply::value(200, &json!({"nodes": {"n": {"name": "n"}}}));
    let snapshot =
        json!({"snapshots": [{"snapshot": "s", "state": "SUCCESS", "indices": ["a"], "version": "9.2.0"}]});
    let script = registered_there()
        .on("POST", "/_snapshot/r/_verify", verified())
        .on("GET", "/_snapshot/r/s", Reply::value(200, &snapshot))
        .on("GET", "/_snapshot/r/s", Reply::value(200, &snapshot))
        .on("GET", "/", Reply::value(200, &json!({"version": {"number": "9.2.0"}})))
        .on("GET", "/_cluster/state/metadata", Reply::json(200, "{}"))
        .on("DELETE", "/_snapshot/r", Reply::json(200, "{}"));
    let (source, destination, folder) = standby(script);
    snap("recover", &folder)
        .args(["nightly", "--dry-run"])
        .stdout("index,target,exists\na,a,\n")
        .stderr("es-snap: registered r on http://[..], to be read only, for this dry run\n")
        .run();
    source.finish();
    destination.finish();

    // A signal reaches the check of the nodes, and not what takes it back.
    let script = registered_there()
        .on("POST", "/_snapshot/r/_verify", verified().held(Duration::from_secs(60)))
        .on("DELETE", "/_snapshot/r", Reply::json(200, "{}"));
    let (source, destination, folder) = standby(script);
    let mut run = snap("recover", &folder).arg("nightly").stdout("").signal(Signal::INT).start();
    run.wait_until("it is checked", |_| destination.requests().len() == 3);
    run.signal(Signal::INT);
    run.wait();
    source.finish();
    destination.finish();

    // What could not be taken back does not hide why it was to be.
    let script = registered_there()
        .on("POST", "/_snapshot/r/_verify", Reply::error(500, "repository_verification_exception", "no"))
        .on("DELETE", "/_snapshot/r", Reply::forbidden());
    let (source, destination, folder) = standby(script);
    snap("recover", &folder)
        .arg("nightly")
        .stdout("")
        .stderr(
            "es-snap: warning: the repository r could not be put back as it was: [..] 403 [..]\n\
             es-snap: error: verifying the repository r: [..] 500 repository_verification_exception: no\n",
        )
        .status(1)
        .run();
    source.finish();
    destination.finish();
}

#[test]
fn a_job_that_lacks_something_is_a_usage_error() {
    let folder = configured(
        "[profile.p]\nurl = 'http://127.0.0.1:1'\n[job.a]\nsource = 'p'\n[job.b]\nrepo = 'r'\n[job.c]\nrepo = 'r'\nsource = 'q'\n",
    );
    for (job, why) in [
        ("a", "[job.a] has no `repo`"),
        ("b", "[job.b] has no `source`"),
        ("c", "[..]config.toml has no profile `q`; it has: p"),
        ("d", "[..]config.toml has no job `d`"),
    ] {
        snap("backup", &folder)
            .arg(job)
            .stdout("")
            .stderr(format!("es-snap: error: {why}\n"))
            .status(2)
            .run();
    }
}
