// What a page cache in front of Express can cost at least: a look-up, ETag and 304, the headers of the real answer, every
// request timed into a histogram, and Express behind it for all else.
import { createServer } from "node:http";
import express from "express";
import { isKnown, listen, options, readAnswers } from "./listen.mjs";

const answers = readAnswers(options.snapshot);
for (const entry of answers.values()) {
  entry.head = [...entry.headers, "Content-Length", String(entry.body.length)];
  entry.headNotModified = withoutBody(entry.headers);
}

/** How many requests took up to 2 to the power of so many microseconds. */
const histogram = new Float64Array(32);
const app = express();

listen(
  createServer((req, res) => {
    const startedAt = performance.now();
    const entry = req.method === "GET" ? answers.get(req.url) : undefined;
    if (entry === undefined) return app(req, res);
    if (isKnown(entry, req.headers)) res.writeHead(304, entry.headNotModified).end();
    else res.writeHead(200, entry.head).end(entry.body);
    histogram[32 - Math.clz32((performance.now() - startedAt) * 1000)] += 1;
  }),
);

function withoutBody(headers) {
  const pairs = headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1]]] : []));
  return pairs.filter(([name]) => name.toLowerCase() !== "content-type").flat();
}
