import { afterAll, beforeAll, expect, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import type { KnownRoute } from "../../src/web/route-table.ts";
import { listRoutes } from "../../src/web/route-table.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { openTestApp } from "../support/app.ts";
import { createAuthor, createLogin } from "../support/author.ts";
import type { RawAnswer } from "../support/server.ts";
import { rawRequest } from "../support/server.ts";

/** What stands in a path for its parameters: the first note has this slug and this id. */
const PARAMETERS: Record<string, string> = {
  slug: "hello-world",
  id: "1",
  tag: "web",
  year: "2026",
  month: "03",
  day: "01",
};

let app: Awaited<ReturnType<typeof openTestApp>>;
let routes: readonly KnownRoute[];
let cookie: string;

beforeAll(async () => {
  app = await openTestApp();
  await createAuthor(app.ctx);
  await publishNote(app.ctx, { content: "Hello, world", slug: "hello-world", tags: ["web"] }, { madeBy: "admin" });
  ({ cookie } = await createLogin(app.ctx));
  routes = listRoutes(createApp(app.ctx)).filter(({ pattern }) => !pattern.startsWith("/*"));
});

afterAll(() => app.close());

function pathOf({ pattern }: KnownRoute): string {
  return pattern.replace(/:(\w+)/g, (_, name: string) => PARAMETERS[name] ?? "x");
}

function readable(): string[] {
  return [...new Set(routes.filter(({ methods }) => methods.includes("GET")).map(pathOf))];
}

test("every route that answers GET answers HEAD, with the same status and headers and no body", async () => {
  const differences: unknown[] = [];
  for (const path of readable()) {
    for (const headers of [{}, { "Accept-Encoding": "br" }, { "Accept-Encoding": "gzip" }, { Cookie: cookie }]) {
      await app.raw(rawRequest("GET", path, headers)); // Of a feed the first answer is streamed, of unknown length.
      const get = await app.raw(rawRequest("GET", path, headers));
      const head = await app.raw(rawRequest("HEAD", path, headers));
      if (head.body !== "" || signature(path, get) !== signature(path, head))
        differences.push({ path, get: get.headers, head });
    }
  }

  expect(readable().length).toBeGreaterThan(10);
  expect(differences).toEqual([]);
});

/** What these say of themselves has changed by the next answer. */
const MEASURING: ReadonlySet<string> = new Set([
  "/metrics",
  "/admin/metrics",
  "/admin/dashboard",
  "/admin/health",
  "/admin/backups",
  "/admin/security/second-step", // A fresh secret each time.
]);

/** What may differ from one answer to the next: time and name, tokens, and how the length of a stream is told. */
function signature(path: string, { status, headers }: Pick<RawAnswer, "status" | "headers">): string {
  const { date: _date, "x-request-id": _id, "set-cookie": _cookie, "transfer-encoding": _transfer, ...rest } = headers;
  return JSON.stringify([
    status,
    Object.entries(rest)
      .filter(([name]) => name !== "content-length" || (status === 200 && !MEASURING.has(path)))
      .sort(),
  ]);
}

test("every route answers a method that it does not know with 405 and Allow, without asking who that is", async () => {
  const wrong: string[] = [];
  for (const route of routes) {
    const answer = await app.raw(rawRequest("PROPPATCH", pathOf(route)));
    const allow = answer.headers.allow ?? "";
    const isTold = route.methods.every((method) => allow.split(", ").includes(method));
    if (answer.status !== 405 || !isTold) wrong.push(`${answer.status} ${route.pattern}: ${allow}`);
  }

  expect(wrong).toEqual([]);
});

test("every route has one spelling: with a slash at the end it leads to the one without", async () => {
  const wrong: string[] = [];
  for (const path of readable().filter((path) => path !== "/")) {
    const answer = await app.raw(rawRequest("GET", `${path}/?a=1`));
    if (answer.status !== 301 || answer.headers.location !== `${path}?a=1`) wrong.push(`${answer.status} ${path}`);
  }

  expect(wrong).toEqual([]);
});

test("every page has a policy, says what it is, and is either checked again or kept nowhere", async () => {
  const wrong: string[] = [];
  for (const path of readable()) {
    for (const headers of [{}, { Cookie: cookie }]) {
      const answer = await app.raw(rawRequest("GET", path, headers));
      const { etag, "cache-control": cacheControl = "", "content-security-policy": policy = "" } = answer.headers;
      const isCareful = answer.status !== 200 || etag !== undefined || cacheControl.includes("no-store");
      if (answer.status >= 500 || !policy.startsWith("default-src 'none'") || !isCareful) {
        wrong.push(`${answer.status} ${path}: ${etag}, ${cacheControl}`);
      }
    }
  }

  expect(wrong).toEqual([]);
});

test("no page for everyone sets a cookie or depends on one", async () => {
  const wrong: string[] = [];
  for (const path of readable().filter((path) => !/^\/(?:admin|login|logout|setup|micropub)/.test(path))) {
    const stranger = await app.raw(rawRequest("GET", path));
    const author = await app.raw(rawRequest("GET", path, { Cookie: cookie }));
    if (stranger.headers["set-cookie"] || author.headers["set-cookie"]) wrong.push(`${path} sets a cookie`);
    if (stranger.status === 200 && stranger.body !== author.body) wrong.push(`${path} differs`);
  }

  expect(wrong).toEqual([]);
});
