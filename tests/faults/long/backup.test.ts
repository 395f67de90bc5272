import { test } from "vitest";
import { expectSingleMoments } from "../../support/backup-under-writes.ts";

test("a backup taken while 50 writes a second go on is the site at a single moment, ten times of ten", async () => {
  await expectSingleMoments(10, 60);
}, 300_000);
