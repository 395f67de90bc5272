import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listGrants } from "../../src/auth/grant-store.ts";
import { createSetupLink } from "../../src/auth/set-up.ts";
import { createToken } from "../../src/auth/tokens.ts";
import { CODE_SECONDS } from "../../src/indieauth/consent.ts";
import { createSecret } from "../../src/lib/secrets.ts";
import { WRONG_SECRET_RATE } from "../../src/web/rate-limit.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent, PASSWORD } from "../support/author.ts";
import { formTo, submit } from "../support/forms.ts";
import { appWeb, authorizationPath, letIn, post, redemption, refresh, signIn } from "../support/sign-in-app.ts";

async function site() {
  const app = await testApp({ fetch: appWeb });
  return { app, login: await logInAgent(app) };
}

function redeem(app: TestApp, code: string, changes: Record<string, string> = {}, path = "/token") {
  const sent = { ...redemption(code), ...changes };
  return app.http.post(path).type("form").send(sent);
}

function countTokens(app: TestApp): number {
  return app.ctx.db.get<{ count: number }>("SELECT count(*) AS count FROM tokens")?.count ?? 0;
}

test("of fifty requests at once with one code exactly one gets a token, which the others end: one of them stole it", async () => {
  const { app } = await site();
  const code = await letIn(app, "create");

  const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(app, code)));

  const given = answers.filter(({ status }) => status === 200);
  expect(given).toHaveLength(1);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400, 429]));
  expect(answers.filter(({ body }) => body.access_token !== undefined)).toHaveLength(1);
  expect(countTokens(app)).toBe(1);
  expect((await post(app, given[0]?.body.access_token, "Stolen")).status).toBe(401);
  expect(listGrants(app.ctx.db)).toMatchObject([{ revokedFor: "replay" }]);
});

test.each<[string, Record<string, string>]>([
  ["guessed", { code: createSecret() }],
  ["cut short", { code: "x" }],
  ["of another app", { client_id: "https://other.example/" }],
  ["with another way back", { redirect_uri: "https://app.example/cb?2" }],
  ["with another verifier", { code_verifier: "w".repeat(43) }],
  ["without a verifier", { code_verifier: "" }],
])("a code that is %s gives nothing at either endpoint, and the right one works afterwards", async (_what, wrong) => {
  const { app } = await site();
  const code = await letIn(app, "create");

  const answers = [await redeem(app, code, wrong), await redeem(app, code, wrong, "/auth")];

  expect(answers.map(({ status, body }) => [status, body.error])).toEqual([
    [400, "invalid_grant"],
    [400, "invalid_grant"],
  ]);
  expect(countTokens(app)).toBe(0);
  expect((await redeem(app, code)).status).toBe(200);
});

test("a code that is too old gives nothing; one that comes twice gives nothing and ends all that it gave", async () => {
  const { app } = await site();
  const late = await letIn(app, "create");
  app.clock.advance(CODE_SECONDS);
  const code = await letIn(app, "create");

  const expired = await redeem(app, late);
  const first = await redeem(app, code);
  const next = await refresh(app, first.body.refresh_token);
  const replay = await redeem(app, code, {}, "/auth");

  expect([expired.status, first.status, next.status, replay.status]).toEqual([400, 200, 200, 400]);
  const after = [await post(app, next.body.access_token, "x"), await refresh(app, next.body.refresh_token)];
  expect(after.map(({ status }) => status)).toEqual([401, 400]);
});

test("a refresh token that comes twice ends the newest tokens of its family, and no other family", async () => {
  const { app } = await site();
  const [first, other] = [await signIn(app, "create"), await signIn(app, "create")];
  const second = await refresh(app, first.refresh_token);

  const replay = await refresh(app, first.refresh_token);

  expect([second.status, replay.status]).toEqual([200, 400]);
  const after = [
    await post(app, second.body.access_token, "x"),
    await refresh(app, second.body.refresh_token),
    await post(app, other.access_token, "x"),
  ];
  expect(after.map(({ status }) => status)).toEqual([401, 400, 201]);
});

test("wrong codes are counted once, at whichever endpoint they come; a right one is let through all the same", async () => {
  const { app } = await site();
  const code = await letIn(app, "create");
  const half = WRONG_SECRET_RATE.atOnce / 2;

  for (let tried = 0; tried < half; tried += 1) await redeem(app, "wrong").expect(400);
  for (let tried = 0; tried < half; tried += 1) await redeem(app, "wrong", {}, "/auth").expect(400);
  const past = [await redeem(app, "wrong"), await redeem(app, "wrong", {}, "/auth")];

  expect(past.map(({ status }) => status)).toEqual([429, 429]);
  expect((await redeem(app, code)).status).toBe(200);
});

test("nothing in the database can be used: no secret that was ever shown stands in it, in whatever spelling", async () => {
  const { app, login } = await site();
  const page = await app.http.get(authorizationPath("create"));
  const waiting = formTo(page.text, "/auth").fields.request;
  const unused = await letIn(app, "create");
  const code = await letIn(app, "create");
  const first = (await redeem(app, code)).body;
  const second = (await refresh(app, first.refresh_token)).body;
  const note = await post(app, second.access_token, "A draft").send({ "post-status": "draft" });
  const preview = await previewSecret(app, note.headers.location);
  const { token } = await createToken(app.ctx, { scope: "create", clientId: "https://script.example/" });
  const setupLink = await createSetupLink(app.ctx);
  const secrets = {
    ...{ waiting: String(waiting), unused, code, token, setupLink, preview, password: PASSWORD },
    ...{ access: first.access_token, refresh: first.refresh_token },
    ...{ secondAccess: second.access_token, secondRefresh: second.refresh_token },
    login: login.cookie.split("=")[1] ?? "",
  };

  const dump = dumpOf(app);

  expect(Object.entries(secrets).filter(([, secret]) => secret.length < 20)).toEqual([]);
  expect(isIn(dump, login.csrfToken)).toBe(true); // That it finds what is there; the next test says why this may be.
  expect(Object.entries(secrets).flatMap(([name, secret]) => (isIn(dump, secret) ? [name] : []))).toEqual([]);
});

test("the token of a login's forms, which the database has, opens nothing without its cookie", async () => {
  const { app, login } = await site();
  const body = new URLSearchParams({ csrf_token: login.csrfToken, client_id: "https://a.example/", scope: "create" });

  const answer = await fetch(`http://127.0.0.1:${app.port}/admin/tokens`, { method: "POST", body });

  expect([answer.status, countTokens(app)]).toEqual([401, 0]);
});

/** Every byte of the database and its journal, and all its values: texts as UTF-8, blobs as they are. */
function dumpOf(app: TestApp): Buffer {
  const { db } = app.ctx;
  const tables = db.all<{ name: string }>(
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'view'",
  );
  const values = tables.flatMap(({ name }) =>
    db.all<Record<string, unknown>>(`SELECT * FROM "${name}"`).flatMap((row) => Object.values(row)),
  );
  const files = readdirSync(app.dir).filter((name) => name.startsWith("starpunk.db"));
  return Buffer.concat([
    ...values.map((value) => (Buffer.isBuffer(value) ? value : Buffer.from(`${value}\n`))),
    ...files.map((name) => readFileSync(join(app.dir, name))),
  ]);
}

/** Whether a secret stands there: as it is, as the bytes that it spells, or either of them as hex or base64. */
function isIn(dump: Buffer, secret: string): boolean {
  const spelled = [Buffer.from(secret), Buffer.from(secret, "base64url")];
  const texts = spelled.flatMap((bytes) => {
    const hex = bytes.toString("hex");
    // The last characters of base64 depend on what follows.
    return [hex, hex.toUpperCase(), bytes.toString("base64").slice(0, -4), bytes.toString("base64url").slice(0, -3)];
  });
  return [...spelled, ...texts.map((text) => Buffer.from(text))].some((needle) => dump.includes(needle));
}

async function previewSecret(app: TestApp, location: string | undefined): Promise<string> {
  expect(location).toBeDefined();
  const path = "/admin/notes/1/preview-links";
  const page = await app.http.get(path).expect(200);
  const made = await submit(app.http, formTo(page.text, path));
  return /\/preview\/([\w-]{43})/u.exec(made.text)?.[1] ?? "";
}
