//! `backup` and `recover`: jobs of the configuration.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use es_tests::command::{Folder, Run};
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
