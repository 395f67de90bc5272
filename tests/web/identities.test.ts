import { expect, test } from "vitest";
import { addIdentity, MAX_IDENTITIES } from "../../src/indieauth/sign-in/identities.ts";
import { listIdentities } from "../../src/indieauth/sign-in/identity-store.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { fillIn, formsIn, formTo, submit } from "../support/forms.ts";

const PAGE = { path: "/admin/logins/identities", action: "/admin/logins/identities" };

async function site() {
  const app = await testApp();
  await logInAgent(app);
  return app;
}

test("an address is let in as it is kept, once, and taken out again", async () => {
  const app = await site();

  const added = await fillIn(app.http, PAGE, { me: "Ada.example" });
  await fillIn(app.http, PAGE, { me: "https://ada.example/" });
  const page = await app.http.get(PAGE.path).expect(200);
  const removal = formsIn(page.text).find(({ action }) => action.endsWith("/remove"));
  const removed = await submit(app.http, removal ?? formTo(page.text, "/no-form"));

  expect([added.status, added.headers.location]).toEqual([303, `${PAGE.path}?done=identity-added`]);
  expect(page.text.match(/https:\/\/ada\.example\//g)?.length).toBe(2); // Its row, and the label of its button.
  expect(removed.headers.location).toBe(`${PAGE.path}?done=identity-removed`);
  expect(listIdentities(app.ctx.db)).toEqual([]);
  await submit(app.http, removal ?? formTo(page.text, "/no-form")).expect(404);
});

test("the site's own address is refused, with or without www: it would ask itself", async () => {
  const app = await site();

  const answers = [await fillIn(app.http, PAGE, { me: "blog.example" }), await fillIn(app.http, PAGE, { me: "ada" })];

  expect(answers.map(({ status }) => status)).toEqual([422, 422]);
  expect(answers[0]?.text).toContain("would ask itself who you are");
  expect(formTo(answers[1]?.text ?? "", PAGE.action).fields.me).toBe("ada");
  await expect(addIdentity(app.ctx, "www.blog.example")).rejects.toThrow("this site itself");
});

test("as many addresses as the limit are let in, and no more", async () => {
  const app = await site();
  for (let number = 1; number <= MAX_IDENTITIES; number += 1) await addIdentity(app.ctx, `ada-${number}.example`);

  const answer = await fillIn(app.http, PAGE, { me: "one-more.example" });

  expect(answer.status).toBe(422);
  expect(answer.text).toContain(`There are ${MAX_IDENTITIES} addresses already`);
  expect(listIdentities(app.ctx.db)).toHaveLength(MAX_IDENTITIES);
});

test("the form needs the token of the login", async () => {
  const app = await site();

  await app.http.post(PAGE.action).type("form").send({ me: "ada.example" }).expect(403);

  expect(listIdentities(app.ctx.db)).toEqual([]);
});
