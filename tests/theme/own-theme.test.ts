import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { siteRevision } from "../../src/notes/public-changes-store.ts";
import { LOOK_EVERY_MS, OwnTheme } from "../../src/theme/own-theme.ts";
import { testContext } from "../support/context.ts";
import { fullViews } from "../support/sample-views.ts";
import { until } from "../support/until.ts";

/** A theme folder under a clock of its own. */
async function themed(files: Record<string, string> = {}) {
  const lines: { event: string; reason?: string }[] = [];
  const log = { warn: (line: { event: string }) => void lines.push(line) } as never;
  const { ctx, ...rest } = await testContext({ log });
  const folder = join(ctx.config.DATA_DIR, "theme");
  let nowMs = 1_000_000;
  let changes = 0;
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    // A clock of the file system may be too coarse to tell two writes apart.
    utimesSync(join(folder, path), nowMs / 1000, nowMs / 1000);
  };
  for (const [path, text] of Object.entries(files)) put(path, text);
  const onChange = () => {
    changes += 1;
  };
  const theme = new OwnTheme(ctx, { nowMs: () => nowMs, onChange });
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { ctx, ...rest, folder, theme, put, wait, lines, changes: () => changes };
}

const { "error.njk": full } = await fullViews();
const VIEW = { ...full, site: { ...full.site, title: "A & B" } };

function failing(theme: OwnTheme, template: string): unknown {
  const page = theme.render(template, VIEW);
  return page !== undefined && "problem" in page ? page.problem : page;
}

test("without a folder no template has a part in any page", async () => {
  const { theme, ctx } = await themed();

  expect(theme.render("notes/home.njk", VIEW)).toBeUndefined();
  expect([theme.files(), theme.problems()]).toEqual([[], []]);
  expect(ctx.db.get("SELECT 1 AS found FROM settings WHERE name = 'themeFingerprint'")).toBeUndefined();
});

test("a template takes the place of ours, escaped, and may include ours", async () => {
  const { theme } = await themed({ "error.njk": `<p>{{ site.title }}</p>{% include "partials/site-nav.njk" %}` });

  expect(theme.render("error.njk", VIEW)).toMatchObject({ html: expect.stringMatching(/^<p>A &amp; B<\/p>\s*<nav /u) });
});

test("a partial of the author's is used by our pages, and a page by our layout", async () => {
  const { theme } = await themed({
    "layouts/base.njk":
      "<b>{% block head %}{% endblock %}{% block masthead %}{% endblock %}{% block main %}{% endblock %}</b>",
  });

  expect(theme.render("error.njk", VIEW)).toMatchObject({
    html: expect.stringMatching(/^<b>.*Not found.*<\/b>\s*$/su),
  });
});

test.each([
  ["a syntax error", "x\n{% if %}", 2, /unexpected token|parse/iu],
  ["a tag that nobody knows", "\n\n{% blink %}", 3, /unknown block tag/u],
  ["a value that is not there", "a\n{{ nothing }}", 2, /prints a value that is not there/u],
  [
    "a file that is not there",
    `{% include "../../../etc/passwd" %}`,
    0,
    /template not found: \.\.\/\.\.\/\.\.\/etc\/passwd/u,
  ],
  ["a circle of includes", `{% include "error.njk" %}`, 0, /in a circle/u],
  ["a circle of layouts", `{% extends "error.njk" %}`, 0, /in a circle/u],
])("%s is a problem that names file, line and reason, said in the log once", async (_what, source, line, reason) => {
  const { theme, lines } = await themed({ "error.njk": source });

  failing(theme, "error.njk");
  failing(theme, "error.njk");

  const known = theme.problems();
  expect(known).toHaveLength(1);
  expect(known[0]).toEqual({ file: "error.njk", line, reason: expect.stringMatching(reason) });
  expect(lines).toEqual([{ event: "theme.failed", reason: expect.stringContaining("error.njk") }]);
});

test("a problem in a partial names the partial and not the page", async () => {
  const { theme } = await themed({
    "error.njk": `{% include "partials/own.njk" %}`,
    "partials/own.njk": "\n\n{{ nothing }}",
  });

  expect(failing(theme, "error.njk")).toMatchObject({ file: "partials/own.njk", line: 3 });
});

test("a layout without a block that pages fill is passed over, and the block named", async () => {
  const { theme } = await themed({ "layouts/base.njk": "<b>no content</b>", "error.njk": "fine" });

  expect(theme.problems()).toEqual([]);
  expect(theme.render("error.njk", VIEW)).toEqual({ html: "fine" });
  expect(theme.problems()).toEqual([
    { file: "layouts/base.njk", line: 0, reason: expect.stringMatching(/no block “\w+”/u) },
  ]);
});

test("the author's pages and the login stay ours, whatever lies in the folder", async () => {
  const { theme } = await themed({
    "admin/notes.njk": "mine",
    "auth/login.njk": "mine",
    "layouts/admin.njk": "mine",
    "error.njk": "x",
  });

  for (const name of ["admin/notes.njk", "auth/login.njk", "fragments/error.njk"])
    expect(theme.render(name, VIEW)).toBeUndefined();
  expect(theme.problems().map(({ file }) => file)).toEqual(["admin/notes.njk", "auth/login.njk", "layouts/admin.njk"]);
});

test("a change counts within a second and not before, and tells whoever keeps pages", async () => {
  const { theme, put, wait, changes, folder } = await themed({ "error.njk": "one" });
  expect(theme.render("error.njk", VIEW)).toEqual({ html: "one" });

  put("error.njk", "two two");
  wait(LOOK_EVERY_MS - 1);
  expect(theme.render("error.njk", VIEW)).toEqual({ html: "one" });
  wait(1);
  expect(theme.render("error.njk", VIEW)).toEqual({ html: "two two" });
  rmSync(folder, { recursive: true });
  wait(LOOK_EVERY_MS);
  expect(theme.render("error.njk", VIEW)).toBeUndefined();
  put("error.njk", "three");
  wait(LOOK_EVERY_MS);
  expect(theme.render("error.njk", VIEW)).toEqual({ html: "three" });

  expect(changes()).toBe(4);
});

test("other processes and edges hear of a change by the database, once, and a restart without one says nothing", async () => {
  const { theme, ctx } = await themed({ "error.njk": "one" });
  const before = siteRevision(ctx.db);

  theme.look();
  await until(() => expect(siteRevision(ctx.db)).toBeGreaterThan(before));
  const after = siteRevision(ctx.db);
  new OwnTheme(ctx).look();
  await ctx.db.write(() => undefined);

  expect(siteRevision(ctx.db)).toBe(after);
});

test("files of static/ have addresses that change with them, and no other file has one", async () => {
  const { theme, put, wait } = await themed({
    "error.njk": `{{ asset("style.css") }}`,
    "static/style.css": "a{}",
    "static/run.js": "alert(1)",
    "notes/home.njk": "x",
  });
  const page = theme.render("error.njk", VIEW) as { html: string };
  expect(page.html).toMatch(/^\/static\/theme\/style\.[\w-]{12}\.css$/u);
  expect(theme.findAsset(page.html)).toMatchObject({ mediaType: "text/css; charset=utf-8", bytes: Buffer.from("a{}") });

  put("static/style.css", "b{}b{}");
  wait(LOOK_EVERY_MS);

  expect(theme.findAsset(page.html)?.path).not.toBe(page.html);
  for (const name of [
    "run.AAAAAAAAAAAA.js",
    "..%2Fnotes%2Fhome.AAAAAAAAAAAA.njk",
    "../notes/home.AAAAAAAAAAAA.njk",
    "style.css",
    "",
  ]) {
    expect(theme.findAsset(`/static/theme/${name}`)).toBeUndefined();
  }
});

test("an asset that is not there is a problem of the page that asks for it", async () => {
  const { theme } = await themed({ "error.njk": `\n{{ asset("gone.css") }}` });

  expect(failing(theme, "error.njk")).toMatchObject({
    file: "error.njk",
    reason: expect.stringContaining("static/gone.css"),
  });
});
