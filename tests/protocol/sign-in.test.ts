import { expect, test } from "vitest";
import { kindsOf } from "../../src/audit/audit-event.ts";
import { listAuditEvents, NEWEST } from "../../src/audit/audit-store.ts";
import { forgetSignIns, SIGN_IN_SECONDS } from "../../src/indieauth/sign-in/begin.ts";
import { addIdentity, removeIdentity } from "../../src/indieauth/sign-in/identities.ts";
import { listIdentities } from "../../src/indieauth/sign-in/identity-store.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { formTo } from "../support/forms.ts";
import { challengeFor, json } from "../support/identity-provider.ts";
import { BEGIN, begin, bring, countLogins, leave, leaveBy, otherBrowser, signInSite } from "../support/sign-in-site.ts";

const CLIENT = "http://blog.example/indieauth-client.json";
const BACK = "http://blog.example/login/identity/answer";

test("an address that was let in signs in: its server is found, asked with PKCE and state, and believed", async () => {
  const app = await signInSite();

  const target = await leave(app, "/login?next=/admin/tokens");
  const answer = await bring(app, target);

  expect(Object.fromEntries(target.searchParams)).toEqual({
    response_type: "code",
    client_id: CLIENT,
    redirect_uri: BACK,
    state: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: "S256",
    me: app.me,
  });
  expect(`${target.origin}${target.pathname}`).toBe(`${app.provider.origin}/auth`);
  const { body } = app.provider.asked.at(-1) ?? { body: new URLSearchParams() };
  expect(challengeFor(body.get("code_verifier") ?? "")).toBe(target.searchParams.get("code_challenge"));
  expect([body.get("grant_type"), body.get("client_id"), body.get("redirect_uri")]).toEqual([
    "authorization_code",
    CLIENT,
    BACK,
  ]);
  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/tokens"]);
  await app.http.get("/admin/tokens").expect(200);
  expect(listIdentities(app.ctx.db)[0]?.lastUsedAt).toBe(app.ctx.clock());
});

test("what this site says of itself stands at its client_id", async () => {
  const { http, ctx } = await testApp();
  await createAuthor(ctx);

  const answer = await http.get("/indieauth-client.json").expect(200);

  expect(answer.headers["content-type"]).toContain("application/json");
  expect(answer.body).toEqual({
    client_id: CLIENT,
    client_name: "Ada writes",
    client_uri: "http://blog.example/",
    redirect_uris: [BACK],
  });
});

test("the field is there as soon as an address is let in, and no sooner", async () => {
  const { http, ctx } = await testApp();
  await createAuthor(ctx);
  expect((await http.get("/login")).text).not.toContain(BEGIN);

  await addIdentity(ctx, "ada.example");

  expect(formTo((await http.get("/login")).text, BEGIN).fields).toMatchObject({ me: "", next: "/admin" });
});

test("the page that leads away is not kept, and has a link for browsers that do not go by themselves", async () => {
  const app = await signInSite();

  const answer = await begin(app, app.me);

  expect(answer.headers["cache-control"]).toBe("no-store");
  const target = /url=(.+)$/.exec(answer.headers.refresh ?? "")?.[1] ?? "";
  expect(answer.text).toContain(`href="${target.replaceAll("&", "&amp;")}"`);
});

test("metadata that the page names are found, too", async () => {
  const app = await signInSite({
    "/": () => ({ body: '<link rel="indieauth-metadata" href="metadata"><h1>Ada</h1>' }),
  });

  expect((await leave(app)).pathname).toBe("/auth");
});

test("a site without metadata is found by its links, header before page, and needs no iss", async () => {
  const app = await signInSite({
    "/": () => ({
      body: '<a rel="authorization_endpoint" href="/wrong">',
      headers: { Link: '<auth?a=b>; rel="authorization_endpoint"' },
    }),
  });

  const target = await leave(app);
  const answer = await bring(app, target, { iss: "" });

  expect([target.pathname, target.searchParams.get("a")]).toEqual(["/auth", "b"]);
  expect(answer.status).toBe(303);
});

test("where the authorization endpoint takes no codes, the token endpoint does", async () => {
  const app = await signInSite({
    "/auth": () => ({ status: 405 }),
    "/token": ({ origin, body }) =>
      json({ me: body.get("code") === "good" ? `${origin}/` : "", access_token: "secret" }),
  });

  const answer = await bring(app, await leave(app));

  expect(answer.status).toBe(303);
});

test("a text that a login interrupted comes through the whole way", async () => {
  const app = await signInSite();
  const sent = await app.http.post("/admin/notes").type("form").send({ content: "Half a thought", csrf_token: "old" });
  expect(sent.status).toBe(401);

  const answer = await bring(app, await leaveBy(app.http, formTo(sent.text, BEGIN), app.me));

  expect(answer.status).toBe(200);
  expect(answer.text).toContain("Half a thought");
  expect(answer.text).toContain("You are signed in again");
});

test("a server that promises iss must send it; one that does not may leave it out", async () => {
  const promises = (isPromised: boolean) => ({
    "/metadata": ({ origin }: { origin: string }) =>
      json({
        issuer: origin,
        authorization_endpoint: "/auth",
        authorization_response_iss_parameter_supported: isPromised,
      }),
  });
  const strict = await signInSite(promises(true));
  const loose = await signInSite(promises(false));

  expect((await bring(strict, await leave(strict), { iss: "" })).status).toBe(400);
  expect((await bring(loose, await leave(loose), { iss: "" })).status).toBe(303);
});

test("an answer counts once, whether it was right or wrong", async () => {
  const app = await signInSite();
  const right = await leave(app);
  await bring(app, right).expect(303);

  const again = await bring(app, right);
  const other = otherBrowser(app);
  const wrong = await leave(other);
  await bring(other, wrong, { iss: "https://evil.example/" }).expect(400);
  const mended = await bring(other, wrong);

  expect([again.status, mended.status]).toEqual([400, 400]);
  expect(again.text).toContain("counts only once");
  expect(countLogins(app)).toBe(1);
});

test("of fifty answers at once with one state one signs in", async () => {
  const app = await signInSite();
  const target = await leave(app);

  const answers = await Promise.all(Array.from({ length: 50 }, () => bring(app, target)));

  expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  expect(app.provider.asked.filter(({ path }) => path === "/auth")).toHaveLength(1);
});

test("another browser gets nothing by an answer, is told nothing, and takes nothing away", async () => {
  const app = await signInSite();
  const target = await leave(app);
  const stranger = otherBrowser(app);

  const theirs = await bring(stranger, target);
  const own = await bring(app, target);

  expect(theirs.status).toBe(400);
  expect(theirs.text).toContain("begun in another browser");
  expect(theirs.text).not.toContain(`value="${app.me}"`);
  expect(own.status).toBe(303);
});

test("ten minutes are enough for an answer, and more are too many", async () => {
  const app = await signInSite();
  const late = otherBrowser(app);
  const targets = [await leave(app), await leave(late)] as const;

  app.clock.advance(SIGN_IN_SECONDS - 1);
  const good = await bring(app, targets[0]);
  app.clock.advance(1);
  const bad = await bring(late, targets[1]);

  expect([good.status, bad.status]).toEqual([303, 400]);
  expect(bad.text).toContain("longer than ten minutes");
});

test("a sign-in that does well takes its try back", async () => {
  const app = await signInSite();

  await bring(app, await leave(app)).expect(303);

  expect(app.ctx.db.all("SELECT * FROM failed_logins")).toEqual([]);
});

test("an address that is taken out meanwhile signs nobody in, and ends the logins that it made", async () => {
  const app = await signInSite();
  await bring(app, await leave(app)).expect(303);
  expect(countLogins(app)).toBe(1);
  const other = otherBrowser(app);
  const waiting = await leave(other);
  const [identity] = listIdentities(app.ctx.db);

  await removeIdentity(app.ctx, identity?.id ?? 0);

  expect(countLogins(app)).toBe(0);
  expect((await app.http.get("/admin")).status).toBe(303);
  expect((await bring(other, waiting)).status).toBe(403);
});

test("the audit log has who was let in, who entered and who was refused, and nothing that anybody can send without end", async () => {
  const app = await signInSite();
  const refused = await leave(app);
  await bring(app, refused, { error: "access_denied" });
  await bring(app, refused);
  await bring(app, refused, { state: "guessed" });
  await begin(app, "other.example");
  await bring(app, await leave(app));

  const events = listAuditEvents(app.ctx.db, { kinds: kindsOf("logins") }, { before: NEWEST, limit: 10 });
  const added = listAuditEvents(app.ctx.db, { kinds: ["identity.add"] }, { before: NEWEST, limit: 10 });

  expect(events.map(({ kind, detail }) => [kind, detail])).toEqual([
    ["login.open", `by ${app.me}`],
    ["login.refuse", expect.stringMatching(/^by another site, address: https:\/\/other\.example\/ may not/)],
    ["login.refuse", expect.stringMatching(/^by another site, answer: .* says that you refused/)],
  ]);
  expect(added.map(({ detail }) => detail)).toEqual([app.me]);
});

test("a text on its way is forgotten with the answer, or within a day where none comes", async () => {
  const app = await signInSite();
  const kept = async (http: typeof app.http) => {
    const sent = await http.post("/admin/notes").type("form").send({ content: "Half a thought", csrf_token: "old" });
    return leaveBy(http, formTo(sent.text, BEGIN), app.me);
  };
  const texts = () => app.ctx.db.all<{ kept: string | null }>("SELECT kept FROM sign_ins").map((row) => row.kept);
  const target = await kept(app.http);
  await kept(otherBrowser(app).http);
  expect(texts()).toEqual([expect.stringContaining("Half a"), expect.stringContaining("Half a")]);

  await bring(app, target);
  expect(texts().toSorted()).toEqual([null, expect.stringContaining("Half a")]);

  app.clock.advance(SIGN_IN_SECONDS + 1);
  await forgetSignIns(app.ctx);
  expect(texts()).toEqual([]);
});

test("nothing that the tables hold opens anything: no state, no verifier, no secret of a cookie", async () => {
  const app = await signInSite();
  const target = await leave(app);

  const rows = JSON.stringify(app.ctx.db.all("SELECT * FROM sign_ins"));
  await bring(app, target);
  const verifier = app.provider.asked.at(-1)?.body.get("code_verifier") ?? "";

  expect(verifier).toMatch(/^[0-9a-f]{64}$/);
  expect(rows).not.toContain(verifier);
  expect(rows).not.toContain(target.searchParams.get("state"));
});
