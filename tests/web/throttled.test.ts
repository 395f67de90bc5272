import { expect, test, vi } from "vitest";
import { createSetupLink } from "../../src/auth/set-up.ts";
import { createToken } from "../../src/auth/tokens.ts";
import { SEARCH_RATE, WRONG_SECRET_RATE } from "../../src/web/rate-limit.ts";
import { testApp } from "../support/app.ts";
import { createAuthor, logInAgent } from "../support/author.ts";

/** Time stands still until it is told to pass: a busy machine would else win turns back. */
function stopTime() {
  let moment = 10_000_000;
  vi.spyOn(performance, "now").mockImplementation(() => moment);
  return (milliseconds: number) => {
    moment += milliseconds;
  };
}

const from = (address: string) => ({ "X-Forwarded-For": address });

test("a network may search 30 times at once; the 31st is a page that says when to come back", async () => {
  const pass = stopTime();
  const { http } = await testApp();
  for (let count = 0; count < SEARCH_RATE.atOnce; count += 1)
    expect((await http.get("/search?q=walk")).status).toBe(200);

  const refused = await http.get("/search?q=walk");
  const refusedHead = await http.head("/search?q=other");
  pass(1_000);
  const later = await http.get("/search?q=walk");

  expect([refused.status, refused.headers["retry-after"], refused.headers["cache-control"]]).toEqual([
    429,
    "1",
    "no-store",
  ]);
  expect(refused.text).toContain("There were too many searches. Wait a second, then try again.");
  expect(refused.text).toMatch(/<link[^>]+rel="stylesheet"/);
  expect(refused.text).toContain(refused.headers["x-request-id"]);
  expect([refusedHead.status, later.status]).toEqual([429, 200]);
});

test("pages for readers, and the search page without a query, are never limited", async () => {
  stopTime();
  const { ctx, http } = await testApp();
  await createAuthor(ctx);

  const statuses = new Set<number>();
  for (let count = 0; count < 60; count += 1) {
    for (const path of ["/search", "/", "/feed.xml"]) statuses.add((await http.get(path)).status);
  }

  expect([...statuses]).toEqual([200]);
});

test("the author is never limited in searching", async () => {
  stopTime();
  const app = await testApp();
  await logInAgent(app);

  const statuses = new Set<number>();
  for (let count = 0; count < 2 * SEARCH_RATE.atOnce; count += 1) {
    statuses.add((await app.http.get("/search?q=walk")).status);
  }

  expect([...statuses]).toEqual([200]);
});

test("a /64 of IPv6 is one network; what X-Forwarded-For says counts from proxies that are named only", async () => {
  stopTime();
  const { http } = await testApp({ config: { TRUST_PROXY: 1 } });
  const direct = await testApp();
  const statusFrom = async (app: typeof direct, address: string) =>
    (await app.http.get("/search?q=walk").set(from(address))).status;
  for (let count = 0; count < SEARCH_RATE.atOnce; count += 1) {
    await http.get("/search?q=walk").set(from(`2001:db8:1:2::${count.toString(16)}`));
    await statusFrom(direct, `203.0.113.${count}`);
  }

  expect((await http.get("/search?q=walk").set(from("2001:db8:1:2:ffff::1"))).status).toBe(429);
  expect((await http.get("/search?q=walk").set(from("2001:db8:1:3::1"))).status).toBe(200);
  expect(await statusFrom(direct, "203.0.113.99")).toBe(429);
});

test("20 wrong tokens are 401, the next is 429 with Retry-After; a right token is let through all the same", async () => {
  const pass = stopTime();
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  const { token } = await createToken(ctx, { scope: "create", clientId: "https://app.example/" });
  const ask = (bearer: string) => http.get("/micropub?q=config").set("Authorization", `Bearer ${bearer}`);
  const send = (bearer: string) => http.post("/micropub").type("form").send({ content: "x", access_token: bearer });
  for (let count = 0; count < WRONG_SECRET_RATE.atOnce; count += 1) {
    expect((await (count % 2 === 0 ? ask : send)(`guess-${count}`)).status).toBe(401);
  }

  const refused = await ask("one-more");
  const refusedForm = await send("one-more");

  expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "60"]);
  expect(refused.body).toEqual({
    error: "temporarily_unavailable",
    error_description: "There were too many wrong tokens. Wait a minute, then try again.",
  });
  expect([refusedForm.status, refusedForm.headers["retry-after"]]).toEqual([429, "60"]);
  expect([(await ask(token)).status, (await send(token)).status]).toEqual([200, 201]);
  pass(60_000);
  expect((await ask("one-more")).status).toBe(401);
});

test("requests without any token are answered 401 however many come", async () => {
  stopTime();
  const { http } = await testApp();

  const statuses = new Set<number>();
  for (let count = 0; count < 40; count += 1) statuses.add((await http.get("/micropub?q=config")).status);

  expect([...statuses]).toEqual([401]);
});

test("20 wrong set-up links, opened or sent, are answered as wrong; the next must wait, and a good one need not", async () => {
  stopTime();
  const { ctx, http } = await testApp();
  const link = await createSetupLink(ctx);
  const open = (guess: string) => http.get(`/setup?link=${guess}`);
  const send = (guess: string) => http.post("/setup").type("form").send({ link: guess });
  for (let count = 0; count < WRONG_SECRET_RATE.atOnce; count += 1) {
    expect((await (count % 2 === 0 ? open : send)(`guess-${count}`)).status).toBe(403);
  }

  const refused = await open("one-more");

  expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "60"]);
  expect((await send("one-more")).status).toBe(429);
  expect((await http.get("/setup")).status).toBe(403);
  expect((await open(link)).status).toBe(200);
});
