import request from "supertest";
import { expect, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import { MAX_FONTS, MAX_HEADER_ALT_LENGTH } from "../../src/site/look.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { squareFont } from "../support/fonts.ts";
import { picture } from "../support/images.ts";

const PAGE = "/admin/appearance";
const ADMIN = { madeBy: "admin" };

async function authorApp() {
  const app = await testApp();
  const { csrfToken } = await logInAgent(app);
  const send = (fields: Record<string, string>) =>
    app.http
      .post(PAGE)
      .type("form")
      .send({ csrf_token: csrfToken, ...fields });
  const upload = (files: Record<string, Buffer>, fields: Record<string, string> = {}) => {
    const form = app.http.post(PAGE).field("csrf_token", csrfToken);
    for (const [name, value] of Object.entries(fields)) form.field(name, value);
    for (const [name, bytes] of Object.entries(files)) form.attach(name.replace(/\d$/u, ""), bytes, `${name}.bin`);
    return form;
  };
  const stranger = request(`http://127.0.0.1:${app.port}`);
  return { ...app, csrfToken, send, upload, stranger, look: () => readSettings(app.ctx.db) };
}

function sheetOf(html: string): string {
  return query(html, "link[rel=stylesheet]")?.attributes.href ?? "";
}

test("a theme is applied to every page at once, as one style sheet that may be kept for ever", async () => {
  const { http, send, stranger } = await authorApp();
  const before = await stranger.get("/").expect(200);

  await send({ theme: "photos", accent: "own", accent_colour: "#ffcc00" }).expect(303);

  const after = await stranger.get("/").expect(200);
  const sheets = queryAll(after.text, "link[rel=stylesheet]");
  const sheet = await stranger.get(sheetOf(after.text)).expect(200);
  expect(sheets).toHaveLength(1);
  expect(sheetOf(after.text)).not.toBe(sheetOf(before.text));
  expect(sheet.headers).toMatchObject({
    "content-type": "text/css; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
  });
  expect(sheet.text).toContain("--paper:light-dark(#f6f5f3,#0e0e0f)");
  expect(sheet.text).toMatch(/--accent:light-dark\(#[0-9a-f]{6},#ffcc00\)/u);
  expect(after.text).toContain('content="#f6f5f3" media="(prefers-color-scheme: light)"');
  const page = await http.get(PAGE).expect(200);
  expect(textOf(query(page.text, ".fitted"))).toMatch(
    /On light pages.*1\.[0-9]:1 would be hard to read.*On dark pages\. Shown as it is/su,
  );
});

test("a page that was kept asks for an older style sheet, and gets the present one to ask for again", async () => {
  const { send, stranger } = await authorApp();
  const old = sheetOf((await stranger.get("/").expect(200)).text);
  await send({ theme: "timeline" }).expect(303);

  const sheet = await stranger.get(old).expect(200);

  expect(sheet.text).toContain(".h-feed .entry::before");
  expect(sheet.headers["cache-control"]).not.toContain("immutable");
  await stranger.get("/static/theme.css").expect(404);
});

test.each([
  ["theme", "disco", "theme"],
  ["text_font", "comic", "textFont"],
  ["accent_colour", "red;}", "accentColour"],
  ["header_focus", "1 101", "headerFocus"],
  ["header_alt", "x".repeat(MAX_HEADER_ALT_LENGTH + 1), "headerAlt"],
])("a wrong %s changes nothing", async (field, value, name) => {
  const { send, look } = await authorApp();
  const before = look();

  const page = await send({ theme: "photos", accent: "own", [field]: value }).expect(422);

  expect(look()).toEqual(before);
  expect(look()[name as "theme"]).not.toBe(value);
  expect(textOf(query(page.text, "[role=alert]"))).toContain("Nothing was saved yet");
});

test("choices are looked at on real pages before anyone else sees them, and applied or forgotten from there", async () => {
  const { ctx, http, send, stranger, look } = await authorApp();
  await publishNote(ctx, { title: "Words", content: "Some words." }, ADMIN);
  const home = await stranger.get("/").expect(200);

  const way = await send({ theme: "timeline", action: "preview" }).expect(303);
  const path = way.headers.location ?? "";
  const preview = await http.get(path).expect(200);

  expect(path).toMatch(/^\/admin\/appearance\/preview\/home\?look=[\w-]+$/u);
  expect(preview.headers["cache-control"]).toBe("no-store");
  expect(query(preview.text, "meta[name=robots]")?.attributes.content).toBe("noindex");
  expect(textOf(query(preview.text, "main"))).toContain("Some words.");
  const sheet = await http.get(sheetOf(preview.text)).expect(200);
  expect(sheet.text).toContain("--paper:light-dark(#ffffff,#11151a)");
  expect(sheet.headers["cache-control"]).toBe("no-store");
  expect((await stranger.get("/").expect(200)).text).toBe(home.text);
  expect((await http.get("/").expect(200)).text).toBe(home.text);
  await stranger
    .get(path)
    .expect(303)
    .expect("Location", /^\/login/u);
  await stranger.get(sheetOf(preview.text)).expect(303);

  const links = queryAll(preview.text, ".look-bar nav a").map((link) => [textOf(link), link.attributes.href ?? ""]);
  expect(links.map(([label]) => label)).toEqual(["Home", "A note", "Archive"]);
  for (const [, href] of links) expect((await http.get(href ?? "").expect(200)).text).toContain("look-bar");
  await send({ look: query(preview.text, "[name=look]")?.attributes.value ?? "", action: "apply" }).expect(303);
  expect(look().theme).toBe("timeline");
});

test("whatever the address of a preview says, nothing but choices by the rules is shown", async () => {
  const { http } = await authorApp();
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

  for (const look of ["", "x", "%00", encode(null), encode([]), encode({ siteTitle: "Evil" }), "A".repeat(9000)]) {
    const page = await http.get(`${PAGE}/preview/home?look=${look}`).expect(200);
    expect(page.text).not.toContain("Evil");
  }
  const evil = encode({ accentColour: "red}*{display:none", theme: "timeline", fonts: [{ file: "../../x" }] });
  const sheet = await http.get(`${PAGE}/theme.css?look=${evil}`).expect(200);
  expect(sheet.text).toContain("#11151a");
  expect(sheet.text).not.toMatch(/--accent:light-dark\(red|\.\.\/|@font-face/u);
  await http.get(`${PAGE}/preview/nowhere`).expect(404);
});

test("fonts are stored, chosen by their family, served from here, and taken away again", async () => {
  const { http, upload, send, look, stranger } = await authorApp();

  await upload({
    font_files1: squareFont({ family: "Ink" }),
    font_files2: squareFont({ family: "Ink", weight: 700 }),
  }).expect(303);
  await send({ text_font: "own:Ink", heading_font: "slab" }).expect(303);

  const page = await stranger.get("/").expect(200);
  const sheet = await stranger.get(sheetOf(page.text)).expect(200);
  const font = await stranger.get(/url\((\/media\/[\w.-]+)\)/u.exec(sheet.text)?.[1] ?? "").expect(200);
  expect(look().fonts.map(({ family, weights }) => [family, weights])).toEqual([
    ["Ink", [400, 400]],
    ["Ink", [700, 700]],
  ]);
  expect(font.headers["content-type"]).toBe("font/woff2");
  expect(page.headers["content-security-policy"]).toContain("font-src 'self'");
  expect(textOf(query((await http.get(PAGE)).text, "#text_font"))).toContain("Ink (yours)");

  for (const { file } of look().fonts) await send({ remove_font: file }).expect(303);
  expect(look()).toMatchObject({ fonts: [], textFont: "theme", headingFont: "slab" });
});

test("a file that is no font is refused by name, one font past the limit with the limit; nothing is kept", async () => {
  const { upload, look } = await authorApp();
  const many = Object.fromEntries(
    Array.from({ length: MAX_FONTS }, (_, n) => [`font_files${n}`, squareFont({ family: `F${n}` })]),
  );

  const wrong = await upload({ font_files1: Buffer.from("no font") }).expect(422);
  await upload(many).expect(303);
  const full = await upload({ font_files1: squareFont({ family: "More" }) }).expect(422);

  expect(textOf(query(wrong.text, "#font_files-error"))).toContain("no WOFF2 font");
  expect(textOf(query(full.text, "#font_files-error"))).toContain(`at most ${MAX_FONTS}`);
  expect(look().fonts).toHaveLength(MAX_FONTS);
});

test("a header image stands on home with its size, its words and its middle, or on every page", async () => {
  const { ctx, upload, send, stranger, look } = await authorApp();
  await publishNote(ctx, { content: "Some words." }, ADMIN);
  const image = await picture(1800, 500).jpeg().toBuffer();

  await upload({ header_image: image }, { header_alt: "The harbour", header_focus: "50 0" }).expect(303);

  const home = await stranger.get("/").expect(200);
  const archive = await stranger.get("/archive").expect(200);
  expect(query(home.text, ".site-header img")?.attributes).toMatchObject({
    src: `/media/${look().headerImage}`,
    alt: "The harbour",
    width: "1800",
    height: "500",
  });
  expect(query(archive.text, ".site-header")).toBeUndefined();
  expect((await stranger.get(sheetOf(home.text))).text).toContain("object-position:50% 0%");
  await send({ header_place: "all" }).expect(303);
  expect(query((await stranger.get("/archive")).text, ".site-header")).toBeDefined();
  await send({ remove_header_image: "1" }).expect(303);
  expect(look().headerImage).toBe("");
});

test("what the site is made of cannot be deleted from the library, and counts as used", async () => {
  const { http, upload, look, csrfToken } = await authorApp();
  await upload({ header_image: await picture(40, 20).png().toBuffer(), font_files1: squareFont() }).expect(303);
  const [font] = look().fonts;

  for (const name of [look().headerImage, font?.file ?? ""]) {
    await http.post(`/admin/media/${name}/delete`).type("form").send({ csrf_token: csrfToken }).expect(409);
  }

  expect(queryAll((await http.get("/admin/media?show=unused").expect(200)).text, ".media-card")).toHaveLength(0);
});

test("choices without the token of the login are refused", async () => {
  const { http, look } = await authorApp();

  await http.post(PAGE).type("form").send({ csrf_token: "wrong", theme: "photos" }).expect(403);

  expect(look().theme).toBe("quiet");
});
