import { join } from "node:path";
import { expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import { LEAST_COUNTED_ROWS } from "../../src/db/statistics.ts";
import { NOW, testContext } from "../support/context.ts";
import { query, tamper } from "../support/database-files.ts";

const COUNTED = "SELECT DISTINCT tbl FROM sqlite_stat1 WHERE tbl = 'public_changes'";

/** What SQLite would do to drop the older rows of a key, as the trigger does with each change. */
const DROP_OLDER =
  "EXPLAIN QUERY PLAN DELETE FROM public_changes WHERE note_id IS NULL AND key = 'list' AND revision < 9";

function addChanges(db: Database, count: number): Promise<void> {
  return db.write(() => {
    for (let index = 0; index < count; index += 1)
      db.run("INSERT INTO public_changes (key, changed_at) VALUES (:key, :now)", { key: `tag:${index}`, now: NOW });
  });
}

test.each([
  [LEAST_COUNTED_ROWS - 1, []],
  [LEAST_COUNTED_ROWS, [{ tbl: "public_changes" }]],
])("of a table with %i rows SQLite has these numbers after a stop: %j", async (rows, counted) => {
  const { ctx, dir } = await testContext();
  const file = join(dir, "starpunk.db");
  await addChanges(ctx.db, rows - ctx.db.all("SELECT 1 FROM public_changes").length);
  tamper(file, "ANALYZE");

  ctx.db.close();

  expect(query(file, COUNTED)).toEqual(counted);
});

test("numbers that an earlier version gathered of a new site do not have a full one read for each change", async () => {
  const { ctx, dir } = await testContext();
  const file = join(dir, "starpunk.db");
  await addChanges(ctx.db, 1);
  ctx.db.close();
  tamper(file, "ANALYZE");
  const before = query(file, DROP_OLDER);

  const db = Database.open({ file, readers: 1 });
  const plan = db.all<{ detail: string }>(DROP_OLDER).map(({ detail }) => detail);
  const left = query(file, COUNTED);
  db.close();

  expect(before).toMatchObject([{ detail: "SCAN public_changes" }]);
  expect(plan).toEqual([expect.stringContaining("USING INDEX")]);
  expect(left).toEqual([]);
});
