import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, test, vi } from "vitest";
import { LOG_EVENTS, LOG_FIELDS } from "../../src/lib/log.ts";
import { formTo } from "../support/forms.ts";
import { picture } from "../support/images.ts";
import type { ServingProcess } from "../support/server-process.ts";
import { createFolder, startServing } from "../support/server-process.ts";
import { until } from "../support/until.ts";
import type { Answer, Visitor } from "../support/visitor.ts";
import { createVisitor } from "../support/visitor.ts";

// A real process on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

/** Everything that must never be in a log, each a word that nothing else contains. */
const MARKS = {
  ...{ password: "xqpassword1 in some words", wrong: "xqpassword2 in some words", next: "xqpassword3 in some words" },
  ...{
    name: "Xqname",
    site: "Xqsite",
    title: "Xqtitle",
    text: "Xqtext",
    draft: "Xqdraft",
    tag: "xqtag",
    slug: "xqslug",
  },
  ...{ micropub: "Xqmicropub", json: "Xqjson", query: "xqquery", path: "xqpath", secret: "xqsecret", agent: "Xqagent" },
  ...{ upload: "xqupload", image: "xqimage", noise: "xqnoise", fault: "Xqfault" },
} as const;

const IPV4 = "203.0.113.77";
const IPV6 = "2001:db8:77:88:99:aa:bb:cc";

type Line = Record<string, unknown>;
type Site = { server: ServingProcess; dataDir: string; author: Visitor; stranger: Visitor; secrets: Set<string> };

async function setUp({ server, author, secrets }: Site): Promise<void> {
  const link = /\/setup\?link=([\w-]{43})/.exec(server.said.stderr)?.[1] ?? "";
  secrets.add(link);
  const fields = { name: MARKS.name, site_title: MARKS.site, password: MARKS.password, time_zone: "Europe/Berlin" };
  expect((await author.fillIn(`/setup?link=${link}`, "/setup", { fields })).status).toBe(303);
}

async function logIn({ author, stranger, secrets }: Site): Promise<void> {
  const form = formTo((await author.send("/admin")).text, "/logout");
  secrets.add(String(form.fields.csrf_token));
  await author.send("/logout", {
    method: "POST",
    body: new URLSearchParams({ csrf_token: String(form.fields.csrf_token) }),
  });
  await stranger.fillIn("/login", "/login", { fields: { password: MARKS.wrong } });
  const opened = await author.fillIn("/login?next=/admin/tokens", "/login", { fields: { password: MARKS.password } });
  expect(opened.status).toBe(303);
}

async function createToken({ author, secrets }: Site): Promise<string> {
  const fields = { client_id: "https://app.example/" };
  const made = await author.fillIn("/admin/tokens", "/admin/tokens", { fields: { ...fields } });
  const token = /<code>([\w-]{43})<\/code>/.exec(made.text)?.[1] ?? "";
  secrets.add(token);
  return token;
}

async function write({ author }: Site): Promise<void> {
  const { title, text, tag, slug, draft, image, upload } = MARKS;
  const content = `${text}\n\n![${text}](http://127.0.0.1:9/${image}.png?${image})`;
  const files = { image: new File([new Uint8Array(await picture(9, 9).png().toBuffer())], `${upload}.png`) };
  const fields = { title, content, tags: tag, slug, action: "publish", alt_asked: "1" };
  expect((await author.fillIn("/admin/notes/new", "/admin/notes", { fields, files })).status).toBe(303);
  const unfinished = { title: `${draft} title`, content: draft, action: "save_draft" };
  expect((await author.fillIn("/admin/notes/new", "/admin/notes", { fields: unfinished })).status).toBe(303);
  const previewed = await author.fillIn("/admin/notes/new", "/admin/notes", {
    fields: { content: draft, action: "preview" },
  });
  expect(previewed.status).toBe(200);
  const tooLong = { title: title.repeat(200), content: text, action: "publish" };
  expect((await author.fillIn("/admin/notes/new", "/admin/notes", { fields: tooLong })).status).toBe(422);
}

async function useMicropub({ stranger, secrets }: Site, token: string): Promise<void> {
  const { micropub, json, secret, tag } = MARKS;
  const headers = { Authorization: `Bearer ${token}` };
  const form = new URLSearchParams({ access_token: token, h: "entry", content: micropub, "category[]": tag });
  const made = await stranger.send("/micropub", { method: "POST", body: form });
  const body = JSON.stringify({ type: ["h-entry"], properties: { content: [json], "mp-slug": [MARKS.slug] } });
  const madeToo = await stranger.send("/micropub", {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body,
  });
  expect([made.status, madeToo.status]).toEqual([201, 201]);
  await stranger.send(`/micropub?q=source&url=${encodeURIComponent(madeToo.headers.get("Location") ?? "")}`, {
    headers,
  });
  await stranger.send("/micropub", {
    method: "POST",
    body: new URLSearchParams({ access_token: `${secret}-token`, content: secret }),
  });
  await stranger.send("/micropub?q=config", { headers: { Authorization: `Bearer ${secret}` } });
  await stranger.send("/micropub", {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: `{"${secret}":`,
  });
  secrets.add(token);
}

async function read({ stranger }: Site): Promise<void> {
  const { slug, tag, query, path, secret, title, text } = MARKS;
  for (const address of [
    ...["/", `/notes/${slug}`, `/tags/${tag}`, "/feed.xml", `/tags/${tag}/feed.atom`, "/archive", "/health"],
    ...[`/search?q=${query}`, `/search?q=%22${query}`, `/${path}?token=${secret}&code=${secret}`, `/notes/${path}`],
    ...[
      `/media/${path}.png`,
      `/%zz${path}`,
      `/NOTES/${slug}/`,
      `/setup?link=${secret}`,
      `/login?next=/admin/${secret}`,
    ],
  ]) {
    const answer = await stranger.send(address, {
      headers: { Referer: `https://x.example/${secret}`, "User-Agent": MARKS.agent },
    });
    if (address === `/notes/${slug}`)
      expect([answer.text.includes(title), answer.text.includes(text)]).toEqual([true, true]);
  }
  await stranger.send(`/notes/${slug}`, { method: "DELETE" });
  await stranger.send("/login", { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } });
  await stranger.send("/admin/notes", { method: "POST", body: new URLSearchParams({ content: text }) });
}

async function changePassword({ author }: Site): Promise<void> {
  const action = "/admin/security/password";
  const change = (current: string) =>
    author.fillIn("/admin/security", action, { fields: { current_password: current, new_password: MARKS.next } });
  expect((await change(MARKS.wrong)).status).toBe(422);
  expect((await change(MARKS.password)).status).toBe(303);
}

/** Makes the database refuse notes, as no input can: a fault of ours. */
async function failForOnce({ author, dataDir }: Site): Promise<Answer> {
  const db = new Sqlite(join(dataDir, "starpunk.db"), { timeout: 20_000 });
  db.exec("CREATE TRIGGER break_notes BEFORE INSERT ON notes BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END");
  const failed = await author.fillIn("/admin/notes/new", "/admin/notes", { fields: { content: MARKS.fault } });
  db.exec("DROP TRIGGER break_notes");
  db.close();
  return failed;
}

/** Says something that is no proper request, and returns the answer. */
async function sayRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1", () => socket.end(text));
  let heard = "";
  socket.on("data", (chunk) => {
    heard += String(chunk);
  });
  await new Promise((resolve) => socket.once("close", resolve));
  return heard;
}

function readFolder(dir: string): string {
  return readdirSync(dir)
    .map((name) => readFileSync(join(dir, name), "utf8"))
    .join("");
}

test("the log has one line for each request and nothing of what was sent, whoever sent it and however", async () => {
  const dataDir = createFolder();
  const logDir = join(createFolder(), "logs");
  const server = await startServing(dataDir, { TRUST_PROXY: "1", LOG_LEVEL: "trace", LOG_DIR: logDir });
  await until(() => expect(server.said.stderr).toContain("(valid for one hour)\n"));
  const author = createVisitor(server.url, { "X-Forwarded-For": IPV4 });
  const stranger = createVisitor(server.url, { "X-Forwarded-For": IPV6 });
  const direct = createVisitor(server.url);
  const site: Site = { server, dataDir, author, stranger, secrets: new Set() };

  await setUp(site);
  await logIn(site);
  await write(site);
  await useMicropub(site, await createToken(site));
  await read(site);
  await direct.send(`/search?q=${MARKS.query}`);
  const failed = await failForOnce(site);
  await changePassword(site);
  const refused = [
    await sayRaw(server.port, `GET /${MARKS.noise} HTTP/1.1\r\nHost: a\r\nHost: ${MARKS.noise}\r\n\r\n`),
    await sayRaw(server.port, `${MARKS.noise} / HTTP/9.9\r\n\r\n`),
  ];
  expect(refused.filter((text) => !text.includes("Cross-Origin-Opener-Policy: same-origin"))).toEqual([]);
  await until(() => expect(server.said.stdout).toMatch(/"event":"job\.(?:run|failed)".*media\.copy_remote_image/));
  server.child.kill("SIGTERM");
  expect(await server.exited).toEqual({ code: 0, signal: null });

  const log = readFolder(logDir);
  expect(server.said.stdout).toBe(log);
  const lines = log
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const fields = new Set(["level", "time", "msg", ...LOG_FIELDS]);
  expect(lines.flatMap((line) => Object.keys(line)).filter((field) => !fields.has(field))).toEqual([]);
  expect(lines.filter(({ event }) => !LOG_EVENTS.includes(event as never))).toEqual([]);

  const answers = [author, stranger, direct].flatMap((visitor) => visitor.answers);
  const asked = [
    ...answers.map(({ headers, status }) => [headers.get("X-Request-Id"), status]),
    ...refused.map((text) => [/X-Request-Id: ([\w-]{9,})/.exec(text)?.[1], Number(text.slice(9, 12))]),
  ];
  const done = lines.filter(({ event }) => event === "request.done");
  expect(done.map(({ request_id, status }) => [request_id, status])).toEqual(asked.sort(byPlaceIn(done)));
  expect(done.filter(({ route }) => !/^(?:\/[\w:./*-]*|unmatched|malformed)$/.test(String(route)))).toEqual([]);
  expect(done.filter(({ duration_ms }) => typeof duration_ms !== "number")).toEqual([]);
  const statuses = new Set(asked.map(([, status]) => Number(status)));
  expect([...statuses].sort()).toEqual([200, 201, 301, 303, 400, 401, 404, 405, 410, 415, 422, 500]);

  const failure = lines.find(({ event }) => event === "request.failed");
  expect([failed.status, failure?.request_id]).toEqual([500, failed.headers.get("X-Request-Id")]);
  expect(failed.text).not.toContain("broken on purpose");

  const secrets = [...site.secrets, ...author.cookies, ...stranger.cookies, ...csrfTokensIn(answers)];
  expect(secrets.filter((secret) => !/^[\w-]{43,64}$/.test(secret))).toEqual([]);
  const words = [...Object.values(MARKS).map((mark) => mark.split(" ")[0] ?? ""), ...secrets];
  const lower = log.toLowerCase();
  expect(words.filter((word) => lower.includes(word.toLowerCase()))).toEqual([]);
  expect(log).not.toMatch(/203\.0\.113|2001:db8:77|127\.0\.0\.1|::1/);
  const [link = "", ...others] = words.filter((word) => server.said.stderr.includes(word));
  expect([others, server.said.stderr.split(link).length]).toEqual([[], 2]);
});

/** In the order in which their lines were written. */
function byPlaceIn(done: readonly Line[]) {
  const places = new Map(done.map(({ request_id }, index) => [request_id, index]));
  return ([one]: unknown[], [other]: unknown[]) => (places.get(one) ?? -1) - (places.get(other) ?? -1);
}

function csrfTokensIn(answers: readonly Answer[]): string[] {
  return answers.flatMap(({ text }) =>
    [...text.matchAll(/name="csrf_token" value="([^"]+)"/g)].map(([, token]) => token ?? ""),
  );
}
