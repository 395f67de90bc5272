import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { createPino } from "../../src/lib/log.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { createAuthor, createLogin } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { startOwnServer } from "../support/speak.ts";
import { until } from "../support/until.ts";

const STRANGER_MS = 300;

/** The application behind the server that it really has, with a set-up site. Strangers have less time. */
async function serve() {
  const lines: Record<string, unknown>[] = [];
  const log = createPino("info", {
    write: (text) =>
      void lines.push(
        ...text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line)),
      ),
  });
  const { ctx } = await testContext({ log, config: { SITE_URL: "http://blog.example" } });
  await createAuthor(ctx);
  const limits = { strangerMs: STRANGER_MS, freeMs: 60_000, checkMs: 20 };
  return { ctx, lines, ...(await startOwnServer(createApp(ctx), { limits })) };
}

function head(path: string, fields: Record<string, string>): string {
  const lines = Object.entries({ Host: "blog.example", ...fields }).map(([name, value]) => `${name}: ${value}`);
  return `POST ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

const FORM = { "Content-Type": "application/x-www-form-urlencoded", "Content-Length": "1000" };
const UPLOAD = { "Content-Type": "multipart/form-data; boundary=b", "Content-Length": "1000" };

test.each([
  ["a login", "/login", FORM],
  ["a set-up", "/setup", FORM],
  ["a login with a file", "/login", UPLOAD],
  ["a form with an ended login", "/admin/notes", FORM],
])(
  "%s that drips gets 408 in the site's look, one line in the log, and the end of its connection",
  async (...request) => {
    const [, path, fields] = request;
    const { speak, lines } = await serve();
    const { heard, say } = await speak();

    say(`${head(path, fields)}a`);

    await until(() => expect(heard.isClosed).toBe(true));
    expect(heard.text).toMatch(/^HTTP\/1.1 408 .*Connection: close/s);
    expect(heard.text).toMatch(/<h1[^>]*>Too slow<\/h1>.*took too long to arrive/s);
    await until(() => expect(lines).toHaveLength(1));
    expect(lines[0]).toMatchObject({ event: "request.done", route: path, status: 408 });
  },
);

test.each([
  ["a form", FORM],
  ["an upload", UPLOAD],
])("Micropub: %s of a stranger that drips gets the protocol's own error", async (_what, fields) => {
  const { speak } = await serve();
  const { heard, say } = await speak();

  say(`${head("/micropub", fields)}a`);

  await until(() => expect(heard.isClosed).toBe(true));
  expect(heard.text).toMatch(/^HTTP\/1.1 408 .*"error":"invalid_request".*too long to arrive/s);
});

test("uploads of strangers that wait for their turn end as well, and forms need no turn", async () => {
  const { ctx, speak } = await serve();
  const { token } = await createToken(ctx, { scope: "create", clientId: "https://app.example/" });
  const dripping = await Promise.all(Array.from({ length: 10 }, speak));
  for (const { say } of dripping) say(`${head("/micropub", UPLOAD)}-`);
  const body = `access_token=${token}&h=entry&content=Hello`;
  const client = await speak();

  client.say(head("/micropub", { ...FORM, "Content-Length": String(body.length) }) + body);

  await until(() => expect(client.heard.text).toMatch(/^HTTP\/1.1 201 /));
  await until(() => expect(dripping.filter(({ heard }) => heard.isClosed)).toHaveLength(10));
  expect(dripping.filter(({ heard }) => !heard.text.startsWith("HTTP/1.1 408 "))).toEqual([]);
});

test("who shows a token or a login may take longer", async () => {
  const { ctx, speak } = await serve();
  const { token } = await createToken(ctx, { scope: "create", clientId: "https://app.example/" });
  const { cookie, csrfToken } = await createLogin(ctx);
  const client = await speak();
  const author = await speak();
  const text = "h=entry&content=Hello";
  const note = `csrf_token=${csrfToken}&content=Hello`;
  client.say(
    head("/micropub", { ...FORM, Authorization: `Bearer ${token}`, "Content-Length": String(text.length) }) + text[0],
  );
  author.say(head("/admin/notes", { ...FORM, Cookie: cookie, "Content-Length": String(note.length) }) + note[0]);
  const stranger = await speak();
  stranger.say(`${head("/login", FORM)}a`);
  await until(() => expect(stranger.heard.isClosed).toBe(true));

  client.say(text.slice(1));
  author.say(note.slice(1));

  await until(() => expect(client.heard.text).toMatch(/^HTTP\/1.1 201 /));
  await until(() => expect(author.heard.text).toMatch(/^HTTP\/1.1 303 /));
});
