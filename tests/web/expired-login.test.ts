import { expect, test } from "vitest";
import { endSession } from "../../src/auth/sessions.ts";
import { MAX_TRIES_PER_ADDRESS, reserveTry } from "../../src/auth/throttle.ts";
import { testApp } from "../support/app.ts";
import { createLogin, logInAgent, PASSWORD } from "../support/author.ts";
import { formTo, submit } from "../support/forms.ts";

const TEXT = 'A long walk.\r\n\r\nWith <b>"quotes"</b> & two\r\nlines, 🦊 and <textarea>.';
const NOTE = { title: "Walk", content: TEXT, tags: "walks, dusk", visibility: "unlisted", action: "publish" };

test("a note that is sent with an ended login comes back in the editor, unsaved, and can then be published", async () => {
  const { app, form } = await writing();

  const asked = await submit(app.http, form, NOTE);
  expect(asked.status).toBe(401);
  expect(asked.text).toContain("is kept on this page");
  expect(app.ctx.db.all("SELECT * FROM notes")).toEqual([]);

  const resumed = await submit(app.http, formTo(asked.text, "/login"), { password: PASSWORD });
  expect(resumed.status).toBe(200);
  expect(resumed.text).toContain("You are signed in again. Your text is here, not saved yet.");
  expect(app.ctx.db.all("SELECT * FROM notes")).toEqual([]);
  const editor = formTo(resumed.text, "/admin/notes");
  expect(lines(editor.fields.content)).toBe(lines(TEXT));
  expect(editor.fields).toMatchObject({ title: "Walk", tags: "walks, dusk", visibility: "unlisted" });

  const saved = await submit(app.http, editor, { action: "publish" });
  expect(saved.status).toBe(303);
  const stored = app.ctx.db.all<{ title: string; content: string }>("SELECT title, content FROM notes");
  expect(stored.map(({ title, content }) => [title, lines(content)])).toEqual([["Walk", lines(TEXT)]]);
});

test("the login page and its log-in lose nothing to a wrong password, a stale form or a limit", async () => {
  const { app, form } = await writing();
  const asked = await submit(app.http, form, NOTE);

  const wrong = await submit(app.http, formTo(asked.text, "/login"), { password: "not this one" });
  expect(wrong.status).toBe(401);
  const stale = await submit(app.http, formTo(wrong.text, "/login"), { password: PASSWORD, csrf_token: "stale" });
  expect(stale.status).toBe(403);
  for (let count = 1; count < MAX_TRIES_PER_ADDRESS; count += 1) await reserveTry(app.ctx, { address: "127.0.0.1" });
  const slowed = await submit(app.http, formTo(stale.text, "/login"), { password: PASSWORD });
  expect([slowed.status, slowed.headers["retry-after"]]).toEqual([429, "3600"]);
  app.clock.advance(3600);
  const resumed = await submit(app.http, formTo(slowed.text, "/login"), { password: PASSWORD });

  expect(lines(formTo(resumed.text, "/admin/notes").fields.content)).toBe(lines(TEXT));
});

test("images that were chosen are passed over, the text with them is kept", async () => {
  const { app, form } = await writing();
  const request = app.http.post(form.action);
  for (const [name, value] of Object.entries({ ...form.fields, ...NOTE })) request.field(name, value);

  const asked = await request.attach("image", Buffer.alloc(3_000_000, 1), "walk.jpg");

  expect(asked.status).toBe(401);
  expect(asked.text).toContain("must be chosen again");
  const resumed = await submit(app.http, formTo(asked.text, "/login"), { password: PASSWORD });
  expect(lines(formTo(resumed.text, "/admin/notes").fields.content)).toBe(lines(TEXT));
});

test("the longest note that there may be survives", async () => {
  const { app, form } = await writing();
  const content = "ζ".repeat(131_072);

  const asked = await submit(app.http, form, { ...NOTE, content });
  const resumed = await submit(app.http, formTo(asked.text, "/login"), { password: PASSWORD });

  expect([asked.status, resumed.status]).toEqual([401, 200]);
  expect(formTo(resumed.text, "/admin/notes").fields.content).toBe(content);
});

test("an editor that was opened under an older login gets its text back with the present login's token", async () => {
  const { app, form } = await writing();
  app.http.jar.setCookie((await createLogin(app.ctx)).cookie, "127.0.0.1", "/");

  const answer = await submit(app.http, form, NOTE)
    .set("Sec-Fetch-Site", "same-origin")
    .set("Origin", "http://blog.example");

  expect(answer.status).toBe(403);
  expect(answer.text).toContain("Your login has changed");
  const editor = formTo(answer.text, "/admin/notes");
  expect(lines(editor.fields.content)).toBe(lines(TEXT));
  expect((await submit(app.http, editor, { action: "publish" })).status).toBe(303);
  // Without a browser's word that it comes from us, the text might be a stranger's.
  expect((await submit(app.http, form, NOTE)).text).not.toContain("A long walk");
});

test("another form than a note's comes back as one button, without passwords", async () => {
  const { app } = await writing();
  const sent = { client_id: "https://app.example/", scope: ["create", "media"], csrf_token: "old", new_password: "x" };

  const asked = await app.http.post("/admin/tokens").type("form").send(sent);
  expect(asked.status).toBe(401);
  const resumed = await submit(app.http, formTo(asked.text, "/login"), { password: PASSWORD });

  expect(resumed.status).toBe(200);
  const again = formTo(resumed.text, "/admin/tokens");
  expect(again.fields).toMatchObject({ client_id: "https://app.example/", scope: ["create", "media"] });
  expect(Object.keys(again.fields)).not.toContain("new_password");
  const done = await submit(app.http, again);
  expect(done.status).toBe(200);
  expect(done.text).toMatch(/<code>[\w-]{43}<\/code>/);
});

test("what is kept cannot lead to another site, nor be planted by one", async () => {
  const { app, form } = await writing();

  const planted = await submit(app.http, form, NOTE).set("Sec-Fetch-Site", "cross-site");
  expect(planted.status).toBe(403);
  expect(planted.text).not.toContain("A long walk");

  const asked = await submit(app.http, form, NOTE);
  const fields = { password: PASSWORD, next: "//evil.example/admin" };
  const resumed = await submit(app.http, formTo(asked.text, "/login"), fields);
  expect(resumed.status).toBe(200);
  expect(resumed.text).not.toContain("evil.example");
});

test("a part of a page is told with 401; what only looks is led to the login, what is being written is not", async () => {
  const { app } = await writing();

  const looked = await app.http
    .get("/admin")
    .set("HX-Request", "true")
    .set("HX-Current-URL", "http://blog.example/admin?q=1");
  const typed = await app.http.post("/admin/preview").set("HX-Request", "true").type("form").send({ content: "x" });

  expect([looked.status, looked.headers["hx-redirect"]]).toEqual([401, "/login?next=%2Fadmin%3Fq%3D1"]);
  expect([typed.status, typed.headers["hx-redirect"]]).toEqual([401, undefined]);
  expect(typed.text).not.toContain("<html");
});

/** An editor whose login has ended while the author wrote. */
async function writing() {
  const app = await testApp();
  const login = await logInAgent(app);
  const page = await app.http.get("/admin/notes/new").expect(200);
  await endSession(app.ctx, login.id);
  return { app, form: formTo(page.text, "/admin/notes") };
}

function lines(text: unknown): string {
  return String(text).replace(/\r\n/g, "\n");
}
