import { expect, test } from "vitest";
import { MAX_TRIES_PER_ADDRESS } from "../../src/auth/throttle.ts";
import { MAX_DISCOVERY_BYTES } from "../../src/indieauth/sign-in/found-server.ts";
import { addIdentity } from "../../src/indieauth/sign-in/identities.ts";
import { MAX_PROFILE_BYTES } from "../../src/indieauth/sign-in/redeem.ts";
import { MAX_SEEN_LENGTH } from "../../src/indieauth/sign-in/refusal.ts";
import { MAX_CODE_LENGTH } from "../../src/indieauth/sign-in/take-answer.ts";
import { createSafeFetch } from "../../src/lib/safe-fetch.ts";
import { formTo, submit } from "../support/forms.ts";
import type { ProviderAnswer, ProviderPaths } from "../support/identity-provider.ts";
import { json, naming, startProvider } from "../support/identity-provider.ts";
import { BEGIN, begin, bring, countLogins, leave, signInSite } from "../support/sign-in-site.ts";

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
  const app = await signInSite(paths);

  const answer = await begin(app, app.me, "/login?next=/admin/tokens");

  expect(answer.status).toBe(status);
  expect(answer.text).toContain("Signing in stopped at step 2 of 5");
  expect(answer.text).toContain(words);
  expect(answer.text).not.toContain("<b>Gone</b>");
  expect(formTo(answer.text, BEGIN).fields).toMatchObject({ me: app.me, next: "/admin/tokens" });
  expect(app.ctx.db.all("SELECT * FROM sign_ins")).toEqual([]);
});

test.each<[string, Record<string, string>, string]>([
  ["another issuer", { iss: "https://evil.example/" }, "The answer is from https://evil.example/, and"],
  ["a refusal", { error: "access_denied", code: "" }, "says that you refused"],
  ["an error", { error: "server_error", error_description: "<i>tired</i>", code: "" }, "server_error &lt;i&gt;tired"],
  ["no code", { code: "" }, "answered without a code"],
  ["a code that is too long", { code: "c".repeat(MAX_CODE_LENGTH + 1) }, "answered without a code"],
  ["a state that nobody made", { state: "guessed" }, "for no sign-in that was begun here"],
])("an answer with %s signs nobody in", async (_what, changes, words) => {
  const app = await signInSite();

  const answer = await bring(app, await leave(app), changes);

  expect(answer.status).toBe(400);
  expect(answer.text).toContain("Signing in stopped at step 3 of 5");
  expect(answer.text).toContain(words);
  expect(formTo(answer.text, BEGIN).fields.me).toBe("state" in changes ? "" : app.me);
  expect(countLogins(app)).toBe(0);
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
  ["too much", { body: "x".repeat(MAX_PROFILE_BYTES + 1) }, 4, "larger than"],
  ["somebody else", json({ me: "https://mallory.example/" }), 5, "that address may not enter"],
  ["no address", json({ me: "ada" }), 5, "which is no address of a person"],
  ["a script", json({ me: "javascript:alert(1)" }), 5, "which is no address of a person"],
])("when the code gives %s nobody is signed in", async (_what, given, step, words) => {
  const app = await signInSite({ "/auth": () => given });

  const answer = await bring(app, await leave(app, "/login?next=/admin/tokens"));

  expect(answer.status).toBe(step === 4 ? 400 : 403);
  expect(answer.text).toContain(`Signing in stopped at step ${step} of 5`);
  expect(answer.text).toContain(words);
  expect(answer.text).not.toContain("very-secret");
  expect(answer.text).not.toContain("x".repeat(MAX_SEEN_LENGTH + 1));
  expect(formTo(answer.text, BEGIN).fields).toMatchObject({ me: app.me, next: "/admin/tokens" });
  expect(countLogins(app)).toBe(0);
});

test("a server may name another allowed address of the same site if that one names it too, and not otherwise", async () => {
  const paths = (other: string): ProviderPaths => ({
    "/ada": () => naming(other),
    "/other": ({ origin }) => json({ issuer: `${origin}/`, authorization_endpoint: "/elsewhere" }),
    "/auth": ({ origin }) => json({ me: `${origin}/ada` }),
  });
  const same = await signInSite(paths("/metadata"));
  const foreign = await signInSite(paths("/other"));
  for (const app of [same, foreign]) await addIdentity(app.ctx, `${app.me}ada`);

  const good = await bring(same, await leave(same));
  const bad = await bring(foreign, await leave(foreign));

  expect([good.status, bad.status]).toEqual([303, 403]);
  expect(bad.text).toContain("names another server");
  expect(countLogins(foreign)).toBe(0);
});

test("an address of a site that nobody let in is not asked for anything, and each try counts", async () => {
  const stranger = await startProvider();
  const app = await signInSite();

  const first = await begin(app, stranger.me);
  for (let tries = 1; tries < MAX_TRIES_PER_ADDRESS; tries += 1) await begin(app, stranger.me);
  const last = await begin(app, app.me);

  expect([first.status, last.status]).toEqual([403, 429]);
  expect(first.text).toContain("may not enter this site");
  expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
  expect(stranger.asked).toEqual([]);
  expect(formTo(last.text, BEGIN).fields.me).toBe(app.me);
});

test("as it is shipped, no address leads to this machine or the network around it", async () => {
  const app = await signInSite({}, createSafeFetch({ allowPrivateNetwork: false, userAgent: "StarPunk" }));

  const answer = await begin(app, app.me);

  expect(answer.status).toBe(422);
  expect(answer.text).toContain("not on the public internet");
  expect(app.provider.asked).toEqual([]);
});

test("without the form's own token nobody is sent anywhere, and what was typed stays", async () => {
  const app = await signInSite();
  const form = formTo((await app.http.get("/login")).text, BEGIN);

  const answer = await submit(app.http, form, { me: app.me, csrf_token: "guessed" });
  const foreign = await app.http.post(BEGIN).set("Origin", "https://evil.example").type("form").send({ me: app.me });

  expect([answer.status, foreign.status]).toEqual([403, 403]);
  expect(formTo(answer.text, BEGIN).fields.me).toBe(app.me);
  expect(app.provider.asked).toEqual([]);
});
