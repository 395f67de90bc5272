import { expect, test } from "vitest";
import { createHealth } from "../../src/monitoring/health.ts";
import { testContext } from "../support/context.ts";

test("a process that can read its database is ok", async () => {
  const { ctx } = await testContext();

  expect(createHealth(ctx.db).read()).toBe("ok");
});

test("a process without its database is unavailable", async () => {
  const { ctx } = await testContext();
  const health = createHealth(ctx.db);

  ctx.db.close();

  expect(health.read()).toBe("unavailable");
});

test("a process on its way out says so, whatever its database does", async () => {
  const { ctx } = await testContext();
  const health = createHealth(ctx.db);

  health.stop();
  ctx.db.close();

  expect(health.read()).toBe("stopping");
});
