import { expect, test } from "vitest";
import { endSession } from "../../src/auth/sessions.ts";
import { createSecret } from "../../src/lib/secrets.ts";
import { findAutosave } from "../../src/notes/autosave-store.ts";
import { sharedForm } from "../../src/web/shared-form.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent, PASSWORD } from "../support/author.ts";
import { query, textOf } from "../support/dom.ts";
import { formTo, submit } from "../support/forms.ts";
import { picture } from "../support/images.ts";

const PAGE = { title: "The tide", text: "Read this", url: "https://tide.example/now" };
/** What a browser says of a share of its own. */
const BROWSER = { "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", Origin: "null" };

async function phone() {
  const app = await testApp();
  const login = await logInAgent(app);
  return { app, login };
}

/** Posts as the share sheet of a phone does where no worker runs. */
function share(app: TestApp, fields: Record<string, string>, headers: Record<string, string> = BROWSER) {
  const request = app.http.post("/admin/share").set(headers);
  for (const [name, value] of Object.entries(fields)) request.field(name, value);
  return request;
}

function keptShares(app: TestApp) {
  return app.ctx.db.all("SELECT 1 FROM note_autosaves");
}

test("text, link and photos that the browser shares arrive in the editor, and nothing is published", async () => {
  const { app } = await phone();
  const photo = await picture(40, 30).jpeg().toBuffer();

  const answer = await share(app, PAGE).attach("photos", photo, "IMG_1.jpg").attach("photos", photo, "IMG_2.jpg");
  const editor = await app.http.get(answer.headers.location ?? "");
  const { content } = formTo(editor.text, "/admin/notes").fields;

  expect(answer.status).toBe(303);
  expect(content).toMatch(
    /^Read this\n\n\[The tide\]\(https:\/\/tide\.example\/now\)\n\n!\[\]\(\/media\/[\w-]{22}\.jpg\)\n\n!\[\]\(\/media\//u,
  );
  expect(app.ctx.db.all("SELECT 1 FROM notes")).toEqual([]);
});

test("a photo that cannot be taken loses neither the text nor the others, and the editor says why", async () => {
  const { app } = await phone();

  const answer = await share(app, PAGE)
    .attach("photos", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "drawing.svg")
    .attach("photos", await picture(40, 30).png().toBuffer(), "good.png");
  const editor = await app.http.get(answer.headers.location ?? "");

  expect(textOf(query(editor.text, ".banner p"))).toMatch(/^drawing\.svg was not taken: .+/u);
  expect(formTo(editor.text, "/admin/notes").fields.content).toMatch(
    /^Read this[\s\S]*!\[\]\(\/media\/[\w-]{22}\.png\)$/u,
  );
});

test.each([
  ["another site", { "Sec-Fetch-Site": "cross-site" }],
  ["another site, as a share", { ...BROWSER, "Sec-Fetch-Site": "cross-site" }],
  ["a site beside this one", { "Sec-Fetch-Site": "same-site" }],
  ["an old browser that says nothing", {}],
  ["a form of our own pages without its token", { "Sec-Fetch-Site": "same-origin" }],
])("a share from %s is refused, and nothing is kept", async (_what, headers) => {
  const { app } = await phone();

  const answer = await share(app, PAGE, headers);

  expect(answer.status).toBe(403);
  expect(keptShares(app)).toEqual([]);
});

test("no other address takes what the browser says it sends of its own accord", async () => {
  const { app } = await phone();

  const answer = await app.http.post("/admin/notes").set(BROWSER).type("form").send({ content: "x" });

  expect(answer.status).toBe(403);
  expect(app.ctx.db.all("SELECT 1 FROM notes")).toEqual([]);
});

test("a share that the page delivers with its token is answered with its draft, once for its key", async () => {
  const { app, login } = await phone();
  const deliver = (key: string) =>
    share(app, { ...PAGE, share_key: key }, { "X-CSRF-Token": login.csrfToken, Accept: "application/json" });
  const [key, other] = [createSecret(), createSecret()];

  const [first, again, second] = [await deliver(key), await deliver(key), await deliver(other)];

  expect(first.body.path).toMatch(/^\/admin\/notes\/new\?autosave=[\w-]{43}$/u);
  expect(again.body).toEqual(first.body);
  expect(second.body).not.toEqual(first.body);
  expect(keptShares(app)).toHaveLength(2);
  expect(findAutosave(app.ctx.db, first.body.path.split("=")[1])?.fields.content).toContain("Read this");
});

test("with an ended login the text waits on the login page and comes after it, and a script is told", async () => {
  const { app, login } = await phone();
  await endSession(app.ctx, login.id);

  const script = await share(app, PAGE, { Accept: "application/json", "X-CSRF-Token": login.csrfToken });
  const asked = await share(app, PAGE).attach("photos", await picture(9, 9).png().toBuffer(), "a.png");
  const resumed = await submit(app.http, formTo(asked.text, "/login"), { password: PASSWORD });
  const page = await app.http.get("/admin/share");

  expect([script.status, asked.status, resumed.status, page.status]).toEqual([401, 401, 200, 200]);
  expect(asked.text).toContain("must be chosen again");
  expect(formTo(resumed.text, "/admin/notes").fields.content).toContain("Read this\n\n[The tide]");
  expect(keptShares(app)).toEqual([]);
});

test.each([
  [
    { title: "T", text: "", url: "" },
    { title: "T", content: "" },
  ],
  [
    { title: "T", text: "words", url: "" },
    { title: "T", content: "words" },
  ],
  [
    { title: "T", text: "see https://a.example/x", url: "https://a.example/x" },
    { title: "T", content: "see https://a.example/x" },
  ],
  [
    { title: "", text: "", url: "https://a.example/x(y)" },
    { title: "", content: "<https://a.example/x%28y%29>" },
  ],
  [
    { title: "A [b] \\", text: "", url: "https://a.example/" },
    { title: "", content: "[A \\[b\\] \\\\](https://a.example/)" },
  ],
  [
    { title: "T", text: "", url: "javascript:alert(1)" },
    { title: "", content: "javascript:alert(1)" },
  ],
  [
    { title: "a\u0000\nb", text: " x \r\n y ", url: "" },
    { title: "a b", content: "x \n y" },
  ],
])("%j becomes %j", (shared, expected) => {
  expect(sharedForm(shared)).toMatchObject(expected);
});

test("the address of a new note says what it begins with, as the bookmarklet does, and keeps nothing", async () => {
  const { app } = await phone();

  const editor = await app.http.get(`/admin/notes/new?${new URLSearchParams({ ...PAGE, text: "> words" })}`);

  expect(formTo(editor.text, "/admin/notes").fields.content).toBe("> words\n\n[The tide](https://tide.example/now)");
  expect(editor.text).not.toContain("data-unsaved");
  expect(keptShares(app)).toEqual([]);
});
