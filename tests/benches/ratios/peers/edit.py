"""The edits of the benchmark with orjson: hit lines from standard input to standard output."""

import sys

import orjson

out = sys.stdout.buffer
for line in sys.stdin.buffer:
    hit = orjson.loads(line)
    source = hit["_source"]
    source["app"] = source.pop("service")
    source["host"]["id"] = source["host"].pop("name")
    del source["agent"]["id"]
    source["stage"] = "prod"
    out.write(orjson.dumps(hit, option=orjson.OPT_APPEND_NEWLINE))
