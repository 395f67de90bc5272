import { expect, test } from "vitest";
import { PASSWORD } from "../support/author.ts";
import { authorApp } from "../support/author-app.ts";
import { query, textOf } from "../support/dom.ts";

test("a password that does not do is said at its form; a good one ends the other logins", async () => {
  const { http, send } = await authorApp();

  const wrong = await send("/admin/security/password", { current_password: "wrong wrong", new_password: "x" }).expect(
    422,
  );
  const right = await send("/admin/security/password", {
    current_password: PASSWORD,
    new_password: "another quiet walk",
  }).expect(303);

  expect(textOf(query(wrong.text, "[role=alert]"))).toMatch(/password/iu);
  expect(right.headers.location).toBe("/admin/security?done=password");
  await http.get("/admin/settings").expect(200);
});
