//! Reports about the cluster as a whole.

use super::report::{From, PLAIN, Report};
use es_core::cli::rows::column::{Only, more, shown};
use es_core::cli::rows::kind::Kind::{Flag, Int, List, Ms, Percent, Text, Time};

#[rustfmt::skip]
pub(super) const HEALTH: Report = Report {
    name: "health",
    about: "Health of the cluster, in one row",
    example: "es-cat health --wait-for 'status == \"green\"' --timeout 2m",
    own: &[
        shown("cluster", Text, "name"),
        shown("status", Text, "green, yellow or red"),
        shown("node.total", Int, "nodes"),
        shown("node.data", Int, "nodes that hold data"),
        shown("shards", Int, "shards that are in use"),
        shown("pri", Int, "primary shards that are in use"),
        shown("relo", Int, "shards that move"),
        shown("init", Int, "shards that are being made"),
        shown("unassign", Int, "shards that are on no node"),
        shown("pending_tasks", Int, "tasks that wait for the master"),
        shown("max_task_wait_time", Ms, "how long the first of them has waited; empty if there is none"),
        shown("active_shards_percent", Percent, "shards that are in use"),
        more("unassign.pri", Int, "primary shards that are on no node").only(Only::Elasticsearch(8)),
        more("discovered_master", Flag, "the nodes have found their master").named(&["discovered_master", "discovered_cluster_manager"]).only(Only::OpenSearch(1)),
        more("epoch", Time, "when it was so"),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const PENDING_TASKS: Report = Report {
    name: "pending_tasks",
    about: "Changes of the cluster that wait for the master",
    example: "es-cat pending_tasks --expect 0",
    own: &[
        shown("insertOrder", Int, "number of the task"),
        shown("timeInQueue", Ms, "how long it has waited"),
        shown("priority", Text, "how soon it has its turn"),
        shown("source", Text, "what asked for it"),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const REPOSITORIES: Report = Report {
    name: "repositories",
    about: "Repositories of snapshots",
    example: "es-cat repositories",
    own: &[
        shown("id", Text, "name"),
        shown("type", Text, "kind of repository"),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const SNAPSHOTS: Report = Report {
    name: "snapshots",
    about: "Snapshots of one repository, or of all",
    of: Some("repositories"),
    from: From::Snapshots,
    example: "es-cat snapshots backup --where 'status == \"SUCCESS\" and end_time > 2d' --expect 1..",
    own: &[
        shown("repository", Text, "name of the repository"),
        shown("id", Text, "name of the snapshot"),
        shown("status", Text, "SUCCESS, PARTIAL, FAILED, IN_PROGRESS or INCOMPATIBLE"),
        shown("start_time", Time, "when it began"),
        shown("end_time", Time, "when it ended"),
        shown("duration", Ms, "how long it took"),
        shown("indices", Int, "indices in it"),
        shown("successful_shards", Int, "shards in it"),
        shown("failed_shards", Int, "shards that are missing in it"),
        shown("total_shards", Int, "shards that should be in it"),
        more("reason", Text, "why it failed"),
        more("uuid", Text, "id of the snapshot"),
        more("version", Text, "version of the server that made it"),
        more("include_global_state", Flag, "settings of the cluster and templates are in it"),
        more("index_names", List, "names of the indices in it"),
    ],
    ..PLAIN
};
