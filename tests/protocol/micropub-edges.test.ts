import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { findNoteBySlug } from "../../src/notes/note-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { createHandlers } from "../../src/worker/handlers.ts";
import type { TestApp } from "../support/app.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { picture } from "../support/images.ts";
import { MULTIPART, multipart } from "../support/multipart.ts";
import { rawRequest } from "../support/server.ts";

type Client = TestApp & { readonly token: string };

async function client(scope = "create update delete undelete"): Promise<Client> {
  const app = await testApp();
  await createAuthor(app.ctx);
  return { ...app, token: (await createToken(app.ctx, { scope, clientId: "https://app.example/" })).token };
}

function post({ http, token }: Client) {
  return http.post("/micropub").set("Authorization", `Bearer ${token}`);
}

function pathOf(location: string | undefined): string {
  return decodeURI(new URL(location ?? "").pathname);
}

test("§3.3: a form without h and JSON without a type are entries", async () => {
  const app = await client();

  const form = await post(app).type("form").send({ content: "By form" }).expect(201);
  const json = await post(app)
    .send({ properties: { content: ["By JSON"] } })
    .expect(201);

  expect([pathOf(form.headers.location), pathOf(json.headers.location)]).toEqual(["/notes/by-form", "/notes/by-json"]);
});

test("RFC 9110, 11.1: the scheme of the token is read whatever its case, and §2: text is UTF-8, also where a charset says so", async () => {
  const app = await client();

  const answers = [
    await app.http
      .post("/micropub")
      .set("Authorization", `bEARER ${app.token}`)
      .set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
      .send("content=Gr%C3%BC%C3%9Fe+%E2%98%80"),
    await post(app)
      .set("Content-Type", 'Application/JSON; charset="utf-8"')
      .send('{"type":["h-entry"],"properties":{"content":["Grüße ☀"]}}'),
    await post(app)
      .set("Content-Type", MULTIPART)
      .send(multipart({ name: "content", value: "Grüße ☀" })),
  ];

  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(app.ctx.db.all("SELECT DISTINCT content FROM notes")).toEqual([{ content: "Grüße ☀" }]);
});

test("§3.3.2: a text is shown with its line breaks and its links, and nothing else of it is markup", async () => {
  const app = await client();

  const answer = await post(app).type("form").send({ content: "First https://a.example/x?y=1&z=2\n\n[no](link) *no*" });

  const page = await app.http.get(pathOf(answer.headers.location)).expect(200);
  expect(queryAll(query(page.text, ".e-content") ?? "", "a").map(({ attributes }) => attributes.href)).toEqual([
    "https://a.example/x?y=1&z=2",
  ]);
  expect(textOf(query(page.text, ".e-content"))).toContain("[no](link) *no*");
});

test("§4.1.1: a note with a time to come is told its address, waits unseen, and is published by its job", async () => {
  const app = await client();
  const published = addSeconds(app.ctx.clock(), 3_600);

  const answer = await post(app)
    .send({ type: ["h-entry"], properties: { content: ["Later"], published: [published] } })
    .expect(201);
  const before = (await app.http.get("/notes/later")).status;
  const note = findNoteBySlug(app.ctx.db, "later");
  app.clock.advance(3_601);
  const job = { jobId: 1, number: 1, isLast: false };
  await createHandlers(app.ctx)["notes.publish_scheduled"]({ noteId: note?.id ?? 0 }, job);

  expect([pathOf(answer.headers.location), note?.status, before]).toEqual(["/notes/later", "scheduled", 404]);
  await app.http.get("/notes/later").expect(200);
});

test("§3.4: an address that is no post of this site, also with the path of one, is an error, and so is an update by form", async () => {
  const app = await client();
  await publishNote(app.ctx, { content: "Mine", slug: "mine" }, { madeBy: "admin" });

  const elsewhere = await post(app).send({ action: "delete", url: "https://other.example/notes/mine" });
  const byForm = await post(app)
    .type("form")
    .send({ action: "update", url: `${SITE_URL}/notes/mine`, "replace[content]": "x" });

  for (const answer of [elsewhere, byForm])
    expect([answer.status, answer.body.error]).toEqual([400, "invalid_request"]);
  expect(findNoteBySlug(app.ctx.db, "mine")).toMatchObject({ content: "Mine", status: "published" });
});

test("HEAD answers a query like GET without its body, and a page of another site may ask and read what it needs", async () => {
  const app = await client();
  const headers = { Authorization: `Bearer ${app.token}`, Origin: "https://app.example" };

  for (const path of ["/micropub?q=config", "/micropub?q=source", "/micropub/media?q=source"]) {
    const get = await app.raw(rawRequest("GET", path, headers));
    const head = await app.raw(rawRequest("HEAD", path, headers));
    expect([get.status, head.status, head.body]).toEqual([200, 200, ""]);
    expect(head.headers["content-length"]).toBe(get.headers["content-length"]);
    expect(get.headers["access-control-allow-origin"]).toBe("*");
    expect(get.headers["access-control-expose-headers"]).toContain("Location");
    const asked = { "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization" };
    const preflight = await app.raw(
      rawRequest("OPTIONS", path.split("?")[0] ?? "", { Origin: "https://x.example", ...asked }),
    );
    expect(preflight.status).toBeLessThan(300);
    expect(preflight.headers["access-control-allow-headers"]).toContain("Authorization");
  }
});

test.each([
  ["/micropub", "photo"],
  ["/micropub/media", "file"],
])(
  "a file that breaks off on its way to %s leaves neither a note nor a file, in the library or on its way",
  async (path, part) => {
    const app = await client();
    const bytes = await picture(200, 150).jpeg().toBuffer();
    const whole = multipart(
      { name: "content", value: "x" },
      { name: part, fileName: "a.jpg", bytes, type: "image/jpeg" },
    );
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${app.token}\r\nContent-Type: ${MULTIPART}\r\nContent-Length: ${whole.length}\r\n\r\n`;

    await breakOff(app.port, Buffer.concat([Buffer.from(head), whole.subarray(0, whole.length - 500)]));
    const cut = await app.http
      .post(path)
      .set("Authorization", `Bearer ${app.token}`)
      .set("Content-Type", MULTIPART)
      .send(whole.subarray(0, whole.length - 500));

    expect(cut.status).toBe(400);
    const uploads = join(app.dir, "uploads");
    await expect.poll(() => (existsSync(uploads) ? readdirSync(uploads) : []), { timeout: 10_000 }).toEqual([]);
    expect(app.ctx.db.all("SELECT id FROM notes UNION ALL SELECT id FROM media")).toEqual([]);
  },
);

/** Sends a part of a request and hangs up once the server has taken it. */
function breakOff(port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.end(bytes, () => socket.destroy()));
    // The server may refuse what it has before all of it is sent.
    socket.on("error", () => {});
    socket.once("close", () => resolve());
  });
}
