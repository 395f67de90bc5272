import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import { checkVariants } from "../../src/media/check-variants.ts";
import { createVariantMaker } from "../../src/media/make-variants.ts";
import { saveImage } from "../../src/media/save-image.ts";
import { sweepMedia } from "../../src/media/sweep-media.ts";
import { MIN_SOURCE_BYTES, VARIANTS_RECIPE } from "../../src/media/variant-plan.ts";
import { findUnvaried, findVariants } from "../../src/media/variants-store.ts";
import { testContext } from "../support/context.ts";
import { photo, picture } from "../support/images.ts";

const FIRST = { isLast: false };

function maker(ctx: Context, signal = new AbortController().signal) {
  const made: string[] = [];
  return { made, ...createVariantMaker({ ctx, signal, onMade: (name) => made.push(name) }) };
}

function waiting({ db }: Pick<Context, "db">) {
  return listJobs(db, "media.make_variants", 9).filter(({ state }) => state === "waiting").length;
}

test("an upload queues one job, which makes the variants of all images that have none", async () => {
  const { ctx, dir } = await testContext();
  const files = [await saveImage(ctx, { bytes: await photo(600) }), await saveImage(ctx, { bytes: await photo(700) })];
  const queued = waiting(ctx);
  const { run, made } = maker(ctx);

  const [outcome, second] = await Promise.all([run(FIRST), run(FIRST)]);

  expect(queued).toBe(1);
  expect([outcome, second]).toEqual([{ result: "done" }, { result: "done" }]);
  expect(made).toEqual(files.map(({ name }) => name));
  const variants = findVariants(ctx.db, made);
  expect([...variants.keys()].sort()).toEqual([...made].sort());
  const names = [...variants.values()].flat().map(({ name }) => name);
  expect(readdirSync(join(dir, "variants")).sort()).toEqual(names.sort());
  expect(findUnvaried(ctx.db, { recipe: VARIANTS_RECIPE, after: 0 })).toBeUndefined();
});

test("a small image and a GIF queue nothing", async () => {
  const { ctx } = await testContext();

  const small = await saveImage(ctx, { bytes: await picture(30, 30).jpeg().toBuffer() });
  await saveImage(ctx, { bytes: await picture(300, 300).gif().toBuffer() });

  expect(small.sizeBytes).toBeLessThan(MIN_SOURCE_BYTES);
  expect(waiting(ctx)).toBe(0);
  expect(findUnvaried(ctx.db, { recipe: VARIANTS_RECIPE, after: 0 })).toBeUndefined();
});

test("an image that was damaged on the disk is given up with its reason, and the others are made", async () => {
  const { ctx, dir } = await testContext();
  const bad = await saveImage(ctx, { bytes: await photo(600) });
  const good = await saveImage(ctx, { bytes: await photo(500) });
  const path = join(dir, "media", bad.name);
  writeFileSync(path, readFileSync(path).subarray(0, 9_000));
  const { run, made } = maker(ctx);

  const outcome = await run(FIRST);

  expect(outcome).toMatchObject({ result: "give_up", reason: expect.stringContaining(bad.name) });
  expect(made).toEqual([good.name]);
  expect(await maker(ctx).run(FIRST)).toEqual({ result: "done" });
});

test("a stop ends the process that makes variants, and nothing is recorded", async () => {
  const { ctx } = await testContext();
  await saveImage(ctx, { bytes: await photo(600) });
  const stopping = new AbortController();
  const { run, made } = maker(ctx, stopping.signal);

  const running = run(FIRST);
  stopping.abort();

  expect(await running).toMatchObject({ result: "retry" });
  expect(made).toEqual([]);
  expect(ctx.db.all("SELECT name FROM media_variants")).toEqual([]);
});

test("variants that are lost are made again after a start; what no row names is swept when it is old", async () => {
  const { ctx, dir, clock } = await testContext();
  const file = await saveImage(ctx, { bytes: await photo(600) });
  await maker(ctx).run(FIRST);
  const before = readdirSync(join(dir, "variants")).sort();
  await ctx.db.write(() => ctx.db.run("DELETE FROM jobs"));
  rmSync(join(dir, "variants"), { recursive: true });
  mkdirSync(join(dir, "variants"));
  for (const name of ["zzzzzzzzzzzzzzzzzzzzzz-480.webp", ".zzzzzzzzzzzzzzzzzzzzzz-480.webp.0123.part", "mine.txt"]) {
    writeFileSync(join(dir, "variants", name), "");
    utimesSync(join(dir, "variants", name), 0, 0);
  }
  clock.advance(1);

  const removed = await sweepMedia(ctx);
  await checkVariants(ctx);
  const queued = waiting(ctx);
  const { run, made } = maker(ctx);
  await run(FIRST);

  expect(removed).toBe(2);
  expect(queued).toBe(1);
  expect(made).toEqual([file.name]);
  expect(readdirSync(join(dir, "variants")).sort()).toEqual([...before, "mine.txt"].sort());
  await checkVariants(ctx);
  expect(existsSync(join(dir, "media", file.name))).toBe(true);
});
