import { Secret, TOTP } from "otpauth";
import { expect, test } from "vitest";
import { offerSecret, turnOnSecondStep } from "../../src/auth/second-step.ts";
import type { Context } from "../../src/context/context.ts";
import { CHEAP, PASSWORD } from "../support/author.ts";
import { authorApp } from "../support/author-app.ts";
import { formTo, submit } from "../support/forms.ts";

function codeOf(ctx: Context, secret: string): string {
  return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.parse(ctx.clock()) });
}

async function withSecondStep() {
  const app = await authorApp();
  const { secret } = await offerSecret(app.ctx);
  const choice = { secret, code: codeOf(app.ctx, secret), password: PASSWORD, sessionId: 1, passwordCost: CHEAP };
  const codes = await turnOnSecondStep(app.ctx, choice);
  app.clock.advance(60);
  return { ...app, secret, codes };
}

test("what was written when a login ended comes through password and code, past a wrong one, into the editor", async () => {
  const { ctx, http, send, secret } = await withSecondStep();
  await ctx.db.write(() => ctx.db.run("DELETE FROM sessions"));
  const expired = await send("/admin/notes", { content: "A text that nobody loses", action: "save" }).expect(401);

  const asked = await submit(http, formTo(expired.text, "/login"), { password: PASSWORD });
  const wrong = await submit(http, formTo(asked.text, "/login"), { code: "000000" });
  const opened = await submit(http, formTo(wrong.text, "/login"), { code: codeOf(ctx, secret) });

  expect([asked.status, wrong.status, opened.status]).toEqual([200, 401, 200]);
  expect(asked.headers["set-cookie"]).toBeUndefined();
  expect(wrong.text).toContain("That code does not do");
  expect(opened.text).toContain("A text that nobody loses");
  expect(opened.text).toContain("You are signed in again");
});

test("a code after its time leads back to the password, with the way on", async () => {
  const { ctx, clock, http, secret } = await withSecondStep();
  await ctx.db.write(() => ctx.db.run("DELETE FROM sessions"));
  const form = formTo((await http.get("/login?next=/admin/tokens")).text, "/login");
  const asked = await submit(http, form, { password: PASSWORD });
  clock.advance(3600);

  const late = await submit(http, formTo(asked.text, "/login"), { code: codeOf(ctx, secret) });

  expect(late.status).toBe(403);
  expect(late.text).toContain("enter the password again");
  expect(formTo(late.text, "/login").fields).toMatchObject({ next: "/admin/tokens", password: "" });
});

test("the offer is confirmed by the code and the password, says what is wrong at its field, and keeps its secret", async () => {
  const { ctx, http, send } = await authorApp();
  const offer = formTo((await http.get("/admin/security/second-step")).text, "/admin/security/second-step");
  const secret = String(offer.fields.secret);
  const path = "/admin/security/second-step";

  const wrongCode = await send(path, { secret, code: "000000", current_password: PASSWORD }).expect(422);
  const wrongPassword = await send(path, { secret, code: codeOf(ctx, secret), current_password: "no" }).expect(422);
  const on = await send(path, { secret, code: codeOf(ctx, secret), current_password: PASSWORD }).expect(200);

  expect(formTo(wrongCode.text, path).fields.secret).toBe(secret);
  expect(wrongCode.text).toContain("not the code that the app shows");
  expect(wrongPassword.text).toContain("not the current password");
  expect(on.text.match(/<code>[0-9A-Z-]{19}<\/code>/gu)).toHaveLength(10);
  await http.get(path).expect(303);
});

test("new recovery codes are shown once, and the second step is turned off by a button", async () => {
  const { http, send, codes } = await withSecondStep();
  await http.get("/admin/security").expect(/10 recovery codes are left/u);

  const renewed = await send("/admin/security/second-step/recovery-codes").expect(200);
  const off = await send("/admin/security/second-step/off").expect(303);
  const again = await send("/admin/security/second-step/recovery-codes").expect(409);

  expect(renewed.text).toContain("Those from before are void");
  expect(codes.filter((code) => renewed.text.includes(code))).toEqual([]);
  expect(off.headers.location).toBe("/admin/security?done=second-step-off");
  expect(again.text).toContain("There is no second step");
});
