//! Reports about indices and what they consist of.

use super::report::{From, PLAIN, Report};
use super::stats;
use es_core::cli::rows::column::{Only, Part, more, shown};
use es_core::cli::rows::kind::Kind::{Bytes, Flag, Int, List, Ms, Percent, Text, Time};

#[rustfmt::skip]
pub(super) const INDICES: Report = Report {
    name: "indices",
    about: "Indices: health, documents, sizes",
    of: Some("indices"),
    from: From::Cat(""),
    example: "es-cat indices 'logs-*' -c index,docs.count,store.size -s store.size:desc --top 20",
    own: &[
        shown("health", Text, "green, yellow or red"),
        shown("status", Text, "open or close"),
        shown("index", Text, "name").key(),
        shown("uuid", Text, "id of the index, another for one that is made anew").key(),
        shown("pri", Int, "primary shards"),
        shown("rep", Int, "replicas of each primary"),
        shown("docs.count", Int, "documents, nested ones too: see the report count"),
        shown("docs.deleted", Int, "deleted documents that merges have not removed yet"),
        shown("creation.date", Time, "when it was made"),
        shown("store.size", Bytes, "size of primaries and replicas"),
        shown("pri.store.size", Bytes, "size of primaries"),
        more("dataset.size", Bytes, "size of the data, also where it is not on the nodes").only(Only::Elasticsearch(8)),
        more("memory.total", Bytes, "memory used"),
        more("pri.memory.total", Bytes, "memory used, of primaries"),
        more("dense_vector.value_count", Int, "dense vectors").only(Only::Elasticsearch(8)),
        more("sparse_vector.value_count", Int, "sparse vectors").only(Only::Elasticsearch(8)),
        more("last_index_request_timestamp", Time, "when a document was last indexed").only(Only::OpenSearch(3)),
    ],
    shared: &[stats::EVERYWHERE, stats::INDICES_AND_SHARDS, stats::INDICES_AND_NODES],
    primaries: true,
};

#[rustfmt::skip]
pub(super) const SHARDS: Report = Report {
    name: "shards",
    about: "Shards: where they are, and in which state",
    of: Some("indices"),
    from: From::Cat(""),
    example: "es-cat shards --where 'state == \"UNASSIGNED\"' -c index,shard,prirep,unassigned.reason",
    own: &[
        shown("index", Text, "name of the index").key(),
        shown("shard", Int, "number of the shard").key(),
        shown("prirep", Text, "p for a primary, r for a replica").key(),
        shown("state", Text, "STARTED, INITIALIZING, RELOCATING or UNASSIGNED"),
        shown("docs", Int, "documents, nested ones too"),
        shown("store", Bytes, "size"),
        shown("ip", Text, "address of the node"),
        shown("node", Text, "name of the node").key().part(Part::From),
        shown("relocating.node", Text, "name of the node it moves to").named(&["node"]).part(Part::To),
        more("id", Text, "id of the node"),
        more("unassigned.reason", Text, "why it is on no node"),
        more("unassigned.at", Time, "since when it is on no node"),
        more("unassigned.for", Ms, "how long it is on no node"),
        more("unassigned.details", Text, "more about why it is on no node"),
        more("recoverysource.type", Text, "where it is recovered from"),
        more("seq_no.max", Int, "highest sequence number"),
        more("seq_no.local_checkpoint", Int, "local checkpoint"),
        more("seq_no.global_checkpoint", Int, "global checkpoint"),
        more("path.data", Text, "folder of the data"),
        more("path.state", Text, "folder of the state"),
        more("dataset", Bytes, "size of the data, also where it is not on the node").only(Only::Elasticsearch(8)),
        more("docs.deleted", Int, "deleted documents that merges have not removed yet").only(Only::OpenSearch(2)),
    ],
    shared: &[stats::EVERYWHERE, stats::INDICES_AND_SHARDS, stats::SHARDS],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const SEGMENTS: Report = Report {
    name: "segments",
    about: "Segments of the shards: documents, deleted ones, sizes",
    of: Some("indices"),
    from: From::Cat(""),
    example: "es-cat segments logs -c index,shard,segment,docs.deleted,size -s docs.deleted:desc",
    own: &[
        shown("index", Text, "name of the index"),
        shown("shard", Int, "number of the shard"),
        shown("prirep", Text, "p for a primary, r for a replica"),
        shown("ip", Text, "address of the node"),
        shown("segment", Text, "name of the segment"),
        shown("generation", Int, "number of the segment"),
        shown("docs.count", Int, "documents, nested ones too"),
        shown("docs.deleted", Int, "deleted documents"),
        shown("size", Bytes, "size on disk"),
        shown("size.memory", Bytes, "memory used"),
        shown("committed", Flag, "it would outlive a crash without the translog"),
        shown("searchable", Flag, "searches see it"),
        shown("version", Text, "version of Lucene that wrote it"),
        shown("compound", Flag, "it is one file"),
        more("id", Text, "id of the node"),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const RECOVERY: Report = Report {
    name: "recovery",
    about: "Recoveries of shards: what moves, and how far",
    of: Some("indices"),
    from: From::Cat(""),
    example: "es-cat recovery --where 'stage != \"done\"' -c index,shard,type,source_node,target_node,bytes_percent",
    own: &[
        shown("index", Text, "name of the index").key(),
        shown("shard", Int, "number of the shard").key(),
        shown("time", Ms, "how long it took or takes"),
        shown("type", Text, "what it is recovered from: empty_store, existing_store, peer, snapshot, local_shards"),
        shown("stage", Text, "init, index, verify_index, translog, finalize or done"),
        shown("source_host", Text, "host it comes from"),
        shown("source_node", Text, "node it comes from"),
        shown("target_host", Text, "host it goes to"),
        shown("target_node", Text, "node it goes to").key(),
        shown("repository", Text, "repository it comes from"),
        shown("snapshot", Text, "snapshot it comes from"),
        shown("files", Int, "files to copy"),
        shown("files_recovered", Int, "files copied"),
        shown("files_percent", Percent, "files copied"),
        shown("files_total", Int, "files in all"),
        shown("bytes", Bytes, "bytes to copy"),
        shown("bytes_recovered", Bytes, "bytes copied"),
        shown("bytes_percent", Percent, "bytes copied"),
        shown("bytes_total", Bytes, "bytes in all"),
        shown("translog_ops", Int, "operations to replay"),
        shown("translog_ops_recovered", Int, "operations replayed"),
        shown("translog_ops_percent", Percent, "operations replayed"),
        more("start_time", Time, "when it began").named(&["start_time_millis"]),
        more("stop_time", Time, "when it ended").named(&["stop_time_millis"]),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const ALIASES: Report = Report {
    name: "aliases",
    about: "Aliases and the indices that they stand for",
    of: Some("aliases"),
    from: From::Cat(""),
    example: "es-cat aliases --where 'alias == \"logs\"' -c index",
    own: &[
        shown("alias", Text, "name"),
        shown("index", Text, "name of the index"),
        shown("filter", Flag, "it shows only a part of the documents"),
        shown("routing.index", Text, "routing of what is indexed"),
        shown("routing.search", Text, "routing of searches"),
        shown("is_write_index", Text, "true or false: what is indexed under the alias goes here; empty if nobody said"),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const TEMPLATES: Report = Report {
    name: "templates",
    about: "Index templates",
    of: Some("templates"),
    from: From::Cat(""),
    example: "es-cat templates -c name,index_patterns,order -s order:desc",
    own: &[
        shown("name", Text, "name"),
        shown("index_patterns", List, "names of indices that it is for"),
        shown("order", Int, "its rank where several match: order or priority"),
        shown("version", Int, "version, if somebody gave one"),
        shown("composed_of", List, "component templates it takes in"),
    ],
    ..PLAIN
};

#[rustfmt::skip]
pub(super) const COUNT: Report = Report {
    name: "count",
    about: "Documents of each index, counted as searches see them",
    of: Some("indices"),
    from: From::Count,
    example: "es-cat count 'logs-*' -Q 'status:500' -s count:desc",
    own: &[
        shown("index", Text, "name of the index"),
        shown("count", Int, "documents; nested ones are parts of theirs"),
    ],
    ..PLAIN
};
