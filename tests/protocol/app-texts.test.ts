import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { findNoteBySlug } from "../../src/notes/note-store.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { formTo, submit } from "../support/forms.ts";

const CLIENT = "https://app.example/";
const TEXT = "One *two*";

async function site(): Promise<TestApp> {
  const app = await testApp();
  await logInAgent(app);
  return app;
}

/** Publishes a text as the app and returns the HTML that became of it. */
async function publish(app: TestApp, token: string, properties: object = { content: [TEXT] }): Promise<string> {
  const answer = await app.http
    .post("/micropub")
    .set("Authorization", `Bearer ${token}`)
    .send({ type: ["h-entry"], properties });
  const slug = new URL(answer.headers.location ?? "").pathname.split("/").at(-1) ?? "";
  return findNoteBySlug(app.ctx.db, slug)?.contentHtml.trim() ?? "";
}

test("a text of an app is plain, unless its author says that the app writes Markdown, from its next text on", async () => {
  const app = await site();
  const { token } = await createToken(app.ctx, { scope: "create", clientId: CLIENT });
  const before = await publish(app, token);
  const page = await app.http.get("/admin/tokens");

  const saved = await submit(app.http, formTo(page.text, "/admin/tokens/1/texts"));

  expect(saved.status).toBe(303);
  expect(before).toBe("<p>One *two*</p>");
  expect(await publish(app, token)).toBe("<p>One <em>two</em></p>");
  const back = formTo((await app.http.get("/admin/tokens")).text, "/admin/tokens/1/texts");
  await submit(app.http, back);
  expect(await publish(app, token)).toBe("<p>One *two*</p>");
});

test("HTML stays HTML, whatever the app writes else", async () => {
  const app = await site();
  await changeSettings(app.ctx, { appTexts: "markdown" });
  const { token } = await createToken(app.ctx, { scope: "create", clientId: CLIENT });

  expect(await publish(app, token, { content: [{ html: "<p>One *two* <b>three</b></p>" }] })).toBe(
    "<p>One *two* <b>three</b></p>",
  );
});

test("the rule for new apps holds for tokens that are made after it, and leaves the others", async () => {
  const app = await site();
  const old = await createToken(app.ctx, { scope: "create", clientId: CLIENT });
  const page = await app.http.get("/admin/tokens");

  await submit(app.http, formTo(page.text, "/admin/tokens/rules"), { app_texts: "markdown", pkce: "optional" });
  const fresh = await createToken(app.ctx, { scope: "create", clientId: CLIENT });

  expect(await publish(app, old.token)).toBe("<p>One *two*</p>");
  expect(await publish(app, fresh.token)).toBe("<p>One <em>two</em></p>");
});

test("what the author ticks on the consent page counts; apps that are known for it have it ticked", async () => {
  const app = await site();
  const challenge = { code_challenge: "c".repeat(43), code_challenge_method: "S256", response_type: "code" };
  const ask = (host: string, scope: string) =>
    app.http.get(
      `/auth?${new URLSearchParams({ ...challenge, client_id: `http://${host}/`, redirect_uri: `http://${host}/cb`, scope })}`,
    );

  const unknown = formTo((await ask("localhost:1", "create")).text, "/auth");
  const reader = formTo((await ask("localhost:1", "read")).text, "/auth");

  expect([unknown.fields.writes_markdown, reader.fields.writes_markdown]).toEqual([undefined, undefined]);
  const answer = await submit(app.http, unknown, { decision: "approve", writes_markdown: "yes" });
  expect(answer.status).toBe(303);
  expect(app.ctx.db.all("SELECT writes_markdown FROM authorization_codes")).toEqual([{ writes_markdown: 1 }]);
});
