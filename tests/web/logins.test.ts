import { expect, test } from "vitest";
import { testApp } from "../support/app.ts";
import { createAuthor, createLogin, logInAgent, PASSWORD } from "../support/author.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { formsIn, formTo, submit } from "../support/forms.ts";

test("the list names device, network and times of each login, and marks this one", async () => {
  const app = await testApp();
  await logInAgent(app);
  app.clock.advance(60);
  await createLogin(app.ctx, "2001:db8:7:8::9");

  const page = await app.http.get("/admin/logins").expect(200);

  const rows = queryAll(page.text, ".row").map((row) => textOf(row));
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(/Firefox on Linux.*2001:db8:7::\/48/);
  expect(rows[1]).toMatch(/Firefox on Linux this browser.*March 1, 2026 at 10:30.*192\.0\.2\.0\/24/);
  expect(page.text).not.toContain("2001:db8:7:8");
});

test("a browser that logs in again has one login, the new one; a wrong password leaves it the old one", async () => {
  const app = await testApp();
  await createAuthor(app.ctx);
  const tab = formTo((await app.http.get("/login")).text, "/login");
  const own = await createLogin(app.ctx);
  const other = await createLogin(app.ctx);
  app.http.jar.setCookie(own.cookie, "127.0.0.1", "/");
  const ids = () => app.ctx.db.all<{ id: number }>("SELECT id FROM sessions ORDER BY id").map(({ id }) => id);

  const refused = await submit(app.http, tab, { password: "a wrong password" });
  const afterWrong = ids();
  const withOldCookie = { headers: { Cookie: own.cookie }, redirect: "manual" } as const;
  const again = await submit(app.http, tab, { password: PASSWORD });

  expect([refused.status, again.status]).toEqual([401, 303]);
  expect(afterWrong).toEqual([own.id, other.id]);
  expect(ids()).toEqual([other.id, other.id + 1]);
  await app.http.get("/admin").expect(200);
  expect((await fetch(`http://127.0.0.1:${app.port}/admin`, withOldCookie)).status).toBe(303);
});

test("another login can be ended, and is told so", async () => {
  const app = await testApp();
  await logInAgent(app);
  const other = await createLogin(app.ctx);
  const page = await app.http.get("/admin/logins");

  const answer = await submit(app.http, formTo(page.text, `/admin/logins/${other.id}/end`));

  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/logins?done=login-ended"]);
  expect((await app.http.get("/admin/logins?done=login-ended")).text).toContain("That login has ended.");
  expect(app.ctx.db.all("SELECT * FROM sessions")).toHaveLength(1);
});

test("all others can be ended at once", async () => {
  const app = await testApp();
  const own = await logInAgent(app);
  await createLogin(app.ctx);
  await createLogin(app.ctx);
  const page = await app.http.get("/admin/logins");

  const answer = await submit(app.http, formTo(page.text, "/admin/logins/end-others"));

  expect(answer.headers.location).toBe("/admin/logins?done=logins-ended");
  expect(app.ctx.db.all("SELECT id FROM sessions")).toEqual([{ id: own.id }]);
  expect(formsIn((await app.http.get("/admin/logins")).text).map(({ action }) => action)).not.toContain(
    "/admin/logins/end-others",
  );
});

test("ending one's own login takes the cookie back", async () => {
  const app = await testApp();
  const { id, csrfToken } = await logInAgent(app);

  const answer = await app.http.post(`/admin/logins/${id}/end`).type("form").send({ csrf_token: csrfToken });

  expect([answer.status, answer.headers.location]).toEqual([303, "/login"]);
  expect((await app.http.get("/admin")).status).toBe(303);
});

test.each(["0", "999", "x", "1e3"])("there is no login %s to end", async (id) => {
  const app = await testApp();
  const { csrfToken } = await logInAgent(app);

  const answer = await app.http.post(`/admin/logins/${id}/end`).type("form").send({ csrf_token: csrfToken });

  expect(answer.status).toBe(404);
});

test("a link can make a page say only what stands in the list of notices", async () => {
  const app = await testApp();
  await logInAgent(app);

  const page = await app.http.get("/admin/logins?done=constructor&done=<b>Send%20me%20your%20password</b>");

  expect(page.text).not.toMatch(/constructor|Send me/);
});
