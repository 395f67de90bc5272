import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findNote } from "../../src/notes/note-store.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { formTo, submit } from "../support/forms.ts";
import { picture } from "../support/images.ts";

const SVG = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>");
const photo = (side: number) => picture(side, side).png().toBuffer();

async function openSite() {
  const app = await testApp();
  await logInAgent(app);
  return {
    ...app,
    rows: () => app.ctx.db.all<{ name: string; original_name: string }>("SELECT * FROM media"),
    async send(path: string, action: string, files: readonly (readonly [Buffer, string])[], fields = {}) {
      const request = submit(app.http, formTo((await app.http.get(path)).text, action), fields);
      for (const [bytes, name] of files) request.attach("image", bytes, name);
      return await request;
    },
  };
}

test("files of the library that are refused take none of the others with them, and are named", async () => {
  const { dir, rows, send } = await openSite();
  const files = [
    [SVG, "a.svg"],
    [await photo(8), "b.png"],
    [SVG, "c.svg"],
    [await photo(9), "d.png"],
  ] as const;

  const one = await send("/admin/media", "/admin/media", files.slice(0, 2));
  const two = await send("/admin/media", "/admin/media", files);

  const said = ({ text }: { text: string }) => textOf(queryAll(text, "[role=alert]")[0]);
  expect([one.status, two.status]).toEqual([422, 422]);
  expect(said(one)).toContain("One of 2 files was not taken; the others are stored. a.svg: ");
  expect(said(two)).toContain("2 of 4 files were not taken; the others are stored. The first, a.svg: ");
  expect(rows().map((row) => row.original_name)).toEqual(["b.png", "d.png"]);
  expect(readdirSync(join(dir, "media")).sort()).toEqual(
    rows()
      .map(({ name }) => name)
      .sort(),
  );
});

test("beside a file that the editor refuses the others are in the text, with what they show", async () => {
  const { ctx, rows, send } = await openSite();
  const files = [
    [await photo(8), "a.png"],
    [SVG, "b.svg"],
    [await photo(9), "c.png"],
  ] as const;
  const typed = { content: "A day", action: "publish", image_alt: ["One", "Two", "Three"] };

  const refused = await send("/admin/notes/new", "/admin/notes", files, typed);

  const { content } = formTo(refused.text, "/admin/notes").fields;
  const [first, second] = rows();
  expect(refused.status).toBe(422);
  expect(refused.text).toContain("b.svg: ");
  expect(content).toBe(`A day\n\n![One](/media/${first?.name})\n![Three](/media/${second?.name})\n`);
  expect(findNote(ctx.db, 1)).toBeUndefined();
});
