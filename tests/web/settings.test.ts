import { expect, test } from "vitest";
import { updateRemoteImage } from "../../src/media/remote-images-store.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { MAX_FAILED_IMAGES } from "../../src/web/routes/settings.ts";
import { authorApp } from "../support/author-app.ts";
import { query, queryAll, textOf } from "../support/dom.ts";

test("settings are saved at once and shown on the site", async () => {
  const { ctx, http, send } = await authorApp();

  await send("/admin/settings", {
    site_title: "New title",
    site_description: "About things",
    author_links: "https://github.com/ada\nhttps://social.example/@ada",
    items_per_page: "7",
    colour_scheme: "dark",
    remote_images: "load",
    footer_text: "CC BY 4.0",
  }).expect(303);

  expect(readSettings(ctx.db)).toMatchObject({
    siteTitle: "New title",
    authorName: "Ada",
    itemsPerPage: 7,
    remoteImages: "load",
    authorLinks: ["https://github.com/ada", "https://social.example/@ada"],
  });
  const home = await http.get("/").expect(200);
  expect(query(home.text, "html")?.attributes["data-colour-scheme"]).toBe("dark");
  expect(textOf(query(home.text, "footer"))).toContain("CC BY 4.0");
  expect(home.headers["content-security-policy"]).toMatch(/img-src [^;]*https:/u);
});

test("every wrong setting is said at its field, nothing is saved, and what was typed stays", async () => {
  const { ctx, send } = await authorApp();

  const page = await send("/admin/settings", {
    site_title: "",
    time_zone: "Mars/Olympus",
    items_per_page: "many",
    author_links: "javascript:alert(1)",
    footer_text: "kept",
  }).expect(422);

  const wrong = queryAll(page.text, "[aria-invalid=true]").map((element) => element.attributes.name);
  expect(wrong.sort()).toEqual(["author_links", "items_per_page", "site_title", "time_zone"]);
  expect(textOf(query(page.text, "[name=footer_text]")).trim()).toBe("kept");
  expect(readSettings(ctx.db)).toMatchObject({ siteTitle: "Ada writes", footerText: "" });
});

test("as many images that could not be copied as the limit are listed, the newest, with the reason", async () => {
  const { ctx, clock, http } = await authorApp();
  for (let index = 0; index <= MAX_FAILED_IMAGES; index += 1) {
    clock.advance(1);
    const end = { reason: `No answer ${index}.`, now: ctx.clock() };
    await ctx.db.write(() => updateRemoteImage(ctx.db, `https://cats.example/${index}.jpg`, end));
  }

  const page = await http.get("/admin/settings").expect(200);

  const listed = queryAll(page.text, "details li").map(textOf);
  expect(listed).toHaveLength(MAX_FAILED_IMAGES);
  expect(listed[0]).toBe(`https://cats.example/${MAX_FAILED_IMAGES}.jpg: No answer ${MAX_FAILED_IMAGES}.`);
  expect(page.text).not.toContain("cats.example/0.jpg");
});
