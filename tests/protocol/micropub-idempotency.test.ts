import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { IDEMPOTENCY_SECONDS, MAX_IDEMPOTENCY_KEY_LENGTH } from "../../src/micropub/idempotency.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";

type Client = TestApp & { readonly token: string };

async function client(): Promise<Client> {
  const app = await testApp();
  await createAuthor(app.ctx);
  return { ...app, token: (await createToken(app.ctx, { scope: "create", clientId: "https://app.example/" })).token };
}

function post({ http, token }: Client, content: string, key?: string) {
  const request = http.post("/micropub").set("Authorization", `Bearer ${token}`).type("form");
  return (key === undefined ? request : request.set("Idempotency-Key", key)).send({ h: "entry", content });
}

function notesOf({ ctx }: Client): number {
  return ctx.db.all("SELECT 1 FROM notes").length;
}

test("without a key every post is a new one, also with the same words", async () => {
  const app = await client();

  const [first, second] = [await post(app, "Hello").expect(201), await post(app, "Hello").expect(201)];

  expect(first.headers.location).not.toBe(second.headers.location);
});

test("the same key gives the first answer again, also when thirty come at once", async () => {
  const app = await client();

  const first = await post(app, "Hello", "key").expect(201);
  const again = await Promise.all(Array.from({ length: 30 }, () => post(app, "Hello", "key")));

  expect(new Set(again.map(({ headers }) => headers.location))).toEqual(new Set([first.headers.location]));
  expect(notesOf(app)).toBe(1);
});

test("thirty first ones at once are one note", async () => {
  const app = await client();

  const all = await Promise.all(Array.from({ length: 30 }, () => post(app, "Hello", "key")));

  expect(new Set(all.map(({ status, headers }) => `${status} ${headers.location}`)).size).toBe(1);
  expect(notesOf(app)).toBe(1);
});

test("the same key with another post is refused", async () => {
  const app = await client();
  await post(app, "Hello", "key").expect(201);

  const answer = await post(app, "Goodbye", "key").expect(400);

  expect(answer.body.error_description).toContain("Send a fresh one");
  expect(notesOf(app)).toBe(1);
});

test("the key of one app says nothing about another's", async () => {
  const app = await client();
  const other = {
    ...app,
    token: (await createToken(app.ctx, { scope: "create", clientId: "https://b.example/" })).token,
  };

  await post(app, "Hello", "key").expect(201);
  await post(other, "Hello", "key").expect(201);

  expect(notesOf(app)).toBe(2);
});

test("a key is kept for a day and not longer", async () => {
  const app = await client();
  await post(app, "Hello", "key").expect(201);

  app.clock.advance(IDEMPOTENCY_SECONDS - 1);
  await post(app, "Hello", "key").expect(201);
  expect(notesOf(app)).toBe(1);

  app.clock.advance(1);
  await post(app, "Hello", "key").expect(201);
  expect(notesOf(app)).toBe(2);
});

test.each([
  ["", 400],
  ["k".repeat(MAX_IDEMPOTENCY_KEY_LENGTH), 201],
  ["k".repeat(MAX_IDEMPOTENCY_KEY_LENGTH + 1), 400],
])("a key such as %.10j is answered with %i", async (key, status) => {
  const app = await client();

  expect((await post(app, "Hello", key)).status).toBe(status);
});
