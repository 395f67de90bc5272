import { expect, test } from "vitest";
import { listOpenSessions } from "../../src/auth/sessions.ts";
import { MAX_TRIES_PER_ADDRESS } from "../../src/auth/throttle.ts";
import { SIGN_IN_SECONDS } from "../../src/indieauth/sign-in/begin.ts";
import { MAX_DISCOVERY_BYTES } from "../../src/indieauth/sign-in/found-server.ts";
import { addIdentity, removeIdentity } from "../../src/indieauth/sign-in/identities.ts";
import { listIdentities } from "../../src/indieauth/sign-in/identity-store.ts";
import { MAX_SEEN_LENGTH } from "../../src/indieauth/sign-in/refusal.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { fillIn, formTo, submit } from "../support/forms.ts";
import type { ProviderAnswer, ProviderPaths } from "../support/identity-provider.ts";
import { challengeFor, json, naming, providerFetch, startProvider } from "../support/identity-provider.ts";

const BEGIN = "/login/identity";
const CLIENT = "http://blog.example/indieauth-client.json";
const BACK = "http://blog.example/login/identity/answer";

type Site = TestApp & { readonly me: string; readonly provider: Awaited<ReturnType<typeof startProvider>> };

/** A site with an author, which lets the address of a provider in. */
async function site(paths: ProviderPaths = {}): Promise<Site> {
  const provider = await startProvider(paths);
  const app = await testApp({ fetch: providerFetch });
  await createAuthor(app.ctx);
  const me = await addIdentity(app.ctx, provider.me);
  return { ...app, me, provider };
}

/** Sends the form for `me`. */
function begin({ http }: Pick<TestApp, "http">, me: string, page = "/login") {
  return fillIn(http, { path: page, action: BEGIN }, { me });
}

/** Where the browser is led after a begin that did well. */
async function leave(app: Site, page?: string): Promise<URL> {
  const answer = await begin(app, app.me, page);
  expect(answer.status).toBe(200);
  return new URL(/url=(.+)$/.exec(answer.headers.refresh ?? "")?.[1] ?? "");
}

/** The answer of the provider, as the browser brings it. */
function bring({ http, me }: Site, target: URL, changes: Record<string, string> = {}) {
  const usual = { code: "good", state: target.searchParams.get("state") ?? "", iss: me };
  return http.get(`${BEGIN}/answer?${new URLSearchParams({ ...usual, ...changes })}`);
}

function sessions({ ctx }: TestApp): number {
  return listOpenSessions(ctx).length;
}

test("an address that was let in signs in: its server is found, asked with PKCE and state, and believed", async () => {
  const app = await site();

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
  const app = await site();

  const answer = await begin(app, app.me);

  expect(answer.headers["cache-control"]).toBe("no-store");
  const target = /url=(.+)$/.exec(answer.headers.refresh ?? "")?.[1] ?? "";
  expect(answer.text).toContain(`href="${target.replaceAll("&", "&amp;")}"`);
});

test("metadata that the page names are found, too", async () => {
  const app = await site({ "/": () => ({ body: '<link rel="indieauth-metadata" href="metadata"><h1>Ada</h1>' }) });

  expect((await leave(app)).pathname).toBe("/auth");
});

test("a site without metadata is found by its links, header before page, and needs no iss", async () => {
  const app = await site({
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
  const app = await site({
    "/auth": () => ({ status: 405 }),
    "/token": ({ origin, body }) =>
      json({ me: body.get("code") === "good" ? `${origin}/` : "", access_token: "secret" }),
  });

  const answer = await bring(app, await leave(app));

  expect(answer.status).toBe(303);
});

test("a text that a login interrupted comes through the whole way", async () => {
  const app = await site();
  const sent = await app.http.post("/admin/notes").type("form").send({ content: "Half a thought", csrf_token: "old" });
  expect(sent.status).toBe(401);

  const left = await submit(app.http, formTo(sent.text, BEGIN), { me: app.me });
  const answer = await bring(app, new URL(/url=(.+)$/.exec(left.headers.refresh ?? "")?.[1] ?? ""));

  expect(answer.status).toBe(200);
  expect(answer.text).toContain("Half a thought");
  expect(answer.text).toContain("You are signed in again");
});

const huge = "x".repeat(MAX_DISCOVERY_BYTES + 1);

test.each<[string, ProviderPaths, number, string]>([
  ["no page", { "/": () => ({ status: 404, body: "<b>Gone</b>" }) }, 422, "answered with status 404"],
  ["no server named", { "/": () => ({ body: "<h1>Ada</h1>" }) }, 422, "names no server that speaks for it"],
  ["a huge page", { "/": () => ({ body: huge }) }, 422, "could not be read: The answer is larger"],
  [
    "a page that leads in circles",
    { "/": () => ({ status: 302, headers: { Location: "/" } }) },
    422,
    "redirects more than",
  ],
  ["a silent server", { "/": () => ({ isSilent: true }) }, 422, "did not begin to answer in time"],
  ["metadata that are no JSON", { "/metadata": () => ({ body: "{" }) }, 422, "no JSON object"],
  ["metadata that are a list", { "/metadata": () => json([1]) }, 422, "name no issuer"],
  ["no metadata where it says", { "/metadata": () => ({ status: 500 }) }, 422, "answered with status 500"],
  [
    "the issuer of somebody else",
    { "/metadata": () => json({ issuer: "https://other.example/" }) },
    422,
    "other.example",
  ],
  [
    "no endpoint in the metadata",
    { "/metadata": ({ origin }) => json({ issuer: `${origin}/` }) },
    422,
    "no authorization_endpoint",
  ],
  [
    "an endpoint that is a script",
    { "/metadata": ({ origin }) => json({ issuer: origin, authorization_endpoint: "javascript:alert(1)" }) },
    422,
    "no authorization_endpoint",
  ],
])("with %s it stops at the second step and says what was seen", async (_what, paths, status, words) => {
  const app = await site(paths);

  const answer = await begin(app, app.me, "/login?next=/admin/tokens");

  expect(answer.status).toBe(status);
  expect(answer.text).toContain("Signing in stopped at step 2 of 5");
  expect(answer.text).toContain(words);
  expect(answer.text).not.toContain("<b>Gone</b>");
  expect(formTo(answer.text, BEGIN).fields).toMatchObject({ me: app.me, next: "/admin/tokens" });
  expect(app.ctx.db.all("SELECT * FROM sign_ins")).toEqual([]);
});

test.each<[string, Record<string, string>, string]>([
  ["another issuer", { iss: "https://evil.example/" }, "It names https://evil.example/, and"],
  ["a refusal", { error: "access_denied", code: "" }, "says that you refused"],
  ["an error", { error: "server_error", error_description: "<i>tired</i>", code: "" }, "server_error &lt;i&gt;tired"],
  ["no code", { code: "" }, "answered without a code"],
  ["a code that is too long", { code: "c".repeat(4_097) }, "answered without a code"],
  ["a state that nobody made", { state: "guessed" }, "for no sign-in that was begun here"],
])("an answer with %s signs nobody in", async (_what, changes, words) => {
  const app = await site();

  const answer = await bring(app, await leave(app), changes);

  expect(answer.status).toBe(400);
  expect(answer.text).toContain("Signing in stopped at step 3 of 5");
  expect(answer.text).toContain(words);
  expect(formTo(answer.text, BEGIN).fields.me).toBe("state" in changes ? "" : app.me);
  expect(sessions(app)).toBe(0);
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
  const strict = await site(promises(true));
  const loose = await site(promises(false));

  expect((await bring(strict, await leave(strict), { iss: "" })).status).toBe(400);
  expect((await bring(loose, await leave(loose), { iss: "" })).status).toBe(303);
});

test("an answer counts once, whether it was right or wrong", async () => {
  const app = await site();
  const right = await leave(app);
  await bring(app, right).expect(303);

  const again = await bring(app, right);
  const other = { ...app, http: await testAgent(app) };
  const wrong = await leave(other);
  await bring(other, wrong, { iss: "https://evil.example/" }).expect(400);
  const mended = await bring(other, wrong);

  expect([again.status, mended.status]).toEqual([400, 400]);
  expect(again.text).toContain("counts only once");
  expect(sessions(app)).toBe(1);
});

test("of fifty answers at once with one state one signs in", async () => {
  const app = await site();
  const target = await leave(app);

  const answers = await Promise.all(Array.from({ length: 50 }, () => bring(app, target)));

  expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  expect(app.provider.asked.filter(({ path }) => path === "/auth")).toHaveLength(1);
});

test("another browser gets nothing by an answer, is told nothing, and takes nothing away", async () => {
  const app = await site();
  const target = await leave(app);
  const stranger = { ...app, http: await testAgent(app) };

  const theirs = await bring(stranger, target);
  const own = await bring(app, target);

  expect(theirs.status).toBe(400);
  expect(theirs.text).toContain("begun in another browser");
  expect(theirs.text).not.toContain(`value="${app.me}"`);
  expect(own.status).toBe(303);
});

test("ten minutes are enough for an answer, and more are too many", async () => {
  const app = await site();
  const late = { ...app, http: await testAgent(app) };
  const targets = [await leave(app), await leave(late)] as const;

  app.clock.advance(SIGN_IN_SECONDS - 1);
  const good = await bring(app, targets[0]);
  app.clock.advance(1);
  const bad = await bring(late, targets[1]);

  expect([good.status, bad.status]).toEqual([303, 400]);
  expect(bad.text).toContain("longer than ten minutes");
});

test.each<[string, ProviderAnswer, number, string]>([
  [
    "a refused code",
    { ...json({ error: "invalid_grant", error_description: "used" }), status: 400 },
    4,
    "status 400: invalid_grant used",
  ],
  ["garbage", { body: "<html>", type: "text/html" }, 4, "no JSON object"],
  ["no me", json({ access_token: "very-secret" }), 4, "did not say whose it is"],
  ["a fault", { status: 500, body: "x".repeat(5_000) }, 4, "status 500"],
  ["silence", { isSilent: true }, 4, "did not begin to answer in time"],
  ["too much", { body: "x".repeat(65 * 1024) }, 4, "larger than"],
  ["somebody else", json({ me: "https://mallory.example/" }), 5, "that address may not enter"],
  ["no address", json({ me: "ada" }), 5, "which is no address of a person"],
  ["a script", json({ me: "javascript:alert(1)" }), 5, "which is no address of a person"],
])("when the code gives %s nobody is signed in", async (_what, given, step, words) => {
  const app = await site({ "/auth": () => given });

  const answer = await bring(app, await leave(app, "/login?next=/admin/tokens"));

  expect(answer.status).toBe(step === 4 ? 400 : 403);
  expect(answer.text).toContain(`Signing in stopped at step ${step} of 5`);
  expect(answer.text).toContain(words);
  expect(answer.text).not.toContain("very-secret");
  expect(answer.text).not.toContain("x".repeat(MAX_SEEN_LENGTH + 1));
  expect(formTo(answer.text, BEGIN).fields).toMatchObject({ me: app.me, next: "/admin/tokens" });
  expect(sessions(app)).toBe(0);
});

test("a server may name another allowed address of the same site if that one names it too, and not otherwise", async () => {
  const paths = (other: string): ProviderPaths => ({
    "/ada": () => naming(other),
    "/other": ({ origin }) => json({ issuer: `${origin}/`, authorization_endpoint: "/elsewhere" }),
    "/auth": ({ origin }) => json({ me: `${origin}/ada` }),
  });
  const same = await site(paths("/metadata"));
  const foreign = await site(paths("/other"));
  for (const app of [same, foreign]) await addIdentity(app.ctx, `${app.me}ada`);

  const good = await bring(same, await leave(same));
  const bad = await bring(foreign, await leave(foreign));

  expect([good.status, bad.status]).toEqual([303, 403]);
  expect(bad.text).toContain("names another server");
  expect(sessions(foreign)).toBe(0);
});

test("an address of a site that nobody let in is not asked for anything, and each try counts", async () => {
  const stranger = await startProvider();
  const app = await site();

  const first = await begin(app, stranger.me);
  for (let tries = 1; tries < MAX_TRIES_PER_ADDRESS; tries += 1) await begin(app, stranger.me);
  const last = await begin(app, app.me);

  expect([first.status, last.status]).toEqual([403, 429]);
  expect(first.text).toContain("may not enter this site");
  expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
  expect(stranger.asked).toEqual([]);
  expect(formTo(last.text, BEGIN).fields.me).toBe(app.me);
});

test("a sign-in that does well takes its try back", async () => {
  const app = await site();

  await bring(app, await leave(app)).expect(303);

  expect(app.ctx.db.all("SELECT * FROM failed_logins")).toEqual([]);
});

test("without the form's own token nobody is sent anywhere, and what was typed stays", async () => {
  const app = await site();
  const form = formTo((await app.http.get("/login")).text, BEGIN);

  const answer = await submit(app.http, form, { me: app.me, csrf_token: "guessed" });
  const foreign = await app.http.post(BEGIN).set("Origin", "https://evil.example").type("form").send({ me: app.me });

  expect([answer.status, foreign.status]).toEqual([403, 403]);
  expect(formTo(answer.text, BEGIN).fields.me).toBe(app.me);
  expect(app.provider.asked).toEqual([]);
});

test("an address that is taken out meanwhile signs nobody in, and ends the logins that it made", async () => {
  const app = await site();
  await bring(app, await leave(app)).expect(303);
  expect(sessions(app)).toBe(1);
  const other = { ...app, http: await testAgent(app) };
  const waiting = await leave(other);
  const [identity] = listIdentities(app.ctx.db);

  await removeIdentity(app.ctx, identity?.id ?? 0);

  expect(sessions(app)).toBe(0);
  expect((await app.http.get("/admin")).status).toBe(303);
  expect((await bring(other, waiting)).status).toBe(403);
});

test("nothing that the tables hold opens anything: no state, no verifier, no secret of a cookie", async () => {
  const app = await site();
  const target = await leave(app);

  const rows = JSON.stringify(app.ctx.db.all("SELECT * FROM sign_ins"));
  await bring(app, target);
  const verifier = app.provider.asked.at(-1)?.body.get("code_verifier") ?? "";

  expect(verifier).toMatch(/^[0-9a-f]{64}$/);
  expect(rows).not.toContain(verifier);
  expect(rows).not.toContain(target.searchParams.get("state"));
});

async function testAgent({ port }: TestApp): Promise<TestApp["http"]> {
  const { default: request } = await import("supertest");
  return request.agent(`http://127.0.0.1:${port}`);
}
