"""Hit lines from standard input as rows to standard output, with orjson and the csv of the standard library."""

import csv
import sys

import orjson

names = ["@timestamp", "level", "status", "bytes", "message"]
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(names)
for line in sys.stdin.buffer:
    source = orjson.loads(line)["_source"]
    out.writerow([source[name] for name in names])
