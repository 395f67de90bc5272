import { mf2 } from "microformats-parser";
import { expect, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";

test("a hashtag in the text is one category of the note, without its sign", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  await publishNote(ctx, { content: "Hello #world", tags: ["web"], slug: "tagged" }, { madeBy: "admin" });

  const page = await http.get("/notes/tagged").expect(200);

  const { items } = mf2(page.text, { baseUrl: `${SITE_URL}/` });
  expect(items.find((item) => item.type?.includes("h-entry"))?.properties.category).toEqual(["web", "world"]);
});
