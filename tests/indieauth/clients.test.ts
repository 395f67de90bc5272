import { expect, test } from "vitest";
import { findClientLogo } from "../../src/indieauth/client-store.ts";
import { FRESH_SECONDS, findOrFetchClient, isAllowedRedirect, MAX_CLIENT_APPS } from "../../src/indieauth/clients.ts";
import type { FetchOptions, FetchResult } from "../../src/lib/safe-fetch.ts";
import { createSafeFetch } from "../../src/lib/safe-fetch.ts";
import { testContext } from "../support/context.ts";
import { picture } from "../support/images.ts";
import { startHttp } from "../support/loopback.ts";

const CLIENT = "https://app.example/";

type Asked = { url: string; options: FetchOptions | undefined };

/** A web in which every address answers the same, and that writes down what it was asked. */
function web(answers: Record<string, Partial<Extract<FetchResult, { ok: true }>> | FetchResult>) {
  const asked: Asked[] = [];
  const fetch = async (url: string, options?: FetchOptions): Promise<FetchResult> => {
    asked.push({ url, options });
    const answer = answers[url] ?? { status: 404 };
    return { ok: true, status: 200, headers: new Map(), body: Buffer.alloc(0), url, ...answer } as FetchResult;
  };
  return { asked, fetch };
}

function document(fields: object): { headers: Map<string, string>; body: Buffer } {
  const body = Buffer.from(JSON.stringify({ client_id: CLIENT, ...fields }));
  return { headers: new Map([["content-type", "application/json"]]), body };
}

test("what an app says is fetched once and known until it is stale", async () => {
  const { asked, fetch } = web({ [CLIENT]: document({ client_name: "App", redirect_uris: ["app:/done"] }) });
  const { ctx, clock } = await testContext({ fetch });

  const first = await findOrFetchClient(ctx, CLIENT);
  clock.advance(FRESH_SECONDS.usual - 1);
  const known = await findOrFetchClient(ctx, CLIENT);
  clock.advance(1);
  await findOrFetchClient(ctx, CLIENT);

  expect(first).toMatchObject({ name: "App", redirectUris: ["app:/done"], problem: "", hasLogo: false });
  expect(known).toEqual(first);
  expect(asked.map(({ url }) => url)).toEqual([CLIENT, CLIENT]);
  expect(asked[0]?.options).toMatchObject({ refusesLoopback: true, withinMs: 5_000 });
});

test.each([
  ["max-age=10", FRESH_SECONDS.least],
  ["public, max-age=7200", 7_200],
  ["max-age=999999999", FRESH_SECONDS.most],
  ["no-store", FRESH_SECONDS.least],
])("with Cache-Control: %s it is believed for %i seconds", async (control, seconds) => {
  const said = document({});
  said.headers.set("cache-control", control);
  const { asked, fetch } = web({ [CLIENT]: said });
  const { ctx, clock } = await testContext({ fetch });

  await findOrFetchClient(ctx, CLIENT);
  clock.advance(seconds - 1);
  await findOrFetchClient(ctx, CLIENT);
  clock.advance(1);
  await findOrFetchClient(ctx, CLIENT);

  expect(asked).toHaveLength(2);
});

test.each([
  [{ status: 500 }, /status 500/],
  [{ url: "https://elsewhere.example/" }, /leads to another site/],
  [{ ...document({}), body: Buffer.from('{"client_id":"https://other.example/"}') }, /another client_id/],
  [{ ok: false, outcome: { result: "retry", reason: "It does not answer." } } as const, /does not answer/],
])("what cannot be believed is a sentence, and asked for again soon: %o", async (answer, sentence) => {
  const { asked, fetch } = web({ [CLIENT]: answer });
  const { ctx, clock } = await testContext({ fetch });

  const app = await findOrFetchClient(ctx, CLIENT);
  clock.advance(FRESH_SECONDS.afterFailure);
  await findOrFetchClient(ctx, CLIENT);

  expect(app).toMatchObject({ name: "", redirectUris: [] });
  expect(app.problem).toMatch(sentence);
  expect(asked).toHaveLength(2);
});

test("a logo becomes a small PNG of our own; what is no image is none", async () => {
  const large = await picture(400, 200).png().toBuffer();
  const logos = web({
    [CLIENT]: document({ logo_uri: "https://app.example/logo" }),
    "https://app.example/logo": { body: large },
  });
  const broken = web({
    [CLIENT]: document({ logo_uri: "https://app.example/logo" }),
    "https://app.example/logo": { body: Buffer.from("<svg onload=alert(1)>") },
  });
  const { ctx } = await testContext({ fetch: logos.fetch });
  const { ctx: other } = await testContext({ fetch: broken.fetch });

  const app = await findOrFetchClient(ctx, CLIENT);

  const logo = findClientLogo(ctx.db, app.id);
  expect(logo?.subarray(1, 4).toString()).toBe("PNG");
  expect([logo?.readUInt32BE(16), logo?.readUInt32BE(20)]).toEqual([96, 48]);
  expect((await findOrFetchClient(other, CLIENT)).hasLogo).toBe(false);
});

test("an app on the machine itself is never asked, even where private networks are allowed", async () => {
  const asked: string[] = [];
  await using server = await startHttp((req, res) => {
    asked.push(String(req.url));
    res.end();
  });
  const fetch = createSafeFetch(
    { allowPrivateNetwork: true, userAgent: "StarPunk/test" },
    { resolve: async () => [{ address: "127.0.0.1", family: 4 }] },
  );
  const { ctx } = await testContext({ fetch });

  const named = await findOrFetchClient(ctx, `http://127.0.0.1:${server.port}/`);
  const resolved = await findOrFetchClient(ctx, `http://app.example:${server.port}/`);

  expect(named.problem).toMatch(/runs on this machine/);
  expect(resolved.problem).not.toBe("");
  expect(asked).toEqual([]);
});

test(`no more than ${MAX_CLIENT_APPS} apps are remembered, the last ones`, async () => {
  const { ctx } = await testContext({ fetch: web({}).fetch });
  await ctx.db.write(() => {
    for (let number = 0; number < MAX_CLIENT_APPS; number += 1) {
      ctx.db.run(
        `INSERT INTO client_apps (client_id, name, uri, redirect_uris, problem, fetched_at, fresh_until)
         VALUES (:clientId, '', '', '[]', '', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`,
        { clientId: `https://${number}.example/` },
      );
    }
  });

  await findOrFetchClient(ctx, CLIENT);

  const kept = ctx.db.all<{ client_id: string }>("SELECT client_id FROM client_apps").map((row) => row.client_id);
  expect([kept.length, kept.includes(CLIENT)]).toEqual([MAX_CLIENT_APPS, true]);
});

test.each([
  ["https://app.example/anything?x=1", [], true],
  ["https://www.app.example/cb", [], false],
  ["https://www.app.example/cb", ["https://www.app.example/cb"], true],
  ["https://www.app.example/cb?x", ["https://www.app.example/cb"], false],
  ["app:/done", [], false],
  ["app:/done", ["app:/done"], true],
])("a way back to %s with %j listed is allowed: %j", (redirectUri, redirectUris, expected) => {
  expect(isAllowedRedirect({ clientId: CLIENT, redirectUri }, { redirectUris })).toBe(expected);
});
