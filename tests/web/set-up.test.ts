import { expect, test } from "vitest";
import { hasAuthor } from "../../src/auth/author-store.ts";
import { createSetupLink, setUp } from "../../src/auth/set-up.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { WRONG_SECRET_RATE } from "../../src/web/rate-limit.ts";
import { testApp } from "../support/app.ts";
import { CHEAP, createAuthor, PASSWORD } from "../support/author.ts";
import { fillIn, formsIn, formTo, submit } from "../support/forms.ts";

const ANSWERS = { name: "Ada", site_title: "Ada writes", password: PASSWORD, time_zone: "Europe/Berlin" };

test("the link shows the form, and the answers make the site and end logged in on an empty editor", async () => {
  const { ctx, http } = await testApp();
  const link = await createSetupLink(ctx);

  const answer = await fillIn(http, { path: `/setup?link=${link}`, action: "/setup" }, ANSWERS);

  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/notes/new"]);
  const editor = await http.get("/admin/notes/new").expect(200);
  expect(formTo(editor.text, "/admin/notes").fields.content).toBe("");
  expect(readSettings(ctx.db)).toMatchObject({ authorName: "Ada", siteTitle: "Ada writes", timeZone: "Europe/Berlin" });
  expect((await http.get("/")).text).toContain("Ada writes");
});

test.each(["/setup", "/setup?link=", "/setup?link=guess", "/setup?link=a&link=b"])("%s shows no form", async (path) => {
  const { http } = await testApp();

  const page = await http.get(path);

  expect(page.status).toBe(403);
  expect(formsIn(page.text)).toEqual([]);
  expect(page.text).toContain("open the link that the server printed");
  expect(page.headers["cache-control"]).toBe("no-store");
});

test("a link that was used, and any other, says that the site is set up already", async () => {
  const { ctx, http } = await testApp();
  const [used, other] = [await createSetupLink(ctx), await createSetupLink(ctx)];
  const page = await http.get(`/setup?link=${used}`);
  await setUp(
    ctx,
    { name: "Ada", siteTitle: "Ada", password: PASSWORD, timeZone: "UTC", passwordCost: CHEAP },
    { secret: used },
  );

  for (const link of [used, other]) {
    const replayed = await http.get(`/setup?link=${link}`);
    expect([replayed.status, formsIn(replayed.text)]).toEqual([410, []]);
    expect(replayed.text).toContain("set up already");
  }
  const sent = await submit(http, formTo(page.text, "/setup"), { ...ANSWERS, name: "Mallory" });
  expect(sent.status).toBe(410);
  expect(readSettings(ctx.db).authorName).toBe("Ada");
});

test("a link that ran out makes nothing", async () => {
  const { ctx, http, clock } = await testApp();
  const link = await createSetupLink(ctx);
  const page = await http.get(`/setup?link=${link}`);
  clock.advance(3600);

  const sent = await submit(http, formTo(page.text, "/setup"), ANSWERS);

  expect([sent.status, formsIn(sent.text)]).toEqual([403, []]);
  expect(hasAuthor(ctx.db)).toBe(false);
});

test("of two people with links who send at once, exactly one is the author", async () => {
  const { ctx, http } = await testApp();
  const forms = await Promise.all(
    [0, 1].map(async () => formTo((await http.get(`/setup?link=${await createSetupLink(ctx)}`)).text, "/setup")),
  );
  // The two browsers share an agent here; its cookie must be the one of both forms.
  const token = formTo((await http.get(`/setup?link=${await createSetupLink(ctx)}`)).text, "/setup").fields.csrf_token;

  const answers = await Promise.all(
    forms.map((form, index) => submit(http, form, { ...ANSWERS, csrf_token: token ?? "", name: `Author ${index}` })),
  );

  const statuses = answers.map(({ status }) => status);
  expect([...statuses].sort()).toEqual([303, 409]);
  expect(readSettings(ctx.db).authorName).toBe(`Author ${statuses.indexOf(303)}`);
});

test("every wrong answer is said at its field, and all but the password stay in the form", async () => {
  const { ctx, http } = await testApp();
  const link = await createSetupLink(ctx);
  const wrong = { name: "", site_title: "Ada writes", password: "short", time_zone: "Nowhere" };

  const answer = await fillIn(http, { path: `/setup?link=${link}`, action: "/setup" }, wrong);

  expect(answer.status).toBe(422);
  expect(answer.text).toMatch(/give a name/);
  expect(answer.text).toMatch(/at least 12 characters/);
  expect(answer.text).toMatch(/no time zone/);
  const { fields } = formTo(answer.text, "/setup");
  expect(fields).toMatchObject({ link, name: "", site_title: "Ada writes", password: "", time_zone: "Nowhere" });
  expect(hasAuthor(ctx.db)).toBe(false);
  expect((await submit(http, formTo(answer.text, "/setup"), ANSWERS)).status).toBe(303);
});

test("a form of another browser is shown again, and makes nothing", async () => {
  const { ctx, http } = await testApp();
  const link = await createSetupLink(ctx);

  const answer = await http
    .post("/setup")
    .type("form")
    .send({ ...ANSWERS, link });

  expect(answer.status).toBe(403);
  expect(answer.text).toContain("out of date");
  expect(formTo(answer.text, "/setup").fields).toMatchObject({ name: "Ada", site_title: "Ada writes", password: "" });
  expect(hasAuthor(ctx.db)).toBe(false);
});

test("guesses of a link are slowed down, a good link is not", async () => {
  const { ctx, http } = await testApp();
  const link = await createSetupLink(ctx);
  const form = formTo((await http.get(`/setup?link=${link}`)).text, "/setup");
  for (let count = 0; count < WRONG_SECRET_RATE.atOnce; count += 1) {
    expect((await submit(http, form, { ...ANSWERS, link: `guess-${count}` })).status).toBe(403);
  }

  const slowed = await submit(http, form, { ...ANSWERS, link: "one-more" });

  expect([slowed.status, slowed.headers["retry-after"]]).toEqual([429, expect.stringMatching(/^(?:[1-5]?\d|60)$/)]);
  expect((await submit(http, form, ANSWERS)).status).toBe(303);
});

test("before set-up readers find a site with nothing in it, and afterwards no set-up", async () => {
  const { ctx, http } = await testApp();
  await http.get("/").expect(200);

  await createAuthor(ctx);

  expect((await http.get("/setup")).status).toBe(410);
});
