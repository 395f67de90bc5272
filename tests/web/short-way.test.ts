import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";

/** An address with a query goes through Express. */
const WAYS = { short: "/micropub", express: "/micropub?way=long" };

type Sent = { readonly type?: string; readonly body: string; readonly token?: string };

async function openSite(): Promise<TestApp & { readonly token: string }> {
  const app = await testApp({ config: { SITE_URL: "https://blog.example" } });
  await createAuthor(app.ctx);
  return { ...app, ...(await createToken(app.ctx, { scope: "create", clientId: "https://app.example/" })) };
}

/** Status, headers and body, without what is another with each answer. */
async function ask(app: TestApp, way: string, { type = "application/x-www-form-urlencoded", body, token }: Sent) {
  const res = await fetch(`http://127.0.0.1:${app.port}${way}`, {
    method: "POST",
    headers: { "Content-Type": type, ...(token && { Authorization: `Bearer ${token}` }) },
    body,
  });
  const { date: _date, "x-request-id": id, ...headers } = Object.fromEntries(res.headers);
  expect(id).toMatch(/^[\w-]{9,}$/);
  return { status: res.status, headers, body: await res.text() };
}

const json = (value: object) => ({ type: "application/json", body: JSON.stringify(value) });

test.each<[string, number, Omit<Sent, "token"> & { readonly token?: string | undefined }]>([
  ["a note by form", 201, { body: "content=Hello&mp-slug=hello" }],
  ["a note by JSON", 201, json({ type: ["h-entry"], properties: { content: ["Hello"], "mp-slug": ["hello"] } })],
  ["a note without words", 400, { body: "h=entry" }],
  ["a wrong action", 400, { body: "action=explode&url=https://blog.example/notes/a" }],
  ["a scope that is missing", 401, { body: "action=delete&url=https://blog.example/notes/a" }],
  ["no token", 401, { body: "content=Hello", token: "" }],
  ["a wrong token", 401, { body: "content=Hello", token: "wrong" }],
  ["what is no JSON", 400, { type: "application/json", body: "{" }],
  ["a body of another type", 415, { type: "text/plain", body: "Hello" }],
  ["a body that is too large", 413, { body: `content=${"x".repeat(1024 * 1024)}` }],
])("%s is answered on the short way as by Express: %i", async (_name, status, sent) => {
  const [one, other] = [await openSite(), await openSite()];

  const short = await ask(one, WAYS.short, { token: one.token, ...sent } as Sent);
  const long = await ask(other, WAYS.express, { token: other.token, ...sent } as Sent);

  expect(short).toEqual(long);
  expect(short.status).toBe(status);
});

test("both ways have one limit", async () => {
  const app = await openSite();
  const wrong = { body: "content=Hello", token: "wrong" };
  const statuses: number[] = [];

  for (let count = 0; statuses.at(-1) !== 429 && count < 200; count += 1) {
    statuses.push((await ask(app, count % 2 === 0 ? WAYS.short : WAYS.express, wrong)).status);
  }

  expect((await ask(app, WAYS.short, wrong)).status).toBe(429);
  expect((await ask(app, WAYS.express, wrong)).status).toBe(429);
});

test("a fault of ours is answered as by Express", async () => {
  const [one, other] = [await openSite(), await openSite()];
  for (const { ctx } of [one, other]) ctx.db.close();

  const short = await ask(one, WAYS.short, { body: "content=Hello", token: one.token });
  const long = await ask(other, WAYS.express, { body: "content=Hello", token: other.token });

  expect(short).toEqual(long);
  expect(short.status).toBeGreaterThanOrEqual(500);
});
