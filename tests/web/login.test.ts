import { expect, test } from "vitest";
import { MAX_TRIES_PER_ADDRESS, reserveTry } from "../../src/auth/throttle.ts";
import { createPino } from "../../src/lib/log.ts";
import { testApp } from "../support/app.ts";
import { CHEAP, createAuthor, createLogin, logInAgent, PASSWORD } from "../support/author.ts";
import { fillIn, formTo, submit } from "../support/forms.ts";

const LOGIN = { path: "/login", action: "/login" };

test("the right password leads to the dashboard, and every author page has a form to log out", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);

  const answer = await fillIn(http, LOGIN, { password: PASSWORD });

  expect([answer.status, answer.headers.location]).toEqual([303, "/admin"]);
  for (const path of ["/admin", "/admin/notes/new", "/admin/settings", "/admin/logins", "/admin/tokens"]) {
    const page = await http.get(path).expect(200);
    expect(formTo(page.text, "/logout").fields.csrf_token).toMatch(/^[\w-]{43}$/);
    expect(page.headers["cache-control"]).toBe("no-store");
  }
});

test("a login leads back to where it was asked for", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  const asked = await http.get("/admin/notes/new?title=a%20b");
  expect([asked.status, asked.headers.location]).toEqual([303, "/login?next=%2Fadmin%2Fnotes%2Fnew%3Ftitle%3Da%2520b"]);

  const answer = await fillIn(http, { path: asked.headers.location ?? "", action: "/login" }, { password: PASSWORD });

  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/notes/new?title=a%20b"]);
});

test("multipart is taken as well as urlencoded", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  const form = formTo((await http.get("/login")).text, "/login");

  const answer = await submit(http, { ...form, isMultipart: true }, { password: PASSWORD });

  expect(answer.headers.location).toBe("/admin");
});

test("a wrong password gets 401 and the form again, without a login", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);

  const answer = await fillIn(
    http,
    { path: "/login?next=/admin/tokens", action: "/login" },
    { password: "wrong one here" },
  );

  expect(answer.status).toBe(401);
  expect(answer.text).toContain("That is not the password");
  expect(answer.text).not.toContain("wrong one here");
  expect(formTo(answer.text, "/login").fields.next).toBe("/admin/tokens");
  expect(ctx.db.all("SELECT * FROM sessions")).toEqual([]);
});

test("cookies are HttpOnly and Lax for the whole site, with neither Secure nor __Host- under plain http", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);

  const shown = await http.get("/login");
  const answer = await submit(http, formTo(shown.text, "/login"), { password: PASSWORD });

  expect(cookiesOf(shown)).toEqual([
    expect.stringMatching(/^starpunk_form=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
  ]);
  expect(cookiesOf(answer)).toEqual([
    expect.stringMatching(
      /^starpunk_session=[\w-]{43}; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    ),
  ]);
});

test("under https they are Secure and __Host-, whatever the scheme of the request", async () => {
  const { ctx, http } = await testApp({ config: { SITE_URL: "https://blog.example" } });
  await createAuthor(ctx);
  const shown = await http.get("/login");
  const [formCookie = ""] = cookiesOf(shown);

  const answer = await submit(http, formTo(shown.text, "/login"), { password: PASSWORD })
    .set("Cookie", formCookie.split(";")[0] ?? "")
    .set("Origin", "https://blog.example");

  expect(answer.status).toBe(303);
  const own = /^__Host-starpunk_(?:form|session)=[\w-]{43};.* Path=\/;.* HttpOnly; Secure; SameSite=Lax$/;
  expect([formCookie, ...cookiesOf(answer)]).toEqual([expect.stringMatching(own), expect.stringMatching(own)]);
});

test("who is logged in needs no login page", async () => {
  const app = await testApp();
  await logInAgent(app);

  const answer = await app.http.get("/login?next=/admin/settings");

  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/settings"]);
});

test("while there is no author, the page says so and has no form, and a try gets nowhere", async () => {
  const { http } = await testApp();

  const page = await http.get("/login");
  const asked = await http.get("/admin");

  expect(page.status).toBe(200);
  expect(page.text).toContain("not set up yet");
  expect(page.text).not.toContain("<form");
  expect([asked.status, asked.headers.location]).toEqual([303, "/login"]);
});

test("past the limit every try gets 429 with the seconds to wait, and a login that was open stays open", async () => {
  const { ctx, http, clock } = await testApp();
  await createAuthor(ctx);
  const { cookie } = await createLogin(ctx);
  for (let count = 0; count < MAX_TRIES_PER_ADDRESS; count += 1) {
    expect((await fillIn(http, LOGIN, { password: "a wrong password" })).status).toBe(401);
  }
  clock.advance(60);

  const refused = await fillIn(http, LOGIN, { password: PASSWORD });

  expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "3540"]);
  expect(refused.text).toContain("Wait 59 minutes");
  await http.get("/admin").set("Cookie", cookie).expect(200);
  clock.advance(3540);
  expect((await fillIn(http, LOGIN, { password: PASSWORD })).status).toBe(303);
});

test("X-Forwarded-For counts from proxies that are named only", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  for (let count = 0; count < MAX_TRIES_PER_ADDRESS; count += 1) await reserveTry(ctx, { address: "127.0.0.1" });
  const form = formTo((await http.get("/login")).text, "/login");

  const answer = await submit(http, form, { password: PASSWORD }).set("X-Forwarded-For", "203.0.113.9");

  expect(answer.status).toBe(429);
});

test("behind a proxy that is named, each visitor has tries of their own", async () => {
  const { ctx, http } = await testApp({ config: { TRUST_PROXY: 1 } });
  await createAuthor(ctx);
  for (let count = 0; count < MAX_TRIES_PER_ADDRESS; count += 1) await reserveTry(ctx, { address: "203.0.113.9" });
  const form = formTo((await http.get("/login")).text, "/login");
  const from = (address: string) => submit(http, form, { password: "wrong" }).set("X-Forwarded-For", address);

  expect((await from("203.0.113.9")).status).toBe(429);
  expect((await from("203.0.113.10")).status).toBe(401);
});

test("logging out is a POST with the token; it ends the login on the server and takes the cookie back", async () => {
  const app = await testApp();
  const { cookie, csrfToken } = await logInAgent(app);

  const got = await app.http.get("/logout");
  expect([got.status, got.headers.allow]).toEqual([405, "OPTIONS, POST"]);
  expect((await app.http.post("/logout").type("form").send({})).status).toBe(403);
  await app.http.get("/admin").expect(200);

  const answer = await app.http.post("/logout").type("form").send({ csrf_token: csrfToken });

  expect([answer.status, answer.headers.location]).toEqual([303, "/"]);
  expect(cookiesOf(answer)[0]).toMatch(/^starpunk_session=; .*Expires=Thu, 01 Jan 1970/);
  expect((await app.http.get("/admin").set("Cookie", cookie)).status).toBe(303);
  expect((await app.http.post("/logout").type("form").send({})).status).toBe(303);
});

test("a login in use gets its cookie anew once an hour at most", async () => {
  const app = await testApp();
  await logInAgent(app);

  expect(cookiesOf(await app.http.get("/admin"))).toEqual([]);
  app.clock.advance(3600);
  expect(cookiesOf(await app.http.get("/admin"))[0]).toMatch(/^starpunk_session=[\w-]{43}; Max-Age=2592000;/);
  expect(cookiesOf(await app.http.get("/admin"))).toEqual([]);
});

test.each([
  "/admin/",
  "//admin",
  "/admin/./notes/new",
  "/%61dmin",
  "/ADMIN",
  "/admin;x=1",
  "/admin/unknown",
  "/admin%2Fnotes",
])("%s leads a stranger to the login, or nowhere", async (path) => {
  const { ctx, raw } = await testApp();
  await createAuthor(ctx);

  const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: blog.example\r\nConnection: close\r\n\r\n`);

  expect([301, 303, 400, 404]).toContain(answer.status);
  expect(answer.body).not.toContain('action="/logout"');
});

test("no password, cookie or token is in any line of the log", async () => {
  const lines: string[] = [];
  const { ctx, http } = await testApp({ log: createPino("trace", { write: (line) => lines.push(line) }) });
  await createAuthor(ctx);

  const shown = await http.get("/login?next=/admin/tokens");
  const wrong = await submit(http, formTo(shown.text, "/login"), { password: "a secret that failed" });
  const right = await submit(http, formTo(wrong.text, "/login"), { password: PASSWORD });
  const page = await http.get("/admin/tokens");
  const form = formTo(page.text, "/admin/tokens");
  const made = await submit(http, form, { client_id: "https://app.example/" });
  const token = /<code>([\w-]{43})<\/code>/.exec(made.text)?.[1];

  const secrets = [
    "a secret that failed",
    PASSWORD,
    token,
    form.fields.csrf_token,
    ...[...cookiesOf(shown), ...cookiesOf(right)].map((cookie) => /=([\w-]{43})/.exec(cookie)?.[1]),
  ];
  expect(secrets.every((secret) => typeof secret === "string" && secret !== "")).toBe(true);
  await expect.poll(() => lines.join("").match(/"request\.done"/g)).toHaveLength(5);
  const log = lines.join("");
  expect(secrets.filter((secret) => log.includes(String(secret)))).toEqual([]);
  expect(log).not.toContain("127.0.0.1");
  const events = log
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { event: string }).event);
  expect(events).toEqual(expect.arrayContaining(["author.login_failed", "author.login", "token.create"]));
  expect(CHEAP.ln).toBeLessThan(15);
});

function cookiesOf(answer: { headers: Record<string, unknown> }): string[] {
  return (answer.headers["set-cookie"] as string[] | undefined) ?? [];
}
