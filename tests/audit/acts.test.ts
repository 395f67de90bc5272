import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { AuditEvent } from "../../src/audit/audit-event.ts";
import { listAuditEvents, NEWEST } from "../../src/audit/audit-store.ts";
import { machine } from "../../src/audit/record.ts";
import { revokeGrant, setWritesMarkdown } from "../../src/auth/grants.ts";
import { offerSecret, turnOnSecondStep } from "../../src/auth/second-step.ts";
import { MAX_TRIES_IN_ALL, MAX_TRIES_PER_ADDRESS, reserveTry, TRY_SECONDS } from "../../src/auth/throttle.ts";
import { createToken, verifyToken } from "../../src/auth/tokens.ts";
import { approveRequest, denyRequest, keepRequest } from "../../src/indieauth/consent.ts";
import { redeemForTokens, refreshTokens, revokePresented } from "../../src/indieauth/token-grants.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { createAuthor, createLogin, logInAgent, PASSWORD } from "../support/author.ts";
import type { TestContext } from "../support/context.ts";
import { testContext } from "../support/context.ts";
import { formTo, submit } from "../support/forms.ts";

const CLIENT = "https://app.example/";
const VERIFIER = "v".repeat(43);
const ASKED = {
  clientId: CLIENT,
  redirectUri: "https://app.example/cb",
  state: "a state that nobody else knows",
  scopes: ["create", "profile"],
  codeChallenge: createHash("sha256").update(VERIFIER).digest("base64url"),
};

/** Oldest first. */
function events({ ctx }: Pick<TestContext, "ctx">): AuditEvent[] {
  return listAuditEvents(ctx.db, {}, { before: NEWEST, limit: 1_000 }).reverse();
}

function kinds(app: Pick<TestContext, "ctx">): string[] {
  return events(app).map(({ kind }) => kind);
}

async function logInByForm(app: TestApp, password: string) {
  const form = formTo((await app.http.get("/login")).text, "/login");
  return submit(app.http, form, { password });
}

async function letIn({ ctx }: TestContext) {
  const name = await keepRequest(ctx, ASKED, "An app");
  const target = new URL(
    await approveRequest(ctx, name, { scopes: ["create"], length: "year", writesMarkdown: false }),
  );
  const code = target.searchParams.get("code") ?? "";
  return { code, clientId: CLIENT, redirectUri: ASKED.redirectUri, codeVerifier: VERIFIER };
}

test("set-up, refusals, sign-ins and sign-outs are written down with who, where from and by which request", async () => {
  const app = await testApp();
  await createAuthor(app.ctx);

  const refused = await logInByForm(app, "not the password");
  const opened = await logInByForm(app, PASSWORD);
  const own = formTo((await app.http.get("/admin/logins")).text, "/logout");
  const ended = await submit(app.http, own);

  const stranger = { sort: "stranger", name: "", network: "127.0.0.0/24" };
  const author = { sort: "author", name: "1", network: "127.0.0.0/24" };
  const by = (answer: typeof ended) => String(answer.headers["x-request-id"]);
  expect(events(app)).toMatchObject([
    { kind: "site.set_up", doer: { sort: "machine" } },
    { kind: "login.refuse", doer: { ...stranger, requestId: by(refused) }, detail: "wrong password" },
    { kind: "login.open", doer: { ...author, requestId: by(opened) }, detail: "password" },
    { kind: "login.end", doer: { ...author, requestId: by(ended) }, detail: "login 1" },
  ]);
});

test("sign-ins past the limit are written down once an hour, for an address and for all together", async () => {
  const app = await testContext();
  const { ctx, clock } = app;
  const doers = (network: string) => ({ ...ctx, doer: { ...machine(""), sort: "stranger" as const, network } });
  const tryFrom = (address: string) => reserveTry(doers(address), { address }).catch(() => undefined);
  const flood = async () => {
    for (let count = 0; count < MAX_TRIES_PER_ADDRESS + 5; count += 1) await tryFrom("192.0.2.7");
    for (let count = 0; count < MAX_TRIES_IN_ALL; count += 1) await tryFrom(`198.51.100.${count}`);
  };

  await flood();
  await Promise.all(Array.from({ length: 5 }, () => tryFrom("192.0.2.7")));
  const firstHour = events(app).map(({ kind, doer, detail }) => [kind, doer.network, detail]);
  clock.advance(TRY_SECONDS);
  await flood();

  expect(firstHour).toEqual([
    ["login.refuse", "192.0.2.7", "too many tries; more of them are not listed for an hour"],
    ["login.refuse", "198.51.100.80", "too many tries from everywhere; more of them are not listed for an hour"],
  ]);
  expect(events(app)).toHaveLength(4);
});

test("a wrong password is written down wherever it is asked for", async () => {
  const app = await testContext();
  const { ctx } = app;
  await createAuthor(ctx);
  const { secret } = await offerSecret(ctx);

  const choice = { secret, code: "000000", password: "a wrong one", sessionId: 1 };
  await expect(turnOnSecondStep(ctx, choice)).rejects.toMatchObject({ field: "current_password" });

  expect(events(app).at(-1)).toMatchObject({
    kind: "login.refuse",
    detail: "wrong password, to turn the second step on",
  });
});

test("settings are written down by name where they changed, and the password without a word of it", async () => {
  const app = await testApp();
  await logInAgent(app);
  const page = (await app.http.get("/admin/settings")).text;

  await submit(app.http, formTo(page, "/admin/settings"), { site_title: "A quite secret title" });
  await submit(app.http, formTo(page, "/admin/settings"), { site_title: "A quite secret title" });
  const passwords = { current_password: PASSWORD, new_password: "another quiet walk" };
  const change = formTo((await app.http.get("/admin/security")).text, "/admin/security/password");
  await submit(app.http, change, { ...passwords, current_password: "a wrong one" });
  await submit(app.http, change, passwords);

  expect(events(app).slice(2)).toMatchObject([
    { kind: "settings.change", doer: { sort: "author", name: "1", userAgent: "" }, detail: "siteTitle" },
    { kind: "login.refuse", doer: { sort: "author" }, detail: "wrong password, to change it" },
    { kind: "password.change", doer: { sort: "author" }, detail: "" },
  ]);
});

test("what an app is let in for, given, refreshes and gives up is written down, and what came twice", async () => {
  const app = await testContext();
  const { ctx } = app;
  const first = await letIn(app);
  const tokens = await redeemForTokens(ctx, first);
  const refresh = { refreshToken: tokens.refreshToken, clientId: CLIENT, scope: "" };
  await refreshTokens(ctx, refresh);
  await expect(refreshTokens(ctx, refresh)).rejects.toThrow("does not work");
  await expect(refreshTokens(ctx, refresh)).rejects.toThrow("does not work");
  const second = await redeemForTokens(ctx, await letIn(app));
  await revokePresented(ctx, second.accessToken);
  await revokePresented(ctx, second.accessToken);
  const stolen = await letIn(app);
  await redeemForTokens(ctx, stolen);
  await expect(redeemForTokens(ctx, stolen)).rejects.toThrow("does not work");
  await denyRequest(ctx, await keepRequest(ctx, ASKED, ""));

  const told = events(app).map(({ kind, doer, detail }) => `${kind} ${doer.sort} ${detail}`);
  expect(told).toEqual([
    "app.ask machine https://app.example/: create profile",
    "app.allow machine https://app.example/: create, year",
    "token.issue app grant 1: create",
    "token.refresh app grant 1",
    "token.replay app grant 1: a used refresh token came again",
    "app.ask machine https://app.example/: create profile",
    "app.allow machine https://app.example/: create, year",
    "token.issue app grant 2: create",
    "grant.revoke app grant 2: given up by the app",
    "app.ask machine https://app.example/: create profile",
    "app.allow machine https://app.example/: create, year",
    "token.issue app grant 3: create",
    "token.replay app grant 3: a used code came again",
    "app.ask machine https://app.example/: create profile",
    "app.deny machine https://app.example/: create profile",
  ]);
});

test("a token is written down as it is made, changed, revoked, and used for the first time on a day", async () => {
  const app = await testContext();
  const { ctx, clock } = app;
  const { token, id } = await createToken(ctx, { scope: "create", clientId: CLIENT });
  const uses = () => kinds(app).filter((kind) => kind === "token.use").length;

  await verifyToken(ctx, token);
  const written = ctx.db.dataVersion();
  await verifyToken(ctx, token);
  const afterSecond = ctx.db.dataVersion();
  clock.advance(3600);
  await verifyToken(ctx, token);
  const sameDay = uses();
  clock.advance(86_400);
  await verifyToken(ctx, token);
  await setWritesMarkdown(ctx, id, true);
  await revokeGrant(ctx, id);

  expect(afterSecond).toBe(written);
  expect([sameDay, uses()]).toEqual([1, 2]);
  expect(events(app).filter(({ kind }) => kind !== "token.use")).toMatchObject([
    { kind: "token.make", detail: `${CLIENT} (grant 1): create` },
    { kind: "grant.change", detail: `${CLIENT} (grant 1), texts are Markdown` },
    { kind: "grant.revoke", detail: `${CLIENT} (grant 1)` },
  ]);
});

test("what an app writes is written down with its note, and what the author writes is not", async () => {
  const app = await testApp();
  const { csrfToken } = await logInAgent(app);
  const { token } = await createToken(app.ctx, { scope: "create update delete undelete media", clientId: CLIENT });
  const send = (body: object) => app.http.post("/micropub").set("Authorization", `Bearer ${token}`).send(body);

  const url = (await send({ type: ["h-entry"], properties: { content: ["Hello"] } })).headers.location;
  await send({ action: "update", url, replace: { content: ["Hello again"] } }).expect(204);
  await send({ action: "delete", url }).expect(204);
  await send({ action: "undelete", url }).expect(204);
  await send({ action: "delete", url: "http://blog.example/notes/none" }).expect(400);
  await app.http
    .post("/admin/notes")
    .type("form")
    .send({ csrf_token: csrfToken, content: "By the author" })
    .expect(303);

  const writes = events(app).filter(({ kind }) => kind.startsWith("note."));
  expect(writes.map(({ kind, noteId, doer }) => [kind, noteId, doer.sort, doer.name])).toEqual([
    ["note.create", 1, "app", CLIENT],
    ["note.update", 1, "app", CLIENT],
    ["note.delete", 1, "app", CLIENT],
    ["note.undelete", 1, "app", CLIENT],
  ]);
  expect(writes.every(({ doer }) => doer.requestId !== "" && doer.network === "127.0.0.0/24")).toBe(true);
});

test("no secret stands in the log, whatever was done", async () => {
  const app = await testApp();
  await createAuthor(app.ctx);
  const { csrfToken, cookie } = await createLogin(app.ctx);
  await logInByForm(app, PASSWORD);
  const made = await createToken(app.ctx, { scope: "create", clientId: CLIENT });
  await verifyToken(app.ctx, made.token);
  const redemption = await letIn(app);
  const tokens = await redeemForTokens(app.ctx, redemption);
  const fresh = await refreshTokens(app.ctx, { refreshToken: tokens.refreshToken, clientId: CLIENT, scope: "" });
  await revokePresented(app.ctx, fresh.accessToken);

  const dump = JSON.stringify(app.ctx.db.all("SELECT * FROM audit_events"));
  const secrets = [
    ...[PASSWORD, csrfToken, cookie.split("=")[1], made.token, redemption.code, VERIFIER, ASKED.state],
    ...[tokens.accessToken, tokens.refreshToken, fresh.accessToken, fresh.refreshToken],
  ];

  const found = secrets.filter((secret = "") => {
    const hash = createHash("sha256").update(secret);
    return [secret, hash.copy().digest("hex"), hash.digest("base64url")].some((form) => dump.includes(form));
  });
  expect(found).toEqual([]);
  expect(dump).not.toMatch(/127\.0\.0\.1/);
});
