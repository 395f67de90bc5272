import { expect, test } from "vitest";
import { listAuditEvents, NEWEST } from "../../src/audit/audit-store.ts";
import { PROOF_SECONDS } from "../../src/auth/sessions.ts";
import { MAX_TRIES_PER_ADDRESS } from "../../src/auth/throttle.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent, PASSWORD } from "../support/author.ts";
import type { PageForm } from "../support/forms.ts";
import { formTo, submit } from "../support/forms.ts";

const TOKENS = "/admin/tokens";
const SENT = { client_id: "https://app.example/a b?x=<1>", scope: ["create", "media"] };

/** The form for a new token, opened before a quarter of an hour went by. */
async function lateForm(seconds = PROOF_SECONDS): Promise<{ app: TestApp; form: PageForm }> {
  const app = await testApp();
  await logInAgent(app);
  const form = formTo((await app.http.get(TOKENS)).text, TOKENS);
  app.clock.advance(seconds);
  return { app, form };
}

function tokens({ ctx }: TestApp): { client_id: string; scope: string }[] {
  return ctx.db.all("SELECT client_id, scope FROM grants");
}

test("within 15 minutes nothing is asked", async () => {
  const { app, form } = await lateForm(PROOF_SECONDS - 1);

  expect((await submit(app.http, form, SENT)).status).toBe(200);
  expect(tokens(app)).toHaveLength(1);
});

test("after 15 minutes a token is made only with the password, and of all that was typed", async () => {
  const { app, form } = await lateForm();

  const asked = await submit(app.http, form, SENT);
  const wrong = await submit(app.http, formTo(asked.text, TOKENS), { proof_password: "not the password" });
  const before = tokens(app);
  const done = await submit(app.http, formTo(wrong.text, TOKENS), { proof_password: PASSWORD });
  const next = await submit(app.http, formTo(done.text, TOKENS), { ...SENT, scope: "create" });

  expect([asked.status, wrong.status, done.status, next.status]).toEqual([403, 403, 200, 200]);
  expect(asked.text).toContain("Is it still you?");
  expect(wrong.text).toContain("That is not the password.");
  expect(wrong.text).not.toContain('not the password"');
  expect(before).toEqual([]);
  expect(tokens(app)).toEqual([
    { client_id: new URL(SENT.client_id).href, scope: "create media" },
    { client_id: new URL(SENT.client_id).href, scope: "create" },
  ]);
  const kinds = listAuditEvents(app.ctx.db, {}, { before: NEWEST, limit: 4 }).map(({ kind }) => kind);
  expect(kinds).toEqual(["token.make", "token.make", "login.prove", "login.refuse"]);
});

test("so are the rules of letting apps in, and the answer to an app that asks to be let in; refusing needs no proof", async () => {
  const app = await testApp({
    fetch: async (url) => ({ ok: true, status: 404, headers: new Map(), body: Buffer.from(""), url }),
  });
  await logInAgent(app);
  const ask = `/auth?${new URLSearchParams({
    response_type: "code",
    client_id: "https://app.example/",
    redirect_uri: "https://app.example/cb",
    state: "s",
    scope: "create",
    code_challenge: "c".repeat(43),
    code_challenge_method: "S256",
  })}`;
  const rules = formTo((await app.http.get(TOKENS)).text, `${TOKENS}/rules`);
  const [first, second] = [await app.http.get(ask), await app.http.get(ask)];
  app.clock.advance(PROOF_SECONDS);

  const refused = await submit(app.http, formTo(first.text, "/auth"), { decision: "deny" });
  const asked = await submit(app.http, formTo(second.text, "/auth"), { decision: "approve", length: "day" });
  const askedRules = await submit(app.http, rules, { pkce: "optional" });
  const allowed = await submit(app.http, formTo(asked.text, "/auth"), { proof_password: PASSWORD });

  expect([refused.status, asked.status, askedRules.status, allowed.status]).toEqual([303, 403, 403, 303]);
  expect(asked.headers["content-security-policy"]).toContain("form-action 'self' https://app.example");
  expect(allowed.headers.location).toMatch(/^https:\/\/app\.example\/cb\?code=/);
  expect(app.ctx.db.all("SELECT lasts_seconds FROM authorization_codes")).toEqual([{ lasts_seconds: 86_400 }]);
});

test("too many wrong passwords are slowed down, and a script is told", async () => {
  const { app, form } = await lateForm();
  const script = app.http
    .post(TOKENS)
    .set("HX-Request", "true")
    .type("form")
    .send({ ...form.fields, ...SENT });
  const asked = await submit(app.http, form, SENT);

  for (let count = 0; count < MAX_TRIES_PER_ADDRESS; count += 1) {
    await submit(app.http, formTo(asked.text, TOKENS), { proof_password: "" });
  }
  const slowed = await submit(app.http, formTo(asked.text, TOKENS), { proof_password: PASSWORD });

  expect([slowed.status, slowed.headers["retry-after"]]).toEqual([429, "3600"]);
  expect((await script).status).toBe(403);
  expect(tokens(app)).toEqual([]);
});

test("the page that only asks leads on to where it was opened from, and nowhere else", async () => {
  const { app } = await lateForm();
  const target = "/admin/settings?a=1&b=2";

  const page = await app.http.get(`/admin/proof?next=${encodeURIComponent(target)}`).expect(200);
  const action = `/admin/proof?next=${encodeURIComponent(target)}`;
  const wrong = await submit(app.http, formTo(page.text, action), { proof_password: "no" });
  const right = await submit(app.http, formTo(wrong.text, action), { proof_password: PASSWORD });
  const fresh = await app.http.get(action);
  const elsewhere = await app.http.get("/admin/proof?next=//evil.example");

  expect([wrong.status, right.status, right.headers.location]).toEqual([403, 303, target]);
  expect([fresh.status, fresh.headers.location]).toEqual([303, target]);
  expect(elsewhere.headers.location).toBe("/admin");
});
