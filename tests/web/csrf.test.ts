import request from "supertest";
import { expect, test } from "vitest";
import { listGrants } from "../../src/auth/grant-store.ts";
import { testApp } from "../support/app.ts";
import { createAuthor, createLogin, logInAgent, PASSWORD } from "../support/author.ts";
import { formTo, submit } from "../support/forms.ts";

const FIELDS = { client_id: "https://app.example/", scope: "create" };

test("a form with the token of its login is done", async () => {
  const { app, send } = await author();

  expect((await send({})).status).toBe(200);
  expect(listGrants(app.ctx.db)).toHaveLength(1);
});

test("the token may come in a header, as scripts send it", async () => {
  const { app, login } = await author();

  const answer = await app.http.post("/admin/tokens").set("X-CSRF-Token", login.csrfToken).type("form").send(FIELDS);

  expect(answer.status).toBe(200);
});

test.each([
  ["no token", { token: "" }],
  ["a wrong token", { token: "x".repeat(43) }],
  ["another login's token", { token: "other" }],
  ["the token of a visitor", { token: "visitor" }],
  ["a foreign Origin", { headers: { Origin: "https://evil.example" } }],
  ["Origin: null", { headers: { Origin: "null" } }],
  ["an Origin that only begins like ours", { headers: { Origin: "http://blog.example.evil.example" } }],
  ["our Origin with another scheme", { headers: { Origin: "https://blog.example" } }],
  ["our Origin with another port", { headers: { Origin: "http://blog.example:8080" } }],
  ["Sec-Fetch-Site: cross-site", { headers: { "Sec-Fetch-Site": "cross-site" } }],
  ["Sec-Fetch-Site: same-site", { headers: { "Sec-Fetch-Site": "same-site" } }],
  ["our Origin but cross-site", { headers: { Origin: "http://blog.example", "Sec-Fetch-Site": "cross-site" } }],
])(
  "%s is refused with 403, and nothing is done",
  async (_what, { token, headers = {} }: { token?: string; headers?: object }) => {
    const { app, send } = await author();
    const other = await createLogin(app.ctx);
    const visitor = formTo((await request(`http://127.0.0.1:${app.port}`).get("/login")).text, "/login").fields
      .csrf_token;
    const named: Record<string, unknown> = { other: other.csrfToken, visitor };

    const answer = await send({ headers, ...(token === undefined ? {} : { token: String(named[token] ?? token) }) });

    expect(answer.status).toBe(403);
    expect(listGrants(app.ctx.db)).toEqual([]);
  },
);

test.each([
  ["our Origin", { Origin: "http://blog.example" }],
  ["the name that the browser asked for, over plain http", { Origin: "http://192.0.2.1:3000", Host: "192.0.2.1:3000" }],
  ["Sec-Fetch-Site: same-origin", { "Sec-Fetch-Site": "same-origin", Origin: "http://blog.example" }],
  ["Sec-Fetch-Site: none", { "Sec-Fetch-Site": "none" }],
])("%s is let through", async (_what, headers) => {
  const { send } = await author();

  expect((await send({ headers })).status).toBe(200);
});

test("under https only the public address counts, not what Host says", async () => {
  const app = await testApp({ config: { SITE_URL: "https://blog.example" } });
  await createAuthor(app.ctx);
  const { cookie, csrfToken } = await createLogin(app.ctx);
  const send = (headers: Record<string, string>) =>
    app.http
      .post("/admin/tokens")
      .set("Cookie", cookie)
      .set(headers)
      .type("form")
      .send({ ...FIELDS, csrf_token: csrfToken });

  expect((await send({ Origin: "http://192.0.2.1:3000", Host: "192.0.2.1:3000" })).status).toBe(403);
  expect((await send({ Origin: "https://192.0.2.1:3000", Host: "192.0.2.1:3000" })).status).toBe(403);
  expect((await send({ Origin: "https://blog.example", Host: "127.0.0.1:3000" })).status).toBe(200);
});

test("login, set-up and logout refuse other sites too, and a login form that this browser was not shown", async () => {
  const app = await testApp();
  await createAuthor(app.ctx);
  const form = formTo((await app.http.get("/login")).text, "/login");

  for (const path of ["/login", "/setup", "/logout"]) {
    const answer = await app.http.post(path).set("Sec-Fetch-Site", "cross-site").type("form").send(form.fields);
    expect([path, answer.status]).toEqual([path, 403]);
  }
  for (const csrf_token of ["", "x".repeat(64)]) {
    const answer = await submit(app.http, form, { password: PASSWORD, csrf_token });
    expect([answer.status, answer.text.includes("out of date")]).toEqual([403, true]);
  }
  app.http.jar.setCookie(`starpunk_form=${"y".repeat(43)}`, "127.0.0.1", "/");
  const elsewhere = await submit(app.http, form, { password: PASSWORD });
  expect(elsewhere.status).toBe(403);
  expect(app.ctx.db.all("SELECT * FROM sessions")).toEqual([]);
});

test.each(["text/plain", "application/json", "application/octet-stream"])("a body of %s is no form", async (type) => {
  const { app, login } = await author();

  const answer = await app.http.post("/admin/tokens").type(type).send(`csrf_token=${login.csrfToken}&scope=create`);

  expect(answer.status).toBe(415);
  expect(listGrants(app.ctx.db)).toEqual([]);
});

test("no other method stands in for POST", async () => {
  const { app, login } = await author();

  const overridden = await app.http
    .get(`/admin/tokens?_method=POST&client_id=https://app.example/&scope=create&csrf_token=${login.csrfToken}`)
    .set("X-HTTP-Method-Override", "POST");

  expect(overridden.status).toBe(200);
  expect((await app.http.put("/admin/tokens").set("X-CSRF-Token", login.csrfToken)).status).toBe(405);
  expect(listGrants(app.ctx.db)).toEqual([]);
});

async function author() {
  const app = await testApp();
  const login = await logInAgent(app);
  const send = ({ token = login.csrfToken, headers = {} }: { token?: string; headers?: object }) =>
    app.http
      .post("/admin/tokens")
      .set(headers as Record<string, string>)
      .type("form")
      .send({ ...FIELDS, csrf_token: token });
  return { app, login, send };
}
