import { expect, test } from "vitest";
import { changeSettings } from "../../src/site/change-settings.ts";
import { query, textOf } from "../support/dom.ts";
import { openNotebook } from "../support/notebook.ts";
import { storeNotes } from "../support/stored-note.ts";

test("a site in German has its pages, counts and errors in German, and tells apps of errors in English", async () => {
  const { ctx, http } = await openNotebook();
  await changeSettings(ctx, { language: "de-AT", itemsPerPage: 1 });
  await storeNotes(ctx, [{ slug: "a" }, { slug: "b" }]);

  const [home, archive, missing] = await Promise.all(["/", "/archive", "/notes/none"].map((path) => http.get(path)));
  const told = await http.get("/notes/none").set("Accept", "application/json");

  expect(query(home?.text ?? "", "html")?.attributes.lang).toBe("de-AT");
  expect(textOf(query(home?.text ?? "", ".pages"))).toContain("Ältere Notizen");
  expect(textOf(query(home?.text ?? "", ".site-nav"))).toContain("Archiv");
  expect(textOf(query(home?.text ?? "", ".site-nav"))).not.toContain("Archive");
  expect(archive?.text).toContain("2 Notizen");
  expect(missing?.text).toContain("Diese Seite gibt es nicht.");
  expect(told.body.detail).toBe("There is no such page.");
});

test("a site in a language without words says in English what is not the author's, and marks it", async () => {
  const { ctx, http } = await openNotebook();
  await changeSettings(ctx, { language: "fr", itemsPerPage: 1 });
  await storeNotes(ctx, [{ slug: "a" }, { slug: "b" }]);

  const { text } = await http.get("/");

  expect(query(text, "html")?.attributes.lang).toBe("fr");
  expect(query(text, ".pages")?.attributes.lang).toBe("en");
  expect(textOf(query(text, ".pages"))).toContain("Older notes");
});
