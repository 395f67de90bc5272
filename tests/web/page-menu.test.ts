import { expect, test } from "vitest";
import { changeSite } from "../../src/notes/change-site.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { publishDraft, retractNote, reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, restoreNote, trashNote } from "../../src/notes/trash.ts";
import { MAX_NAVIGATION_ENTRIES } from "../../src/site/navigation.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { queryAll } from "../support/dom.ts";
import { fillIn, formTo } from "../support/forms.ts";

const origin = { madeBy: "admin" };
const NEW = { path: "/admin/notes/new?place=page", action: "/admin/notes" };

async function authorSite() {
  const app = await testApp();
  await logInAgent(app);
  return app;
}

function menu({ ctx }: Pick<TestApp, "ctx">): string[] {
  return readSettings(ctx.db)
    .navigation.map(({ label, address }) => `${label} ${address}`)
    .slice(3);
}

test("one box of the editor puts a page into the menu of every page, and takes it out again", async () => {
  const app = await authorSite();
  const { http } = app;

  await fillIn(http, NEW, { title: "About", content: "Me.", in_menu: "1", action: "publish" });
  const home = await http.get("/");
  const ticked = formTo((await http.get("/admin/notes/1")).text, "/admin/notes/1").fields;
  const { in_menu: _box, ...others } = ticked;
  await http
    .post("/admin/notes/1")
    .type("form")
    .send({ ...others, action: "update" });

  expect(queryAll(home.text, ".site-nav a").at(-1)?.attributes.href).toBe("/about");
  expect(ticked).toMatchObject({ place: "page", in_menu: "1" });
  expect(menu(app)).toEqual([]);
});

test("a page that is written for the menu comes into it when it comes out, and goes with it", async () => {
  const app = await authorSite();
  const { ctx, http } = app;
  await fillIn(http, NEW, { title: "Now", content: "Here.", in_menu: "1", action: "save_draft" });
  const seen = [menu(app)];

  await publishDraft(ctx, 1, { origin });
  seen.push(menu(app));
  await retractNote(ctx, 1, { origin });
  seen.push(menu(app));
  await publishDraft(ctx, 1, { origin });
  await trashNote(ctx, 1, origin);
  seen.push(menu(app));
  await restoreNote(ctx, 1, origin);
  seen.push(menu(app));
  await eraseNote(ctx, 1);
  seen.push(menu(app));

  expect(seen).toEqual([[], ["Now /now"], [], [], ["Now /now"], []]);
});

test("the entry of a page follows its address and its title, but not where the author called it otherwise", async () => {
  const app = await authorSite();
  const { ctx } = app;
  const page = await publishNote(ctx, { kind: "page", title: "About", content: "Me.", inMenu: true }, origin);

  await reviseNote(ctx, page.id, { slug: "about-me", title: "About me", origin });
  const followed = menu(app);
  const entries = readSettings(ctx.db).navigation.map((entry) => ({
    ...entry,
    label: entry.label.replace("About me", "Me"),
  }));
  await changeSite(ctx, { navigation: entries });
  await reviseNote(ctx, page.id, { slug: "me", title: "Who", origin });

  expect(followed).toEqual(["About me /about-me"]);
  expect(menu(app)).toEqual(["Me /me"]);
});

test("a page that becomes a note leaves the menu, and one that the author took out of it stays out", async () => {
  const app = await authorSite();
  const { ctx } = app;
  const page = await publishNote(ctx, { kind: "page", title: "About", content: "Me.", inMenu: true }, origin);
  const other = await publishNote(ctx, { kind: "page", title: "Uses", content: "x", inMenu: true }, origin);
  await changeSite(ctx, { navigation: readSettings(ctx.db).navigation.slice(0, 4) });

  await reviseNote(ctx, page.id, { kind: "article", origin });
  await reviseNote(ctx, other.id, { content: "y", origin });

  expect(menu(app)).toEqual([]);
});

test("a page that leaves the menu leaves it with every entry that it has there", async () => {
  const app = await authorSite();
  const { ctx } = app;
  const page = await publishNote(ctx, { kind: "page", title: "About", content: "Me.", inMenu: true }, origin);
  const { navigation } = readSettings(ctx.db);
  await changeSite(ctx, { navigation: [...navigation, { label: "Who", address: "/about" }] });

  await retractNote(ctx, page.id, { origin });

  expect(menu(app)).toEqual([]);
});

test("a menu that is full says so at the box, and nothing is saved; a page that comes out by itself stays out of it", async () => {
  const app = await authorSite();
  const { ctx, http } = app;
  const full = Array.from({ length: MAX_NAVIGATION_ENTRIES }, (_, at) => ({ label: `E${at}`, address: `/e${at}` }));
  await changeSite(ctx, { navigation: full });
  const draft = await saveDraft(
    ctx,
    { kind: "page", title: "Later", content: "x", properties: { "in-menu": ["true"] } },
    origin,
  );

  const refused = await fillIn(http, NEW, { title: "About", content: "Me.", in_menu: "1", action: "publish" });
  await publishDraft(ctx, draft.id, { origin });

  expect(refused.status).toBe(422);
  expect(refused.text).toContain(`The menu has ${MAX_NAVIGATION_ENTRIES} entries`);
  expect((await http.get("/about")).status).toBe(404);
  expect((await http.get("/later")).status).toBe(200);
  expect(readSettings(ctx.db).navigation).toEqual(full);
});

test("ticking the box is no change that readers are told of", async () => {
  const app = await authorSite();
  const page = await publishNote(app.ctx, { kind: "page", title: "About", content: "Me." }, origin);
  app.clock.advance(60_000);

  const saved = await reviseNote(app.ctx, page.id, { properties: { "in-menu": ["true"] }, inMenu: true, origin });

  expect(saved.updatedAt).toBeUndefined();
  expect(menu(app)).toEqual(["About /about"]);
});
