import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { listEdges } from "../../src/edge/edge-store.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { siteRevision } from "../../src/notes/public-changes-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { createAuthor, createLogin } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { startVarnish } from "../support/front-server.ts";
import type { StarPunk } from "../support/server-process.ts";
import { findFreePort, startProgram } from "../support/server-process.ts";
import { until } from "../support/until.ts";

/** Requests of readers in the test that counts those at the origin. */
const READERS = 1_000;

/** Age from which on a page is served only because there is no newer one, in seconds: FEED_CACHE_SECONDS and 5. */
const STALE_AGE = 7;

/** How long a test may take on a busy machine, in milliseconds: Varnish compiles its configuration first. */
const TIMEOUT_MS = 60_000;

const AUTHOR = { madeBy: "admin" };

/** A site behind Varnish, with a note at `/notes/hello`. `ctx` is that of another process, as the command line has it. */
async function edgedSite(own: Record<string, string> = {}) {
  const opened = await testContext({ config: { SITE_URL: "http://blog.example" } });
  const ctx = { ...opened.ctx, clock: systemClock };
  await createAuthor(ctx);
  const [port, edgePort] = [await findFreePort(), await findFreePort()];
  const edges = { CACHE_PURGE_URLS: `http://127.0.0.1:${edgePort}/` };
  const env = { DATA_DIR: opened.dir, SITE_URL: "http://blog.example", PORT: String(port), ...edges, ...own };
  const site = { ctx, env, port };
  // Varnish asks at once whether the site is there, and believes the answer for seconds.
  const origin = await serve(site);
  const edge = await startVarnish(edgePort, port);
  const note = await publishNote(ctx, { content: "first words", slug: "hello" }, AUTHOR);
  await purged(site);
  return { site, origin, edge, note };
}

type Site = { ctx: Context; env: Record<string, string>; port: number };

async function serve({ env, port }: Pick<Site, "env" | "port">): Promise<StarPunk> {
  const started = startProgram({ words: ["serve"], env });
  await until(() => fetch(`http://127.0.0.1:${port}/health`));
  return started;
}

const revise = ({ ctx }: Site, { id }: { id: number }, content: string) =>
  reviseNote(ctx, id, { content, origin: AUTHOR });

/** Waits until the edge was told of everything. */
async function purged({ ctx: { db } }: Site): Promise<void> {
  await until(() => expect(listEdges(db).map(({ revision }) => revision)).toEqual([siteRevision(db)]));
}

const read = async (url: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(url, { headers, redirect: "manual" });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

/** Requests that came as far as the site itself, those for its health not counted. */
function arrived({ said }: StarPunk, route: string): number {
  return said.stdout.split("\n").filter((line) => line.includes("request.done") && line.includes(`"${route}"`)).length;
}

test(
  "what changed is fresh as soon as it is purged: a note, the lists that show it, and a page that was missing",
  async () => {
    const { site, edge, note: hello } = await edgedSite();
    const before = await Promise.all(
      ["/notes/hello", "/", "/feed.xml", "/notes/later"].map((path) => read(edge + path)),
    );

    await revise(site, hello, "second words");
    await purged(site);
    const note = await read(`${edge}/notes/hello`);
    const home = await read(edge);
    const feed = await read(`${edge}/feed.xml`);
    await publishNote(site.ctx, { content: "written later", slug: "later" }, AUTHOR);
    await purged(site);
    const later = await read(`${edge}/notes/later`);

    expect(before.map(({ status }) => status)).toEqual([200, 200, 200, 404]);
    for (const { text } of before.slice(0, 3)) expect(text).toContain("first words");
    for (const { text } of [note, home, feed]) expect(text).toContain("second words");
    expect([later.status, later.text.includes("written later")]).toEqual([200, true]);
  },
  TIMEOUT_MS,
);

test(
  "a write that is acknowledged is purged although the server is killed before it can",
  async () => {
    const { site, edge, origin, note } = await edgedSite();
    await read(`${edge}/notes/hello`);

    await revise(site, note, "second words");
    origin.child.kill("SIGKILL");
    await origin.exited;
    await serve(site);

    await until(async () => expect((await read(`${edge}/notes/hello`)).text).toContain("second words"));
  },
  TIMEOUT_MS,
);

test(
  "while the edge takes the load, the site itself is asked once for each page",
  async () => {
    const { edge, origin } = await edgedSite();
    const paths = ["/", "/notes/hello", "/notes/hello?utm_source=x", "/archive", "/feed.xml", "/sitemap.xml"];
    const answers: number[] = [];

    const reader = async (index: number) => {
      for (let turn = index; turn < READERS; turn += 10) {
        const cookie: Record<string, string> = turn % 2 === 0 ? {} : { Cookie: `visitor=${turn}` };
        answers.push((await read(edge + paths[turn % paths.length], cookie)).status);
      }
    };
    await Promise.all(Array.from({ length: 10 }, (_, index) => reader(index)));
    const last = await read(`${edge}/tags/nothing`);
    await until(() => expect(arrived(origin, "unmatched") + arrived(origin, "/tags/:tag")).toBe(1));

    expect(answers).toEqual(Array.from({ length: READERS }, () => 200));
    expect(last.status).toBe(404);
    const counts = ["/", "/notes/:slug", "/archive", "/feed.xml", "/sitemap.xml"].map((route) =>
      arrived(origin, route),
    );
    expect(counts).toEqual([1, 1, 1, 1, 1]);
  },
  TIMEOUT_MS,
);

test(
  "pages of any age are served while the site is dead, and fresh ones once it is back",
  async () => {
    const { site, edge, origin, note: hello } = await edgedSite({ FEED_CACHE_SECONDS: "1" });
    const { headers } = await read(`${edge}/feed.xml`);
    await read(`${edge}/notes/hello`);
    origin.child.kill("SIGKILL");
    await origin.exited;

    const old = await until(async () => {
      const feed = await read(`${edge}/feed.xml`);
      expect([feed.status, feed.headers.get("etag")]).toEqual([200, headers.get("etag")]);
      expect(Number(feed.headers.get("age"))).toBeGreaterThanOrEqual(STALE_AGE);
      return feed;
    });
    const note = await read(`${edge}/notes/hello`);
    const unknown = await read(`${edge}/archive`);
    await serve(site);
    await revise(site, hello, "after the fall");

    expect(old.text).toContain("first words");
    expect([note.status, unknown.status]).toEqual([200, 503]);
    await until(async () => expect((await read(`${edge}/feed.xml`)).text).toContain("after the fall"));
  },
  TIMEOUT_MS,
);

test(
  "nothing of the author, of a draft, or of a note that is not for everyone enters the edge",
  async () => {
    const { site, edge, origin } = await edgedSite();
    const { cookie } = await createLogin(site.ctx);
    for (const visibility of ["private", "unlisted"] as const) {
      await publishNote(site.ctx, { content: `secret ${visibility}`, slug: visibility, visibility }, AUTHOR);
    }
    await saveDraft(site.ctx, { content: "secret draft", slug: "draft" }, AUTHOR);
    await purged(site);

    const mine = await read(`${edge}/notes/private`, { Cookie: cookie });
    const paths = [
      "/notes/private",
      "/notes/draft",
      "/notes/unlisted",
      "/notes/unlisted",
      "/login",
      "/login",
      "/admin",
    ];
    const others = [];
    for (const path of paths) others.push(await read(edge + path));
    const home = await read(`${edge}/`, { Cookie: cookie });

    expect([mine.status, mine.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(others.map(({ status }) => status)).toEqual([404, 404, 200, 200, 200, 200, 303]);
    expect(others.slice(0, 2).filter(({ text }) => text.includes("secret"))).toEqual([]);
    const [first, second] = others.slice(4, 6).map(({ headers }) => headers.get("set-cookie"));
    expect(first).toContain("starpunk_form=");
    expect(second).toContain("starpunk_form=");
    expect(second).not.toBe(first);
    expect(home.headers.get("set-cookie")).toBeNull();
    // Both unlisted ones, and the login pages, came through each time.
    await until(() => expect([arrived(origin, "/login"), arrived(origin, "/notes/:slug")]).toEqual([2, 5]));
  },
  TIMEOUT_MS,
);

/** Purges by hand, and what the edge says to them. */
const PURGES: [Record<string, string>, number][] = [
  [{ "X-Forwarded-For": "203.0.113.9", "Cache-Tag": "site" }, 405],
  [{}, 400],
  [{ "Cache-Tag": "site)|(.*" }, 400],
  [{ "Cache-Tag": "tag:caf%C3%A9,note:1" }, 200],
];

test(
  "readers see no keys, get 304, gzip and HEAD from the edge, and cannot purge it through a proxy",
  async () => {
    const { edge } = await edgedSite();
    const { headers } = await read(`${edge}/notes/hello`);

    const unchanged = await read(`${edge}/notes/hello`, { "If-None-Match": headers.get("etag") ?? "" });
    const plain = await read(`${edge}/notes/hello`, { "Accept-Encoding": "identity" });
    const head = await fetch(`${edge}/notes/hello`, { method: "HEAD" });
    const purges = await Promise.all(PURGES.map(([headers]) => fetch(edge, { method: "PURGE", headers })));

    for (const name of ["surrogate-key", "cache-tag", "via", "x-varnish"]) expect(headers.get(name), name).toBeNull();
    expect(headers.get("cache-control")).toBe("no-cache");
    expect([headers.get("content-encoding"), plain.headers.get("content-encoding")]).toEqual(["gzip", null]);
    expect(unchanged.status).toBe(304);
    expect(plain.text).toContain("first words");
    expect([head.status, head.headers.get("etag")]).toEqual([200, headers.get("etag")]);
    expect(purges.map(({ status }) => status)).toEqual(PURGES.map(([, status]) => status));
  },
  TIMEOUT_MS,
);
