"""Rows from standard input as documents to standard output, with the csv of the standard library and orjson."""

import csv
import sys

import orjson

out = sys.stdout.buffer
for row in csv.DictReader(sys.stdin):
    out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
