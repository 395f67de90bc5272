import { expect, test } from "vitest";
import { beginRegistration, registerPasskey } from "../../src/auth/register-passkey.ts";
import { CHALLENGE_RATE } from "../../src/web/rate-limit.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { authorApp } from "../support/author-app.ts";
import { formsIn, formTo, submit } from "../support/forms.ts";
import { createSoftDevice } from "../support/soft-device.ts";

const SITE_URL = "http://localhost:3000";

/** A site whose author has a passkey, and a browser that stands before the login page. */
async function strangerAt(path = "/login") {
  const app = await testApp({ config: { SITE_URL } });
  await createAuthor(app.ctx);
  const device = createSoftDevice(SITE_URL);
  const made = device.create(await beginRegistration(app.ctx, 1));
  await registerPasskey(app.ctx, { answer: made, name: "Phone", sessionId: 1 });
  const form = formTo((await app.http.get(path)).text, "/login");
  const token = String(form.fields.csrf_token);
  const begin = () => app.http.post("/login/passkey").type("form").send({ csrf_token: token });
  return { ...app, device, form, begin };
}

test("a passkey logs in and leads back to where the login was asked for", async () => {
  const { http, form, begin, device } = await strangerAt("/login?next=/admin/tokens");
  const asked = await begin().expect(200);

  const answer = await submit(http, form, { passkey: device.get(asked.body) });

  expect(asked.headers["cache-control"]).toBe("no-store");
  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/tokens"]);
  await http.get("/admin/security").expect(200);
});

test("an answer that is replayed, of another origin or of an unknown key gets the login page, why, and no login", async () => {
  const { ctx, http, form, begin, device } = await strangerAt();
  const stranger = createSoftDevice(SITE_URL);
  const used = device.get((await begin()).body);
  await submit(http, form, { passkey: used });
  await ctx.db.write(() => ctx.db.run("DELETE FROM sessions"));

  const answers = [
    await submit(http, form, { passkey: used }),
    await submit(http, form, { passkey: device.get((await begin()).body, { origin: "http://evil.example" }) }),
    await submit(http, form, { passkey: stranger.get((await begin()).body) }),
    await submit(http, form, { passkey: "{}" }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([403, 401, 401, 422]);
  expect(answers.map(({ text }) => text)).toEqual([
    expect.stringContaining("took too long"),
    expect.stringContaining("made for another address"),
    expect.stringContaining("does not belong to this site"),
    expect.stringContaining("not what a device answers"),
  ]);
  expect(ctx.db.all("SELECT id FROM sessions")).toEqual([]);
});

test("challenges are for browsers that were shown the login page, and so many at once", async () => {
  const { http, begin } = await strangerAt();

  const forged = await http
    .post("/login/passkey")
    .type("form")
    .send({ csrf_token: "x".repeat(64) });
  const foreign = await http.post("/login/passkey").set("Origin", "https://evil.example");
  const statuses: number[] = [];
  for (let index = 0; index <= CHALLENGE_RATE.atOnce; index += 1) statuses.push((await begin()).status);

  expect([forged.status, foreign.status]).toEqual([403, 403]);
  expect(new Set(statuses.slice(0, -1))).toEqual(new Set([200]));
  expect(statuses.at(-1)).toBe(429);
});

test("where the site's address can have no passkeys, the page says so, and the login does not offer any", async () => {
  const { http, send } = await authorApp();

  const page = await http.get("/admin/security").expect(200);
  const begun = await send("/admin/security/passkeys/begin");
  await http.get("/admin/security/first-passkey").expect(303);

  expect(page.text).toContain("Browsers keep no passkeys over plain http");
  expect(formsIn(page.text).map(({ action }) => action)).not.toContain("/admin/security/passkeys");
  expect(begun.status).toBe(409);
});

test("a form without an answer of a device, as without scripts, is shown again with its name and what is wrong", async () => {
  const { http, send, ctx } = await authorApp({ config: { SITE_URL } });

  const refused = await send("/admin/security/passkeys", { name: "My <phone>" }).expect(422);

  expect(formTo(refused.text, "/admin/security/passkeys").fields.name).toBe("My <phone>");
  expect(refused.text).toContain("not what a device answers");
  expect(ctx.db.all("SELECT * FROM passkeys")).toEqual([]);
  await http.post("/admin/security/passkeys").type("form").send({ name: "x" }).expect(403);
});
