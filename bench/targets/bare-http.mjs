// The ceiling: node:http, and finished bytes by path.
import { createServer } from "node:http";
import { isKnown, listen, options, plainHeaders, readAnswers } from "./listen.mjs";

const answers = readAnswers(options.snapshot);
for (const entry of answers.values()) entry.head = Object.entries(plainHeaders(entry)).flat();

listen(
  createServer((req, res) => {
    const entry = answers.get(req.url);
    if (entry === undefined) res.writeHead(404).end();
    else if (isKnown(entry, req.headers)) res.writeHead(304, ["ETag", entry.etag ?? ""]).end();
    else res.writeHead(200, entry.head).end(entry.body);
  }),
);
