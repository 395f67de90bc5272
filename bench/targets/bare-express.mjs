// Express as it comes, with a route for each kind of page, and finished bytes.

import { createServer } from "node:http";
import express from "express";
import { isKnown, listen, options, plainHeaders, readAnswers } from "./listen.mjs";

const answers = readAnswers(options.snapshot);
for (const entry of answers.values()) entry.head = plainHeaders(entry);

function answer(req, res) {
  const entry = answers.get(req.url);
  if (entry === undefined) return res.writeHead(404).end();
  if (isKnown(entry, req.headers)) return res.writeHead(304, { ETag: entry.etag }).end();
  return res.writeHead(200, entry.head).end(entry.body);
}

const app = express();
app.get("/", answer);
app.get("/notes/:slug", answer);
app.get("/feed.xml", answer);
listen(createServer(app));
