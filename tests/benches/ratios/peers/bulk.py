"""The edits of the benchmark on bulk pairs from standard input to standard output, with orjson."""

import sys

import orjson

out = sys.stdout.buffer
lines = sys.stdin.buffer
for action in lines:
    source = orjson.loads(next(lines))
    source["app"] = source.pop("service")
    source["stage"] = "prod"
    out.write(action)
    out.write(orjson.dumps(source, option=orjson.OPT_APPEND_NEWLINE))
