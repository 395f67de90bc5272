import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import request from "supertest";
import { expect, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import { LOOK_EVERY_MS } from "../../src/theme/own-theme.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { until } from "../support/until.ts";

async function themedApp(files: Record<string, string>) {
  const app = await testApp();
  await logInAgent(app);
  const folder = join(app.dir, "theme");
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) put(path, text);
  await publishNote(app.ctx, { title: "Words", content: "Some words." }, { madeBy: "admin" });
  return { ...app, folder, put, stranger: request(`http://127.0.0.1:${app.port}`) };
}

test("a template of the author's makes the page, cached as ever, and a changed one drops what was kept", async () => {
  const { put, folder, stranger } = await themedApp({
    "layouts/base.njk": `<!doctype html><html lang="en"><head><title>t</title>{% block head %}{% endblock %}</head><body class="mine">{% block masthead %}{% endblock %}{% block main %}{% endblock %}</body></html>`,
  });

  const first = await stranger.get("/").expect(200);
  const unchanged = await stranger
    .get("/")
    .set("If-None-Match", first.headers.etag ?? "")
    .expect(304);
  put(
    "partials/entry.njk",
    "{% macro entry(note) %}<i>{{ note.title }}</i>{% endmacro %}{% macro line(note) %}{% endmacro %}{% macro tagList(tags) %}{% endmacro %}",
  );

  expect(query(first.text, "body.mine")).toBeDefined();
  expect(unchanged.text).toBe("");
  await until(async () => expect((await stranger.get("/")).text).toContain("<i>Words</i>"));
  rmSync(folder, { recursive: true });
  await until(async () => expect(query((await stranger.get("/")).text, "body.mine")).toBeUndefined());
});

test("where a template fails readers get the built-in page, the author an error with file and line, and health a warning", async () => {
  const { http, put, stranger } = await themedApp({ "notes/home.njk": "one\n{{ nothing }}" });

  const read = await stranger.get("/").expect(200);
  const seen = await http.get("/").expect(500);
  const other = await http.get("/archive").expect(200);

  expect(textOf(query(read.text, "main"))).toContain("Some words.");
  expect(textOf(query(seen.text, "main"))).toMatch(
    /notes\/home\.njk, line 2: It prints a value that is not there.*Readers see the built-in page/su,
  );
  expect(textOf(query(other.text, "main"))).toContain("Archive");
  expect((await stranger.get("/").set("Cookie", "session=stranger").expect(200)).text).toBe(read.text);
  const health = await http.get("/admin/health").expect(200);
  expect(health.text).toMatch(/notes\/home\.njk, line 2/u);
  const templates = await http.get("/admin/appearance/templates").expect(200);
  expect(textOf(query(templates.text, "[role=alert]"))).toContain("notes/home.njk, line 2");
  expect(queryAll(templates.text, ".badge").map(textOf)).toEqual(["fails"]);
  put("notes/home.njk", "mended {{ site.title }}");
  await until(async () => expect((await http.get("/")).text).toBe("mended Ada writes"));
});

test("a theme's error page that fails itself leaves the built-in one, for the author too", async () => {
  const { http, stranger } = await themedApp({ "error.njk": "{{ nothing }}" });

  for (const client of [http, stranger]) {
    const page = await client.get("/no-such-page").expect(404);
    expect(textOf(query(page.text, "h1"))).toBe("Not found");
  }
});

test("files of static/ are served for ever under their hash, sandboxed, and nothing else of the folder is", async () => {
  const { stranger } = await themedApp({
    "partials/site-footer.njk": `<a href="{{ asset("style.css") }}">x</a>`,
    "static/style.css": "b{}",
    "static/evil.html": "<script>",
    "notes/show.njk": "x",
  });
  const home = await stranger.get("/").expect(200);
  const path = /"(\/static\/theme\/[\w.-]+)"/u.exec(home.text)?.[1] ?? "";

  const sheet = await stranger.get(path).expect(200);

  expect(sheet.text).toBe("b{}");
  expect(sheet.headers).toMatchObject({
    "content-type": "text/css; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": expect.stringContaining("sandbox"),
  });
  for (const other of [
    "evil.AAAAAAAAAAAA.html",
    "..%2Fnotes%2Fshow.AAAAAAAAAAAA.njk",
    "style.css",
    ".AAAAAAAAAAAA.css",
  ]) {
    await stranger.get(`/static/theme/${other}`).expect(404);
  }
});

test("an address of an older file leads to the present one", async () => {
  const { stranger } = await themedApp({ "static/style.css": "b{}" });

  const sheet = await stranger.get("/static/theme/style.AAAAAAAAAAAA.css").expect(200);

  expect([sheet.text, sheet.headers["cache-control"]]).toEqual(["b{}", expect.not.stringContaining("immutable")]);
  expect(LOOK_EVERY_MS).toBe(1_000);
});
