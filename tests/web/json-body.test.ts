import { expect, test } from "vitest";
import { MAX_BODY_BYTES } from "../../src/web/body.ts";
import { MAX_JSON_DEPTH, readJson } from "../../src/web/json-body.ts";
import { testWeb } from "../support/web.ts";

function echo() {
  return testWeb((router) => {
    router.post("/", async (req, res) => {
      const value = await readJson(req);
      res.send(JSON.stringify({ value }));
    });
  });
}

async function send(body: string | Buffer, type = "application/json") {
  const { http } = await echo();
  return http
    .post("/")
    .set("Content-Type", type)
    .serialize((sent) => sent as unknown as string)
    .send(body);
}

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

test.each([
  ["application/json"],
  ["application/json; charset=utf-8"],
  ["Application/JSON;charset=UTF-8"],
  ["application/mf2+json"],
])("%s is read", async (type) => {
  const answer = await send('{"a":["ä",1,null,true]}', type);

  expect(JSON.parse(answer.text)).toEqual({ value: { a: ["ä", 1, null, true] } });
});

test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "text/json"])(
  "%s is 415",
  async (type) => {
    const answer = await send("{}", type);

    expect(answer.status).toBe(415);
  },
);

test.each(["", "{", "{'a':1}", "undefined", '{"a":1}}', '"\u0001"', "NaN", '["a",]'])("%j is 400", async (body) => {
  const answer = await send(body);

  expect(answer.status).toBe(400);
});

test("bytes that are not UTF-8 are 400", async () => {
  const answer = await send(Buffer.from([0x22, 0xff, 0x22]));

  expect(answer.status).toBe(400);
});

test("20 levels are taken, one more is 400, whatever stands in strings", async () => {
  const atLimit = await send(nested(MAX_JSON_DEPTH));
  const past = await send(nested(MAX_JSON_DEPTH + 1));
  const inText = await send(JSON.stringify([`\\"${nested(50)}\\`, "[{".repeat(40)]));
  const hidden = await send(`["\\\\",${nested(MAX_JSON_DEPTH)}]`);
  const absurd = await send(nested(200_000));

  expect([atLimit, past, inText, hidden, absurd].map(({ status }) => status)).toEqual([200, 400, 200, 400, 400]);
});

test("1 MB is taken, one byte more is 413", async () => {
  const atLimit = await send(`"${"x".repeat(MAX_BODY_BYTES - 2)}"`);
  const past = await send(`"${"x".repeat(MAX_BODY_BYTES - 1)}"`);

  expect([atLimit.status, past.status]).toEqual([200, 413]);
});

test("an open string of 1 MB is refused at once", async () => {
  const started = performance.now();

  const answer = await send(`"${'\\"'.repeat(MAX_BODY_BYTES / 2 - 1)}`);

  expect(answer.status).toBe(400);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("a name like __proto__ is only a name", async () => {
  const answer = await send('{"__proto__":{"polluted":true}}');

  expect(answer.text).toBe('{"value":{"__proto__":{"polluted":true}}}');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
