import { expect, test } from "vitest";
import { listAuditEvents, NEWEST } from "../../src/audit/audit-store.ts";
import { createToken } from "../../src/auth/tokens.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { MAX_ENDED_SHOWN } from "../../src/web/grants-view.ts";
import { WRITES_PER_PAGE } from "../../src/web/routes/grants.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, textOf } from "../support/dom.ts";
import { formsIn, formTo, submit } from "../support/forms.ts";
import { appWeb, CLIENT, post, refresh, signIn } from "../support/sign-in-app.ts";

async function site(): Promise<TestApp> {
  const app = await testApp({ fetch: appWeb });
  await logInAgent(app);
  return app;
}

async function appsPage(app: TestApp): Promise<string> {
  return (await app.http.get("/admin/tokens").expect(200)).text;
}

function update(app: TestApp, token: string, change: object) {
  return app.http.post("/micropub").set("Authorization", `Bearer ${token}`).send(change);
}

test("each app stands there with name, address, rights in words, times and what it wrote; a script by hand, too", async () => {
  const app = await site();
  const { access_token: token } = await signIn(app, "create update delete read");
  await createToken(app.ctx, { scope: "create", clientId: "http://192.168.1.20/script" });
  app.clock.advance(86_400);
  const made = await post(app, token, "One");
  await post(app, token, "Two");
  await update(app, token, { action: "update", url: made.headers.location, replace: { content: ["Three"] } });
  app.clock.advance(7_200);
  await update(app, token, { action: "delete", url: made.headers.location });

  const page = await appsPage(app);

  const card = textOf(query(page, "section[aria-labelledby=app-1]"));
  for (const shown of ["An app", CLIENT, "Publish new notes", "Not known to this site"]) expect(card).toContain(shown);
  expect(card).toMatch(
    /Let in March 1, 2026.*First used March 2, 2026.*Last used March 2, 2026.*Until March 1, 2027/su,
  );
  expect(card).toMatch(/2 created\s+1 changed\s+1 deleted/u);
  const script = textOf(query(page, "section[aria-labelledby=app-2]"));
  expect(script).toMatch(
    /192\.168\.1\.20\/script.*It wrote nothing here.*Made by hand.*Never used.*Until you revoke it/su,
  );
  expect(script).not.toContain("Take away");
  await changeSettings(app.ctx, { adminLanguage: "de" });
  expect(textOf(query(await appsPage(app), "section[aria-labelledby=app-1]"))).toMatch(/Neue Notizen veröffentlichen/u);
});

test("a scope that is taken away is gone for tokens that are out, and no refresh brings it back", async () => {
  const app = await site();
  const { access_token: token, refresh_token } = await signIn(app, "create update delete");
  const made = await post(app, token, "One");
  const form = formsIn(await appsPage(app)).find(
    ({ action, fields }) => action === "/admin/tokens/1/narrow" && fields.scope === "update",
  );

  const forged = await submit(app.http, form ?? never(), { csrf_token: "x" });
  const answer = await submit(app.http, form ?? never());
  const refused = await update(app, token, {
    action: "update",
    url: made.headers.location,
    replace: { content: ["x"] },
  });
  const [foreign, gone] = [
    await refresh(app, refresh_token, "create media"),
    await refresh(app, refresh_token, "update"),
  ];
  const asBefore = await refresh(app, refresh_token, "create update delete");
  const next = await refresh(app, asBefore.body.refresh_token);
  const still = await update(app, next.body.access_token, { action: "delete", url: made.headers.location });
  const notice = await app.http.get(answer.headers.location ?? "");

  expect([forged.status, answer.status, refused.status, refused.body.error]).toEqual([
    403,
    303,
    401,
    "insufficient_scope",
  ]);
  expect([foreign, gone].map(({ status, body }) => [status, body.error])).toEqual([
    [400, "invalid_scope"],
    [400, "invalid_scope"],
  ]);
  expect([asBefore.body.scope, next.body.scope]).toEqual(["create delete", "create delete"]);
  expect(still.status).toBe(204);
  expect(textOf(query(notice.text, "[role=status]"))).toContain("Taken away.");
  expect(listAuditEvents(app.ctx.db, { kinds: ["grant.narrow"] }, { before: NEWEST, limit: 9 })).toMatchObject([
    { doer: { sort: "author" }, detail: `${CLIENT} (grant 1), without update` },
  ]);
});

test("the last scope is not taken away but revoked, and nothing is ever added", async () => {
  const app = await site();
  await signIn(app, "create update");
  const form = formTo(await appsPage(app), "/admin/tokens/1/narrow");

  const more = await submit(app.http, form, { scope: "delete" });
  const same = textOf(query(await appsPage(app), ".scopes"));
  await submit(app.http, form, { scope: "create" });
  const last = await submit(app.http, form, { scope: "update" });
  const page = await appsPage(app);
  await submit(app.http, formTo(page, "/admin/tokens/1/revoke"));
  const ended = await submit(app.http, form, { scope: "update" });

  expect([more.status, last.status, ended.status]).toEqual([303, 422, 404]);
  expect(same).not.toContain("delete");
  expect(() => formTo(page, "/admin/tokens/1/narrow")).toThrow("no form");
});

test("a revoked app is refused at its next request, and stays there with its end and what it wrote", async () => {
  const app = await site();
  const { access_token: token, refresh_token } = await signIn(app, "create");
  await post(app, token, "One");

  await submit(app.http, formTo(await appsPage(app), "/admin/tokens/1/revoke"));
  const [refused, noRefresh] = [await post(app, token, "Two"), await refresh(app, refresh_token)];

  expect([refused.status, noRefresh.status]).toEqual([401, 400]);
  const ended = textOf(query(await appsPage(app), ".ended-apps"));
  expect(ended).toMatch(/Apps without access: 1.*An app.*1 created.*It could create/su);
});

test(`of an app's ended grants and of apps without access ${MAX_ENDED_SHOWN} are named, and the rest is counted`, async () => {
  const app = await site();
  for (let made = 0; made <= MAX_ENDED_SHOWN; made += 1) {
    await createToken(app.ctx, { scope: "create", clientId: "https://script.example/" });
    await createToken(app.ctx, { scope: "create", clientId: `https://script.example/${made}` });
  }
  await app.ctx.db.write(() => app.ctx.db.run("UPDATE grants SET revoked_at = created_at, revoked_for = 'author'"));

  const page = await appsPage(app);

  expect(page.match(/class="app"/gu)).toHaveLength(MAX_ENDED_SHOWN);
  expect(textOf(query(page, ".ended-apps"))).toContain(`Apps without access: ${MAX_ENDED_SHOWN + 2}`);
  expect(page).toContain("And 2 that lost theirs before these.");
  expect(page).toContain("And 1 before these.");
});

test("what an app wrote is listed by kind, page by page, with its notes and what it changed in them", async () => {
  const app = await site();
  const { access_token: token } = await signIn(app, "create update");
  const first = await post(app, token, "Note 0");
  for (let made = 1; made <= WRITES_PER_PAGE; made += 1) await post(app, token, `Note ${made}`);
  await update(app, token, { action: "update", url: first.headers.location, replace: { content: ["Changed"] } });

  const changed = await app.http.get("/admin/tokens/1/writes?kind=changed");
  const page = await app.http.get("/admin/tokens/1/writes?kind=created");
  const next = /rel="next" href="([^"]+)"/u.exec(page.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const last = await app.http.get(next);
  const odd = await app.http.get("/admin/tokens/1/writes?before=yesterday");
  const none = await app.http.get("/admin/tokens/9/writes");

  expect(textOf(query(changed.text, ".rows"))).toMatch(/Changed\s+Changed/u);
  expect(changed.text).toContain('href="/admin/notes/1/revisions/2"');
  expect(page.text.match(/class="row"/gu)).toHaveLength(WRITES_PER_PAGE);
  expect(textOf(query(page.text, ".filters"))).toMatch(/All 32\s+Created 31\s+Changed 1/u);
  expect(last.text.match(/class="row"/gu)).toHaveLength(1);
  expect([odd.status, none.status]).toEqual([400, 404]);
});

test("what an app did is shown first, then undone as one act, and that is undone by a button", async () => {
  const app = await site();
  const { access_token: token } = await signIn(app, "create update");
  const made = await post(app, token, "Spam");
  app.clock.advance(60);

  const asked = await app.http.get("/admin/tokens/1/undo");
  const preview = await app.http.get("/admin/tokens/1/undo?since=day");
  const still = await app.http.get("/notes/spam");
  const form = formTo(preview.text, "/admin/tokens/1/undo");
  const forged = await submit(app.http, { ...formOfPost(preview.text), fields: { ...form.fields, csrf_token: "x" } });
  const done = await submit(app.http, formOfPost(preview.text), { revoke: "yes" });
  const result = await app.http.get(done.headers.location ?? "");
  const gone = await app.http.get("/notes/spam");
  const refused = await post(app, token, "More");
  await submit(app.http, formTo(result.text, `${done.headers.location}/undo`));

  expect(made.status).toBe(201);
  expect(asked.text).not.toContain("act_key");
  expect(textOf(query(preview.text, "#plan"))).toMatch(/^Undo what it did since February 28, 2026/u);
  expect(textOf(query(preview.text, ".rows"))).toContain("It made it: into the trash.");
  expect([still.status, forged.status, done.status, gone.status, refused.status]).toEqual([200, 403, 303, 410, 401]);
  expect(textOf(query(result.text, "h1"))).toBe("Taken back: 1 note");
  await app.http.get("/notes/spam").expect(200);
  const kinds = ["app.undo", "grant.revoke"];
  expect(listAuditEvents(app.ctx.db, { kinds }, { before: NEWEST, limit: 9 })).toMatchObject([
    { kind: "app.undo", detail: `${CLIENT}, 1 note since 2026-02-28T09:31:00.000Z` },
    { kind: "grant.revoke" },
  ]);
});

test("the moment may be written, by the author's clock; what cannot be read is said at its field, and kept", async () => {
  const app = await site();
  await changeSettings(app.ctx, { timeZone: "Europe/Berlin" });
  const { access_token: token } = await signIn(app, "create");
  await post(app, token, "Before");
  app.clock.advance(3_600);
  await post(app, token, "After");

  const preview = await app.http.get("/admin/tokens/1/undo?since=time&at=2026-03-01T11:00");
  const missing = await app.http.get("/admin/tokens/1/undo?since=time&at=");
  const odd = await app.http.get("/admin/tokens/1/undo?since=time&at=soon");
  const nothing = await app.http.get("/admin/tokens/1/undo?since=time&at=2030-01-01T00:00");
  const broken = await submit(app.http, formOfPost(preview.text), { since: "always" });
  const keyless = await submit(app.http, formOfPost(preview.text), { act_key: "x" });

  expect(textOf(query(preview.text, ".rows"))).toContain("After");
  expect(textOf(query(preview.text, ".rows"))).not.toContain("Before");
  expect([missing.status, odd.status, nothing.status, broken.status, keyless.status]).toEqual([
    422, 422, 200, 422, 422,
  ]);
  expect(odd.text).toContain('value="soon"');
  expect(textOf(query(missing.text, "#at-error"))).toContain("Write a date and a time");
  expect(nothing.text).toContain("It wrote in no note in that time.");
});

/** The form that does it, not the one that asks. */
function formOfPost(html: string) {
  return formsIn(html).find(({ fields }) => "act_key" in fields) ?? never();
}

function never(): never {
  throw new Error("The page has no such form.");
}
