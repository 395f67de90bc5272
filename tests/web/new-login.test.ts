import request from "supertest";
import { expect, test } from "vitest";
import { listAuditEvents, NEWEST } from "../../src/audit/audit-store.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent, PASSWORD } from "../support/author.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { formTo, submit } from "../support/forms.ts";

const PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0";

type Agent = TestApp["http"];

/** Logs in by the form from another browser, about which the others ask. */
async function logInElsewhere({ port }: TestApp): Promise<Agent & { logIn(): Promise<number> }> {
  const agent = request.agent(`http://127.0.0.1:${port}`).set("User-Agent", PHONE);
  const form = formTo((await agent.get("/login")).text, "/login");
  const logIn = async () => (await submit(agent, form, { password: PASSWORD })).status;
  expect(await logIn()).toBe(303);
  return Object.assign(agent, { logIn });
}

async function questionsOf(agent: Agent, path = "/admin/settings"): Promise<string[]> {
  const page = await agent.get(path).expect(200);
  return queryAll(page.text, ".new-login").map((element) => textOf(element));
}

test("a new sign-in is shown in the other logins, with device, time and network, until one of them says yes", async () => {
  const app = await testApp();
  await logInAgent(app);
  const phone = await logInElsewhere(app);
  app.clock.advance(3 * 3600);

  const asked = await app.http.get("/admin/settings?a=1");
  const own = await questionsOf(phone);
  const answer = await submit(app.http, formTo(asked.text, "/admin/logins/2/known"));

  expect(textOf(queryAll(asked.text, ".new-login")[0] as never)).toMatch(
    /^New sign-in: Firefox on Android, 3 hours ago, from 127\.0\.0\.0\/24\. Was this you\?/,
  );
  expect(own).toEqual([]);
  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/settings?a=1"]);
  expect(await questionsOf(app.http)).toEqual([]);
  expect(await questionsOf(phone)).toEqual([]);
  expect(listAuditEvents(app.ctx.db, { kinds: ["login.known"] }, { before: NEWEST, limit: 9 })).toMatchObject([
    { doer: { sort: "author", name: "1" }, detail: "login 2" },
  ]);
});

test("a no signs it out, and leads to where the password is changed", async () => {
  const app = await testApp();
  await logInAgent(app);
  const phone = await logInElsewhere(app);
  const asked = await app.http.get("/admin/settings");

  const answer = await submit(app.http, formTo(asked.text, "/admin/logins/2/end"));

  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/security?done=stranger-ended"]);
  expect((await app.http.get("/admin/security?done=stranger-ended")).text).toContain("change the password now");
  expect((await phone.get("/admin/settings")).status).toBe(303);
});

test("nobody is asked about the first login of a site, nor about one in the place of a known one, nor one that has ended", async () => {
  const app = await testApp();
  await logInAgent(app);
  const phone = await logInElsewhere(app);
  const form = formTo((await app.http.get("/admin/settings")).text, "/admin/logins/2/known");
  await submit(app.http, form);
  const twice = await submit(app.http, form);

  const again = await phone.logIn();
  const afterAgain = await questionsOf(app.http);
  await logInElsewhere(app);
  const beforeEnd = await questionsOf(app.http);
  app.clock.advance(29 * 86_400);
  await app.http.get("/admin/settings");
  app.clock.advance(2 * 86_400);

  expect([twice.status, again, afterAgain.length, beforeEnd.length]).toEqual([404, 303, 0, 1]);
  expect(await questionsOf(app.http)).toEqual([]);
});
