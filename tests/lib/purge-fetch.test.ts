import { expect, test } from "vitest";
import { createSafeFetch } from "../../src/lib/safe-fetch.ts";
import { startHttp } from "../support/loopback.ts";

const NO_EDGE = { ok: false, outcome: { result: "give_up", reason: "The address is none of CACHE_PURGE_URLS." } };
const PRIVATE = { ok: false, outcome: { result: "give_up", reason: "The address is not on the public internet." } };
const settings = { allowPrivateNetwork: false, userAgent: "StarPunk/test" };

/** An edge on this machine, and what it was asked. */
async function startEdge(status = 200, headers: Record<string, string> = {}) {
  const asked: string[] = [];
  const server = await startHttp((req, res) => {
    asked.push(`${req.method} ${req.url} ${req.headers["surrogate-key"]}`);
    res.writeHead(status, headers).end();
  });
  return { ...server, asked, url: `${server.origin}/`, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}

const purge = { method: "PURGE", headers: { "Surrogate-Key": "list" } } as const;

test("a purge reaches the very addresses that the operator named, on private networks too", async () => {
  await using edge = await startEdge();
  const purgeUrls = [edge.url, `${edge.origin}/site`];
  const fetch = createSafeFetch({ ...settings, purgeUrls });

  const results = [await fetch(edge.url, purge), await fetch(`${edge.origin}/site`, purge)];

  expect(results).toMatchObject([{ status: 200 }, { status: 200 }]);
  expect(edge.asked).toEqual(["PURGE / list", "PURGE /site list"]);
});

test.each([
  ["another path", (origin: string) => `${origin}/other`],
  ["a query", (origin: string) => `${origin}/?x`],
  ["another port", () => "http://127.0.0.1:1/"],
  ["another spelling", (origin: string) => origin.replace("127.0.0.1", "127.1")],
  ["the public web", () => "http://93.184.215.14/"],
])("a purge of %s goes nowhere", async (_, toUrl) => {
  await using edge = await startEdge();
  const fetch = createSafeFetch({ ...settings, purgeUrls: [edge.url] });

  const result = await fetch(toUrl(edge.origin), purge);

  expect(result).toEqual(NO_EDGE);
  expect(edge.connections()).toBe(0);
});

test.each(["GET", "POST"] as const)("%s does not reach the address of an edge, which is private", async (method) => {
  await using edge = await startEdge();
  const fetch = createSafeFetch({ ...settings, purgeUrls: [edge.url] });

  const result = await fetch(edge.url, { method });

  expect(result).toEqual(PRIVATE);
  expect(edge.connections()).toBe(0);
});

test("a purge of nothing that is named goes nowhere", async () => {
  await using edge = await startEdge();

  const result = await createSafeFetch(settings)(edge.url, purge);

  expect([result, edge.connections()]).toEqual([NO_EDGE, 0]);
});

test.each([301, 302, 303, 307, 308])("a purge follows no redirect: %i is the answer", async (status) => {
  await using other = await startEdge();
  await using edge = await startEdge(status, { Location: other.url });
  const fetch = createSafeFetch({ ...settings, purgeUrls: [edge.url, other.url] });

  const result = await fetch(edge.url, purge);

  expect(result).toMatchObject({ ok: true, status });
  expect(other.connections()).toBe(0);
});

test("a redirect from the web does not become a purge, nor reach an edge", async () => {
  await using edge = await startEdge();
  await using web = await startHttp((_, res) => res.writeHead(307, { Location: edge.url }).end(), "127.0.0.2");
  const isAllowed = (address: string) => address === "127.0.0.2";
  const fetch = createSafeFetch({ ...settings, purgeUrls: [edge.url] }, { isAllowed });

  const result = await fetch(web.origin);

  expect([result, edge.connections()]).toEqual([PRIVATE, 0]);
});
