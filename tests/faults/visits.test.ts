import { expect, test } from "vitest";
import { readPrometheus } from "../support/read-prometheus.ts";
import { createFolder, runProgram, startServing } from "../support/server-process.ts";

const AGENTS = [
  "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 42 subscribers)",
  "FreshRSS/1.24.0 (Linux; https://freshrss.org)",
  "Googlebot/2.1 (+http://www.google.com/bot.html)",
];

test("feed readers of two processes are counted exactly, over a stop and a restart", async () => {
  const folder = createFolder();
  const env = { DATA_DIR: folder };
  const setup = ["setup", "--name", "Ada", "--password-stdin"];
  await runProgram({ words: setup, env, stdin: "a quiet walk at dusk" });
  const token = await runProgram({
    words: ["token", "create", "--scope", "metrics", "--client", "https://x.example/"],
    env,
  });
  const servers = [await startServing(folder), await startServing(folder)];
  for (const { url } of servers) {
    for (const agent of AGENTS) {
      const etag = await readFeed(url, { "User-Agent": agent });
      await readFeed(url, { "User-Agent": agent, "If-None-Match": etag });
    }
  }
  for (const { child, exited } of servers) {
    child.kill("SIGTERM");
    expect((await exited).code).toBe(0);
  }

  const { url } = await startServing(folder);
  await readFeed(url, { "User-Agent": AGENTS[1] ?? "" });
  const metrics = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${token.stdout.trim()}` } });

  const samples = readPrometheus(await metrics.text()).filter(({ name }) => name.startsWith("starpunk_feed_"));
  const values = samples.map(({ name, labels, value }) => [name, Object.values(labels).join(" "), value]);
  expect(values.filter(([, , value]) => value !== 0)).toEqual([
    ["starpunk_feed_requests_today", "rss 200", 7],
    ["starpunk_feed_requests_today", "rss 304", 6],
    ["starpunk_feed_subscribers", "declared", 42],
    ["starpunk_feed_subscribers", "undeclared", 1],
  ]);
}, 60_000);

/** Reads a feed to its end, which is when it counts. Returns its validator. */
async function readFeed(url: string, headers: Record<string, string>): Promise<string> {
  const answer = await fetch(`${url}/feed.xml`, { headers });
  await answer.text();
  return answer.headers.get("etag") ?? "";
}
