import { expect, test } from "vitest";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, textOf } from "../support/dom.ts";
import { formsIn, formTo, submit } from "../support/forms.ts";
import { picture } from "../support/images.ts";

async function home() {
  const app = await testApp();
  await logInAgent(app);
  const form = () => app.http.get("/admin").then(({ text }) => quickForm(text));
  const notes = () => app.ctx.db.all<{ content: string; status: string }>("SELECT content, status FROM notes");
  return { app, form, notes };
}

function quickForm(html: string) {
  const form = formsIn(html).find(({ fields }) => fields.from === "home");
  if (form === undefined) throw new Error("The page has no quick-post box.");
  return form;
}

test("a short note is published from the home of the author's pages, which says so", async () => {
  const { app, form, notes } = await home();

  const box = await form();
  const answer = await submit(app.http, box, { content: "Rain again", tags: "Weather", action: "publish" });
  const after = await app.http.get(answer.headers.location ?? "");

  expect(answer.headers.location).toBe(`/admin?done=published&saved=${box.fields.editor_key}`);
  expect(textOf(query(after.text, ".banner p"))).toBe("Published.");
  expect(notes()).toEqual([{ content: "Rain again", status: "published" }]);
  expect((await app.http.get("/tags/weather")).text).toContain("Rain again");
});

test("pressed twice it makes one note", async () => {
  const { app, form, notes } = await home();
  const box = await form();

  const answers = await Promise.all([1, 2].map(() => submit(app.http, box, { content: "Once", action: "publish" })));

  expect(answers.map(({ status }) => status)).toEqual([303, 303]);
  expect(notes()).toHaveLength(1);
});

test("a photo goes below the text, and the editor asks once what it shows", async () => {
  const { app, form, notes } = await home();
  const box = await form();
  const request = app.http.post(box.action);
  for (const [name, value] of Object.entries({ ...box.fields, content: "Look", action: "publish" })) {
    request.field(name, value);
  }

  const asked = await request.attach("image", await picture(30, 20).png().toBuffer(), "a.png").expect(200);
  const before = notes();
  await submit(app.http, formTo(asked.text, "/admin/notes"), { action: "publish", alt_asked: "1" }).expect(303);

  expect(before).toEqual([]);
  expect(notes()[0]?.content).toMatch(/^Look\n\n!\[\]\(\/media\/[\w-]{22}\.png\)\n$/u);
});

test("what cannot be saved comes back in the editor with the reason, and what was typed with it", async () => {
  const { app, form, notes } = await home();

  const answer = await submit(app.http, await form(), { content: "Kept", tags: "x".repeat(100), action: "publish" });
  const editor = formsIn(answer.text).find(({ fields }) => fields.editor_key !== undefined);

  expect(answer.status).toBe(422);
  expect(textOf(query(answer.text, "#tags-error"))).toContain("A tag is longer than");
  expect(editor?.fields).toMatchObject({ content: "Kept", tags: "x".repeat(100) });
  expect(notes()).toEqual([]);
});

test("it goes on in the editor with all that was typed, and nothing is saved by that", async () => {
  const { app, form, notes } = await home();
  const box = await form();

  const answer = await submit(app.http, box, { content: "A longer story", tags: "Sea", action: "continue" });
  const editor = formsIn(answer.text).find(({ fields }) => fields.editor_key !== undefined);

  expect(answer.status).toBe(200);
  expect(editor?.fields).toMatchObject({
    content: "A longer story",
    tags: "Sea",
    form_key: box.fields.form_key,
    editor_key: box.fields.editor_key,
  });
  expect(notes()).toEqual([]);
});

test("it stands at the head of all notes, and in no search or narrower list", async () => {
  const { app } = await home();

  const pages = await Promise.all(["/admin?q=x", "/admin?status=draft"].map((path) => app.http.get(path)));

  expect(pages.flatMap(({ text }) => formsIn(text)).filter(({ fields }) => fields.from === "home")).toEqual([]);
});
