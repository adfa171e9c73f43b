//! Reports about nodes and what goes on there.

use super::report::{From, PLAIN, Report};
use super::stats;
use es_core::cli::rows::column::{Only, more, shown};
use es_core::cli::rows::kind::Kind::{Bytes, Flag, Int, Ms, Number, Percent, Text, Time};

#[rustfmt::skip]
pub(super) const NODES: Report = Report {
    name: "nodes",
    about: "Nodes: roles, memory, disk, load",
    from: From::Cat("&full_id=true"),
    example: "es-cat nodes -c name,disk.avail,heap.percent -s disk.avail",
    own: &[
        shown("name", Text, "name").key(),
        shown("ip", Text, "address"),
        shown("node.role", Text, "a letter for each role, as the server writes them; empty for none"),
        shown("master", Flag, "it is the elected master").named(&["master", "cluster_manager"]),
        shown("heap.percent", Percent, "heap in use"),
        shown("ram.percent", Percent, "memory of the machine in use"),
        shown("cpu", Percent, "CPU in use"),
        shown("load_1m", Number, "load average of a minute"),
        shown("load_5m", Number, "load average of five minutes"),
        shown("load_15m", Number, "load average of a quarter of an hour"),
        shown("disk.used_percent", Percent, "disk in use"),
        shown("disk.avail", Bytes, "disk that is free"),
        more("disk.used", Bytes, "disk in use"),
        more("disk.total", Bytes, "disk"),
        more("heap.current", Bytes, "heap in use"),
        more("heap.max", Bytes, "heap"),
        more("ram.current", Bytes, "memory of the machine in use"),
        more("ram.max", Bytes, "memory of the machine"),
        more("file_desc.current", Int, "open files"),
        more("file_desc.percent", Percent, "open files, of those it may open"),
        more("file_desc.max", Int, "files it may open"),
        more("uptime", Ms, "since its start"),
        more("id", Text, "id of the node").key(),
        more("pid", Int, "id of its process"),
        more("port", Int, "port of its transport"),
        more("http_address", Text, "address and port for HTTP"),
        more("version", Text, "version of the server"),
        more("type", Text, "how the server is packaged"),
        more("build", Text, "hash of the build"),
        more("jdk", Text, "version of Java"),
        more("shard_stats.total_count", Int, "shards").only(Only::Elasticsearch(8)),
        more("mappings.total_count", Int, "mappings").only(Only::Elasticsearch(8)),
        more("mappings.total_estimated_overhead_in_bytes", Bytes, "memory used by mappings, estimated").only(Only::Elasticsearch(8)),
    ],
    shared: &[stats::EVERYWHERE, stats::INDICES_AND_NODES, stats::NODES],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const ALLOCATION: Report = Report {
    name: "allocation",
    about: "Shards and disk of each node",
    of: Some("nodes"),
    from: From::Cat(""),
    example: "es-cat allocation -c node,shards,disk.avail,disk.percent -s disk.percent:desc",
    own: &[
        shown("node", Text, "name of the node; UNASSIGNED for shards that are on none").key(),
        shown("shards", Int, "shards"),
        shown("disk.indices", Bytes, "disk used by shards"),
        shown("disk.used", Bytes, "disk in use"),
        shown("disk.avail", Bytes, "disk that is free"),
        shown("disk.total", Bytes, "disk"),
        shown("disk.percent", Percent, "disk in use"),
        shown("host", Text, "host of the node"),
        shown("ip", Text, "address of the node"),
        more("node.role", Text, "a letter for each role").only(Only::Elasticsearch(8)),
        more("shards.undesired", Int, "shards that should be on another node").only(Only::Elasticsearch(8)),
        more("write_load.forecast", Number, "write load that is expected").only(Only::Elasticsearch(8)),
        more("disk.indices.forecast", Bytes, "disk that shards are expected to use").only(Only::Elasticsearch(8)),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const THREAD_POOL: Report = Report {
    name: "thread_pool",
    about: "Thread pools of each node: active, queued, rejected",
    of: Some("pools"),
    from: From::Cat(""),
    example: "es-cat thread_pool search,write -c node_name,name,active,queue,rejected",
    own: &[
        shown("node_name", Text, "name of the node").key(),
        shown("name", Text, "name of the pool").key(),
        shown("active", Int, "threads at work"),
        shown("queue", Int, "tasks that wait"),
        shown("rejected", Int, "tasks refused since the node's start").counter(),
        more("completed", Int, "tasks done since the node's start").counter(),
        more("largest", Int, "most threads at a time since the node's start"),
        more("queue_size", Int, "tasks that may wait; -1 for any number"),
        more("pool_size", Int, "threads"),
        more("core", Int, "threads that are kept, of a scaling pool"),
        more("max", Int, "threads there may be, of a scaling pool"),
        more("size", Int, "threads, of a fixed pool"),
        more("keep_alive", Ms, "how long idle threads are kept, of a scaling pool"),
        more("type", Text, "kind of pool"),
        more("node_id", Text, "id of the node").key(),
        more("ephemeral_node_id", Text, "id of the node since its start"),
        more("pid", Int, "id of the node's process"),
        more("host", Text, "host of the node"),
        more("ip", Text, "address of the node"),
        more("port", Int, "port of the node's transport"),
        more("total_wait_time", Ms, "time that tasks waited").only(Only::OpenSearch(2)).counter(),
        more("parallelism", Int, "workers, of a fork-join pool").only(Only::OpenSearch(3)),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const PLUGINS: Report = Report {
    name: "plugins",
    about: "Plugins of each node",
    example: "es-cat plugins -c component,version -s component",
    own: &[
        shown("name", Text, "name of the node"),
        shown("component", Text, "name of the plugin"),
        shown("version", Text, "version of the plugin"),
        more("description", Text, "what it is for"),
        more("id", Text, "id of the node"),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const NODEATTRS: Report = Report {
    name: "nodeattrs",
    about: "Attributes of the nodes, such as racks and zones",
    example: "es-cat nodeattrs --where 'attr == \"rack\"' -c node,value",
    own: &[
        shown("node", Text, "name of the node"),
        shown("host", Text, "host of the node"),
        shown("ip", Text, "address of the node"),
        shown("attr", Text, "name of the attribute"),
        shown("value", Text, "its value"),
        more("id", Text, "id of the node, its beginning"),
        more("pid", Int, "id of the node's process"),
        more("port", Int, "port of the node's transport"),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const TASKS: Report = Report {
    name: "tasks",
    about: "Tasks that are running",
    from: From::Cat("&detailed=true"),
    example: "es-cat tasks --where 'running_time > 1m' -c action,running_time,node,description",
    own: &[
        shown("action", Text, "what is done"),
        shown("task_id", Text, "id of the task").key(),
        shown("parent_task_id", Text, "id of the task that it is part of"),
        shown("type", Text, "kind of task"),
        shown("start_time", Time, "when it began"),
        shown("running_time", Ms, "how long it has been running"),
        shown("ip", Text, "address of the node"),
        shown("node", Text, "name of the node"),
        more("description", Text, "what it does, in detail"),
        more("running_time_ns", Int, "how long it has been running, in nanoseconds"),
        more("node_id", Text, "id of the node, its beginning"),
        more("port", Int, "port of the node's transport"),
        more("version", Text, "version of the node"),
        more("x_opaque_id", Text, "what the client calls it"),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const FIELDDATA: Report = Report {
    name: "fielddata",
    about: "Memory of the nodes that is used for sorting and aggregating by fields",
    of: Some("fields"),
    example: "es-cat fielddata -c node,field,size -s size:desc --top 10",
    own: &[
        shown("id", Text, "id of the node"),
        shown("host", Text, "host of the node"),
        shown("ip", Text, "address of the node"),
        shown("node", Text, "name of the node"),
        shown("field", Text, "name of the field"),
        shown("size", Bytes, "memory used"),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const MASTER: Report = Report {
    name: "master",
    about: "The elected master, or cluster manager",
    example: "es-cat master -n -c node",
    own: &[
        shown("id", Text, "id of the node"),
        shown("host", Text, "host of the node"),
        shown("ip", Text, "address of the node"),
        shown("node", Text, "name of the node"),
    ],
    ..PLAIN
};
