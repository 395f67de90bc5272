import { expect, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import { watchDigests } from "../../src/worker/watch-digests.ts";
import { testContext } from "../support/context.ts";
import { until } from "../support/until.ts";

const AUTHOR = { madeBy: "admin" };

test("a note that was published is queued to be looked at, and a site where nothing happens queues nothing", async () => {
  const { ctx } = await testContext();
  const queued = () => ctx.db.all("SELECT kind, state FROM jobs");
  const watch = watchDigests(ctx, 10);

  await publishNote(ctx, { content: "draft", visibility: "private" }, AUTHOR);
  await publishNote(ctx, { content: "one" }, AUTHOR);
  await until(() => expect(queued()).toEqual([{ kind: "notes.digest", state: "waiting" }]));
  await watch.stop();
});
