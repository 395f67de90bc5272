import { expect, test } from "vitest";
import { changeSettings } from "../../src/site/change-settings.ts";
import { authorApp } from "../support/author-app.ts";
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

test("the scripts of a German author's pages have their words there, and are told of errors, in German", async () => {
  const { ctx, http, csrfToken } = await authorApp();
  await changeSettings(ctx, { language: "en", adminLanguage: "de" });
  const ask = (path: string) => http.post(path).set({ "X-CSRF-Token": csrfToken, Accept: "application/json" });

  const editor = (await http.get("/admin/notes/new").expect(200)).text;
  const offline = (await http.get("/admin/offline").expect(200)).text;
  const refused = await ask("/admin/autosaves").type("form").send({ editor_key: "x" });
  const upload = await ask("/admin/uploads").field("note_id", "");
  const app = await http.post("/micropub").send({});

  const words = query(editor, "#editor-words")?.attributes;
  expect(words?.["data-saved"]).toBe("Gespeichert");
  expect(words?.["data-uploading"]).toBe("{name} wird hochgeladen …");
  expect(JSON.parse(words?.["data-words"] ?? "")).toEqual({ one: "{count} Wort", other: "{count} Wörter" });
  expect(query(editor, "#palette-list")?.attributes["data-go-to"]).toBe("Gehe zu");
  expect(query(offline, "#share-words")?.attributes["data-nothing"]).toBe("Hier wartet nichts.");
  expect(refused.body.detail).toBe("Dieser Editor hat keinen Schlüssel. Bitte neu laden.");
  expect(upload.body.detail).toBe("Bitte zuerst ein Bild wählen.");
  expect(app.body.error_description).toContain("This needs a token.");
});
