import { join } from "node:path";
import { expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { RELEASES, unpackRelease } from "../support/old-data.ts";
import { createFolder, runProgram, startServing } from "../support/server-process.ts";

/** The data folder that a release left behind, unpacked. */
function unpack(version: string): string {
  return unpackRelease(version, createFolder());
}

function schemaOf(dataDir: string): unknown[] {
  const db = Database.open({ file: join(dataDir, "starpunk.db"), readers: 1 });
  try {
    return db.all("SELECT type, name, sql FROM sqlite_master ORDER BY type, name");
  } finally {
    db.close();
  }
}

/** Media files that each note is known to show, and those that its HTML names. */
function picturesOf(dataDir: string) {
  const db = Database.open({ file: join(dataDir, "starpunk.db"), readers: 1 });
  try {
    const known = db.all("SELECT media_name AS name, note_id AS id FROM note_media ORDER BY 2, 1");
    const shown = db.all(
      `SELECT media.name, notes.id FROM notes JOIN media ON instr(content_html, '="/media/' || media.name || '"') > 0
        ORDER BY 2, 1`,
    );
    return { known, shown };
  } finally {
    db.close();
  }
}

test("there is a data folder of the first release to open", () => {
  expect(RELEASES).toContain("0.1.0");
});

test.each(RELEASES)("a data folder of %s opens, and shows all that it showed", async (version) => {
  const { url } = await startServing(unpack(version));

  const home = await (await fetch(url)).text();
  const renamed = await fetch(`${url}/notes/first-title`);
  const image = /src="(\/media\/[^"]+)"/u.exec(await (await fetch(`${url}/tags/pictures`)).text())?.[1];
  const statuses = await Promise.all(
    ["/notes/not-for-lists", "/notes/thrown-away", "/notes/a-draft", "/notes/for-the-author-alone", image ?? "/"].map(
      async (path) => (await fetch(url + path)).status,
    ),
  );

  expect(
    queryAll(home, ".h-entry")
      .map((entry) => textOf(entry))
      .join(" "),
  ).toMatch(/photo.*bold words.*مرحبا 日本語/su);
  expect(new URL(renamed.url).pathname).toBe("/notes/renamed");
  expect(image).toMatch(/^\/media\/[\w-]{22}\.png$/u);
  expect(statuses).toEqual([200, 410, 404, 404, 200]);
});

test.each(RELEASES)("a database of %s that was brought up to date has the schema of a new one", async (version) => {
  const [old, fresh] = [unpack(version), createFolder()];

  for (const DATA_DIR of [old, fresh])
    expect((await runProgram({ words: ["migrate"], env: { DATA_DIR } })).code).toBe(0);

  expect(schemaOf(old)).toEqual(schemaOf(fresh));
  const { known, shown } = picturesOf(old);
  expect(known).toEqual(shown);
  expect(known.length).toBeGreaterThan(0);
});
