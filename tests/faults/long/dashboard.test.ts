import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import type { ReadDashboard } from "../../support/read-dashboard.ts";
import { readDashboard, sumColumn } from "../../support/read-dashboard.ts";
import type { ServingProcess } from "../../support/server-process.ts";
import { createFolder, startServing } from "../../support/server-process.ts";
import type { ProcessSite } from "../../support/site-author.ts";
import { logInAt, sendNote, setUpSite } from "../../support/site-author.ts";

/** How long the load lasts, in minutes. */
const MINUTES = Number(process.env.DASHBOARD_MINUTES ?? 10);

/** Rest of each client after each request, in milliseconds. */
const REST_MS = 40;

const READERS = [
  { agent: "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 42 subscribers)", program: "Feedly" },
  { agent: "Feedbin feed-id:7 - 12 subscribers", program: "Feedbin" },
  { agent: "Miniflux/2.2.3", program: "Miniflux" },
];
const SUBSCRIBERS = 42 + 12 + 1;

/** What was sent, by the route that answers it. */
type Sent = {
  readonly routes: Map<string, number>;
  notes: number;
  feeds: number;
  searches: number;
  failures: string[];
};

/** One kind of client: what it asks for, and under which route and status that is counted. */
type Errand = { readonly route: string; readonly path: string; readonly status: number; readonly agent?: string };

const ERRANDS: readonly Errand[] = [
  { route: "/", path: "/", status: 200 },
  { route: "/archive", path: "/archive", status: 200 },
  { route: "/*path", path: "/no-such-page", status: 404 },
  { route: "/notes/:slug", path: "/notes/no-such-note", status: 404 },
  { route: "/sitemap.xml", path: "/sitemap.xml", status: 200 },
  ...READERS.map(({ agent }) => ({ route: "/feed.xml", path: "/feed.xml", status: 200, agent })),
];

async function ask(server: ServingProcess, sent: Sent, errand: Errand, etag?: string): Promise<string> {
  const headers: Record<string, string> = { "User-Agent": errand.agent ?? "curl/8" };
  if (etag) headers["If-None-Match"] = etag;
  const answer = await fetch(server.url + errand.path, { headers });
  await answer.arrayBuffer();
  count(sent, errand.route);
  if (errand.route === "/feed.xml") sent.feeds += 1;
  const isFine = answer.status === errand.status || (etag !== undefined && answer.status === 304);
  if (!isFine) sent.failures.push(`${errand.path}: ${answer.status}`);
  return answer.headers.get("etag") ?? "";
}

function count({ routes }: Sent, route: string): void {
  routes.set(route, (routes.get(route) ?? 0) + 1);
}

/** Every other time with the validator of the time before. */
async function keepAsking(server: ServingProcess, sent: Sent, errand: Errand, until: number): Promise<void> {
  let etag: string | undefined;
  for (let time = 0; performance.now() < until; time += 1) {
    const given = await ask(server, sent, errand, time % 2 === 1 ? etag : undefined);
    etag = given === "" ? undefined : given;
    await pause(REST_MS);
  }
}

async function keepWriting(server: ServingProcess, site: ProcessSite, sent: Sent, until: number): Promise<void> {
  while (performance.now() < until) {
    const note = { content: `Note number ${sent.notes}`, tags: ["load"], way: "json", formKey: "" } as const;
    const { status } = await sendNote({ port: server.port, site, login: { cookie: "", csrfToken: "" } }, note);
    count(sent, "/micropub");
    if (status === 201) sent.notes += 1;
    else sent.failures.push(`/micropub: ${status}`);
    await pause(10 * REST_MS);
  }
}

/** As few as a reader may: more are refused. */
async function keepSearching(server: ServingProcess, sent: Sent, until: number): Promise<void> {
  while (performance.now() < until) {
    await ask(server, sent, { route: "/search", path: "/search?q=number", status: 200 });
    sent.searches += 1;
    await pause(100 * REST_MS);
  }
}

async function readBoard(server: ServingProcess, sent: Sent, cookie: string, range: string): Promise<ReadDashboard> {
  const answer = await fetch(`${server.url}/admin/dashboard?range=${range}`, { headers: { Cookie: cookie } });
  const board = readDashboard(await answer.text());
  count(sent, "/admin/dashboard"); // The one that is read does not see itself.
  return board;
}

function expectAgreement({ figures, tables }: ReadDashboard, sent: Sent, expected: { dashboards: number }): void {
  const total = [...sent.routes].reduce((sum, [route, times]) => sum + (route === "/admin/dashboard" ? 0 : times), 0);
  expect(figures.Requests?.value).toBe((total + expected.dashboards).toLocaleString("en"));
  expect(sumColumn(tables.requests, "Requests")).toBe(total + expected.dashboards);
  expect(figures["Failed requests"]?.value).toBe("0");
  for (const [route, row] of Object.entries(tables.routes ?? {})) {
    if (route === "/admin/dashboard") continue;
    expect(row.Count, route).toBe((sent.routes.get(route) ?? 0).toLocaleString("en"));
  }
  expect(figures.Notes?.value).toBe(sent.notes.toLocaleString("en"));
  expect(figures.Notes?.about).toContain(`${sent.notes} published`);
  expect(figures["Feed requests today"]?.value).toBe(sent.feeds.toLocaleString("en"));
  expect(figures["Feed readers"]?.value).toBe(String(SUBSCRIBERS));
  expect(figures["Searches today"]?.value).toBe(String(sent.searches));
  expect(Object.keys(tables.readers ?? {}).toSorted()).toEqual(["Feedbin (7)", "Feedly (/feed.xml)", "Miniflux"]);
}

test(`after ${MINUTES} minutes of mixed load, and after a restart, the dashboard says exactly what was sent`, async () => {
  const dataDir = createFolder();
  const site = await setUpSite(dataDir);
  const server = await startServing(dataDir, { ...site.env, LOG_LEVEL: "warn" });
  const sent: Sent = { routes: new Map(), notes: 0, feeds: 0, searches: 0, failures: [] };
  const login = await logInAt(server.port);
  for (const route of ["/login", "/login", "/admin/notes/new"]) count(sent, route);
  const until = performance.now() + MINUTES * 60_000;

  await Promise.all([
    ...ERRANDS.map((errand) => keepAsking(server, sent, errand, until)),
    keepWriting(server, site, sent, until),
    keepSearching(server, sent, until),
  ]);
  const before = await readBoard(server, sent, login.cookie, "hour");
  server.child.kill("SIGTERM");
  expect((await server.exited).code).toBe(0);
  const second = await startServing(dataDir, { ...site.env, LOG_LEVEL: "warn" });
  const after = await readBoard(second, sent, login.cookie, "hour");
  const afterInDay = await readBoard(second, sent, login.cookie, "day");

  expect(sent.failures).toEqual([]);
  expectAgreement(before, sent, { dashboards: 0 });
  expectAgreement(after, sent, { dashboards: 1 });
  expectAgreement(afterInDay, sent, { dashboards: 2 });
  console.info(`${[...sent.routes.values()].reduce((sum, times) => sum + times, 0)} requests, ${sent.notes} notes`);
});
