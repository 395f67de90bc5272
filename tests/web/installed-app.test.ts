import sharp from "sharp";
import request from "supertest";
import { expect, test } from "vitest";
import { saveImage } from "../../src/media/save-image.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { bookmarklet } from "../../src/web/routes/tools.ts";
import { testApp } from "../support/app.ts";
import { createAuthor, logInAgent } from "../support/author.ts";
import { picture } from "../support/images.ts";

test("the manifest names the site, its icons and its place in the share sheet", async () => {
  const app = await testApp();
  await createAuthor(app.ctx);

  const answer = await app.http.get("/manifest.webmanifest").buffer(true);
  const manifest = JSON.parse(answer.text ?? answer.body);

  expect(answer.headers["content-type"]).toMatch(/^application\/manifest\+json\b/u);
  expect(manifest).toMatchObject({
    name: "Ada writes",
    short_name: "Ada writes",
    start_url: "/admin",
    display: "standalone",
    share_target: { action: "/admin/share", method: "POST", enctype: "multipart/form-data" },
  });
  expect(manifest.icons.map((icon: { sizes: string; purpose: string }) => [icon.sizes, icon.purpose])).toEqual([
    ["192x192", "any"],
    ["512x512", "any"],
    ["512x512", "maskable"],
  ]);
});

test.each(["built-in", "author's"])("every icon of the manifest is a PNG of its size: the %s", async (whose) => {
  const app = await testApp();
  await createAuthor(app.ctx);
  if (whose !== "built-in") {
    const { name } = await saveImage(app.ctx, { bytes: await picture(90, 60).png().toBuffer() });
    await changeSettings(app.ctx, { siteIcon: name });
  }
  const manifest = JSON.parse((await app.http.get("/manifest.webmanifest").buffer(true)).text);

  const sizes = [];
  for (const { src } of manifest.icons) {
    const { body, headers } = await app.http.get(src).expect(200);
    const { format, width, height, hasAlpha } = await sharp(body).metadata();
    sizes.push([headers["content-type"], format, width, height, src.includes("maskable") && hasAlpha]);
  }

  expect(sizes.map((size) => size.slice(0, 4))).toEqual([
    ["image/png", "png", 192, 192],
    ["image/png", "png", 512, 512],
    ["image/png", "png", 512, 512],
  ]);
  expect(sizes.at(-1)?.[4]).toBe(false);
  expect((await app.http.get("/icons/999.png")).status).toBe(404);
});

test("an icon whose file is lost gives way to our own", async () => {
  const app = await testApp();
  await createAuthor(app.ctx);
  await changeSettings(app.ctx, { siteIcon: `${"x".repeat(22)}.png` });

  const { body } = await app.http.get("/icons/192.png").expect(200);

  expect((await sharp(body).metadata()).width).toBe(192);
});

test("worker, manifest, icons and the page without a network need no login and hold nothing private", async () => {
  const app = await testApp();
  const { csrfToken } = await logInAgent(app);
  const stranger = request(`http://127.0.0.1:${app.port}`);

  const paths = ["/worker.js", "/manifest.webmanifest", "/icons/192.png", "/admin/offline"];
  const answers = await Promise.all(paths.map((path) => stranger.get(path)));
  const own = await app.http.get("/admin/offline");

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(answers.filter(({ headers }) => headers["set-cookie"] !== undefined)).toEqual([]);
  expect(own.text).toBe(answers[3]?.text);
  expect(own.text).not.toContain(csrfToken);
  expect(answers[0]?.headers["content-security-policy"]).toContain("connect-src 'self'");
});

test("the bookmarklet opens the editor of this site, and does nothing else", async () => {
  const app = await testApp();
  await logInAgent(app);

  const page = await app.http.get("/admin/tools");
  const code = bookmarklet("https://blog.example");
  const opened: string[] = [];
  const run = new Function("open", "location", "document", "getSelection", code.replace("javascript:", ""));
  run(
    (address: string) => opened.push(address),
    { href: "https://a.example/?x=1&y" },
    { title: "A & B" },
    () => "one\ntwo",
  );
  const address = new URL(opened[0] ?? "");

  expect(page.text).toContain('href="javascript:void open(');
  expect(address.origin + address.pathname).toBe("https://blog.example/admin/notes/new");
  expect(Object.fromEntries(address.searchParams)).toEqual({
    url: "https://a.example/?x=1&y",
    title: "A & B",
    text: "> one\n> two",
  });
});
