import { expect, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { SITE_URL } from "../support/app.ts";
import { query, queryAll } from "../support/dom.ts";
import { openNotebook } from "../support/notebook.ts";
import { storeNotes } from "../support/stored-note.ts";

const AUTHOR = { madeBy: "admin" };

test("the address that a page of a list gives for itself is made of its place alone, whatever else was asked", async () => {
  const { ctx, http } = await openNotebook();
  await changeSettings(ctx, { itemsPerPage: 2 });
  await storeNotes(
    ctx,
    Array.from({ length: 5 }, (_, index) => ({ slug: `n${index}`, tags: [{ name: "a", label: "A" }] })),
  );

  for (const path of ["/", "/tags/a"]) {
    const first = await http.get(`${path}?utm=evil&before=`).catch(() => undefined);
    expect(first?.status).toBe(400);
    const plain = await http.get(`${path}?utm=evil`).expect(200);
    const next = query(plain.text, "link[rel=next]")?.attributes.href ?? "";
    const second = await http.get(`${next}&utm=evil`).expect(200);

    expect(plain.text).not.toContain("evil");
    expect(second.text).not.toContain("evil");
    expect(query(plain.text, "link[rel=canonical]")?.attributes.href).toBe(SITE_URL + path);
    expect(query(second.text, "link[rel=canonical]")?.attributes.href).toBe(SITE_URL + next);
    expect(query(plain.text, "meta[name=robots]")).toBeUndefined();
    expect(query(second.text, "meta[name=robots]")?.attributes.content).toBe("noindex, follow");
  }
});

test("a place before every note is the first page, one past the last note is not found", async () => {
  const { ctx, http } = await openNotebook();
  await storeNotes(ctx, [{ slug: "a" }, { slug: "b" }]);

  const first = await http.get("/?before=99990101T000000000-9").expect(200);

  expect(query(first.text, "link[rel=prev]")).toBeUndefined();
  expect(query(first.text, "link[rel=canonical]")?.attributes.href).toBe(`${SITE_URL}/`);
  await http.get("/?before=00010101T000000000-1").expect(404);
  await http.get("/?after=99990101T000000000-9").expect(404);
});

test("of two places in one address the one that leads back counts", async () => {
  const { ctx, http } = await openNotebook();
  await storeNotes(ctx, [{ slug: "a" }, { slug: "b" }, { slug: "c" }]);
  const place = (id: number) => `20260301T093000000-${id}`;

  const page = await http.get(`/?before=${place(2)}&after=${place(2)}`).expect(200);

  expect(queryAll(page.text, ".h-entry .u-url").map((link) => link.attributes.href)).toEqual(["/notes/c"]);
});

test("an unlisted note moves the time of its own page, and of no list", async () => {
  const { ctx, http, clock } = await openNotebook();
  await publishNote(ctx, { content: "one" }, AUTHOR);
  clock.advance(60);
  await publishNote(ctx, { content: "two", visibility: "unlisted" }, AUTHOR);

  const times = ["/", "/notes/one", "/notes/two"].map(async (path) => (await http.get(path)).headers["last-modified"]);

  expect(await Promise.all(times)).toEqual([
    "Sun, 01 Mar 2026 09:30:00 GMT",
    "Sun, 01 Mar 2026 09:30:00 GMT",
    "Sun, 01 Mar 2026 09:31:00 GMT",
  ]);
});

test("a page answers by the time of the newest change, and 304 when it is asked for by time", async () => {
  const { ctx, http, clock } = await openNotebook();
  await publishNote(ctx, { content: "one", tags: ["a"] }, AUTHOR);
  const pages = ["/", "/notes/one", "/tags/a", "/archive", "/archive/2026", "/archive/2026/03", "/search?q=one"];
  const modified = "Sun, 01 Mar 2026 09:30:00 GMT";

  for (const path of pages) await http.get(path).expect(200).expect("Last-Modified", modified);
  for (const path of pages) await http.get(path).set("If-Modified-Since", modified).expect(304);
  clock.advance(60);
  await publishNote(ctx, { content: "two" }, AUTHOR);

  for (const path of pages) {
    const page = await http.get(path).set("If-Modified-Since", modified);
    // The new note has another tag: nothing on this page has changed.
    expect(page.status, path).toBe(path === "/tags/a" ? 304 : 200);
  }
});
