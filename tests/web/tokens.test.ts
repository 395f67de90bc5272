import { expect, test } from "vitest";
import { verifyToken } from "../../src/auth/tokens.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { formTo, submit } from "../support/forms.ts";

test("a token is shown once, right after it was made, and works", async () => {
  const { app, form } = await tokensPage();

  const made = await submit(app.http, form, { client_id: "https://app.example/", scope: ["create", "draft"] });

  expect(made.status).toBe(200);
  const token = /<code>([\w-]{43})<\/code>/.exec(made.text)?.[1] ?? "";
  const grant = await verifyToken(app.ctx, token);
  expect([grant?.clientId, [...(grant?.scopes ?? [])]]).toEqual(["https://app.example/", ["create", "draft"]]);
  const later = await app.http.get("/admin/tokens");
  expect(later.text).toContain("https://app.example/");
  expect(later.text).not.toContain(token);
});

test.each([
  [{ client_id: "my app", scope: ["create"] }, /by its address/, "my app"],
  [{ client_id: "https://app.example/", scope: [] }, /at least one scope/, "https://app.example/"],
  [{ client_id: "https://app.example/", scope: ["everything"] }, /no scope “everything”/, "https://app.example/"],
])("%j is refused at its field, with what was sent", async (sent, sentence, clientId) => {
  const { app, form } = await tokensPage();

  const answer = await submit(app.http, form, sent);

  expect(answer.status).toBe(422);
  expect(answer.text).toMatch(sentence);
  expect(formTo(answer.text, "/admin/tokens").fields.client_id).toBe(clientId);
  expect(app.ctx.db.all("SELECT * FROM tokens")).toEqual([]);
});

test("a revoked token does nothing from then on, and stays in the list without a button", async () => {
  const { app, form } = await tokensPage();
  const made = await submit(app.http, form, { client_id: "https://app.example/" });
  const token = /<code>([\w-]{43})<\/code>/.exec(made.text)?.[1] ?? "";

  const answer = await submit(app.http, formTo(made.text, "/admin/tokens/1/revoke"));

  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/tokens?done=token-revoked"]);
  expect(await verifyToken(app.ctx, token)).toBeUndefined();
  const page = await app.http.get("/admin/tokens?done=token-revoked");
  expect(page.text).toContain("Token revoked.");
  expect(page.text).toContain("https://app.example/");
  expect(() => formTo(page.text, "/admin/tokens/1/revoke")).toThrow("no form");
  expect((await submit(app.http, formTo(made.text, "/admin/tokens/1/revoke"))).status).toBe(404);
});

async function tokensPage() {
  const app = await testApp();
  await logInAgent(app);
  const page = await app.http.get("/admin/tokens").expect(200);
  return { app, form: formTo(page.text, "/admin/tokens") };
}
