import { expect, test } from "vitest";
import { listDeskItems } from "../../src/desk/desk-item-store.ts";
import { saveDeskItem } from "../../src/desk/save-desk-item.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, textOf } from "../support/dom.ts";
import { fillIn, formsIn, formTo, submit } from "../support/forms.ts";

const AUTHOR = { madeBy: "admin" };

async function desk() {
  const app = await testApp();
  await logInAgent(app);
  return app;
}

test.each([
  ["/admin/snippets", "snippet", { name: "Greeting", content: "Best wishes" }],
  [
    "/admin/templates",
    "template",
    { name: "Weekly", title: "Week of {{date}}", tags: "Week", kind: "bookmark", content: "## Monday" },
  ],
  ["/admin/searches", "search", { name: "Sea", query: "tag:sea", status: "draft", sort: "relevance" }],
] as const)("at %s one is made, changed and deleted", async (path, kind, typed) => {
  const { http, ctx } = await desk();

  const made = await fillIn(http, { path, action: path }, typed);
  const [item] = listDeskItems(ctx.db, kind);
  const one = `${path}/${item?.id}`;
  const changed = await fillIn(http, { path: one, action: one }, { name: "Renamed" });
  const renamed = listDeskItems(ctx.db, kind);
  const deleted = await fillIn(http, { path, action: `${one}/delete` }, {});

  const { name: _name, ...fields } = typed;
  expect([made.status, changed.status, deleted.status]).toEqual([303, 303, 303]);
  expect(item).toMatchObject({ name: typed.name, fields });
  expect(renamed).toMatchObject([{ id: item?.id, name: "Renamed", fields }]);
  expect(listDeskItems(ctx.db, kind)).toEqual([]);
  expect((await http.get(one)).status).toBe(404);
});

test("a refused form keeps what was typed and says at the field what is wrong", async () => {
  const { http } = await desk();

  const answer = await fillIn(
    http,
    { path: "/admin/templates", action: "/admin/templates" },
    { name: " ", title: "Kept", content: "Kept too" },
  );

  expect(answer.status).toBe(422);
  expect(textOf(query(answer.text, "#name-error"))).toBe("Give it a name, by which you find it again.");
  expect(formTo(answer.text, "/admin/templates").fields).toMatchObject({ title: "Kept", content: "Kept too" });
});

test("a new note begins with a template, its placeholders filled, and nothing is saved by that", async () => {
  const { http, ctx } = await desk();
  const fields = {
    title: "Week of {{date}}",
    tags: "Week, {{year}}",
    kind: "article",
    content: "## {{weekday}}\n{{nothing}}",
  };
  await saveDeskItem(ctx, "template", { name: "Weekly", fields });

  const fresh = await http.get("/admin/notes/new");
  const begun = await http.get("/admin/notes/new?template=1");
  const unknown = await http.get("/admin/notes/new?template=99");

  expect(textOf(query(fresh.text, ".templates"))).toBe("Begin with Weekly");
  expect(formTo(begun.text, "/admin/notes").fields).toMatchObject({
    title: "Week of 2026-03-01",
    tags: "Week, 2026",
    kind: "article",
    content: "## Sunday\n{{nothing}}",
  });
  expect(formTo(unknown.text, "/admin/notes").fields.content).toBe("");
  expect(ctx.db.all("SELECT 1 FROM note_autosaves UNION ALL SELECT 1 FROM notes")).toEqual([]);
});

test("without scripts a snippet goes below the text, and all else that was typed stays", async () => {
  const { http, ctx } = await desk();
  await saveDeskItem(ctx, "snippet", { name: "Greeting", fields: { content: "Best wishes" } });
  const note = await saveDraft(ctx, { content: "x" }, AUTHOR);
  const typed = { content: "Dear reader\n", title: "A letter", tags: "Post", action: "snippet-1" };

  const onNew = await fillIn(http, { path: "/admin/notes/new", action: "/admin/notes" }, typed);
  const path = `/admin/notes/${note.id}`;
  const onNote = await fillIn(http, { path, action: path }, { ...typed, content: "" });

  expect(formTo(onNew.text, "/admin/notes").fields).toMatchObject({
    content: "Dear reader\n\nBest wishes",
    title: "A letter",
    tags: "Post",
  });
  expect(formTo(onNote.text, path).fields.content).toBe("Best wishes");
  const gone = await fillIn(
    http,
    { path: "/admin/notes/new", action: "/admin/notes" },
    { ...typed, action: "snippet-99" },
  );

  expect(formTo(gone.text, "/admin/notes").fields.content).toBe("Dear reader\n");
  expect(ctx.db.all("SELECT content FROM notes")).toEqual([{ content: "x" }]);
});

test("a search is saved where it is shown, and stands above the notes from then on", async () => {
  const { http, ctx } = await desk();
  await publishNote(ctx, { content: "By the harbour" }, AUTHOR);

  const shown = await http.get("/admin?q=harbour&status=published&sort=relevance");
  const saved = await submit(http, formTo(shown.text, "/admin/searches"), { name: "Harbour" });
  const again = await http.get(saved.headers.location ?? "");
  const plain = await http.get("/admin");

  expect(saved.headers.location).toBe("/admin?status=published&q=harbour&sort=relevance&done=search-saved");
  expect(textOf(query(again.text, ".saved [aria-current=page]"))).toBe("Harbour");
  expect(formsIn(again.text).map(({ action }) => action)).not.toContain("/admin/searches");
  expect(plain.text).toContain('href="/admin?status=published&amp;q=harbour&amp;sort=relevance"');
  expect(formsIn(plain.text).map(({ action }) => action)).not.toContain("/admin/searches");
});
