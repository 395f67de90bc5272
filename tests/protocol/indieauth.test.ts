import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { FetchResult } from "../../src/lib/safe-fetch.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { formTo, submit } from "../support/forms.ts";

const ISSUER = "http://blog.example/";
const CLIENT = "https://app.example/";
const VERIFIER = "verifier-".repeat(6);
const REQUEST = {
  response_type: "code",
  client_id: CLIENT,
  redirect_uri: "https://app.example/cb",
  state: "a state/+& \u00e9",
  scope: "create profile read",
  code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
  code_challenge_method: "S256",
};
const SAID = {
  client_id: CLIENT,
  client_name: "<b>An app</b>",
  redirect_uris: ["app.example.phone:/done", "https://elsewhere.example/cb"],
};

/** A web in which the app says what it is. */
const fetch = async (url: string): Promise<FetchResult> => {
  const headers = new Map([["content-type", "application/json"]]);
  return { ok: true, status: url === CLIENT ? 200 : 404, headers, body: Buffer.from(JSON.stringify(SAID)), url };
};

function ask(changes: Record<string, string> = {}): string {
  return `/auth?${new URLSearchParams({ ...REQUEST, ...changes })}`;
}

async function site(): Promise<TestApp> {
  const app = await testApp({ fetch });
  await logInAgent(app);
  return app;
}

/** Opens the consent page, allows, and returns where the browser is sent. */
async function consent(
  app: TestApp,
  changes: Record<string, string> = {},
  filled: Record<string, string | string[]> = {},
) {
  const page = await app.http.get(ask(changes)).expect(200);
  const answer = await submit(app.http, formTo(page.text, "/auth"), { decision: "approve", ...filled });
  expect(answer.status).toBe(303);
  return new URL(answer.headers.location ?? "");
}

function redeem(app: TestApp, target: URL, changes: Record<string, string> = {}, path = "/token") {
  return app.http
    .post(path)
    .type("form")
    .send({
      grant_type: "authorization_code",
      code: target.searchParams.get("code"),
      client_id: "https://APP.example",
      redirect_uri: REQUEST.redirect_uri,
      code_verifier: VERIFIER,
      ...changes,
    });
}

async function tokens(app: TestApp, changes: Record<string, string> = {}) {
  const answer = await redeem(app, await consent(app, changes));
  return answer.body as { access_token: string; refresh_token: string; scope: string };
}

test("an app finds every endpoint from the home page: by link, by header, and at the well-known address", async () => {
  const app = await site();

  const home = await app.http.get("/");
  const metadata = await app.http.get("/.well-known/oauth-authorization-server");

  expect(home.text).toContain('<link rel="indieauth-metadata" href="/.well-known/oauth-authorization-server">');
  expect(home.text).toContain('<link rel="micropub" href="http://blog.example/micropub">');
  expect(home.headers.link).toContain('</.well-known/oauth-authorization-server>; rel="indieauth-metadata"');
  expect(home.headers.link).toContain('</micropub>; rel="micropub"');
  expect(metadata.body).toMatchObject({
    issuer: ISSUER,
    authorization_endpoint: "http://blog.example/auth",
    token_endpoint: "http://blog.example/token",
    introspection_endpoint: "http://blog.example/introspect",
    revocation_endpoint: "http://blog.example/revoke",
    revocation_endpoint_auth_methods_supported: ["none"],
    userinfo_endpoint: "http://blog.example/userinfo",
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
  });
  expect(metadata.headers["access-control-allow-origin"]).toBe("*");
  expect(ISSUER.startsWith(metadata.body.issuer)).toBe(true);
});

test("without a login the author signs in first and comes back to the same request", async () => {
  const app = await testApp({ fetch });

  const answer = await app.http.get(ask());

  expect(answer.status).toBe(303);
  const next = new URL(answer.headers.location ?? "", ISSUER).searchParams.get("next");
  expect(next).toBe(ask());
});

test("the consent page names the app, its full address, every scope, the way back, and may not be framed or kept", async () => {
  const app = await site();

  const page = await app.http.get(ask());

  expect(page.text).toContain("&lt;b&gt;An app&lt;/b&gt;");
  for (const shown of [CLIENT, REQUEST.redirect_uri, ISSUER]) expect(page.text).toContain(`<code>${shown}</code>`);
  expect(formTo(page.text, "/auth").fields.scope).toEqual(["create", "profile", "read"]);
  expect(page.text).toContain("Not known to this site");
  expect(page.headers["cache-control"]).toBe("no-store");
  expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(page.headers["content-security-policy"]).toContain("form-action 'self' https://app.example;");
});

test("allowing leads back with code, state and issuer; the code gives a token that writes, and the profile", async () => {
  const app = await site();

  const target = await consent(app, {}, { scope: ["create", "profile"] });
  const answer = await redeem(app, target);

  expect([...target.searchParams.entries()].slice(1)).toEqual([
    ["state", REQUEST.state],
    ["iss", ISSUER],
  ]);
  expect(answer.status).toBe(200);
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(answer.body).toEqual({
    access_token: expect.stringMatching(/^[\w-]{43}$/),
    token_type: "Bearer",
    scope: "create profile",
    me: ISSUER,
    expires_in: 365 * 86_400,
    refresh_token: expect.stringMatching(/^[\w-]{43}$/),
    profile: { name: "Ada", url: ISSUER },
  });
  const note = await app.http
    .post("/micropub")
    .set("Authorization", `Bearer ${answer.body.access_token}`)
    .type("form")
    .send({ h: "entry", content: "By an app" });
  expect(note.status).toBe(201);
});

test("refusing leads back with access_denied, and nothing else", async () => {
  const app = await site();

  const target = await consent(app, {}, { decision: "deny" });

  expect(target.searchParams.get("error")).toBe("access_denied");
  expect(target.searchParams.get("state")).toBe(REQUEST.state);
  expect(target.searchParams.get("iss")).toBe(ISSUER);
  expect(target.searchParams.has("code")).toBe(false);
});

test.each<[string, Record<string, string>, string]>([
  ["another response type", { response_type: "token" }, "unsupported_response_type"],
  ["no challenge", { code_challenge: "", code_challenge_method: "" }, "invalid_request"],
  ["a plain challenge", { code_challenge_method: "plain" }, "invalid_request"],
])("%s goes back to the app as an error", async (_what, changes, error) => {
  const app = await site();

  const answer = await app.http.get(ask(changes));

  expect(answer.status).toBe(302);
  const { searchParams } = new URL(answer.headers.location ?? "");
  expect([searchParams.get("error"), searchParams.get("state"), searchParams.get("iss")]).toEqual([
    error,
    REQUEST.state,
    ISSUER,
  ]);
});

test.each<[string, Record<string, string>]>([
  ["no client_id", { client_id: "" }],
  ["an address that is none", { client_id: "app" }],
  ["no way back", { redirect_uri: "" }],
  ["a way back that runs", { redirect_uri: "javascript:alert(1)" }],
  ["a way back to a site that the app does not list", { redirect_uri: "https://evil.example/cb" }],
  ["a way back that only begins like a listed one", { redirect_uri: "https://elsewhere.example/cb/2" }],
  ["a way back to a program that the app does not list", { redirect_uri: "other:/done" }],
])("with %s nobody is sent anywhere: the author reads why", async (_what, changes) => {
  const app = await site();

  const answer = await app.http.get(ask(changes));

  expect(answer.status).toBe(400);
  expect(answer.headers.location).toBeUndefined();
  expect(answer.headers["content-type"]).toContain("text/html");
});

test("a way back that the app lists is allowed, and pointed out", async () => {
  const app = await site();

  const elsewhere = await app.http.get(ask({ redirect_uri: "https://elsewhere.example/cb" }));
  const program = await app.http.get(ask({ redirect_uri: "app.example.phone:/done" }));

  expect(elsewhere.text).toContain("you are sent to elsewhere.example, another site");
  expect(program.text).toContain("a program on this device opens");
  expect(program.headers["content-security-policy"]).toContain("form-action 'self' app.example.phone:;");
});

test("the consent form counts once, with the token of the login, and believes nothing that it could be told", async () => {
  const app = await site();
  const page = await app.http.get(ask({ scope: "profile" }));
  const form = formTo(page.text, "/auth");

  const forged = await submit(app.http, form, { csrf_token: "x".repeat(43), decision: "approve" });
  const undecided = await submit(app.http, form);
  const odd = await submit(app.http, form, { decision: "approve", length: "toString" });
  const more = await submit(app.http, form, {
    decision: "approve",
    scope: ["profile", "create", "delete"],
    client_id: "https://evil.example/",
    redirect_uri: "https://evil.example/",
  });
  const again = await submit(app.http, form, { decision: "approve" });

  expect([forged.status, undecided.status, odd.status, more.status, again.status]).toEqual([403, 422, 422, 303, 404]);
  const target = new URL(more.headers.location ?? "");
  expect(target.origin).toBe("https://app.example");
  expect((await redeem(app, target)).body.scope).toBe("profile");
});

test("a code tells at the authorization endpoint who the author is, and gives no token there", async () => {
  const app = await site();
  const target = await consent(app);

  const answer = await redeem(app, target, {}, "/auth");
  const again = await redeem(app, target);

  expect(answer.body).toEqual({ me: ISSUER, profile: { name: "Ada", url: ISSUER } });
  expect([again.status, again.body.error]).toEqual([400, "invalid_grant"]);
});

test.each<[Record<string, string>, string]>([
  [{ code: "x".repeat(43) }, "invalid_grant"],
  [{ code_verifier: "w".repeat(43) }, "invalid_grant"],
  [{ client_id: "https://other.example/" }, "invalid_grant"],
  [{ redirect_uri: "https://app.example/" }, "invalid_grant"],
  [{ code: "" }, "invalid_request"],
  [{ client_id: "" }, "invalid_request"],
  [{ grant_type: "password" }, "unsupported_grant_type"],
  [{ grant_type: "" }, "unsupported_grant_type"],
])("a redemption with %j is refused as %s", async (changes, error) => {
  const app = await site();

  const answer = await redeem(app, await consent(app), changes);

  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({ error, error_description: expect.any(String) });
  expect(answer.headers["cache-control"]).toBe("no-store");
});

test("a refresh rotates; a replay ends all", async () => {
  const app = await site();
  const first = await tokens(app);
  const send = (refresh_token: string) =>
    app.http.post("/token").type("form").send({ grant_type: "refresh_token", refresh_token, client_id: CLIENT });

  const second = await send(first.refresh_token);
  const replay = await send(first.refresh_token);
  const third = await send(second.body.refresh_token);

  expect([second.status, second.body.scope]).toEqual([200, "create profile read"]);
  expect([replay.status, replay.body.error]).toEqual([400, "invalid_grant"]);
  expect([third.status, third.body.error]).toEqual([400, "invalid_grant"]);
});

test("introspection needs a token itself, and tells of others what they may; of anything else only that it is not active", async () => {
  const app = await site();
  const { access_token: token } = await tokens(app);
  const inspect = (asked: string, bearer?: string) => {
    const request = app.http.post("/introspect").type("form").send({ token: asked });
    return bearer === undefined ? request : request.set("Authorization", `Bearer ${bearer}`);
  };

  const active = await inspect(token, token);
  const unknown = await inspect("x".repeat(43), token);
  const stranger = await inspect(token);

  expect(active.body).toEqual({
    active: true,
    me: ISSUER,
    client_id: CLIENT,
    scope: "create profile read",
    iat: 1772357400,
    exp: 1772357400 + 365 * 86_400,
  });
  expect(unknown.body).toEqual({ active: false });
  expect([stranger.status, stranger.headers["www-authenticate"]]).toEqual([401, 'Bearer error="invalid_token"']);
});

test("revocation answers 200 for every text, and a revoked token is inactive at once", async () => {
  const app = await site();
  const first = await tokens(app);
  const second = await tokens(app);

  const known = await app.http.post("/revoke").type("form").send({ token: first.access_token });
  const old = await app.http.post("/token").type("form").send({ action: "revoke", token: "nothing" });

  expect([known.status, old.status]).toEqual([200, 200]);
  const asked = await app.http
    .post("/introspect")
    .set("Authorization", `Bearer ${second.access_token}`)
    .type("form")
    .send({ token: first.access_token });
  expect(asked.body).toEqual({ active: false });
});

test("userinfo and the old way to ask about a token answer by what the token may", async () => {
  const app = await site();
  const { access_token: may } = await tokens(app);
  const { access_token: mayNot } = await tokens(app, { scope: "create" });
  const get = (path: string, token: string) => app.http.get(path).set("Authorization", `bearer ${token}`);

  expect((await get("/userinfo", may)).body).toEqual({ name: "Ada", url: ISSUER });
  const refused = await get("/userinfo", mayNot);
  expect([refused.status, refused.body.error]).toEqual([403, "insufficient_scope"]);
  const wrong = await get("/userinfo", "x".repeat(43));
  expect([wrong.status, wrong.body.error]).toEqual([401, "invalid_token"]);
  expect((await get("/token", mayNot)).body).toEqual({ me: ISSUER, client_id: CLIENT, scope: "create" });
});

test("apps without PKCE are let in only where the author says so, and she is warned", async () => {
  const app = await site();
  await changeSettings(app.ctx, { pkce: "optional" });
  const none = { code_challenge: "", code_challenge_method: "" };

  const page = await app.http.get(ask(none));
  const target = await consent(app, none);

  expect(page.text).toContain("does not use PKCE");
  expect((await redeem(app, target, { code_verifier: VERIFIER })).body.error).toBe("invalid_grant");
  expect((await redeem(app, target, { code_verifier: "" })).status).toBe(200);
});

test("pages of other sites may talk to the endpoints of apps, and to nothing of the author's", async () => {
  const app = await site();
  const preflight = (path: string) =>
    app.http.options(path).set("Origin", "https://app.example").set("Access-Control-Request-Method", "POST");

  for (const path of ["/token", "/introspect", "/revoke", "/micropub"]) {
    const answer = await preflight(path);
    expect([answer.status, answer.headers["access-control-allow-origin"]]).toEqual([204, "*"]);
    expect(answer.headers["access-control-allow-headers"]).toContain("Authorization");
    expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
  }
  for (const path of ["/admin", "/login", "/auth"]) {
    expect((await preflight(path)).headers["access-control-allow-origin"]).toBeUndefined();
  }
});
