//! What indices, shards and nodes have in common: the counts of what they did. Of an index each is there a second time
//! as `pri.NAME`, of its primaries alone.

use es_core::cli::rows::column::{Column, Only, more};
use es_core::cli::rows::kind::Kind::{Bytes, Int, Ms, Number};

/// Of indices, shards and nodes.
#[rustfmt::skip]
pub(super) const EVERYWHERE: &[Column] = &[
    more("completion.size", Bytes, "size of completion"),
    more("fielddata.memory_size", Bytes, "used field data cache"),
    more("fielddata.evictions", Int, "field data evictions").counter(),
    more("query_cache.memory_size", Bytes, "used query cache"),
    more("query_cache.evictions", Int, "query cache evictions").counter(),
    more("flush.total", Int, "number of flushes").counter(),
    more("flush.total_time", Ms, "time spent in flush").counter(),
    more("get.current", Int, "number of current get ops"),
    more("get.time", Ms, "time spent in get").counter(),
    more("get.total", Int, "number of get ops").counter(),
    more("get.exists_time", Ms, "time spent in successful gets").counter(),
    more("get.exists_total", Int, "number of successful gets").counter(),
    more("get.missing_time", Ms, "time spent in failed gets").counter(),
    more("get.missing_total", Int, "number of failed gets").counter(),
    more("indexing.delete_current", Int, "number of current deletions"),
    more("indexing.delete_time", Ms, "time spent in deletions").counter(),
    more("indexing.delete_total", Int, "number of delete ops").counter(),
    more("indexing.index_current", Int, "number of current indexing ops"),
    more("indexing.index_time", Ms, "time spent in indexing").counter(),
    more("indexing.index_total", Int, "number of indexing ops").counter(),
    more("indexing.index_failed", Int, "number of failed indexing ops").counter(),
    more("indexing.index_failed_due_to_version_conflict", Int, "number of failed indexing ops due to version conflict").only(Only::Elasticsearch(8)).counter(),
    more("merges.current", Int, "number of current merges"),
    more("merges.current_docs", Int, "number of current merging docs"),
    more("merges.current_size", Bytes, "size of current merges"),
    more("merges.total", Int, "number of completed merge ops").counter(),
    more("merges.total_docs", Int, "docs merged").counter(),
    more("merges.total_size", Bytes, "size merged").counter(),
    more("merges.total_time", Ms, "time spent in merges").counter(),
    more("refresh.total", Int, "total refreshes").counter(),
    more("refresh.time", Ms, "time spent in refreshes").counter(),
    more("refresh.external_total", Int, "total external refreshes").counter(),
    more("refresh.external_time", Ms, "time spent in external refreshes").counter(),
    more("refresh.listeners", Int, "number of pending refresh listeners"),
    more("search.fetch_current", Int, "current fetch phase ops"),
    more("search.fetch_time", Ms, "time spent in fetch phase").counter(),
    more("search.fetch_total", Int, "total fetch ops").counter(),
    more("search.open_contexts", Int, "open search contexts"),
    more("search.query_current", Int, "current query phase ops"),
    more("search.query_time", Ms, "time spent in query phase").counter(),
    more("search.query_total", Int, "total query phase ops").counter(),
    more("search.scroll_current", Int, "open scroll contexts"),
    more("search.scroll_time", Ms, "time scroll contexts held open").counter(),
    more("search.scroll_total", Int, "completed scroll contexts").counter(),
    more("segments.count", Int, "number of segments"),
    more("segments.memory", Bytes, "memory used by segments"),
    more("segments.index_writer_memory", Bytes, "memory used by index writer"),
    more("segments.version_map_memory", Bytes, "memory used by version map"),
    more("segments.fixed_bitset_memory", Bytes, "memory used by fixed bit sets for nested object field types and type filters for types referred in _parent fields"),
    more("bulk.total_operations", Int, "number of bulk shard ops").only(Only::Elasticsearch(8)).counter(),
    more("bulk.total_time", Ms, "time spent in shard bulk").only(Only::Elasticsearch(8)).counter(),
    more("bulk.total_size_in_bytes", Bytes, "total size in bytes of shard bulk").only(Only::Elasticsearch(8)).counter(),
    more("bulk.avg_time", Ms, "average time spent in shard bulk").only(Only::Elasticsearch(8)),
    more("bulk.avg_size_in_bytes", Bytes, "average size in bytes of shard bulk").only(Only::Elasticsearch(8)),
    more("merges.warmer.total_invocations", Int, "total invocations of merged segment warmer").only(Only::OpenSearch(3)).counter(),
    more("merges.warmer.total_time", Ms, "total wallclock time spent in the warming operation").only(Only::OpenSearch(3)).counter(),
    more("merges.warmer.ongoing_count", Int, "point-in-time metric for number of in-progress warm operations").only(Only::OpenSearch(3)),
    more("merges.warmer.total_bytes_received", Bytes, "total bytes received by a replica shard during the warm operation").only(Only::OpenSearch(3)),
    more("merges.warmer.total_bytes_sent", Bytes, "total bytes sent by a primary shard during the warm operation").only(Only::OpenSearch(3)),
    more("merges.warmer.total_receive_time", Ms, "total wallclock time spent receiving merged segments by a replica shard").only(Only::OpenSearch(3)).counter(),
    more("merges.warmer.total_failure_count", Int, "total failures in merged segment warmer").only(Only::OpenSearch(3)).counter(),
    more("merges.warmer.total_send_time", Ms, "total wallclock time spent sending merged segments by a primary shard").only(Only::OpenSearch(3)).counter(),
    more("search.query_failed", Int, "failed query phase ops").only(Only::OpenSearch(3)).counter(),
    more("search.concurrent_query_current", Int, "current concurrent query phase ops").only(Only::OpenSearch(2)),
    more("search.concurrent_query_time", Ms, "time spent in concurrent query phase").only(Only::OpenSearch(2)),
    more("search.concurrent_query_total", Int, "total query phase ops").only(Only::OpenSearch(2)),
    more("search.concurrent_avg_slice_count", Number, "average query concurrency").only(Only::OpenSearch(2)),
    more("search.point_in_time_current", Int, "open point in time contexts").only(Only::OpenSearch(2)),
    more("search.point_in_time_time", Ms, "time point in time contexts held open").only(Only::OpenSearch(2)).counter(),
    more("search.point_in_time_total", Int, "completed point in time contexts").only(Only::OpenSearch(2)).counter(),
];

/// Of indices and shards.
#[rustfmt::skip]
pub(super) const INDICES_AND_SHARDS: &[Column] = &[
    more("warmer.current", Int, "current warmer ops"),
    more("warmer.total", Int, "total warmer ops").counter(),
    more("warmer.total_time", Ms, "time spent in warmers").counter(),
];

/// Of indices and nodes.
#[rustfmt::skip]
pub(super) const INDICES_AND_NODES: &[Column] = &[
    more("request_cache.memory_size", Bytes, "used request cache"),
    more("request_cache.evictions", Int, "request cache evictions").counter(),
    more("request_cache.hit_count", Int, "request cache hit count").counter(),
    more("request_cache.miss_count", Int, "request cache miss count").counter(),
    more("suggest.current", Int, "number of current suggest ops"),
    more("suggest.time", Ms, "time spent in suggest").counter(),
    more("suggest.total", Int, "number of suggest ops").counter(),
];

/// Of nodes.
#[rustfmt::skip]
pub(super) const NODES: &[Column] = &[
    more("query_cache.hit_count", Int, "query cache hit counts").counter(),
    more("query_cache.miss_count", Int, "query cache miss counts").counter(),
    more("script.compilations", Int, "script compilations").counter(),
    more("script.cache_evictions", Int, "script cache evictions").counter(),
    more("script.compilation_limit_triggered", Int, "script cache compilation limit triggered").counter(),
];

/// Of shards.
#[rustfmt::skip]
pub(super) const SHARDS: &[Column] = &[
    more("search.search_idle_reactivate_count_total", Int, "number of times a shard reactivated").only(Only::OpenSearch(2)).counter(),
];
