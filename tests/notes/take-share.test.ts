import { expect, test } from "vitest";
import { createSecret } from "../../src/lib/secrets.ts";
import { MAX_NEW_AUTOSAVES } from "../../src/notes/autosave.ts";
import { findAutosave, listAutosaves } from "../../src/notes/autosave-store.ts";
import { dropAutosave, keepAutosave } from "../../src/notes/keep-autosave.ts";
import { findShare } from "../../src/notes/share-store.ts";
import { SHARE_LIFETIME_SECONDS, takeShare } from "../../src/notes/take-share.ts";
import { NOW, testContext } from "../support/context.ts";

const FIELDS = { title: "", content: "A page I read" };

test("a share becomes a draft, and the same key again is the same draft, also when it came twice at once", async () => {
  const { ctx } = await testContext();
  const share = { key: createSecret(), fields: FIELDS, device: "Chrome on Android" };

  const [one, other] = await Promise.all([takeShare(ctx, share), takeShare(ctx, share)]);
  await dropAutosave(ctx, one);
  const late = await takeShare(ctx, share);

  expect([other, late]).toEqual([one, one]);
  expect(listAutosaves(ctx.db, { since: NOW, limit: 10 })).toEqual([]);
  expect(ctx.db.all("SELECT 1 FROM notes")).toEqual([]);
});

test("without a key of the device each is a share of its own", async () => {
  const { ctx } = await testContext();

  const [one, other] = [
    await takeShare(ctx, { key: "", fields: FIELDS, device: "" }),
    await takeShare(ctx, { key: "x", fields: FIELDS, device: "" }),
  ];

  expect(one).not.toBe(other);
  expect([findAutosave(ctx.db, one)?.fields, findAutosave(ctx.db, other)?.fields]).toEqual([FIELDS, FIELDS]);
});

test("past the limit of unsaved drafts a share is refused, and takes the place of nothing that was typed", async () => {
  const { ctx } = await testContext();
  for (let made = 0; made < MAX_NEW_AUTOSAVES - 1; made += 1) {
    await keepAutosave(ctx, { editorKey: createSecret(), noteId: undefined, device: "", fields: FIELDS });
  }
  const key = createSecret();

  await takeShare(ctx, { key: createSecret(), fields: FIELDS, device: "" });
  const refused = takeShare(ctx, { key, fields: FIELDS, device: "" });

  await expect(refused).rejects.toMatchObject({ code: "invalid", field: "share" });
  expect(findShare(ctx.db, key)).toBeUndefined();
  expect(listAutosaves(ctx.db, { since: NOW, limit: 100 })).toHaveLength(MAX_NEW_AUTOSAVES);
});

test("keys of shares are forgotten long after their drafts", async () => {
  const { ctx, clock } = await testContext();
  const [first, second] = [createSecret(), createSecret()];
  await takeShare(ctx, { key: first, fields: FIELDS, device: "" });

  clock.advance(SHARE_LIFETIME_SECONDS);
  await takeShare(ctx, { key: second, fields: FIELDS, device: "" });
  const atLimit = findShare(ctx.db, first);
  clock.advance(1);
  await takeShare(ctx, { key: createSecret(), fields: FIELDS, device: "" });

  expect(atLimit).toBeDefined();
  expect(findShare(ctx.db, first)).toBeUndefined();
});
