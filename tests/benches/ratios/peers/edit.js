// The edits of the benchmark with Node's own JSON: hit lines from standard input to standard output.
"use strict";

const { readSync, writeSync } = require("fs");

function edit(line) {
  const hit = JSON.parse(line);
  const source = hit._source;
  source.app = source.service;
  delete source.service;
  source.host.id = source.host.name;
  delete source.host.name;
  delete source.agent.id;
  source.stage = "prod";
  return JSON.stringify(hit) + "\n";
}

function write(bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

const block = Buffer.alloc(1 << 20);
let rest = Buffer.alloc(0);
for (let read; (read = readSync(0, block)) > 0; ) {
  const bytes = Buffer.concat([rest, block.subarray(0, read)]);
  const end = bytes.lastIndexOf(10) + 1;
  rest = bytes.subarray(end);
  const lines = bytes.toString("utf8", 0, end).split("\n");
  write(Buffer.from(lines.slice(0, -1).map(edit).join("")));
}
if (rest.length > 0) write(Buffer.from(edit(rest.toString())));
