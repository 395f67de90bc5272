import { expect, test } from "vitest";
import { fetchCitation } from "../../src/notes/fetch-citation.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { elsewhere, POST_HTML, POST_URL } from "../support/elsewhere.ts";
import { formTo, submit } from "../support/forms.ts";

/** A site whose author has liked a page, so that what it says of itself is known. */
async function author() {
  const app = await testApp({ fetch: elsewhere({ [POST_URL]: POST_HTML }).fetch });
  await logInAgent(app);
  const like = await publishNote(app.ctx, { content: "", properties: { "like-of": [POST_URL] } }, { madeBy: "admin" });
  await fetchCitation(app.ctx, { url: POST_URL, isLastAttempt: true });
  const form = formTo((await app.http.get("/admin/notes/new")).text, "/admin/notes");
  const token = form.fields.csrf_token ?? "";
  const typed = (fields: Record<string, string>) =>
    app.http
      .post("/admin/preview")
      .type("form")
      .send({ csrf_token: token, title: "", content: "", ...fields });
  return { app, like, form, typed };
}

const words = (html: string, selector: string) =>
  queryAll(html, selector).map((element) => textOf(element).replace(/\s+/gu, " ").trim());

test("the preview of a reply shows what it answers, as the note will once it is published", async () => {
  const { app, form, typed } = await author();
  const fields = { content: "So *true*", kind: "reply", kind_url: POST_URL };

  const fragment = (await typed(fields).expect(200)).text;
  const page = (await submit(app.http, form, { ...fields, action: "preview" }).expect(200)).text;
  const published = await submit(app.http, form, { ...fields, action: "publish" }).expect(303);
  const id = Number(/\d+/u.exec(published.headers.location ?? "")?.[0]);
  const note = (await app.http.get(`/notes/${findNote(app.ctx.db, id)?.slug}`).expect(200)).text;

  expect(words(note, ".cite .cite-head")[0]).toContain("On analytical engines");
  expect(words(fragment, ".cite")).toEqual(words(note, ".cite"));
  expect(words(page, "#preview .cite")).toEqual(words(note, ".cite"));
  expect(words(fragment, ".prose")).toEqual(["So true"]);
});

test.each([
  ["a bookmark of an unknown page", { kind: "bookmark", kind_url: "https://b.example/x" }, ".bookmark-of", "Bookmark"],
  ["an answer to an invitation", { kind: "rsvp", kind_url: POST_URL, rsvp: "yes" }, ".answer", "RSVP"],
  [
    "an event",
    { title: "Tea", kind: "event", event_start: "2026-05-01T10:00", event_place: "Home" },
    ".meeting",
    "Home",
  ],
])("the preview shows %s, also without a text", async (_what, fields, selector, word) => {
  const { typed } = await author();

  const { text } = await typed(fields).expect(200);

  expect(words(text, selector)[0]).toContain(word);
});

test("a kind whose fields are not filled in yet shows the text alone, and a stored note what is stored", async () => {
  const { like, typed } = await author();

  const unfinished = await typed({ content: "Hm", kind: "like", kind_url: "" }).expect(200);
  const wrong = await typed({ content: "Hm", kind: "like", kind_url: "htt" }).expect(200);
  const stored = await typed({ content: "Hm", note_id: String(like.id), kind: "like", kind_url: "" }).expect(200);

  expect([unfinished, wrong].map(({ text }) => [words(text, ".prose"), queryAll(text, ".verb")])).toEqual([
    [["Hm"], []],
    [["Hm"], []],
  ]);
  expect(query(stored.text, ".like-of")).toBeDefined();
});
